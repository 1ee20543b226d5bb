"""Nobody gets root-level access: every action on every resource, or all but a negligible rest.

A document is judged where it grants: together with all else that its identity holds, within the identity's
boundary. So a policy that is only a boundary, or that nobody holds, is not refused.

In an update a resource is refused if, by what was made before it, it would complete a root-level identity.
What limits an identity therefore has to be made before what it limits; where the preview sees that nothing
makes it so, it says so.

`sts:AssumeRoot` counts, too, where it can be used (`assume_root`, `places`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.iam.document.document import Unreadable
from identity_guard.stack.findings import Finding, Outcome, compose, undecided
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.identities import Identity, Unresolved
from identity_guard.stack.judgement import (
    Judgement,
    granted_by,
    granting_statement,
    granting_urn,
    judge_held,
    witnessed_call,
)
from identity_guard.stack.occupancy import rivalries
from identity_guard.stack.phase import Phase
from identity_guard.stack.policy_documents import Resolved
from identity_guard.stack.resource_types import Content
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View, limiting_holders, unordered, without

from .assume_root import assume_root
from .exposure import SNAPSHOT, exposures, open_exposures
from .places import DELEGATED, is_central, is_elsewhere
from .rivals import fights
from .rule import EXCEPTIONS, MANAGEMENT_ACCOUNT, Level, Reference, Rule, Settings, Severity
from .templates import unread_templates
from .wording import unknown_names

NAME: Final = "no-root-level-access"

REMEDY: Final = (
    "grant the services and actions that are needed, for instance PowerUserAccess with the few IAM actions "
    "that the work takes; or give the identity a permissions boundary that withholds control of access"
)


WAITING_REMEDY: Final = (
    "the update decides, and refuses what turns out root-level before it is made; a value that is known in "
    "the preview decides earlier"
)
MISSING_REMEDY: Final = (
    "put the policy into this stack, or its text into the folder `documents` of `undecided` in the pack's "
    "configuration; or look at it yourself"
)


DEFINITION: Final = (
    (
        "Root-level is what is left after every Deny and the boundary: every action on every resource, or "
        "all but about one action in a hundred, with the control of access and of the account (iam, sts, "
        "sso, account) whole."
    ),
    "MFA, TLS and the caller's own organisation do not restrict: they say who calls or how.",
    (
        "Allowed only in named Regions, hours, addresses or for named tags restricts: `StringEquals "
        "aws:RequestedRegion eu-west-1` on an Allow of everything passes."
    ),
    (
        "Allowed everywhere but in named ones does not: everything, with a Deny where `StringEquals "
        "aws:RequestedRegion me-south-1` or from one network, is root-level."
    ),
    (
        "A lock to some Regions that spares the global services (a Deny with NotAction iam, sts and so "
        "on) leaves IAM whole: `privilege-escalation` calls it administrator-equivalent."
    ),
    (
        "Where two resources claim one place (inline policies of a permission set, or of one name; "
        "boundaries; what is beside an exclusive list), each is judged as if it were alone, and a Deny "
        "counts only where it holds either way."
    ),
    (
        "A permission set's customer-managed policies and boundary are those of the accounts where it is "
        "assigned: a text of this stack counts where its provider names that account "
        "(`allowedAccountIds`, `assumeRoles`)."
    ),
    (
        "`sts:AssumeRoot` counts by where it is used: from the accounts that administer the organisation, "
        "however it is written; assigned elsewhere it does nothing; where nobody says, a statement that "
        "is about STS alone counts."
    ),
)
"""For the rule's page; the same words as in the corpus README."""


class RootLevelJudge:
    """Judges every identity of a stack."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge all identities, attachments of unknown identities and policies that nobody holds."""
        for identity in view.identities.everyone:
            for finding in _judge(identity, view, settings):
                yield replace(finding, about=identity.names)
            yield from _order(identity, view)
            yield from fights(NAME, identity, view)
            yield from _of_elsewhere(identity)
        for unresolved in view.identities.unresolved:
            yield _unresolved(unresolved)
        yield from _unattached(view)
        yield from unknown_names(NAME, view.identities.everyone, view)
        yield from unread_templates(NAME, view)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge the identities that a resource completes; the resource is what gets refused."""
        for identity in view.touched:
            for finding in _judge(identity, view, settings, so_far=True):
                yield replace(finding, urn=resource.urn, about=identity.names)


def _judge(identity: Identity, view: View, settings: Settings, *, so_far: bool = False) -> Iterator[Finding]:
    judgement = view.judgement(identity)
    for resolved in judgement.unreadable:
        yield _unreadable(judgement, resolved)
    if judgement.root_level:
        if not _told_at_group(identity, view):
            yield _root_level(identity, judgement, view, settings)
        return
    if not identity.has_only_its_groups and not is_elsewhere(identity, view, settings, so_far=so_far):
        yield from assume_root(NAME, judgement, central=is_central(identity, view, settings))
    if judgement.root_level is None:
        yield _undecided(identity, judgement)


def _of_elsewhere(identity: Identity) -> Iterator[Finding]:
    """Say that people are let into an identity that is made elsewhere, with whatever it holds there."""
    if not identity.entries or identity.resource is not None or identity.key.value.startswith("urn:"):
        return
    first = identity.entries[0]
    claim = f"undecided: whether {identity.label}, which {first.label} lets people use, has root-level access"
    why = ("because", "it is made elsewhere, and its policies are not in this stack")
    remedy = "look at it where it is made, with this pack"
    yield Finding(NAME, Outcome.UNDECIDED, compose(claim, [why], remedy), first.urn)


def _told_at_group(identity: Identity, view: View) -> bool:
    """Say whether a user is root-level through a group that is so itself, and would not be without."""
    if identity.has_only_its_groups:
        group = view.identities.by_key.get(identity.groups[0])
        return group is not None and bool(view.judgement(group).root_level)
    groups = [found for key in identity.groups if (found := view.identities.by_key.get(key))]
    if not any(view.judgement(group).root_level for group in groups):
        return False
    alone = replace(identity, groups=[])
    return not view.judge(alone).root_level


def _is_fought_over(identity: Identity, view: View) -> bool:
    """Say whether resources fight for a place of the identity, or of a group that it is in."""
    groups = (view.identities.by_key.get(key) for key in identity.groups)
    return any(
        next(rivalries(each, view.identities), None) is not None for each in (identity, *groups) if each
    )


def _root_level(identity: Identity, judgement: Judgement, view: View, settings: Settings) -> Finding:
    claim = f"{identity.label} has root-level access: it may do everything, or all but a negligible rest"
    if judgement.known.root_level_today_only:
        claim += ", with today's services named one by one, so that later ones are left out"
    details = [
        *granted_by(judgement, judgement.known.witness),
        *witnessed_call(judgement, judgement.known.witness),
    ]
    limits_seen = (
        "its boundary withholds too little" if identity.limits else "no boundary or Deny takes it back"
    )
    if _is_fought_over(identity, view):
        limits_seen += " for certain: resources fight for one place, and who wins may take off what limits it"
    if view.phase is Phase.UPDATE:
        limits_seen += " by what was made so far; what limits it has to be made before this resource"
    details.append(("limits", limits_seen))
    # A Deny could take it back; that nobody knows it yet is no reason to let the rest pass.
    open_ends = dict.fromkeys(each.waiting for each in judgement.missing if each.waiting)
    details += [
        ("limits", f"{place} is not known yet: if it takes this back, make it known earlier")
        for place in open_ends
    ]
    details += [("worse", exposure) for exposure in exposures(identity, view, settings)]
    details += [("perhaps worse", reason) for reason in open_exposures(identity, settings)]
    return Finding(
        NAME,
        Outcome.VIOLATION,
        compose(claim, details, REMEDY),
        granting_urn(judgement, judgement.known.witness),
        statement=granting_statement(judgement.known.witness),
    )


def _unreadable(judgement: Judgement, resolved: Resolved) -> Finding:
    document = resolved.attachment.document
    reasons = document.reasons if isinstance(document, Unreadable) else ()
    claim = (
        f"{resolved.attachment.name} of {judgement.label} cannot be read as IAM would read it, so nobody "
        "knows what it allows"
    )
    details = [("place", reason) for reason in reasons]
    remedy = "correct the document; IAM would refuse it too"
    message = compose(claim, details, remedy)
    return Finding(NAME, Outcome.VIOLATION, message, resolved.held.holder.urn, excusable=False)


def _undecided(identity: Identity, judgement: Judgement) -> Finding:
    claim = undecided(f"whether {identity.label} has root-level access", waiting=judgement.waits)
    details = [("because", reason) for reason in judgement.open_reasons]
    remedy = WAITING_REMEDY if judgement.waits else MISSING_REMEDY
    urn = (
        identity.resource.urn if identity.resource else identity.holders[0].urn if identity.holders else None
    )
    return Finding(NAME, Outcome.UNDECIDED, compose(claim, details, remedy), urn)


def _unresolved(unresolved: Unresolved) -> Finding:
    question = f"to which {unresolved.kind.value} {unresolved.holder.label} belongs"
    why = ("because", f"`{unresolved.path}` of {unresolved.holder.label} is not known yet")
    remedy = "pass the identity's own output, or a name that is known, so that the preview can join the two"
    claim = undecided(question, waiting=True)
    return Finding(NAME, Outcome.UNDECIDED, compose(claim, [why], remedy), unresolved.holder.urn)


def _order(identity: Identity, view: View) -> Iterator[Finding]:
    """Advise where a limit holds what is root-level without it, and nothing makes the limit first."""
    if view.phase is not Phase.PREVIEW or view.judgement(identity).root_level is not False:
        return
    limits = limiting_holders(identity, view)
    if not limits or not view.judge(without(identity, limits, view)).root_level:
        return
    grants = {each.holder.urn: each.holder for each in identity.grants if each.holder.urn not in limits}
    for grant, limit in unordered(grants.values(), limits.values(), view):
        claim = (
            f"{grant.label} may be made before {limit.label}, which keeps {identity.label} from root-level "
            "access"
        )
        why = ("why", "in between it would have root-level access; the update refuses that")
        remedy = f"let {grant.label} depend on {limit.label} (dependsOn)"
        yield Finding(NAME, Outcome.ADVICE, compose(claim, [why], remedy), grant.urn)
        return


def _unattached(view: View) -> Iterator[Finding]:
    """Advise about root-level policies that nobody of this stack holds, not even as a boundary."""
    held = {
        resolved.policy.urn
        for identity in view.identities.everyone
        for resolved in (*view.judgement(identity).grants, *view.judgement(identity).limits)
        if resolved.policy is not None
    }
    # A policy of pulumi-aws-native names by itself whom it is attached to.
    held |= {grant.holder.urn for identity in view.identities.everyone for grant in identity.grants}
    for policy in view.documents.policies:
        if policy.urn in held:
            continue
        grant = HeldPolicy(policy, Content.DOCUMENT, policy.declared.get("policy"))
        judgement = judge_held(policy.label, [grant], [], view.documents, view.now())
        if judgement.root_level:
            claim = (
                f"{policy.label} would give root-level access to whoever gets it; nobody of this stack has it"
            )
            details = [
                *granted_by(judgement, judgement.known.witness),
                *witnessed_call(judgement, judgement.known.witness),
            ]
            yield Finding(NAME, Outcome.ADVICE, compose(claim, details, REMEDY), policy.urn)


RULE: Final = Rule(
    name=NAME,
    title="No root-level access",
    description="Nobody gets every action on every resource, through whichever policies.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=RootLevelJudge(),
    settings=(MANAGEMENT_ACCOUNT, DELEGATED, SNAPSHOT, *EXCEPTIONS),
    definition=DEFINITION,
    references=(
        Reference("CIS AWS Foundations Benchmark", "5.0.0", "1.15"),
        Reference("CIS AWS Foundations Benchmark", "3.0.0", "1.16"),
        Reference("CIS AWS Foundations Benchmark", "1.4.0", "1.16"),
        Reference("CIS AWS Foundations Benchmark", "6.0.0", "2.15"),
        Reference("CIS AWS Foundations Benchmark", "7.0.0", "2.14"),
        Reference("AWS Foundational Security Best Practices", "1.0.0", "IAM.1"),
    ),
)
