"""The directory: users, groups and who is in them."""

from sandbox.aws.accounts.surroundings import Surroundings

from .register import NOBODY, refuses


@refuses("unknown-identity-store")
def _(around: Surroundings) -> object:
    return around.store.list_users(IdentityStoreId="d-0000000000")


@refuses("user-not-found")
def _(around: Surroundings) -> object:
    return around.store.describe_user(IdentityStoreId=around.store_id, UserId=NOBODY)


@refuses("group-not-found")
def _(around: Surroundings) -> object:
    return around.store.delete_group(IdentityStoreId=around.store_id, GroupId=NOBODY)


@refuses("membership-not-found")
def _(around: Surroundings) -> object:
    return around.store.delete_group_membership(IdentityStoreId=around.store_id, MembershipId=NOBODY)


@refuses("duplicate-user-name")
def _(around: Surroundings) -> object:
    around.user()
    return around.user(around.word.upper())


@refuses("duplicate-email")
def _(around: Surroundings) -> object:
    mail = [{"Value": f"{around.word}@example.com"}]
    around.user(Emails=mail)
    return around.user(f"{around.word}-other", Emails=mail)


@refuses("duplicate-group-name")
def _(around: Surroundings) -> object:
    around.group()
    other = around.group(f"{around.word}-other")
    rename = [{"AttributePath": "displayName", "AttributeValue": around.word}]
    return around.store.update_group(IdentityStoreId=around.store_id, GroupId=other, Operations=rename)


@refuses("duplicate-membership")
def _(around: Surroundings) -> object:
    asked = {"GroupId": around.group(), "MemberId": {"UserId": around.user()}}
    around.store.create_group_membership(IdentityStoreId=around.store_id, **asked)
    return around.store.create_group_membership(IdentityStoreId=around.store_id, **asked)


@refuses("stale-revision")
def _(around: Surroundings) -> object:
    return around.store.delete_user(IdentityStoreId=around.store_id, UserId=around.user(), Revision="7")


@refuses("reserved-name")
def _(around: Surroundings) -> object:
    return around.user("Administrator")


@refuses("required-attributes")
def _(around: Surroundings) -> object:
    return around.user(Name={"GivenName": "Ada"})


@refuses("unknown-attribute")
def _(around: Surroundings) -> object:
    change = [{"AttributePath": "mfa", "AttributeValue": "x"}]
    return around.store.update_user(IdentityStoreId=around.store_id, UserId=around.user(), Operations=change)


@refuses("invalid-attribute-value")
def _(around: Surroundings) -> object:
    change = [{"AttributePath": "title", "AttributeValue": ""}]
    return around.store.update_user(IdentityStoreId=around.store_id, UserId=around.user(), Operations=change)
