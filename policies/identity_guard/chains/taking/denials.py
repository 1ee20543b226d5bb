"""Denies that somebody takes off: their document is detached, deleted or written anew.

A Deny limits as long as its document is there. Whoever may detach the managed policy, replace the inline
one or leave the group that brings it is limited by it no more.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from identity_guard.chains.names import mask_of, numbers_in
from identity_guard.chains.organisation import Kind, Node
from identity_guard.chains.own_documents import has_deny, text_key
from identity_guard.chains.powers import Powers
from identity_guard.chains.sight import Sight
from identity_guard.chains.steps import Proof
from identity_guard.chains.ways import Effect
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import POLICY_ARN
from identity_guard.iam.evaluate.attachment import Attachment, Origin

from .take import Call, Take

MOST_ASKED: Final = 4_000
"""How many Denies are asked about for one graph; those beyond are left undecided."""
WAY: Final = "take-off-deny"
DOES: Final = "takes a Deny off"
SOURCE: Final = "IAM User Guide, access_policies_manage-attach-detach"

INLINE: Final = {
    Kind.USER: ("iam:DeleteUserPolicy", "iam:PutUserPolicy"),
    Kind.ROLE: ("iam:DeleteRolePolicy", "iam:PutRolePolicy"),
    Kind.GROUP: ("iam:DeleteGroupPolicy", "iam:PutGroupPolicy"),
    Kind.PERMISSION_SET: ("sso:DeleteInlinePolicyFromPermissionSet", "sso:PutInlinePolicyToPermissionSet"),
}
"""What takes an inline policy off: an equally named one replaces it (IAM API Reference, PutUserPolicy; IAM
Identity Center API Reference, PutInlinePolicyToPermissionSet)."""
MANAGED: Final = {
    Kind.USER: ("iam:DetachUserPolicy",),
    Kind.ROLE: ("iam:DetachRolePolicy",),
    Kind.GROUP: ("iam:DetachGroupPolicy",),
    Kind.PERMISSION_SET: ("sso:DetachManagedPolicyFromPermissionSet",),
}
REWRITING: Final = "iam:CreatePolicyVersion"
LEAVING: Final = "iam:RemoveUserFromGroup"


class _Denying(NamedTuple):
    """A document with a Deny, and whose it is: the identity's own or a group's."""

    document: Attachment
    holder: Node


class Denials:
    """Finds out whose Denies somebody may take off."""

    def __init__(self, sight: Sight) -> None:
        """Count what was asked."""
        self.sight = sight
        self._asked = 0

    def takes(self, powers: Powers, near: int) -> Iterator[Take]:
        """Yield those of some identities that are rid of every Deny."""
        found: dict[int, list[Call]] = {}
        left = []
        for number in numbers_in(near & self.sight.denied):
            self._asked += 1
            if self._asked > MOST_ASKED:
                left.append(number)
            elif (calls := self._calls(powers, self.sight.nodes[number])) is not None:
                found[number] = calls
        for numbers, certain in ((found, True), (left, False)):
            if numbers:
                yield _take(powers, mask_of(numbers), found, certain=certain)

    def _calls(self, powers: Powers, node: Node) -> list[Call] | None:
        """Return calls that take every Deny off; None where some stays."""
        if not node.is_changeable and node.kind is Kind.ROLE:
            return None
        calls = [self._call(powers, node, each) for each in self._denying(node)]
        return [each for each in calls if each] if all(calls) else None

    def _denying(self, node: Node) -> Iterator[_Denying]:
        groups = [
            self.sight.nodes[n] for n in numbers_in(self.sight.groups_of.get(self.sight.number[node], 0))
        ]
        for document in node.documents:
            if has_deny(document):
                key = text_key(document)
                of_group = (g for g in groups if any(text_key(each) == key for each in g.documents))
                yield _Denying(document, next(of_group, node))

    def _call(self, powers: Powers, node: Node, denying: _Denying) -> Call | None:
        asked = (call for call in self._ways(powers, node, denying) if _is_allowed(powers, call))
        return next(asked, None)

    def _ways(self, powers: Powers, node: Node, denying: _Denying) -> Iterator[Call]:
        document, holder = denying
        known = powers.known_of(self.sight.about(self.sight.number[holder])).values
        on = holder.permission_set or holder.arn
        if document.source.origin is Origin.INLINE:
            yield from ((action, on, known) for action in INLINE[holder.kind])
        else:
            for arn in self._arns(holder, document):
                yield from ((action, on, (*known, (POLICY_ARN, (arn,)))) for action in MANAGED[holder.kind])
                if document.source.origin is Origin.CUSTOMER_MANAGED:
                    yield REWRITING, arn, ()
        if holder is not node:
            yield LEAVING, holder.arn, ()

    def _arns(self, holder: Node, document: Attachment) -> Sequence[str]:
        """Return the ARN of a managed policy, as far as the policies in sight tell it."""
        if document.source.origin is Origin.AWS_MANAGED:
            return (f"arn:{holder.arn.split(':')[1]}:iam::aws:policy/{document.name}",)
        held = (each.arn for each in self.sight.policies if each.account == holder.account)
        return [arn for arn in held if arn == document.name or arn.rpartition("/")[2] == document.name]


def _is_allowed(powers: Powers, call: Call) -> bool:
    action, arn, values = call
    bit = catalogue().mask_of([action])
    return bool(
        bit & powers.mentioned and not powers.doubtful and powers.ask(arn, bit, values=values).certain
    )


def _take(powers: Powers, nodes: int, calls: dict[int, list[Call]], *, certain: bool) -> Take:
    def prove(number: int) -> Proof | None:
        return powers.prove_all(calls[number]) if number in calls else None

    return Take(Effect.UNDENIES, nodes, certain, WAY, DOES, SOURCE, prove)
