"""`identity-center drift` where AWS refuses, throttles or breaks off: the rest is told, the gap is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.main import NOBODY_READS, main
from tests.support.changed_by_hand import SHOP, Instance

Drift = Callable[..., tuple[int, list[tuple[str, ...]], str]]
Fault = Callable[..., None]
KIM: Final = ("account assignment", "Emergency", SHOP, "USER", "kim")
LEO: Final = ("member", "Emergency", "leo")
EXTENDED: Final = ("session duration", "Reading")
#: What is refused, by service and operation, with what is told all the same.
REFUSED: Final[dict[str, tuple[str, str, set[tuple[str, ...]]]]] = {
    "sso:ListApplications": ("sso-admin", "ListApplications", {KIM, LEO, EXTENDED}),
    "sso:GetInlinePolicyForPermissionSet": (
        "sso-admin",
        "GetInlinePolicyForPermissionSet",
        {KIM, LEO, EXTENDED},
    ),
    "account-access:ListApplications": ("account-access", "ListApplications", {KIM, LEO, EXTENDED}),
    "identitystore:ListGroupMemberships": ("identitystore", "ListGroupMemberships", {KIM, EXTENDED}),
    "identitystore:ListUsers": ("identitystore", "ListUsers", {EXTENDED}),
    "sso:ListAccountAssignments": ("sso-admin", "ListAccountAssignments", {LEO, EXTENDED}),
    "sso:ListPermissionSets": ("sso-admin", "ListPermissionSets", {LEO}),
}


@pytest.fixture
def drift(instance: Instance, model: Path, capsys: pytest.CaptureFixture[str]) -> Drift:
    """Run the command on an instance with three changes by hand."""
    made, reading = instance.made, instance.sets["Reading"]
    made.assign(instance.sets["Emergency"], instance.users["kim"], SHOP, "USER")
    instance.join("leo")
    made.sso.update_permission_set(**made.of_set(reading), SessionDuration="PT8H")
    made.provision(reading)

    def run(*more: str) -> tuple[int, list[tuple[str, ...]], str]:
        capsys.readouterr()
        arguments = ["drift", "--model", str(model), "--requests-per-second", "10000", *more]
        status = main([*arguments, "--format", "json"])
        shown = capsys.readouterr()
        rows = json.loads(shown.out)["drift"]
        return status, [(row["kind"], *row["names"]) for row in rows], shown.err

    return run


@pytest.mark.parametrize("action", REFUSED)
def test_one_api_refused_is_named_and_the_rest_is_compared(
    drift: Drift, order_fault: Fault, action: str
) -> None:
    """A job without one permission would say that nothing differs, or say nothing at all."""
    service, operation, told = REFUSED[action]
    order_fault(service=service, operation=operation, code="AccessDeniedException")

    status, rows, errors = drift()

    assert (status, set(rows)) == (2, told), errors
    assert f"AccessDeniedException ({action})" in errors
    assert "asked as arn:aws:sts::123456789012:user/moto, who may not read all; docs/permis" in errors


def test_throttling_is_waited_for(drift: Drift, order_fault: Fault) -> None:
    """Somebody else's tool takes the service's rate for a while, every night."""
    for operation in ("ListAccountAssignments", "DescribePermissionSet"):
        order_fault(service="sso-admin", operation=operation, code="ThrottlingException", times=2)

    assert drift() == (1, [KIM, LEO, EXTENDED], "")


def test_a_page_that_fails_hides_no_difference(drift: Drift, break_off: Callable[..., None]) -> None:
    """The first page alone would make everything of the others missing."""
    break_off("identitystore", "ListGroups", "InternalServerException")

    status, rows, errors = drift()

    assert (status, rows) == (2, [EXTENDED]), errors
    assert "identitystore:ListGroups" in errors
    assert "asked as" not in errors, "nobody lacks a permission"


def test_an_account_that_is_closed_meanwhile_is_an_account_still(
    drift: Drift, session: boto3.Session
) -> None:
    """For 90 days its assignments are there, and open the door when it is reinstated."""
    session.client("organizations").close_account(AccountId=SHOP)

    status, rows, errors = drift("--only", "assignments")

    assert (status, KIM in rows) == (1, True), errors


def test_nobody_who_reads_ends_it_without_a_trace(
    drift: Drift, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with `identity-center drift … | head -1`: no error of Python's, and nothing was changed."""
    assert drift()[0] == 1

    class Closed:
        """Somebody has gone."""

        def write(self, _text: str) -> int:
            """Find nobody there."""
            raise BrokenPipeError

        def flush(self) -> None:
            """Find nobody there."""

        def fileno(self) -> int:
            """Be a file of one's own."""
            return 1023

        def isatty(self) -> bool:
            """Be no terminal."""
            return False

    replaced: list[Any] = []
    monkeypatch.setattr("os.dup2", lambda *descriptors: replaced.append(descriptors))
    monkeypatch.setattr("sys.stdout", Closed())
    status = main(["drift", "--model", str(model), "--requests-per-second", "10000", "--remove", "--yes"])

    assert (status, len(replaced)) == (NOBODY_READS, 1)
    assert capsys.readouterr().err == ""
    monkeypatch.undo()
