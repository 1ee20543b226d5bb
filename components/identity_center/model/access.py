"""The access that a declaration stands for: every reference followed, every account a number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import written
from .accounts import is_account
from .assignments import AssignmentEntry
from .directory import GroupEntry, UserEntry
from .errors import KeyPath, Mistake
from .load import Loaded
from .managed_policies import PolicyQuestion, resolve_managed_policy
from .mfa import MfaRequirementEntry
from .organisation import Organisation
from .permission_sets import MOST_POLICIES, PermissionSetEntry
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

    users: Mapping[str, UserEntry]
    groups: Mapping[str, GroupEntry]
    permission_sets: Mapping[str, PermissionSetEntry]
    managed_policy_arns: Mapping[str, tuple[str, ...]]
    """By key of the permission set: ARNs of its AWS-managed policies, sorted."""
    grants: tuple[Grant, ...]
    """Sorted, each once."""
    mfa_requirement: MfaRequirementEntry | None
    management_account_id: str | None
    """None where no assignment needed the organisation."""

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        *,
        grants: tuple[Grant, ...],
        managed_policy_arns: Mapping[str, tuple[str, ...]],
        management_account_id: str | None,
    ) -> "Access":
        """Put what the configuration declares together with what was found in AWS."""
        declared = loaded.declaration
        return cls(
            users=declared.users,
            groups=declared.groups,
            permission_sets=declared.permission_sets,
            managed_policy_arns=managed_policy_arns,
            grants=grants,
            mfa_requirement=declared.mfa_requirement,
            management_account_id=management_account_id,
        )


def grants_of(loaded: Loaded, organisation: Organisation) -> tuple[tuple[Grant, ...], tuple[Mistake, ...]]:
    """Follow every assignment to its accounts; wrong accounts and repeated grants are mistakes."""
    mistakes = list(_account_mistakes(loaded, organisation))
    owners: dict[Grant, int] = {}
    assignments = zip(loaded.assignment_places, loaded.declaration.assignments, strict=True)
    for place, assignment in assignments:
        for path, grant in _combinations(place, assignment, organisation):
            owner = owners.setdefault(grant, place)
            if owner != place:
                mistakes.append(_granted_twice(path, grant, owner))
    return tuple(sorted(owners)), tuple(mistakes)


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


@dataclass(frozen=True)
class PolicyResolution:
    """What became of the names of AWS-managed policies."""

    arns: Mapping[str, tuple[str | PolicyQuestion, ...]]
    """By key of the permission set, in the order of the file."""
    mistakes: tuple[Mistake, ...]

    def questions(self) -> tuple[PolicyQuestion, ...]:
        """Return what only AWS can tell."""
        return tuple(
            item for items in self.arns.values() for item in items if isinstance(item, PolicyQuestion)
        )


def resolve_policies(loaded: Loaded, partition: str) -> PolicyResolution:
    """Turn the names of AWS-managed policies into ARNs, as far as the list of known ones goes."""
    arns: dict[str, tuple[str | PolicyQuestion, ...]] = {}
    mistakes: list[Mistake] = []
    for key, entry in written.entries(loaded.raw, "permissionSets").items():
        path: KeyPath = ("permissionSets", key, "managedPolicies")
        listed = written.items(entry, "managedPolicies")
        found = [resolve_managed_policy(name, partition, (*path, index)) for index, name in listed]
        mistakes += [item for item in found if isinstance(item, Mistake)]
        arns[key] = tuple(item for item in found if not isinstance(item, Mistake))
        if len(listed) > MOST_POLICIES:
            remedy = f"AWS allows {MOST_POLICIES} in one permission set"
            mistakes.append(Mistake(path, f"has {len(listed)} policies", remedy))
    return PolicyResolution(arns, tuple(mistakes))


def policy_arns(
    resolution: PolicyResolution, answers: Mapping[PolicyQuestion, str]
) -> tuple[dict[str, tuple[str, ...]], tuple[Mistake, ...]]:
    """Put the answers in the questions' places; two names of one policy in one set are a mistake."""
    arns: dict[str, tuple[str, ...]] = {}
    mistakes: list[Mistake] = []
    for key, items in resolution.arns.items():
        answered = [answers.get(item) if isinstance(item, PolicyQuestion) else item for item in items]
        known = [arn for arn in answered if arn is not None]
        repeated = sorted({arn for arn in known if known.count(arn) > 1})
        path: KeyPath = ("permissionSets", key, "managedPolicies")
        mistakes += [Mistake(path, f"names `{arn}` in two ways", "keep one of them") for arn in repeated]
        arns[key] = tuple(sorted(set(known)))
    return arns, tuple(mistakes)
