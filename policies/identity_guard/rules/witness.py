"""The part of a message that shows why: what grants it, and one call that would succeed."""

from collections.abc import Iterator

from identity_guard.iam.decision import StatementPlace

from .judgement import Judgement


def granted_by(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """Name the documents and statements that grant, and the resources that bring them."""
    shown = set()
    for place in _granting(judgement):
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


def witnessed_call(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """Name one call that would succeed."""
    found = judgement.known.witness
    if found is not None:
        yield "for example", f"it may call {found.action} on {found.resource}"


def granting_urn(judgement: Judgement) -> str | None:
    """Return the URN of the resource that brings the first granting document."""
    for place in _granting(judgement):
        return judgement.readable[place.position].held.holder.urn
    return judgement.grants[0].held.holder.urn if judgement.grants else None


def _granting(judgement: Judgement) -> list[StatementPlace]:
    """Return the statements of the identity's own policies that allow the call shown."""
    found = judgement.known.witness
    return [place for place in found.statements if place.layer == 0] if found else []
