"""Roles that an identity gets through services: handed over to one that runs code, or had by a workload.

The ways stand in the catalogue's escalation paths. Here their calls are asked of one resource: of the calls
of a way, those that take a resource are all allowed on it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES, arn_shapes
from identity_guard.iam.catalogue.escalation_paths import EscalationPath, Through, escalation_paths
from identity_guard.iam.document.condition import Clause
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import decide_truth
from identity_guard.iam.evaluate.resource_reach import needing_of, takers_of
from identity_guard.iam.evaluate.statements import EVERY_RESOURCE, Group
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.questions.reach import Reach, Reached, named_groups, usable
from identity_guard.iam.questions.service_access import OF_A_SERVICE
from identity_guard.iam.questions.steps import Steps
from identity_guard.iam.text.arn import ACCOUNT_PART, ARN_PARTS
from identity_guard.iam.text.three_valued import all_of
from identity_guard.iam.text.wildcard import has_wildcard

from .powers import Powers
from .tried_values import Values
from .ways import ASSUME, PASS

SOURCE_ACCOUNT: Final = "aws:sourceaccount"
SOURCE_ARN: Final = "aws:sourcearn"


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
    belonging: Values
    """What conditions on passing may say that the role will belong to."""


class Calls(NamedTuple):
    """Calls that are allowed, each on some resource."""

    certain: bool
    on: Mapping[str, str]


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
        """Say whether the calls of a way are allowed, but for the one about the role."""
        wanted = path.mask & ~_pass_bit()
        if wanted & ~self._each:
            return None
        meet = self._steps.meet(path)
        if meet is False:
            return None
        found = self.callable(path.actions, wanted)
        if found is None:
            # Allowed one by one, on resources of which no example is in both patterns: none can be shown.
            return Open(path, certain=False, on={}, belonging=self._steps.belonging(path))
        certain = found.certain and bool(meet) and self._controls(path)
        return Open(path, certain, found.on, self._steps.belonging(path))

    @cached_property
    def _each(self) -> int:
        """The actions that may be allowed on something, each by itself."""
        return self.anywhere.possible | union(found.possible for _, found in self.named)

    @cached_property
    def _steps(self) -> Steps:
        return Steps(
            self.powers.grants, (self.values,), [group.example for group, _ in self.named], self.mask
        )

    def _controls(self, path: EscalationPath) -> bool:
        """Say whether what a way needs besides is at hand: nothing else shows who has it."""
        allowed = self._covered(self.mask, certain=True)
        return not path.controlled_by or bool(catalogue().mask_of(path.controlled_by) & allowed)

    def callable(self, actions: Iterable[str], wanted: int) -> Calls | None:
        """Say whether actions are allowed, those that take one resource on the same one."""
        certain = self._covered(wanted, certain=True)
        if wanted & ~certain == 0:
            return Calls(not _by_pieces(wanted & ~self.anywhere.certain), self._places(actions))
        possible = self._covered(wanted, certain=False)
        return Calls(certain=False, on={}) if wanted & ~possible == 0 else None

    def _covered(self, wanted: int, *, certain: bool) -> int:
        def of(found: Reached) -> int:
            return found.certain if certain else found.possible

        covered = of(self.anywhere)
        for group, found in self.named:
            # What takes such a resource, but can do without, is asked about on those that it needs.
            steps = wanted & needing_of(group.example)
            if steps & ~of(found) == 0:
                covered |= steps
        return covered

    def _places(self, actions: Iterable[str]) -> dict[str, str]:
        """Return for each action a resource on which it is allowed."""
        places: dict[str, str] = {}
        for action in actions:
            bit = catalogue().mask_of([action]) & ~_pass_bit()
            for group, found in (*self._found, *self.named):
                if bit & group.actions_on & found.certain:
                    places[action] = self._taken_by(bit, group.example)
                    break
        return places

    def _taken_by(self, bit: int, example: str) -> str:
        """Return a resource that an action takes: an example stands for all that no list tells apart."""
        if example == EVERY_RESOURCE or bit & takers_of(example):
            return example
        own = self.powers.grants.resources.own
        shapes = (shape for shape in arn_shapes().shapes if shape.actions_on & bit)
        return next((shape.example(own, EXAMPLE_NAMES[0]) for shape in shapes), example)


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
    beside = union(catalogue().mask_of(path.controlled_by) for path in tried)
    somewhere = Somewhere(powers, (union(path.mask for path in tried) | beside) & ~_pass_bit())
    return [found for path in tried if (found := somewhere.open(path))]


RUNNING: Final = Through.RUNNING_ROLE


@cache
def uses_of(takers: int) -> tuple[tuple[EscalationPath, int], ...]:
    """Return the ways that use a workload which some actions take, with those of their calls that take it."""
    return tuple((path, path.mask & takers) for path in paths_through(RUNNING) if path.mask & takers)


class Beside(NamedTuple):
    """What a call on a workload is checked on as well: one of some resources."""

    mask: int
    """The actions of which that holds."""
    one_of: tuple[str, ...]


def needed_beside(arn: str) -> tuple[Beside, ...]:
    """Return what calls on a workload are checked on as well.

    A call into a task is checked on its cluster, too; a command for an instance on the document that says
    what runs (Service Authorization Reference: Amazon ECS, ExecuteCommand; AWS Systems Manager, SendCommand).
    """
    return tuple(
        Beside(mask, tuple(each.format_map(found.groupdict()) for each in one_of))
        for form, mask, one_of in _beside()
        if (found := form.fullmatch(arn))
    )


@cache
def _beside() -> tuple[tuple[re.Pattern[str], int, tuple[str, ...]], ...]:
    in_task, command = (catalogue().mask_of([each]) for each in ("ecs:ExecuteCommand", "ssm:SendCommand"))
    documents = tuple(f"arn:{{partition}}:ssm:{{region}}::document/{each}" for each in _RUNNING_ANYTHING)
    return ((_TASK, in_task, ("{place}:cluster/{cluster}",)), (_INSTANCE, command, documents))


_TASK: Final = re.compile(r"(?P<place>arn:[^:]+:ecs:[^:]*:[^:]*):task/(?P<cluster>[^/]+)/[^/]+")
_INSTANCE: Final = re.compile(
    r"arn:(?P<partition>[^:]+):(ec2|ssm):(?P<region>[^:]*):[^:]*:(managed-)?instance/.+"
)
_RUNNING_ANYTHING: Final = (
    "AWS-RunShellScript",
    "AWS-RunPowerShellScript",
    "AWS-RunRemoteScript",
    "AWS-RunDocument",
    "AWS-ApplyAnsiblePlaybooks",
)
"""AWS's documents that run whatever one gives them (Systems Manager User Guide, documents-command-ssm-plugin
and the pages of these documents). What a document of the account's own does is not in sight."""


def admits(
    trust: Attachment | None, account: str | None, actions: tuple[str, ...] = (ASSUME,)
) -> bool | None:
    """Say whether a trust policy that was narrowed down to one service lets it assume the role.

    `account` is the one that the service calls for; None where that is not known.
    """
    if trust is None:
        return False
    known = OF_A_SERVICE if account is None else {**OF_A_SERVICE, SOURCE_ACCOUNT: (account,)}
    return all_of(_lets(trust, action, known) for action in actions)


def _lets(trust: Attachment, action: str, known: Mapping[str, tuple[str, ...] | None]) -> bool | None:
    def truth(statement: Statement) -> bool | None:
        return all_of(
            (_is_about(statement, action), *(_holds(clause, known) for clause in statement.clauses))
        )

    truths = [(each.effect, truth(each)) for each in trust.statements]
    allowed = [answer for effect, answer in truths if effect is Effect.ALLOW]
    return decide_truth([allowed], (answer for effect, answer in truths if effect is Effect.DENY))


def _is_about(statement: Statement, action: str) -> bool | None:
    bit = catalogue().mask_of([action])
    if statement.actions.certain & bit:
        return True
    return None if statement.actions.possible & bit else False


def _holds(clause: Clause, known: Mapping[str, tuple[str, ...] | None]) -> bool | None:
    if clause.has_variables or clause.key not in known:
        return _by_account(clause, known)
    return clause.holds(known[clause.key])


def _by_account(clause: Clause, known: Mapping[str, tuple[str, ...] | None]) -> bool | None:
    """Say what a clause about the calling resource says of those of an account.

    A service that acts for an account names a resource of it (IAM User Guide, confused-deputy), so patterns
    that all name another account take none. Which of its own it names, nobody can know.
    """
    (account,) = known.get(SOURCE_ACCOUNT) or ("",)
    compares = clause.operator.values in ("arn", "string") and not clause.if_exists
    if clause.key != SOURCE_ARN or not account or not compares:
        return None
    named = [each.split(":", ARN_PARTS - 1)[ACCOUNT_PART:][:1] for each in clause.values]
    others = all(part and part[0] and not has_wildcard(part[0]) and part[0] != account for part in named)
    return clause.operator.negated if others else None
