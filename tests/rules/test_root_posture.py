"""Root users of the accounts that people are let into: what the last audit's file says, and does not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
Write = Callable[..., dict[str, Any]]
RULE: Final = "root-users"
ORGANISATION: Final = "o-abcdefghij"
GOOD: Final = {
    "readAt": "2026-11-19T10:00:00Z",
    "accessKeyPresent": False,
    "passwordPresent": False,
    "mfa": False,
}
ACCOUNT: Final = "111122223333"


@pytest.fixture
def audit_file(tmp_path: Path) -> Write:
    """Write an audit's file and return the rule's configuration."""

    def write(accounts: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - also what no file may hold
        content = {
            "kind": "identity-center/root-audit",
            "version": 1,
            "organizationId": ORGANISATION,
            "accounts": accounts,
            **changes,
        }
        file = tmp_path / "audit.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return {"auditFile": str(file), "organizationId": ORGANISATION}

    return write


def assignment(account: str = ACCOUNT, name: str = "people") -> Made:
    """Let people into an account."""
    return Made("aws:ssoadmin/accountAssignment:AccountAssignment", name, {"targetId": account})


def entitlement() -> Made:
    """Let people into an account by a role there."""
    role = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/Deploy"}
    return Made(
        "aws:accountaccess/entitlement:Entitlement", "people", {"entitlement": {"principalRole": role}}
    )


def of_rule(told: list[Told]) -> list[Told]:
    """Leave out what the other rules say of so small a stack."""
    return [each for each in told if each.policy == RULE or "root user" in each.message]


@pytest.mark.parametrize("way_in", [assignment(), entitlement()], ids=["assignment", "entitlement"])
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"accessKeyPresent": True, "mfa": True}, "it has an access key"),
        ({"passwordPresent": True}, "it has a password or key, and no MFA"),
        ({"accessKeyPresent": True}, "it has an access key; it has a password or key, and no MFA"),
        ({"accessKeyPresent": True, "passwordPresent": None}, "it has an access key"),
    ],
)
def test_people_are_not_let_into_an_account_with_a_bad_root(  # noqa: PLR0913, PLR0917 - a table and fixtures
    preview: Run, update: Run, audit_file: Write, facts: dict[str, Any], why: str, way_in: Made
) -> None:
    """In a preview and before the assignment is made alike."""
    settings = audit_file({ACCOUNT: {**GOOD, **facts}})

    for run in (preview, update):
        (told,) = of_rule(run(way_in, root_users=settings))
        assert (told.policy, told.level) == (RULE, "mandatory")
        assert why in told.message
        assert ACCOUNT in told.message
        assert "identity-center root remediate" in told.message


@pytest.mark.parametrize(
    "facts", [{}, {"passwordPresent": True, "mfa": True}, {"mfa": None}], ids=["nothing", "MFA", "MFA unseen"]
)
def test_a_good_root_passes(preview: Run, audit_file: Write, facts: dict[str, Any]) -> None:
    """Without a credential there is nothing that MFA could protect."""
    assert of_rule(preview(assignment(), root_users=audit_file({ACCOUNT: {**GOOD, **facts}}))) == []


@pytest.mark.parametrize(
    ("accounts", "changes", "why"),
    [
        ({}, {}, "the audit does not have them"),
        ({ACCOUNT: {**GOOD, "accessKeyPresent": None}}, {}, "the audit could not read all that counts"),
        ({ACCOUNT: {**GOOD, "passwordPresent": True, "mfa": None}}, {}, "could not read all that counts"),
        ({ACCOUNT: {**GOOD, "readAt": "2026-11-12T10:00:00Z"}}, {}, "8 days ago, and 7 is the most"),
        ({ACCOUNT: {**GOOD, "readAt": "2026-11-21T10:00:00Z"}}, {}, "lies in the future"),
        ({ACCOUNT: {**GOOD, "readAt": None}}, {}, "does not say when it was read"),
        ({ACCOUNT: {**GOOD, "accessKeyPresent": True, "readAt": "2026-01-01T00:00:00Z"}}, {}, "is the most"),
        ({ACCOUNT: GOOD}, {"organizationId": "o-another0000"}, "is of another organisation"),
        ({ACCOUNT: GOOD}, {"kind": "something"}, "is no report of the kind"),
        ({ACCOUNT: GOOD}, {"version": 2}, "is of another version"),
        ({ACCOUNT: []}, {}, "the audit does not have them"),
    ],
)
def test_what_the_file_does_not_tell_is_unknown(
    preview: Run, audit_file: Write, accounts: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    """An advisory that says how to find out, and a refusal where the organisation wants it so."""
    settings = audit_file(accounts, **changes)

    (told,) = of_rule(preview(assignment(), root_users=settings))
    assert (told.policy, told.level) == ("undecided", "advisory")
    assert why in told.message
    assert "identity-center root audit" in told.message

    (told,) = of_rule(preview(assignment(), root_users={**settings, "unknown": "mandatory"}))
    assert (told.policy, told.level) == (RULE, "mandatory")


def test_a_file_that_is_not_there_is_unknown(preview: Run, tmp_path: Path) -> None:
    """The pipeline that lost its file must not pass in silence."""
    settings = {"auditFile": str(tmp_path / "none.json"), "organizationId": ORGANISATION}

    (told,) = of_rule(preview(assignment(), assignment("444455556666", "others"), root_users=settings))

    assert told.policy == "undecided"
    assert "could not be read" in told.message
    assert "`111122223333` and `444455556666`" in told.message


@pytest.mark.parametrize("content", ["", '{"kind": ', "no JSON at all"])
def test_a_file_that_was_cut_off_is_unknown(preview: Run, tmp_path: Path, content: str) -> None:
    """A job that died while it wrote must neither pass nor end the preview with a traceback."""
    file = tmp_path / "audit.json"
    file.write_text(content, encoding="utf-8")

    (told,) = of_rule(
        preview(assignment(), root_users={"auditFile": str(file), "organizationId": ORGANISATION})
    )

    assert told.policy == "undecided"
    assert "is no report" in told.message


def test_accounts_of_which_the_same_is_unknown_are_told_together(preview: Run, audit_file: Write) -> None:
    """In the order of their numbers, at the first; each reason by itself."""
    accounts = ("444455556666", "111122223333", "777788889999", "222222222222")
    rows = {
        "777788889999": {**GOOD, "passwordPresent": None},
        "222222222222": {**GOOD, "accessKeyPresent": True},
    }
    ways_in = [assignment(each, each) for each in accounts]
    bad, missing, unread = of_rule(preview(*ways_in, root_users=audit_file(rows)))

    assert (bad.policy, bad.urn) == (RULE, ways_in[3].urn)
    assert (
        "the root users of `111122223333` and `444455556666` are unknown: the audit does not"
        in missing.message
    )
    assert missing.urn == ways_in[1].urn
    assert "the root users of `777788889999` are unknown: the audit could not read" in unread.message
    assert unread.urn == ways_in[2].urn


def test_an_account_is_told_at_the_first_way_in(preview: Run, audit_file: Write) -> None:
    """Ten assignments to one account are one root user."""
    ways_in = [assignment(name="first"), assignment(name="second"), entitlement()]
    (told,) = of_rule(preview(*ways_in, root_users=audit_file({ACCOUNT: {**GOOD, "passwordPresent": True}})))

    assert told.urn == ways_in[0].urn
    assert "let in by: AccountAssignment `first`" in told.message


def test_a_file_without_an_organisation_to_compare_is_unknown(preview: Run, audit_file: Write) -> None:
    """Anybody's good audit would do otherwise."""
    settings = audit_file({ACCOUNT: GOOD})
    del settings["organizationId"]

    (told,) = of_rule(preview(assignment(), root_users=settings))
    assert "`organizationId` is not configured" in told.message


def test_an_account_that_is_not_known_yet_is_unknown(preview: Run, audit_file: Write) -> None:
    """An account that the stack makes itself has a root user, too."""
    (told,) = of_rule(preview(assignment(UNKNOWN), root_users=audit_file({ACCOUNT: GOOD})))

    assert told.policy == "undecided"
    assert "is not known yet" in told.message


def test_nothing_is_said_where_no_file_is_configured(preview: Run) -> None:
    """The rule is an offer; organisations that watch root elsewhere are left alone."""
    assert of_rule(preview(assignment())) == []
