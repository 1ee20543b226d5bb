"""Identities that somebody makes anew, with whatever policy: a user and its key, or a role and its trust.

A new role's trust names whoever makes it, who needs no other leave then (IAM User Guide,
reference_policies_evaluation-logic).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from identity_guard.chains.names import Names
from identity_guard.chains.powers import BOUNDARY, Powers
from identity_guard.chains.tried_values import Values
from identity_guard.chains.ways import On
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES


class Making(NamedTuple):
    """Calls on one identity that is not there yet: of each group of actions one is enough."""

    way: str
    on: On
    calls: tuple[tuple[str, ...], ...]
    source: str

    @property
    def mask(self) -> int:
        """Its actions in the catalogue."""
        return catalogue().mask_of([action for group in self.calls for action in group])


MAKINGS: Final = (
    Making(
        "new-user",
        On.USER,
        (
            ("iam:CreateUser",),
            ("iam:PutUserPolicy", "iam:AttachUserPolicy"),
            ("iam:CreateAccessKey", "iam:CreateLoginProfile"),
        ),
        "IAM API Reference, CreateUser",
    ),
    Making(
        "new-role",
        On.ROLE,
        (("iam:CreateRole",), ("iam:PutRolePolicy", "iam:AttachRolePolicy")),
        "IAM API Reference, CreateRole",
    ),
)
UNBOUND: Final[Values] = ((BOUNDARY, (None,)),)
"""It is made without a boundary: what may be made with one only is limited by it."""


class Made(NamedTuple):
    """One way to make an identity, and whether all its calls are allowed for certain."""

    making: Making
    arn: str
    actions: tuple[str, ...]
    certain: bool


def made(powers: Powers, making: Making, there: Names) -> Made | None:
    """Return how an identity is made; None where it cannot be. `there` are those that there are already."""
    mask = making.mask
    if not catalogue().mask_of(making.calls[0]) & powers.at_best:
        return None
    found = [
        each
        for arn in _names(powers, making, mask)
        if not there.matching(arn)
        for each in _on(powers, making, arn, mask)
    ]
    return max(found, key=lambda each: each.certain, default=None)


def _names(powers: Powers, making: Making, mask: int) -> Iterator[str]:
    own = powers.grants.resources.own
    head = f"arn:{own.partition}:iam::{own.account}:{making.on.value}/"
    yield head + EXAMPLE_NAMES[0]
    yield from (arn for arn in powers.grants.resources.named(mask).arns if arn.startswith(head))


def _on(powers: Powers, making: Making, arn: str, mask: int) -> Iterator[Made]:
    reached = powers.ask(arn, mask, values=UNBOUND)
    for certain, allowed in ((True, reached.certain), (False, reached.possible)):
        chosen = [
            next((action for action in group if catalogue().mask_of([action]) & allowed), None)
            for group in making.calls
        ]
        actions = tuple(each for each in chosen if each)
        if len(actions) == len(chosen):
            yield Made(making, arn, actions, certain and not powers.doubtful)
            return
