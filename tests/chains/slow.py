"""Who becomes an administrator, found the slow way: every call on every target, decided one by one.

It knows nothing of regions, masks, forms or searches. It goes over all pairs again and again until nothing
new is reached. For organisations of a dozen identities, without conditions and boundaries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from identity_guard.chains import Kind, Node, Organisation
from identity_guard.iam import Attachment, Effect, Request, attach, judge, may
from identity_guard.iam.document.statement import PrincipalKind
from tests.chains.labs import ACCOUNT, NOW

ANYTHING: Final = attach(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
CREDENTIALS: Final = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
WRITING: Final = {
    Kind.USER: ("iam:PutUserPolicy", "iam:AttachUserPolicy"),
    Kind.ROLE: ("iam:PutRolePolicy", "iam:AttachRolePolicy"),
    Kind.GROUP: ("iam:PutGroupPolicy", "iam:AttachGroupPolicy"),
}
NEW: Final = Node(Kind.USER, "new", f"arn:aws:iam::{ACCOUNT}:user/new", ACCOUNT)
"""Whatever user or role somebody makes."""
MAKING: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "user": (("iam:CreateUser",), WRITING[Kind.USER], CREDENTIALS[:2]),
    "role": (("iam:CreateRole",), WRITING[Kind.ROLE]),
}
FREE_NAMES: Final = ("new", "new-1", "r9")
"""Names that nobody has, for each pattern of the made-up policies one that fits."""
ROOT: Final = f"arn:aws:iam::{ACCOUNT}:root"


class Place(NamedTuple):
    """An identity, as it is or rewritten."""

    node: Node
    written: bool


@dataclass
class Slowly:
    """Goes over everything."""

    organisation: Organisation
    reached: dict[Place, set[Place]] = field(default_factory=dict)
    _decided: dict[tuple[Place, str, str], bool] = field(default_factory=dict)
    _strong: dict[Place, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Go on until nothing new is reached."""
        places = [Place(node, written) for node in self.organisation.nodes for written in (False, True)]
        self.reached = {place: {place} for place in (*places, Place(NEW, written=True))}
        changed = True
        while changed:
            changed = False
            for place in places:
                new = {far for near in self.reached[place] for far in self._next(near)}
                new |= {far for near in new for far in self.reached[near]}
                changed = changed or not new <= self.reached[place]
                self.reached[place] |= new

    def becomes_administrator(self) -> set[str]:
        """Return the names of those who end up strong and are not yet."""
        return {
            node.name
            for node in self.organisation.nodes
            if not self._is_strong(Place(node, written=False))
            and any(map(self._is_strong, self.reached[Place(node, written=False)]))
        }

    def _documents(self, place: Place) -> tuple[Attachment, ...]:
        return (*place.node.documents, ANYTHING) if place.written else place.node.documents

    def _is_strong(self, place: Place) -> bool:
        if place not in self._strong:
            verdict = judge(self._documents(place), now=NOW)
            self._strong[place] = bool(verdict.root_level or verdict.administrator)
        return self._strong[place]

    def _may(self, place: Place, action: str, arn: str) -> bool:
        asked = (place, action, arn)
        if asked not in self._decided:
            self._decided[asked] = bool(may(self._documents(place), Request(action, arn)).allowed)
        return self._decided[asked]

    def _next(self, place: Place) -> Iterator[Place]:
        if self._makes(place):
            yield Place(NEW, written=True)
        for other in self.organisation.nodes:
            if other is not place.node and self._becomes(place, other):
                yield Place(other, written=False)
            is_own = other is place.node and other.kind is not Kind.GROUP
            reached = is_own or Place(other, written=False) in self.reached[place] - {place}
            if reached and self._writes(place, other):
                yield Place(other, written=True)

    def _makes(self, place: Place) -> bool:
        return any(
            all(any(self._may(place, action, arn) for action in each) for each in calls)
            for kind, calls in MAKING.items()
            for arn in (f"arn:aws:iam::{ACCOUNT}:{kind}/{name}" for name in FREE_NAMES)
        )

    def _becomes(self, place: Place, other: Node) -> bool:
        if other.kind is Kind.USER:
            return any(self._may(place, action, other.arn) for action in CREDENTIALS)
        if other.kind is Kind.ROLE:
            changed = self._may(place, "iam:UpdateAssumeRolePolicy", other.arn)
            return changed or self._assumes(place, other)
        return self._joins(place, other)

    def _assumes(self, place: Place, role: Node) -> bool:
        if place.node.kind is Kind.GROUP or role.trust is None:
            return False
        (statement,) = role.trust.statements
        assert statement.principals is not None
        named = statement.principals.of_kind(PrincipalKind.AWS)
        if place.node.arn in named:
            return not self._denies(place, "sts:AssumeRole", role.arn)
        return ROOT in named and self._may(place, "sts:AssumeRole", role.arn)

    def _denies(self, place: Place, action: str, arn: str) -> bool:
        return may((*self._documents(place), ANYTHING), Request(action, arn)).allowed is False

    def _joins(self, place: Place, group: Node) -> bool:
        if not self._may(place, "iam:AddUserToGroup", group.arn):
            return False
        members = self.organisation.members.get(group, ())
        if place.node.kind is Kind.USER:
            denying = any(s.effect is Effect.DENY for a in place.node.documents for s in a.statements)
            return place.node not in members and not denying
        users = [node for node in self.organisation.nodes if node.kind is Kind.USER]
        return any(self._may(place, action, user.arn) for user in users for action in CREDENTIALS)

    def _writes(self, place: Place, other: Node) -> bool:
        if any(self._may(place, action, other.arn) for action in WRITING[other.kind]):
            return True
        groups = [group for group, users in self.organisation.members.items() if other in users]
        if any(self._may(place, action, g.arn) for g in groups for action in WRITING[Kind.GROUP]):
            return True
        held = [policy for policy in self.organisation.policies if other in policy.holders]
        return any(self._may(place, "iam:CreatePolicyVersion", policy.arn) for policy in held)
