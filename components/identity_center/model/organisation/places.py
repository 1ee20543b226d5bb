"""Accounts in a reader's words: their names beside the numbers, and a selection where it says the same."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from .organisation import Organisation

#: A list longer than this no longer helps the reader of one line.
SHOWN: Final = 8
#: A selection of one account says less than the account.
_FEWEST: Final = 2
#: So many accounts may be left out of all, which are so many times as many.
_LEFT: Final = 2
_TIMES_SHORTER: Final = 4
#: Name and number are long: fewer of them fill a line.
_ACCOUNTS_SHOWN: Final = 4


def some(listed: Iterable[str], shown: int = SHOWN) -> str:
    """Join a list; of a long one name the first and count the others."""
    items = list(listed)
    more = f" and {len(items) - shown} more" if len(items) > shown else ""
    return ", ".join(items[:shown]) + more


def _all(count: int) -> str:
    return "both" if count == _FEWEST else f"all {count}"


class Places:
    """Says which accounts are meant, as far as the organisation is known."""

    def __init__(
        self, organisation: Organisation | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        """Know an organisation, or at least `names` of some accounts by their ids."""
        self._organisation = organisation or Organisation("", None)
        self._names = names or {}

    def account(self, account_id: str) -> str:
        """Say one account as `shop-production 444444444444`; the number alone where nobody read its name."""
        name = self.name(account_id)
        return f"{name} {account_id}" if name else account_id

    def name(self, account_id: str) -> str | None:
        """Return the name of an account, None where it is not known."""
        known = (self._organisation.accounts or {}).get(account_id)
        return known.name if known else self._names.get(account_id)

    def accounts(self, account_ids: Iterable[str]) -> str:
        """List accounts by name and number."""
        return some(map(self.account, sorted(account_ids)), _ACCOUNTS_SHOWN)

    def selection(self, account_ids: Iterable[str]) -> str | None:
        """Say `all 7 member accounts`, or those of a unit, where that is what these are; else None."""
        wanted = frozenset(account_ids)
        management = self._organisation.management_account_id
        selected = self._selections.get(wanted - {management}) or self._nearly_all(wanted)
        if selected is None:
            return None
        return f"{selected} and {self.account(management)}" if management in wanted else selected

    def _nearly_all(self, wanted: frozenset[str]) -> str | None:
        """Say `all 40 member accounts but logs 333333333333`, where that is much shorter than a list."""
        left = self._everywhere - wanted
        if not left or len(left) * _TIMES_SHORTER > len(self._everywhere) or len(left) > _LEFT:
            return None
        return f"all {len(self._everywhere)} member accounts but {self.accounts(left)}"

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(member.account_id for member in self._organisation.members)

    @cached_property
    def _selections(self) -> dict[frozenset[str], str]:
        """What selects which accounts. Of units that have the same, the innermost."""
        found: dict[frozenset[str], str] = {}
        paths = self._organisation.unit_paths
        for unit_id in sorted(paths, key=lambda unit_id: paths[unit_id].count("/")):
            below = self._organisation.unit_and_below(unit_id)
            ids = frozenset(
                member for each in below for member in self._organisation.members_by_unit.get(each, ())
            )
            found[ids] = f"{_all(len(ids))} accounts of the unit {paths[unit_id]}"
        found[self._everywhere] = f"{_all(len(self._everywhere))} member accounts"
        return {ids: words for ids, words in found.items() if len(ids) >= _FEWEST}
