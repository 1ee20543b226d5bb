"""Cut a dimension into context states for the clauses on its keys."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from identity_guard.iam.catalogue.actions import catalogue, mask_of, read_data, without
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.catalogue.context_keys import (
    BY_KEY,
    CARRIED_AS_WELL,
    CROSS_SERVICE,
    LONGEST_SESSION,
    OF_AWS,
    OF_FEDERATED_SESSIONS,
    POLICY_ARN,
    TAGS_OF_REQUEST,
    TOKEN_ISSUED,
    KeyRow,
    Presence,
    row_of,
)
from identity_guard.iam.catalogue.tagged_resources import RESOURCE_TAG, carrying_resource_tags
from identity_guard.iam.document.condition import Clause, Quantifier, Values
from identity_guard.iam.text.operators import ADDRESSES, address_range, address_text, moment, number
from identity_guard.iam.text.wildcard import LITERAL_QUESTION_MARK, LITERAL_STAR, Glob, has_wildcard, instance

from .callers import (
    as_permission_set,
    as_role_session,
    as_service,
    assuming_actions,
    can_be_a_callers,
)
from .context_state import MOST_VALUES, OTHER, UNTRIED, ContextState, Dimension, Setting, representatives
from .linked_keys import LINKED, MAKERS
from .strangers import OF_THE_ROLE, as_stranger

MANY_VALUES: Final = 10
"""From so many values of a key on, those that no clause tells apart are left out beforehand."""


def dimension_name(key: str) -> str:
    """Return the dimension that a key in lower case belongs to."""
    return LINKED.get(key, key)


def cut(name: str, clauses: Sequence[Clause], setting: Setting) -> Dimension:
    """Cut a dimension for the clauses on its keys."""
    maker = MAKERS.get(name)
    if maker is None:
        return _cut_key(name, clauses, setting)
    return Dimension(name, tuple(maker(clauses, setting)))


def _row(key: str, carrying_actions: int | None) -> KeyRow:
    """Return what is known of a key that stands alone, given the actions that can carry it."""
    row = row_of(key, carried=carrying_actions is not None)
    if row.presence is Presence.NEVER and key.partition(":")[0] in catalogue().by_service:
        # A service of the catalogue may have got a key that the catalogue does not know.
        return KeyRow(key, Presence.UNKNOWN)
    return row


def is_unknown_key(key: str) -> bool:
    """Say whether nothing is known of a key in lower case."""
    return key not in LINKED and _row(key, actions_carrying(key)).presence is Presence.UNKNOWN


def _can_be(key: str, value: str) -> bool:
    """Say whether a request can have a value: no ARN, name, tag or Region has a star or a brace in it.

    A brace stands there for a policy variable in a document of 2008, which has none: it is compared as it is.
    """
    free_text = not key.startswith("aws:") or key in ("aws:useragent", "aws:referer")
    return free_text or _SIGNS.search(value) is None


_SIGNS: Final = re.compile(f"[{LITERAL_STAR}{LITERAL_QUESTION_MARK}{{}}]")


def _cut_key(key: str, clauses: Sequence[Clause], setting: Setting) -> Dimension:
    """Cut a key that stands alone, by what is known of it."""
    carrying_actions = actions_carrying(key)
    if carrying_actions is not None and key.startswith(setting.not_handed_over or ("-",)):
        carrying_actions = without(carrying_actions, assuming_actions())
    row, named = _known_of(key, carrying_actions, clauses, setting)
    states = _STATES[row.presence](row, _present(row, named, clauses, setting.tried.get(key, ())))
    if key == TOKEN_ISSUED:
        states = list(_issued(states, setting.now))
    if setting.stranger:
        if key.startswith(OF_THE_ROLE):
            states = [*states, (True, UNTRIED)]
        # Strangers are asked for without what they cannot bring along: where that says the same, it is kept.
        states.sort(key=lambda state: state[1] is not None)
    if row.presence is Presence.HOLDER:
        return Dimension(key, tuple(_chosen_states(key, states, carrying_actions)))
    return Dimension(
        key,
        tuple(
            [
                ContextState(((key, values),), 0, ordinary, None if values is None else carrying_actions)
                for ordinary, values in states
            ]
        ),
    )


def _known_of(
    key: str, carrying_actions: int | None, clauses: Sequence[Clause], setting: Setting
) -> tuple[KeyRow, list[str]]:
    """Return what is known of a key in a setting, and the values that clauses name and a call can have."""
    named = [value for value in _named(clauses) if _can_be(key, value)]
    if key == POLICY_ARN:
        # Of policies that clauses take for the same, the first stands for all: one that may lead further.
        named.sort(key=lambda value: OF_AWS in value)
    row = _row(key, carrying_actions)
    # A service's own key may hold a list where a policy asks for all or any of its values.
    listed = row.several or (row.key not in BY_KEY and _asks_for_several(clauses))
    known = (
        row.values
        if len(row.values) < MANY_VALUES
        else _named_and_representatives(row.values, named, clauses, setting)
    )
    filled = tuple(map(setting.fill, known))
    if filled != row.values or listed != row.several:
        row = row._replace(values=filled, several=listed)
    if key == "aws:securetransport" and setting.plain_http:
        row = row._replace(presence=Presence.HOLDER, values=("true", "false"), no_others=True)
    if setting.stranger:
        row, named = as_stranger(key, row, named)
    if setting.of_service:
        row = as_service(row)
    if setting.role_session:
        row, named = as_role_session(row, named)
        if setting.permission_set:
            asked = (value for clause in clauses if clause.key == key for value in clause.values)
            row, named = as_permission_set(row, named, asked)
        row = row._replace(values=tuple(map(setting.fill, row.values)))
    if row.presence is Presence.UNKNOWN and setting.undocumented_keys_present:
        row = row._replace(presence=Presence.HOLDER, may_lack=True)
    return row, named


def _chosen_states(
    key: str, states: "Sequence[State]", carrying_actions: int | None
) -> Iterator[ContextState]:
    """Yield the states of a key that the holder chooses, each a mode of its own."""
    others = 0 if carrying_actions is None else without(catalogue().everything, carrying_actions)
    for mode, (ordinary, values) in enumerate(states):
        if values is None or carrying_actions is None:
            yield ContextState(((key, values),), mode, ordinary)
            continue
        yield ContextState(((key, values),), mode, ordinary, carrying_actions)
        # What the holder chooses for the calls that carry the key is absent from all the others.
        yield ContextState(((key, None),), mode, ordinary, others)


def _named_and_representatives(
    values: tuple[str, ...], named: list[str], clauses: Sequence[Clause], setting: Setting
) -> Iterable[str]:
    """Return those values of a key that are named, and one of those that no clause tells apart.

    Where no name has a wildcard, all others are alike. The named ones are told here as well, so that of names
    that clauses take for the same the known one comes first.
    """
    by_lower_case = _filled(values, setting.own)
    if not any(clause.operator.wildcards and any(map(has_wildcard, clause.values)) for clause in clauses):
        in_lower_case = dict.fromkeys(value.lower() for value in named)
        known = [by_lower_case[name] for name in in_lower_case if name in by_lower_case]
        others = (value for name, value in by_lower_case.items() if name not in in_lower_case)
        return [*known, *itertools.islice(others, 1)]
    found: dict[tuple[bool | None, ...], str] = {}
    for value in by_lower_case.values():
        carried = (value,)
        found.setdefault(tuple([clause.holds(carried) for clause in clauses]), value)
    return found.values()


@lru_cache(maxsize=16)
def _filled(values: tuple[str, ...], own: Own) -> dict[str, str]:
    """Return long lists of values with the own partition and account filled in, by their lower case."""
    return {filled.lower(): filled for value in values if (filled := own.fill(value))}


State = tuple[bool, Values]
"""Whether it is ordinary, the values. Each state of a key that the holder chooses is a mode of its own."""


def _present(
    row: KeyRow, named: list[str], clauses: Sequence[Clause], wanted: tuple[str, ...]
) -> list[Values]:
    """Return what a call can carry under a key where it carries it; `wanted` are to be tried besides."""
    if row.presence in (Presence.NEVER, Presence.ONE_VALUE) or row.no_others:
        return [(value,) for value in row.values]
    tried = dict.fromkeys((*row.values, *named[:MOST_VALUES], *wanted, OTHER))
    found: list[Values] = [(value,) for value in tried]
    complete = len(named) <= MOST_VALUES
    if row.several:
        # First those of wanted values only: where they say the same as others, they are kept.
        lists = representatives(clauses, dict.fromkeys((*wanted, *tried)))
        found += [each for each in lists.tried if len(each) > 1]
        complete = complete and lists.complete
    return found if complete else [*found, UNTRIED]


def _issued(states: "Sequence[State]", now: float) -> "Iterator[State]":
    """Leave out sessions older than any, and what is no time; one of a later time is nobody's yet."""
    for ordinary, values in states:
        issued = moment(values[0]) if values and values is not UNTRIED else None
        if values and values is not UNTRIED and issued is None:
            continue
        if issued is None or issued >= now - LONGEST_SESSION:
            yield ordinary and (issued is None or issued <= now + 1), values


def _asks_for_several(clauses: Iterable[Clause]) -> bool:
    return any(clause.quantifier is not Quantifier.NONE for clause in clauses)


def _holder(row: KeyRow, present: list[Values]) -> list[State]:
    lacking: list[State] = [(True, None)] if row.may_lack else []
    return [*[(True, values) for values in present], *lacking]


def _absent(_: KeyRow, present: list[Values]) -> list[State]:
    return [(True, None), *[(False, values) for values in present]]


def _absent_or_other(_: KeyRow, present: list[Values]) -> list[State]:
    return [(True, None), (True, (OTHER,)), *[(False, values) for values in present]]


def _one_value(row: KeyRow, _: list[Values]) -> list[State]:
    return [(True, row.values)]


def _never(_: KeyRow, __: list[Values]) -> list[State]:
    return [(True, None)]


_STATES: Final[dict[Presence, Callable[[KeyRow, list[Values]], list[State]]]] = {
    Presence.HOLDER: _holder,
    Presence.ONE_VALUE: _one_value,
    Presence.ABSENT: _absent,
    Presence.ABSENT_OR_OTHER: _absent_or_other,
    Presence.NEVER: _never,
    # Held for absent; its other states are asked for apart (`undocumented_keys_present`).
    Presence.UNKNOWN: _absent,
}


def _named(clauses: Sequence[Clause]) -> list[str]:
    """Return values that the clauses tell apart: patterns filled in, numbers and dates with neighbours."""
    found: dict[str, None] = {}
    for clause in clauses:
        for value in clause.values:
            if not can_be_a_callers(clause.key, value):
                continue
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
        if limits := address_range(value):
            family, first, last = limits
            # Each of the parts that ranges cut the addresses into begins with one of these.
            edges = (each for each in (first, last + 1) if each < ADDRESSES[family])
            yield from (address_text(family, each) for each in edges)
    else:
        yield instance(value, OTHER)


@cache
def _carrier_numbers() -> dict[str, tuple[int, ...]]:
    data: dict[str, Any] = read_data("condition_keys.json.gz")
    # The garbage collector goes through lists again and again, and not through tuples of numbers.
    return {key: tuple(numbers) for key, numbers in data["carrying_actions"].items()}


@cache
def _carriers_of_generic(key: str) -> int | None:
    numbers = _carrier_numbers().get(key)
    return None if numbers is None else mask_of(numbers) | catalogue().mask_of(CARRIED_AS_WELL.get(key, ()))


@cache
def _keys_with_variables() -> dict[str, list[tuple[Glob, str]]]:
    """Return the keys with a part of the user's in the middle, as patterns, by the service before the colon.

    Under no service stand those of identity providers: `token.actions.${Domain}.ghe.com:sub`.
    """
    found: dict[str, list[tuple[Glob, str]]] = {}
    for key in _carrier_numbers():
        if "${" in key:
            pattern = Glob(re.sub(r"\$\{[^}]*\}", "*", key))
            found.setdefault(_service_of(key), []).append((pattern, key))
    return found


def _service_of(key: str) -> str:
    """Return the service of a key; none for a key of an identity provider, which is named by its host."""
    service = key.partition(":")[0]
    return "" if "." in service else service


def actions_carrying(key: str) -> int | None:
    """Return the actions that can carry a key; None for those of every call, and for unknown ones."""
    if key.startswith(RESOURCE_TAG):
        return carrying_resource_tags()
    if (
        key in CROSS_SERVICE
        or key in OF_FEDERATED_SESSIONS
        or (key.startswith("aws:") and not key.startswith(TAGS_OF_REQUEST))
    ):
        return None
    numbers = _carrier_numbers()
    if key in numbers:
        return _carriers_of_generic(key)
    for pattern, generic in _keys_with_variables().get(_service_of(key), ()):
        if pattern.matches(key):
            return _carriers_of_generic(generic)
    for generic in (key.split("/", 1)[0] + "/", ":".join(key.split(":")[:2]) + ":"):
        if generic in numbers:
            return _carriers_of_generic(generic)
    return None
