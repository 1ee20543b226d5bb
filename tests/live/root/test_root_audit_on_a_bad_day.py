"""`identity-center root audit` on a bad day: a refusal is named, the rest is read, a second run finishes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from identity_center_cli.aws.root.audit import RootAudit
from identity_center_cli.aws.root.audit_file import save
from identity_center_cli.aws.root.posture import Standing
from identity_center_cli.aws.root.sessions import Doors, Task
from identity_center_cli.verbs.root import verb as root

if TYPE_CHECKING:
    from tests.live.conftest import Audit

MANAGEMENT, SHOP = "123456789012", "444444444444"
WITH_KEY, WITHOUT_MFA = "666666666666", "777777777777"
EVERY_MEMBER = {SHOP, WITH_KEY, WITHOUT_MFA, "111111111111", "222222222222", "333333333333", "555555555555"}
Post = Callable[..., None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note whose root a session is asked for."""
    found: list[str] = []
    real = Doors.as_root

    def as_root(self: Doors, account_id: str, task: Task) -> Any:  # noqa: ANN401 - a boto3 client
        found.append(account_id)
        return real(self, account_id, task)

    monkeypatch.setattr(Doors, "as_root", as_root)
    return found


@pytest.mark.usefixtures("central_root")
def test_a_permission_that_lacks_in_one_account_is_named_and_a_second_run_reads_only_that(
    audit: "Audit",
    order_fault: Post,
    no_more_faults: Post,
    asked: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One account with a policy of its own must not cost the reading of five hundred."""
    order_fault(service="sts", operation="AssumeRoot", code="AccessDenied", account=SHOP)
    assert audit() == 1
    assert audit.of_standing(Standing.UNKNOWN) == {SHOP}
    assert audit.of_standing(Standing.BAD) == {WITH_KEY, WITHOUT_MFA}
    row, why = [line for line in capsys.readouterr().out.splitlines() if SHOP in line]
    assert row.rstrip("│ ").endswith("unknown")
    assert why == f"not seen of {SHOP}: sts:AssumeRoot: AccessDenied"

    no_more_faults()
    asked.clear()
    assert audit("--resume") == 1

    assert asked == [SHOP]
    assert audit.of_standing(Standing.UNKNOWN) == set()


@pytest.mark.parametrize(
    ("operation", "standing"),
    [
        ("ListAccessKeys", Standing.UNKNOWN),
        ("GetLoginProfile", Standing.UNKNOWN),
        ("ListSigningCertificates", Standing.UNKNOWN),
        ("ListMFADevices", Standing.FINE),
        ("GetUser", Standing.FINE),
    ],
)
@pytest.mark.usefixtures("central_root")
def test_a_refused_question_is_named_and_leaves_the_other_answers(
    audit: "Audit", order_fault: Post, operation: str, standing: Standing
) -> None:
    """MFA and last use decide nothing where there is no credential; everything else does."""
    order_fault(service="iam", operation=operation, code="AccessDenied", account=SHOP)

    audit()

    assert audit.postures[SHOP].standing is standing
    assert f"iam:{operation}: AccessDenied" in audit.postures[SHOP].unseen
    assert audit.of_standing(Standing.UNKNOWN) <= {SHOP}
    assert audit.of_standing(Standing.BAD) == {WITH_KEY, WITHOUT_MFA}


@pytest.mark.usefixtures("central_root")
def test_mfa_that_was_not_seen_counts_where_a_password_is(audit: "Audit", order_fault: Post) -> None:
    """The same refusal means something else in an account whose root can sign in."""
    order_fault(service="iam", operation="ListMFADevices", code="AccessDenied", account=WITHOUT_MFA)

    audit()

    assert audit.postures[WITHOUT_MFA].standing is Standing.UNKNOWN


@pytest.mark.usefixtures("central_root")
def test_throttling_is_waited_for(audit: "Audit", order_fault: Post) -> None:
    """Hundreds of accounts at once are more than IAM likes."""
    order_fault(service="iam", operation="ListAccessKeys", code="Throttling", times=3)

    assert audit() == 1
    assert audit.of_standing(Standing.UNKNOWN) == set()


@pytest.mark.usefixtures("central_root")
def test_throttling_without_an_end_leaves_that_account_unknown(
    audit: "Audit", order_fault: Post, no_more_faults: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked too often was not seen."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    monkeypatch.setattr("identity_center_cli.aws.root.sessions.PATIENT", None)
    order_fault(service="iam", operation="GetLoginProfile", code="Throttling", account=SHOP)
    assert audit() == 1
    assert audit.of_standing(Standing.UNKNOWN) == {SHOP}
    assert audit.postures[SHOP].unseen == ("iam:GetLoginProfile: Throttling",)

    no_more_faults()
    assert audit("--resume") == 1
    assert audit.of_standing(Standing.UNKNOWN) == set()


def test_an_account_that_is_closed_between_list_and_reading_is_unknown(
    central_root: boto3.Session, audit: "Audit", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed account keeps its root user, and nobody can read it any more."""
    real = Doors.as_root

    def close_first(self: Doors, account_id: str, task: Task) -> Any:  # noqa: ANN401 - a boto3 client
        if account_id == SHOP:
            central_root.client("organizations").close_account(AccountId=SHOP)
        return real(self, account_id, task)

    monkeypatch.setattr(Doors, "as_root", close_first)

    assert audit() == 1

    assert audit.of_standing(Standing.UNKNOWN) == {SHOP}
    assert audit.postures[SHOP].unseen == ("sts:AssumeRoot: AccessDenied",)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidClientTokenId", "ExpiredToken"])
@pytest.mark.usefixtures("central_root")
def test_a_root_session_that_ends_in_the_middle_leaves_that_account_unknown(
    audit: "Audit", order_fault: Post, code: str
) -> None:
    """It is closed, or it took 15 minutes: half of the answers is no answer, and the others are read."""
    for operation in ("GetLoginProfile", "ListSigningCertificates"):
        order_fault(service="iam", operation=operation, code=code, account=SHOP)

    assert audit() == 1

    assert audit.of_standing(Standing.UNKNOWN) == {SHOP}
    assert audit.postures[SHOP].unseen == (
        f"iam:GetLoginProfile: {code}",
        f"iam:ListSigningCertificates: {code}",
    )


def test_a_suspended_account_is_unknown(central_root: boto3.Session, audit: "Audit") -> None:
    """Its root user can still sign in."""
    central_root.client("organizations").close_account(AccountId=SHOP)

    audit()

    assert audit.postures[SHOP].unseen == ("the account is suspended or closed",)
    assert audit.of_standing(Standing.UNKNOWN) == {SHOP}


@pytest.mark.usefixtures("central_root")
def test_a_second_run_finishes_what_an_ended_session_left(
    audit: "Audit", order_fault: Post, no_more_faults: Post
) -> None:
    """Credentials of an hour end in the middle of a large organisation."""
    order_fault(service="sts", operation="AssumeRoot", code="ExpiredToken", after=3)
    audit()
    left = audit.of_standing(Standing.UNKNOWN)
    first = audit.postures
    assert len(left) == len(EVERY_MEMBER) - 3

    no_more_faults()
    status = audit("--resume")

    assert status == 1
    assert audit.of_standing(Standing.UNKNOWN) == set()
    kept = first.keys() - left
    assert all(audit.postures[account] == first[account] for account in kept)


@pytest.mark.usefixtures("central_root")
def test_a_run_that_is_stopped_keeps_what_it_saw(audit: "Audit", monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after an hour must not cost the hour."""
    monkeypatch.setattr(root, "ACCOUNTS_BETWEEN_SAVES", 2)
    stops = iter([KeyboardInterrupt])

    def save_and_stop(read: RootAudit, path: Path) -> None:
        save(read, path)
        for stop in stops:
            raise stop

    monkeypatch.setattr(root, "save", save_and_stop)
    with pytest.raises(KeyboardInterrupt):
        audit()
    assert len(audit.postures) >= 2

    monkeypatch.setattr(root, "save", save)
    audit("--resume")
    assert audit.postures.keys() == EVERY_MEMBER | {MANAGEMENT}


@pytest.mark.usefixtures("session")
def test_a_report_that_is_never_ready_leaves_the_summary(audit: "Audit", order_fault: Post) -> None:
    """What there is counts; when it was used is missing, and said to be."""
    order_fault(service="iam", operation="GetCredentialReport", code="ReportInProgress", account=WITH_KEY)

    audit("--role", "OrganizationAccountAccessRole")

    posture = audit.postures[WITH_KEY]
    assert posture.standing is Standing.BAD
    assert posture.last_used is None
    assert posture.unseen[-1] == "iam:GetCredentialReport: ReportInProgress"


@pytest.mark.usefixtures("central_root")
def test_a_list_of_accounts_that_breaks_off_is_no_list(
    audit: "Audit", break_off: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of the accounts, all fine, would read as an organisation that is."""
    break_off("organizations", "ListAccounts", "AccessDeniedException")

    assert audit() == 2
    assert "could not be listed" in capsys.readouterr().err
    assert not audit.file.exists()


@pytest.mark.usefixtures("central_root")
def test_a_session_that_ended_before_says_so(
    audit: "Audit", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever comes back from lunch needs new credentials, not other ones."""
    monkeypatch.setattr("identity_center_cli.aws.root.sessions.Doors.organizations", _expired)

    assert audit() == 2
    assert "the session of these credentials has ended: run again with new ones" in capsys.readouterr().err
    assert not audit.file.exists()


def _expired(_doors: Doors) -> Any:  # noqa: ANN401 - a boto3 client
    client = boto3.client("organizations", aws_access_key_id="a", aws_secret_access_key="b")

    def answer(http_response: Any, parsed: dict[str, Any], **_more: Any) -> None:  # noqa: ANN401 - of botocore
        http_response.status_code = 400
        parsed["Error"] = {"Code": "ExpiredTokenException", "Message": "The security token is expired"}

    client.meta.events.register("after-call.organizations.DescribeOrganization", answer)
    return client


@pytest.mark.usefixtures("central_root")
def test_a_list_of_keys_that_breaks_off_shows_no_keys(audit: "Audit", break_off: Post) -> None:
    """The key may stand on the page that did not come."""
    break_off("iam", "ListAccessKeys", "ServiceFailure")

    audit()

    half = [each for each in audit.postures.values() if "iam:ListAccessKeys: ServiceFailure" in each.unseen]
    assert {each.account_id for each in half} == EVERY_MEMBER
    assert all(each.has_access_key is None and each.standing is not Standing.FINE for each in half)


@pytest.mark.usefixtures("central_root")
def test_an_answer_of_which_half_comes_is_none(audit: "Audit", cut_short: Post) -> None:
    """A proxy that closes the connection must end neither the run nor in a table of `no`."""
    cut_short("iam", "ListAccessKeys")

    assert audit() == 1

    assert audit.of_standing(Standing.UNKNOWN) == EVERY_MEMBER - {WITHOUT_MFA}
    assert "iam:ListAccessKeys: an answer that broke off" in audit.postures[SHOP].unseen


@pytest.mark.usefixtures("central_root")
def test_half_a_list_of_accounts_is_none(
    audit: "Audit", cut_short: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error would quote the answer: the names and addresses of accounts."""
    cut_short("organizations", "ListAccounts")

    assert audit() == 2
    assert capsys.readouterr().err == "identity-center: an answer of AWS broke off; run again\n"
    assert not audit.file.exists()


@pytest.mark.usefixtures("central_root")
def test_a_report_that_gets_ready_later_is_waited_for(audit: "Audit", order_fault: Post) -> None:
    """AWS takes a while for it, each time it is made anew."""
    order_fault(service="iam", operation="GetCredentialReport", code="ReportInProgress", times=4)

    audit()

    assert f"{audit.postures[MANAGEMENT].last_used:%Y-%m-%d}" == "2025-02-11"
    assert audit.postures[MANAGEMENT].unseen == ()


@pytest.mark.usefixtures("central_root")
def test_a_report_without_root_is_said_to_be_one(audit: "Audit", monkeypatch: pytest.MonkeyPatch) -> None:
    """No last use would read as never used."""
    monkeypatch.setattr("identity_center_cli.aws.root.reading._ROOT_ROW", "<another>")

    audit()

    assert audit.postures[MANAGEMENT].unseen == ("iam:GetCredentialReport: the report has no row of root",)
