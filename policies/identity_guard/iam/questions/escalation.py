"""Which known paths lead from the grants to more, in one step.

A path through IAM, STS, Identity Center or a passed role is escalation; one through a role that a workload
already has is told apart (`Through`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.context_keys import POLICY_ARN, ROOT_TASKS, WIDE_POLICIES
from identity_guard.iam.catalogue.escalation_paths import (
    EscalationPath,
    Through,
    actions_within,
    escalation_paths,
    shrink,
    shrunk_paths,
    widest,
)
from identity_guard.iam.catalogue.given_ways import ADMINISTRATORS, RELAYS, Relay
from identity_guard.iam.catalogue.regions import REGIONS
from identity_guard.iam.document.condition import PASSED_TO, symbolic
from identity_guard.iam.evaluate.arn_patterns import can_be_matched
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.own_names import in_own_partition
from identity_guard.iam.evaluate.statements import Group
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.text.arn import ACCOUNT_PART
from identity_guard.iam.text.wildcard import has_wildcard, matches

from .mfa import DIRECT
from .one_target import bits_of, named_role_passed, one_target_suffices, unprotected, written_policies
from .reach import Reach, Reached, all_groups, group_of, named_groups, usable
from .relays import asks_for_route, route_of
from .steps import AssumedValues, Steps

PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action
USER_NAME: Final = "${aws:username}"
OWN_USER: Final = "arn:{partition}:iam::{account}:user/${aws:username}"
SELF_SUFFICES: Final = (
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
)
"""Actions that lead further even where they are granted on one's own user only."""
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
ASSUME: Final = ("sts:AssumeRole",)


@dataclass(frozen=True, slots=True)
class OpenPaths:
    """The paths that grants open, widest first."""

    certain: tuple[EscalationPath, ...]
    possible: tuple[EscalationPath, ...]
    """Paths that could be open and could not be decided."""


@cache
def _targeted() -> int:
    """Return the actions of targeted services among those of the paths."""
    return shrink(union(catalogue().service_masks[service] for service in TARGETED_SERVICES))


@cache
def _passing() -> int:
    return shrink(bits_of((PASS_ROLE,)))


def open_paths(grants: Grants) -> OpenPaths:
    """Decide which paths the grants open."""
    if not actions_within(grants.mentioned):
        return OpenPaths((), ())
    assumed = _assumed_values(grants)
    target = actions_within(grants.upper_bound(Assumptions(values=assumed)))
    return _Search(grants, target, assumed).decide() if target else OpenPaths((), ())


def _assumed_values(grants: Grants) -> AssumedValues:
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
        for layered in grants.statements
        for clause in layered.by_dimension.get(POLICY_ARN, ())
        for value in clause.values
    )
    partitions = (parts[1] for parts in named if len(parts) > 1 and parts[1] in REGIONS)
    return dict.fromkeys((grants.resources.own.partition, *partitions))


def assumptions_of(grants: Grants, path: EscalationPath) -> Assumptions:
    """Return the states in which a path is looked for."""
    passed = ((PASSED_TO, path.passed_to),) if path.passed_to else ()
    return Assumptions(values=(*_assumed_values(grants), *passed, DIRECT))


def _shrunk(found: Reached) -> Reached:
    return Reached(shrink(found.certain), shrink(found.possible))


def _both(one: Reached, other: Reached) -> Reached:
    return Reached(one.certain | other.certain, one.possible | other.possible)


class _Search:
    """The reaches that the paths of one identity are decided by, each worked out once.

    What it finds is held as masks over the actions of the paths.
    """

    def __init__(self, grants: Grants, target: int, assumed: AssumedValues) -> None:
        self.grants = grants
        self.target = target
        self.assumed = assumed
        self.base = (*assumed, DIRECT)
        self.groups = grants.resources.groups(target)
        self.named = [group for group in named_groups(grants, target) if self._can_be_there(group)]
        self.routes: list[AssumedValues] = [self.base]
        self.any_role = self._anywhere(self.base, target)
        self.relayed = self._relayed()
        self.steps = Steps(grants, tuple(self.routes), [group.example for group in self.named], target)
        self.everywhere = _both(self.any_role, self.relayed)
        own = [] if grants.setting.role_session else [grants.resources.own.fill(symbolic(OWN_USER))]
        alone = [*((arn, SELF_SUFFICES) for arn in own), *((arn, ASSUME) for arn in self._administrators())]
        for arn, actions in alone:
            self.everywhere = _both(self.everywhere, self._on(arn, bits_of(actions)))
        self.somewhere = self._somewhere()
        self.role_passing: dict[tuple[str, ...], Reached] = {}
        self.looks_at_services = any(PASSED_TO in layered.by_dimension for layered in grants.statements)

    def _can_be_there(self, group: Group) -> bool:
        """Say whether a resource can be meant: the user of a session that is no user's cannot."""
        return not (self.grants.setting.role_session and symbolic(USER_NAME) in group.example)

    def decide(self) -> OpenPaths:
        within = shrink(self.target)
        tried = [(path, actions) for path, actions in shrunk_paths() if actions & ~within == 0]
        by_steps = [path for path, actions in tried if self._is_open(path, actions, certain=True)]
        fitting = {path.name: self.steps.fit(path) for path in by_steps}
        certain = [path for path in by_steps if fitting[path.name]]
        rest = [(path, actions) for path, actions in tried if path.name not in fitting]
        possible = [path for path, actions in rest if self._is_open(path, actions, certain=False)]
        possible = [path for path in possible if self.steps.fit(path) is not False]
        possible += [path for path in by_steps if fitting[path.name] is None]
        return OpenPaths(widest(certain), widest(possible))

    def _anywhere(self, values: AssumedValues, target: int) -> Reached:
        """Return what is allowed on resources that no policy names."""
        assumptions = Assumptions(values=values)
        found = [
            Reach(self.grants, assumptions, target & group.actions_on).within([group])
            for group in self.groups
        ]
        return _shrunk(usable(self.groups, found, target))

    def _somewhere(self) -> Reached:
        """Return what is allowed on some resource, named ones included."""
        if not self.named:
            return self.any_role
        found = Reach(self.grants, Assumptions(values=self.base), self.target).within(self.named)
        if not self.grants.resources.named(self.target).complete:
            found.possible |= self.target
        return _both(_shrunk(found), self.any_role)

    def _on(self, arn: str, target: int) -> Reached:
        if not self.grants.resources.telling_apart(self.target & target):
            return Reached()
        group = group_of(self.grants, arn, self.target)
        return _shrunk(
            Reach(self.grants, Assumptions(values=self.base), self.target & target).within([group])
        )

    def _administrators(self) -> Iterable[str]:
        """Yield the roles known to be administrators that policies name, by a pattern or in full."""
        for layered in self.grants.resources.telling_apart(bits_of(ASSUME)):
            for pattern in filter(can_be_matched, layered.statement.resources):
                head, of_roles, _ = in_own_partition(pattern, self.grants.resources.own).partition(":role/")
                if of_roles:
                    yield from (role for role in self._of_account(head) if matches(pattern, role))

    def _of_account(self, head: str) -> Iterable[str]:
        """Yield the ARNs of the administrators by default in an account that the head of a pattern names."""
        own = self.grants.resources.own
        parts = head.split(":")
        named = parts[ACCOUNT_PART] if len(parts) > ACCOUNT_PART else ""
        account = own.account if not named or has_wildcard(named) else named
        head = f"arn:{own.partition}:iam::{account}:role/"
        for name in ADMINISTRATORS:
            for region in REGIONS[own.partition] if "{region}" in name else ("",):
                yield head + name.replace("{account}", account).replace("{region}", region)

    def _relayed(self, passed: AssumedValues = ()) -> Reached:
        """Return what services do for a caller who may start them."""
        found = Reached()
        if asks_for_route(self.grants):
            for relay in RELAYS:
                found = _both(found, self._relayed_by(relay, passed))
        return found

    def _relayed_by(self, relay: Relay, passed: AssumedValues) -> Reached:
        starts, besides = bits_of(relay.starts), bits_of(relay.besides)
        assumptions, asked = Assumptions(values=self.base), starts | besides
        started = Reach(self.grants, assumptions, asked).within(all_groups(self.grants, asked))
        if not started.possible & starts or besides & ~started.possible:
            return Reached()
        values = (*self.assumed, *passed, *route_of(self.grants, relay))
        self.routes.append(values)
        found = self._anywhere(values, self.target)
        is_certain = started.certain & starts and not besides & ~started.certain
        return found if is_certain else Reached(0, found.possible)

    def _is_open(self, path: EscalationPath, actions: int, *, certain: bool) -> bool:
        def of(found: Reached) -> int:
            return found.certain if certain else found.possible

        everywhere = open_to = of(self.everywhere)
        if path.through is not Through.RUNNING_ROLE:
            open_to |= of(self.somewhere) & ~_targeted()
        if actions & _passing():
            open_to = open_to & ~_passing() | of(self._passed_to(path.passed_to)) & _passing()
        if actions & ~open_to == 0:
            return True
        if path.companions and self.named:
            return bool(of(one_target_suffices(self.grants, Assumptions(values=self.base), self.named, path)))
        return path.one_role_suffices and any(
            actions & ~(everywhere | of(found)) == 0 for found in self._named_roles()
        )

    def _passed_to(self, services: tuple[str, ...]) -> Reached:
        """Return whether a role can be passed to one of the services, or to any.

        It is one that no policy names, or one that can be rewritten first.
        """
        if not self.looks_at_services:
            services = ()
        if services not in self.role_passing:
            passed: AssumedValues = ((PASSED_TO, services),) if services else ()
            named = self._rewritten_and_passed(passed)
            direct = (
                self._anywhere((*self.base, *passed), bits_of((PASS_ROLE,))) if services else self.any_role
            )
            relayed = self._relayed(passed) if services else self.relayed
            self.role_passing[services] = _both(_both(direct, relayed), named)
        return self.role_passing[services]

    def _rewritten_and_passed(self, passed: AssumedValues) -> Reached:
        base, passing = Assumptions(values=self.base), Assumptions(values=(*self.base, *passed))
        return _shrunk(named_role_passed(self.grants, base, passing, self.named))

    def _named_roles(self) -> Iterable[Reached]:
        target = union(path.mask for path in escalation_paths() if path.one_role_suffices)
        reach = Reach(self.grants, Assumptions(values=self.base), self.target & target)
        roles = (group for group in unprotected(self.named) if ":role/" in group.example)
        return (_shrunk(reach.within([group])) for group in roles)
