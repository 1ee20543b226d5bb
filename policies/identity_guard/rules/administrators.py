"""More administrators of an account than anybody can keep an eye on."""

from collections.abc import Iterator
from typing import Final

from .access_findings import accounts_named, open_question, people_in_sight, place_of, violation
from .directory_access import Holding
from .findings import Finding, quoted
from .identities import Identity
from .view import View

MOST: Final = 5
"""How many people may administer one account, unless configured otherwise."""
HEADS_REMEDY: Final = "keep those who do it daily, and give others less"
COUNT_REMEDY: Final = "count them where they are made, and keep those who do it daily"


def administrators(holdings: list[Holding], view: View, most: float | None) -> Iterator[Finding]:
    """Tell the accounts that more people administer than may, or perhaps do."""
    limit = MOST if most is None else most
    powerful = [each for each in holdings if is_powerful(each.identity, view)]
    open_accounts: list[str | None] = []
    for account in accounts_named(powerful):
        people = people_in_sight(each for each in powerful if each.account == account)
        if account is not None and len(people) > limit:
            who = "1 person administers" if len(people) == 1 else f"{len(people)} people administer"
            claim = f"{who} account {account}, and {limit:g} is the most"
            held = [each for each in powerful if each.account == account]
            yield violation(claim, held, HEADS_REMEDY)
        elif _most_heads([each for each in powerful if each.account in (account, None)], most) > limit:
            open_accounts.append(account)
    if open_accounts:
        held = [each for each in powerful if each.account in (*open_accounts, None)]
        where = (
            f"account {quoted(str(each) for each in open_accounts)}"
            if open_accounts != [None]
            else place_of(None)
        )
        question = f"whether more than {limit:g} people administer {where}"
        yield open_question(
            question, [each for each in held if each.people is None or each.waiting], COUNT_REMEDY
        )


def _most_heads(held: list[Holding], configured: float | None) -> float:
    """Count who may be there at most. Members of elsewhere count where somebody configured a number."""
    heads = float(len(people_in_sight(held)))
    for each in held:
        if each.people is None and (each.open_people or configured is not None):
            heads += 1 if each.person else float("inf")
    return heads


def is_powerful(identity: Identity, view: View) -> bool:
    """Say whether it administers the accounts where it is assigned."""
    judgement = view.judgement(identity)
    return bool(judgement.root_level or judgement.known.administrator)
