"""`identity-center adopt`: what exists in a model's folder, and once more later for what was added since."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from identity_center.model.existing.provider_ids import HELD_TYPES
from identity_center.model.plan.planned import CONTROL_POLICY, CONTROL_POLICY_ATTACHMENT, ROOT_FEATURES
from identity_center_cli.main import main
from sandbox.aws.identity_center.identitystore import IdentityStore
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError
from sandbox.settings import REGION
from tests.support.aws_in_process import Stages
from tests.support.lived_in import ADMIN, MANAGEMENT, SHOP, LivedIn


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a model that is not there yet, in a folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "access"


def adopt(folder: Path, *options: str) -> int:
    """Adopt into a folder."""
    return main(["adopt", "--into", str(folder), "--requests-per-second", "10000", *options])


def written(folder: Path) -> dict[str, str]:
    """Return the texts of a model's files by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def model(folder: Path) -> dict[str, Any]:
    """Return what all files say together."""
    return {part: value for text in written(folder).values() for part, value in yaml.safe_load(text).items()}


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


def test_later_what_is_new_is_added_and_no_line_of_a_person_changes(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tool that writes over comments is run once."""
    assert adopt(folder) == 0
    people = folder / "people.yaml"
    text = people.read_text(encoding="utf-8").replace(
        "    members: [ada]", "    members: [ada] # ask Grace first\n"
    )
    people.write_text(text.replace("groups:", "# Teams, not projects.\ngroups:"), encoding="utf-8")
    before = written(folder)
    new = lived_in.user("new@example.com")
    group = lived_in.made.group("Newcomers")
    lived_in.join(group, new)
    lived_in.join(lived_in.groups["Auditors"], new)
    lived_in.made.assign(lived_in.sets["Billing"], group, SHOP)
    arn = lived_in.made.permission_set("Visiting")
    lived_in.made.sso.attach_managed_policy_to_permission_set(
        **lived_in.made.of_set(arn), ManagedPolicyArn=ADMIN
    )

    assert adopt(folder) == 0
    assert (
        "Visiting: `permissionSetDefaults` would give it `tags` that it does not have"
        in capsys.readouterr().out
    )
    after, said = written(folder), model(folder)
    for name, old in before.items():
        new_lines = iter(after[name].splitlines())
        kept = [line for line in old.splitlines() if "members: [ada]" not in line]
        assert all(any(line == each for each in new_lines) for line in kept), name
    assert "    members: [ada, new] # ask Grace first" in after["people.yaml"]
    assert said["groups"]["newcomers"] == {"displayName": "Newcomers", "members": ["new"]}
    assert {"group": "newcomers", "permissionSets": ["billing"], "accounts": [SHOP]} in said["assignments"]


def test_a_part_is_adopted_alone_and_the_rest_later(lived_in: LivedIn, folder: Path) -> None:
    """Nobody decides on everything on one day."""
    assert adopt(folder, "--only", "people", "permission-sets") == 0
    first = model(folder)
    assert adopt(folder) == 0

    assert lived_in.sets
    assert set(first) == {"users", "groups", "externalUsers", "permissionSetDefaults", "permissionSets"}
    assert set(model(folder)) > {*first, "assignments", "applications", "accountAccess"}
    assert {key: model(folder)[key] for key in first if key != "externalUsers"} == {
        key: value for key, value in first.items() if key != "externalUsers"
    }


def test_a_model_that_cannot_be_read_is_left_alone(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is added to a model that nobody understands may say it twice."""
    assert lived_in.sets
    folder.mkdir()
    (folder / "people.yaml").write_text(
        "groups:\n  a: {displayName: A, members: [nobody]}\n", encoding="utf-8"
    )
    before = written(folder)

    assert adopt(folder) == 2

    told = capsys.readouterr().err
    assert "nothing was written" in told
    assert "people.yaml:1:" in told or "people.yaml:2:" in told
    assert written(folder) == before
    assert not (folder.parent / "identity-center.import.json").exists()


def test_a_file_in_a_spelling_of_its_own_is_not_written_anew(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that comes back in another spelling is a change of every line in the review."""
    folder.mkdir()
    odd = "groups:\n     auditors:   {displayName:   Auditors}\n"
    (folder / "people.yaml").write_text(odd, encoding="utf-8")

    assert adopt(folder) == 2, "a member of its group can be added nowhere else"
    assert "people.yaml cannot be added to" in capsys.readouterr().err
    assert written(folder) == {"people.yaml": odd}

    lived_in.leave("Auditors")
    assert adopt(folder) == 0
    assert written(folder)["people.yaml"] == odd
    assert "platform-engineers" in written(folder)["people-2.yaml"]


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


def project(folder: Path, **files: dict[str, Any]) -> None:
    """Put the folder into a project whose stacks' files say these things of a model."""
    (folder.parent / "Pulumi.yaml").write_text("name: access\nruntime: python\n", encoding="utf-8")
    for name, said in files.items():
        config = {f"identity-center:{key}": value for key, value in said.items()}
        text = yaml.safe_dump({"config": {"aws:region": REGION, **config}})
        (folder.parent / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")


AUDITORS = {"auditors": {"displayName": "Auditors"}}


def test_what_the_stacks_own_file_says_is_not_said_again(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A group in the file and once more in the folder is refused in the first preview, in the best case."""
    reading = {"reading-things": {"name": "Reading", "managedPolicies": ["ReadOnlyAccess"]}}
    project(folder, dev={"groups": AUDITORS, "permissionSets": reading, "modelFolder": "access"})
    before = (folder.parent / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    lived_in.leave("Auditors")

    assert adopt(folder) == 0, capsys.readouterr().err

    said = model(folder)
    assert "auditors" not in said["groups"]
    assert "Reading" not in [each["name"] for each in said["permissionSets"].values()]
    assert {
        "group": "auditors",
        "permissionSets": ["billing", "reading-things"],
        "accounts": [MANAGEMENT, SHOP],
    } in said["assignments"]
    assert (folder.parent / "Pulumi.dev.yaml").read_text(encoding="utf-8") == before
    file = folder.parent / "identity-center.import.json"
    assert any(each["logicalName"] == "auditors" for each in json.loads(file.read_text())["resources"])


def test_what_belongs_into_an_entry_of_the_stacks_file_is_left_out_and_named(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's own file is written to, and nobody is told that a member is in the model who is not."""
    assert lived_in.groups
    project(folder, dev={"groups": AUDITORS})

    assert adopt(folder) == 0, capsys.readouterr().err

    why = "`auditors` stands in Pulumi.dev.yaml, to which adopt adds nothing: move it into the folder"
    assert f"left out: 1 of groups.auditors.members: {why}" in capsys.readouterr().out
    assert "auditors" not in model(folder)["groups"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"dev": {"groups": AUDITORS}, "prod": {"groups": AUDITORS}}, "name the stack that is meant with"),
        ({"dev": {"modelFolder": "model"}}, "its model is in the folder model"),
        ({"dev": {"users": {"secure": "AAA="}}}, "`users` is encrypted"),
        ({"dev": {"groups": {"a": {}}}}, "groups.a"),
    ],
)
def test_a_stacks_file_that_nobody_can_take_into_account_ends_it(
    lived_in: LivedIn,
    folder: Path,
    files: dict[str, Any],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An adoption beside half a model says things twice."""
    assert lived_in.groups
    project(folder, **files)

    assert adopt(folder, "--only", "people") == 2
    assert words in capsys.readouterr().err
    assert written(folder) == {}


DATA, STAGING = "555555555555", "666666666666"


@pytest.fixture
def producers(lived_in: LivedIn, stages: Stages) -> LivedIn:
    """Give an instance in which a group has a set in the management account and in all of a unit."""

    def assign() -> None:
        group = lived_in.made.group("Producers")
        for account in (MANAGEMENT, SHOP, DATA):
            lived_in.made.assign(lived_in.sets["Billing"], group, account)

    stages.at("producers", assign)
    return lived_in


def accounts_of(folder: Path, group: str) -> list[object]:
    """Return what the model says of where a group has something."""
    (entry,) = [each for each in model(folder)["assignments"] if each.get("group") == group]
    return list(entry["accounts"])


def test_a_selection_is_written_only_where_somebody_took_it_from_the_file(
    producers: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A unit that fits today opens tomorrow's account: somebody decides on it who read what that means."""
    file = folder.parent / "selections.yaml"
    assert adopt(folder, "--selections", str(file)) == 0
    assert not folder.exists(), capsys.readouterr().out
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))["selections"]
    (unit,) = [row for row in rows if row["write"] == {"unit": "Workloads/Production"}]
    assert unit["today"] == [f"{SHOP} shop-production", f"{DATA} data-production"]
    assert unit["later"] == "every account that is made in it or moved into it"
    assert unit["for"] == ["group producers: billing"]
    assert not any(row["take"] for row in rows)

    unit["take"] = True
    file.write_text(yaml.safe_dump({"selections": rows}), encoding="utf-8")
    assert adopt(folder, "--selections", str(file)) == 0, capsys.readouterr().err

    assert producers.groups
    assert accounts_of(folder, "producers") == [MANAGEMENT, {"unit": "Workloads/Production"}]
    assert accounts_of(folder, "platform-engineers") == [SHOP], "one account is no list"


def test_a_file_that_is_no_longer_true_writes_nothing(
    producers: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the question and the answer somebody was given an account more."""
    file = folder.parent / "selections.yaml"
    assert adopt(folder, "--selections", str(file)) == 0
    text = file.read_text(encoding="utf-8").replace("take: false", "take: true")
    file.write_text(text, encoding="utf-8")
    group = next(
        row["GroupId"]
        for row in producers.made.store.list_groups(IdentityStoreId=producers.made.store_id)["Groups"]
        if row["DisplayName"] == "Producers"
    )
    producers.made.assign(producers.sets["Billing"], group, STAGING)

    assert adopt(folder, "--selections", str(file)) == 2
    assert "does not reach what new entries list any more" in capsys.readouterr().err
    assert not folder.exists()


class Terminal(io.StringIO):
    """Somebody at a terminal who answers."""

    def isatty(self) -> bool:
        """Tell that somebody is there."""
        return True


@pytest.mark.parametrize("answer", ["y\n", "\n"])
def test_selections_are_asked_for_one_by_one(
    producers: LivedIn,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    """Whoever only presses return gets the list of accounts."""
    assert producers.groups
    assert adopt(folder, "--selections") == 2
    assert "there is nobody to ask" in capsys.readouterr().err

    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert adopt(folder, "--selections") == 0

    question = capsys.readouterr().out
    assert "1 of 1: unit Workloads/Production\n" in question
    assert "later: every account that is made in it or moved into it" in question
    taken = [MANAGEMENT, {"unit": "Workloads/Production"}]
    wanted = taken if answer == "y\n" else [MANAGEMENT, SHOP, DATA]
    assert accounts_of(folder, "producers") == wanted


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
