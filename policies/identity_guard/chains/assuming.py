"""Roles that somebody assumes because they trust it: the trust and the own documents decided together."""

from collections.abc import Hashable, Iterator
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.document.statement import Effect as Says
from identity_guard.iam.evaluate.attachment import Attachment

from .names import numbers_in
from .organisation import Layers, Node
from .own_documents import only_denies, reading
from .powers import Place, Powers
from .principals import Trusted, trusted
from .sight import Sight
from .steps import Proof
from .takes import Take, Takes
from .ways import ASSUME, ASSUME_SOURCE, Effect

DOES: Final = "assumes"
WAY: Final = "assume-role"


class Assuming:
    """Finds who assumes what."""

    def __init__(self, sight: Sight, place: Place, now: float) -> None:
        """Keep what was decided: many read the same documents, and many roles have the same trust."""
        self.sight = sight
        self.place = place
        self.now = now
        self._decided: dict[Hashable, tuple[bool, bool]] = {}
        self._accounts: dict[str, int] = {}

    def takes(self, node: Node, layers: Layers, own: Takes) -> Iterator[Take]:
        """Go through the roles that trust a node, or its account."""
        named = self.sight.candidates_by_name(node)
        by_account = self.sight.trusting_accounts.get(node.account, 0)
        allowed = 0
        for region in own.assumable:
            allowed |= region.targets
        found: dict[bool, int] = {True: 0, False: 0}
        own_account = self._in_account(node.account)
        # Who is named by a role of the own account needs no leave; whoever else does.
        for number in numbers_in(named & (own_account | allowed) | by_account & allowed):
            role = self.sight.nodes[number]
            certain, possible = self._may(node, layers, role)
            if possible and role is not node:
                found[certain] |= 1 << number
        for certain, roles in found.items():
            if roles:
                yield Take(
                    Effect.BECOMES,
                    roles,
                    certain,
                    WAY,
                    DOES,
                    ASSUME_SOURCE,
                    lambda number: self._prove(node, layers, self.sight.nodes[number]),
                )

    def _in_account(self, account: str) -> int:
        found = self._accounts.get(account)
        if found is None:
            roles = self.sight.every_role
            found = roles.matching(f"arn:*:iam::{account}:role/*") if account else 0
            self._accounts[account] = found
        return found

    def _may(self, node: Node, layers: Layers, role: Node) -> tuple[bool, bool]:
        """Say whether a role is certainly, and whether it is possibly, assumed."""
        asked = False
        for combined in self._combinations(node, layers, role):
            key = (reading(node, combined), role.arn)
            if key not in self._decided:
                self._decided[key] = self._decide(node, combined, role)
            certain, possible = self._decided[key]
            if certain:
                return True, True
            asked = asked or possible
        return False, asked

    def _decide(self, node: Node, combined: Layers, role: Node) -> tuple[bool, bool]:
        bit = catalogue().mask_of([ASSUME])
        powers = Powers(node, combined, self.place, self.now)
        found = powers.ask(role.arn, bit)
        return bool(found.certain) and not powers.doubtful, bool(found.possible)

    def _prove(self, node: Node, layers: Layers, role: Node) -> Proof | None:
        for combined in self._combinations(node, layers, role):
            if shown := Powers(node, combined, self.place, self.now).prove(ASSUME, role.arn):
                return (shown,)
        return None

    def _combinations(self, node: Node, layers: Layers, role: Node) -> Iterator[Layers]:
        """Yield the documents that have to allow it together, as layers of which each has to allow."""
        if role.trust is None:
            return
        said: Trusted = trusted(role.trust, node)
        own, *limits = layers
        if said.by_name and node.account == role.account:
            yield ((said.by_name, *only_denies(own)), *limits)
        if said.by_account and _mentions(own):
            yield (own, *limits, (said.by_account,))


def _mentions(own: tuple[Attachment, ...]) -> bool:
    """Say whether some document could allow it: most do not speak of it at all."""
    bit = catalogue().mask_of([ASSUME])
    return any(
        each.effect is Says.ALLOW and each.actions.possible & bit
        for attachment in own
        for each in attachment.statements
    )
