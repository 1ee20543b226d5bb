"""Whether the steps of a path fit together, where the documents tell their resources or roles apart.

Each step may be allowed and the path closed all the same: the launch without an instance profile only, the
job that is made under one name and started under another, the launch that lacks leave for an image. Asked
only of paths that are open step by step, and only where some statement makes a difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import combinations, product
from typing import Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES, ArnShape, arn_shapes
from identity_guard.iam.catalogue.escalation_paths import EscalationPath, escalation_paths
from identity_guard.iam.evaluate.arn_patterns import SERVICE_PART, can_be_matched
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.linked_keys import REGION
from identity_guard.iam.evaluate.statements import Group, LayeredStatement, ResourceScope
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.text.wildcard import Common, common

from .reach import Reach, Reached, group_of

AssumedValues = tuple[tuple[str, tuple[str | None, ...]], ...]

ANY_ROLE: Final = "arn:{partition}:iam::{account}:role/qx7-example"
ANY_PROFILE: Final = "arn:{partition}:iam::{account}:instance-profile/qx7-example"
"""A role, and an instance profile, that no policy names."""
ROLE_OF_CALL: Final = {
    "ec2:RunInstances": ("ec2:instanceprofile", ANY_PROFILE),
    "ec2:AssociateIamInstanceProfile": ("ec2:newinstanceprofile", ANY_PROFILE),
    "ec2:ReplaceIamInstanceProfileAssociation": ("ec2:newinstanceprofile", ANY_PROFILE),
    "cloudformation:CreateStack": ("cloudformation:rolearn", ANY_ROLE),
    "cloudformation:UpdateStack": ("cloudformation:rolearn", ANY_ROLE),
    "cloudformation:CreateChangeSet": ("cloudformation:rolearn", ANY_ROLE),
    "cloudformation:CreateStackSet": ("cloudformation:rolearn", ANY_ROLE),
    "cloudformation:UpdateStackSet": ("cloudformation:rolearn", ANY_ROLE),
    "codebuild:CreateProject": ("codebuild:servicerole", ANY_ROLE),
    "codebuild:UpdateProject": ("codebuild:servicerole", ANY_ROLE),
}
"""The key that says which role a call hands over, where it hands over any (Service Authorization Reference:
EC2, CloudFormation, CodeBuild)."""
ASSOCIATED: Final = "iam:associatedresourcearn"
"""What a passed role will belong to (IAM User Guide, reference_policies_iam-condition-keys)."""
REGION_DIMENSION: Final = "region"
ARN_PARTS: Final = 6
MOST_QUESTIONS: Final = 3_000
"""How much is asked of the paths of one identity; what is left then is undecided."""
MOST_NAMED: Final = 200
"""With more patterns of resources nothing is asked: each would be compared with each."""
MOST_REMEMBERED: Final = 2_000
"""For how many combinations of patterns it is kept what they share: paths have steps in common."""
MOST_PATTERNS: Final = 24
"""How many patterns of a step are held against those of another."""
MOST_PLACES: Final = 50_000
"""How many places in patterns are looked at for what they share: the labelled cases take a thousand at most,
and hundreds of question marks, held against the shapes of a hundred services, a million."""
PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action
IDENTITY_SERVICES: Final = ("iam", "sts", "sso", "sso-directory", "identitystore", "rolesanywhere")
"""Services whose steps have targets of their own."""


@dataclass(frozen=True)
class Steps:
    """The steps of paths, as the documents of one identity allow them."""

    grants: Grants
    routes: Sequence[AssumedValues]
    """The states in which paths are looked for: of direct calls, and of those that services make."""
    named: Sequence[str]
    """The ARNs that policies name, wildcards filled in."""
    target: int
    """The actions of all paths that are looked at."""
    budget: ScanBudget = field(default_factory=lambda: ScanBudget(MOST_QUESTIONS))
    places: ScanBudget = field(default_factory=lambda: ScanBudget(MOST_PLACES))
    answers: dict[tuple[str, AssumedValues], bool | None] = field(default_factory=dict, repr=False)
    """What was asked of a call before: many paths have a step in common."""
    at_once: dict[AssumedValues, Reached] = field(default_factory=dict, repr=False)
    """What was asked of all steps together, in the states with some values."""
    needs: dict[tuple[str, str], bool | None] = field(default_factory=dict, repr=False)
    """By action and shape, whether the action is allowed on a resource of that shape."""
    too_many: dict[tuple[int, ...], bool] = field(default_factory=dict, repr=False)
    """By the ids of statements, which the grants keep, whether they name too many resources."""

    def fit(self, path: EscalationPath) -> bool | None:
        """Say whether a path that is open step by step is open as a whole."""
        if self._makes_no_difference:
            return True
        if self._too_many_patterns(path.mask):
            return None
        found = _all(
            question(path)
            for question in (
                self._hands_over,
                self._has_all_it_needs,
                self._on_one_target,
                self._in_one_region,
            )
        )
        return None if found is False and not self._looked_at_all(path) else found

    def _too_many_patterns(self, wanted: int) -> bool:
        statements = self.grants.resources.telling_apart(wanted)
        key = tuple(map(id, statements))
        if key not in self.too_many:
            # Written many times over, a pattern is one.
            named = {pattern for each in statements for pattern in each.statement.resources}
            self.too_many[key] = len(named) > MOST_NAMED
        return self.too_many[key]

    def _looked_at_all(self, path: EscalationPath) -> bool:
        """Say whether no resource that policies name was left out."""
        few = (len(self._patterns(_bit(step))) < MOST_PATTERNS for step in _own_steps(path.actions))
        return self.budget.left > 0 and self.grants.resources.named(path.mask).complete and all(few)

    def _afford(self, questions: int) -> bool:
        if not self.budget.take(questions):
            self.budget.left = 0
        return self.budget.left > 0

    def _hands_over(self, path: EscalationPath) -> bool | None:
        """Say whether the calls that take a role can be given one that no policy names."""
        if PASS_ROLE not in path.actions:
            return True
        own = self.grants.resources.own
        asked = [
            (action, ((key, (own.fill(role),)),))
            for action in path.actions
            if (row := ROLE_OF_CALL.get(action)) and self._tells_apart(row[0])
            for key, role in (row,)
        ]
        if self._tells_apart(ASSOCIATED):
            passed = (("iam:passedtoservice", path.passed_to),) if path.passed_to else ()
            asked.append((PASS_ROLE, (*passed, (ASSOCIATED, self._associated(path)))))
        return _all(self._anywhere(action, pinned) for action, pinned in asked)

    def _tells_apart(self, key: str) -> bool:
        return key in self._dimensions

    @cached_property
    def _dimensions(self) -> frozenset[str]:
        """What the conditions of all statements are about."""
        return frozenset(name for layered in self.grants.statements for name in layered.by_dimension)

    @cached_property
    def _makes_no_difference(self) -> bool:
        """Whether no statement tells resources, roles or Regions apart: then all steps fit."""
        keys = (REGION_DIMENSION, ASSOCIATED, *(key for key, _ in ROLE_OF_CALL.values()))
        return not (self.grants.resources.told_apart or any(map(self._tells_apart, keys)))

    def _associated(self, path: EscalationPath) -> tuple[str | None, ...]:
        """Return what a role passed on a path can belong to: nothing said, or a thing of its services."""
        services = {action.partition(":")[0] for action in path.actions}
        services |= {service.partition(".")[0] for service in path.passed_to}
        states = self.grants.space.dimension(ASSOCIATED).context_states
        values = {value for state in states for _, found in state.values for value in found or ()}
        return (None, *sorted(value for value in values if _service_of(value) in {None, *services}))

    def _anywhere(self, action: str, pinned: AssumedValues) -> bool | None:
        """Say whether a call is allowed on some resource in the states with some values."""
        asked = (action, pinned)
        if asked not in self.answers:
            self.answers[asked] = self._ask_anywhere(action, pinned)
        return self.answers[asked]

    def _ask_anywhere(self, action: str, pinned: AssumedValues) -> bool | None:
        wanted = _bit(action)
        unnamed = self.grants.resources.groups(wanted)
        groups = [*unnamed, *(group_of(self.grants, arn, wanted) for arn in self.named)]
        if not self._afford(1):
            return None
        return self._reached(groups, wanted, pinned)

    def _has_all_it_needs(self, path: EscalationPath) -> bool | None:
        """Say whether each step has leave for every kind of resource that it cannot do without."""
        return _all(
            self._on_some(shape, action)
            for action in _own_steps(path.actions)
            if self.grants.resources.telling_apart(_bit(action))
            for shape in _shapes_of(action)
            if shape.requirers & _bit(action)
        )

    def _on_some(self, shape: ArnShape, action: str) -> bool | None:
        """Say whether an action is allowed on a resource of a shape."""
        asked = (action, shape.template)
        if asked not in self.needs:
            self.needs[asked] = self._on_one_of(self._examples(shape), action) or self._on_named(
                shape, action
            )
        return self.needs[asked]

    def _on_named(self, shape: ArnShape, action: str) -> bool | None:
        """Ask of the resources of a shape that policies name, where its examples would not do."""
        patterns = self._patterns(_bit(action))
        if not self._afford(len(patterns) + 1):
            return None
        shared = filter(None, (self._shared(shape.glob.pattern, each) for each in patterns))
        arns = [*self._examples(shape), *filter(shape.glob.matches, self.named), *shared]
        found = self._on_one_of(arns, action)
        return found if found or self.budget.left > 0 else None

    def _shared(self, *patterns: str) -> str | None:
        """Return an ARN that patterns take, as long as looking for one can be afforded."""
        if self.budget.left == 0:
            return None
        text, looked_at = _shared_arn(*patterns)
        # What was worked out for another identity has its price here, too: else answers would hang on it.
        if not self.places.take(looked_at):
            self.budget.left = 0
        return text

    def _on_one_of(self, arns: Iterable[str], action: str) -> bool | None:
        wanted = _bit(action)
        return self._reached([group_of(self.grants, arn, wanted) for arn in arns], wanted)

    def _reached(self, groups: Sequence[Group], wanted: int, pinned: AssumedValues = ()) -> bool | None:
        """Say whether actions are allowed on resources of some groups, by one route or another."""
        found = self._reach(groups, wanted, pinned)
        if wanted & ~found.certain == 0:
            return True
        return None if wanted & ~found.possible == 0 else False

    def _reach(self, groups: Sequence[Group], wanted: int, pinned: AssumedValues) -> Reached:
        """Return which actions are allowed on resources of some groups, by one route or another."""
        found = Reached()
        for route in self.routes:
            by_route = Reach(self.grants, Assumptions(values=(*route, *pinned)), wanted).within(groups)
            found = Reached(found.certain | by_route.certain, found.possible | by_route.possible)
            if wanted & ~found.certain == 0:
                break
        return found

    def _examples(self, shape: ArnShape) -> list[str]:
        return [shape.example(self.grants.resources.own, name) for name in EXAMPLE_NAMES]

    def _on_one_target(self, path: EscalationPath) -> bool | None:
        """Say whether steps that take one kind of resource are allowed on one and the same."""
        steps = [each for each in _own_steps(path.actions) if self.grants.resources.telling_apart(_bit(each))]
        return _all(
            self._share(one, other, shape)
            for one, other in combinations(steps, 2)
            for shape in _shapes_of(one)
            if shape in _shapes_of(other) and shape.requirers & _bit(one) and shape.requirers & _bit(other)
        )

    def _in_one_region(self, path: EscalationPath) -> bool | None:
        """Say whether the steps of one service can be called in one Region, where conditions name any."""
        if not self._tells_apart(REGION_DIMENSION):
            return True
        return _all(
            _any(
                _all((self._in_region(one, region), self._in_region(other, region)))
                for region in self._regions
            )
            for one, other in _of_one_service(path.actions)
        )

    @cached_property
    def _regions(self) -> tuple[str, ...]:
        """The Regions that conditions name, and one that none does."""
        states = self.grants.space.dimension(REGION_DIMENSION).context_states
        return tuple(value for each in states for value in dict(each.values)[REGION] or ())

    def _in_region(self, action: str, region: str) -> bool | None:
        """Say whether a call is allowed on some resource in a Region."""
        asked = (action, ((REGION, (region,)),))
        if asked not in self.answers:
            together = self._together(asked[1])
            settled = _bit(action) & (together.certain | ~together.possible)
            if not settled:
                self.answers[asked] = self._ask_anywhere(*asked)
            else:
                self.answers[asked] = bool(settled & together.certain) if self._afford(1) else None
        return self.answers[asked]

    def _together(self, pinned: AssumedValues) -> Reached:
        """Ask of all steps at once, which settles most of them: what it leaves open is asked step by step."""
        if pinned not in self.at_once:
            wanted = self.target & _own_actions()
            named = (group_of(self.grants, arn, wanted) for arn in self.named)
            self.at_once[pinned] = self._reach(
                [*self.grants.resources.groups(wanted), *named], wanted, pinned
            )
        return self.at_once[pinned]

    def _share(self, one: str, other: str, shape: ArnShape) -> bool | None:
        wanted = _bit(one) | _bit(other)
        answers = (
            self._reached([group_of(self.grants, arn, wanted)], wanted)
            for arn in self._candidates(one, other, shape)
            if self._afford(1)
        )
        found = _any(answers)
        return found if found or self.budget.left > 0 else None

    def _candidates(self, one: str, other: str, shape: ArnShape) -> Iterator[str]:
        """Yield resources that both may be about: unnamed ones, named ones, and what two patterns share."""
        yield from self._examples(shape)
        yield from filter(shape.glob.matches, self.named)
        for first, second in product(self._patterns(_bit(one)), self._patterns(_bit(other))):
            if not self._afford(1):
                return
            shared = self._shared(shape.glob.pattern, *sorted({first, second}))
            if shared is not None:
                yield shared

    def _patterns(self, wanted: int) -> list[str]:
        """Return the patterns of Allows of some actions, as many as are looked at."""
        found = dict.fromkeys(
            pattern
            for layered in self.grants.resources.telling_apart(wanted)
            if _names_resources(layered)
            for pattern in filter(can_be_matched, layered.statement.resources)
        )
        return list(found)[:MOST_PATTERNS]


@cache
def _own_steps(actions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps whose resources the caller makes or picks."""
    return tuple(each for each in actions if each.partition(":")[0] not in IDENTITY_SERVICES)


@cache
def _own_actions() -> int:
    """Return all such steps of all paths, as a mask over the catalogue."""
    return union(_bit(each) for path in escalation_paths() for each in _own_steps(path.actions))


@cache
def _of_one_service(actions: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return each two steps of a path that are calls of one service."""
    pairs = combinations(_own_steps(actions), 2)
    return tuple((one, other) for one, other in pairs if one.partition(":")[0] == other.partition(":")[0])


def _names_resources(layered: LayeredStatement) -> bool:
    listed = layered.scope in (ResourceScope.LISTED, ResourceScope.EVERY_ARN)
    return layered.allows and listed and not layered.statement.resources_excluded


@lru_cache(maxsize=MOST_REMEMBERED)
def _shared_arn(*patterns: str) -> Common:
    """Find an ARN that patterns take, part by part: no Region or account has a colon in it."""
    parts = [pattern.split(":", ARN_PARTS - 1) for pattern in patterns]
    if any(len(each) < ARN_PARTS for each in parts):
        return common(*patterns)
    shared = [common(*of_place) for of_place in zip(*parts, strict=True)]
    known = [part.text for part in shared if part.text is not None]
    looked_at = sum(part.looked_at for part in shared)
    return Common(":".join(known) if len(known) == ARN_PARTS else None, looked_at)


@cache
def _bit(action: str) -> int:
    return catalogue().mask_of([action])


@cache
def _shapes_of(action: str) -> tuple[ArnShape, ...]:
    numbers = arn_shapes().taken_by(_bit(action))
    return tuple(arn_shapes().shapes[number] for number in numbers)


def _service_of(value: str) -> str | None:
    """Return the service of an ARN; None where it has none, or a wildcard's filling in its place."""
    parts = value.split(":")
    service = parts[SERVICE_PART] if len(parts) > SERVICE_PART and parts[0] == "arn" else None
    return service if service in arn_shapes().by_service else None


def _all(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        result = None if answer is None else result
    return result


def _any(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for answer in answers:
        if answer:
            return True
        result = None if answer is None else result
    return result
