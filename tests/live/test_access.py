"""`identity-center access`: who can sign in to what, as the API says."""

import io
import json
from collections.abc import Callable

import boto3
import pytest

from identity_center_cli.aws.access import SignIn, read_access
from identity_center_cli.aws.instance.found import InstanceNotFoundError
from identity_center_cli.main import main
from tests.support.one_set import ENTITLED_ROLE as ROLE
from tests.support.one_set import MANAGEMENT, Directory, directory, entitle, wiki

__all__ = ["directory"]


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


def test_applications_and_roles_are_shown_and_not_taken_for_compared(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who counts the account assignments alone misses a way in; outputs of older stacks list nothing else."""
    ada = directory.user("ada")
    wiki(directory, directory.group("Writers", ada))

    assert main(["access", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["otherAccess"] == [
        {"person": "ada", "through": "group Writers", "kind": "application", "name": "Wiki"}
    ]
    assert main(["access"]) == 0
    assert "application Wiki" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO('{"account_assignments": []}'))
    assert main(["access", "--expect", "-", "--exactly"]) == 2
    assert "NOT COMPARED: 1 assignments of applications" in capsys.readouterr().err


def test_what_is_asked_for_alone_is_shown(directory: Directory, capsys: pytest.CaptureFixture[str]) -> None:
    """In an organisation of thousands of grants a question is about one person or account."""
    ada, bob = directory.user("ada"), directory.user("bob")
    directory.assign("USER", ada)
    directory.assign("USER", ada, "444444444444")
    directory.assign("USER", bob, "444444444444")
    writers = directory.group("Writers", ada)
    wiki(directory, writers)
    entitle(directory, writers)

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
