"""One identity in an account, with one outcome of its policies, asked about resources.

What does not depend on the resource is worked out once: who calls, what the call carries, and which policies
have a say.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from identity_center.model.organisation.organisation import PolicyKind
from identity_center_cli.verbs.explain.asked import Asked
from identity_center_cli.verbs.explain.callers import PRINCIPAL_ARN, Callers, callers_of
from identity_center_cli.verbs.explain.reasoned import By, Conclusion, Reasoned, agreed
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Answer, ContextValue, Request
from identity_guard.iam.requests.caller import Caller
from identity_guard.iam.requests.direct_call import absent_from, carried, open_keys
from identity_guard.iam.requests.layers import Place, PolicyType
from identity_guard.iam.requests.ruling import NotGiven, Policies, Ruling, rule
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import Possible
from identity_guard.stack.resource_types import IdentityKind

_CONCLUSIONS: Final = {Answer.ALLOWED: Conclusion.YES, Answer.UNDECIDED: Conclusion.UNDECIDED}
"""Everything else is a no."""


class _Call(NamedTuple):
    """Who calls, and what the call carries."""

    caller: Caller
    context: Mapping[str, ContextValue]
    open_keys: frozenset[str]
    """Keys that the policies ask about, and of which nothing is known."""


class _Standpoint(NamedTuple):
    """What is the same for all resources of an account under one policy, or under none."""

    policies: Policies
    calls: tuple[_Call, ...]
    resource_account: str | None


@dataclass
class Holder:
    """An identity whose documents are narrowed to the action that is asked about."""

    asked: Asked
    identity: Identity
    account: str | None
    outcome: Possible
    _standpoints: dict[Hashable, _Standpoint] = field(default_factory=dict)

    def decide(self, resource: str) -> Reasoned:
        """Decide for one resource."""
        point = self._standpoint(resource)
        found = [self._decide_for(call, point, resource) for call in point.calls]
        why = "it depends on the exact name of the role, which AWS draws: --context aws:PrincipalArn=ARN"
        return agreed(found, resource, why)

    def _decide_for(self, call: _Call, point: _Standpoint, resource: str) -> Reasoned:
        filled = _filled(resource, call.context)
        request = Request(self.asked.action, filled, call.context, call.open_keys)
        ruling = rule(call.caller, request, point.policies, point.resource_account)
        return self._explained(ruling, filled)

    def _standpoint(self, resource: str) -> _Standpoint:
        where = self.asked.surroundings.account_of(resource)
        policy = self.asked.policy_of(resource)
        key = (where, policy if isinstance(policy, NotGiven) else resource)
        if key not in self._standpoints:
            self._standpoints[key] = self._new_standpoint(where, policy)
        return self._standpoints[key]

    def _new_standpoint(self, where: str | None, policy: Attachment | NotGiven) -> _Standpoint:
        own = tuple([each.attachment for each in self.outcome.grants])
        said = own if isinstance(policy, NotGiven) else (*own, policy)
        callers = callers_of(self.identity, self.account, self.asked.mentions.with_those_of(said))
        of_resource = where or callers.account
        policies = Policies(
            own,
            self.outcome.limit.attachment if self.outcome.limit else None,
            self.asked.session,
            self.asked.levels_above(callers.account, PolicyKind.SCP),
            self.asked.levels_above(of_resource, PolicyKind.RCP),
            policy,
        )
        calls = tuple(self._calls(callers, policies, of_resource))
        return _Standpoint(policies, calls, where if callers.account_known else None)

    def _calls(self, callers: Callers, policies: Policies, of_resource: str | None) -> Iterator[_Call]:
        is_set = self.identity.key.kind is IdentityKind.PERMISSION_SET
        for caller in callers.callers:
            context = self._context(callers, caller, of_resource)
            absent = absent_from(caller, identity_center=is_set) | self.asked.surroundings.absent
            open_now = open_keys(self.asked.action, _all_of(policies), context, absent)
            yield _Call(caller, context, open_now)

    def _context(self, callers: Callers, caller: Caller, of_resource: str | None) -> dict[str, ContextValue]:
        around = self.asked.surroundings
        places = (around.place_of(callers.account), around.place_of(of_resource))
        found = carried(caller, of_resource, *places)
        if not callers.account_known:
            unknown = {PRINCIPAL_ARN, "aws:principalaccount", "aws:resourceaccount"}
            found = {key: value for key, value in found.items() if key.lower() not in unknown}
        if given := around.given:
            found = {key: value for key, value in found.items() if key.lower() not in given}
        return {**found, **around.context}

    def _explained(self, ruling: Ruling, resource: str) -> Reasoned:
        places = tuple([self._by(each) for each in ruling.places])
        conclusion = _CONCLUSIONS.get(ruling.answer, Conclusion.NO)
        why = tuple([self._with_holder(each) for each in ruling.why])
        return Reasoned(conclusion, (resource,), places, why, ruling.needs)

    def _by(self, place: Place) -> By:
        statement, limit = place.statement, self.outcome.limit
        through = f"{place.type.value} of {place.where}" if place.where else place.type.value
        if place.type is PolicyType.OWN:
            through = self.outcome.grants[statement.position].held.holder.label
        elif place.type is PolicyType.BOUNDARY and limit:
            through = limit.held.holder.label
        return By(statement.document, statement.sid or f"Statement[{statement.index}]", through)

    def _with_holder(self, why: str) -> str:
        """Say which resource sets a boundary that withholds something."""
        limit = self.outcome.limit
        if limit is None or not why.endswith(f"not by its boundary {limit.attachment.name}"):
            return why
        return f"{why} ({limit.held.holder.label})"


def _filled(resource: str, context: Mapping[str, ContextValue]) -> str:
    """Put what the call carries in place of the variables of a pattern; the others stay as they are."""
    for key, value in context.items() if "${" in resource else ():
        if isinstance(value, str):
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
