"""`live.access` and `identity-center access`: who can sign in to what, as the API says."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import boto3
import pytest

from identity_center_cli.aws.access import SignIn, read_access
from identity_center_cli.aws.instance.found import InstanceNotFoundError
from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.clock import CLOCK
from sandbox.settings import REGION
from tests.support.lived_in import TRUST

MANAGEMENT = "123456789012"


@dataclass(frozen=True)
class Directory:
    """An instance with one permission set, to assign people in."""

    session: boto3.Session
    instance_arn: str
    store_id: str
    set_arn: str

    def user(self, name: str) -> str:
        """Make a user."""
        made = self.session.client("identitystore").create_user(
            IdentityStoreId=self.store_id,
            UserName=name,
            DisplayName=name.title(),
            Name={"GivenName": name, "FamilyName": "Example"},
        )
        return made["UserId"]

    def group(self, name: str, *members: str) -> str:
        """Make a group with members."""
        store = self.session.client("identitystore")
        group_id = store.create_group(IdentityStoreId=self.store_id, DisplayName=name)["GroupId"]
        for member in members:
            store.create_group_membership(
                IdentityStoreId=self.store_id, GroupId=group_id, MemberId={"UserId": member}
            )
        return group_id

    def assign(self, kind: Literal["GROUP", "USER"], principal_id: str, account: str = MANAGEMENT) -> None:
        """Assign the permission set and wait until the API has done so."""
        sso = self.session.client("sso-admin")
        told = sso.create_account_assignment(
            InstanceArn=self.instance_arn,
            TargetId=account,
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=self.set_arn,
            PrincipalType=kind,
            PrincipalId=principal_id,
        )["AccountAssignmentCreationStatus"]
        while told["Status"] == "IN_PROGRESS":
            CLOCK.let_pass(1.0)
            told = sso.describe_account_assignment_creation_status(
                InstanceArn=self.instance_arn,
                AccountAssignmentCreationRequestId=told["RequestId"],
            )["AccountAssignmentCreationStatus"]
        assert told["Status"] == "SUCCEEDED"

    def listed(self, principal_type: str, principal_id: str) -> str:
        """Write one assignment as a stack's outputs list it."""
        one = {
            "principalType": principal_type,
            "principalId": principal_id,
            "principal": "key",
            "permissionSetArn": self.set_arn,
            "permissionSet": "Developer",
            "accountId": MANAGEMENT,
        }
        return json.dumps({"account_assignments": [one]})


@pytest.fixture
def directory(session: boto3.Session) -> Directory:
    """Make a permission set in the instance."""
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    made = sso.create_permission_set(InstanceArn=instance["InstanceArn"], Name="Developer")
    return Directory(
        session,
        instance["InstanceArn"],
        instance["IdentityStoreId"],
        made["PermissionSet"]["PermissionSetArn"],
    )


def test_every_person_is_shown_with_the_way_in(directory: Directory) -> None:
    """Access through a group is as real as access of one's own, and easier to overlook."""
    ada, bob = directory.user("ada"), directory.user("bob")
    directory.assign("GROUP", directory.group("Engineers", ada))
    directory.assign("USER", bob, "444444444444")

    access = read_access(directory.session)

    assert access.sign_ins == (
        SignIn("ada", "group Engineers", "Developer", MANAGEMENT, "management"),
        SignIn("bob", "directly", "Developer", "444444444444", "shop-production"),
    )


def test_a_group_without_members_is_named(directory: Directory) -> None:
    """An assignment that lets nobody in looks like access in a list of assignments."""
    directory.assign("GROUP", directory.group("Nobody"))

    access = read_access(directory.session)

    assert access.sign_ins == ()
    assert access.empty_groups == ("Nobody",)


def test_all_pages_are_read(directory: Directory) -> None:
    """A tool that reads the first page shows a part of the access as the whole."""
    people = [directory.user(f"person{number:03}") for number in range(105)]
    directory.assign("GROUP", directory.group("Everybody", *people))

    assert len(read_access(directory.session).sign_ins) == 105


def test_somebody_in_several_groups_is_shown_with_each(directory: Directory) -> None:
    """A peer's function returned the members of the first group only."""
    ada, bob = directory.user("ada"), directory.user("bob")
    for name, people in (("First", [bob]), ("Second", [ada]), ("Third", [ada, bob])):
        directory.assign("GROUP", directory.group(name, *people))

    found = {(one.person, one.through) for one in read_access(directory.session).sign_ins}

    assert found == {
        ("bob", "group First"),
        ("ada", "group Second"),
        ("ada", "group Third"),
        ("bob", "group Third"),
    }


def test_a_region_without_an_instance_is_said(session: boto3.Session) -> None:
    """An empty table would say that nobody has access."""
    with pytest.raises(InstanceNotFoundError, match="eu-west-1 shows 0 Identity Center instances"):
        read_access(boto3.Session(region_name="eu-west-1"))
    assert session.region_name == "us-east-1"


def test_an_assignment_that_the_api_does_not_show_is_a_failure(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An engine can report success over half a job."""
    ada = directory.user("ada")
    monkeypatch.setattr("sys.stdin", io.StringIO(directory.listed("USER", ada)))

    status = main(["access", "--expect", "-"])

    shown = capsys.readouterr()
    assert status == 1
    assert "MISSING: the stack lists user key -> Developer -> 123456789012" in shown.err
    assert "0 of 1 assignments" in shown.out


def test_assignments_that_are_there_pass_and_others_are_counted(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Access that the stack did not make is worth a look, and no failure of the stack."""
    ada = directory.user("ada")
    directory.assign("USER", ada)
    directory.assign("GROUP", directory.group("Others"))
    monkeypatch.setattr("sys.stdin", io.StringIO(directory.listed("USER", ada)))

    status = main(["access", "--expect", "-"])

    assert status == 0
    out = capsys.readouterr().out
    assert "1 of 1 assignments of the stack are in the API; 1 other was not made by it" in out
    assert f"not of the stack: group Others -> Developer -> {MANAGEMENT}\n" in out


def test_exactly_fails_on_what_the_stack_does_not_own(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipeline that owns all access has to stop where somebody gave some beside it."""
    ada = directory.user("ada")
    directory.assign("USER", ada)
    listed = directory.listed("USER", ada)
    for status in (0, 1):
        monkeypatch.setattr("sys.stdin", io.StringIO(listed))
        assert main(["access", "--expect", "-", "--exactly"]) == status, capsys.readouterr()
        directory.assign("GROUP", directory.group(f"Others{status}"))
    assert f"NOT of the stack: group Others0 -> Developer -> {MANAGEMENT}\n" in capsys.readouterr().err
    assert main(["access", "--exactly"]) == 2


def _wiki(directory: Directory, principal: str, *, everybody: bool = False) -> None:
    """Make an application and let a group use it."""
    sso = directory.session.client("sso-admin")
    made = sso.create_application(
        InstanceArn=directory.instance_arn,
        ApplicationProviderArn="arn:aws:sso::aws:applicationProvider/custom",
        Name="Notes" if everybody else "Wiki",
    )["ApplicationArn"]
    if everybody:
        sso.put_application_assignment_configuration(ApplicationArn=made, AssignmentRequired=False)
    else:
        sso.create_application_assignment(ApplicationArn=made, PrincipalId=principal, PrincipalType="GROUP")


def test_applications_and_roles_are_shown_and_not_taken_for_compared(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who counts the account assignments alone misses a way in; outputs of older stacks list nothing else."""
    ada = directory.user("ada")
    _wiki(directory, directory.group("Writers", ada))

    assert main(["access", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["otherAccess"] == [
        {"person": "ada", "through": "group Writers", "kind": "application", "name": "Wiki"}
    ]
    assert main(["access"]) == 0
    assert "application Wiki" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO('{"account_assignments": []}'))
    assert main(["access", "--expect", "-", "--exactly"]) == 2
    assert "NOT COMPARED: 1 assignments of applications" in capsys.readouterr().err


ROLE = "arn:aws:iam::444444444444:role/Auditor"


def _entitle(directory: Directory, group: str) -> None:
    """Let a group have a role of account access manager."""
    made = Surroundings(str(directory.session.client("sso-admin").meta.endpoint_url), REGION, "word")
    made.in_account("iam", "444444444444").create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
    access = directory.session.client("account-access")
    source = {"identityCenter": {"instanceArn": directory.instance_arn}}
    principal = {"identityCenter": {"groupId": group}}
    access.create_entitlement(
        applicationArn=access.create_application(identitySource=source)["applicationArn"],
        entitlement={"principalRole": {"roleArn": ROLE, "principal": principal}},
    )


def _listed(directory: Directory, group: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the outputs of a stack list that gave both to a group."""
    (wiki,) = directory.session.client("sso-admin").list_applications(InstanceArn=directory.instance_arn)[
        "Applications"
    ]
    who = {"principalType": "GROUP", "principalId": group, "principal": "writers"}
    application = {"applicationArn": wiki["ApplicationArn"], "application": "Wiki"}
    return {
        "account_assignments": {},
        "application_assignments": {"wiki/group/writers": {**who, **application}},
        "role_entitlements": {f"{ROLE}/group/writers": {**who, "roleArn": ROLE}},
    }


def test_exactly_decides_on_applications_and_roles(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipeline that ends with 2 for ever, since there is an application, is one that nobody looks at."""
    writers = directory.group("Writers", directory.user("ada"))
    _wiki(directory, writers)
    _entitle(directory, writers)
    listed = _listed(directory, writers)

    def ended(outputs: dict[str, Any]) -> tuple[int, str, list[str]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(outputs)))
        status = main(["access", "--expect", "-", "--exactly"])
        told = capsys.readouterr()
        return status, told.out.splitlines()[-1], told.err.splitlines()

    kinds = "assignments of applications and role entitlements of the stack are in the API"
    assert ended(listed) == (0, f"2 of 2 {kinds}", [])
    for output, words in (
        ("application_assignments", "group Writers -> application Wiki"),
        ("role_entitlements", f"group Writers -> role {ROLE}"),
    ):
        told = ended({**listed, output: {}})
        assert told == (1, f"1 of 1 {kinds}; 1 other was not made by it", [f"NOT of the stack: {words}"])
    (one,) = listed["role_entitlements"].values()
    others = {**listed["role_entitlements"], "second": {**one, "roleArn": f"{ROLE}2"}}
    told = ended({**listed, "role_entitlements": others})
    words = f"MISSING: the stack lists group writers -> role {ROLE}2, and the API does not show it"
    assert told == (1, f"2 of 3 {kinds}", [words])
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({**listed, "role_entitlements": "[secret]"})))
    assert main(["access", "--expect", "-"]) == 2
    assert "does not show the output `role_entitlements`" in capsys.readouterr().err


def test_what_is_asked_for_alone_is_shown(directory: Directory, capsys: pytest.CaptureFixture[str]) -> None:
    """In an organisation of thousands of grants a question is about one person or account."""
    ada, bob = directory.user("ada"), directory.user("bob")
    directory.assign("USER", ada)
    directory.assign("USER", ada, "444444444444")
    directory.assign("USER", bob, "444444444444")
    writers = directory.group("Writers", ada)
    _wiki(directory, writers)
    _entitle(directory, writers)

    def shown(*options: str) -> set[str]:
        assert main(["access", "--format", "json", *options]) == 0
        found = json.loads(capsys.readouterr().out)
        return {f"{one['person']} {one['accountId']}" for one in found["signIns"]} | {
            f"{one['person']} {one['name']}" for one in found["otherAccess"]
        }

    assert shown("--person", "ada") == {f"ada {MANAGEMENT}", "ada 444444444444", "ada Wiki", f"ada {ROLE}"}
    in_shop = {"ada 444444444444", "bob 444444444444", f"ada {ROLE}"}
    assert shown("--account", "444444444444") == in_shop
    assert shown("--account", "Shop-Production") == in_shop, "a name says the same"
    assert shown("--person", "bob", "--account", MANAGEMENT, "--account", "444444444444") == {
        "bob 444444444444"
    }
    assert len(shown("--set", "Developer")) == 3
    directory.session.client("sso-admin").create_permission_set(
        InstanceArn=directory.instance_arn, Name="Unused"
    )
    directory.user("eve")
    assert shown("--set", "Unused") == shown("--person", "eve") == set()


def test_a_name_that_nothing_has_is_no_empty_table(
    directory: Directory, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt name would be told to have no access."""
    directory.assign("USER", directory.user("ada"))

    assert main(["access", "--person", "Eva", "--set", "Dev", "--account", "000000000000"]) == 2
    assert "knows no user Eva, no permission set Dev, no account 000000000000" in capsys.readouterr().err


def test_what_is_refused_of_applications_is_named_and_the_rest_is_shown(
    directory: Directory, order_fault: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A table without a way in that was not read says that there is none."""
    directory.assign("USER", directory.user("ada"))
    order_fault(service="sso-admin", operation="ListApplications", code="AccessDeniedException")

    assert main(["access"]) == 2
    found = capsys.readouterr()
    assert "NOT READ: applications: AccessDeniedException (sso:ListApplications)" in found.err
    assert "ada" in found.out


def test_the_same_answer_is_there_for_machines(
    directory: Directory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports and checks of one's own start from JSON."""
    directory.assign("USER", directory.user("ada"))

    assert main(["access", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["signIns"] == [
        {
            "person": "ada",
            "through": "directly",
            "permissionSet": "Developer",
            "accountId": MANAGEMENT,
            "accountName": "management",
        }
    ]


@pytest.mark.parametrize("shape", [list, lambda ones: {f"a/user/b/{MANAGEMENT}": one for one in ones}])
def test_the_outputs_of_old_and_new_stacks_are_read(
    directory: Directory,
    shape: Callable[[list[object]], object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A pipeline that upgrades the command before its stacks goes on comparing."""
    ada = directory.user("ada")
    directory.assign("USER", ada)
    (one,) = json.loads(directory.listed("USER", ada))["account_assignments"]
    text = json.dumps({"account_assignments": shape([one])})
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    assert main(["access", "--expect", "-"]) == 0
    assert "1 of 1 assignments of the stack are in the API" in capsys.readouterr().out


def test_outputs_without_their_secrets_are_told_apart_from_other_files(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The long outputs are secret for the engine's display: whoever forgets the option is told of it."""
    monkeypatch.setattr("sys.stdin", io.StringIO('{"account_assignments": "[secret]"}'))

    assert main(["access", "--expect", "-"]) == 2
    assert "`pulumi stack output --json --show-secrets` does" in capsys.readouterr().err
    assert session.region_name == "us-east-1"


@pytest.mark.parametrize("outputs", ["", "{}", "[]", '{"account_assignments": [{}]}', "no json"])
def test_outputs_of_another_kind_are_an_error_and_not_an_empty_list(
    session: boto3.Session,
    outputs: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing expected and nothing missing would look like all is well."""
    monkeypatch.setattr("sys.stdin", io.StringIO(outputs))

    assert main(["access", "--expect", "-"]) == 2
    assert "is not what `pulumi stack output --json` prints" in capsys.readouterr().err
    assert session.region_name == "us-east-1"


def test_spreadsheets_get_a_row_for_each_way_in(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence in the middle of a file would be a row with one cell."""
    ada = directory.user("ada")
    directory.assign("USER", ada)
    directory.assign("GROUP", directory.group("Engineers", directory.user("=bob")), "444444444444")
    monkeypatch.setattr("sys.stdin", io.StringIO(directory.listed("USER", ada)))

    assert main(["access", "--format", "csv", "--expect", "-"]) == 0

    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "person,through,kind,name,accountId,accountName",
        "'=bob,group Engineers,permission set,Developer,444444444444,shop-production",
        "ada,directly,permission set,Developer,123456789012,management",
    ]
    assert "1 of 1 assignments" in shown.err


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (("--person", "adda"), "`ada`"),
        (("--account", "managment"), "`management`"),
        (("--account", "444444444443"), "`444444444444`"),
        (("--set", "Developers", "--person", "adda"), "`ada` or `Developer`"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_the_nearest(
    directory: Directory, asked: tuple[str, ...], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typing mistake is found by who reads the right spelling."""
    directory.assign("USER", directory.user("ada"))

    assert main(["access", *asked]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean {meant}?\n")


def test_a_table_that_is_piped_has_a_line_for_each_way_in(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`identity-center access | grep shop` finds nothing of a cell that goes on below, or is cut."""
    monkeypatch.setenv("COLUMNS", "40")
    directory.assign("USER", directory.user("a-person-with-a-name-of-forty-characters"), "444444444444")

    assert main(["access"]) == 0
    (line,) = [each for each in capsys.readouterr().out.splitlines() if "444444444444" in each]
    assert "a-person-with-a-name-of-forty-characters" in line
    assert "shop-production" in line


def test_somebody_who_is_gone_is_shown_by_the_whole_id(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An assignment outlives its user; half of an id is found nowhere."""
    monkeypatch.setenv("COLUMNS", "40")
    ada = directory.user("ada")
    directory.assign("USER", ada)
    directory.session.client("identitystore").delete_user(IdentityStoreId=directory.store_id, UserId=ada)

    assert main(["access"]) == 0
    assert f"{ada} (deleted)" in capsys.readouterr().out
