"""Roles that somebody assumes because they trust it: the trust and the own documents decided together.

Most roles trust an account without a word about who calls, and most who may assume roles may do so on no
condition. Those are put together by masks; the others are decided trust by trust, as far as time allows.
"""

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import Effect as Says
from identity_guard.iam.evaluate.attachment import Attachment

from .names import lowest, mask_of, numbers_in
from .organisation import Kind, Layers, Node
from .own_documents import is_about_the_caller, only_denies, reading, text_key
from .powers import Known, Place, Powers, Region
from .principals import trusted
from .sight import Sight
from .steps import Proof
from .taking.take import Take
from .taking.takes import Takes
from .tried_values import Values
from .ways import ASSUME, ASSUME_SOURCE, Effect

DOES: Final = "assumes"
UNTOLD: Final = "if its trust policy, which is not known, lets it in"
TAG_SESSION: Final = "sts:TagSession"
WAY: Final = "assume-role"
MOST_DECIDED: Final = 4_000
"""How many trusts are decided together with own documents: some ten seconds. The rest is open."""

Answer = tuple[bool, bool]
"""Whether a role is certainly, and whether it is possibly, assumed."""


class Assuming:
    """Finds who assumes what."""

    def __init__(self, sight: Sight, place: Place, now: float) -> None:
        """Keep what was decided: many read the same documents, and many roles have the same trust."""
        self.sight = sight
        self.place = place
        self.now = now
        self._decided: dict[Hashable, Answer] = {}
        self._in_account: dict[str, int] = {}
        self._free: dict[str, int] = {}

    def takes(self, node: Node, layers: Layers, own: Takes) -> Iterator[Take]:
        """Go through the roles that trust a node, or its account."""
        found = {True: 0, False: 0}
        named = self.sight.candidates_by_name(node) & self._roles_in(node.account)
        for number in numbers_in(named):
            if self._is_exhausted:
                self._note(found, named & ~found[True], (False, True))
                break
            self._note(found, 1 << number, self._may(node, layers, self.sight.nodes[number]))
        for region in own.assumable:
            self._by_account(node, layers, own, region, found)
        itself = self.sight.own_bit(node)
        untold = union(region.targets for region in own.assumable) & self.sight.untold_trusts & ~itself
        if untold:
            yield Take(Effect.BECOMES, untold, False, WAY, UNTOLD, ASSUME_SOURCE, lambda _: None)  # noqa: FBT003 - a row of its own
        for certain, roles in found.items():
            if roles & ~itself:
                yield self._take(node, layers, roles & ~itself, certain=certain)

    def _by_account(
        self, node: Node, layers: Layers, own: Takes, region: Region, found: dict[bool, int]
    ) -> None:
        """Add the roles of a region that trust the node's account, or it by name in another account."""
        trusting = self.sight.trusting_accounts.get(node.account, 0) | self.sight.candidates_by_name(node)
        roles = region.targets & trusting & ~found[True]
        if own.assumes_on_no_condition:
            free = roles & self._trusting_freely(node.account)
            self._note(found, free, (bool(region.certain), True))
            roles &= ~free
        known = Known(region.values, unsure=not region.certain)
        for alike in self._alike_trusts if roles else ():
            if self._is_exhausted:
                break
            if roles & alike:
                role = self.sight.nodes[lowest(roles & alike)]
                self._note(found, roles & alike, self._may(node, layers, role, known))
                roles &= ~alike
        if self._is_exhausted:
            self._note(found, roles, (False, True))

    @property
    def _is_exhausted(self) -> bool:
        """Whether no more is decided: what is left is possible, and nothing more is said of it."""
        return len(self._decided) >= MOST_DECIDED

    @staticmethod
    def _note(found: dict[bool, int], roles: int, answer: Answer) -> None:
        certain, possible = answer
        if possible:
            found[certain] |= roles

    @cached_property
    def _alike_trusts(self) -> tuple[int, ...]:
        """The roles, those together that have the same trust policy."""
        found: dict[Hashable, list[int]] = {}
        for number, node in enumerate(self.sight.nodes):
            if node.trust is not None:
                found.setdefault((text_key(node.trust), node.account), []).append(number)
        return tuple(map(mask_of, found.values()))

    def _roles_in(self, account: str) -> int:
        if account not in self._in_account:
            roles = (node for node in self.sight.nodes if node.kind is Kind.ROLE and node.account == account)
            self._in_account[account] = self.sight.numbers(roles)
        return self._in_account[account]

    def _trusting_freely(self, account: str) -> int:
        """Return the roles that anybody of an account may assume whom their own documents let do so.

        Their trust policies deny nothing, and ask for nothing that depends on who calls.
        """
        if account not in self._free:
            anybody = Node(Kind.USER, "anybody", f"arn:aws:iam::{account}:user/anybody", account)
            trusting = self.sight.trusting_accounts.get(account, 0)
            numbers = (n for n in numbers_in(trusting) if self._is_free(anybody, self.sight.nodes[n]))
            self._free[account] = mask_of(numbers)
        return self._free[account]

    def _is_free(self, anybody: Node, role: Node) -> bool:
        said = trusted(role.trust, anybody).by_account if role.trust else None
        statements = said.statements if said else ()
        if said is None or any(s.effect is Says.DENY or is_about_the_caller(s) for s in statements):
            return False
        return self._decide(anybody, ((said,),), role, Known((), unsure=False))[0]

    def _may(self, node: Node, layers: Layers, role: Node, known: Known | None = None) -> Answer:
        """Say whether a role is assumed, for what is known of it; by default all that conditions ask for."""
        asked = False
        for combined in self._combinations(node, layers, role):
            certain, possible = self._decide(node, combined, role, known)
            if certain:
                return True, True
            asked = asked or possible
        return False, asked

    def _decide(self, node: Node, combined: Layers, role: Node, known: Known | None) -> Answer:
        key = (reading(node, combined), role.arn)
        if key not in self._decided:
            if self._is_exhausted:
                return False, True
            powers = Powers(node, combined, self.place, self.now)
            of_role = known or powers.known_of(self.sight.about(self.sight.number[role]))
            found = powers.ask(role.arn, catalogue().mask_of([ASSUME]), values=of_role.values)
            sure = not powers.doubtful and not of_role.unsure
            self._decided[key] = (bool(found.certain) and sure, bool(found.possible))
        return self._decided[key]

    def _take(self, node: Node, layers: Layers, roles: int, *, certain: bool) -> Take:
        def prove(number: int) -> Proof | None:
            role = self.sight.nodes[number]
            for combined in self._combinations(node, layers, role):
                powers = Powers(node, combined, self.place, self.now)
                if shown := powers.prove(ASSUME, role.arn, powers.known_of(self.sight.about(number)).values):
                    return (shown,)
            return None

        return Take(Effect.BECOMES, roles, certain, WAY, DOES, ASSUME_SOURCE, prove)

    def entered_with(self, node: Node, layers: Layers, role: Node, tags: Values) -> Proof | None:
        """Return the calls that open a session of a role with tags; None where they are not allowed."""
        known = (*self._known_of(node, layers, role), *tags)
        for combined in self._combinations(node, layers, role):
            powers = Powers(node, combined, self.place, self.now)
            if not powers.doubtful and (
                shown := powers.prove_all((action, role.arn, known) for action in (ASSUME, TAG_SESSION))
            ):
                return shown
        return None

    def _known_of(self, node: Node, layers: Layers, role: Node) -> Values:
        powers = Powers(node, layers, self.place, self.now)
        return powers.known_of(self.sight.about(self.sight.number[role])).values

    def _combinations(self, node: Node, layers: Layers, role: Node) -> Iterator[Layers]:
        """Yield the documents that have to allow it together, as layers of which each has to allow."""
        if role.trust is None:
            return
        said = trusted(role.trust, node)
        own, *limits = layers
        if said.by_name and node.account == role.account:
            yield ((said.by_name, *only_denies(own)), *limits)
        if said.by_itself and node.account == role.account and _is_bounded(node, limits):
            yield ((said.by_itself, *only_denies((*own, *limits[0]))), *limits[1:])
        if said.by_account and _mentions(own):
            yield (own, *limits, (said.by_account,))


def _is_bounded(node: Node, limits: list[tuple[Attachment, ...]]) -> bool:
    """Say whether the first limit is a boundary that can be read: of it the Denies hold in any case."""
    is_known = node.boundary is not None and isinstance(node.boundary.document, Document)
    return is_known and bool(limits) and limits[0] == (node.boundary,)


def _mentions(own: tuple[Attachment, ...]) -> bool:
    """Say whether some document could allow it: most do not speak of it at all."""
    bit = catalogue().mask_of([ASSUME])
    return any(
        each.effect is Says.ALLOW and each.actions.possible & bit
        for attachment in own
        for each in attachment.statements
    )
