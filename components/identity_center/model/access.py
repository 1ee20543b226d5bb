"""The access that a declaration stands for: every reference followed, every account a number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import written
from .accounts import is_account
from .assignments import AssignmentEntry
from .declaration import AccessDeclaration
from .directory import GroupEntry, UserEntry
from .errors import KeyPath, Mistake
from .load import Loaded
from .organisation import Organisation
from .policies_of_sets import ResolvedSet
from .principals import PrincipalType
from .resource_names import assignment_name


@dataclass(frozen=True, order=True)
class Grant:
    """One principal has one permission set in one account."""

    permission_set: str
    """Key of the permission set."""
    principal: str
    """Key of the user or group."""
    kind: str
    """USER or GROUP."""
    account_id: str
    """Twelve digits."""

    @property
    def principal_type(self) -> PrincipalType:
        """Whether the principal is a user or a group."""
        return PrincipalType(self.kind)

    @property
    def resource_name(self) -> str:
        """Name of its assignment in the stack."""
        return assignment_name(self.permission_set, self.principal_type, self.principal, self.account_id)


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


def grants_of(loaded: Loaded, organisation: Organisation) -> Granted:
    """Follow every assignment to its accounts; wrong accounts and repeated grants are mistakes."""
    mistakes = list(_account_mistakes(loaded, organisation))
    owners: dict[Grant, int] = {}
    break_glass: set[Grant] = set()
    assignments = zip(loaded.assignment_places, loaded.declaration.assignments, strict=True)
    for place, assignment in assignments:
        for path, grant in _combinations(place, assignment, organisation):
            owner = owners.setdefault(grant, place)
            if owner != place:
                mistakes.append(_granted_twice(path, grant, owner))
            if assignment.break_glass:
                break_glass.add(grant)
    return Granted(tuple(sorted(owners)), frozenset(break_glass), tuple(mistakes))


def _account_mistakes(loaded: Loaded, organisation: Organisation) -> Iterator[Mistake]:
    for place, entry in written.assignments(loaded.raw):
        seen: dict[str, str] = {}
        for index, account in written.items(entry, "accounts"):
            path: KeyPath = ("assignments", place, "accounts", index)
            if not is_account(account):
                continue  # a mistake of shape, told already
            found = organisation.problem(account)
            if found is not None:
                yield Mistake(path, *found)
            first = seen.setdefault(organisation.account_id(account), account)
            if first != account:
                yield Mistake(path, f"`{account}` and `{first}` are the same account", "keep one of them")


def _combinations(
    place: int, assignment: AssignmentEntry, organisation: Organisation
) -> Iterator[tuple[KeyPath, Grant]]:
    for index, account in enumerate(assignment.accounts):
        account_id = organisation.account_id(account)
        for key in assignment.permission_sets:
            grant = Grant(key, assignment.principal, assignment.principal_type.value, account_id)
            yield ("assignments", place, "accounts", index), grant


def _granted_twice(path: KeyPath, grant: Grant, owner: int) -> Mistake:
    kind = grant.principal_type.value.lower()
    return Mistake(
        path,
        f"{kind} `{grant.principal}` already has `{grant.permission_set}` in account {grant.account_id} "
        f"by assignments[{owner}]",
        "keep one of the two",
    )
