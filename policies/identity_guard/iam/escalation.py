"""Which known paths lead from the grants to more, in one step.

The paths are data (`data/escalation_paths.json`), each with its source. A path through IAM, STS, Identity
Center or a passed role is escalation; one through a role that a workload already has is told apart.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Final

from .action_set import ScanBudget, action_set
from .arn_shapes import union
from .catalogue import DATA_FOLDER, catalogue
from .grants import Grants
from .mfa import DIRECT
from .policy_variables import symbolic
from .reach import Found, Reach, all_groups, group_of, named_groups, usable
from .rules import Pins

PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action
PASSED_TO: Final = "iam:passedtoservice"
RELAY: Final = "cloudformation.amazonaws.com"
"""The service that makes any call its caller asks for, IAM's included (AWS CloudFormation User Guide)."""
RELAY_STARTS: Final = (
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:ExecuteChangeSet",
)

OWN_USER: Final = "arn:{partition}:iam::{account}:user/${aws:username}"
SELF_SUFFICES: Final = ("iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary")
"""Actions that lead further even where they are granted on one's own user only."""

ONE_ROLE_SUFFICES: Final = (
    "iam-attach-role-policy-and-assume",
    "iam-attach-role-policy-and-update-trust",
    "iam-put-role-policy-and-assume",
    "iam-put-role-policy-and-update-trust",
)
"""Paths that lead further even on one named role: it is rewritten and then used."""

TARGETED_SERVICES: Final = ("iam", "sts", "sso", "sso-directory", "identitystore", "account-access")
"""Services whose actions count only if they reach targets that no policy names; for the others some
resource is enough, as the caller makes it."""


class Through(Enum):
    """By what a path leads further."""

    IDENTITY = "identity"
    PASSED_ROLE = "passed-role"
    RUNNING_ROLE = "running-role"


@dataclass(frozen=True)
class EscalationPath:
    """A set of actions that together give more than they say."""

    name: str
    actions: tuple[str, ...]
    through: Through
    gives: str
    source: str
    passed_to: tuple[str, ...] = ()
    """The services that get the passed role."""
    mask: int = field(default=0, repr=False)
    """Its actions in the catalogue."""


@dataclass(frozen=True, slots=True)
class OpenPaths:
    """The paths that grants open, widest first."""

    certain: tuple[EscalationPath, ...]
    possible: tuple[EscalationPath, ...]
    """Paths that could be open and could not be decided."""


@cache
def escalation_paths() -> tuple[EscalationPath, ...]:
    """Return all known paths."""
    data = json.loads((DATA_FOLDER / "escalation_paths.json").read_text(encoding="utf-8"))
    return tuple(
        EscalationPath(
            name=row["name"],
            actions=tuple(row["actions"]),
            through=Through(row["through"]),
            gives=row["gives"],
            source=row["source"],
            passed_to=tuple(row.get("passed_to", ())),
            mask=action_set(row["actions"], ScanBudget()).certain & catalogue().known,
        )
        for row in data["paths"]
    )


@cache
def path_actions() -> int:
    """Return every action that some path needs."""
    return union(path.mask for path in escalation_paths())


@cache
def services_passed_to() -> tuple[str, ...]:
    """Return every service that some path passes a role to."""
    return tuple(sorted({service for path in escalation_paths() for service in path.passed_to}))


@cache
def _bits(names: tuple[str, ...]) -> int:
    return action_set(names, ScanBudget()).certain


@cache
def _targeted() -> int:
    return union(catalogue().service_masks[service] for service in TARGETED_SERVICES)


PINS: Final = (
    ("iam:policyarn", ("arn:aws:iam::aws:policy/AdministratorAccess",)),
    ("iam:permissionsboundary", (None,)),
)


def open_paths(grants: Grants) -> OpenPaths:
    """Decide which paths the grants open."""
    if not _within(grants.mentioned):
        return OpenPaths((), ())
    target = _within(grants.upper_bound(Pins(values=_pins(grants))))
    return _Search(grants, target).decide() if target else OpenPaths((), ())


def _within(mask: int) -> int:
    """Return the actions of those paths whose actions are all in a mask."""
    found = mask & path_actions()
    if not found:
        return 0
    return union(path.mask for path in escalation_paths() if path.mask & ~found == 0)


def _pins(grants: Grants) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    partition = grants.resources.own.partition
    return tuple(
        (key, tuple(value and value.replace("arn:aws:", f"arn:{partition}:") for value in values))
        for key, values in PINS
    )


def pins_of(grants: Grants, path: EscalationPath) -> Pins:
    """Return the states in which a path is looked for."""
    passed = ((PASSED_TO, path.passed_to),) if path.passed_to else ()
    return Pins(values=(*_pins(grants), *passed, DIRECT))


class _Search:
    """The reaches that the paths of one identity are decided by, each worked out once."""

    def __init__(self, grants: Grants, target: int) -> None:
        self.grants = grants
        self.target = target
        self.base = (*_pins(grants), DIRECT)
        self.groups = grants.resources.groups(target)
        self.named = named_groups(grants, target)
        self.any_role = self._anywhere(self.base, target)
        self.relayed = self._relayed()
        self.somewhere = self._somewhere()
        self.own_user = self._on(grants.resources.own.fill(symbolic(OWN_USER)), _bits(SELF_SUFFICES))
        self.role_passing: dict[tuple[str, ...], Found] = {}

    def decide(self) -> OpenPaths:
        certain = [path for path in escalation_paths() if self._is_open(path, certain=True)]
        possible = [
            path for path in escalation_paths() if path not in certain and self._is_open(path, certain=False)
        ]
        return OpenPaths(_widest(certain), _widest(possible))

    def _anywhere(self, values: tuple[tuple[str, tuple[str | None, ...]], ...], target: int) -> Found:
        """Return what is allowed on resources that no policy names."""
        pins = Pins(values=values)
        found = [Reach(self.grants, pins, target & group.takers).within([group]) for group in self.groups]
        return usable(self.groups, found, target)

    def _somewhere(self) -> Found:
        """Return what is allowed on some resource, named ones included."""
        if not self.named:
            return self.any_role
        found = Reach(self.grants, Pins(values=self.base), self.target).within(self.named)
        return _both(found, self.any_role)

    def _on(self, arn: str, target: int) -> Found:
        if not self.grants.resources.told_apart(self.target & target):
            return Found()
        group = group_of(self.grants, arn, self.target)
        return Reach(self.grants, Pins(values=self.base), self.target & target).within([group])

    def _relayed(self) -> Found:
        """Return what CloudFormation does for a caller who may start it."""
        starts = _bits(RELAY_STARTS)
        if not any("relay" in rule.by_dimension for rule in self.grants.rules):
            return Found()
        started = Reach(self.grants, Pins(values=self.base), starts).within(all_groups(self.grants, starts))
        if not started.possible:
            return Found()
        values = (*_pins(self.grants), ("aws:viaawsservice", ("true",)), ("aws:calledvia", (RELAY,)))
        found = self._anywhere(values, self.target)
        return found if started.certain else Found(0, found.possible)

    def _is_open(self, path: EscalationPath, *, certain: bool) -> bool:
        if path.mask & ~self.target:
            return False

        def of(found: Found) -> int:
            return found.certain if certain else found.possible

        everywhere = of(self.any_role) | of(self.relayed) | of(self.own_user)
        open_to = (
            everywhere
            if path.through is Through.RUNNING_ROLE
            else everywhere | of(self.somewhere) & ~_targeted()
        )
        passing = _bits((PASS_ROLE,))
        if path.mask & passing:
            open_to = open_to & ~passing | of(self._passed_to(path.passed_to)) & passing
        if path.mask & ~open_to == 0:
            return True
        return path.name in ONE_ROLE_SUFFICES and any(
            path.mask & ~(everywhere | of(found)) == 0 for found in self._named_roles()
        )

    def _passed_to(self, services: tuple[str, ...]) -> Found:
        """Return whether a role that no policy names can be passed to one of the services."""
        if not any(PASSED_TO in rule.by_dimension for rule in self.grants.rules):
            return _both(self.any_role, self.relayed)
        if services not in self.role_passing:
            values = (*self.base, (PASSED_TO, services))
            self.role_passing[services] = self._anywhere(values, _bits((PASS_ROLE,)))
        return self.role_passing[services]

    def _named_roles(self) -> Iterable[Found]:
        target = union(path.mask for path in escalation_paths() if path.name in ONE_ROLE_SUFFICES)
        reach = Reach(self.grants, Pins(values=self.base), self.target & target)
        return (reach.within([group]) for group in self.named if ":role/" in group.example)


def _both(one: Found, other: Found) -> Found:
    return Found(one.certain | other.certain, one.possible | other.possible)


def _widest(paths: list[EscalationPath]) -> tuple[EscalationPath, ...]:
    """Leave out each path whose actions are part of another open one's."""
    return tuple(
        path
        for path in paths
        if not any(other.mask != path.mask and path.mask & ~other.mask == 0 for other in paths)
    )
