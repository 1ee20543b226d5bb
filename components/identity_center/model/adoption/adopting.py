"""The whole of an adoption: what a model gets, so that it says what exists."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.parts import Part
from identity_center.model.existing.things import Thing

from .grants import Applications, add_assignments, add_attributes, add_entitlements
from .people import People
from .permission_sets import PermissionSets
from .proposal import Adopting, ModelNow, Proposal
from .regions import add_regions
from .shared_parts import shorten


class Share(Enum):
    """A part of an instance that is adopted by itself; the value is its name on the command line."""

    PEOPLE = "people"
    """Users, groups and who is in them."""
    PERMISSION_SETS = "permission-sets"
    ASSIGNMENTS = "assignments"
    APPLICATIONS = "applications"
    ENTITLEMENTS = "entitlements"
    ATTRIBUTES = "attributes"
    REGIONS = "regions"
    """Additional Regions of the instance."""


_PEOPLE: Final = (Part.USERS, Part.GROUPS, Part.MEMBERSHIPS)
_SETS: Final = (
    Part.PERMISSION_SETS,
    Part.MANAGED_POLICIES,
    Part.CUSTOMER_MANAGED_POLICIES,
    Part.INLINE_POLICIES,
    Part.BOUNDARIES,
    Part.TAGS,
)
#: What has to be read for each. People are named by all that give somebody something.
READ_FOR: Final = {
    Share.PEOPLE: _PEOPLE,
    Share.PERMISSION_SETS: _SETS,
    Share.ASSIGNMENTS: (*_PEOPLE, *_SETS, Part.ORGANISATION, Part.PROVISIONING, Part.ASSIGNMENTS),
    Share.APPLICATIONS: (*_PEOPLE, Part.APPLICATIONS),
    Share.ENTITLEMENTS: (*_PEOPLE, Part.ENTITLEMENTS),
    Share.ATTRIBUTES: (Part.ATTRIBUTES,),
    Share.REGIONS: (Part.REGIONS,),
}
EVERYTHING: Final = frozenset(Share)


def propose(
    existing: Existing, model: ModelNow, shares: Iterable[Share] = EVERYTHING, parts: Iterable[Thing] = ()
) -> Proposal:
    """Say what the model has to get, so that it says what exists of these shares.

    `parts` are those of permission sets of the model that it is to get as well.
    """
    wanted = frozenset(shares)
    adopting = Adopting(existing, model, Proposal())
    people, sets = People(adopting), PermissionSets(adopting)
    if Share.PEOPLE in wanted:
        people.add_users()
        people.add_groups()
    if Share.PERMISSION_SETS in wanted:
        _add_sets(adopting, sets)
        sets.add_parts(parts)
    if Share.ASSIGNMENTS in wanted:
        add_assignments(adopting, people, sets)
    if Share.APPLICATIONS in wanted:
        Applications(adopting, people).add()
    if Share.ENTITLEMENTS in wanted:
        add_entitlements(adopting, people)
    if Share.ATTRIBUTES in wanted:
        add_attributes(adopting)
    if Share.REGIONS in wanted:
        add_regions(adopting)
    if Share.PERMISSION_SETS in wanted:
        sets.tell_left_out()
    if Share.PEOPLE in wanted:
        people.tell_left_out()
    return adopting.proposal


def _add_sets(adopting: Adopting, sets: PermissionSets) -> None:
    """Add permission sets; a model that has some already keeps its own way of saying what they share."""
    added, declared = sets.add_sets(), adopting.model.declared
    if not declared.permission_sets and declared.permission_set_defaults is None:
        short = shorten(added)
        added = short.sets
        if short.defaults:
            adopting.proposal.mappings[("permissionSetDefaults",)] = short.defaults
    for key, entry in added.items():
        adopting.proposal.add("permissionSets", key, entry)
