"""What a stack's outputs list of access, beside what the API shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from identity_center.model.existing.objects import Region
from identity_center.model.existing.things import ACTIVE
from identity_center_cli.aws.access import AccessInAws, AccountAssignment, OtherAccesses, OtherGrant
from identity_center_cli.aws.outdated_sets import Outdated
from identity_center_cli.stacks.listed_assignments import listed_assignments, listed_others, listed_regions

_Granted = TypeVar("_Granted")


@dataclass(frozen=True)
class Listed:
    """What a stack says that it gave, each with the words for it."""

    accounts: Mapping[AccountAssignment, str]
    others: Mapping[OtherGrant, str] | None
    """Applications and roles; None where the stack's outputs say nothing of them."""
    regions: tuple[str, ...] = ()
    """Additional Regions."""


NOTHING: Final = Listed({}, None)


def listed_by(outputs: Mapping[str, Any], source: str) -> Listed:
    """Read what a stack's outputs list. Raises UnusableOutputsError, which names `source`."""
    accounts = {each: str(one) for each, one in listed_assignments(outputs, source).items()}
    return Listed(accounts, listed_others(outputs, source), listed_regions(outputs))


@dataclass(frozen=True)
class Beside:
    """Grants of one kind: what the stack lists beside what is there."""

    expected: int
    missing: tuple[str, ...]
    """In words: what the stack lists and the API does not show."""
    unlisted: tuple[str, ...]
    """In words: what the API shows and the stack does not list."""

    @property
    def there(self) -> int:
        """Return how many of those that the stack lists the API shows."""
        return self.expected - len(self.missing)


def _beside(listed: Mapping[_Granted, str], there: Mapping[_Granted, str]) -> Beside:
    return Beside(
        len(listed),
        tuple(sorted(text for grant, text in listed.items() if grant not in there)),
        tuple(sorted(text for grant, text in there.items() if grant not in listed)),
    )


@dataclass(frozen=True)
class Compared:
    """What a stack lists, beside what the API shows."""

    accounts: Beside
    others: Beside | None
    """Applications and roles; None where the stack's outputs do not list them."""
    uncompared: int
    """How many of these there are then."""
    outdated: tuple[Outdated, ...]
    regions: Beside
    """Additional Regions; those that are there are ACTIVE."""

    @property
    def missing(self) -> list[str]:
        """In words: what the stack lists and the API does not show."""
        return [text for each in self.kinds for text in each.missing]

    @property
    def unlisted(self) -> list[str]:
        """In words: what the API shows and the stack does not list."""
        return [text for each in self.kinds for text in each.unlisted]

    @property
    def kinds(self) -> tuple[Beside, ...]:
        """Return what was compared."""
        return (self.accounts, *(() if self.others is None else (self.others,)), self.regions)


def compared(
    listed: Listed,
    access: AccessInAws,
    other: OtherAccesses,
    read_outdated: Callable[[list[str]], list[Outdated]],
) -> Compared:
    """Compare; whether all accounts have the latest form is asked of the sets that the stack assigns."""
    sets = {each.permission_set_arn for each in access.assignments & listed.accounts.keys()}
    return Compared(
        _beside(listed.accounts, {each: access.words[each] for each in access.assignments}),
        None if listed.others is None else _beside(listed.others, other.grants),
        len(other.grants) if listed.others is None else 0,
        tuple(read_outdated(sorted(sets))),
        _regions_beside(listed.regions, other.regions),
    )


def _regions_beside(listed: tuple[str, ...], there: tuple[Region, ...]) -> Beside:
    """Compare Regions; where they were not read, the primary one among them, nothing is compared."""
    if not there:
        return Beside(0, (), ())
    active = [each.name for each in there if not each.is_primary and each.status == ACTIVE]
    return _beside({each: _in_words(each) for each in listed}, {each: _in_words(each) for each in active})


def _in_words(region: str) -> str:
    return f"additional Region {region}"
