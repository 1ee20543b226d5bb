"""An emergency access that nobody could use when it is needed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from .access_findings import open_question, people_in_sight, violation
from .directory_access import Holding
from .exposure import ONE_HOUR, session_minutes
from .findings import Finding
from .identities import Identity
from .observe import NotYetKnown
from .resource_types import ACCOUNT_ASSIGNMENT
from .view import View

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
