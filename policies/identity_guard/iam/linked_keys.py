"""Cells of the keys that hang together: MFA and its age, time, the route, the Region, the address."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from .addresses import ADDRESSES, address_range, address_text, parts_of
from .cell import MOST_VALUES, UNTRIED, Cell, Setting
from .condition import Clause, Values
from .masks import without
from .operators import moment, number
from .regions import GLOBAL_REGIONS, PARTITIONS, REGIONS
from .value_lists import MOST_LISTS, Growth, Said, asks_all, said
from .wildcard import has_wildcard, instance

NEGLIGIBLE_SHARE: Final = 0.01
"""The part of all addresses that may be left out without it counting as a restriction: "all but a negligible
rest, about one in a hundred" (definition of root-level, corpus README)."""

DECADE: Final = 10 * 365.25 * 86_400
"""Seconds. A grant that lasts longer than this is not held to be limited in time."""

REGION: Final = "aws:requestedregion"
REGION_NAME: Final = re.compile(r"[a-z]{2,5}(-[a-z]+)+-\d{1,2}")
"""How Regions are named; one that is not known yet may exist, other texts never are one."""

VIA_SERVICE: Final = "aws:viaawsservice"
CALLED_VIA: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
"""The services that a call came through, in their order; the first and the last of them."""
ANY_CALL: Final = "cloudformation.amazonaws.com"
"""The service that makes any call its caller asks for, IAM's included (AWS CloudFormation User Guide)."""
OTHER_RELAYS: Final = tuple(f"{name}.amazonaws.com" for name in ("athena", "dynamodb", "kms", "glue"))
"""Services that call others for their caller: one that no policy names stands for all such."""

LINKED: Final = {
    "aws:multifactorauthpresent": "mfa",
    "aws:multifactorauthage": "mfa",
    "aws:currenttime": "time",
    "aws:epochtime": "time",
    "aws:sourceip": "address",
    VIA_SERVICE: "relay",
    **dict.fromkeys(CALLED_VIA, "relay"),
    "aws:requestedregion": "region",
}
"""Keys that share a dimension or have one made for them; every other key is a dimension of its own."""


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
            # Of two limits, there is a moment between them if one is just after the first.
            moments |= {each for each in (limit, limit + 1) if setting.now < each < setting.now + DECADE}
    for each in sorted(moments)[: 2 * MOST_VALUES + 1]:
        yield Cell((("aws:currenttime", (date_text(each),)), ("aws:epochtime", (f"{each:.0f}",))))
    if _too_many(clauses):
        yield Cell((("aws:currenttime", UNTRIED), ("aws:epochtime", UNTRIED)), ordinary=False)


def date_text(seconds: float) -> str:
    """Write a moment as AWS does in `aws:CurrentTime`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _relay(clauses: Sequence[Clause], _: Setting) -> Iterable[Cell]:
    """Yield direct calls, and those that services make for the caller (IAM User Guide, aws:CalledVia)."""
    yield Cell(((VIA_SERVICE, ("false",)), *((key, None) for key in CALLED_VIA)))
    of_chain = [clause for clause in clauses if clause.key in CALLED_VIA]
    named = dict.fromkeys(_values(of_chain, "string", "arn"))
    services = [*(instance(value, "example") for value in list(named)[:MOST_VALUES]), ANY_CALL]
    other = next((service for service in OTHER_RELAYS if service not in services), None)
    if of_chain and other is not None:
        services.append(other)
    chains, complete = _chains(of_chain, list(dict.fromkeys(services)))
    for chain in chains:
        yield _relayed(_links(chain), chain)
    if not complete or other is None or len(named) > MOST_VALUES:
        yield _relayed((UNTRIED, UNTRIED, UNTRIED), ("",))


def _relayed(links: tuple[Values, Values, Values], chain: tuple[str, ...]) -> Cell:
    values: Iterable[tuple[str, Values]] = zip(CALLED_VIA, links, strict=True)
    return Cell(((VIA_SERVICE, ("true",)), *values), ordinary=False, relay=chain)


def _links(chain: tuple[str, ...]) -> tuple[Values, Values, Values]:
    """Return the values of the three keys that a chain of services leaves."""
    return chain, chain[:1], chain[-1:]


def _chains(clauses: Sequence[Clause], services: Sequence[str]) -> tuple[list[tuple[str, ...]], bool]:
    """Return chains of services for all that the clauses can say together, and whether these are all.

    Who is called first matters besides; of the services that are called later, those that look alike do not.
    """
    growth = _growth(clauses)
    alone = {service: _said(clauses, service) for service in services}
    links = {looks: service for service, looks in alone.items()}
    found: dict[tuple[str, Said], tuple[str, ...]] = {}
    grown: list[tuple[tuple[str, ...], Said]] = [((service,), looks) for service, looks in alone.items()]
    for chain, looks in grown:
        if (chain[0], looks) in found:
            continue
        found[chain[0], looks] = chain
        if len(links) > 1:
            grown += [((*chain, service), growth.of(looks, added)) for added, service in links.items()]
        if len(found) > len(services) + MOST_LISTS:
            return list(found.values()), False
    return list(found.values()), True


def _said(clauses: Iterable[Clause], service: str) -> Said:
    return said(clause.holds((service,)) for clause in clauses)


def _growth(clauses: Sequence[Clause]) -> Growth:
    """Return what the clauses on each of the three keys go by."""
    of_whole, of_first, of_last = (said(each.key == key for each in clauses).certain for key in CALLED_VIA)
    for_all = said(map(asks_all, clauses)).certain
    return Growth(of_whole & for_all, without(of_whole, for_all), of_first, of_last)


def _region(clauses: Sequence[Clause], setting: Setting) -> Iterable[Cell]:
    """Yield the Regions that are named, and of the others one that is global and one that is not.

    Where a name has a wildcard, each Region is one that may be told from the others.
    """
    names = dict.fromkeys(value for clause in clauses for value in clause.values)
    if any(has_wildcard(name) and name != "*" for name in names):
        yield from _known_regions(setting.own.partition)
    else:
        named = {name.lower() for name in names}
        others: set[bool] = set()
        regions = REGIONS[setting.own.partition]
        for name, cell in zip(regions, _known_regions(setting.own.partition), strict=True):
            if name in named:
                yield cell
            elif cell.is_global not in others:
                others.add(cell.is_global)
                yield cell
    for name in names:
        if name not in PARTITIONS and REGION_NAME.fullmatch(name):
            yield Cell(((REGION, (name,)),), ordinary=False, is_global=False)


@cache
def _known_regions(partition: str) -> tuple[Cell, ...]:
    return tuple(Cell(((REGION, (name,)),), is_global=name in GLOBAL_REGIONS) for name in REGIONS[partition])


def _address(clauses: Sequence[Clause], _: Setting) -> Iterable[Cell]:
    key = "aws:sourceip"
    named = list(dict.fromkeys(_values(clauses, "ip")))[:MOST_VALUES]
    ranges = [limits for value in named if (limits := address_range(value))]
    for mode, family in enumerate(ADDRESSES):
        parts = parts_of(family, [limits[1:] for limits in ranges if limits[0] == family])
        total = sum(weight for _, weight in parts)
        dropped = 0.0
        for address, weight in sorted(parts, key=lambda part: part[1]):
            dropped += weight / total
            yield Cell(((key, (address_text(family, address),)),), mode, dropped > NEGLIGIBLE_SHARE)
    for value in _values(clauses, "string"):
        yield Cell(((key, (instance(value, "1"),)),), 0, ordinary=False)
    yield Cell(((key, None),), 0, ordinary=False)
    if _too_many(clauses):
        yield Cell(((key, UNTRIED),), 0, ordinary=False)


MAKERS: Final[dict[str, Callable[[Sequence[Clause], Setting], Iterable[Cell]]]] = {
    "mfa": _mfa,
    "time": _time,
    "address": _address,
    "relay": _relay,
    "region": _region,
}
"""What makes the cells of each dimension."""


def _too_many(clauses: Sequence[Clause]) -> bool:
    """Say whether clauses name more values than are tried."""
    return len({value for clause in clauses for value in clause.values}) > MOST_VALUES


def _values(clauses: Iterable[Clause], *kinds: str) -> list[str]:
    return [value for clause in clauses if clause.operator.values in kinds for value in clause.values]
