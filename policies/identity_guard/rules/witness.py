"""The part of a message that shows why: what grants it, and one call that would succeed."""

from collections.abc import Iterator

from identity_guard.iam.decision import StatementPlace
from identity_guard.iam.witness import Witness

from .judgement import Judgement
from .kept_secret import NOT_SHOWN


def granted_by(judgement: Judgement, witness: Witness | None) -> Iterator[tuple[str, str]]:
    """Name the documents and statements that allow a call, and the resources that bring them."""
    shown = set()
    for place in _granting(witness):
        shown.add(place.position)
        holder = judgement.readable[place.position].held.holder
        yield "granted by", f"{place}, through {holder.label}"
    others = [each for number, each in enumerate(judgement.readable) if number not in shown]
    if others:
        yield (
            "together with",
            "; ".join(
                dict.fromkeys(f"{each.attachment.name}, through {each.held.holder.label}" for each in others)
            ),
        )


def witnessed_call(judgement: Judgement, witness: Witness | None) -> Iterator[tuple[str, str]]:
    """Name one call that would succeed."""
    if witness is not None:
        yield "for example", f"it may call {called(judgement, witness)}"


def called(judgement: Judgement, witness: Witness) -> str:
    """Name an action and its resource, unless a document that the stack keeps secret names the resource."""
    if any(each.secret for each in (*judgement.readable, *judgement.limits)):
        return f"{witness.action} on a resource that is {NOT_SHOWN}"
    return f"{witness.action} on {witness.resource}"


def granting_urn(judgement: Judgement, witness: Witness | None) -> str | None:
    """Return the URN of the resource that brings the first granting document."""
    for place in _granting(witness):
        return judgement.readable[place.position].held.holder.urn
    return judgement.grants[0].held.holder.urn if judgement.grants else None


def _granting(witness: Witness | None) -> list[StatementPlace]:
    """Return the statements of the identity's own policies that allow the call."""
    return [place for place in witness.statements if place.layer == 0] if witness else []
