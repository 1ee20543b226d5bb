"""What an identity short of root-level access can make of itself: a warning, unless configured otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.iam.catalogue.escalation_paths import EscalationPath, Through
from identity_guard.stack.findings import Finding, Outcome, compose, first_few, undecided
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import (
    Judgement,
    granted_by,
    granting_statement,
    granting_urn,
    witnessed_call,
)
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .exposure import in_management_account
from .places import DELEGATED, open_there
from .rule import EXCEPTIONS, MANAGEMENT_ACCOUNT, Level, Rule, Settings, Severity

NAME: Final = "privilege-escalation"

WHERE: Final = "`pulumi stack export | identity-center check --all -` lists them"
"""Where the others are to be seen."""

SSO_REACH: Final = (
    "the actions of Identity Center reach every permission set and assignment of the organisation"
)

REMEDY: Final = (
    "grant only the IAM, STS and Identity Center actions that are needed, on the resources they are needed "
    "for; or give the identity a permissions boundary that withholds them. If this access is meant, leave it "
    "as it is: as advice this stops no run, and keeps the access in sight"
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
            for finding in judge_one(identity, view, settings, so_far=True):
                yield replace(finding, urn=resource.urn, about=identity.names)


def judge_one(
    identity: Identity, view: View, settings: Settings, *, so_far: bool = False
) -> Iterator[Finding]:
    """Say what one identity could make of itself, in one finding."""
    if identity.has_only_its_groups:
        return
    judgement = view.judgement(identity)
    verdict = judgement.known
    if judgement.root_level:
        return
    if not (verdict.administrator or verdict.escalates):
        yield from _undecided(identity, judgement)
        return
    open_paths = open_there(verdict.escalation, identity, view, settings, so_far=so_far)
    paths = sorted(open_paths, key=_directness)
    if not (paths or verdict.administrator):
        return
    witness = next((found for path in paths if (found := verdict.witness_of(path))), verdict.witness)
    details = [
        *_ways(paths),
        *granted_by(judgement, witness),
        *witnessed_call(judgement, witness),
        *_reach(identity, settings),
    ]
    message = compose(_claim(judgement), details, REMEDY)
    urn, everything = granting_urn(judgement, witness), tuple(map(_way, paths))
    statement = granting_statement(witness)
    yield Finding(NAME, Outcome.VIOLATION, message, urn, everything=everything, statement=statement)


def _undecided(identity: Identity, judgement: Judgement) -> Iterator[Finding]:
    """Say what could not be decided, unless the root-level rule says the same of the identity already."""
    if judgement.root_level is None or judgement.at_most.escalates is False:
        return
    question = f"whether {judgement.label} can give itself more access than it was given"
    claim = undecided(question, waiting=judgement.waits)
    details = [("because", reason) for reason in judgement.open_reasons]
    remedy = "give the value or the document, or hold the identity to a boundary that withholds IAM"
    urn = identity.holders[0].urn if identity.holders else None
    yield Finding(NAME, Outcome.UNDECIDED, compose(claim, details, remedy), urn)


def _claim(judgement: Judgement) -> str:
    if not judgement.known.administrator:
        return f"{judgement.label} can give itself more access than it was given"
    return (
        f"{judgement.label} is administrator-equivalent: it controls IAM without limit and may do nearly "
        "everything else, though not all that the account itself takes"
    )


def _ways(paths: list[EscalationPath]) -> Iterator[tuple[str, str]]:
    shown, others = first_few(paths)
    for path in shown:
        yield "how", _way(path)
    if others:
        yield "and", f"{others} other {'way' if others == 1 else 'ways'}; {WHERE}"


def _way(path: EscalationPath) -> str:
    return f"{path.name} ({' + '.join(path.actions)}): {path.gives}"


def _reach(identity: Identity, settings: Settings) -> Iterator[tuple[str, str]]:
    for place in in_management_account(identity, settings.get("managementAccount")):
        yield "worse", f"{place}, where {SSO_REACH}"


def _directness(path: EscalationPath) -> tuple[bool, bool, int]:
    """Order paths: the widest first, then those through IAM itself, the shorter before the longer ones."""
    return not path.told_first, path.through is not Through.IDENTITY, len(path.actions)


RULE: Final = Rule(
    name=NAME,
    title="No way to more access than was given",
    description="Who can change IAM, Identity Center or a powerful role can take more than they were given.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=EscalationJudge(),
    settings=(MANAGEMENT_ACCOUNT, DELEGATED, *EXCEPTIONS),
)
