"""Find a call that proves an answer: look for a state in which it is allowed, write it out, replay it."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Final

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


class Proof:
    """Looks for witnesses of what grants allow."""

    def __init__(self, grants: Grants, layers: Sequence[Sequence[Attachment]]) -> None:
        self.grants = grants
        self.layers = layers

    def of_root_level(self, pins: Pins) -> Witness | None:
        """Return one of the most telling calls that are allowed in the states looked at."""
        targets = [*(1 << bit for bit in _telling_bits()), catalogue().known]
        shown = (self._call(target, pins) for target in targets)
        return next((found for found in shown if found is not None), None)

    def of_path(self, path: EscalationPath) -> Witness | None:
        """Return a call of an open path, of IAM, STS or Identity Center where it has any."""
        bits = [bit for name in path.actions if (bit := catalogue().bit_of(name)) is not None]
        wanted = bits or [path.mask.bit_length() - 1]
        wanted.sort(key=lambda bit: not catalogue().name_of(bit).startswith(("iam:", "sts:", "sso")))
        tries = ((bit, pins) for bit in wanted for pins in (pins_of(self.grants, path), Pins()))
        shown = (self._call(1 << bit, pins) for bit, pins in tries)
        return next((found for found in shown if found is not None), None)

    def without_mfa(self) -> Witness | None:
        """Return a call that is allowed without MFA."""
        for mask, call in islice(call_without_mfa(self.grants), MOST_TRIES):
            found = self._shown(mask, call)
            if found is not None:
                return found
        return None

    def _call(self, target: int, pins: Pins) -> Witness | None:
        """Look for a state in which one of the target actions is allowed, and replay it."""
        calls = Reach(self.grants, pins, target).calls(all_groups(self.grants, target))
        for mask, call in islice(calls, MOST_TRIES):
            found = self._shown(mask, call)
            if found is not None:
                return found
        return None

    def _shown(self, mask: int, call: Call) -> Witness | None:
        for bit in _some_bits(mask):
            for resource in self._resources_for(bit, call.group):
                found = witness(self.grants, self.layers, bit, resource, call.state)
                if found is not None:
                    return found
        return None

    def _resources_for(self, bit: int, group: Group) -> Iterable[str]:
        """Return resources that the action takes: the group's example, and some of the action's own shapes.

        What takes no resource has no shape, and is decided against `*`.
        """
        if group.example != EVERY_RESOURCE:
            yield group.example
        shapes = arn_shapes()
        taken = [shapes.shapes[number] for number in shapes.taken_by(1 << bit)]
        yield from (shape.example(self.grants.resources.own, EXAMPLE_NAMES[0]) for shape in taken[:3])
        if not taken:
            yield EVERY_RESOURCE


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
