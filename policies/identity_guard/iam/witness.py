"""One concrete call that succeeds, as the proof of a verdict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .addresses import EXAMPLE_ADDRESS
from .attachment import Attachment
from .catalogue import catalogue
from .cell import OTHER, Cell
from .condition import PASSED_TO
from .decision import Decision, Request, StatementPlace, may
from .grants import Grants
from .linked_keys import date_text
from .policy_variables import symbols_in, without_symbols
from .regions import REGIONS
from .rules import Pins, State, World
from .strangers import STRANGE_ACCOUNT

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
    cells: list[Cell] = [
        _first_ordinary(grants, name, state.pins) for name in _other_dimensions(grants, state.world)
    ]
    for cell in (*cells, *grants.space.cells_of(state.world)):
        for key, found in cell.values:
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
    named = dict.fromkeys(name for rule in grants.rules for name in rule.by_dimension)
    return [name for name in named if name not in world]


def _first_ordinary(grants: Grants, name: str, pins: Pins) -> Cell:
    cells = grants.space.dimension(name).cells
    admitted = [cell for cell in cells if pins.admits(name, cell)] or list(cells)
    return next((cell for cell in admitted if cell.ordinary), admitted[0])
