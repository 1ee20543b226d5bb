"""One request decided by every policy that AWS looks at, in AWS's order.

Nothing is assumed of a policy that is not given.

Within an account: a Deny of any policy wins; then the SCPs above the caller and the RCPs above the resource
have to allow; then either the resource's policy grants it, or the caller's own policies do, within boundary
and session policy. Key policies and trust policies have to allow in any case. Across accounts both sides
have to allow.

Sources: IAM User Guide, reference_policies_evaluation-logic, …_policy-eval-denyallow and …-cross-account;
AWS Organizations User Guide, orgs_manage_policies_scps and …_rcps (neither holds for the management
account, SCPs not for service-linked roles).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Answer, Request
from identity_guard.iam.text.three_valued import all_of, any_of

from .beyond_policies import (
    always_allowed,
    cannot_be_called,
    only_aws,
    out_of_reach,
    policy_that_has_to_allow,
    without_credentials,
)
from .caller import Caller, Named
from .layers import Layer, Level, Place, PolicyType, layer_of
from .resource_policies import said_to


class NotGiven(Enum):
    """What is known of a resource's policy where its text is not given."""

    UNKNOWN = "it may have one"
    NONE = "it has none"


@dataclass(frozen=True)
class Policies:
    """Everything that has a say."""

    own: Sequence[Attachment]
    boundary: Attachment | None = None
    session: Sequence[Attachment] = ()
    """Session policies; none where the session was asked for without."""
    scps: Sequence[Level] = ()
    """From the root down to the caller's account; none where no SCP holds for it."""
    rcps: Sequence[Level] = ()
    """The same for the account of the resource."""
    resource: Attachment | NotGiven = NotGiven.UNKNOWN


@dataclass(frozen=True)
class Ruling:
    """The answer, what made it, and what it would take to know where it is open."""

    answer: Answer
    places: tuple[Place, ...] = ()
    why: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Condition keys that the request would have to say something about."""


_BY_ITSELF: Final = (Named.EVERYBODY, Named.SESSION)
"""How a resource's policy has to name a caller to grant whatever boundary and session policy leave out."""


class _Court:
    """Hears every policy about one request."""

    def __init__(
        self, caller: Caller, request: Request, policies: Policies, resource_account: str | None
    ) -> None:
        self.caller = caller
        self.request = request
        self.policies = policies
        self.same_account = resource_account in (None, caller.account)
        self.own = layer_of(PolicyType.OWN, policies.own, request)
        self.limits = list(self._limits())
        scps = () if caller.is_service_linked else policies.scps
        self.scps = [each.layer(PolicyType.SCP, request) for each in scps]
        self.rcps = [each.layer(PolicyType.RCP, request) for each in policies.rcps]
        self._said = {} if isinstance(policies.resource, NotGiven) else self._said_by(policies.resource)
        self.layers = [self.own, *self.limits, *self.scps, *self.rcps, *self._said.values()]
        """Every layer in which a Deny may stand."""
        self._own_side = all_of([self.own.allows, *[each.allows for each in self.limits]])

    def _limits(self) -> Iterator[Layer]:
        if self.policies.boundary:
            yield layer_of(PolicyType.BOUNDARY, [self.policies.boundary], self.request)
        if self.policies.session:
            yield layer_of(PolicyType.SESSION, self.policies.session, self.request)

    def _said_by(self, policy: Attachment) -> dict[Named, Layer]:
        """Return what the resource's policy says, by how it names the caller."""
        bounded = self.policies.boundary is not None
        said = list(said_to(self.caller, policy, self.request, 0, bounded=bounded))
        return {
            named: Layer(PolicyType.RESOURCE, [each.match for each in said if each.named is named])
            for named in sorted({each.named for each in said}, reverse=True)
        }

    def denial(self) -> Ruling | None:
        """Return the explicit Deny, where some statement certainly says one."""
        for layer in self.layers:
            if layer.denies:
                places = layer.places(layer.denying)
                told = ", ".join(dict.fromkeys(str(each.statement) for each in places))
                return Ruling(
                    Answer.EXPLICITLY_DENIED, places, (f"explicitly denied by {layer.name}: {told}",)
                )
        return None

    def _granted_by(self, names: Iterable[Named]) -> bool | None:
        return any_of(self._said[each].allows for each in names if each in self._said)

    def _resource_side(self) -> bool | None:
        """Say whether the resource's policy grants by itself, as far as that goes for such a caller."""
        if not self._said:
            return False
        by_name = self._granted_by([Named.ITSELF])
        if self.caller.is_session:
            by_name = all_of((by_name, *(each.allows for each in self.limits)))
        return any_of((self._granted_by(_BY_ITSELF), by_name))

    @cached_property
    def has_to_allow(self) -> str | None:
        """How the resource's policy is called, where it has to allow in the own account, too."""
        return policy_that_has_to_allow(self.request.action, self.request.resource)

    def _granted(self) -> bool | None:
        """Say whether policies that grant do, on one side or on both."""
        if not self.same_account:
            return all_of((self._own_side, self._let_in()))
        if self.has_to_allow:
            return any_of((self._resource_side(), all_of((self._own_side, self._let_in()))))
        return any_of((self._resource_side(), self._own_side))

    def _let_in(self) -> bool | None:
        """Say whether the resource's policy lets the caller in, by name or with its whole account."""
        if self.policies.resource is NotGiven.UNKNOWN:
            return None
        return self._granted_by(Named)

    def ruling(self) -> Ruling:
        """Decide what no Deny has decided."""
        limited = [each for each in (*self.scps, *self.rcps) if each.allows is False]
        granted = self._granted()
        if granted is False:
            return self._not_granted()
        if limited:
            return self._limited(limited[0])
        doubts = [each for layer in self.layers for each in layer.doubts if layer.denies is None]
        levels = [each.allows for each in (*self.scps, *self.rcps)]
        if all_of([granted, *levels]) and not doubts:
            return Ruling(Answer.ALLOWED, self._allowing())
        return self._open()

    def _allowing(self) -> tuple[Place, ...]:
        own = [self.own, *self.limits] if self._own_side else []
        said = [each for each in self._said.values() if each.allows]
        layers = (*own, *said, *self.scps, *self.rcps)
        return tuple([place for layer in layers for place in layer.granting])

    def _not_granted(self) -> Ruling:
        places = self.own.granting
        if not self.own.allows:
            return Ruling(Answer.NOT_ALLOWED, places, (Answer.NOT_ALLOWED.value,))
        if limit := next((each for each in self.limits if each.allows is False), None):
            return self._limited(limit)
        kind = self.has_to_allow or "policy"
        told = (
            f"allowed by {self.own.name}, but not by the {kind} of the resource, which has to allow it, too"
        )
        return Ruling(Answer.NOT_ALLOWED_BY_LIMIT, places, (told,))

    def _limited(self, layer: Layer) -> Ruling:
        name = layer.name
        if layer.kind is PolicyType.BOUNDARY and self.policies.boundary:
            name = f"{name} {self.policies.boundary.name}"
        told = f"allowed by {self.own.name}, but not by {name}"
        return Ruling(Answer.NOT_ALLOWED_BY_LIMIT, self.own.granting, (told,))

    @property
    def _waits_for_the_resource(self) -> bool:
        """Whether the resource's policy is not known, and has to allow."""
        if self.policies.resource is not NotGiven.UNKNOWN or self._own_side is False:
            return False
        return self.has_to_allow is not None or not self.same_account

    @property
    def _resource_policy(self) -> str:
        if self.same_account:
            return f"{self.has_to_allow} of the resource"
        return f"{self.has_to_allow or 'policy'} of the resource, which is another account's"

    def _open(self) -> Ruling:
        doubts = [each for layer in self.layers for each in layer.doubts]
        why = dict.fromkeys(each.reason for each in doubts)
        if self._waits_for_the_resource:
            why[f"the {self._resource_policy}, which is not given, has to allow it, too"] = None
        needs = dict.fromkeys(key for each in doubts for key in each.needs)
        return Ruling(Answer.UNDECIDED, (), tuple(why), tuple(needs))


def rule(caller: Caller, request: Request, policies: Policies, resource_account: str | None = None) -> Ruling:
    """Decide one request. Without an account of the resource it counts as the caller's own."""
    if row := always_allowed(request.action, caller):
        return Ruling(Answer.ALLOWED, (), (row.why,))
    if why := without_credentials(request.action):
        return Ruling(Answer.UNDECIDED, (), (why,))
    court = _Court(caller, request, policies, resource_account)
    if denied := court.denial():
        return denied
    why = cannot_be_called(request.action, caller) or only_aws(request.action, request.resource)
    if why is None and not court.same_account:
        why = out_of_reach(request.action, request.resource)
    if why:
        return Ruling(Answer.NOT_ALLOWED, (), (why,))
    return court.ruling()
