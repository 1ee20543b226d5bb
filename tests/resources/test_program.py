"""The program at the root of the project, from the stack's file to its outputs, without an engine."""

import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime.config import set_all_config

from tests.support.answers import Answers
from tests.support.refused import run_refused

PROJECT = Path(__file__).parents[2]
DEV = (PROJECT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
#: What the engine's own providers of values add for keys that the stack does not set.
DEFAULTS = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]

ACCOUNT = "identity-center:assignments[0].accounts[0]"
GRANT = "power-user-with-iam/group/developers/111122223333"

Program = Callable[..., Any]
Run = Any  # what conftest's run gives


@pytest.fixture
def program(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Program]:
    """Return a function that runs the program with the text of a stack's file."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2026-11-23")

    def run_program(stack_file: str = DEV, secret_keys: tuple[str, ...] = (), *, on_disk: bool = True) -> Run:
        if on_disk:
            (tmp_path / "Pulumi.dev.yaml").write_text(stack_file, encoding="utf-8")
        config = yaml.safe_load(stack_file)["config"]
        values = {key: entry["default"] for key, entry in DEFAULTS.items()} | config
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        set_all_config(texts, list(secret_keys))
        exported: dict[str, Any] = {}
        monkeypatch.setattr(pulumi, "export", exported.__setitem__)

        def main() -> pulumi.Output[dict[str, Any]]:
            runpy.run_path(str(PROJECT / "__main__.py"))
            return pulumi.Output.all(**exported)

        return run(main, root=tmp_path)

    yield run_program
    set_all_config({}, [])


@pytest.fixture
def refusal(program: Program, messages: pytest.LogCaptureFixture) -> Callable[..., str]:
    """Return what the program says of a stack's file that it refuses."""

    def said(stack_file: str, secret_keys: tuple[str, ...] = (), *, on_disk: bool = True) -> str:
        with run_refused() as caught:
            program(stack_file, secret_keys, on_disk=on_disk)
        assert str(caught) in messages.text, "the engine tells nothing of it"
        return str(caught)

    return said


def changed(old: str, new: str) -> str:
    """Return the stack's file with one text replaced."""
    assert old in DEV
    return DEV.replace(old, new)


def test_the_walkthrough_is_made_from_the_committed_stack_file(program: Program) -> None:
    """A user in a group, a permission set with two policies, and the group's assignment."""
    made = program()

    assert sorted(urn.split("::")[-2].split("$")[-1] for urn in made.requests if "$aws:" in urn) == [
        "aws:identitystore/group:Group",
        "aws:identitystore/groupMembership:GroupMembership",
        "aws:identitystore/user:User",
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        "aws:ssoadmin/permissionSet:PermissionSet",
    ]
    assert made.inputs("ManagedPolicyAttachmentsExclusive", "power-user-with-iam")["managedPolicyArns"] == [
        "arn:aws:iam::aws:policy/IAMFullAccess",
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ]
    assert made.inputs("index:MfaRequirement", "identity-center")["promptMode"] == "always-on"


def test_the_outputs_say_who_may_do_what_where(program: Program) -> None:
    """People read them, and `make up` compares them with what the API shows."""
    outputs = program().result

    assert {key: value for key, value in outputs.items() if key not in ("first_sign_in", "access_model")} == {
        "portal_url": "https://d-1234567890.awsapps.com/start",
        "region": "us-east-1",
        "instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "identity_store_id": "d-1234567890",
        "users": {"ada": "userId of ada"},
        "groups": {"developers": "groupId of developers"},
        "permission_sets": {"power-user-with-iam": "arn of power-user-with-iam"},
        "assignments": {
            GRANT: "group developers -> PowerUserWithIAM -> Management 111122223333 (management)"
        },
        "account_assignments": {
            GRANT: {
                "principalType": "GROUP",
                "principalId": "groupId of developers",
                "principal": "developers",
                "permissionSetArn": "arn of power-user-with-iam",
                "permissionSet": "PowerUserWithIAM",
                "accountId": "111122223333",
            }
        },
        "application_assignments": {},
        "role_entitlements": {},
        "role_arns": {
            "power-user-with-iam": {
                "111122223333": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
                "AWSReservedSSO_PowerUserWithIAM_????????????????"
            }
        },
    }
    assert "https://d-1234567890.awsapps.com/start" in " ".join(outputs["first_sign_in"])


OTHER_ACCESS = """
  identity-center:applications:
    wiki:
      name: Wiki
      provider: arn:aws:sso::aws:applicationProvider/custom
      assignments: [{group: developers}, {user: ada, expires: "2026-11-01"}]
  identity-center:accountAccess:
    entitlements:
      - {user: ada, roles: ["arn:aws:iam::444455556666:role/team/Auditor"]}
"""


def test_the_outputs_list_applications_and_roles_and_nothing_that_has_ended(program: Program) -> None:
    """By them a pipeline decides whether somebody gave access beside the stack."""
    outputs = program(DEV.rstrip() + OTHER_ACCESS).result

    assert outputs["application_assignments"] == {
        "wiki/group/developers": {
            "principalType": "GROUP",
            "principalId": "groupId of developers",
            "principal": "developers",
            "applicationArn": "arn of wiki",
            "application": "Wiki",
        }
    }
    assert list(outputs["role_entitlements"].values()) == [
        {
            "principalType": "USER",
            "principalId": "userId of ada",
            "principal": "ada",
            "roleArn": "arn:aws:iam::444455556666:role/team/Auditor",
        }
    ]


def test_no_output_holds_a_persons_attribute(program: Program) -> None:
    """Outputs are read by other stacks and end in logs."""
    text = json.dumps(program().result)

    assert "Lovelace" not in text
    assert "ada@example.com" not in text


def test_each_lookup_is_made_once(program: Program) -> None:
    """Every lookup is a call to AWS; one asks the engine for the state, the last two for new names."""
    assert [token.split(":")[-1] for token, _ in program().calls] == [
        "readStackResourceOutputs",
        "getInstances",
        "getOrganization",
        "getCallerIdentity",
        "getUsers",
        "getGroups",
    ]


def test_an_encrypted_users_part_stays_secret_in_the_state(program: Program) -> None:
    """The state, the diff and the console of the backend show none of it."""
    made = program(DEV, ("identity-center:users",))
    request = made.requests[made.urn("identitystore/user:User", "ada")]
    secret = (
        "4dabf18193072939515e22adb298388d"  # the engine's mark of a secret; the SDK has no public name for it
    )

    assert secret in dict(request.object.fields["userName"].struct_value.fields)
    assert secret in str(request.object.fields["emails"])
    assert secret in str(request.object.fields["name"])


def test_an_encrypted_value_elsewhere_is_refused(refusal: Callable[..., str]) -> None:
    """Names of permission sets end in outputs: as secrets they would be a promise not kept."""
    (line,) = refusal(DEV, ("identity-center:permissionSets",)).splitlines()[1:]

    assert line == (
        "Pulumi.dev.yaml:22:3: identity-center:permissionSets: holds an encrypted value; "
        "write it in clear: of the model, only `users` and `externalUsers` can be kept secret"
    )


def test_nothing_is_registered_where_there_is_a_mistake(
    refusal: Callable[..., str], registered: list[str]
) -> None:
    """Half of a wrong model is not made either."""
    assert refusal(changed("PT4H", "PT13H"))
    assert registered == []


def test_mistakes_of_the_file_and_of_aws_come_together(
    refusal: Callable[..., str],
) -> None:
    """An unknown account is found by asking AWS; it does not wait until the rest is corrected."""
    text = (
        changed("PT4H", "PT13H")
        .replace("[management]", '["111122223334"]')
        .replace("IAMFullAccess]", "IAMFulAccess]")
    )

    sets = "identity-center:permissionSets.power-user-with-iam"
    assert [line.split("; ")[0] for line in refusal(text).splitlines()] == [
        "3 mistakes",
        f"Pulumi.dev.yaml:26:24: {sets}.sessionDuration: `PT13H` is not a duration from 1 to 12 hours",
        f"Pulumi.dev.yaml:27:42: {sets}.managedPolicies[1]: AWS has no managed policy `IAMFulAccess`",
        f"Pulumi.dev.yaml:32:18: {ACCOUNT}: account `111122223334` is not in the organisation",
    ]


def test_a_value_that_differs_from_the_file_gets_no_line(refusal: Callable[..., str], tmp_path: Path) -> None:
    """With `--config` or `--config-file` the line of the stack's file would be a wrong one."""
    (tmp_path / "Pulumi.dev.yaml").write_text(DEV, encoding="utf-8")

    assert refusal(changed("- group: developers", "- group: devs"), on_disk=False).splitlines()[1] == (
        "identity-center:assignments[0].group: no group has the key `devs`; known: `developers`"
    )


def test_a_stack_without_assignments_needs_no_organisation(program: Program, answers: Answers) -> None:
    """People and groups can be made in an account that may not read the organisation."""
    answers.organisation = RuntimeError("AccessDeniedException")
    text = DEV[: DEV.index("  identity-center:assignments")]

    assert program(text).result["assignments"] == {}


def test_without_an_mfa_requirement_the_program_leaves_the_verdict_to_the_pack(program: Program) -> None:
    """The pack refuses it, with its reason; the program has nothing to make."""
    made = program(DEV[: DEV.index("  identity-center:mfaRequirement")])

    assert not [urn for urn in made.requests if "MfaRequirement" in urn]


@pytest.mark.parametrize("of_external_people", [False, True], ids=["in the console", "external"])
def test_the_pack_sees_every_word_of_the_mfa_requirement(
    program: Program, *, of_external_people: bool
) -> None:
    """What somebody declared and the pack is not shown is judged as if nobody had."""
    whole = yaml.safe_load(DEV)["config"]["identity-center:mfaRequirement"]
    if of_external_people:
        whole = {key: whole[key] for key in ("confirmedBy", "validUntil")}
        whole |= {"identityProvider": "external", "enforcedBy": "sign-on policy AWS"}
    text = DEV[: DEV.index("  identity-center:mfaRequirement")]
    text += yaml.safe_dump({"identity-center:mfaRequirement": whole}).replace("\n", "\n  ").join(("  ", "\n"))

    made = program(text)

    assert made.inputs("index:MfaRequirement", "identity-center") == whole


def test_an_expired_confirmation_is_warned_of(
    program: Program, messages: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings may have been changed by hand since somebody looked."""
    program()
    before = [record.message for record in messages.records if record.levelname == "WARNING"]
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2027-02-16")
    program()
    after = [record.message for record in messages.records if record.levelname == "WARNING"]

    (warning,) = after
    assert before == []
    place, _, text = warning.partition(": ")
    assert place.startswith("Pulumi.dev.yaml:")
    assert text == (
        "identity-center:mfaRequirement.validUntil: the MFA settings were confirmed until 2027-02-15, today "
        "is 2027-02-16; look at them in the console again, then write the next `validUntil`"
    )


def test_a_configured_portal_address_wins(program: Program) -> None:
    """An address chosen in the console cannot be derived from anything."""
    text = DEV + "  identity-center:portalUrl: https://example.awsapps.com/start\n"

    assert program(text).result["portal_url"] == "https://example.awsapps.com/start"
