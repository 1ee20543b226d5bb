"""Tell at a glance that a grant is root-level, or that its conditions rule that out.

Both look at one dimension after the other instead of going through states, and never say another thing than
`coverage_in_every_mode` would.
What they do not settle is left to it.
"""

from .catalogue import catalogue
from .extent import Extent
from .grants import Grants
from .rules import Pins, Rule


def unhindered(grants: Grants) -> Pins | None:
    """Recognise a statement that allows everything everywhere, where nothing else can make a difference.

    In the mode that is returned its conditions hold in every ordinary call, and those of each Deny in none.
    None where there is no such statement, or where it takes more than a glance.
    """
    if len(grants.layers) > 1:
        return None
    for rule in _allow_everything(grants):
        chosen: dict[str, int] = {}
        free = all(_choose(grants, rule, name, chosen, wanted=True) for name in rule.by_dimension)
        if free and all(_stays_away(grants, deny, chosen) for deny in grants.denies):
            return Pins(ordinary=True, mode=tuple(chosen.items()))
    return None


def _allow_everything(grants: Grants) -> list[Rule]:
    """Return the Allows of everything everywhere; those that say so with a star, if there are any."""
    everywhere = [rule for rule in grants.allows if rule.extent is Extent.EVERYTHING]
    everything = catalogue().everything
    return [rule for rule in everywhere if rule.statement.names_everything] or [
        rule for rule in everywhere if rule.actions.certain == everything
    ]


def _stays_away(grants: Grants, deny: Rule, chosen: dict[str, int]) -> bool:
    """Say whether a Deny applies to nothing, or can be kept from applying by choosing one more mode."""
    if deny.extent is Extent.NOTHING or not deny.actions.possible:
        return True
    return any(_choose(grants, deny, name, chosen, wanted=False) for name in deny.by_dimension)


def _choose(grants: Grants, rule: Rule, name: str, chosen: dict[str, int], *, wanted: bool) -> bool:
    """Choose the first mode in which a rule's clauses on a dimension hold in every ordinary call, or in none.

    Where a mode was chosen before, it has to be that one. Say whether there is such a mode.
    """
    fits: dict[int, bool] = {}
    for cell, truth in zip(grants.space.dimension(name).cells, grants.space.truths(rule, name), strict=True):
        if cell.ordinary:
            fits[cell.mode] = fits.get(cell.mode, True) and truth is wanted
    if name in chosen:
        return fits[chosen[name]]
    found = [mode for mode, fit in fits.items() if fit]
    if found:
        chosen[name] = min(found)
    return bool(found)


def is_hopeless(grants: Grants) -> bool:
    """Recognise conditions on one thing by which every Allow leaves out some ordinary calls in every mode.

    Such calls are of all actions, or of all but those of the global services: of each other dimension, the
    cells that an ordinary call may be in have, together, calls of every action. So nearly everything is lost.
    """
    if not grants.allows or not all(rule.statement.clause_count for rule in grants.allows):
        return False
    first, *others = grants.allows
    return any(
        all(name in rule.by_dimension for rule in others) and _leaves_out_in_every_mode(grants, name)
        for name in first.by_dimension
    )


def _leaves_out_in_every_mode(grants: Grants, name: str) -> bool:
    truths = [grants.space.truths(rule, name) for rule in grants.allows]
    modes: set[int] = set()
    left_out: set[int] = set()
    for place, cell in enumerate(grants.space.dimension(name).cells):
        if cell.ordinary:
            modes.add(cell.mode)
            if cell.carriers is None and all(each[place] is False for each in truths):
                left_out.add(cell.mode)
    return modes == left_out
