"""Find a call that proves an answer: look for a state in which it is allowed, write it out, replay it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES, EXAMPLE_REGION, arn_shapes
from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.iam.catalogue.regions import REGIONS
from identity_guard.iam.document.condition import PASSED_TO, symbols_in, without_symbols
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.context_state import OTHER, ContextState
from identity_guard.iam.evaluate.decision import Decision, Request, StatementPlace, may
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.linked_keys import date_text
from identity_guard.iam.evaluate.resource_reach import takers_of
from identity_guard.iam.evaluate.statements import EVERY_RESOURCE, EXAMPLE_PART, Group
from identity_guard.iam.evaluate.strangers import STRANGE_ACCOUNT
from identity_guard.iam.evaluate.worlds import Assumptions, State, World
from identity_guard.iam.text.operators import EXAMPLE_ADDRESS

from .escalation import assumptions_of
from .mfa import BY_HAND, ENROLS, call_without_mfa
from .reach import Call, Reach, all_groups

# One concrete call that succeeds, as the proof of a verdict.
SPELLED: Final = {
    "aws:principalarn": "aws:PrincipalArn",
    "aws:principalaccount": "aws:PrincipalAccount",
    "aws:principaltype": "aws:PrincipalType",
    "aws:userid": "aws:userid",
    "aws:username": "aws:username",
    "aws:securetransport": "aws:SecureTransport",
    "aws:sourceip": "aws:SourceIp",
    "aws:currenttime": "aws:CurrentTime",
    "aws:epochtime": "aws:EpochTime",
    "aws:requestedregion": "aws:RequestedRegion",
    "aws:viaawsservice": "aws:ViaAWSService",
    "aws:calledvia": "aws:CalledVia",
    "aws:calledviafirst": "aws:CalledViaFirst",
    "aws:calledvialast": "aws:CalledViaLast",
    "aws:multifactorauthpresent": "aws:MultiFactorAuthPresent",
    "aws:multifactorauthage": "aws:MultiFactorAuthAge",
    "aws:principalisawsservice": "aws:PrincipalIsAWSService",
    "aws:resourceaccount": "aws:ResourceAccount",
}
"""The keys of an ordinary call as AWS writes them."""

SEVERAL: Final = frozenset(
    f"aws:{name}"
    for name in ("calledvia", "tagkeys", "principalorgpaths", "resourceorgpaths", "vpceorgpaths")
)
"""Keys that carry a list."""


def visibly_an_example(resource: str) -> str:
    """Write made-up names so that nobody looks for them."""
    for name in (*EXAMPLE_NAMES, EXAMPLE_PART):
        resource = resource.replace(name, "EXAMPLE")
    return resource.replace(EXAMPLE_REGION, "REGION")


@dataclass(frozen=True, slots=True)
class Witness:
    """A call, its context, and the statements that allow it."""

    action: str
    resource: str
    context: Mapping[str, str | list[str]]
    statements: tuple[StatementPlace, ...]

    def __str__(self) -> str:
        """Write it for a message: the call and what allows it."""
        by = "; ".join(str(place) for place in self.statements if place.layer == 0)
        return f"{self.action} on {self.resource}, allowed by {by}"


def witness(
    grants: Grants, layers: Sequence[Sequence[Attachment]], action: int, resource: str, state: State
) -> Witness | None:
    """Write a state of the world out as a call and replay it; None if the replay does not allow it."""
    context = call_context(grants, state)
    concrete = without_symbols(resource, lambda name: _plain_value(context, name))
    for spelled in _spellings(context):
        request = Request(catalogue().name_of(action), concrete, spelled)
        decision = replay(layers, request)
        if decision.allowed:
            return Witness(request.action, concrete, spelled, decision.statements)
    return None


def _spellings(context: dict[str, str | list[str]]) -> Iterator[dict[str, str | list[str]]]:
    """Yield a context, and with the name that a service has in China where a role is passed to one."""
    yield context
    service = context.get(PASSED_TO)
    if isinstance(service, str) and service.endswith(".amazonaws.com"):
        yield {**context, PASSED_TO: f"{service}.cn"}


def replay(layers: Sequence[Sequence[Attachment]], request: Request) -> Decision:
    """Decide a request over layers as a verdict has them: the identity's, then one for each limit."""
    return may(layers[0], request, None, layers[1:])


def _plain_value(context: Mapping[str, str | list[str]], name: str) -> str:
    for key, value in context.items():
        if key.lower() == name:
            return value if isinstance(value, str) else value[0]
    return OTHER


def call_context(grants: Grants, state: State) -> dict[str, str | list[str]]:
    """Return the context of a call in a state of the world: that of an ordinary call, changed as it says.

    What the world leaves open is as the question had it.
    """
    values = _ordinary(grants)
    context_states: list[ContextState] = [
        _first_ordinary(grants, name, state.assumptions) for name in _other_dimensions(grants, state.world)
    ]
    for context_state in (*context_states, *grants.space.context_states_of(state.world)):
        for key, found in context_state.values:
            values[key] = found
    texts = {key: list(found) for key, found in values.items() if found is not None}
    for name in [name for each in texts.values() for text in each for name in symbols_in(text)]:
        # A value that has to equal a variable needs the variable's key in the request, too.
        texts.setdefault(name, [OTHER])
    known = {key: each[0] for key, each in texts.items() if each}

    def look_up(name: str) -> str:
        return known.get(name, OTHER)

    context: dict[str, str | list[str]] = {}
    for key, each in sorted(texts.items()):
        named = [without_symbols(text, look_up) for text in each]
        context[SPELLED.get(key, key)] = named if key in SEVERAL or len(named) != 1 else named[0]
    return context


def _ordinary(grants: Grants) -> dict[str, tuple[str, ...] | None]:
    own, now = grants.resources.own, grants.space.setting.now
    if grants.space.setting.stranger:
        own = replace(own, account=STRANGE_ACCOUNT)
    return {
        "aws:principalarn": (f"arn:{own.partition}:iam::{own.account}:user/example-holder",),
        "aws:principalaccount": (own.account,),
        "aws:principaltype": ("User",),
        "aws:userid": ("AIDAEXAMPLEHOLDER",),
        "aws:username": ("example-holder",),
        "aws:securetransport": ("true",),
        "aws:sourceip": (EXAMPLE_ADDRESS,),
        "aws:currenttime": (date_text(now),),
        "aws:epochtime": (f"{now:.0f}",),
        "aws:requestedregion": (REGIONS[own.partition][0],),
        "aws:viaawsservice": ("false",),
        "aws:principalisawsservice": ("false",),
        "aws:resourceaccount": (own.account,),
    }


def _other_dimensions(grants: Grants, world: World) -> Iterable[str]:
    named = dict.fromkeys(name for layered in grants.statements for name in layered.by_dimension)
    return [name for name in named if name not in world]


def _first_ordinary(grants: Grants, name: str, assumptions: Assumptions) -> ContextState:
    context_states = grants.space.dimension(name).context_states
    admitted = [
        context_state for context_state in context_states if assumptions.admits(name, context_state)
    ] or list(context_states)
    return next((context_state for context_state in admitted if context_state.ordinary), admitted[0])


TELLING: Final = (
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateUser",
    "account:CloseAccount",
    "sso:CreateAccountAssignment",
    "sts:AssumeRole",
)
"""Calls that show best what root-level access means, tried in this order for a witness."""

MOST_TRIES: Final = 200
"""How many states are tried for a witness."""
MOST_COMPARED: Final = 15_000
"""How often statements are compared with a call for one witness: some tenths of a second."""


class _Tries:
    """The calls that were tried for one witness, and how many statements may still be compared with more."""

    def __init__(self) -> None:
        self._seen: set[object] = set()
        self._budget = ScanBudget(MOST_COMPARED)

    def take(self, call: object, statements: int) -> bool:
        """Say whether a call is new, and may be compared with so many statements."""
        if call in self._seen or not self._budget.take(statements):
            return False
        self._seen.add(call)
        return True


class Proof:
    """Looks for witnesses of what grants allow."""

    def __init__(self, grants: Grants, layers: Sequence[Sequence[Attachment]]) -> None:
        self.grants = grants
        self.layers = layers
        self._statements = sum(len(each.statements) for layer in layers for each in layer)

    def of_root_level(self, assumptions: Assumptions) -> Witness | None:
        """Return one of the most telling calls that are allowed in the states looked at."""
        targets = [*(1 << bit for bit in _telling_bits()), catalogue().known]
        tries = _Tries()
        shown = (self._call(target, assumptions, tries) for target in targets)
        return next((found for found in shown if found is not None), None)

    def of_path(self, path: EscalationPath) -> Witness | None:
        """Return a call of an open path, of IAM, STS or Identity Center where it has any."""
        bits = [bit for name in path.actions if (bit := catalogue().bit_of(name)) is not None]
        # Of a path that is a whole service, what tells most is shown.
        telling = (bit for bit in _telling_bits() if path.mask >> bit & 1)
        wanted = bits or [*telling, path.mask.bit_length() - 1]
        wanted.sort(key=lambda bit: not catalogue().name_of(bit).startswith(("iam:", "sts:", "sso")))
        asked = (
            (bit, assumptions)
            for bit in wanted
            for assumptions in (assumptions_of(self.grants, path), Assumptions())
        )
        tries = _Tries()
        shown = (self._call(1 << bit, assumptions, tries) for bit, assumptions in asked)
        return next((found for found in shown if found is not None), None)

    def without_mfa(self) -> Witness | None:
        """Return a call that is allowed without MFA."""
        tries = _Tries()
        for mask, call in islice(call_without_mfa(self.grants), MOST_TRIES):
            found = self._shown(mask, call, tries)
            if found is not None:
                return found
        return None

    def enrolment(self) -> Witness | None:
        """Return a call that sets a device up for somebody, without MFA."""
        return self._call(catalogue().mask_of(ENROLS), BY_HAND, _Tries())

    def _call(self, target: int, assumptions: Assumptions, tries: "_Tries") -> Witness | None:
        """Look for a state in which one of the target actions is allowed, and replay it."""
        calls = Reach(self.grants, assumptions, target).calls(all_groups(self.grants, target))
        for mask, call in islice(calls, MOST_TRIES):
            found = self._shown(mask, call, tries)
            if found is not None:
                return found
        return None

    def _shown(self, mask: int, call: Call, tries: "_Tries") -> Witness | None:
        for bit in _some_bits(mask):
            for resource in self._resources_for(bit, call.group):
                if not tries.take((bit, resource, *call.state.world.items()), self._statements):
                    continue
                found = witness(self.grants, self.layers, bit, resource, call.state)
                if found is not None:
                    return found
        return None

    def _resources_for(self, bit: int, group: Group) -> Iterable[str]:
        """Return resources for a call of an action on a group's: first such as the action takes.

        What takes no resource has no shape, and is decided against `*`. The group's example comes last
        where it stands for other kinds of resources, which no policy tells apart.
        """
        fits = group.example != EVERY_RESOURCE and takers_of(group.example) >> bit & 1
        if fits:
            yield group.example
        shapes = arn_shapes()
        taken = [shapes.shapes[number] for number in shapes.taken_by(1 << bit)]
        yield from (shape.example(self.grants.resources.own, EXAMPLE_NAMES[0]) for shape in taken[:3])
        if not taken:
            yield EVERY_RESOURCE
        elif not fits and group.example != EVERY_RESOURCE:
            yield group.example


@cache
def _telling_bits() -> tuple[int, ...]:
    return tuple(bit for name in TELLING if (bit := catalogue().bit_of(name)) is not None)


def _some_bits(mask: int) -> Iterable[int]:
    """Return a few of the actions in a mask, those that tell most first."""
    yield from (bit for bit in _telling_bits() if mask >> bit & 1)
    left = mask & catalogue().known
    for _ in TELLING:
        if left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest
