"""More administrators of an account than anybody can watch, and an emergency access that nobody could use."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.rules.exposure import ONE_HOUR, session_minutes
from identity_guard.stack.findings import Finding, quoted
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import NotYetKnown
from identity_guard.stack.resource_types import ACCOUNT_ASSIGNMENT
from identity_guard.stack.view import View

from .directory import Holding
from .findings import accounts_named, open_question, people_in_sight, place_of, violation

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


LEAST: Final = 2
"""How many people an emergency access needs: one may be the emergency."""
REMEDY: Final = "let at least two people have it: one may be the emergency"


def emergency(name: str, holdings: list[Holding], view: View) -> Iterator[Finding]:
    """Tell what keeps an emergency access from being used, or is not known yet."""
    held = [each for each in holdings if each.name == name]
    if not held:
        yield _nobody(name, holdings, view)
        return
    people = people_in_sight(held)
    if len(people) < LEAST:
        count = "one person" if len(people) == 1 else f"{len(people)} people"
        if any(each.people is None for each in held):
            question = f"whether {LEAST} people have the emergency access `{name}`"
            yield open_question(question, held, REMEDY)
        else:
            claim = f"the emergency access `{name}` has {count} and needs {LEAST}"
            yield violation(claim, held, REMEDY)
    for identity in dict.fromkeys(each.identity.key for each in held):
        yield from session(name, view.identities.by_key[identity], held)


def _nobody(name: str, holdings: list[Holding], view: View) -> Finding:
    """Say that nobody is assigned it, unless an assignment or a name is not known yet."""
    unnamed = [each for each in holdings if each.name is None]
    unjoined = [
        f"`{each.path}` of {each.holder.label}"
        for each in view.identities.unresolved
        if each.holder.type == ACCOUNT_ASSIGNMENT
    ]
    if unnamed or unjoined:
        question = f"whether anybody has the emergency access `{name}`"
        return open_question(question, unnamed, REMEDY, unjoined)
    claim = f"nobody could use the emergency access `{name}`: nobody of this stack is assigned it"
    return violation(claim, [], "assign it to a group of at least two people")


def session(name: str, identity: Identity, held: list[Holding]) -> Iterator[Finding]:
    """Tell a session that outlasts an emergency."""
    remedy = "set sessionDuration to PT1H"
    if session_minutes(identity) > ONE_HOUR:
        claim = f"a session of the emergency access `{name}` lasts longer than an hour"
        found = violation(claim, held, remedy)
        yield replace(found, about=found.about | identity.names)
        return
    made = identity.resource
    if made is not None and isinstance(duration := made.declared.get("sessionDuration"), NotYetKnown):
        question = f"whether a session of the emergency access `{name}` lasts longer than an hour"
        yield open_question(question, held, remedy, [f"`{duration.path}` of {made.label}"])
