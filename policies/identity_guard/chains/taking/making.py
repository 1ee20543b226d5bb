"""Identities that somebody makes anew, with whatever policy: a user and its key, or a role and its trust.

A new role's trust names whoever makes it, who needs no other leave then (IAM User Guide,
reference_policies_evaluation-logic).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from identity_guard.chains.names import Names
from identity_guard.chains.powers import BOUNDARY, Powers
from identity_guard.chains.tried_values import Call, Values
from identity_guard.chains.ways import On
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import EXAMPLE_NAMES
from identity_guard.iam.catalogue.context_keys import OF_AWS
from identity_guard.iam.questions.one_target import PROTECTED


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
NEW_GROUP: Final = Making(
    "new-group",
    On.GROUP,
    (("iam:CreateGroup",), ("iam:PutGroupPolicy", "iam:AttachGroupPolicy"), ("iam:AddUserToGroup",)),
    "IAM API Reference, CreateGroup and AddUserToGroup",
)
"""A group is nobody that one could be: its policy is that of the users who are added."""
NEW_MEMBER: Final = Making(
    "new-member",
    On.USER,
    (("iam:CreateUser",), ("iam:CreateAccessKey", "iam:CreateLoginProfile")),
    "IAM API Reference, CreateUser and AddUserToGroup",
)
"""A user without a policy of its own, who does what a group may."""
UNBINDING: Final = {
    On.USER: "iam:DeleteUserPermissionsBoundary",
    On.ROLE: "iam:DeleteRolePermissionsBoundary",
}
REWRITING: Final = "iam:CreatePolicyVersion"
UNBOUND: Final[Values] = ((BOUNDARY, (None,)),)
"""It is made without a boundary: what may be made with one only is limited by it."""


class Made(NamedTuple):
    """One way to make an identity, and whether all its calls are allowed for certain."""

    making: Making
    calls: tuple[Call, ...]
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
        for each in _on(powers, making, arn)
    ]
    return max(found, key=lambda each: each.certain, default=None)


def _names(powers: Powers, making: Making, mask: int) -> Iterator[str]:
    own = powers.grants.resources.own
    head = f"arn:{own.partition}:iam::{own.account}:{making.on.value}/"
    yield head + EXAMPLE_NAMES[0]
    named = (arn for arn in powers.grants.resources.named(mask).arns if arn.startswith(head))
    # IAM makes no role on the paths that are AWS's own.
    yield from (arn for arn in named if not any(path in arn for path in PROTECTED))


def _on(powers: Powers, making: Making, arn: str) -> Iterator[Made]:
    found = list(_with(powers, making, arn, UNBOUND, ()))
    if found or making.on not in UNBINDING or not powers.asks_for(BOUNDARY):
        yield from found
        return
    for boundary in powers.boundaries_named:
        bound: Values = ((BOUNDARY, (boundary,)),)
        yield from _with(powers, making, arn, bound, ((UNBINDING[making.on], arn, bound),))
        if not powers.limits(boundary):
            yield from _with(powers, making, arn, bound, ())
        elif OF_AWS not in boundary:
            yield from _with(powers, making, arn, bound, ((REWRITING, boundary, ()),))


def _with(
    powers: Powers, making: Making, arn: str, known: Values, further: tuple[Call, ...]
) -> Iterator[Made]:
    """Yield the calls that make an identity with some boundary or none, and what rids it of that."""
    reached = powers.ask(arn, making.mask, values=known)
    beside = [powers.ask(place, catalogue().mask_of([action]), values=of) for action, place, of in further]
    for certain in (True, False):
        allowed = reached.certain if certain else reached.possible
        chosen = [
            next((action for action in group if catalogue().mask_of([action]) & allowed), None)
            for group in making.calls
        ]
        calls = tuple((each, arn, known) for each in chosen if each)
        if len(calls) == len(chosen) and all(each.certain if certain else each.possible for each in beside):
            yield Made(making, (*calls, *further), certain and not powers.doubtful)
            return
