"""`identity-center drift --adopt`: what is changed by hand is written over what the model says, if agreed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from identity_center.model.existing.objects import (
    Application,
    Attribute,
    Boundary,
    Email,
    Group,
    Phone,
    Region,
    User,
)
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import Command, Ended
from tests.support.recorded_instance import ADMIN, EQUAL, READ, SET

MODEL: Final = """\
users:
  ada:  # our first
    userName: ada
    givenName: Ada
    familyName: Lovelace
    displayName: "Ada Lovelace"  # as she signs
    email: ada@example.com
    phoneNumber: {value: "+44 1", type: work}
groups:
  writers:
    displayName: Writers
    # Asked for by the editors.
    description: Who writes

permissionSetDefaults:
  sessionDuration: PT2H
permissionSets:
  builders:
    name: Builders
    description: Who builds  # and repairs
    managedPolicies: [ReadOnlyAccess]  # no more
    permissionsBoundary:
      managedPolicy: ReadOnlyAccess  # the limit
    tags:
      team: web
    inlinePolicy:
      Version: 2012-10-17
      Statement:
        - Sid: Lists  # for the console
          Effect: Allow
          Action: [s3:List*, s3:GetBucketLocation]
          Resource: "*"
applications:
  wiki:
    name: Wiki
    provider: arn:aws:sso::aws:applicationProvider/custom
    description: What we know
    portal: {origin: application, applicationUrl: "https://wiki.example.com"}
accessControlAttributes:
  Department: ${path:enterprise.department}
"""
STATEMENT: Final = {
    "Sid": "Lists",
    "Effect": "Allow",
    "Action": ["s3:List*", "s3:GetBucketLocation"],
    "Resource": "*",
}
HELD: Final = SET.model_copy(
    update={
        "description": "Who builds",
        "session_duration": "PT2H",
        "managed_policies": (READ,),
        "boundary": Boundary(managed_policy_arn=READ),
        "tags": {"team": "web"},
        "inline_policy": json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}),
        "provisioned": (),
    }
)
ADA: Final = User(
    id="u-1",
    user_name="ada",
    display_name="Ada Lovelace",
    given_name="Ada",
    family_name="Lovelace",
    emails=(Email(value="ada@example.com", primary=True),),
    phones=(Phone(value="+44 1", kind="work"),),
)
WIKI: Final = Application(
    arn="arn:wiki",
    name="Wiki",
    provider_arn="arn:aws:sso::aws:applicationProvider/custom",
    description="What we know",
    status="ENABLED",
    visibility="ENABLED",
    sign_in_origin="APPLICATION",
    url="https://wiki.example.com",
    assignments=(),
    tags={},
)
AS_WRITTEN: Final = EQUAL.model_copy(
    update={
        "users": (ADA,),
        "groups": (Group(id="g-1", name="Writers", description="Who writes"),),
        "memberships": (),
        "permission_sets": (HELD,),
        "assignments": (),
        "applications": (WIKI,),
        "attributes": (Attribute(key="Department", sources=("${path:enterprise.department}",)),),
    }
)


def _set(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of PermissionSet
    return {"permission_sets": (HELD.model_copy(update=changed),)}


def _ada(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of User
    return {"users": (ADA.model_copy(update=changed),)}


def _wiki(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of Application
    return {"applications": (WIKI.model_copy(update=changed),)}


def _inline(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a statement
    document = {"Version": "2012-10-17", "Statement": [{**STATEMENT, **changed}]}
    return _set(inline_policy=json.dumps(document))


REPOSITORY: Final = Path(__file__).resolve().parents[2]
LAST: Final = '          Resource: "*"\n'
ROWS: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "description": (
        _set(description="Builds: all"),
        "description: Who builds  #",
        "description: 'Builds: all' #",
    ),
    "session of the defaults": (_set(session_duration="PT8H"), LAST, f"{LAST}    sessionDuration: PT8H\n"),
    "the usual session": (_set(session_duration="PT1H"), LAST, f"{LAST}    sessionDuration: PT1H\n"),
    "boundary": (
        _set(boundary=Boundary(managed_policy_arn=ADMIN)),
        "managedPolicy: ReadOnlyAccess  #",
        "managedPolicy: AdministratorAccess #",
    ),
    "tag": (_set(tags={"team": "42"}), "team: web", 'team: "42"'),
    "action of an inline policy": (
        _inline(Action=["s3:List*", "s3:*"]),
        "[s3:List*, s3:GetBucketLocation]",
        "[s3:List*, s3:*]",
    ),
    "condition of an inline policy": (
        _inline(Condition={"Bool": {"aws:SecureTransport": "true"}}),
        LAST,
        f'{LAST}          Condition:\n            Bool:\n              aws:SecureTransport: "true"\n',
    ),
    "display name": (_ada(display_name="Ada King"), '"Ada Lovelace"', '"Ada King"'),
    "telephone": (_ada(phones=(Phone(value="+44 2", kind="work"),)), '"+44 1"', '"+44 2"'),
    "group": (
        {"groups": (Group(id="g-1", name="Writers", description="Everybody"),)},
        "description: Who writes",
        "description: Everybody",
    ),
    "status of an application": (
        _wiki(status="DISABLED"),
        '"https://wiki.example.com"}\n',
        '"https://wiki.example.com"}\n    status: disabled\n',
    ),
    "description of an application": (_wiki(description="Old"), "What we know", "Old"),
    "url of an application": (
        _wiki(url="https://new.example.com"),
        "https://wiki.example.com",
        "https://new.example.com",
    ),
    "attribute": (
        {"attributes": (Attribute(key="Department", sources=("${path:title}",)),)},
        "${path:enterprise.department}",
        "${path:title}",
    ),
}  # fmt: skip
"""What is otherwise in AWS; what stands in the model, and what stands there instead afterwards."""


@pytest.fixture
def adopted(command: Command) -> Callable[..., Ended]:
    """Adopt what differs from the model."""

    def run(changed: dict[str, Any], *options: str, model: str = MODEL, typed: str | None = None) -> Ended:
        command.write("access/all.yaml", model)
        command.write("held.json", write_existing(AS_WRITTEN.model_copy(update=changed)))
        arguments = ("drift", "--model", "access", "--snapshot", "held.json", "--adopt", *options)
        return command(*arguments, typed=typed)

    return run


@pytest.mark.parametrize("row", ROWS)
def test_a_changed_value_is_written_over_the_old_one_and_over_nothing_else(
    command: Command, adopted: Callable[..., Ended], row: str
) -> None:
    """Who keeps an emergency's change has to find its place by hand, beside comments that say why."""
    changed, before, after = ROWS[row]

    ended = adopted(changed, "--yes")

    assert (ended.status, "1 of 1 are in the model now: access/all.yaml" in ended.output) == (0, True), ended
    text = (command.folder / "access/all.yaml").read_text()
    assert text != MODEL
    assert MODEL.count(before) == 1
    assert _plain(text) == _plain(MODEL.replace(before, after))


def _plain(text: str) -> str:
    """Leave out how far comments stand from what they are about."""
    return re.sub(" +#", " #", text)


@pytest.mark.parametrize(("typed", "written"), [("yes\n", True), ("no\n", False), ("", False)])
def test_a_person_is_shown_the_line_and_asked(
    command: Command, adopted: Callable[..., Ended], typed: str, *, written: bool
) -> None:
    """A line that somebody wrote, and reasoned about, is gone without their having seen it."""
    ended = adopted(_set(description="Builds", session_duration="PT8H"), typed=typed)

    shown = re.findall("write over: .*|Write .*: ", ended.output.replace("yes: ", "yes: \n"))
    assert shown == [
        "write over: access/all.yaml:20:5: description Builders: Who builds in the code, Builds in AWS",
        "write over: access/all.yaml:18:3: session duration Builders: PT2H in the code, PT8H in AWS [writes]",
        "Write these 2 values of AWS over what the model says? Type yes: ",
    ]
    page = (REPOSITORY / "docs" / "drift.md").read_text()
    assert all(line in page for line in shown)
    assert (ended.status, (command.folder / "access/all.yaml").read_text() != MODEL) == (
        int(not written),
        written,
    )


def test_where_nobody_can_be_asked_the_line_stays_and_what_is_extra_is_added(
    command: Command, adopted: Callable[..., Ended]
) -> None:
    """A nightly job rewrites what people decided."""
    ended = adopted(_set(description="Builds", relay_state="https://console.aws.amazon.com/s3"))

    text = (command.folder / "access/all.yaml").read_text()
    assert (ended.status, "Who builds" in text, "relayState: https" in text) == (1, True, True), ended
    assert "1 of 2 are in the model now: access/all.yaml" in ended.output
    assert "in AWS: access/all.yaml:20:5 says otherwise; `--yes` writes over it\n" in ended.output
    assert "pulumi up --refresh" not in ended.output


def test_what_a_person_is_called_is_written_and_never_told(
    command: Command, adopted: Callable[..., Ended]
) -> None:
    """What a job prints is read by many, and kept."""
    changed = _ada(given_name="Augusta", phones=(Phone(value="+44 20 7946 0000", kind="work"),))

    ended = adopted(changed, "--yes")

    assert "write over: access/all.yaml:4:5: user attribute ada -> givenName\n" in ended.output
    assert "2 of 2 are in the model now" in ended.output
    for private in ("Augusta", "7946", "+44 1", "Lovelace", "ada@example.com"):
        assert private not in ended.output + ended.errors
    assert "givenName: Augusta" in (command.folder / "access/all.yaml").read_text()
    assert "next, so that the state has it too: `pulumi up --refresh`, then identity-center" in ended.output


WHOLE: Final = MODEL.partition("    inlinePolicy:\n")[0]
REST: Final = f"applications:{MODEL.partition('applications:')[2]}"
DOCUMENT: Final = {"Version": "2012-10-17", "Statement": [STATEMENT]}
IN_YAML: Final = f"# Ours.\nStatement: [{json.dumps(STATEMENT)}]\nVersion: 2012-10-17\n"


@pytest.mark.parametrize(
    ("said", "file"),
    [
        ("{file: policies/lists.json}", json.dumps(DOCUMENT)),
        ("{file: policies/lists.yaml}", IN_YAML),
        (f"'{json.dumps(DOCUMENT)}'", ""),
        (f"|\n      {json.dumps(DOCUMENT)}\n      ", ""),
    ],
)
def test_an_inline_policy_is_written_where_it_stands(
    command: Command, adopted: Callable[..., Ended], said: str, file: str
) -> None:
    """The set gets a second document, or the file stays as it was and the next update sets AWS back."""
    name = said.removeprefix("{file: ").removesuffix("}")
    if file:
        command.write(f"access/{name}", file)

    ended = adopted(_inline(Action="s3:*"), "--yes", model=f"{WHOLE}    inlinePolicy: {said}\n{REST}")

    changed = f"access/{name}" if file else "access/all.yaml"
    assert f"1 of 1 are in the model now: {changed}\n" in ended.output, ended
    text = (command.folder / changed).read_text()
    assert ("s3:*" in text, "GetBucketLocation" in text) == (True, False)
    assert not file.startswith("#") or text.startswith("# Ours.\n")
    assert command("drift", "--model", "access", "--snapshot", "held.json").status == 0


def test_a_comment_is_not_lost_with_what_it_stands_beside(
    command: Command, adopted: Callable[..., Ended]
) -> None:
    """A reason that somebody wrote down is in no version of the file any more that anybody reads."""
    no_sid = {key: value for key, value in STATEMENT.items() if key != "Sid"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [no_sid]})

    ended = adopted(_set(inline_policy=document, description="Builds"), "--yes")

    assert "1 of 2 are in the model now" in ended.output
    assert "a comment in all.yaml would be lost with what it stands beside\n" in ended.output
    assert "Sid: Lists  # for the console" in _as_it_was(command)


def _as_it_was(command: Command) -> str:
    return (command.folder / "access/all.yaml").read_text().replace("Lists # for", "Lists  # for")


def test_a_value_that_another_set_takes_over_stays(command: Command, adopted: Callable[..., Ended]) -> None:
    """What somebody changed of one set in AWS would be changed of another, which nobody touched."""
    child = "  more:\n    name: More\n    extends: builders\n    description: More\n"
    model = MODEL.replace("applications:\n", f"{child}applications:\n")
    more = HELD.model_copy(update={"arn": f"{HELD.arn}2", "name": "More", "description": "More"})
    changed = HELD.model_copy(update={"tags": {"team": "42"}, "description": "Builds"})

    ended = adopted({"permission_sets": (changed, more)}, "--yes", model=model)

    assert "1 of 2 are in the model now" in ended.output, ended
    assert "in AWS: tag More team would no longer be as in AWS\n" in ended.output
    text = (command.folder / "access/all.yaml").read_text()
    assert ("team: web" in text, "description: Builds" in text) == (True, True)


def test_what_the_model_cannot_say_is_named_with_why(adopted: Callable[..., Ended]) -> None:
    """Who believes that all is in the model lets the next update change AWS back."""
    changed = {
        **_ada(emails=(*ADA.emails, Email(value="eve@example.com"))),
        **_wiki(sign_in_origin="IDENTITY_CENTER", provider_arn="arn:aws:sso::aws:applicationProvider/other"),
        "attributes": (Attribute(key="Department", sources=("${path:title}", "${path:locale}")),),
        "regions": (*EQUAL.regions, Region(name="eu-west-1", status="ADDING")),
    }

    ended = adopted(changed, "--yes", model=f"{MODEL}additionalRegions: [eu-west-1]\n")

    assert "0 of 5 are in the model now\n" in ended.output, ended
    for why in (
        "user attribute ada -> email: it has 2 e-mail addresses, and the model wants one\n",
        "in AWS: it is ADDING: AWS is still at it\n",
        "in AWS: it has several sources, and the model has one\n",
        "other in AWS: an application of another provider is another one: delete one of the two\n",
        "has an `applicationUrl` that is not used",
    ):
        assert why in ended.output, ended.output


def test_an_attribute_for_access_control_that_is_extra_is_added(
    command: Command, adopted: Callable[..., Ended]
) -> None:
    """It was left out without a word."""
    more = (*AS_WRITTEN.attributes, Attribute(key="Team", sources=("${path:title}",)))

    ended = adopted({"attributes": more})

    assert (ended.status, "1 of 1 are in the model now" in ended.output) == (0, True), ended
    assert "  Team: ${path:title}\n" in (command.folder / "access/all.yaml").read_text()


def test_what_is_no_longer_in_aws_stays_in_the_model(adopted: Callable[..., Ended]) -> None:
    """What AWS does not have may be gone by mistake: nobody is told what to do about it."""
    ended = adopted(_set(tags={}))

    assert (
        "not adopted: in the code and not in AWS: tag Builders -> team: web: `pulumi up --refresh` makes it "
        "again; or take it out of the model\n"
    ) in ended.output
