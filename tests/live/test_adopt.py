"""`identity-center adopt`: what exists, in a model's folder."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.existing.provider_ids import HELD_TYPES
from identity_center.model.plan.planned import CONTROL_POLICY, CONTROL_POLICY_ATTACHMENT, ROOT_FEATURES
from identity_center_cli.main import main
from sandbox.aws.identity_center.identitystore import IdentityStore
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError
from tests.support.adopting import adopt, folder, model, written
from tests.support.lived_in import MANAGEMENT, SHOP, LivedIn

__all__ = ["folder"]


def test_the_model_reads_as_a_person_would_have_written_it(lived_in: LivedIn, folder: Path) -> None:
    """A model that nobody likes to read is a dump, and is edited like one."""
    assert adopt(folder) == 0
    said = model(folder)

    assert lived_in.users
    assert list(said["users"]) == ["ada", "ada@example.com"]
    assert said["groups"]["platform-engineers"]["members"] == ["ada@example.com", "grace", "robot"]
    assert said["externalUsers"] == {"grace": {"userName": "grace"}, "robot": {"userName": "robot"}}
    assert said["permissionSetDefaults"] == {"sessionDuration": "PT4H", "tags": {"team": "platform"}}
    assert said["permissionSets"]["power-user-with-iam"] == {
        "name": "PowerUserWithIAM",
        "description": "For PowerUserWithIAM",
        "managedPolicies": ["PowerUserAccess"],
    }
    assert said["permissionSets"]["deploying"]["permissionsBoundary"] == {
        "customerManagedPolicy": "/team/Deploy"
    }
    assert {
        "group": "auditors",
        "permissionSets": ["billing", "reading"],
        "accounts": [MANAGEMENT, SHOP],
    } in said["assignments"]
    assert f'- "{SHOP}" # shop-production' in written(folder)["assignments.yaml"]
    assert "aws-administrator-access" not in said["permissionSets"]
    assert said["externalPermissionSets"] == {"aws-administrator-access": {"name": "AWSAdministratorAccess"}}
    assert {
        "group": "platform-engineers",
        "permissionSets": ["aws-administrator-access", "deploying"],
        "accounts": [SHOP],
    } in said["assignments"]


def test_what_is_left_out_is_named_with_the_reason(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is passed over in silence is taken for adopted."""
    assert adopt(folder) == 0

    told = capsys.readouterr().out
    refers = "the model refers to it and changes nothing of it"
    assert f"permission set AWSAdministratorAccess: Control Tower makes it; {refers}" in told
    assert told.count("AWSControlTowerAdmins: Control Tower makes it\n") == 2, "its own assignments"
    assert f"left out: user {lived_in.users['no-email']}: it has 0 e-mail addresses" in told
    assert f"assignment of Reading in {SHOP} to user {lived_in.users['gone']}: the principal is gone" in told
    assert "robot" not in told, "what people are called stays out of logs"


def test_the_import_file_has_an_id_of_every_type(lived_in: LivedIn, folder: Path) -> None:
    """Without the file, somebody looks up an id for each of thousands of resources."""
    assert adopt(folder) == 0
    file = folder.parent / "identity-center.import.json"
    listed = json.loads(file.read_text(encoding="utf-8"))["resources"]

    instance, store = lived_in.made.instance, lived_in.made.store_id
    reading = lived_in.sets["Reading"]
    auditors = lived_in.groups["Auditors"]
    ids = {(each["type"].split(":")[2], each["logicalName"]): each["id"] for each in listed if "id" in each}
    assert ids["User", "ada"] == f"{store}/{lived_in.users['ada-2']}"
    assert ids["Group", "auditors"] == f"{store}/{auditors}"
    assert ids["GroupMembership", "auditors/ada"].startswith(f"{store}/")
    assert ids["PermissionSet", "reading"] == f"{reading},{instance}"
    assert ids["ManagedPolicyAttachmentsExclusive", "reading"] == f"{instance},{reading}"
    assert ids["PermissionsBoundaryAttachment", "reading"] == f"{reading},{instance}"
    assert ids["PermissionSetInlinePolicy", "billing"] == f"{lived_in.sets['Billing']},{instance}"
    assert ids["CustomerManagedPolicyAttachment", "deploying/team/Deploy"] == (
        f"Deploy,/team/,{lived_in.sets['Deploying']},{instance}"
    )
    assert ids["AccountAssignment", f"reading/group/auditors/{SHOP}"] == (
        f"{auditors},GROUP,{SHOP},AWS_ACCOUNT,{reading},{instance}"
    )
    assert ids["InstanceAccessControlAttributes", "identity-center"] == instance
    assert (
        ids["ApplicationAssignment", "wiki/group/auditors"]
        == f"{ids['Application', 'wiki']},{auditors},GROUP"
    )
    assert ids["Entitlement", f"{SHOP}/Auditor/group/auditors"].startswith(
        ids["Application", "identity-center"]
    )
    assert (file.stat().st_mode & 0o777) == 0o600


def _ids_of_the_page() -> dict[str, str]:
    """Return the form of the id of each resource type, as docs/adopting.md has it."""
    page = (Path(__file__).parents[2] / "docs" / "adopting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .*? \| `(\S+)` \| .*? \| `([^`]+)`", page, re.MULTILINE)
    return dict(rows)


def _has_form(identifier: str, form: str) -> bool:
    """Tell whether an id has the parts of a form: words in capitals stand for something but AWS_ACCOUNT."""
    separator = "," if "," in form else "/" if form.startswith("STORE_ID/") else None
    parts, wanted = identifier.split(separator), form.split(separator)
    return len(parts) == len(wanted) and all(map(_stands_for, wanted, parts))


def _stands_for(word: str, part: str) -> bool:
    if word in ("AWS_ACCOUNT", "INSTANCE_ARN"):
        return word == part or (":instance/" in part and word == "INSTANCE_ARN")
    return part.startswith("arn:") is word.endswith("ARN") and ":instance/" not in part


def test_the_page_has_the_id_of_every_type_in_its_form(lived_in: LivedIn, folder: Path) -> None:
    """Whoever imports by hand copies the form, and one that is wrong is found after an hour of imports."""
    lived_in.made.ready_for("eu-west-1")
    lived_in.made.add_region("eu-west-1")
    assert adopt(folder) == 0
    file = folder.parent / "identity-center.import.json"
    listed = [each for each in json.loads(file.read_text(encoding="utf-8"))["resources"] if "id" in each]
    forms = _ids_of_the_page()

    assert {each["type"] for each in listed} == HELD_TYPES.keys(), "an instance with one of each"
    assert HELD_TYPES.keys() | {ROOT_FEATURES, CONTROL_POLICY, CONTROL_POLICY_ATTACHMENT} == forms.keys()
    for each in listed:
        assert _has_form(each["id"], forms[each["type"]]), (each, forms[each["type"]])


def test_what_aws_refuses_is_named_and_the_set_is_left_out(
    lived_in: LivedIn, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set that is written without its inline policy loses it with the first update."""
    billing = lived_in.sets["Billing"]
    asked_of_aws = SsoAdmin.get_inline_policy_for_permission_set

    def refuse(backend: SsoAdmin, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["PermissionSetArn"] == billing:
            raise RefusedError("AccessDeniedException", "a refusal that a test ordered")
        return asked_of_aws(backend, asked)

    monkeypatch.setattr(SsoAdmin, "get_inline_policy_for_permission_set", refuse)

    assert adopt(folder) == 2

    found = capsys.readouterr()
    assert "sso:GetInlinePolicyForPermissionSet" in found.err
    assert "left out: permission set Billing: not read: inline-policies" in found.out
    assert "billing" not in model(folder)["permissionSets"]


def test_a_snapshot_is_adopted_without_asking_aws(
    lived_in: LivedIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A review has no credentials."""
    assert main(["snapshot", "--requests-per-second", "10000"]) == 0
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    assert adopt(folder, "--snapshot", "identity-center.snapshot.json") == 0
    assert len(model(folder)["permissionSets"]) == len(lived_in.sets) - 1


def test_a_page_that_fails_is_named_and_a_second_run_finishes(
    lived_in: LivedIn, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a list of people that is taken for the whole makes groups of strangers."""
    asked_of_aws = IdentityStore.list_users

    def second_page_fails(backend: IdentityStore, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("NextToken"):
            raise RefusedError("ValidationException", "a page that a test ordered to fail")
        return asked_of_aws(backend, {**asked, "MaxResults": 2})

    monkeypatch.setattr(IdentityStore, "list_users", second_page_fails)
    assert adopt(folder, "--only", "people") == 2
    assert "NOT READ: users: ValidationException (identitystore:ListUsers)" in capsys.readouterr().err
    assert "users" not in model(folder), "the first page is not written either"
    assert "members" not in model(folder)["groups"]["auditors"]

    monkeypatch.setattr(IdentityStore, "list_users", asked_of_aws)
    assert adopt(folder, "--only", "people") == 0
    assert lived_in.users
    assert list(model(folder)["users"]) == ["ada", "ada@example.com"]
    assert model(folder)["groups"]["auditors"]["members"] == ["ada"]


def test_two_sets_that_differ_in_case_only_are_not_taken_for_one(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """AWS allows both; one key for both would give people the other's permissions."""
    arn = lived_in.made.permission_set("READING")
    lived_in.made.assign(arn, lived_in.groups["Auditors"], SHOP)

    assert adopt(folder) == 0

    told, said = capsys.readouterr().out, model(folder)
    why = "another permission set has a name that differs in case only"
    (left,) = [
        line for line in told.splitlines() if line.startswith("left out: permission set") and why in line
    ]
    other = "READING" if "Reading" in left else "Reading"
    assert [each["name"] for each in said["permissionSets"].values()].count(other) == 1
    assert f"in {SHOP} to group Auditors: {why}" in told
