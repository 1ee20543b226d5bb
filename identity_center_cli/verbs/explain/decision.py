"""Whether an identity of a recorded stack may do an action, and by which statement."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Final

from identity_center.model.organisation.organisation import PolicyKind
from identity_center_cli.verbs.explain.callers import PRINCIPAL_ARN, Callers, Mentions, callers_of
from identity_center_cli.verbs.explain.surroundings import Surroundings
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Answer, ContextValue, Request
from identity_guard.iam.requests.beyond_policies import ONLY_AWS
from identity_guard.iam.requests.caller import Caller
from identity_guard.iam.requests.direct_call import absent_from, carried, open_keys
from identity_guard.iam.requests.ruling import NotGiven, Place, Policies, PolicyType, Ruling, rule
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import Judgement, Possible
from identity_guard.stack.observe import text_of
from identity_guard.stack.policy_documents import Resolved
from identity_guard.stack.resource_types import ROLE, IdentityKind
from identity_guard.stack.trusts import trust_of
from identity_guard.stack.view import View

EVERY_RESOURCE: Final = "*"
ASSUMING: Final = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"})


class Conclusion(Enum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class By:
    """A statement that makes an answer, and what brings it to the identity."""

    document: str
    statement: str
    through: str


@dataclass(frozen=True, slots=True)
class Reasoned:
    """An answer and what made it."""

    conclusion: Conclusion
    on: tuple[str, ...] = ()
    """The resource asked for; where none was, the patterns of resources on which it is allowed."""
    places: tuple[By, ...] = ()
    why: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Condition keys of which the question would have to say something."""


@dataclass
class Decider:
    """Decides one action for any identity of a stack, as AWS would in these surroundings."""

    view: View
    action: str
    surroundings: Surroundings = field(default_factory=Surroundings)

    @cached_property
    def _trusts(self) -> dict[str, Attachment]:
        """The trust policies that the stack shows, by the ARN of the role."""
        found = {}
        for role in self.view.stack.of_type(ROLE):
            arn = text_of(role.identifier("arn"))
            trust = trust_of(role, self.view) if arn else None
            if arn and trust and trust.verdict:
                found[arn] = trust.verdict.attachment
        return found

    def decide(self, identity: Identity, resource: str | None, account: str | None = None) -> Reasoned:
        """Decide for one resource; without one, for each kind of resource that the statements tell apart."""
        judgement = self.view.judgement(identity)
        if resource is not None:
            return self._decide_one(identity, judgement, resource, account)
        everywhere = self._decide_one(identity, judgement, EVERY_RESOURCE, account)
        if everywhere.conclusion is Conclusion.YES:
            return _with_exceptions(everywhere, judgement, self.action)
        found = [
            everywhere,
            *(
                self._decide_one(identity, judgement, each, account)
                for each in _told_apart(judgement, self.action)
            ),
        ]
        for conclusion in (Conclusion.YES, Conclusion.UNDECIDED):
            same = [each for each in found if each.conclusion is conclusion]
            if same:
                return same[0] if same[0] is everywhere else _together(same)
        return found[0]

    def _decide_one(
        self, identity: Identity, judgement: Judgement, resource: str, account: str | None
    ) -> Reasoned:
        """Decide in every outcome; where resources fight for one place, they may disagree."""
        found = [self._decide_in(identity, each, resource, account) for each in judgement.outcomes]
        why = (
            "it depends on which of several policies holds: on the account, or on which resource is made last"
        )
        return _agreed(found, resource, why)

    def _decide_in(
        self, identity: Identity, outcome: Possible, resource: str, account: str | None
    ) -> Reasoned:
        own = tuple(each.attachment for each in outcome.grants)
        policies = Policies(
            own,
            outcome.limit.attachment if outcome.limit else None,
            self.surroundings.session,
            resource=self._policy_of(resource),
        )
        given = policies.resource
        said = (*own, *policies.session, *(() if isinstance(given, NotGiven) else (given,)))
        callers = callers_of(identity, account, self._of_limits.with_those_of(said))
        found = [
            self._explained(*self._rule(identity, callers, each, policies, resource), outcome)
            for each in callers.callers
        ]
        why = "it depends on the exact name of the role, which AWS draws: --context aws:PrincipalArn=ARN"
        return _agreed(found, resource, why)

    @cached_property
    def _of_limits(self) -> Mentions:
        """Who is mentioned by the policies of the organisation, of whichever account."""
        accounts = (self.surroundings.organisation.accounts if self.surroundings.organisation else None) or {}
        return Mentions(self.action).with_those_of(
            attachment
            for account in accounts
            for kind in PolicyKind
            for level in self.surroundings.levels(account, kind)
            for attachment in level.policies
        )

    def _policy_of(self, resource: str) -> Attachment | NotGiven:
        if self.surroundings.resource is NotGiven.UNKNOWN and self.action.lower() in ASSUMING:
            return self._trusts.get(resource, NotGiven.UNKNOWN)
        return self.surroundings.resource

    def _rule(
        self, identity: Identity, callers: Callers, caller: Caller, policies: Policies, resource: str
    ) -> tuple[Ruling, str]:
        """Decide, and return the resource with the variables in it replaced that the caller has."""
        around = self.surroundings
        where = around.account_of(resource)
        of_resource = where or callers.account
        limited = replace(
            policies,
            scps=around.levels(callers.account, PolicyKind.SCP),
            rcps=around.levels(of_resource, PolicyKind.RCP),
        )
        context = self._context(callers, caller, of_resource)
        is_set = identity.key.kind is IdentityKind.PERMISSION_SET
        absent = absent_from(caller, identity_center=is_set) | around.absent
        open_now = open_keys(self.action, _all_of(limited), context, absent)
        filled = _filled(resource, context)
        request = Request(self.action, filled, context, open_now)
        return rule(caller, request, limited, where if callers.account_known else None), filled

    def _context(self, callers: Callers, caller: Caller, of_resource: str | None) -> dict[str, ContextValue]:
        around = self.surroundings
        places = (around.place_of(callers.account), around.place_of(of_resource))
        found = carried(caller, of_resource, *places)
        if not callers.account_known:
            unknown = {PRINCIPAL_ARN, "aws:principalaccount", "aws:resourceaccount"}
            found = {key: value for key, value in found.items() if key.lower() not in unknown}
        given = {key.lower() for key in around.context} | around.absent
        return {**{k: v for k, v in found.items() if k.lower() not in given}, **around.context}

    def _explained(self, ruling: Ruling, resource: str, outcome: Possible) -> Reasoned:
        places = tuple(self._by(each, outcome) for each in ruling.places)
        conclusion = {Answer.ALLOWED: Conclusion.YES, Answer.UNDECIDED: Conclusion.UNDECIDED}.get(
            ruling.answer, Conclusion.NO
        )
        why = tuple(self._with_holder(each, outcome) for each in ruling.why)
        return Reasoned(conclusion, (resource,), places, why, ruling.needs)

    @staticmethod
    def _by(place: Place, outcome: Possible) -> By:
        statement = place.statement
        through = f"{place.type.value} of {place.where}" if place.where else place.type.value
        if place.type is PolicyType.OWN:
            through = outcome.grants[statement.position].held.holder.label
        elif place.type is PolicyType.BOUNDARY and outcome.limit:
            through = outcome.limit.held.holder.label
        return By(statement.document, statement.sid or f"Statement[{statement.index}]", through)

    @staticmethod
    def _with_holder(why: str, outcome: Possible) -> str:
        """Say which resource sets a boundary that withholds something."""
        limit = outcome.limit
        if limit is None or not why.endswith(f"not by its boundary {limit.attachment.name}"):
            return why
        return f"{why} ({limit.held.holder.label})"


def _filled(resource: str, context: Mapping[str, ContextValue]) -> str:
    """Put what the call carries in place of the variables of a pattern; the others stay as they are."""
    for key, value in context.items():
        if "${" in resource and isinstance(value, str):
            resource = re.sub(rf"\$\{{{re.escape(key)}\}}", value, resource, flags=re.IGNORECASE)
    return resource


def _all_of(policies: Policies) -> list[Attachment]:
    given = policies.resource
    return [
        *policies.own,
        *((policies.boundary,) if policies.boundary else ()),
        *policies.session,
        *(each for level in (*policies.scps, *policies.rcps) for each in level.policies),
        *(() if isinstance(given, NotGiven) else (given,)),
    ]


def _agreed(found: Sequence[Reasoned], resource: str, why: str) -> Reasoned:
    """Return what all say, or that it depends."""
    if len({each.conclusion for each in found}) == 1:
        return found[0]
    reasons = dict.fromkeys((why, *(reason for each in found for reason in each.why)))
    return Reasoned(Conclusion.UNDECIDED, (resource,), found[0].places, tuple(reasons))


def _together(found: Sequence[Reasoned]) -> Reasoned:
    """Put answers for several resources together."""
    return Reasoned(
        found[0].conclusion,
        tuple(place for each in found for place in each.on),
        tuple(dict.fromkeys(place for each in found for place in each.places)),
        tuple(dict.fromkeys(reason for each in found for reason in each.why)),
        tuple(dict.fromkeys(key for each in found for key in each.needs)),
    )


def _about(judgement: Judgement, action: str) -> Iterator[tuple[Resolved, Statement]]:
    """Go through the statements that are about an action."""
    for resolved in (*judgement.grants, *judgement.limits):
        for statement in resolved.attachment.statements:
            if statement.is_about(action):
                yield resolved, statement


def _told_apart(judgement: Judgement, action: str) -> list[str]:
    """Return each pattern of resources that some statement grants or spares."""
    found: list[str] = []
    for _, statement in _about(judgement, action):
        if (statement.effect is Effect.ALLOW) is not statement.resources_excluded:
            found += statement.resource_patterns
    return [each for each in dict.fromkeys(found) if each != EVERY_RESOURCE]


def _with_exceptions(found: Reasoned, judgement: Judgement, action: str) -> Reasoned:
    """Name what is denied of an answer for every resource, and what only AWS changes."""
    denied = [
        f"not on {', '.join(statement.resource_patterns)}: "
        f"denied by {resolved.attachment.name}, {statement.label}"
        for resolved, statement in _about(judgement, action)
        if statement.effect is Effect.DENY and not statement.resources_excluded
    ]
    kept = [
        f"not on {each.example}: only AWS changes {each.what}" for each in ONLY_AWS if each.holds_for(action)
    ]
    return replace(found, why=(*denied, *kept))
