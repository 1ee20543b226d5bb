"""What is the same for everybody who is asked about one action: the policies that no identity holds.

Of every document only the statements about the action are kept, and that once: no other has a say.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from identity_center.model.organisation.organisation import PolicyKind
from identity_center_cli.verbs.explain.callers import Mentions
from identity_center_cli.verbs.explain.surroundings import Surroundings
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven
from identity_guard.stack.observe import text_of
from identity_guard.stack.resource_types import ROLE
from identity_guard.stack.trusts import trust_of
from identity_guard.stack.view import View

ASSUMING: Final = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"})


@dataclass
class Asked:
    """One action of a stack, in some surroundings."""

    view: View
    action: str
    surroundings: Surroundings = field(default_factory=Surroundings)
    _levels: dict[tuple[str | None, PolicyKind], tuple[Level, ...]] = field(default_factory=dict)

    @cached_property
    def session(self) -> tuple[Attachment, ...]:
        """What the session policies say of the action."""
        return tuple(each.about(self.action) for each in self.surroundings.session)

    def levels_above(self, account: str | None, kind: PolicyKind) -> tuple[Level, ...]:
        """Return what the organisation's policies say of the action, from the root down to an account."""
        key = (account, kind)
        if key not in self._levels:
            above = self.surroundings.levels(account, kind)
            self._levels[key] = tuple(level.about(self.action) for level in above)
        return self._levels[key]

    @cached_property
    def mentions(self) -> Mentions:
        """Who is mentioned by policies of the organisation, of whichever account, or by the session's."""
        accounts = (self.surroundings.organisation.accounts if self.surroundings.organisation else None) or {}
        levels = [
            level for account in accounts for kind in PolicyKind for level in self.levels_above(account, kind)
        ]
        return Mentions().with_those_of(
            (*self.session, *(each for level in levels for each in level.policies))
        )

    def policy_of(self, resource: str) -> Attachment | NotGiven:
        """Return what the resource's own policy says of the action; a role's trust may be in the stack."""
        found = self.surroundings.resource
        if found is NotGiven.UNKNOWN and self.action.lower() in ASSUMING:
            return self._trusts.get(resource, NotGiven.UNKNOWN)
        return found if isinstance(found, NotGiven) else found.about(self.action)

    @cached_property
    def _trusts(self) -> dict[str, Attachment]:
        """The trust policies that the stack shows, by the ARN of the role."""
        found = {}
        for role in self.view.stack.of_type(ROLE):
            arn = text_of(role.identifier("arn"))
            trust = trust_of(role, self.view) if arn else None
            if arn and trust and trust.verdict:
                found[arn] = trust.verdict.attachment.about(self.action)
        return found
