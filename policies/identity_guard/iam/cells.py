"""Cut what a call's context can be into cells: within one, every condition of the policies says the same.

A dimension holds the keys that hang together (MFA and its age, the Region, the caller's address). Its cells
are concrete values, so that every answer can be shown as a call. Cells are grouped into modes: the holder of
a grant chooses the mode, and chance the cell within it. A grant is unrestricted if, in some mode of every
dimension, it holds in all ordinary cells.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .arn_shapes import Own
from .catalogue import catalogue, read_data
from .condition import Clause, Values
from .context_keys import BY_KEY, KeyRow, Presence, row_of
from .operators import address_range, moment, number
from .regions import GLOBAL_REGIONS, REGIONS
from .strangers import as_stranger
from .wildcard import instance

MOST_VALUES: Final = 48
"""How many values of the policies are tried for one key; what lies beyond is not looked at, and said so."""

NEGLIGIBLE_SHARE: Final = 0.01
"""The part of all addresses that may be left out without it counting as a restriction: "all but a negligible
rest, about one in a hundred" (definition of root-level, corpus README)."""

DECADE: Final = 10 * 365.25 * 86_400
"""Seconds. A grant that lasts longer than this is not held to be limited in time."""

OTHER: Final = "other-value-0x7"
"""A value that no policy names."""

EXAMPLE_ADDRESS: Final = "198.51.100.10"
PRIVATE: Final = ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3")
"""IPv4 addresses from which nobody calls AWS over the internet (RFC 1918, 5735)."""


class Cell(NamedTuple):
    """One possible state of the keys of a dimension."""

    values: tuple[tuple[str, Values], ...]
    mode: int = 0
    ordinary: bool = True
    carriers: int | None = None
    """The actions whose calls can be in this state; None for all."""
    relay: str | None = None
    """The service that makes the call on the caller's behalf, if one does."""
    is_global: bool = True
    """False in a Region in which the global services are not."""


@dataclass(frozen=True)
class Dimension:
    """Keys that hang together, and the cells that the policies' clauses tell apart."""

    name: str
    cells: tuple[Cell, ...]
    complete: bool = True
    """False where not all values that the policies name could be tried."""


class Setting(NamedTuple):
    """What the cells depend on besides the policies."""

    own: Own
    now: float
    """The time of the check, in seconds since 1970."""
    hopeful: bool = False
    """Whether keys of which nothing is known count as chosen by the holder; asked both ways."""
    plain_http: bool = False
    """Whether calls without TLS count, too."""
    stranger: bool = False
    """Whether the caller is somebody of whom no policy knows, who may choose only what is not an identity."""
    tried: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """For some keys, values to try besides those that the policies name."""


LINKED: Final = {
    "aws:multifactorauthpresent": "mfa",
    "aws:multifactorauthage": "mfa",
    "aws:currenttime": "time",
    "aws:epochtime": "time",
    "aws:sourceip": "address",
    "aws:viaawsservice": "relay",
    "aws:calledvia": "relay",
    "aws:calledviafirst": "relay",
    "aws:calledvialast": "relay",
    "aws:requestedregion": "region",
}
"""Keys that share a dimension or have one made for them; every other key is a dimension of its own."""


def dimension_name(key: str) -> str:
    """Return the dimension that a key in lower case belongs to."""
    return LINKED.get(key, key)


def cut(name: str, clauses: Sequence[Clause], setting: Setting) -> Dimension:
    """Cut a dimension for the clauses on its keys."""
    maker = _MAKERS.get(name)
    if maker is None:
        return _cut_key(name, clauses, setting)
    return Dimension(name, tuple(maker(clauses, setting)))


def _mfa(clauses: Sequence[Clause], _: Setting) -> Iterable[Cell]:
    def cell(mode: int, present: Values, age: Values) -> Cell:
        return Cell((("aws:multifactorauthpresent", present), ("aws:multifactorauthage", age)), mode)

    yield cell(0, None, None)
    yield cell(1, ("false",), None)
    ages = {300.0}
    for value in _values(clauses, "numeric"):
        if (limit := number(value)) is not None:
            ages |= {age for age in (limit - 1, limit, limit + 1) if age >= 0}
    for mode, age in enumerate(sorted(ages), start=2):
        yield cell(mode, ("true",), (f"{age:g}",))


def _time(clauses: Sequence[Clause], setting: Setting) -> Iterable[Cell]:
    moments = {setting.now}
    for value in _values(clauses, "date", "numeric"):
        if (limit := moment(value)) is not None:
            near = (limit - 1, limit, limit + 1)
            moments |= {each for each in near if setting.now < each < setting.now + DECADE}
    for each in sorted(moments)[:MOST_VALUES]:
        yield Cell((("aws:currenttime", (date_text(each),)), ("aws:epochtime", (f"{each:.0f}",))))


def date_text(seconds: float) -> str:
    """Write a moment as AWS does in `aws:CurrentTime`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _relay(clauses: Sequence[Clause], _: Setting) -> Iterable[Cell]:
    """Calls go straight to AWS, or a service makes them for the caller (IAM User Guide, access forward)."""
    keys = ("aws:viaawsservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast")

    def cell(service: str | None) -> Cell:
        chain = None if service is None else (service,)
        values: tuple[Values, ...] = (("false" if service is None else "true",), chain, chain, chain)
        return Cell(tuple(zip(keys, values, strict=True)), ordinary=service is None, relay=service)

    yield cell(None)
    named = [value for clause in clauses if clause.key != keys[0] for value in clause.values]
    services = dict.fromkeys(
        (*(instance(value, "example") for value in named), "cloudformation.amazonaws.com")
    )
    for service in list(services)[:MOST_VALUES]:
        yield cell(service)


def _region(clauses: Sequence[Clause], setting: Setting) -> Iterable[Cell]:
    known = {name for names in REGIONS.values() for name in names}
    for mode, (partition, names) in enumerate(REGIONS.items()):
        seen: set[tuple[object, ...]] = set()
        for name in names:
            is_global = name in GLOBAL_REGIONS
            signature = (is_global, *(clause.holds((name,)) for clause in clauses))
            if signature not in seen:
                seen.add(signature)
                ordinary = partition == setting.own.partition
                yield Cell((("aws:requestedregion", (name,)),), mode, ordinary, None, None, is_global)
    for name in dict.fromkeys(instance(value, "x") for clause in clauses for value in clause.values):
        if name not in known:
            yield Cell((("aws:requestedregion", (name,)),), 0, ordinary=False, is_global=False)


def _address(clauses: Sequence[Clause], _: Setting) -> Iterable[Cell]:
    key = "aws:sourceip"
    ranges = [limits for value in _values(clauses, "ip") if (limits := address_range(value))][:MOST_VALUES]
    for mode, family in enumerate((4, 6)):
        parts = _parts(family, [limits[1:] for limits in ranges if limits[0] == family])
        total = sum(weight for _, weight in parts)
        dropped = 0.0
        for address, weight in sorted(parts, key=lambda part: part[1]):
            dropped += weight / total
            yield Cell(((key, (_address_text(family, address),)),), mode, dropped > NEGLIGIBLE_SHARE)
    for value in _values(clauses, "string"):
        yield Cell(((key, (instance(value, "1"),)),), 0, ordinary=False)
    yield Cell(((key, None),), 0, ordinary=False)


def _parts(family: int, ranges: list[tuple[int, int]]) -> list[tuple[int, float]]:
    """Return an address of each part that the ranges cut a family into, with the part's size."""
    size = 1 << (32 if family == 4 else 128)  # noqa: PLR2004 - the families' numbers
    hidden = [limits[1:] for text in PRIVATE if (limits := address_range(text))] if family == 4 else []  # noqa: PLR2004
    edges = sorted({0, size, *(edge for first, last in (*ranges, *hidden) for edge in (first, last + 1))})
    preferred = address_range(EXAMPLE_ADDRESS)
    parts: list[tuple[int, float]] = []
    for first, beyond in zip(edges, edges[1:], strict=False):
        is_hidden = any(low <= first <= high for low, high in hidden)
        inside = preferred is not None and family == preferred[0] and first <= preferred[1] < beyond
        address = preferred[1] if inside and preferred else first
        parts.append((address, 0.0 if is_hidden else float(beyond - first)))
    merged: dict[tuple[bool, ...], tuple[int, float]] = {}
    for address, weight in parts:
        signature = tuple(low <= address <= high for low, high in ranges)
        held = merged.get(signature)
        best = address if held is None or weight > held[1] else held[0]
        merged[signature] = (best, weight + (held[1] if held else 0.0))
    return list(merged.values())


def _address_text(family: int, address: int) -> str:
    if family == 4:  # noqa: PLR2004 - IPv4
        return ".".join(str(part) for part in address.to_bytes(4))
    return ":".join(f"{address >> (112 - 16 * place) & 0xFFFF:x}" for place in range(8))


_MAKERS: Final[dict[str, Callable[[Sequence[Clause], Setting], Iterable[Cell]]]] = {
    "mfa": _mfa,
    "time": _time,
    "address": _address,
    "relay": _relay,
    "region": _region,
}


def _values(clauses: Iterable[Clause], *kinds: str) -> list[str]:
    return [value for clause in clauses if clause.operator.values in kinds for value in clause.values]


def _row(key: str) -> KeyRow:
    """Return what is known of a key that stands alone."""
    carried = carriers_of(key) is not None
    row = row_of(key, carried=carried)
    if row.presence is Presence.NEVER and not carried and key.partition(":")[0] in catalogue().by_service:
        # A service of the catalogue may have got a key that the catalogue does not know.
        return KeyRow(key, Presence.UNKNOWN) if key not in BY_KEY else row
    return row


def is_unknown_key(key: str) -> bool:
    """Say whether nothing is known of a key in lower case."""
    return key not in LINKED and _row(key).presence is Presence.UNKNOWN


def _cut_key(key: str, clauses: Sequence[Clause], setting: Setting) -> Dimension:
    """Cut a key that stands alone, by what is known of it."""
    carriers = carriers_of(key)
    named = _named(clauses) + list(setting.tried.get(key, ()))
    row = _row(key)
    row = replace(row, values=tuple(setting.own.fill(value) for value in row.values))
    if key == "aws:securetransport" and setting.plain_http:
        row = replace(row, presence=Presence.HOLDER, values=("true", "false"))
    if setting.stranger:
        row, named = as_stranger(row, named)
    if row.presence is Presence.UNKNOWN and setting.hopeful:
        row = replace(row, presence=Presence.HOLDER, may_lack=True)
    cells: list[Cell] = []
    for mode, ordinary, values in _STATES[row.presence](row, named[:MOST_VALUES]):
        if values is None or carriers is None:
            cells.append(Cell(((key, values),), mode, ordinary))
            continue
        cells.append(Cell(((key, values),), mode, ordinary, carriers))
        if row.presence is Presence.HOLDER:
            # What the holder chooses for the calls that carry the key is absent from all the others.
            cells.append(Cell(((key, None),), mode, ordinary, catalogue().everything & ~carriers))
    return Dimension(key, tuple(cells), complete=len(named) <= MOST_VALUES)


State = tuple[int, bool, Values]
"""Mode, whether it is ordinary, the values."""


def _holder(row: KeyRow, named: list[str]) -> Iterable[State]:
    values = list(dict.fromkeys((*row.values, *named, OTHER)))
    states: list[Values] = [(value,) for value in values]
    if row.several and len(named) > 1:
        states.append(tuple(named))
    if row.may_lack:
        states.append(None)
    return ((mode, True, state) for mode, state in enumerate(states))


def _absent(_: KeyRow, named: list[str]) -> Iterable[State]:
    yield 0, True, None
    for state in _extra(named):
        yield 0, False, state


def _absent_or_other(_: KeyRow, named: list[str]) -> Iterable[State]:
    yield 0, True, None
    yield 0, True, (OTHER,)
    for state in _extra(named):
        yield 0, False, state


def _extra(named: list[str]) -> Iterable[Values]:
    for value in named:
        yield (value,)
    if len(named) > 1:
        yield tuple(named)
    yield (OTHER,)
    if named:
        yield named[0], OTHER


def _one_value(row: KeyRow, _: list[str]) -> Iterable[State]:
    yield 0, True, row.values


def _other(_: KeyRow, named: list[str]) -> Iterable[State]:
    yield 0, True, (OTHER,)
    for value in named:
        yield 0, False, (value,)


def _never(_: KeyRow, __: list[str]) -> Iterable[State]:
    yield 0, True, None


def _unknown(_: KeyRow, named: list[str]) -> Iterable[State]:
    for state in (None, (OTHER,), *((value,) for value in named)):
        yield 0, True, state


_STATES: Final[dict[Presence, Callable[[KeyRow, list[str]], Iterable[State]]]] = {
    Presence.HOLDER: _holder,
    Presence.ONE_VALUE: _one_value,
    Presence.ABSENT: _absent,
    Presence.ABSENT_OR_OTHER: _absent_or_other,
    Presence.OTHER: _other,
    Presence.NEVER: _never,
    Presence.UNKNOWN: _unknown,
}


def _named(clauses: Sequence[Clause]) -> list[str]:
    """Return values that the clauses tell apart: each pattern filled in, numbers and dates with neighbours."""
    found: dict[str, None] = {}
    for clause in clauses:
        for value in clause.values:
            for each in _near(clause.operator.values, value):
                found[each] = None
    return list(found)


def _near(kind: str, value: str) -> Iterable[str]:
    if kind == "presence":
        return
    if kind == "bool":
        yield from ("true", "false")
    elif kind in ("numeric", "date"):
        limit = number(value) if kind == "numeric" else moment(value)
        if limit is not None:
            yield from (f"{limit - 1:.15g}", f"{limit:.15g}", f"{limit + 1:.15g}")
    elif kind == "ip":
        limits = address_range(value)
        if limits:
            yield _address_text(limits[0], limits[1])
    else:
        yield instance(value, OTHER) if kind != "arn" else instance(value, "x")


@cache
def _carrier_numbers() -> dict[str, list[int]]:
    data: dict[str, Any] = read_data("condition_keys.json.gz")
    carriers: dict[str, list[int]] = data["carriers"]
    return carriers


@cache
def _carriers_of_generic(key: str) -> int | None:
    numbers = _carrier_numbers().get(key)
    if numbers is None:
        return None
    bits = 0
    for each in numbers:
        bits |= 1 << each
    return bits


def carriers_of(key: str) -> int | None:
    """Return the actions that can carry a service's key; None for global keys and for unknown ones."""
    if key.startswith("aws:"):
        return None
    numbers = _carrier_numbers()
    for generic in (key, key.split("/", 1)[0] + "/", ":".join(key.split(":")[:2]) + ":"):
        if generic in numbers:
            return _carriers_of_generic(generic)
    return None
