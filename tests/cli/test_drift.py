"""`identity-center drift` of a state against a snapshot: every kind of difference, row by row."""

import csv
import io
import json
from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.drift import WORDS
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    Application,
    ApplicationAssignment,
    Assignment,
    Attribute,
    Boundary,
    Email,
    Entitlement,
    ExternalId,
    Group,
    Membership,
    PermissionSet,
    PolicyName,
    Provisioned,
    Region,
    User,
)
from identity_center.model.existing.parts import Part, Unread, not_asked
from identity_center.model.existing.snapshot_file import write_existing
from identity_center.model.language.ignored_drift import Difference
from tests.support.command import SECRET_MARK, SET_ARN, Command, Ended, Recorded, resource

SHOP: Final = "444444444444"
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SET: Final = PermissionSet(
    arn=SET_ARN,
    name="Builders",
    managed_policies=(READ,),
    customer_managed_policies=(),
    inline_policy="",
    tags={},
    provisioned=(Provisioned(account_id=SHOP),),
)
HELD: Final = Assignment(
    permission_set_arn=SET_ARN, account_id=SHOP, principal_type="GROUP", principal_id="g-1"
)
EQUAL: Final = Existing(
    region="eu-central-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
    identity_store_id="d-1",
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:01:00Z",
    users=(User(id="u-1", user_name="ada"),),
    groups=(Group(id="g-1", name="Developers"),),
    memberships=(Membership(group_id="g-1", user_id="u-1", id="m-1"),),
    permission_sets=(SET,),
    assignments=(HELD,),
    regions=(Region(name="eu-central-1", status="ACTIVE", is_primary=True),),
)
"""An instance that is as the recorded stack says."""


def _set(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of PermissionSet
    return {"permission_sets": (SET.model_copy(update=changed),)}


ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
CUSTOM: Final = "arn:aws:sso::aws:applicationProvider/custom"
OTHER: Final = User(id="u-2", user_name="leo", external_ids=(ExternalId(issuer="scim", id="7"),))
JOINED: Final = Membership(group_id="g-1", user_id="u-2", id="m-2")
OWN: Final = {"arn": "x", "name": "Own", "provisioned": ()}
ENTITLED: Final = {
    "application_arn": "a",
    "role_arn": f"arn:aws:iam::{SHOP}:role/Auditor",
    "principal_type": "GROUP",
}
ROWS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "tag": (_set(tags={"a": "b"}), "in AWS and not in the code: tag Builders -> a: b"),
    "boundary": (_set(boundary=Boundary(managed_policy_arn=READ)), "not in the code: permissions boundary"),
    "customer": (_set(customer_managed_policies=(PolicyName(name="X"),)), "policy Builders -> /X"),
    "managed": (_set(managed_policies=()), "in the code and not in AWS: managed policy"),
    "outdated": (
        _set(provisioned=(Provisioned(account_id=SHOP, outdated=True),)),
        "[writes]; identity-center provision --set Builders --account 444444444444",
    ),
    "unassigned": (
        _set(provisioned=(Provisioned(account_id=SHOP), Provisioned(account_id="555555555555"))),
        "provisioned and not assigned: provisioned permission set Builders -> 555555555555",
    ),
    "set": (
        {"permission_sets": (SET, SET.model_copy(update={"arn": "x", "name": "Own", "provisioned": ()}))},
        "in AWS and not in the code: permission set Own",
    ),
    "gone": (
        {"assignments": (HELD, HELD.model_copy(update={"principal_id": "g-9"}))},
        "gone: account assignment Builders -> 444444444444 -> g-9",
    ),
    "member": ({"memberships": ()}, "in the code and not in AWS: member Developers -> ada"),
    "managed-strength": (
        _set(managed_policies=(READ, ADMIN)),
        f"not in the code: managed policy Builders -> {ADMIN} [root-level in AWS, writes in the code]",
    ),
    "member-strength": (
        {"users": (*EQUAL.users, OTHER), "memberships": (*EQUAL.memberships, JOINED)},
        "not in the code: member Developers -> leo [writes]",
    ),
    "application": (
        {"applications": (Application(arn="a-1", name="Wiki", provider_arn=CUSTOM, assignments=()),)},
        "not in the code: application Wiki",
    ),
    "attribute": (
        {"attributes": (Attribute(key="Team", sources=("${path:a}", "${path:b}")),)},
        "in AWS and not in the code: attribute for access control Team: ${path:a}, ${path:b}",
    ),
    "Region": (
        {"regions": (*EQUAL.regions, Region(name="eu-west-1", status="REMOVING"))},
        "in AWS and not in the code: additional Region eu-west-1: REMOVING",
    ),
    "entitlement": (
        {"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-1"),)},
        "role entitlement arn:aws:iam::444444444444:role/Auditor -> Developers [undecided: the role is not",
    ),
    "entitlement-gone": (
        {"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-9"),)},
        "principal that is gone: role entitlement arn:aws:iam::444444444444:role/Auditor -> g-9",
    ),
    "terraform": (
        {"permission_sets": (SET, SET.model_copy(update={**OWN, "tags": {"ManagedBy": "terraform"}}))},
        "not in the code: permission set Own [writes]; its tags say that Terraform manages it",
    ),
    "control-tower-by-hand": (
        {
            "permission_sets": (SET, SET.model_copy(update={**OWN, "name": "AWSAdministratorAccess"})),
            "assignments": (HELD, HELD.model_copy(update={"permission_set_arn": "x"})),
        },
        "not in the code: account assignment AWSAdministratorAccess -> 444444444444 -> Developers",
    ),
    "user": ({"users": (*EQUAL.users, User(id="u-2", user_name="bob"))}, "not in the code: user bob"),
}
"""What is otherwise in AWS, and the words that name it."""


def _told(command: Command, changed: dict[str, Any]) -> tuple[int, str, str]:
    file = command.write("held.json", write_existing(EQUAL.model_copy(update=changed)))
    state = command.write("state.json", Recorded(["ReadOnlyAccess"]).state())
    ended = command("drift", "--state", state, "--snapshot", file)
    return ended.status, ended.output, ended.errors


def test_equal_is_no_drift(command: Command) -> None:
    """A nightly job that is red for nothing is switched off."""
    assert _told(command, {}) == (0, "0 differences\n", "")


@pytest.mark.parametrize("row", ROWS)
def test_each_difference_is_named_alone(command: Command, row: str) -> None:
    """What is not named stays."""
    changed, words = ROWS[row]
    status, output, _ = _told(command, changed)
    named = [line for line in output.splitlines()[1:] if not line.startswith("left to ")]
    assert (status, named) == (1, ["1 difference"]), output
    assert words in output


def test_a_set_of_others_that_the_code_assigns_is_no_drift(command: Command) -> None:
    """Control Tower changes its own sets; a job that is red for that is switched off."""
    model = command.write(
        "Pulumi.dev.yaml",
        yaml.safe_dump(
            {
                "config": {
                    "identity-center:externalGroups": {"developers": {"displayName": "Developers"}},
                    "identity-center:externalPermissionSets": {"theirs": {"name": "Builders"}},
                    "identity-center:assignments": [
                        {"group": "developers", "permissionSets": ["theirs"], "accounts": [SHOP]}
                    ],
                }
            }
        ),
    )
    as_it_is = EQUAL.model_copy(update={"users": (), "memberships": ()})
    ended = command(
        "drift", "--model", model, "--snapshot", command.write("held.json", write_existing(as_it_is))
    )

    assert (ended.status, ended.output) == (0, "0 differences\n"), ended.errors
    without = as_it_is.model_copy(update={"assignments": ()})
    ended = command(
        "drift", "--model", model, "--snapshot", command.write("held.json", write_existing(without))
    )
    assert "in the code and not in AWS: account assignment Builders -> 444444444444" in ended.output


def test_unread_is_red_and_unasked_is_named(command: Command) -> None:
    """A hole that counts as equal hides what stands there."""
    refused = Unread(part=Part.TAGS.value, of="", operation="sso:ListTagsForResource", why="AccessDenied")
    assert _told(command, {**_set(tags=None), "unread": (refused,)})[0] == 2
    status, _, errors = _told(command, {"unread": (not_asked(Part.APPLICATIONS),)})
    assert (status, "NOT COMPARED: applications" in errors) == (0, True)


def _state(command: Command, existing: Existing, *options: str) -> Ended:
    file = command.write("held.json", write_existing(existing))
    state = command.write("state.json", Recorded(["ReadOnlyAccess"]).state())
    return command("drift", "--state", state, "--snapshot", file, *options)


#: What no code of ours has, because somebody else makes it.
OTHERS: Final = EQUAL.model_copy(
    update={
        "users": (*EQUAL.users, OTHER),
        "groups": (*EQUAL.groups, Group(id="g-2", name="AWSControlTowerAdmins")),
        "permission_sets": (SET, SET.model_copy(update={**OWN, "name": "AWSAdministratorAccess"})),
        "assignments": (
            HELD,
            HELD.model_copy(update={"permission_set_arn": "x", "principal_id": "g-2"}),
        ),
        "applications": (
            Application(
                arn="a-1",
                name="QuickSight",
                provider_arn="arn:aws:sso::aws:applicationProvider/quicksight",
                assignments=(ApplicationAssignment(principal_type="GROUP", principal_id="g-1"),),
            ),
        ),
    }
)


@pytest.mark.parametrize(
    ("policy", "strength"), [("AdministratorAccess", "root-level"), ("ReadOnlyAccess", "writes")]
)
def test_a_role_that_the_stack_itself_makes_is_judged(command: Command, policy: str, strength: str) -> None:
    """An entitlement by hand to an administrator's role must not look like one to a reader's."""
    role = f"arn:aws:iam::{SHOP}:role/Auditor"
    attached = {"name": "Auditor", "managedPolicyArns": [f"arn:aws:iam::aws:policy/{policy}"]}
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = {**attached, "assumeRolePolicy": trust}
    state = Recorded(
        ["ReadOnlyAccess"], extra=[resource("aws:iam/role:Role", "auditor", made, outputs={"arn": role})]
    )
    entitled = EQUAL.model_copy(
        update={"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-1"),)}
    )
    ended = command(
        *("drift", "--state", command.write("state.json", state.state())),
        *("--snapshot", command.write("held.json", write_existing(entitled))),
    )

    assert f"role entitlement {role} -> Developers [{strength} in the code]\n" in ended.output


def test_what_others_own_is_no_drift_and_is_named(command: Command) -> None:
    """A job that is red for what Control Tower makes is switched off; what is not named is hidden."""
    ended = _state(command, OTHERS)

    assert ended.status == 0, ended.output
    assert ended.output.splitlines() == [
        "0 differences",
        "left to Control Tower: 1 account assignment, 1 group, 1 permission set",
        "left to an AWS service or the catalogue: 1 application, 1 application assignment",
        "left to another directory (SCIM or Active Directory): 1 user",
    ]
    listed = _state(command, OTHERS, "--format", "json").json()["leftToOwners"]
    assert {"owner": "Control Tower", "kind": "group", "names": ["AWSControlTowerAdmins"]} in listed
    assert len(listed) == 6


EXTRA: Final = EQUAL.model_copy(
    update={
        "users": (*EQUAL.users, User(id="u-2", user_name="kim")),
        "assignments": (
            HELD,
            HELD.model_copy(update={"principal_type": "USER", "principal_id": "u-2"}),
        ),
    }
)
"""With a user and a grant of the user's own that no code has."""


def _ignoring(command: Command, *entries: dict[str, Any]) -> str:
    said = {"owner": "identity team", "reason": "the vendor looks for a fault"}
    listed = [{**said, "lastDay": "2027-02-01", **each} for each in entries]
    command.write("access/ignored.yaml", {"ignoredDrift": listed})
    return "access"


USER_KIM: Final = {"kind": "user", "names": ["kim"]}
GRANT_OF_KIM: Final = {"kind": "account assignment", "names": ["Builders", SHOP, "USER", "kim"]}


def test_what_is_meant_to_be_there_is_ignored_and_told(command: Command) -> None:
    """Else the job is red for weeks, and the next change by hand drowns in it."""
    model = _ignoring(command, USER_KIM, GRANT_OF_KIM)
    ended = _state(command, EXTRA, "--ignored-in", model)

    assert (ended.status, ended.errors) == (0, ""), ended.output
    assert ended.output.splitlines() == [
        "0 differences",
        *(
            f"ignored: in AWS and not in the code: {what} [writes] "
            "(until 2027-02-01, identity team: the vendor looks for a fault)"
            for what in ("account assignment Builders -> 444444444444 -> kim", "user kim")
        ),
    ]
    results = _state(command, EXTRA, "--ignored-in", model, "--format", "sarif").json()["runs"][0]["results"]
    assert [each["suppressions"][0]["status"] for each in results] == ["accepted", "accepted"]


def test_an_entry_ignores_one_difference_of_one_thing(command: Command) -> None:
    """An entry that grows by itself hides what nobody agreed to."""
    other = {**GRANT_OF_KIM, "names": ["Builders", "555555555555", "USER", "kim"]}
    missing = {**USER_KIM, "difference": "missing"}
    ended = _state(command, EXTRA, "--ignored-in", _ignoring(command, other, missing))

    assert (ended.status, "2 differences" in ended.output) == (1, True)
    assert ended.errors.count("IGNORES NOTHING: ") == 2


def test_an_entry_whose_day_is_over_is_told_and_ignores_nothing(command: Command) -> None:
    """What was agreed for a time is not agreed for ever."""
    command.monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2027-01-15")
    model = _ignoring(command, USER_KIM, {**GRANT_OF_KIM, "lastDay": "2027-01-14"})
    ended = _state(command, EXTRA, "--ignored-in", model)

    assert (ended.status, "1 difference\n" in ended.output) == (1, True)
    assert ended.errors == (
        "IGNORED NO MORE since 2027-01-14: in AWS and not in the code: account assignment "
        "Builders -> 444444444444 -> kim (identity team)\n"
    )
    last = _ignoring(command, USER_KIM, {**GRANT_OF_KIM, "lastDay": "2027-01-15"})
    ended = _state(command, EXTRA, "--ignored-in", last)
    assert (ended.status, ended.errors) == (0, "")


def test_an_entry_is_not_called_unused_where_nobody_looked(command: Command) -> None:
    """Somebody would take it out of the model, and the next night is red."""
    model = _ignoring(command, USER_KIM, GRANT_OF_KIM)
    ended = _state(command, EXTRA, "--ignored-in", model, "--only", "users")

    assert "IGNORES NOTHING" not in ended.errors


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"kind": "user", "names": ["kim", "leo"]},
            "`names` has 2, and a difference of",
        ),
        ({"kind": "people", "names": ["kim"]}, "kind"),
        ({"kind": "user", "names": ["k*"]}, "has a wildcard"),
        ({"kind": "user", "names": ["kim"], "lastDay": "soon"}, "lastDay"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(command: Command, entry: dict[str, Any], words: str) -> None:
    """An entry that nobody can read ignores nothing, or everything."""
    ended = command("drift", "--model", _ignoring(command, entry), "--snapshot", "held.json")

    assert ended.status == 2
    assert "access/ignored.yaml:" in ended.errors or "held.json" in ended.errors
    command.write("held.json", write_existing(EQUAL))
    ended = command("drift", "--model", "access", "--snapshot", "held.json")
    assert (ended.status, words in ended.errors, "access/ignored.yaml:1:" in ended.errors) == (2, True, True)


def test_a_part_of_a_snapshot_is_compared_alone(command: Command) -> None:
    """`--only` was taken and had no effect: a narrow job was red for what it never asked."""
    existing = EXTRA.model_copy(update={**_set(managed_policies=())})
    whole, users, sets = (
        _state(command, existing, *options).output.splitlines()[-1]
        for options in ((), ("--only", "users"), ("--only", "managed-policies", "permission-sets"))
    )

    assert (whole, users, sets) == ("3 differences", "1 difference", "1 difference")
    assert "NOT COMPARED: inline-policies: it was not asked for" in (
        _state(command, existing, "--only", "users").errors
    )


ALONE: Final = {
    "users": "user kim",
    "assignments": "account assignment Builders -> 444444444444 -> kim",
    "memberships": "member Developers -> kim",
    "tags": "tag Builders -> a",
    "applications": "application Wiki",
    "provisioning": "provisioned permission set Builders -> 555555555555",
}


@pytest.mark.parametrize("part", ALONE)
def test_a_part_is_read_with_what_names_it(command: Command, part: str) -> None:
    """`--only assignments` read no names, compared nothing, and ended green."""
    roles = (Provisioned(account_id=SHOP), Provisioned(account_id="555555555555"))
    existing = EXTRA.model_copy(
        update={
            **_set(tags={"a": "b"}, provisioned=roles),
            "memberships": (*EQUAL.memberships, JOINED),
            "applications": (Application(arn="a-1", name="Wiki", provider_arn=CUSTOM, assignments=()),),
        }
    )
    ended = _state(command, existing, "--only", part)

    assert (ended.status, len(ended.output.splitlines())) == (1, 2), ended.output
    assert ALONE[part] in ended.output


def test_what_the_state_keeps_secret_is_not_told_as_extra(command: Command) -> None:
    """Without --show-secrets every person of the stack would be drift, and --remove would take them away."""
    recorded = Recorded(["ReadOnlyAccess"]).state()
    (user,) = [r for r in recorded["deployment"]["resources"] if r["type"].endswith(":User")]
    user["inputs"] = {"userName": {**SECRET_MARK, "ciphertext": "v1:x"}}
    ended = command(
        "drift",
        "--state",
        command.write("state.json", recorded),
        "--snapshot",
        command.write("held.json", write_existing(EQUAL)),
    )

    assert (ended.status, "user ada" in ended.output) == (2, False), ended.output


MODEL: Final = {
    "users": {
        "ada": {"userName": "ada", "givenName": "Ada", "familyName": "L", "displayName": "Ada L",
                "email": "ada@example.com"}
    },
    "groups": {"devs": {"displayName": "Developers", "members": ["ada"]}},
    "permissionSets": {"builders": {"name": "Builders", "managedPolicies": ["ReadOnlyAccess"]}},
    "assignments": [{"group": "devs", "permissionSets": ["builders"], "accounts": [SHOP]}],
}  # fmt: skip
SESSION: Final = {"session_duration": "PT1H"}
#: With all that the model says of her.
ADA: Final = User(
    id="u-1",
    user_name="ada",
    given_name="Ada",
    family_name="L",
    display_name="Ada L",
    emails=(Email(value="ada@example.com", primary=True),),
)


def _model(command: Command, existing: Existing, *options: str, **more: Any) -> Ended:  # noqa: ANN401 - of a model
    command.write("access/all.yaml", json.dumps({**MODEL, **more}, indent=1))
    users = tuple(ADA if each.id == ADA.id else each for each in existing.users)
    file = command.write("held.json", write_existing(existing.model_copy(update={"users": users})))
    return command("drift", "--model", "access", "--snapshot", file, *options)


def test_accounts_that_are_not_known_hide_no_grant_and_make_none_extra(command: Command) -> None:
    """A grant by a unit would be told as extra where the organisation was not read."""
    existing = EQUAL.model_copy(update=_set(**SESSION))
    by_name = [{"group": "devs", "permissionSets": ["builders"], "accounts": ["shop"]}]
    existing = existing.model_copy(update={"unread": (not_asked(Part.ORGANISATION),)})
    ended = _model(command, existing, "--only", "assignments", assignments=by_name)

    assert "NOT COMPARED: the code: builders for devs: the accounts of" in ended.errors
    assert (ended.status, "account assignment" in ended.output) == (2, False), ended.output


def test_each_form_says_every_difference(command: Command) -> None:
    """Whoever reads one form alone has to learn all."""
    existing = EXTRA.model_copy(update=_set(**SESSION, managed_policies=()))
    human = _model(command, existing).output.splitlines()[:-1]
    as_json = _model(command, existing, "--format", "json").json()
    markdown = _model(command, existing, "--format", "markdown").output
    results = _model(command, existing, "--format", "sarif").json()["runs"][0]["results"]

    assert len(human) == 3
    assert [each["message"]["text"] for each in results] == human
    assert [f"{WORDS[Difference(each['difference'])]}: {each['text']}" for each in as_json["drift"]] == human
    for line in human:
        difference, _, what = line.partition(": ")
        assert f"| {difference} | {what} |" in markdown
    listed = list(csv.DictReader(io.StringIO(_model(command, existing, "--format", "csv").output)))
    assert [(each["difference"], each["kind"]) for each in listed] == [
        (each["difference"], each["kind"]) for each in as_json["drift"]
    ]
    assert all(each["name"] in line for each, line in zip(listed, human, strict=True))
    assert as_json["drift"][1] == {
        "difference": "extra",
        "kind": "account assignment",
        "names": ["Builders", SHOP, "USER", "kim"],
        "wanted": "",
        "found": "",
        "strength": "nothing",
        "text": f"account assignment Builders -> {SHOP} -> kim [nothing]",
    }


def test_sarif_has_what_its_schema_and_code_scanning_require(command: Command) -> None:
    """A log that an uploader refuses shows nobody anything; one that points nowhere is read by nobody."""
    existing = EXTRA.model_copy(
        update={
            **_set(**SESSION, managed_policies=()),
            "unread": (Unread(part="tags", of="", operation="sso:ListTagsForResource", why="Denied"),),
        }
    )
    ended = _model(command, existing, "--format", "sarif")
    log = ended.json()
    assert (ended.status, log["version"], len(log["runs"])) == (2, "2.1.0", 1)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "access/all.yaml"
        text = (command.folder / "access/all.yaml").read_text().splitlines()
        assert text[physical["region"]["startLine"] - 1].strip().startswith(PLACES[result["ruleId"]])
    prints = [result["partialFingerprints"]["drift/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints) == 3
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "sso:ListTagsForResource" in invocation["toolExecutionNotifications"][0]["message"]["text"]


#: With what the line begins that a result of each kind points to.
PLACES: Final = {"missing": '"builders"', "extra": ('"users"', '"assignments"')}
