"""`identity-center access --expect`: what a stack lists beside what the API shows."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from identity_center_cli.main import main
from tests.support.one_set import ENTITLED_ROLE as ROLE
from tests.support.one_set import MANAGEMENT, Directory, directory, entitle, wiki

__all__ = ["directory"]


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
    wiki(directory, writers)
    entitle(directory, writers)
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
