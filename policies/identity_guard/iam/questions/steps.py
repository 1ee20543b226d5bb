"""Whether the steps of a path fit together, where the documents tell their resources or roles apart.

Each step may be allowed and the path closed all the same: the launch without an instance profile only, the
job that is made under one name and started under another, the launch that lacks leave for an image. Asked
only of paths that are open step by step, and only where some statement makes a difference.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations, combinations_with_replacement, product
from typing import Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES, ArnShape
from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.iam.evaluate.arn_patterns import can_be_matched
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.linked_keys import REGION
from identity_guard.iam.evaluate.statements import Group, LayeredStatement, ResourceScope
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.text.three_valued import all_of, any_of
from identity_guard.iam.text.wildcard import instance, matches

from .linked_resources import Link, is_of, links
from .path_steps import bit_of, of_one_service, own_actions, own_steps, service_of, shapes_of, shared_arn
from .reach import Reach, Reached, group_of

_Question = Callable[[EscalationPath], bool | None]
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
MOST_QUESTIONS: Final = 3_000
"""How much is asked of the paths of one identity; what is left then is undecided."""
MOST_NAMED: Final = 200
"""With more patterns of resources nothing is asked: each would be compared with each."""
MOST_PATTERNS: Final = 24
"""How many patterns of a step are held against those of another."""
MOST_PLACES: Final = 50_000
"""How many places in patterns are looked at for what they share: the labelled cases take a thousand at most,
and hundreds of question marks, held against the shapes of a hundred services, a million."""
PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action


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
    asked_on: dict[tuple[str, str], bool | None] = field(default_factory=dict, repr=False)
    """By action and ARN, whether the action is allowed on it."""
    linked: dict[tuple[str, str, Link], bool | None] = field(default_factory=dict, repr=False)
    """By two actions, whether they are allowed on resources that hang together."""
    too_many: dict[tuple[int, ...], bool] = field(default_factory=dict, repr=False)
    """By the ids of statements, which the grants keep, whether they name too many resources."""

    def fit(self, path: EscalationPath) -> bool | None:
        """Say whether a path that is open step by step is open as a whole."""
        return self._answer(path, (self._hands_over, *self._about_resources))

    def meet(self, path: EscalationPath) -> bool | None:
        """Say whether the calls of a path can be about one thing in one place, whichever role is passed."""
        return self._answer(path, self._about_resources)

    @property
    def _about_resources(self) -> tuple[_Question, ...]:
        return self._has_all_it_needs, self._on_one_target, self._on_linked, self._in_one_region

    def _answer(self, path: EscalationPath, questions: Iterable[_Question]) -> bool | None:
        if self._makes_no_difference:
            return True
        if self._too_many_patterns(path.mask):
            return None
        found = all_of(question(path) for question in questions)
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
        few = (len(self._patterns(bit_of(step))) < MOST_PATTERNS for step in own_steps(path.actions))
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
            asked.append((PASS_ROLE, (*passed, (ASSOCIATED, self.associated(path)))))
        return all_of(self._anywhere(action, pinned) for action, pinned in asked)

    def belonging(self, path: EscalationPath) -> AssumedValues:
        """Return what a passed role belongs to, where conditions ask for it."""
        return ((ASSOCIATED, self.associated(path)),) if self._tells_apart(ASSOCIATED) else ()

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

    def associated(self, path: EscalationPath) -> tuple[str | None, ...]:
        """Return what a role passed on a path can belong to: nothing said, or a thing of its services."""
        services = {action.partition(":")[0] for action in path.actions}
        services |= {service.partition(".")[0] for service in path.passed_to}
        states = self.grants.space.dimension(ASSOCIATED).context_states
        values = {value for state in states for _, found in state.values for value in found or ()}
        return (None, *sorted(value for value in values if service_of(value) in {None, *services}))

    def _anywhere(self, action: str, pinned: AssumedValues) -> bool | None:
        """Say whether a call is allowed on some resource in the states with some values."""
        asked = (action, pinned)
        if asked not in self.answers:
            self.answers[asked] = self._ask_anywhere(action, pinned)
        return self.answers[asked]

    def _ask_anywhere(self, action: str, pinned: AssumedValues) -> bool | None:
        wanted = bit_of(action)
        unnamed = self.grants.resources.groups(wanted)
        groups = [*unnamed, *(group_of(self.grants, arn, wanted) for arn in self.named)]
        if not self._afford(1):
            return None
        return self._reached(groups, wanted, pinned)

    def _has_all_it_needs(self, path: EscalationPath) -> bool | None:
        """Say whether each step has leave for every kind of resource that it cannot do without."""
        return all_of(
            self._on_some(shape, action)
            for action in own_steps(path.actions)
            if self.grants.resources.telling_apart(bit_of(action))
            for shape in shapes_of(action)
            if shape.requirers & bit_of(action)
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
        patterns = self._patterns(bit_of(action))
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
        text, looked_at = shared_arn(*patterns)
        # What was worked out for another identity has its price here, too: else answers would hang on it.
        if not self.places.take(looked_at):
            self.budget.left = 0
        return text

    def _on_one_of(self, arns: Iterable[str], action: str) -> bool | None:
        wanted = bit_of(action)
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
        steps = self._told_apart(path)
        return all_of(
            self._share(one, other, shape)
            for one, other in combinations(steps, 2)
            for shape in shapes_of(one)
            if shape in shapes_of(other) and shape.requirers & bit_of(one) and shape.requirers & bit_of(other)
        )

    def _told_apart(self, path: EscalationPath) -> list[str]:
        """Return the steps whose resources some statement tells apart."""
        telling_apart = self.grants.resources.telling_apart
        return [each for each in own_steps(path.actions) if telling_apart(bit_of(each))]

    def _on_linked(self, path: EscalationPath) -> bool | None:
        """Say whether the resources of the steps can be ones whose names hang together."""
        steps = self._told_apart(path)
        return all_of(
            self._are_linked(one, other, link)
            for one, other in combinations_with_replacement(steps, 2)
            for link in links(one, other)
        )

    def _are_linked(self, one: str, other: str, link: Link) -> bool | None:
        asked = (one, other, link)
        if asked not in self.linked:
            found = any_of((self._follows(one, other, link), self._follows(other, one, link.turned())))
            self.linked[asked] = found or (False if self._are_apart(one, other, link) else None)
        return self.linked[asked]

    def _follows(self, one: str, other: str, link: Link) -> bool | None:
        """Say whether the other call is allowed on something that belongs to a resource of the one."""
        return any_of(
            self._on(each, other)
            for arn in self._arns_of(link.one.glob.pattern, link.one, one)
            if self._on(arn, one) and (pattern := link.pattern_for(arn)) is not None
            for each in self._arns_of(pattern, link.other, other)
        )

    def _on(self, arn: str, action: str) -> bool | None:
        asked = (action, arn)
        if asked not in self.asked_on:
            self.asked_on[asked] = self._on_one_of((arn,), action)
        return self.asked_on[asked]

    def _arns_of(self, wanted: str, shape: ArnShape, action: str) -> Iterator[str]:
        """Yield ARNs of a shape that a pattern takes: unnamed ones, and shared with those of policies."""
        patterns = self._patterns(bit_of(action))
        if self._afford(len(patterns) + 1):
            unnamed = (shape.example(self.grants.resources.own, EXAMPLE_NAMES[0]), instance(wanted, "1"))
            shared = (self._shared(*sorted({wanted, each})) for each in patterns)
            found = filter(None, chain(unnamed, shared))
            yield from (arn for arn in found if matches(wanted, arn) and is_of(shape, arn))

    def _are_apart(self, one: str, other: str, link: Link) -> bool:
        """Say whether nothing can belong to both, as far as the plain text of all that is allowed says."""
        allowing = [
            [each for each in self.grants.resources.telling_apart(bit_of(step)) if each.allows]
            for step in (one, other)
        ]
        if not all(_names_resources(each) for statements in allowing for each in statements):
            return False
        return link.apart(
            *([pattern for each in found for pattern in each.statement.resources] for found in allowing)
        )

    def _in_one_region(self, path: EscalationPath) -> bool | None:
        """Say whether the steps of one service can be called in one Region, where conditions name any."""
        if not self._tells_apart(REGION_DIMENSION):
            return True
        return all_of(
            any_of(
                all_of((self._in_region(one, region), self._in_region(other, region)))
                for region in self._regions
            )
            for one, other in of_one_service(path.actions)
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
            settled = bit_of(action) & (together.certain | ~together.possible)
            if not settled:
                self.answers[asked] = self._ask_anywhere(*asked)
            else:
                self.answers[asked] = bool(settled & together.certain) if self._afford(1) else None
        return self.answers[asked]

    def _together(self, pinned: AssumedValues) -> Reached:
        """Ask of all steps at once, which settles most of them: what it leaves open is asked step by step."""
        if pinned not in self.at_once:
            wanted = self.target & own_actions()
            named = (group_of(self.grants, arn, wanted) for arn in self.named)
            self.at_once[pinned] = self._reach(
                [*self.grants.resources.groups(wanted), *named], wanted, pinned
            )
        return self.at_once[pinned]

    def _share(self, one: str, other: str, shape: ArnShape) -> bool | None:
        wanted = bit_of(one) | bit_of(other)
        answers = (
            self._reached([group_of(self.grants, arn, wanted)], wanted)
            for arn in self._candidates(one, other, shape)
            if self._afford(1)
        )
        found = any_of(answers)
        return found if found or self.budget.left > 0 else None

    def _candidates(self, one: str, other: str, shape: ArnShape) -> Iterator[str]:
        """Yield resources that both may be about: unnamed ones, named ones, and what two patterns share."""
        yield from self._examples(shape)
        yield from filter(shape.glob.matches, self.named)
        for first, second in product(self._patterns(bit_of(one)), self._patterns(bit_of(other))):
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


def _names_resources(layered: LayeredStatement) -> bool:
    listed = layered.scope in (ResourceScope.LISTED, ResourceScope.EVERY_ARN)
    return layered.allows and listed and not layered.statement.resources_excluded
