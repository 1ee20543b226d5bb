"""Permission sets with every part, where they are provisioned, and who is assigned."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from pydantic.alias_generators import to_pascal

from identity_center.model.existing.objects import (
    Assignment,
    Boundary,
    PermissionSet,
    PolicyName,
    Provisioned,
)
from identity_center.model.existing.parts import Part
from identity_center.model.existing.things import TEXTS_OF_A_SET
from identity_center_cli.aws.instance.asking import NOT_FOUND, Asking
from identity_center_cli.aws.outdated_sets import OUTDATED

SSO: Final = "sso-admin"


@dataclass(frozen=True, slots=True)
class SetReader:
    """Reads the permission sets of one instance."""

    asking: Asking
    instance_arn: str
    parts: frozenset[Part]

    def arns(self) -> list[str]:
        """List all sets."""
        of = (Part.PERMISSION_SETS, "")
        found = self.asking.rows(
            of, SSO, "list_permission_sets", "PermissionSets", InstanceArn=self.instance_arn
        )
        return sorted(found or [])

    def sets(self, arns: list[str]) -> dict[str, dict[str, Any]]:
        """Read the parts that are wanted of each set, as members of `PermissionSet` by ARN."""
        asked = [(arn, read) for part, read in _READERS.items() if part in self.parts for arn in arns]
        found: dict[str, dict[str, Any]] = {arn: {} for arn in arns}
        for (arn, _), members in zip(asked, self.asking.each(self._read, asked), strict=True):
            found[arn] |= members
        return found

    def _read(self, asked: "tuple[str, _Read]") -> dict[str, Any]:
        arn, read = asked
        return read(self, arn)

    def of(self, arn: str) -> dict[str, Any]:
        """Return the two members that name a set."""
        return {"InstanceArn": self.instance_arn, "PermissionSetArn": arn}

    def outdated(self, accounts: dict[str, list[str]]) -> set[tuple[str, str]]:
        """Find which of these sets' accounts have an older form, asking by set or by account: the fewer."""
        sets = [arn for arn, ids in accounts.items() if ids]
        ids = sorted({account for each in accounts.values() for account in each})
        if len(sets) <= len(ids):
            return {pair for found in self.asking.each(self._outdated_of_set, sets) for pair in found}
        return {pair for found in self.asking.each(self._outdated_of_account, ids) for pair in found}

    def _outdated_of_set(self, arn: str) -> list[tuple[str, str]]:
        rows = self.asking.rows(
            (Part.PROVISIONING, arn),
            SSO,
            "list_accounts_for_provisioned_permission_set",
            "AccountIds",
            **self.of(arn),
            ProvisioningStatus=OUTDATED,
        )
        return [(arn, account) for account in rows or []]

    def _outdated_of_account(self, account: str) -> list[tuple[str, str]]:
        rows = self.asking.rows(
            (Part.PROVISIONING, account),
            SSO,
            "list_permission_sets_provisioned_to_account",
            "PermissionSets",
            InstanceArn=self.instance_arn,
            AccountId=account,
            ProvisioningStatus=OUTDATED,
        )
        return [(arn, account) for arn in rows or []]

    def assignments(self, accounts: dict[str, list[str]]) -> list[Assignment]:
        """Read who is assigned, of every pair of a set and an account that has it."""
        pairs = [(arn, account) for arn in sorted(accounts) for account in sorted(accounts[arn])]
        found = [one for rows in self.asking.each(self.assigned, pairs) for one in rows]
        return sorted(found, key=lambda each: each.sort_key)

    def assignments_since(
        self, accounts: dict[str, list[str]], principals: list[tuple[str, str]], before: Iterable[Assignment]
    ) -> list[Assignment]:
        """Read who is assigned, by principal, as (USER or GROUP, id), and what that cannot show by pairs.

        A list of a principal shows nothing of one that is gone. So a pair of a set and an account is asked
        where none of the principals that there are has it, and where one had it `before` that is gone.
        """
        there = set(principals)
        lists = zip(principals, self.asking.each(self.assigned_to, principals), strict=True)
        # A user's list has the assignments of the user's groups as well.
        found = {one for who, rows in lists for one in rows if (one.principal_type, one.principal_id) == who}
        shown = {(one.permission_set_arn, one.account_id) for one in found}
        of_gone = {
            (one.permission_set_arn, one.account_id)
            for one in before
            if (one.principal_type, one.principal_id) not in there
        }
        pairs = {(arn, account) for arn, ids in accounts.items() for account in ids}
        asked = sorted((pairs - shown) | (pairs & of_gone))
        found |= {one for rows in self.asking.each(self.assigned, asked) for one in rows}
        return sorted(found, key=lambda each: each.sort_key)

    def assigned(self, pair: tuple[str, str]) -> list[Assignment]:
        """Read who is assigned a set in an account that has it."""
        arn, account = pair
        rows = self.asking.rows(
            (Part.ASSIGNMENTS, f"{arn} in {account}"),
            SSO,
            "list_account_assignments",
            "AccountAssignments",
            **self.of(arn),
            AccountId=account,
        )
        return [
            Assignment(
                permission_set_arn=arn,
                account_id=account,
                principal_type=row["PrincipalType"],
                principal_id=row["PrincipalId"],
            )
            for row in rows or []
        ]

    def assigned_to(self, principal: tuple[str, str]) -> list[Assignment]:
        """Read what a principal, as (USER or GROUP, id), is assigned: a user also by way of groups."""
        kind, identifier = principal
        rows = self.asking.rows(
            (Part.ASSIGNMENTS, identifier),
            SSO,
            "list_account_assignments_for_principal",
            "AccountAssignments",
            InstanceArn=self.instance_arn,
            PrincipalType=kind,
            PrincipalId=identifier,
        )
        return [
            Assignment(
                permission_set_arn=row["PermissionSetArn"],
                account_id=row["AccountId"],
                principal_type=row["PrincipalType"],
                principal_id=row["PrincipalId"],
            )
            for row in rows or []
        ]


_Read = Callable[[SetReader, str], dict[str, Any]]


def _described(reader: SetReader, arn: str) -> dict[str, Any]:
    found = reader.asking.answer(
        (Part.PERMISSION_SETS, arn), SSO, "describe_permission_set", **reader.of(arn)
    )
    if found is None:
        return {}
    said = found["PermissionSet"]
    return {name: said.get(to_pascal(name), "") for name in ("name", *TEXTS_OF_A_SET.values())}


def _managed(reader: SetReader, arn: str) -> dict[str, Any]:
    rows = reader.asking.rows(
        (Part.MANAGED_POLICIES, arn),
        SSO,
        "list_managed_policies_in_permission_set",
        "AttachedManagedPolicies",
        **reader.of(arn),
    )
    return {} if rows is None else {"managed_policies": tuple(sorted(row["Arn"] for row in rows))}


def _policy_name(said: dict[str, str]) -> PolicyName:
    return PolicyName(name=said["Name"], path=said.get("Path", "/"))


def _customer_managed(reader: SetReader, arn: str) -> dict[str, Any]:
    rows = reader.asking.rows(
        (Part.CUSTOMER_MANAGED_POLICIES, arn),
        SSO,
        "list_customer_managed_policy_references_in_permission_set",
        "CustomerManagedPolicyReferences",
        **reader.of(arn),
    )
    if rows is None:
        return {}
    return {"customer_managed_policies": tuple(sorted(map(_policy_name, rows), key=str))}


def _inline(reader: SetReader, arn: str) -> dict[str, Any]:
    found = reader.asking.answer(
        (Part.INLINE_POLICIES, arn), SSO, "get_inline_policy_for_permission_set", **reader.of(arn)
    )
    return {} if found is None else {"inline_policy": found.get("InlinePolicy", "")}


def _boundary(reader: SetReader, arn: str) -> dict[str, Any]:
    # A set without a boundary is answered with ResourceNotFoundException. Source: the API reference.
    found = reader.asking.answer(
        (Part.BOUNDARIES, arn),
        SSO,
        "get_permissions_boundary_for_permission_set",
        none=(NOT_FOUND,),
        **reader.of(arn),
    )
    said = (found or {}).get("PermissionsBoundary")
    if not said:
        return {}
    customer = said.get("CustomerManagedPolicyReference")
    return {
        "boundary": Boundary(
            managed_policy_arn=said.get("ManagedPolicyArn", ""),
            customer_managed=_policy_name(customer) if customer else None,
        )
    }


def _tags(reader: SetReader, arn: str) -> dict[str, Any]:
    rows = reader.asking.rows(
        (Part.TAGS, arn),
        SSO,
        "list_tags_for_resource",
        "Tags",
        InstanceArn=reader.instance_arn,
        ResourceArn=arn,
    )
    return {} if rows is None else {"tags": {row["Key"]: row["Value"] for row in rows}}


def _accounts(reader: SetReader, arn: str) -> dict[str, Any]:
    rows = reader.asking.rows(
        (Part.PROVISIONING, arn),
        SSO,
        "list_accounts_for_provisioned_permission_set",
        "AccountIds",
        **reader.of(arn),
    )
    return {} if rows is None else {"accounts": sorted(rows)}


_READERS: Final[dict[Part, _Read]] = {
    Part.PERMISSION_SETS: _described,
    Part.MANAGED_POLICIES: _managed,
    Part.CUSTOMER_MANAGED_POLICIES: _customer_managed,
    Part.INLINE_POLICIES: _inline,
    Part.BOUNDARIES: _boundary,
    Part.TAGS: _tags,
    Part.PROVISIONING: _accounts,
}
SET_PARTS: Final = frozenset(_READERS)


def put_together(
    found: dict[str, dict[str, Any]], outdated: set[tuple[str, str]]
) -> tuple[PermissionSet, ...]:
    """Make the sets of what was read of them."""
    made = []
    for arn, members in sorted(found.items()):
        accounts = members.pop("accounts", None)
        provisioned = (
            None
            if accounts is None
            else tuple(
                Provisioned(account_id=account, outdated=(arn, account) in outdated) for account in accounts
            )
        )
        made.append(PermissionSet(arn=arn, provisioned=provisioned, **members))
    return tuple(made)
