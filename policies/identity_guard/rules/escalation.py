"""What an identity short of root-level access can make of itself: a warning, unless configured otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.iam.escalation import EscalationPath, Through

from .exposure import in_management_account
from .findings import Finding, Outcome, compose
from .identities import Identity
from .judgement import Judgement
from .resource_types import IdentityKind
from .rule import EXCEPTIONS, MANAGEMENT_ACCOUNT, Level, Rule, Settings, Severity
from .stack import Resource
from .view import View
from .witness import granted_by, granting_urn, witnessed_call

NAME: Final = "privilege-escalation"

WORST: Final = 3
"""How many paths a message names; the others are counted."""

WIDEST: Final = ("iam-all", "sts-assume-root")
"""Paths to name before all others: everything in IAM, and the root user of any member account."""

SSO_REACH: Final = (
    "the actions of Identity Center reach every permission set and assignment of the organisation"
)

REMEDY: Final = (
    "grant only the IAM, STS and Identity Center actions that are needed, on the resources they are needed "
    "for; or give the identity a permissions boundary that withholds them. If this access is meant, leave it"
)


class EscalationJudge:
    """Tells what each identity could make of itself."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every identity."""
        for identity in view.identities.everyone:
            for finding in judge_one(identity, view, settings):
                yield replace(finding, about=identity.names)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge the identities that a resource completes, where the rule is configured to refuse."""
        for identity in view.touched:
            for finding in judge_one(identity, view, settings):
                yield replace(finding, urn=resource.urn, about=identity.names)


def judge_one(identity: Identity, view: View, settings: Settings) -> Iterator[Finding]:
    """Say what one identity could make of itself, in one finding."""
    if only_through_one_group(identity):
        return
    judgement = view.judgement(identity)
    verdict = judgement.known
    if judgement.root_level or not (verdict.administrator or verdict.escalation):
        return
    worse = in_management_account(identity, settings.get("managementAccount"))
    reach = [("worse", f"{each}, where {SSO_REACH}") for each in worse]
    yield Finding(NAME, Outcome.VIOLATION, _message(judgement, reach), granting_urn(judgement))


def only_through_one_group(identity: Identity) -> bool:
    """Say whether an IAM user holds nothing but what its one group holds, which is told there."""
    return identity.key.kind is IdentityKind.USER and not identity.grants and len(identity.groups) == 1


def _message(judgement: Judgement, reach: list[tuple[str, str]]) -> str:
    verdict = judgement.known
    paths = sorted(verdict.escalation, key=_directness)
    claim = (
        f"{judgement.label} is administrator-equivalent: it controls IAM without limit and may do nearly "
        "everything else, though not all that the account itself takes"
        if verdict.administrator
        else f"{judgement.label} can give itself more access than it was given"
    )
    details = [("how", _told(path)) for path in paths[:WORST]]
    if len(paths) > WORST:
        others = len(paths) - WORST
        details.append(("and", f"{others} other {'way' if others == 1 else 'ways'}"))
    details += [*granted_by(judgement), *witnessed_call(judgement), *reach]
    return compose(claim, details, REMEDY)


def _directness(path: EscalationPath) -> tuple[int, bool, int]:
    """Order paths: the widest first, then those through IAM itself, the shorter before the longer ones."""
    rank = WIDEST.index(path.name) if path.name in WIDEST else len(WIDEST)
    return rank, path.through is not Through.IDENTITY, len(path.actions)


def _told(path: EscalationPath) -> str:
    return f"{path.name} ({' + '.join(path.actions)}): {path.gives}"


RULE: Final = Rule(
    name=NAME,
    title="No way to more access than was given",
    description="Who can change IAM, Identity Center or a powerful role can take more than they were given.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=EscalationJudge(),
    settings=(MANAGEMENT_ACCOUNT, EXCEPTIONS),
)
