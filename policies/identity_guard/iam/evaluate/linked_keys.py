"""Keys that hang together, cut into context states: MFA and its age, time, route, Region, address."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import without
from identity_guard.iam.catalogue.context_keys import LONGEST_SESSION
from identity_guard.iam.catalogue.given_ways import ANY_CALL
from identity_guard.iam.catalogue.regions import GLOBAL_REGIONS, PARTITIONS, REGIONS
from identity_guard.iam.document.condition import Clause, Values
from identity_guard.iam.text.operators import ADDRESSES, address_range, address_text, moment, number, parts_of
from identity_guard.iam.text.wildcard import has_wildcard, instance, is_everything, matches

from .context_state import (
    MOST_LISTS,
    MOST_VALUES,
    UNTRIED,
    ContextState,
    Growth,
    Said,
    Setting,
    asks_all,
    said,
)

NEGLIGIBLE_SHARE: Final = 0.01
"""The part of all addresses that may be left out without it counting as a restriction: "all but a negligible
rest, about one in a hundred" (definition of root-level, corpus README)."""

SHORT_WHILE: Final = 14 * 86_400
"""Seconds. A grant that is spared for so long and goes on is not held to be limited in time: allowed at all
times but in named ones (corpus README)."""
DECADE: Final = 10 * 365.25 * 86_400
"""Seconds. A grant that lasts longer than this is not held to be limited in time."""

REGION: Final = "aws:requestedregion"
REGION_NAME: Final = re.compile(r"[a-z]{2,5}(-[a-z]+)+-\d{1,2}")
"""How Regions are named; one that is not known yet may exist, other texts never are one."""

VIA_SERVICE: Final = "aws:viaawsservice"
CALLED_VIA: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
"""The services that a call came through, in their order; the first and the last of them."""
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


def _mfa(clauses: Sequence[Clause], _: Setting) -> Iterable[ContextState]:
    def context_state(mode: int, present: Values, age: Values) -> ContextState:
        return ContextState((("aws:multifactorauthpresent", present), ("aws:multifactorauthage", age)), mode)

    yield context_state(0, None, None)
    yield context_state(1, ("false",), None)
    ages = {300.0}
    for value in _values(clauses, "numeric"):
        if (limit := number(value)) is not None:
            ages |= {age for age in (limit - 1, limit, limit + 1) if 0 <= age <= LONGEST_SESSION}
    for mode, age in enumerate(sorted(ages), start=2):
        yield context_state(mode, ("true",), (f"{age:g}",))


def _time(clauses: Sequence[Clause], setting: Setting) -> Iterable[ContextState]:
    moments = {setting.now}
    for value in _values(clauses, "date", "numeric"):
        if (limit := moment(value)) is not None:
            # Of two limits, there is a moment between them if one is just after the first.
            moments |= {each for each in (limit, limit + 1) if setting.now < each < setting.now + DECADE}
    tried = sorted(moments)[: 2 * MOST_VALUES + 1]
    for each, until in zip(tried, [*tried[1:], tried[-1] + DECADE], strict=True):
        # Now is ordinary, and so is every while that is long; hours or days in between may be spared.
        values = (("aws:currenttime", (date_text(each),)), ("aws:epochtime", (f"{each:.0f}",)))
        yield ContextState(values, ordinary=each == tried[0] or until - each > SHORT_WHILE)
    if _too_many(clauses):
        yield ContextState((("aws:currenttime", UNTRIED), ("aws:epochtime", UNTRIED)), ordinary=False)


def date_text(seconds: float) -> str:
    """Write a moment as AWS does in `aws:CurrentTime`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _relay(clauses: Sequence[Clause], _: Setting) -> Iterable[ContextState]:
    """Yield direct calls, and those that services make for the caller (IAM User Guide, aws:CalledVia)."""
    yield ContextState(((VIA_SERVICE, ("false",)), *((key, None) for key in CALLED_VIA)))
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


def _relayed(links: tuple[Values, Values, Values], chain: tuple[str, ...]) -> ContextState:
    values: Iterable[tuple[str, Values]] = zip(CALLED_VIA, links, strict=True)
    return ContextState(((VIA_SERVICE, ("true",)), *values), ordinary=False, relay=chain)


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


def _region(clauses: Sequence[Clause], setting: Setting) -> Iterable[ContextState]:
    """Yield the Regions that are told apart; of those that are named few are out of the ordinary.

    Allowed only in named Regions restricts, as the others are the ordinary ones; allowed everywhere but in
    named ones does not (corpus README). The one that the global services are in is always ordinary, and where
    most Regions are named, all are: what is left is then a few places. A stranger picks any.
    """
    every = list(_regions_told_apart(clauses, setting))
    known = REGIONS[setting.own.partition]
    named = {name for name in known if any(_is_named(name, clause) for clause in clauses)}
    few = len(named) * 2 <= len(known) and not setting.stranger
    for context_state in every:
        (name,) = context_state.values[0][1] or ("",)
        spared = few and name in named and not context_state.is_global
        yield context_state._replace(ordinary=False) if spared else context_state


def _is_named(region: str, clause: Clause) -> bool:
    return any(matches(value.lower(), region) for value in clause.values if not is_everything(value))


def _regions_told_apart(clauses: Sequence[Clause], setting: Setting) -> Iterable[ContextState]:
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
        for name, context_state in zip(regions, _known_regions(setting.own.partition), strict=True):
            if name in named:
                yield context_state
            elif context_state.is_global not in others:
                others.add(context_state.is_global)
                yield context_state
    for name in names:
        if name not in PARTITIONS and REGION_NAME.fullmatch(name):
            yield ContextState(((REGION, (name,)),), ordinary=False, is_global=False)


@cache
def _known_regions(partition: str) -> tuple[ContextState, ...]:
    return tuple(
        ContextState(((REGION, (name,)),), is_global=name in GLOBAL_REGIONS) for name in REGIONS[partition]
    )


def _address(clauses: Sequence[Clause], _: Setting) -> Iterable[ContextState]:
    key = "aws:sourceip"
    named = list(dict.fromkeys(_values(clauses, "ip")))[:MOST_VALUES]
    ranges = [limits for value in named if (limits := address_range(value))]
    for mode, family in enumerate(ADDRESSES):
        parts = parts_of(family, [limits[1:] for limits in ranges if limits[0] == family])
        total = sum(weight for _, weight in parts)
        dropped = 0.0
        for address, weight in sorted(parts, key=lambda part: part[1]):
            dropped += weight / total
            yield ContextState(((key, (address_text(family, address),)),), mode, dropped > NEGLIGIBLE_SHARE)
    for value in _values(clauses, "string"):
        yield ContextState(((key, (instance(value, "1"),)),), 0, ordinary=False)
    yield ContextState(((key, None),), 0, ordinary=False)
    if _too_many(clauses):
        yield ContextState(((key, UNTRIED),), 0, ordinary=False)


MAKERS: Final[dict[str, Callable[[Sequence[Clause], Setting], Iterable[ContextState]]]] = {
    "mfa": _mfa,
    "time": _time,
    "address": _address,
    "relay": _relay,
    "region": _region,
}
"""What makes the context states of each dimension."""


def _too_many(clauses: Sequence[Clause]) -> bool:
    """Say whether clauses name more values than are tried."""
    return len({value for clause in clauses for value in clause.values}) > MOST_VALUES


def _values(clauses: Iterable[Clause], *kinds: str) -> list[str]:
    return [value for clause in clauses if clause.operator.values in kinds for value in clause.values]
