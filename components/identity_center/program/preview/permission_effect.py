"""What the contents of a permission set allow that others did not, decided by the evaluator.

The evaluator belongs to the policy pack: where the components run without it, there is no answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from identity_center.model.plan.set_contents import SetContents

if TYPE_CHECKING:
    from identity_guard.iam import Attachment, Verdict

#: One of so many is next to nothing.
_FEW: Final = 100


@dataclass(frozen=True)
class PermissionEffect:
    """How much more, or less, new contents come to than old ones."""

    gains: tuple[str, ...]
    """Actions that become possible somewhere."""
    loses: tuple[str, ...]
    strength: tuple[str, ...]
    """Such as `becomes administrator`."""
    unknown: tuple[str, ...]
    """Policies whose text is not known here."""
    gained_by: tuple[str, ...] = ()
    """Patterns, as written, that alone give what is gained: `ec2:*Vpn*`; empty where others do, too."""
    lost_by: tuple[str, ...] = ()
    """The same of what is lost."""


def effect_of(old: SetContents, new: SetContents) -> PermissionEffect | None:
    """Compare the contents of a permission set; None where the evaluator is not there."""
    try:
        from identity_guard.iam import judge  # noqa: PLC0415  # only where a set changes, and the pack is there
        from identity_guard.iam.catalogue.actions import catalogue  # noqa: PLC0415  # with it
    except ModuleNotFoundError:
        return None
    was, becomes = (judge(_attached(each), _limit(each)) for each in (old, new))
    known = catalogue()
    before, after = was.actions_at_best & known.known, becomes.actions_at_best & known.known
    return PermissionEffect(
        tuple(sorted(known.names(after & ~before))),
        tuple(sorted(known.names(before & ~after))),
        tuple(_strength(was, becomes, before, after)),
        tuple(sorted({*old.customer_managed, *new.customer_managed, *_unknown_limits(old, new)})),
        _written_anew(old, new, after & ~before),
        _written_anew(new, old, before & ~after),
    )


def _written_anew(old: SetContents, new: SetContents, actions: int) -> tuple[str, ...]:
    """Return what `new` allows inline and `old` does not, where nothing else gives the actions."""
    from identity_guard.iam.catalogue.action_patterns import ScanBudget  # noqa: PLC0415  # as above
    from identity_guard.iam.catalogue.action_sets import action_set  # noqa: PLC0415  # as above
    from identity_guard.iam.catalogue.actions import union  # noqa: PLC0415  # as above

    added = sorted(_allowed(new) - _allowed(old))
    masks = [action_set([pattern], ScanBudget()).certain for pattern in added]
    given = union(masks)
    is_all = not actions & ~given and all(mask & actions for mask in masks)
    return tuple(added) if is_all and "*" not in added else ()


def _allowed(contents: SetContents) -> set[str]:
    """Return the patterns of actions that the inline policy allows."""
    from identity_guard.iam import Effect, Unreadable, parse  # noqa: PLC0415  # as above

    read = parse(contents.inline or "")
    if isinstance(read, Unreadable):
        return set()
    return {
        pattern
        for each in read.statements
        if each.effect is Effect.ALLOW and not each.actions_excluded
        for pattern in each.action_patterns
    }


def _strength(was: "Verdict", becomes: "Verdict", before: int, after: int) -> Iterator[str]:
    """Say how strong it becomes; that an administrator writes goes without saying."""
    stronger_or_weaker = [*_stronger_or_weaker(was, becomes)]
    yield from stronger_or_weaker
    if not any(each.startswith("becomes") for each in stronger_or_weaker):
        yield from _writing(before, after)


def _stronger_or_weaker(was: "Verdict", becomes: "Verdict") -> Iterator[str]:
    """Say the strongest word that holds on one side only."""
    for word, before, after in (
        ("root-level", was.root_level, becomes.root_level),
        ("administrator", was.administrator, becomes.administrator),
        ("able to give itself more", was.escalates, becomes.escalates),
    ):
        if after and not before:
            yield f"becomes {word}"
            return
        if before and after is False:
            yield f"is no longer {word}"
            return


def _writing(before: int, after: int) -> Iterator[str]:
    """Say that a permission set begins to change things, or that it only reads from now on."""
    changing = _changing()
    had, has = (before & changing).bit_count(), (after & changing).bit_count()
    if had and not has:
        yield "writes nothing any more"
    elif has and not had:
        yield "writes for the first time"
    elif has * _FEW < had:
        # ReadOnlyAccess itself has eight such actions: sessions and connections, through which one reads.
        yield f"keeps {has:,} of {had:,} actions that write"


@cache
def _changing() -> int:
    """Return all actions that change something."""
    from identity_guard.iam.catalogue.actions import catalogue, union  # noqa: PLC0415  # as above

    known = catalogue()
    return union(known.changing(service) for service in known.levels)


def _attached(contents: SetContents) -> "list[Attachment]":
    from identity_guard.iam import attach, managed_attachment, unknown  # noqa: PLC0415  # as above

    found = [managed_attachment(arn) for arn in sorted(contents.managed)]
    found += [unknown(name, "it is each account's own") for name in sorted(contents.customer_managed)]
    return [*found, *([attach(contents.inline)] if contents.inline else [])]


def _limit(contents: SetContents) -> "Attachment | None":
    from identity_guard.iam import managed_attachment, unknown  # noqa: PLC0415  # as above

    if contents.boundary is None:
        return None
    if contents.boundary.startswith("arn:"):
        return managed_attachment(contents.boundary)
    return unknown(contents.boundary, "it is each account's own")


def _unknown_limits(*contents: SetContents) -> Iterable[str]:
    return (each.boundary for each in contents if each.boundary and not each.boundary.startswith("arn:"))
