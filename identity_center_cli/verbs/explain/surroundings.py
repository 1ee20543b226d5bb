"""What a question says besides who and what: the context of the call, and policies that no identity holds.

They come from options, files and the organisation. What was not given is not assumed: `unasked` names it,
with the option that would give it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from identity_center.model.organisation.organisation import Organisation, PolicyKind
from identity_guard.chains.organisation import Above, Layers
from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach
from identity_guard.iam.evaluate.decision import ContextValue
from identity_guard.iam.requests.direct_call import InOrganisation
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven

SNAPSHOT: Final = "`identity-center organisation snapshot --with-policies`"
KINDS: Final = {PolicyKind.SCP: DocumentKind.IDENTITY, PolicyKind.RCP: DocumentKind.RESOURCE}
WORDS: Final = {PolicyKind.SCP: "service control policies", PolicyKind.RCP: "resource control policies"}
ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
_ARN_PARTS: Final = 6
_ACCOUNT: Final = 4


@dataclass(frozen=True)
class Surroundings:
    """Everything that has a say besides the identity's own policies."""

    context: Mapping[str, ContextValue] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    """Keys in lower case that the call has not."""
    organisation: Organisation | None = None
    session: tuple[Attachment, ...] = ()
    resource: Attachment | NotGiven = NotGiven.UNKNOWN
    resource_account: str | None = None
    """Whose the resource is; None where its ARN says it, or nothing does."""
    _levels: dict[tuple[str, PolicyKind], tuple[Level, ...]] = field(default_factory=dict)
    _places: dict[str | None, InOrganisation | None] = field(default_factory=dict)

    @cached_property
    def given(self) -> frozenset[str]:
        """The keys in lower case of which the question says something: a value, or that the call has none."""
        return frozenset(map(str.lower, self.context)) | self.absent

    def account_of(self, resource: str) -> str | None:
        """Return the account of a resource, as far as somebody says it."""
        parts = resource.split(":", _ARN_PARTS - 1)
        in_arn = parts[_ACCOUNT] if len(parts) == _ARN_PARTS and parts[_ACCOUNT].isdigit() else None
        return self.resource_account or in_arn

    def levels(self, account: str | None, kind: PolicyKind) -> tuple[Level, ...]:
        """Return the policies from the root down to an account, as far as some are known."""
        if account is None or self.lacks(account, kind) is not None:
            return ()
        key = (account, kind)
        if key not in self._levels:
            self._levels[key] = tuple(self._read_levels(account, kind))
        return self._levels[key]

    def _read_levels(self, account: str, kind: PolicyKind) -> Iterator[Level]:
        known = self.organisation
        limits = known.limits if known else None
        path = known.path_to(account) if known else None
        if known is None or limits is None or path is None or kind not in limits.enabled:
            return
        if account == known.management_account_id:
            return
        for place in (*path, account):
            attached = (
                attach(each.text, each.name, Origin.CUSTOMER_MANAGED, KINDS[kind])
                for each in limits.attached_to(place, kind)
            )
            yield Level(self._place(place), tuple(attached))

    @cached_property
    def above(self) -> Above:
        """The same for chains, which know identities and no organisation."""

        def limits(account: str) -> Layers:
            return tuple(level.policies for level in self.levels(account, PolicyKind.SCP))

        return Above(self.organisation.management_account_id if self.organisation else None, limits)

    def _place(self, place: str) -> str:
        known = self.organisation
        if known is not None and place in known.units:
            path = known.unit_paths[place]
            return "the root" if path == "/" else f"unit {path}"
        return f"account {self.called(place)}"

    def lacks(self, account: str | None, kind: PolicyKind) -> str | None:
        """Say why it is not known which policies of a kind are above an account; None where it is."""
        known = self.organisation
        if known is None:
            return (
                f"the {WORDS[kind]} of the organisation: --organisation FILE, which {SNAPSHOT} writes, "
                "or --live"
            )
        if known.limits is None:
            return f"the {WORDS[kind]}, which the snapshot does not have: write it again with {SNAPSHOT}"
        if account is not None and known.path_to(account) is None:
            return f"the {WORDS[kind]} above account {account}, which the organisation does not have"
        return None

    def place_of(self, account: str | None) -> InOrganisation | None:
        """Return where in the organisation an account is."""
        if account not in self._places:
            self._places[account] = self._read_place(account)
        return self._places[account]

    def _read_place(self, account: str | None) -> InOrganisation | None:
        known = self.organisation
        path = known.path_to(account) if known and account else None
        if known is None or known.organisation_id is None or path is None:
            return None
        return InOrganisation(known.organisation_id, path)

    def called(self, account: str) -> str:
        """Return an account's id, with its name where that is known."""
        found = ((self.organisation.accounts if self.organisation else None) or {}).get(account)
        return f"{account} ({found.name})" if found else account

    @cached_property
    def unasked(self) -> tuple[str, ...]:
        """What has a say and was not given, each with the option that gives it."""
        found = [lacks for kind in PolicyKind if (lacks := self.lacks(None, kind))]
        if self.resource is NotGiven.UNKNOWN:
            found.append("a policy of the resource itself: --resource-policy FILE")
        if not self.session:
            found.append("a session policy: --session-policy FILE")
        return tuple(found)
