"""What permission sets have in common, said once: defaults and `extends`, where they save lines."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from identity_center.model.language.keys.key_facts import Joined, keys_of
from identity_center.model.language.keys.values import DEFAULT_SESSION
from identity_center.model.language.permission_sets import PermissionSetParameters

from .proposal import Said

Sets = dict[str, Said]
_KEYS: Final = keys_of(PermissionSetParameters)
_LISTS: Final = tuple(key.alias for key in _KEYS if key.fact(Joined) and key.container is tuple)
_SINGLE: Final = tuple(key.alias for key in _KEYS if not key.fact(Joined))
#: Fewer sets than this have nothing that a reader would look for in one place.
_FEWEST: Final = 3
#: A list of more is written one item a line.
ON_ONE_LINE: Final = 3
#: Somebody who reads a set that extends another has to look in two places: worth that many lines.
_WORTH: Final = 2


@dataclass(frozen=True)
class Shortened:
    """Permission sets that say together what they said one by one."""

    defaults: Said
    sets: Sets


def shorten(sets: Mapping[str, Said]) -> Shortened:
    """Say what several sets have in common once."""
    whole = {key: {"sessionDuration": DEFAULT_SESSION, **entry} for key, entry in sets.items()}
    parents = dict(_parents(whole))
    own = {key: _without(entry, whole[parents[key]]) for key, entry in whole.items() if key in parents}
    bases = {key: entry for key, entry in whole.items() if key not in parents}
    defaults = dict(_defaults(whole)) if len(whole) >= _FEWEST else {}
    short = {key: _without(entry, defaults, lists=False) for key, entry in bases.items()}
    for entry in short.values():
        if "sessionDuration" not in defaults and entry.get("sessionDuration") == DEFAULT_SESSION:
            del entry["sessionDuration"]
    made = {key: {"name": own[key].pop("name"), "extends": parents[key], **own[key]} for key in own}
    return Shortened(defaults, {key: _in_order({**short, **made}[key]) for key in sets})


def _in_order(entry: Said) -> Said:
    """Put the keys in the order in which people look for them."""
    order = ("name", "extends", *(key.alias for key in _KEYS))
    return {name: entry[name] for name in order if name in entry}


def _without(entry: Said, given: Said, *, lists: bool = True) -> Said:
    """Leave out what a set is given anyway."""
    kept = {name: value for name, value in entry.items() if name not in _SINGLE or given.get(name) != value}
    for name in _LISTS if lists else ():
        kept[name] = [item for item in entry.get(name, ()) if item not in given.get(name, ())]
    tags = given.get("tags", {})
    kept["tags"] = {key: value for key, value in entry.get("tags", {}).items() if tags.get(key) != value}
    return {name: value for name, value in kept.items() if value}


def _defaults(sets: Sets) -> Iterator[tuple[str, Any]]:
    """Yield what the most of them have, where every set has something of the kind: nothing takes it away."""
    session, count = Counter(each["sessionDuration"] for each in sets.values()).most_common(1)[0]
    unsaid = sum(each["sessionDuration"] == DEFAULT_SESSION for each in sets.values())
    if session != DEFAULT_SESSION and count - unsaid >= _WORTH:
        yield "sessionDuration", session
    for name in ("relayState", "permissionsBoundary"):
        if all(name in each for each in sets.values()):
            value, count = Counter(json.dumps(each[name]) for each in sets.values()).most_common(1)[0]
            if count >= _WORTH:
                yield name, json.loads(value)
    tags = dict(_tags(sets))
    if tags:
        yield "tags", tags


def _tags(sets: Sets) -> Iterator[tuple[str, str]]:
    everywhere = set.intersection(*(set(each.get("tags", {})) for each in sets.values()))
    for key in sorted(everywhere):
        value, count = Counter(each["tags"][key] for each in sets.values()).most_common(1)[0]
        if count >= _WORTH:
            yield key, value


def _parents(sets: Sets) -> Iterator[tuple[str, str]]:
    """Yield which set extends which: the most lines first, and none extends one that extends another."""
    found: list[tuple[int, str, str]] = []
    for one, other in _alike(sets):
        for base, more in ((one, other), (other, one)):
            if _holds_all(sets[more], sets[base]):
                found.append((-_saved(sets[more], sets[base]), base, more))
                break
    bases: set[str] = set()
    derived: set[str] = set()
    for saved, base, more in sorted(found):
        if -saved >= _WORTH and base not in derived and more not in derived | bases:
            bases.add(base)
            derived.add(more)
            yield more, base


def _alike(sets: Sets) -> Iterator[tuple[str, str]]:
    """Yield the pairs that have an inline policy, or many policies, in common: the others save nothing."""
    by_mark = defaultdict[str, list[str]](list)
    for key, entry in sorted(sets.items()):
        if "inlinePolicy" in entry:
            by_mark[json.dumps(entry["inlinePolicy"])].append(key)
        for name in _LISTS:
            if len(entry.get(name, ())) > ON_ONE_LINE:
                for policy in entry[name]:
                    by_mark[f"{name} {policy}"].append(key)
    yield from sorted({pair for keys in by_mark.values() for pair in combinations(keys, 2)})


def _holds_all(more: Said, base: Said) -> bool:
    """Tell whether a set could extend another: nothing that one takes from another can be taken away."""
    lists = all(set(base.get(name, ())) <= set(more.get(name, ())) for name in _LISTS)
    single = all(name in more for name in _SINGLE if name in base)
    return lists and single and base.get("tags", {}).keys() <= more.get("tags", {}).keys()


def _saved(more: Said, base: Said) -> int:
    """Count the lines that `extends` saves, less its own."""
    saved = -1
    for name in _LISTS:
        listed, common = more.get(name, ()), len(base.get(name, ()))
        saved += common if len(listed) > ON_ONE_LINE else int(bool(common) and common == len(listed))
    if "inlinePolicy" in base and base["inlinePolicy"] == more["inlinePolicy"]:
        saved += lines_of(more["inlinePolicy"])
    return saved


def lines_of(document: object) -> int:
    """Count the lines of a document, near enough."""
    return json.dumps(document, indent=1).count("\n") + 1
