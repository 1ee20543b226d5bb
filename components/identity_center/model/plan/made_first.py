"""Permission sets that get a new name: the new one is made and assigned before the old one goes.

AWS cannot rename a permission set, so that the provider makes another one. Left to itself it deletes the old
one first (pulumi-terraform-bridge, pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace: a name that the
program gives): for as long as an update takes, its people have neither. Two names are no conflict for AWS, so
the order can be turned round. What it costs: while both are there, an account holds more of them.

Another boundary is attached after the old one is taken away: docs/decisions/2026-11-25-another-boundary.md.
Of a set that is replaced, that would take the old one's boundary while people still have it. There it is the
other way round as well: the new set has its boundary before its first policy, and the old one keeps its own
until its assignments are gone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from .planned import ASSIGNMENT, BOUNDARY, PERMISSION_SET, Id, Plan


def sets_made_first(
    plan: Plan, renamed: Iterable[Id], sets_of_account: int, sets_of_instance: int
) -> frozenset[str]:
    """Return the keys of the renamed permission sets that can be there twice for a while.

    `sets_of_account` and `sets_of_instance` are the quotas. Where both names of all do not fit, none is:
    which of them are made together is the engine's choice.
    """
    known = {each.key for each in plan if each.type == PERMISSION_SET}
    twice = frozenset(each.key for each in renamed if each.type == PERMISSION_SET) & known
    if len(known) + len(twice) > sets_of_instance:
        return frozenset()
    of_account = defaultdict[object, set[str]](set)
    for each in plan:
        if each.type == ASSIGNMENT:
            of_account[each.inputs["targetId"]].add(each.key.split("/", 1)[0])
    fits = all(len(keys) + len(keys & twice) <= sets_of_account for keys in of_account.values())
    return twice if fits else frozenset()


def made_first(plan: Plan, keys: Collection[str]) -> Plan:
    """Let these permission sets be made anew before they are deleted, with what has to go with them."""
    return tuple(
        replace(each, delete_before_replace=False)
        if each.type in {PERMISSION_SET, BOUNDARY} and each.key in keys
        else each
        for each in plan
    )
