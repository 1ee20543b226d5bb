"""The access that a declaration stands for: every reference followed, every account a number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from identity_center.model.language.accounts import MANAGEMENT, is_account_id
from identity_center.model.language.assignments import AssignmentEntry, GrantEntry
from identity_center.model.language.clock import Clock
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.directory import GroupEntry, UserEntry
from identity_center.model.language.targets import Target, is_sound, readable_targets
from identity_center.model.mistakes import KeyPath, Mistake
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.selection import Resolution, Resolver, Selection
from identity_center.model.reading.load import Loaded
from identity_center.model.reading.written_keys import assignments

from .grant import Grant
from .permission_sets import ResolvedSet
from .terms import Notice, has_expired


@dataclass(frozen=True)
class OpenGrant:
    """Somebody gets a permission set in accounts that only the organisation can tell."""

    permission_set: str
    """Key of the permission set."""
    principal: str
    """Key of the user or group."""
    kind: str
    """USER or GROUP."""
    target: str
    """The accounts in words: as they were written, or `selected accounts` where units or tags select them."""


@dataclass(frozen=True)
class Access:
    """The whole model, ready to be made."""

    declared: AccessDeclaration
    """What the configuration says, without what has expired."""
    permission_sets: Mapping[str, ResolvedSet]
    """By key: with all that they take from others."""
    grants: tuple[Grant, ...]
    """Sorted, each once."""
    break_glass: frozenset[Grant]
    """Those of the grants that are for emergencies."""
    external_user_ids: Mapping[str, str]
    """By key: ids in the identity store of the users who come from elsewhere."""
    external_group_ids: Mapping[str, str]
    """As above, for groups."""
    management_account_id: str | None
    """None where no assignment needed the organisation."""
    open_grants: tuple[OpenGrant, ...] = ()
    """Without an organisation, as when a model is read without AWS: whose accounts are not known."""
    organisation: Organisation | None = None
    """What the accounts were looked up in; None where nothing needed it, or nobody knows it."""
    external_set_arns: Mapping[str, str] = field(default_factory=dict)
    """By key: ARNs of the permission sets that others make."""

    @cached_property
    def set_names(self) -> Mapping[str, str]:
        """The names of all permission sets that can be assigned, by key."""
        own = {key: made.name for key, made in self.permission_sets.items()}
        return {**own, **{key: each.name for key, each in self.declared.external_permission_sets.items()}}

    @property
    def users(self) -> Mapping[str, UserEntry]:
        """The users that the stack makes, by key."""
        return self.declared.users

    @property
    def groups(self) -> Mapping[str, GroupEntry]:
        """The groups that the stack makes, by key."""
        return self.declared.groups


@dataclass(frozen=True)
class Granted:
    """What the assignments come to."""

    grants: tuple[Grant, ...]
    """Sorted, each once."""
    break_glass: frozenset[Grant]
    mistakes: tuple[Mistake, ...]
    notices: tuple[Notice, ...] = ()
    """What is no mistake and may surprise, such as a closed account that was left out."""
    open_grants: tuple[OpenGrant, ...] = ()
    """Without an organisation: those whose accounts are not given by their ids."""


def grants_of(loaded: Loaded, organisation: Organisation | None) -> Granted:
    """Follow every assignment to its accounts; wrong targets and repeated grants are mistakes.

    Where nobody knows the organisation, only accounts that are given by their ids are followed.
    """
    if organisation is None:
        by_id, open_grants = _without_organisation(loaded)
        return replace(grants_of(by_id, Organisation("", None)), open_grants=open_grants)
    resolver = Resolver(organisation)
    mistakes = list(_mistakes_of_unsound(loaded, resolver))
    notices: list[Notice] = []
    owners: dict[Grant, _Owner] = {}
    repeated: dict[tuple[KeyPath, int], Grant] = {}
    break_glass: set[Grant] = set()
    for place, assignment in zip(loaded.assignment_places, loaded.declaration.assignments, strict=True):
        path: KeyPath = ("assignments", place, "accounts")
        found = resolver.resolve(enumerate(assignment.accounts), path)
        mistakes += found.mistakes
        notices += (Notice(at, text) for at, text in found.notes)
        for grant, owner in _combinations(place, assignment, found):
            first = owners.setdefault(grant, owner)
            if first.place != place and first.selection == owner.selection:
                repeated.setdefault(((*path, owner.index), first.place), grant)
            if assignment.break_glass:
                break_glass.add(grant)
    mistakes += (_granted_twice(path, grant, place) for (path, place), grant in repeated.items())
    return Granted(tuple(sorted(owners)), frozenset(break_glass), tuple(mistakes), tuple(notices))


def _without_organisation(loaded: Loaded) -> tuple[Loaded, tuple[OpenGrant, ...]]:
    """Keep the accounts that are given by their ids; of all others it is not known which they are."""
    kept: list[tuple[int, AssignmentEntry]] = []
    left: list[OpenGrant] = []
    for place, entry in zip(loaded.assignment_places, loaded.declaration.assignments, strict=True):
        by_id = [each for each in entry.accounts if isinstance(each, str) and is_account_id(each)]
        if by_id:
            kept.append((place, entry.model_copy(update={"accounts": tuple(by_id)})))
        left += _open(entry, [each for each in entry.accounts if each not in by_id])
    declaration = loaded.declaration.model_copy(update={"assignments": tuple(entry for _, entry in kept)})
    raw = {name: value for name, value in loaded.raw.items() if name != "assignments"}
    places = tuple(place for place, _ in kept)
    return replace(loaded, raw=raw, declaration=declaration, assignment_places=places), tuple(left)


def _open(entry: AssignmentEntry, targets: Iterable[Target]) -> Iterator[OpenGrant]:
    for target in targets:
        words = target if isinstance(target, str) else "selected accounts"
        text = "the management account" if words == MANAGEMENT else words
        for key in entry.permission_sets:
            yield OpenGrant(key, entry.principal, entry.principal_type.value, text)


@dataclass(frozen=True)
class _Owner:
    """Why a grant is there. Selections may overlap by chance; two that are the same are one too many."""

    place: int
    index: int
    selection: Selection


def _mistakes_of_unsound(loaded: Loaded, resolver: Resolver) -> Iterator[Mistake]:
    """Look at the targets of entries with a mistake elsewhere, so that all mistakes are told in one run."""
    sound = frozenset(loaded.assignment_places)
    for place, entry in assignments(loaded.raw):
        if place not in sound and isinstance(entry, dict) and not is_sound(AssignmentEntry, entry):
            targets = readable_targets(entry.get("accounts"))
            yield from resolver.resolve(targets, ("assignments", place, "accounts")).mistakes


def _combinations(
    place: int, assignment: AssignmentEntry, found: Resolution
) -> Iterator[tuple[Grant, _Owner]]:
    principal, kind = assignment.principal, assignment.principal_type.value
    for account_id, (index, selection) in found.accounts.items():
        owner = _Owner(place, index, selection)
        for key in assignment.permission_sets:
            yield Grant(key, principal, kind, account_id), owner


def _granted_twice(path: KeyPath, grant: Grant, owner: int) -> Mistake:
    kind = grant.principal_type.value.lower()
    return Mistake(
        path,
        f"{kind} `{grant.principal}` already has `{grant.permission_set}` in account {grant.account_id} "
        f"by assignments[{owner}]",
        "keep one of the two",
    )


# Applications and roles that somebody is given twice: removing one of the two would take nothing away.


def repeated_grant_mistakes(declared: AccessDeclaration, clock: Clock) -> Iterator[Mistake]:
    """Find the same principal twice for one application, or for one role, among what has not expired.

    The declaration is the whole one, so that places in its lists are those of the file.
    """
    for key, application in declared.applications.items():
        path: KeyPath = ("applications", key, "assignments")
        listed = enumerate(application.assignments)
        yield from _repeated(
            ((*path, place), place, entry, "it") for place, entry in listed if not has_expired(entry, clock)
        )
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    path = ("accountAccess", "entitlements")
    yield from _repeated(
        ((*path, place, "roles", index), place, entry, role)
        for place, entry in enumerate(entitlements)
        if not has_expired(entry, clock)
        for index, role in enumerate(entry.roles)
    )


def _repeated(given: Iterable[tuple[KeyPath, int, GrantEntry, str]]) -> Iterator[Mistake]:
    first: dict[tuple[str, str, str], int] = {}
    for path, place, entry, what in given:
        kind = entry.principal_type.value.lower()
        # Twice in one entry is a mistake of its list, told already.
        if first.setdefault((kind, entry.principal, what), place) != place:
            yield Mistake(path, f"{kind} `{entry.principal}` has {what} already", "keep one of the two")
