"""What each command asks of AWS: the actions that its credentials need, who asks, and where AWS says so.

docs/permissions.md is written from it. The tests test_permissions.py of tests/live, tests/provider and
tests/engine record what is really asked, run everything under these policies, and take one action away after
the other.
"""

from typing import Any, Final

from .permission import Job, Permission, Where
from .permissions_of_commands import OF_COMMANDS
from .permissions_of_updates import OF_UPDATES

PERMISSIONS: Final = (*OF_UPDATES, *OF_COMMANDS)


def needed(job: Job, *, delegated: bool = False) -> tuple[Permission, ...]:
    """Return what a job needs, in the management account or in the delegated administrator's."""
    other = Where.MANAGEMENT if delegated else Where.DELEGATED
    return tuple(one for one in PERMISSIONS if job in one.jobs and one.where is not other)


def actions(job: Job, *, delegated: bool = False) -> frozenset[str]:
    """Return the actions of a job."""
    return frozenset(one.action for one in needed(job, delegated=delegated))


def policy(job: Job, *, delegated: bool = False) -> dict[str, Any]:
    """Return the policy of a job: a statement for each kind of resource."""
    by_resources: dict[tuple[str, ...], set[str]] = {}
    for one in needed(job, delegated=delegated):
        by_resources.setdefault(one.resources, set()).add(one.action)
    # What is allowed everywhere is not said again of a part.
    everywhere = by_resources.get(("*",), set())
    statements = [
        {
            "Effect": "Allow",
            "Action": sorted(found if resources == ("*",) else found - everywhere),
            "Resource": resources[0] if len(resources) == 1 else list(resources),
        }
        for resources, found in by_resources.items()
    ]
    return {"Version": "2012-10-17", "Statement": [one for one in statements if one["Action"]]}
