"""Roles that an identity gets through services: handed over to one that runs code, or had by a workload.

The ways stand in the catalogue's escalation paths. Here their calls are asked of one resource: of the calls
of a way, those that take a resource are all allowed on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.catalogue.escalation_paths import EscalationPath, Through, escalation_paths
from identity_guard.iam.document.condition import Clause
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import decide_truth
from identity_guard.iam.evaluate.statements import Assumptions, Group
from identity_guard.iam.questions.reach import Reach, Reached, named_groups, usable
from identity_guard.iam.questions.service_access import OF_A_SERVICE
from identity_guard.iam.text.three_valued import all_of

from .powers import Powers, Values
from .ways import PASS


@cache
def _pass_bit() -> int:
    return catalogue().mask_of([PASS])


@cache
def paths_through(through: Through) -> tuple[EscalationPath, ...]:
    """Return the escalation paths of one kind."""
    return tuple(path for path in escalation_paths() if path.through is through)


@cache
def _actions_of(through: Through) -> int:
    return union(path.mask for path in paths_through(through)) & ~_pass_bit()


class Open(NamedTuple):
    """A way whose calls, but for the one about the role, are allowed on some resource."""

    path: EscalationPath
    certain: bool
    on: Mapping[str, str]
    """For each of its calls a resource on which it is allowed."""


@dataclass
class Somewhere:
    """Which of some actions are allowed on some resource, and on which."""

    powers: Powers
    mask: int

    def __post_init__(self) -> None:
        """Ask about resources that no policy names, and about each that some policy does."""
        self.values: Values = self.powers.base
        self.groups = self.powers.grants.resources.groups(self.mask)
        of_groups = [self._within(group) for group in self.groups]
        self.anywhere = usable(self.groups, of_groups, self.mask)
        self._found = list(zip(self.groups, of_groups, strict=True))
        named = named_groups(self.powers.grants, self.mask)
        self.named = [(group, self._within(group)) for group in named]

    def _within(self, group: Group) -> Reached:
        assumptions = Assumptions(values=self.values)
        return Reach(self.powers.grants, assumptions, self.mask & group.actions_on).within([group])

    def open(self, path: EscalationPath) -> Open | None:
        """Say whether the calls of a way are allowed, those that take one resource on the same one."""
        wanted = path.mask & ~_pass_bit()
        certain = self._covered(wanted, certain=True)
        if wanted & ~certain == 0:
            return Open(path, not _by_pieces(wanted & ~self.anywhere.certain), self._places(path))
        possible = self._covered(wanted, certain=False)
        return Open(path, certain=False, on={}) if wanted & ~possible == 0 else None

    def _covered(self, wanted: int, *, certain: bool) -> int:
        def of(found: Reached) -> int:
            return found.certain if certain else found.possible

        covered = of(self.anywhere)
        for group, found in self.named:
            steps = wanted & group.actions_on
            if steps & ~of(found) == 0:
                covered |= steps
        return covered

    def _places(self, path: EscalationPath) -> dict[str, str]:
        """Return for each call of a way a resource on which it is allowed."""
        places: dict[str, str] = {}
        for action in path.actions:
            bit = catalogue().mask_of([action]) & ~_pass_bit()
            for group, found in (*self._found, *self.named):
                if bit & group.actions_on & found.certain:
                    places[action] = group.example
                    break
        return places


@cache
def _needing_several() -> int:
    """Return the actions that cannot be called without resources of several kinds."""
    once = several = 0
    for shape in arn_shapes().shapes:
        several |= once & shape.requirers
        once |= shape.requirers
    return several


def _by_pieces(named: int) -> bool:
    """Say whether an action is allowed on named resources only and needs several kinds of them."""
    return bool(named & _needing_several())


def open_ways(powers: Powers) -> list[Open]:
    """Return the ways by which an identity may hand a role to a service, as far as it may hand over any."""
    if not powers.at_best & _pass_bit():
        return []
    within = powers.at_best & _actions_of(Through.PASSED_ROLE)
    tried = [p for p in paths_through(Through.PASSED_ROLE) if p.mask & ~_pass_bit() & ~within == 0]
    if not tried:
        return []
    somewhere = Somewhere(powers, union(path.mask for path in tried) & ~_pass_bit())
    return [found for path in tried if (found := somewhere.open(path))]


RUNNING: Final = Through.RUNNING_ROLE


@cache
def uses_of(takers: int) -> tuple[tuple[EscalationPath, int], ...]:
    """Return the ways that use a workload which some actions take, with those of their calls that take it."""
    return tuple((path, path.mask & takers) for path in paths_through(RUNNING) if path.mask & takers)


def admits(trust: Attachment | None, account: str) -> bool | None:
    """Say whether a trust policy that was narrowed down to one service lets it assume the role."""
    if trust is None:
        return False
    known = {**OF_A_SERVICE, "aws:sourceaccount": (account,)}

    def truth(statement: Statement) -> bool | None:
        return all_of((_assumes(statement), *(_holds(clause, known) for clause in statement.clauses)))

    truths = [(each.effect, truth(each)) for each in trust.statements]
    allowed = [answer for effect, answer in truths if effect is Effect.ALLOW]
    return decide_truth([allowed], (answer for effect, answer in truths if effect is Effect.DENY))


def _assumes(statement: Statement) -> bool | None:
    bit = catalogue().mask_of(["sts:AssumeRole"])
    if statement.actions.certain & bit:
        return True
    return None if statement.actions.possible & bit else False


def _holds(clause: Clause, known: Mapping[str, tuple[str, ...] | None]) -> bool | None:
    if clause.has_variables or clause.key not in known:
        return None
    return clause.holds(known[clause.key])
