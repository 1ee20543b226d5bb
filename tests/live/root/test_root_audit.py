"""`identity-center root audit`: every account's root user, and what is said where one could not be read."""

import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from identity_center_cli.aws.root.audit import Auditor, NoOrganisationError
from identity_center_cli.aws.root.posture import Standing
from identity_center_cli.aws.token_bucket import TokenBucket

if TYPE_CHECKING:
    from tests.live.conftest import Audit

MANAGEMENT, NETWORK, SHOP = "123456789012", "333333333333", "444444444444"
WITH_KEY, WITHOUT_MFA = "666666666666", "777777777777"
EVERY_MEMBER = {NETWORK, SHOP, WITH_KEY, WITHOUT_MFA, "111111111111", "222222222222", "555555555555"}


Post = Callable[..., None]


@pytest.mark.usefixtures("central_root")
def test_the_two_bad_accounts_are_found_and_the_others_are_fine(
    audit: "Audit", capsys: pytest.CaptureFixture[str]
) -> None:
    """A root user with a key, or a password without MFA, is the whole account to whoever finds it."""
    status = audit()

    shown = capsys.readouterr().out
    assert status == 1
    assert audit.of_standing(Standing.BAD) == {WITH_KEY, WITHOUT_MFA}
    assert audit.of_standing(Standing.UNKNOWN) == set()
    assert "root has an access key" in shown
    assert "root has a password or key without MFA" in shown
    assert f"identity-center root remediate {WITH_KEY}" in shown


@pytest.mark.usefixtures("central_root")
def test_everything_that_the_table_shows_was_read(audit: "Audit") -> None:
    """Last use decides what may be deleted, and central management whether it can come back."""
    audit()

    bad = audit.postures[WITH_KEY]
    assert bad.access_keys is not None
    (key,) = bad.access_keys
    assert (key.identifier, key.active, f"{key.last_used:%Y-%m-%d}") == (
        "AKIAROOTOFSHOPSTAGIN",
        True,
        "2026-01-15",
    )
    assert (bad.has_password, bad.has_mfa, bad.certificates) == (True, True, 0)
    assert (bad.seen_through, bad.centrally_managed) == ("root session", True)
    assert f"{audit.postures[WITHOUT_MFA].last_used:%Y-%m-%d}" == "2026-10-05"
    management = audit.postures[MANAGEMENT]
    assert (management.seen_through, management.centrally_managed) == ("own credentials", False)
    assert (management.has_access_key, management.has_password, management.has_mfa) == (False, True, True)
    assert f"{management.last_used:%Y-%m-%d}" == "2025-02-11"


@pytest.mark.parametrize("option", ["--requests-per-second", "--resume-hours"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "many"])
def test_a_number_that_is_none_is_named(
    audit: "Audit", option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate of 0 would wait for ever."""
    with pytest.raises(SystemExit) as ended:
        audit(f"{option}={value}")

    assert ended.value.code == 2
    assert f"argument {option}: `{value}` is not a number above 0" in capsys.readouterr().err


@pytest.mark.usefixtures("central_root")
def test_root_without_credentials_needs_no_mfa(audit: "Audit", capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for MFA there would make people create the password that was rightly removed."""
    audit()

    assert audit.postures[NETWORK].has_mfa is False
    assert audit.postures[NETWORK].standing is Standing.FINE
    assert "not needed" in capsys.readouterr().out


@pytest.mark.usefixtures("session")
def test_nothing_is_fine_that_was_not_seen(audit: "Audit", capsys: pytest.CaptureFixture[str]) -> None:
    """Without central root access members cannot be read: a table of `no` would be a lie."""
    status = audit()

    assert status == 2
    assert audit.of_standing(Standing.UNKNOWN) == EVERY_MEMBER
    shown = capsys.readouterr().out
    assert "members' root users are not managed centrally" in shown
    assert "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com" in shown
    assert "aws iam enable-organizations-root-credentials-management" in shown
    assert {each.centrally_managed for each in audit.postures.values()} == {False}


@pytest.mark.usefixtures("central_root")
def test_whether_root_is_managed_centrally_is_unknown_where_aws_does_not_say(
    audit: "Audit", order_fault: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    """A permission that lacks is no reason to say no, and root sessions may work all the same."""
    order_fault(service="iam", operation="ListOrganizationsFeatures", code="AccessDenied")

    assert audit() == 1

    assert audit.of_standing(Standing.UNKNOWN) == set()
    assert audit.postures[SHOP].centrally_managed is None
    assert "is unknown: iam:ListOrganizationsFeatures: AccessDenied" in capsys.readouterr().out


@pytest.mark.usefixtures("session")
def test_a_role_of_the_organisation_stands_in(audit: "Audit") -> None:
    """Most organisations have a role in every account long before they have central root access."""
    status = audit("--role", "OrganizationAccountAccessRole")

    assert status == 1
    assert audit.of_standing(Standing.BAD) == {WITH_KEY, WITHOUT_MFA}
    assert audit.of_standing(Standing.UNKNOWN) == set()
    assert audit.postures[WITH_KEY].seen_through == "role OrganizationAccountAccessRole"
    assert f"{audit.postures[WITH_KEY].last_used:%Y-%m-%d}" == "2026-01-15"


@pytest.mark.usefixtures("central_root")
def test_what_a_pipeline_reads_is_the_same(audit: "Audit", capsys: pytest.CaptureFixture[str]) -> None:
    """The file, the JSON on standard output and the table tell one story."""
    audit("--format", "json")

    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(audit.file.read_text(encoding="utf-8"))
    assert printed["accounts"][WITH_KEY]["standing"] == "bad"
    assert printed["kind"] == "identity-center/root-audit"


@pytest.mark.usefixtures("central_root")
def test_a_spreadsheet_gets_each_account_and_what_to_do(
    audit: "Audit", capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever hands the accounts out to their teams wants rows, and no summary between them."""
    audit("--format", "csv")

    listed = {row["accountId"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert {each: row["standing"] for each, row in listed.items()} == {
        each: posture.standing.value for each, posture in audit.postures.items()
    }
    assert listed[WITH_KEY]["todo"] == audit.postures[WITH_KEY].remedy


@pytest.mark.usefixtures("central_root")
def test_a_file_of_another_organisation_is_not_gone_on_with(
    audit: "Audit", capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else's good accounts must not stand for ours."""
    audit()
    text = json.loads(audit.file.read_text(encoding="utf-8")) | {"organizationId": "o-another000"}
    audit.file.write_text(json.dumps(text), encoding="utf-8")

    assert audit("--resume") == 2
    assert "is of organisation o-another000" in capsys.readouterr().err


@pytest.mark.usefixtures("central_root")
def test_a_terminal_shows_how_far_it_is(
    audit: "Audit", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A large organisation takes minutes; the bar stays out of what a pipeline reads."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    audit("--format", "json")

    shown = capsys.readouterr()
    assert "root users" in shown.err
    assert "8/8" in shown.err
    assert json.loads(shown.out)["kind"] == "identity-center/root-audit"


@pytest.fixture
def delegate(central_root: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """Give a session of IAM's delegated administrator."""
    account = "222222222222"
    central_root.client("organizations").register_delegated_administrator(
        AccountId=account, ServicePrincipal="iam.amazonaws.com"
    )
    _become(central_root, account, monkeypatch)
    return boto3.Session()


def _become(session: boto3.Session, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = session.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole", RoleSessionName="test"
    )["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])


def test_a_delegated_administrator_reads_members_and_not_the_management_account(
    delegate: boto3.Session,
) -> None:
    """AWS advises to work from a delegated administrator; what it cannot see there is unknown."""
    auditor = Auditor(delegate, 1000)
    organisation = auditor.organisation()

    postures = auditor.read(organisation, organisation.accounts)

    of_standing = {standing: {key for key, each in postures.items() if each.standing is standing}
                   for standing in Standing}  # fmt: skip
    assert of_standing[Standing.UNKNOWN] == {MANAGEMENT}
    assert of_standing[Standing.BAD] == {WITH_KEY, WITHOUT_MFA}


def test_any_other_member_is_told_whose_credentials_are_needed(
    central_root: boto3.Session,
    audit: "Audit",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever signs in to the wrong account first must not read that an organisation is fine."""
    _become(central_root, NETWORK, monkeypatch)

    assert audit() == 2
    shown = capsys.readouterr().err
    assert "could not be listed" in shown
    assert "the management account or of IAM's delegated administrator" in shown
    assert not audit.file.exists()


def test_a_list_without_the_management_account_is_no_organisation(
    central_root: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that something on the way shortened would read as an organisation in which nothing is wrong."""
    auditor = Auditor(central_root, 1000)
    organizations = auditor.doors.organizations()
    organizations.meta.events.register(
        "after-call.organizations.ListAccounts", lambda parsed, **_more: parsed.update(Accounts=[])
    )
    monkeypatch.setattr(auditor.doors, "organizations", lambda: organizations)

    with pytest.raises(NoOrganisationError, match="does not hold the management account"):
        auditor.organisation()


@pytest.mark.usefixtures("central_root")
def test_all_accounts_share_one_rate_and_no_request_goes_around_it(
    audit: "Audit", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate for each account, or a client that nobody counts, takes what everybody who works there needs."""
    taken: list[TokenBucket] = []
    sent: list[str] = []
    send = URLLib3Session.send

    def take(bucket: TokenBucket) -> None:
        taken.append(bucket)

    def note(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        sent.append(str(request.url))
        return send(self, request)

    monkeypatch.setattr(TokenBucket, "take", take)
    monkeypatch.setattr(URLLib3Session, "send", note)
    audit()

    assert len(audit.postures) == len(EVERY_MEMBER) + 1
    assert len(sent) > 2 * len(EVERY_MEMBER), "a session and a question for each account"
    assert len(taken) == len(sent)
    assert len(set(taken)) == 1
