"""Nobody is assigned to an account whose root user has an access key, or a password or key without MFA.

No policy document says what a root user has. `identity-center root audit` reads it and leaves a file; this
rule reads the file, never AWS. Root is best without any credentials, and MFA does not apply then: it counts
where a password or a key exists (IAM user guide, "Centrally manage root access for member accounts").

The rule is silent until the file is configured: to audit root users in this way is an organisation's
choice.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from identity_guard.stack.findings import Finding, Outcome, compose, quoted
from identity_guard.stack.observe import Known
from identity_guard.stack.resources import ACCOUNT_AT, Resource, account_of
from identity_guard.stack.view import View

from .rule import Level, Reference, Rule, Settings, Severity
from .supplied import MANDATORY, Report, UnusableReportError, read_report, settings_of_a_report, too_old

NAME: Final = "root-users"
FILE: Final = "auditFile"
KIND: Final = "identity-center/root-audit"
COMMAND: Final = "identity-center root audit"
REMEDY: Final = (
    "remove root's credentials with `identity-center root remediate ACCOUNT` (in the management account "
    f"sign in as root, delete the keys and assign MFA), then run `{COMMAND}` again"
)


class RootPostureJudge:
    """Judges the accounts that a stack lets people into, by the last audit's file."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge all of them; what is unknown for the same reason is told together."""
        return _judge(view.stack.of_type(*ACCOUNT_AT), view, settings)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Refuse a way into an account whose root user is known to be bad."""
        if resource.type in ACCOUNT_AT:
            yield from _judge((resource,), view, settings)


def _judge(resources: Iterable[Resource], view: View, settings: Settings) -> Iterator[Finding]:
    if not settings.get(FILE):
        return
    accounts: dict[str, Resource] = {}
    for resource in resources:
        account = account_of(resource)
        if isinstance(account, Known):
            accounts.setdefault(str(account.value), resource)
        else:
            yield _unknown(
                settings, f"which root user is meant by {resource.label} is not known yet", resource
            )
    if not accounts:
        return
    try:
        report = read_report(settings, FILE, KIND)
    except UnusableReportError as error:
        yield _unknown(settings, f"the root users of {quoted(sorted(accounts))} are unknown: {error}", None)
        return
    yield from _judge_accounts(accounts, report, view, settings)


def _judge_accounts(
    accounts: Mapping[str, Resource], report: Report, view: View, settings: Settings
) -> Iterator[Finding]:
    why_unknown: dict[str, list[str]] = {}
    for account_id, resource in sorted(accounts.items()):
        row = _row(report, account_id)
        why = "the audit does not have them" if row is None else too_old(row.get("readAt"), settings, view)
        flaws = [] if row is None or why else _flaws(row)
        if flaws:
            yield _violation(account_id, flaws, resource)
        elif why or _undecided(row or {}):
            why_unknown.setdefault(why or "the audit could not read all that counts", []).append(account_id)
    for why, ids in why_unknown.items():
        claim = f"the root users of {quoted(ids)} are unknown: {why}"
        yield _unknown(settings, claim, accounts[ids[0]])


def _row(report: Report, account_id: str) -> Mapping[str, Any] | None:
    accounts = report.content.get("accounts")
    row = accounts.get(account_id) if isinstance(accounts, dict) else None
    return row if isinstance(row, dict) else None


def _flaws(row: Mapping[str, Any]) -> list[str]:
    """Say what is wrong for certain, from the facts and not from the verdict in the file."""
    found = []
    if row.get("accessKeyPresent") is True:
        found.append("it has an access key")
    credential = row.get("accessKeyPresent") is True or row.get("passwordPresent") is True
    if credential and row.get("mfa") is False:
        found.append("it has a password or key, and no MFA")
    return found


def _undecided(row: Mapping[str, Any]) -> bool:
    credentials = [row.get("accessKeyPresent"), row.get("passwordPresent")]
    known = all(isinstance(each, bool) for each in credentials)
    return not known or (any(credentials) and not isinstance(row.get("mfa"), bool))


def _violation(account_id: str, flaws: list[str], resource: Resource) -> Finding:
    claim = f"people are let into account `{account_id}`, whose root user is not secured"
    details = [("why", "; ".join(flaws)), ("let in by", resource.label)]
    return Finding(NAME, Outcome.VIOLATION, compose(claim, details, REMEDY), resource.urn)


def _unknown(settings: Settings, claim: str, resource: Resource | None) -> Finding:
    outcome = Outcome.VIOLATION if settings["unknown"] == MANDATORY else Outcome.UNDECIDED
    remedy = f"run `{COMMAND}` with `--output`, and configure that file as `{FILE}` of `{NAME}`"
    return Finding(NAME, outcome, compose(claim, remedy=remedy), resource.urn if resource else None)


RULE: Final = Rule(
    name=NAME,
    title="Root users are secured where people are let in",
    description="Accounts that people are assigned to have no root access key, and MFA where root signs in.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
    judge=RootPostureJudge(),
    settings=settings_of_a_report(FILE, 7, COMMAND),
    references=(
        Reference("CIS AWS Foundations Benchmark", "5.0.0", "1.3"),
        Reference("CIS AWS Foundations Benchmark", "5.0.0", "1.4"),
        Reference("CIS AWS Foundations Benchmark", "3.0.0", "1.4"),
        Reference("CIS AWS Foundations Benchmark", "3.0.0", "1.5"),
        Reference("CIS AWS Foundations Benchmark", "1.4.0", "1.4"),
        Reference("CIS AWS Foundations Benchmark", "1.4.0", "1.5"),
        Reference("CIS AWS Foundations Benchmark", "6.0.0", "2.3"),
        Reference("CIS AWS Foundations Benchmark", "6.0.0", "2.4"),
        Reference("CIS AWS Foundations Benchmark", "7.0.0", "2.4"),
        Reference("CIS AWS Foundations Benchmark", "7.0.0", "2.5"),
        Reference("AWS Foundational Security Best Practices", "1.0.0", "IAM.4"),
    ),
)
