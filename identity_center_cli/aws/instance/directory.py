"""Users, groups and who is in them."""

from dataclasses import dataclass
from typing import Any, Final

from identity_center.model.existing.objects import Address, Email, ExternalId, Group, Membership, Phone, User
from identity_center.model.existing.parts import Part
from identity_center_cli.aws.instance.asking import Asking

STORE: Final = "identitystore"
#: Attributes of a user in one word, by AWS's names. Source: botocore's model of identitystore, shape User.
_WORDS: Final = ("NickName", "ProfileUrl", "UserType", "Title", "PreferredLanguage", "Locale", "Timezone")
#: Parts of a name that few people have. Source: as above, shape Name.
_PARTS_OF_A_NAME: Final = {
    "MiddleName": "middleName",
    "Formatted": "formattedName",
    "HonorificPrefix": "honorificPrefix",
    "HonorificSuffix": "honorificSuffix",
}


@dataclass(frozen=True, slots=True)
class DirectoryReader:
    """Reads one identity store."""

    asking: Asking
    store_id: str

    def users(self) -> tuple[User, ...]:
        """Read all users."""
        rows = self.asking.rows((Part.USERS, ""), STORE, "list_users", "Users", IdentityStoreId=self.store_id)
        return tuple(sorted(map(_user, rows or []), key=lambda user: user.id))

    def groups(self) -> tuple[Group, ...]:
        """Read all groups."""
        rows = self.asking.rows(
            (Part.GROUPS, ""), STORE, "list_groups", "Groups", IdentityStoreId=self.store_id
        )
        return tuple(sorted(map(_group, rows or []), key=lambda group: group.id))

    def memberships(self, users: tuple[User, ...], groups: tuple[Group, ...]) -> tuple[Membership, ...]:
        """Read who is in which group, asking by group or by user: the fewer."""
        if len(groups) <= len(users):
            found = self.asking.each(self.of_group, [group.id for group in groups])
        else:
            found = self.asking.each(self._of_user, [user.id for user in users])
        rows = [row for each in found for row in each]
        return tuple(sorted(rows, key=lambda each: (each.group_id, each.user_id)))

    def of_group(self, group_id: str) -> list[Membership]:
        """Read who is in one group."""
        return self._memberships(group_id, "list_group_memberships", GroupId=group_id)

    def _of_user(self, user_id: str) -> list[Membership]:
        return self._memberships(user_id, "list_group_memberships_for_member", MemberId={"UserId": user_id})

    def _memberships(self, of: str, operation: str, **asked: Any) -> list[Membership]:  # noqa: ANN401 - of an operation
        rows = self.asking.rows(
            (Part.MEMBERSHIPS, of),
            STORE,
            operation,
            "GroupMemberships",
            IdentityStoreId=self.store_id,
            **asked,
        )
        return [
            Membership(group_id=row["GroupId"], user_id=row["MemberId"]["UserId"], id=row["MembershipId"])
            for row in rows or []
            # A member of a kind that this version does not know has no user's id.
            if "UserId" in row["MemberId"]
        ]


def _user(row: dict[str, Any]) -> User:
    name = row.get("Name", {})
    return User(
        id=row["UserId"],
        user_name=row.get("UserName", ""),
        display_name=row.get("DisplayName", ""),
        given_name=name.get("GivenName", ""),
        family_name=name.get("FamilyName", ""),
        emails=tuple(
            Email(value=one.get("Value", ""), kind=one.get("Type", ""), primary=bool(one.get("Primary")))
            for one in row.get("Emails", [])
        ),
        attributes={
            **{word[0].lower() + word[1:]: row[word] for word in _WORDS if row.get(word)},
            **{word: name[part] for part, word in _PARTS_OF_A_NAME.items() if name.get(part)},
        },
        phones=tuple(
            Phone(value=one.get("Value", ""), kind=one.get("Type", ""), primary=bool(one.get("Primary")))
            for one in row.get("PhoneNumbers", [])
        ),
        addresses=tuple(map(_address, row.get("Addresses", []))),
        status=row.get("UserStatus", ""),
        external_ids=_external_ids(row),
        created_by=row.get("CreatedBy", ""),
    )


def _address(row: dict[str, Any]) -> Address:
    return Address(
        street_address=row.get("StreetAddress", ""),
        locality=row.get("Locality", ""),
        region=row.get("Region", ""),
        postal_code=row.get("PostalCode", ""),
        country=row.get("Country", ""),
        formatted=row.get("Formatted", ""),
        kind=row.get("Type", ""),
        primary=bool(row.get("Primary")),
    )


def _group(row: dict[str, Any]) -> Group:
    return Group(
        id=row["GroupId"],
        name=row.get("DisplayName", ""),
        description=row.get("Description", ""),
        external_ids=_external_ids(row),
        created_by=row.get("CreatedBy", ""),
    )


def _external_ids(row: dict[str, Any]) -> tuple[ExternalId, ...]:
    found = [ExternalId(issuer=one["Issuer"], id=one["Id"]) for one in row.get("ExternalIds", [])]
    return tuple(sorted(found, key=lambda each: (each.issuer, each.id)))
