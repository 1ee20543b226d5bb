"""Units, tags and `all` in the place of lists of accounts: what says the same today, and what it says later.

A list of accounts stays what it is. A selection gives people accounts that nobody has thought of yet, so each
is offered by itself, with what it would come to reach.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from identity_center.model.language.targets import ALL
from identity_center.model.organisation.organisation import Organisation

from .proposal import Place, Proposal, Said

ASSIGNMENTS: Final[Place] = ("assignments",)
#: A list of fewer accounts is as short as what would stand in its place.
FEWEST: Final = 2
Target = str | Said
"""A target as a file of the model has it."""


@dataclass(frozen=True)
class Offer:
    """A selection that reaches today what some entries list."""

    target: Target
    words: str
    """Such as `unit Workloads/Production, with the units below it`."""
    accounts: frozenset[str]
    """Ids of the accounts that it reaches today; the management account is never among them."""
    later: str
    """What it would reach later, in words."""
    given: tuple[str, ...]
    """Who gets what there: `group auditors: billing, reading`."""


def offers(proposal: Proposal, organisation: Organisation) -> tuple[Offer, ...]:
    """Return every selection that says what a list of the proposal says, the narrowest first.

    Tags are offered only where they were read of all accounts.
    """
    given = defaultdict[frozenset[str], list[str]](list)
    for entry in proposal.lists.get(ASSIGNMENTS, ()):
        given[_members(entry, organisation)].append(_given(entry))
    made = [
        Offer(target, words, reached, later, tuple(given[reached]))
        for target, words, reached, later in _candidates(organisation)
        if reached in given and len(reached) >= FEWEST
    ]
    return tuple(sorted(made, key=lambda each: (len(each.accounts), sorted(each.accounts))))


def with_selections(proposal: Proposal, taken: Iterable[Offer], organisation: Organisation) -> Proposal:
    """Write selections in the place of the lists that they reach; the management account stays listed."""
    targets = {each.accounts: each.target for each in taken}

    def written(entry: Said) -> Said:
        members = _members(entry, organisation)
        if members not in targets:
            return entry
        others = [each for each in entry["accounts"] if each not in members]
        return {**entry, "accounts": [*others, targets[members]]}

    listed = [written(entry) for entry in proposal.lists.get(ASSIGNMENTS, ())]
    lists = {place: listed if place == ASSIGNMENTS else items for place, items in proposal.lists.items()}
    return replace(proposal, lists=lists)


def _members(entry: Said, organisation: Organisation) -> frozenset[str]:
    return frozenset(entry["accounts"]) - {organisation.management_account_id}


def _given(entry: Said) -> str:
    kind = "group" if "group" in entry else "user"
    return f"{kind} {entry[kind]}: {', '.join(entry['permissionSets'])}"


_Candidate = tuple[Target, str, frozenset[str], str]


def _candidates(organisation: Organisation) -> Iterator[_Candidate]:
    yield from _units(organisation)
    if organisation.has_tags:
        yield from _tags(organisation)
    everybody = frozenset(each.account_id for each in organisation.members)
    yield (
        ALL,
        "all accounts but the management account",
        everybody,
        "every account that the organisation gets",
    )


def _units(organisation: Organisation) -> Iterator[_Candidate]:
    """Yield every unit but the root, which is `all`; its path names it where no other has the same."""
    for unit_id, path in sorted(organisation.unit_paths.items(), key=lambda pair: (pair[1], pair[0])):
        if path == "/":
            continue
        name = path.lstrip("/") if len(organisation.units_by_path[path]) == 1 else unit_id
        own = frozenset(organisation.members_by_unit.get(unit_id, ()))
        below = organisation.unit_and_below(unit_id)
        reached = frozenset(
            account for each in below for account in organisation.members_by_unit.get(each, ())
        )
        if len(below) > 1:
            alone: Any = {"unit": name, "children": False}
            yield alone, f"unit {name} alone", own, "every account that is made in it or moved into it"
        later = "every account that is made in it or moved into it"
        if len(below) > 1:
            later += ", or into a unit below it"
        yield {"unit": name}, f"unit {name}{', with the units below it' * (len(below) > 1)}", reached, later


def _tags(organisation: Organisation) -> Iterator[_Candidate]:
    for (key, value), reached in sorted(organisation.members_by_tag.items(), key=lambda pair: str(pair[0])):
        if value is not None:
            target: Said = {"tagged": {"tag": key, "is": value}}
            later = "every account that somebody gives this tag"
            yield target, f"tag {key} is {value}", reached, later
