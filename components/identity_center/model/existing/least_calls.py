"""The smallest number of requests that a whole reading can take, which the reader is held to.

What makes it large are the assignments. Three ways lead to them (source: botocore's model of sso-admin):

* by principal (ListAccountAssignmentsForPrincipal): a request for 100 assignments of each user and group. It
  asks by an id, so it never shows the assignments of a principal that is gone, whose id nobody has.
* by account (ListPermissionSetsProvisionedToAccount), then each pair. It asks by accounts that one knows, so
  it never shows what is left of an account that is in the organisation no more.
* by permission set (ListAccountsForProvisionedPermissionSet), then each pair (ListAccountAssignments).

Only the last needs no id that AWS did not give, and no answer tells how many assignments a pair has. So every
pair of a permission set and an account that has it must be asked, and a reading that finds everything takes

    sum over sets of pages(accounts of the set) + sum over pairs of pages(assignments of the pair)

requests for assignments, however they are shared out; a mix with the first way only adds to that.
"""

from collections import Counter
from collections.abc import Iterable
from math import ceil
from typing import Final

from .existing import Existing

PAGE: Final = 100
"""The most rows of a page of sso-admin and identitystore. Source: their botocore models, MaxResults."""
PAGE_OF_ORGANIZATIONS: Final = 20
"""As above, for organizations."""
OF_EACH_SET: Final = 6
"""DescribePermissionSet, the lists of managed and customer-managed policies, inline policy, boundary, tags:
no operation answers for two permission sets."""
OF_EACH_APPLICATION: Final = 3
"""Who is assigned, whether an assignment is needed, tags."""
PER_SECOND: Final = 20
"""What the operations of Identity Center take together. Source: AWS user guide, Identity Center quotas."""


def pages(rows: int, size: int = PAGE) -> int:
    """Return how many requests a list of so many rows takes; an empty one takes one."""
    return max(1, ceil(rows / size))


def minutes(calls: int) -> float:
    """Return how long so many requests take at the service's rate."""
    return calls / PER_SECOND / 60


def least_calls(existing: Existing) -> dict[str, int]:
    """Return the smallest number of requests for all of this instance, by what they are for."""
    return {
        "instance": 1,
        "organisation": _of_organisation(existing),
        "directory": pages(len(existing.users)) + pages(len(existing.groups)) + _of_memberships(existing),
        "permission sets": pages(len(existing.permission_sets)) + OF_EACH_SET * len(existing.permission_sets),
        "provisioning": _of_provisioning(existing),
        "assignments": _of_assignments(existing),
        "applications": _of_applications(existing),
        "entitlements": _of_entitlements(existing),
        "attributes": 1,
        "Regions": 1,
    }


def _of_organisation(existing: Existing) -> int:
    """DescribeOrganization, ListRoots, and of each unit what it holds; tags of accounts in use."""
    in_unit = Counter(account.unit for account in existing.accounts)
    below = Counter(unit.parent for unit in existing.units)
    of_units = sum(
        pages(in_unit[unit.id], PAGE_OF_ORGANIZATIONS) + pages(below[unit.id], PAGE_OF_ORGANIZATIONS)
        for unit in existing.units
    )
    tagged = sum(account.tags is not None for account in existing.accounts)
    return 2 + of_units + tagged


def _of_memberships(existing: Existing) -> int:
    """By group or by user, whichever takes fewer."""
    by_group = Counter(each.group_id for each in existing.memberships)
    by_user = Counter(each.user_id for each in existing.memberships)
    return min(
        sum(pages(by_group[group.id]) for group in existing.groups),
        sum(pages(by_user[user.id]) for user in existing.users),
    )


def _of_provisioning(existing: Existing) -> int:
    """Every set's accounts; then who is outdated, by set or by account, whichever are fewer."""
    found = [each.provisioned or () for each in existing.permission_sets]
    accounts = {one.account_id for each in found for one in each}
    return sum(pages(len(each)) for each in found) + min(len(accounts), sum(bool(each) for each in found))


def _of_assignments(existing: Existing) -> int:
    held = Counter((each.permission_set_arn, each.account_id) for each in existing.assignments)
    pairs: Iterable[tuple[str, str]] = (
        (each.arn, one.account_id) for each in existing.permission_sets for one in each.provisioned or ()
    )
    return sum(pages(held[pair]) for pair in pairs)


def _of_applications(existing: Existing) -> int:
    more = sum(pages(len(each.assignments or ())) - 1 for each in existing.applications)
    return pages(len(existing.applications)) + OF_EACH_APPLICATION * len(existing.applications) + more


def _of_entitlements(existing: Existing) -> int:
    """ListApplications, and of each its own answer and its entitlements."""
    held = Counter(each.application_arn for each in existing.entitlements)
    return 1 + sum(1 + pages(held[each.arn]) for each in existing.account_access)
