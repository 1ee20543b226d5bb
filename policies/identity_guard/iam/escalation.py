"""Which known paths lead from the grants to more, in one step.

A path through IAM, STS, Identity Center or a passed role is escalation; one through a role that a workload
already has is told apart (`Through`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from .action_pattern import ScanBudget
from .action_set import action_set
from .catalogue import catalogue
from .condition import PASSED_TO
from .context_keys import POLICY_ARN, ROOT_TASKS
from .escalation_paths import (
    EscalationPath,
    Through,
    actions_within,
    escalation_paths,
    shrink,
    shrunk_paths,
    widest,
)
from .grants import Grants
from .linked_keys import ANY_CALL
from .masks import union
from .mfa import DIRECT
from .one_target import COMPANIONS, named_role_passed, one_target_suffices, unprotected, written_policies
from .policy_variables import symbolic
from .reach import Found, Reach, all_groups, group_of, named_groups, usable
from .regions import REGIONS
from .rules import Pins
from .scope import EXAMPLE_PART, can_be_matched, in_own_partition
from .wide_policies import WIDE_POLICIES
from .wildcard import instance, matches

PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action
RELAY_STARTS: Final = (
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:ExecuteChangeSet",
)

OWN_USER: Final = "arn:{partition}:iam::{account}:user/${aws:username}"
SELF_SUFFICES: Final = (
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
)
"""Actions that lead further even where they are granted on one's own user only."""

ONE_ROLE_SUFFICES: Final = (
    "iam-attach-role-policy-and-assume",
    "iam-attach-role-policy-and-update-trust",
    "iam-put-role-policy-and-assume",
    "iam-put-role-policy-and-update-trust",
)
"""Paths that lead further even on one named role: it is rewritten and then used."""

TARGETED_SERVICES: Final = (
    "iam",
    "sts",
    "sso",
    "sso-directory",
    "identitystore",
    "rolesanywhere",
)
"""Services whose actions count only if they reach targets that no policy names; for the others some
resource is enough, as the caller makes it."""

PINS: Final = (
    (POLICY_ARN, WIDE_POLICIES),
    ("iam:permissionsboundary", (None,)),
    ("sts:taskpolicyarn", ROOT_TASKS),
)
"""What a path attaches is a wide policy, to an identity without a boundary; root's session is one that gives
root away."""
ADMINISTRATORS: Final = (
    "OrganizationAccountAccessRole",
    "AWSControlTowerExecution",
    "AWSCloudFormationStackSetExecutionRole",
)
"""Roles made with AdministratorAccess in the accounts of an organisation, for its management account (AWS
Organizations User Guide, orgs_manage_accounts_access; AWS Control Tower User Guide, awscontroltowerexecution;
AWS CloudFormation User Guide, stacksets-prereqs-self-managed)."""
ASSUME: Final = ("sts:AssumeRole",)

PinnedValues = tuple[tuple[str, tuple[str | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class OpenPaths:
    """The paths that grants open, widest first."""

    certain: tuple[EscalationPath, ...]
    possible: tuple[EscalationPath, ...]
    """Paths that could be open and could not be decided."""


@cache
def _bits(names: tuple[str, ...]) -> int:
    return action_set(names, ScanBudget()).certain


@cache
def _targeted() -> int:
    """Return the actions of targeted services among those of the paths."""
    return shrink(union(catalogue().service_masks[service] for service in TARGETED_SERVICES))


@cache
def _passing() -> int:
    return shrink(_bits((PASS_ROLE,)))


def open_paths(grants: Grants) -> OpenPaths:
    """Decide which paths the grants open."""
    if not actions_within(grants.mentioned):
        return OpenPaths((), ())
    pins = _pins(grants)
    target = actions_within(grants.upper_bound(Pins(values=pins)))
    return _Search(grants, target, pins).decide() if target else OpenPaths((), ())


def _pins(grants: Grants) -> PinnedValues:
    partitions = _partitions(grants)
    found = {
        key: tuple(value and value.replace("{partition}", each) for each in partitions for value in values)
        for key, values in PINS
    }
    found[POLICY_ARN] += written_policies(grants)
    return tuple(found.items())


def _partitions(grants: Grants) -> Iterable[str]:
    """Return the own partition, and those of the policies that conditions name."""
    named = (
        value.split(":", 2)
        for rule in grants.rules
        for clause in rule.by_dimension.get(POLICY_ARN, ())
        for value in clause.values
    )
    partitions = (parts[1] for parts in named if len(parts) > 1 and parts[1] in REGIONS)
    return dict.fromkeys((grants.resources.own.partition, *partitions))


def pins_of(grants: Grants, path: EscalationPath) -> Pins:
    """Return the states in which a path is looked for."""
    passed = ((PASSED_TO, path.passed_to),) if path.passed_to else ()
    return Pins(values=(*_pins(grants), *passed, DIRECT))


def _shrunk(found: Found) -> Found:
    return Found(shrink(found.certain), shrink(found.possible))


def _both(one: Found, other: Found) -> Found:
    return Found(one.certain | other.certain, one.possible | other.possible)


class _Search:
    """The reaches that the paths of one identity are decided by, each worked out once.

    What it finds is held as masks over the actions of the paths.
    """

    def __init__(self, grants: Grants, target: int, pins: PinnedValues) -> None:
        self.grants = grants
        self.target = target
        self.pins = pins
        self.base = (*pins, DIRECT)
        self.groups = grants.resources.groups(target)
        self.named = named_groups(grants, target)
        self.any_role = self._anywhere(self.base, target)
        self.relayed = self._relayed()
        self.everywhere = _both(self.any_role, self.relayed)
        own_user = grants.resources.own.fill(symbolic(OWN_USER))
        for arn, actions in ((own_user, SELF_SUFFICES), *((role, ASSUME) for role in self._administrators())):
            self.everywhere = _both(self.everywhere, self._on(arn, _bits(actions)))
        self.somewhere = self._somewhere()
        self.role_passing: dict[tuple[str, ...], Found] = {}
        self.looks_at_services = any(PASSED_TO in rule.by_dimension for rule in grants.rules)

    def decide(self) -> OpenPaths:
        within = shrink(self.target)
        tried = [(path, actions) for path, actions in shrunk_paths() if actions & ~within == 0]
        certain = [path for path, actions in tried if self._is_open(path, actions, certain=True)]
        decided = {path.name for path in certain}
        rest = [(path, actions) for path, actions in tried if path.name not in decided]
        possible = [path for path, actions in rest if self._is_open(path, actions, certain=False)]
        return OpenPaths(widest(certain), widest(possible))

    def _anywhere(self, values: PinnedValues, target: int) -> Found:
        """Return what is allowed on resources that no policy names."""
        pins = Pins(values=values)
        found = [Reach(self.grants, pins, target & group.takers).within([group]) for group in self.groups]
        return _shrunk(usable(self.groups, found, target))

    def _somewhere(self) -> Found:
        """Return what is allowed on some resource, named ones included."""
        if not self.named:
            return self.any_role
        found = Reach(self.grants, Pins(values=self.base), self.target).within(self.named)
        if not self.grants.resources.named(self.target).complete:
            found.possible |= self.target
        return _both(_shrunk(found), self.any_role)

    def _on(self, arn: str, target: int) -> Found:
        if not self.grants.resources.told_apart(self.target & target):
            return Found()
        group = group_of(self.grants, arn, self.target)
        return _shrunk(Reach(self.grants, Pins(values=self.base), self.target & target).within([group]))

    def _administrators(self) -> Iterable[str]:
        """Yield the roles known to be administrators that policies name, by a pattern or in full."""
        for rule in self.grants.resources.told_apart(_bits(ASSUME)):
            for pattern in filter(can_be_matched, rule.statement.resources):
                head, of_roles, _ = in_own_partition(pattern, self.grants.resources.own).partition(":role/")
                roles = (f"{instance(head, EXAMPLE_PART)}:role/{name}" for name in ADMINISTRATORS if of_roles)
                yield from (role for role in roles if matches(pattern, role))

    def _relayed(self, pinned: PinnedValues = ()) -> Found:
        """Return what CloudFormation does for a caller who may start it."""
        starts = _bits(RELAY_STARTS)
        if not any("relay" in rule.by_dimension for rule in self.grants.rules):
            return Found()
        pins = Pins(values=self.base)
        started = Reach(self.grants, pins, starts).within(all_groups(self.grants, starts))
        if not started.possible:
            return Found()
        values = (*self.pins, *pinned, ("aws:viaawsservice", ("true",)), ("aws:calledvia", (ANY_CALL,)))
        found = self._anywhere(values, self.target)
        return found if started.certain else Found(0, found.possible)

    def _is_open(self, path: EscalationPath, actions: int, *, certain: bool) -> bool:
        def of(found: Found) -> int:
            return found.certain if certain else found.possible

        everywhere = open_to = of(self.everywhere)
        if path.through is not Through.RUNNING_ROLE:
            open_to |= of(self.somewhere) & ~_targeted()
        if actions & _passing():
            open_to = open_to & ~_passing() | of(self._passed_to(path.passed_to)) & _passing()
        if actions & ~open_to == 0:
            return True
        if path.name in COMPANIONS and self.named:
            return bool(of(one_target_suffices(self.grants, Pins(values=self.base), self.named, path)))
        return path.name in ONE_ROLE_SUFFICES and any(
            actions & ~(everywhere | of(found)) == 0 for found in self._named_roles()
        )

    def _passed_to(self, services: tuple[str, ...]) -> Found:
        """Return whether a role can be passed to one of the services, or to any.

        It is one that no policy names, or one that can be rewritten first.
        """
        if not self.looks_at_services:
            services = ()
        if services not in self.role_passing:
            pinned: PinnedValues = ((PASSED_TO, services),) if services else ()
            named = self._rewritten_and_passed(pinned)
            direct = self._anywhere((*self.base, *pinned), _bits((PASS_ROLE,))) if services else self.any_role
            relayed = self._relayed(pinned) if services else self.relayed
            self.role_passing[services] = _both(_both(direct, relayed), named)
        return self.role_passing[services]

    def _rewritten_and_passed(self, pinned: PinnedValues) -> Found:
        base, passing = Pins(values=self.base), Pins(values=(*self.base, *pinned))
        return _shrunk(named_role_passed(self.grants, base, passing, self.named))

    def _named_roles(self) -> Iterable[Found]:
        target = union(path.mask for path in escalation_paths() if path.name in ONE_ROLE_SUFFICES)
        reach = Reach(self.grants, Pins(values=self.base), self.target & target)
        roles = (group for group in unprotected(self.named) if ":role/" in group.example)
        return (_shrunk(reach.within([group])) for group in roles)
