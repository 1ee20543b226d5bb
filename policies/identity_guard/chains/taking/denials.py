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
from identity_guard.chains.tried_values import Call, Values
from identity_guard.chains.ways import Effect
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import POLICY_ARN
from identity_guard.iam.evaluate.attachment import Attachment, Origin
from identity_guard.iam.questions.reach import Reached

from .take import Take

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
REFERENCED: Final = {
    **MANAGED,
    Kind.PERMISSION_SET: ("sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",),
}
"""What takes a customer-managed policy off: a permission set names it by reference."""
REWRITING: Final = "iam:CreatePolicyVersion"
LEAVING: Final = "iam:RemoveUserFromGroup"


class _Denying(NamedTuple):
    """A document with a Deny, and whose it is: the identity's own or a group's."""

    document: Attachment
    holder: Node


class _Allowed(NamedTuple):
    """A call that somebody may make, and whether that is certain."""

    call: Call
    certain: bool


class Denials:
    """Finds out whose Denies somebody may take off."""

    def __init__(self, sight: Sight) -> None:
        """Count what was asked."""
        self.sight = sight
        self._asked = 0

    def takes(self, powers: Powers, near: int) -> Iterator[Take]:
        """Yield those of some identities that are rid of every Deny."""
        found: dict[int, list[Call]] = {}
        open_ = []
        for number in numbers_in(near & self.sight.denied):
            self._asked += 1
            if self._asked > MOST_ASKED:
                open_.append(number)
            elif (calls := self._calls(powers, self.sight.nodes[number])) is not None:
                if all(each.certain for each in calls):
                    found[number] = [each.call for each in calls]
                else:
                    open_.append(number)
        for numbers, certain in ((found, True), (open_, False)):
            if numbers:
                yield _take(powers, mask_of(numbers), found, certain=certain)

    def _calls(self, powers: Powers, node: Node) -> list[_Allowed] | None:
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

    def _call(self, powers: Powers, node: Node, denying: _Denying) -> _Allowed | None:
        """Return a call that is allowed, for certain if there is one."""
        known = powers.known_of(self.sight.about(self.sight.number[denying.holder]))
        calls = self._ways(node, denying, known.values)
        asked = (_allowed(powers, call, unsure=known.unsure) for call in calls)
        return max(filter(None, asked), key=lambda each: each.certain, default=None)

    def _ways(self, node: Node, denying: _Denying, known: Values) -> Iterator[Call]:
        document, holder = denying
        on = holder.permission_set or holder.arn
        if document.source.origin is Origin.INLINE:
            yield from ((action, on, known) for action in INLINE[holder.kind])
        else:
            of_customer = document.source.origin is Origin.CUSTOMER_MANAGED
            actions = (REFERENCED if of_customer else MANAGED)[holder.kind]
            for arn in self._arns(holder, document):
                yield from ((action, on, (*known, (POLICY_ARN, (arn,)))) for action in actions)
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


def _allowed(powers: Powers, call: Call, *, unsure: bool) -> _Allowed | None:
    action, arn, values = call
    bit = catalogue().mask_of([action])
    found = powers.ask(arn, bit, values=values) if bit & powers.mentioned else Reached()
    certain = bool(found.certain) and not powers.doubtful and not unsure
    return _Allowed(call, certain) if found.possible else None


def _take(powers: Powers, nodes: int, calls: dict[int, list[Call]], *, certain: bool) -> Take:
    def prove(number: int) -> Proof | None:
        return powers.prove_all(calls[number]) if number in calls else None

    return Take(Effect.UNDENIES, nodes, certain, WAY, DOES, SOURCE, prove)
