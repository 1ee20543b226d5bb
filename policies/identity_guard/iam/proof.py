"""Find a call that proves an answer: look for a state in which it is allowed, write it out, replay it."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Final

from .action_pattern import ScanBudget
from .arn_shapes import EXAMPLE_NAMES, arn_shapes
from .attachment import Attachment
from .catalogue import catalogue
from .escalation import pins_of
from .escalation_paths import EscalationPath
from .grants import Grants
from .mfa import call_without_mfa
from .reach import Call, Reach, all_groups
from .rules import Pins
from .scope import EVERY_RESOURCE, Group
from .takers import takers_of
from .witness import Witness, witness

TELLING: Final = (
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateUser",
    "account:CloseAccount",
    "sso:CreateAccountAssignment",
    "sts:AssumeRole",
)
"""Calls that show best what root-level access means, tried in this order for a witness."""

MOST_TRIES: Final = 200
"""How many states are tried for a witness."""
MOST_COMPARED: Final = 15_000
"""How often statements are compared with a call for one witness: some tenths of a second."""


class _Tries:
    """The calls that were tried for one witness, and how many statements may still be compared with more."""

    def __init__(self) -> None:
        self._seen: set[object] = set()
        self._budget = ScanBudget(MOST_COMPARED)

    def take(self, call: object, statements: int) -> bool:
        """Say whether a call is new, and may be compared with so many statements."""
        if call in self._seen or not self._budget.take(statements):
            return False
        self._seen.add(call)
        return True


class Proof:
    """Looks for witnesses of what grants allow."""

    def __init__(self, grants: Grants, layers: Sequence[Sequence[Attachment]]) -> None:
        self.grants = grants
        self.layers = layers
        self._statements = sum(len(each.statements) for layer in layers for each in layer)

    def of_root_level(self, pins: Pins) -> Witness | None:
        """Return one of the most telling calls that are allowed in the states looked at."""
        targets = [*(1 << bit for bit in _telling_bits()), catalogue().known]
        tries = _Tries()
        shown = (self._call(target, pins, tries) for target in targets)
        return next((found for found in shown if found is not None), None)

    def of_path(self, path: EscalationPath) -> Witness | None:
        """Return a call of an open path, of IAM, STS or Identity Center where it has any."""
        bits = [bit for name in path.actions if (bit := catalogue().bit_of(name)) is not None]
        # Of a path that is a whole service, what tells most is shown.
        telling = (bit for bit in _telling_bits() if path.mask >> bit & 1)
        wanted = bits or [*telling, path.mask.bit_length() - 1]
        wanted.sort(key=lambda bit: not catalogue().name_of(bit).startswith(("iam:", "sts:", "sso")))
        asked = ((bit, pins) for bit in wanted for pins in (pins_of(self.grants, path), Pins()))
        tries = _Tries()
        shown = (self._call(1 << bit, pins, tries) for bit, pins in asked)
        return next((found for found in shown if found is not None), None)

    def without_mfa(self) -> Witness | None:
        """Return a call that is allowed without MFA."""
        tries = _Tries()
        for mask, call in islice(call_without_mfa(self.grants), MOST_TRIES):
            found = self._shown(mask, call, tries)
            if found is not None:
                return found
        return None

    def _call(self, target: int, pins: Pins, tries: "_Tries") -> Witness | None:
        """Look for a state in which one of the target actions is allowed, and replay it."""
        calls = Reach(self.grants, pins, target).calls(all_groups(self.grants, target))
        for mask, call in islice(calls, MOST_TRIES):
            found = self._shown(mask, call, tries)
            if found is not None:
                return found
        return None

    def _shown(self, mask: int, call: Call, tries: "_Tries") -> Witness | None:
        for bit in _some_bits(mask):
            for resource in self._resources_for(bit, call.group):
                if not tries.take((bit, resource, *call.state.world.items()), self._statements):
                    continue
                found = witness(self.grants, self.layers, bit, resource, call.state)
                if found is not None:
                    return found
        return None

    def _resources_for(self, bit: int, group: Group) -> Iterable[str]:
        """Return resources for a call of an action on a group's: first such as the action takes.

        What takes no resource has no shape, and is decided against `*`. The group's example comes last
        where it stands for other kinds of resources, which no policy tells apart.
        """
        fits = group.example != EVERY_RESOURCE and takers_of(group.example) >> bit & 1
        if fits:
            yield group.example
        shapes = arn_shapes()
        taken = [shapes.shapes[number] for number in shapes.taken_by(1 << bit)]
        yield from (shape.example(self.grants.resources.own, EXAMPLE_NAMES[0]) for shape in taken[:3])
        if not taken:
            yield EVERY_RESOURCE
        elif not fits and group.example != EVERY_RESOURCE:
            yield group.example


@cache
def _telling_bits() -> tuple[int, ...]:
    return tuple(bit for name in TELLING if (bit := catalogue().bit_of(name)) is not None)


def _some_bits(mask: int) -> Iterable[int]:
    """Return a few of the actions in a mask, those that tell most first."""
    yield from (bit for bit in _telling_bits() if mask >> bit & 1)
    left = mask & catalogue().known
    for _ in TELLING:
        if left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest
