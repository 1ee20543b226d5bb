"""Names that a run is to give are looked up in bulk before anything is made, where there are new ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.config import set_all_config

from identity_center.model.access.record import RecordedModel, write_record
from identity_center.model.plan.name_changes import NamesInUse
from identity_center.model.plan.planned import (
    APPLICATION,
    ATTRIBUTES,
    CONTROL_POLICY,
    GROUP,
    PERMISSION_SET,
    USER,
)
from identity_center.model.plan.unique_names import holder
from identity_center.program.lookups.readers import Readers
from identity_center.program.run import run
from identity_center.program.state.last_model import OUTPUT
from tests.resources.conftest import NamesOfAws
from tests.support.answers import MEMBER, STORE_ID, Answers
from tests.support.refused import run_refused

Runs = Callable[..., Any]
ADA = {
    "userName": "ada",
    "givenName": "Ada",
    "familyName": "Lovelace",
    "displayName": "Ada Lovelace",
    "email": "ada@example.com",
}
MODEL: dict[str, Any] = {
    "users": {"ada": ADA},
    "groups": {"developers": {"displayName": "Developers", "members": ["ada"]}},
    "permissionSets": {"reading": {"name": "Reading"}},
}
UNDER = "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:"


def recorded(**groups: str) -> dict[str, Any]:
    """Return the state of the model, with groups of these names."""
    state = {
        f"{UNDER}Directory${USER}::ada": {
            "userId": "u-1",
            "userName": "ada",
            "emails": {"value": "ada@example.com"},
        },
        f"{UNDER}PermissionSet${PERMISSION_SET}::reading": {"arn": "ps-1", "name": "Reading"},
        **{
            f"{UNDER}Directory${GROUP}::{key}": {"groupId": f"g-{key}", "displayName": name}
            for key, name in groups.items()
        },
    }
    return {urn: {"type": "any", "outputs": outputs} for urn, outputs in state.items()}


@pytest.fixture
def preview(run: Runs, names_of_aws: NamesOfAws, tmp_path: Path) -> Iterator[Runs]:
    """Return a function that previews the program with a model."""

    def previewed(model: dict[str, Any], *, reader: bool = True, update: bool = False) -> Any:  # noqa: ANN401  # what conftest's run gives
        set_all_config({f"identity-center:{key}": json.dumps(value) for key, value in model.items()}, [])
        readers = Readers(names_in_use=names_of_aws if reader else None)
        return run(lambda: ignored(program(readers)), preview=not update, root=tmp_path)

    yield previewed
    set_all_config({}, [])


program = run
"""The program; `run` is the fixture that runs it."""


def ignored(_value: object) -> None:
    """Give back nothing: a run awaits what its program returns."""


def lookups(made: Any) -> list[str]:  # noqa: ANN401  # what conftest's run gives
    """Return the lists of people that the provider was asked for."""
    return [token.split(":")[-1] for token, _ in made.calls if "identitystore" in token]


def test_a_run_that_makes_nothing_asks_nothing(
    preview: Runs, answers: Answers, names_of_aws: NamesOfAws
) -> None:
    """Most previews are of stacks that stand: they cost what they did, and need no permission more."""
    answers.last_update = recorded(developers="Developers")

    made = preview(MODEL)

    assert lookups(made) == []
    assert names_of_aws.asked == []


def test_only_the_kinds_of_what_is_new_are_asked_for(
    preview: Runs, answers: Answers, names_of_aws: NamesOfAws
) -> None:
    """To read 200 permission sets for the sake of a new group would take 200 requests."""
    answers.last_update = recorded()

    assert lookups(preview(MODEL)) == ["getGroups"]
    assert names_of_aws.asked == []
    answers.last_update = {}
    assert lookups(preview(MODEL)) == ["getUsers", "getGroups"]
    assert names_of_aws.asked == [frozenset({PERMISSION_SET})]


def test_each_kind_is_asked_for_where_it_is_new(preview: Runs, names_of_aws: NamesOfAws) -> None:
    """Each of them fails in the middle of the run where it is taken."""
    preview(
        {
            "applications": {
                "wiki": {"name": "Wiki", "provider": "arn:aws:sso::aws:applicationProvider/custom"}
            },
            "accessControlAttributes": {"Team": "${path:userType}"},
        }
    )

    assert names_of_aws.asked == [frozenset({APPLICATION, ATTRIBUTES})]


def test_a_list_that_is_read_for_people_from_elsewhere_is_not_read_again(
    preview: Runs, answers: Answers
) -> None:
    """A directory of thousands takes a request for each hundred."""
    answers.groups = [{"groupId": "g-9", "displayName": "Platform", "identityStoreId": STORE_ID}]

    made = preview({**MODEL, "externalGroups": {"platform": {"displayName": "Platform"}}})

    assert lookups(made) == ["getGroups", "getUsers"]


def test_a_set_of_others_is_assigned_and_not_made_and_names_are_read_once(
    preview: Runs, names_of_aws: NamesOfAws
) -> None:
    """What Control Tower makes it makes anew when somebody changes it: here it is only given to somebody."""
    arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-9"
    theirs = holder(PERMISSION_SET, {"arn": arn, "name": "AWSReadOnlyAccess"})
    names_of_aws.answer = NamesInUse({PERMISSION_SET: [theirs]})
    model = {
        **MODEL,
        "externalPermissionSets": {"auditing": {"name": "AWSReadOnlyAccess"}},
        "assignments": [
            {"group": "developers", "permissionSets": ["auditing", "reading"], "accounts": [MEMBER]}
        ],
    }

    made = preview(model)

    assert names_of_aws.asked == [frozenset({PERMISSION_SET})], "also for the new name of the model's own set"
    assigned = made.inputs("AccountAssignment", f"auditing/group/developers/{MEMBER}")
    assert assigned["permissionSetArn"] == arn
    of_their_set = [urn for urn in made.requests if "ssoadmin" in urn and urn.endswith("::auditing")]
    assert of_their_set == [], "neither the set, nor a policy of it"


def test_a_set_of_others_that_is_not_there_or_may_not_be_looked_up_ends_the_run(
    preview: Runs, names_of_aws: NamesOfAws
) -> None:
    """Nobody can be given a set of which nobody knows the ARN."""
    model = {**MODEL, "externalPermissionSets": {"auditing": {"name": "AWSReadOnlyAccess"}}}
    names_of_aws.answer = NamesInUse({PERMISSION_SET: []})

    assert any("no permission set `AWSReadOnlyAccess`" in line for line in refused(preview, model))
    assert any("sso:ListPermissionSets" in line for line in refused(preview, model, reader=False))


def refused(preview: Runs, model: dict[str, Any], **how: bool) -> list[str]:
    """Return the mistakes of a run, and see that nothing was registered."""
    with run_refused() as caught:
        preview(model, **how)
    return str(caught).splitlines()[1:]


def test_all_that_is_taken_is_said_at_once_and_nothing_is_made(
    preview: Runs, answers: Answers, names_of_aws: NamesOfAws, registered: list[str]
) -> None:
    """Whoever starts on an organisation that has things finds out in the first preview, not in the middle."""
    answers.users = [{"userId": "u-9", "userName": "Ada", "displayName": "A", "identityStoreId": STORE_ID}]
    answers.groups = [{"groupId": "g-9", "displayName": "developers", "identityStoreId": STORE_ID}]
    set_ = holder(PERMISSION_SET, {"arn": "arn:aws:sso:::permissionSet/ps-9", "name": "Reading"})
    names_of_aws.answer = NamesInUse({PERMISSION_SET: [set_]})

    lines = refused(preview, MODEL)

    assert [line.split(": ")[0] for line in lines] == [
        "identity-center:groups.developers.displayName",
        "identity-center:permissionSets.reading.name",
        "identity-center:users.ada.userName",
    ]
    for line, id_ in zip(lines, ["g-9", "ps-9", "u-9"], strict=True):
        assert id_ in line
        assert "`identity-center adopt`" in line
    assert registered == []


def test_any_address_of_somebody_else_is_taken(preview: Runs, answers: Answers) -> None:
    """A user may have several, and each is unique."""
    emails = [{"value": "first@example.com"}, {"value": "ADA@example.com"}]
    answers.users = [
        {"userId": "u-9", "userName": "x", "displayName": "X", "emails": emails, "identityStoreId": STORE_ID}
    ]

    (line,) = refused(preview, MODEL)

    assert line.startswith(
        "identity-center:users.ada.email: AWS has a user with this e-mail address already, u-9"
    )
    assert "example.com" not in line


def test_what_may_not_be_asked_is_unchecked_and_said_once(
    preview: Runs, answers: Answers, names_of_aws: NamesOfAws, messages: pytest.LogCaptureFixture
) -> None:
    """Credentials of a preview may lack the action; that is no mistake of the model, nor is all fine."""
    names_of_aws.answer = NamesInUse({}, {PERMISSION_SET: "sso:ListPermissionSets: AccessDeniedException"})
    answers.to = denying(answers.to, "getUsers")  # type: ignore[method-assign]  # an answer of this test alone

    preview(MODEL)

    (line,) = [record.message for record in messages.records if "unchecked" in record.message]
    assert "of a permission set (sso:ListPermissionSets: AccessDeniedException)" in line
    assert "of a user (AWS did not say which users the directory has" in line


def denying(
    answer: Callable[..., Any], refused_token: str, why: str = "AccessDeniedException"
) -> Callable[..., Any]:
    """Refuse one lookup."""

    def answered(token: str, args: dict[str, Any]) -> Any:  # noqa: ANN401  # an answer
        if token.endswith(refused_token):
            raise RuntimeError(why)
        return answer(token, args)

    return answered


def test_a_failed_lookup_is_not_the_answer_that_nothing_is_taken(preview: Runs, answers: Answers) -> None:
    """The network fails, and the run would in the middle."""
    answers.to = denying(answers.to, "getGroups", "RequestError: send request failed")  # type: ignore[method-assign]  # as above

    (line,) = refused(preview, MODEL)

    assert "AWS did not say which groups the directory has" in line


def test_a_program_without_a_reader_says_what_it_did_not_look_at(
    preview: Runs, messages: pytest.LogCaptureFixture
) -> None:
    """The components are used without the command, which has boto3."""
    preview(MODEL, reader=False)

    assert any("this program has nothing to read it with" in record.message for record in messages.records)


def test_an_engine_that_does_not_give_the_state_refuses_nobody(
    preview: Runs, answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """Without it everything that stands would look new, and be refused as taken by itself."""
    answers.groups = [{"groupId": "g-1", "displayName": "Developers", "identityStoreId": STORE_ID}]
    answers.to = denying(answers.to, "readStackResourceOutputs", "unknown function")  # type: ignore[method-assign]  # as above

    made = preview(MODEL)

    assert lookups(made) == []
    assert any(
        "whether AWS has the names of this stack already is unchecked" in record.message
        for record in messages.records
    )


def test_a_state_of_before_the_record_is_no_empty_state(preview: Runs, answers: Answers) -> None:
    """What a stack has is read from its resources, so that an import, or an old version, needs no record."""
    answers.groups = [{"groupId": "g-developers", "displayName": "Developers", "identityStoreId": STORE_ID}]
    answers.last_update = recorded(developers="Developers")
    assert not [each for each in answers.last_update.values() if each["type"] == "pulumi:pulumi:Stack"]

    made = preview(MODEL)

    assert [urn for urn in made.requests if urn.endswith("::developers")]


def test_a_list_for_an_import_may_be_made_of_what_is_taken_and_an_update_may_not(
    preview: Runs, answers: Answers, monkeypatch: pytest.MonkeyPatch, messages: pytest.LogCaptureFixture
) -> None:
    """`pulumi preview --import-file` names what there is to import: it is all taken."""
    answers.groups = [{"groupId": "g-9", "displayName": "Developers", "identityStoreId": STORE_ID}]
    monkeypatch.setenv("IDENTITY_CENTER_ADOPTING", "yes")

    preview(MODEL)

    assert any(
        record.message.startswith("identity-center:groups.developers.displayName: AWS has a group")
        for record in messages.records
    )
    assert len(refused(preview, MODEL, update=True)) == 1


def test_groups_that_pass_a_name_on_are_registered_in_turn(
    preview: Runs, answers: Answers, registered: list[str]
) -> None:
    """The engine changes both at once otherwise, and AWS refuses the one that comes first."""
    answers.last_update = recorded(developers="Developers", builders="Builders")
    groups = {"developers": {"displayName": "Builders"}, "builders": {"displayName": "Makers"}}

    made = preview({**MODEL, "groups": groups}, update=True)

    keys = [urn.rpartition("::")[2] for urn in registered if GROUP in urn]
    assert keys == ["builders", "developers"]
    (waiting,) = [request for urn, request in made.requests.items() if urn.endswith(f"{GROUP}::developers")]
    assert any(urn.endswith(f"{GROUP}::builders") for urn in waiting.dependencies)


def test_the_guard_of_root_users_is_looked_for_among_the_organisations_policies(
    preview: Runs, names_of_aws: NamesOfAws, registered: list[str]
) -> None:
    """AWS refuses a second service control policy of the name."""
    policy = holder(CONTROL_POLICY, {"arn": "p-9", "name": "root-guard-deny-root"})
    names_of_aws.answer = NamesInUse({CONTROL_POLICY: [policy]})

    (line,) = refused(preview, {"rootGuard": {"denyRootIn": ["organisation"]}})

    assert "p-9" in line
    assert registered == []


def test_a_new_user_name_of_who_is_kept_for_emergencies_takes_two_updates(
    preview: Runs, answers: Answers
) -> None:
    """It replaces the user, which the engine refuses in the middle of the preview, in words of its own."""
    nobody: frozenset[Any] = frozenset()
    kept = RecordedModel({}, {}, nobody, nobody, nobody, nobody, protected_users=frozenset({"ada"}))
    stack = {"type": "pulumi:pulumi:Stack", "outputs": {OUTPUT: write_record(kept)}}
    answers.last_update = {
        **recorded(developers="Developers"),
        "urn:pulumi:dev::x::pulumi:pulumi:Stack::x": stack,
    }
    renamed = {**MODEL, "users": {"ada": {**ADA, "userName": "ada.lovelace"}}}

    (line,) = refused(preview, renamed)

    assert line.startswith("identity-center:users.ada.userName: a new user name replaces the user, whom the")
    assert "write `breakGlassPeople: [ada]` under `allowRemovals`" in line
    assert "lovelace" not in line
