"""Resource types and invokes of the Identity Center directory (``aws:identitystore/*``)."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider.checks import length
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    Built,
    Identity,
    Invoke,
    Property,
    ResourceType,
    block,
    flag,
    list_of,
    text,
)
from sandbox.provider.rows.shaping import from_aws, to_aws

_WORDS = (length(1, 1024),)


def _words(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    return text(checks=_WORDS, **more)


_ADDRESS = {
    "country": _words(),
    "formatted": _words(),
    "locality": _words(),
    "postalCode": _words(),
    "primary": flag(default=False),
    "region": _words(),
    "streetAddress": _words(),
    "type": _words(),
}
_VALUE = {"primary": flag(default=False), "type": _words(), "value": _words()}
_NAME = {
    "familyName": _words(required=True),
    "formatted": _words(),
    "givenName": _words(required=True),
    "honorificPrefix": _words(),
    "honorificSuffix": _words(),
    "middleName": _words(),
}
_EXTERNAL_IDS = list_of(block({"id": text(), "issuer": text()}))

# The attribute path of the API for each property that UpdateUser can change (TF user.go, fields of Update).
_USER_PATHS = {
    "displayName": "displayName",
    "nickname": "nickName",
    "profileUrl": "profileUrl",
    "userType": "userType",
    "title": "title",
    "preferredLanguage": "preferredLanguage",
    "locale": "locale",
    "timezone": "timezone",
    "emails": "emails",
    "addresses": "addresses",
    "phoneNumbers": "phoneNumbers",
}
_GROUP_PATHS = {"displayName": "displayName", "description": "description"}


def _create_user(call: Call, want: dict[str, Any]) -> None:
    made = call.send("CreateUser", want)
    call.made({"identityStoreId": want["identityStoreId"], "userId": made["UserId"]})


def _read_user(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.send("DescribeUser", at)
    return from_aws({**USER.inputs, **USER.outputs}, answer)


def _update_user(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    operations = [
        _operation(path, USER.inputs[name], want.get(name))
        for name, path in _USER_PATHS.items()
        if name in changed
    ]
    if "name" in changed:
        before, after = old.get("name") or {}, want.get("name") or {}
        operations += [
            _operation(f"name.{part}", given, after.get(part))
            for part, given in _NAME.items()
            if before.get(part) != after.get(part)
        ]
    if operations:
        call.send("UpdateUser", old, Operations=operations)


def _operation(path: str, given: Property, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of a property
    """Write one operation; an empty value becomes null, which removes the attribute."""
    written = None if value in (None, "", {}, []) else to_aws(given, value)
    return {"AttributePath": path, "AttributeValue": written}


def _delete_user(call: Call, state: Mapping[str, Any]) -> None:
    call.send("DeleteUser", state)


USER = ResourceType(
    token="aws:identitystore/user:User",  # noqa: S106 - a type token
    source="TF internal/service/identitystore/user.go; emails, addresses and phoneNumbers at most one each",
    built_on=Built.SDK,
    read_at="00005ed",
    service="identitystore",
    id=Identity(("identityStoreId", "userId"), "/"),
    inputs={
        "addresses": block(_ADDRESS, one_of_list=True),
        "displayName": _words(required=True),
        "emails": block(_VALUE, one_of_list=True),
        "identityStoreId": text(required=True, force_new=True),
        "locale": _words(),
        # TF requires name; the bridge makes a field called name optional, and AWS then refuses a user
        # without it.
        "name": block(_NAME),
        "nickname": _words(aws="NickName"),
        "phoneNumbers": block(_VALUE, one_of_list=True),
        "preferredLanguage": _words(),
        "profileUrl": _words(),
        "timezone": _words(),
        "title": _words(),
        "userName": text(required=True, force_new=True, checks=(length(1, 128),)),
        "userType": _words(),
    },
    outputs={"externalIds": _EXTERNAL_IDS, "userId": text(), "userStatus": text()},
    create=_create_user,
    read=_read_user,
    update=_update_user,
    delete=_delete_user,
)


def _create_group(call: Call, want: dict[str, Any]) -> None:
    made = call.send("CreateGroup", want)
    call.made({"identityStoreId": want["identityStoreId"], "groupId": made["GroupId"]})


def _read_group(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.send("DescribeGroup", at)
    return from_aws({**GROUP.inputs, **GROUP.outputs}, answer)


def _update_group(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    # Unlike user.go: what is taken away is sent as an empty text, and the call is made without operations too
    # (pulumi-aws issue 5689); AWS refuses both.
    operations = [
        {"AttributePath": path, "AttributeValue": want.get(name) or ""}
        for name, path in _GROUP_PATHS.items()
        if name in changed
    ]
    call.send("UpdateGroup", old, Operations=operations)


def _delete_group(call: Call, state: Mapping[str, Any]) -> None:
    call.send("DeleteGroup", state)


GROUP = ResourceType(
    token="aws:identitystore/group:Group",  # noqa: S106 - a type token
    source="TF internal/service/identitystore/group.go (displayName updates in place since PR 39416; a"
    " description cannot be taken away)",
    built_on=Built.SDK,
    read_at="f64a965",
    service="identitystore",
    id=Identity(("identityStoreId", "groupId"), "/"),
    inputs={
        "description": _words(),
        "displayName": _words(required=True),
        "identityStoreId": text(required=True, force_new=True),
    },
    outputs={"arn": text(aws="GroupArn"), "externalIds": _EXTERNAL_IDS, "groupId": text()},
    create=_create_group,
    read=_read_group,
    update=_update_group,
    delete=_delete_group,
)


def _create_membership(call: Call, want: dict[str, Any]) -> None:
    made = call.send("CreateGroupMembership", want, MemberId={"UserId": want["memberId"]})
    call.made({"identityStoreId": want["identityStoreId"], "membershipId": made["MembershipId"]})


def _read_membership(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.send("DescribeGroupMembership", at)
    return {
        "groupId": answer["GroupId"],
        "identityStoreId": answer["IdentityStoreId"],
        "memberId": answer["MemberId"]["UserId"],
        "membershipId": answer["MembershipId"],
    }


def _delete_membership(call: Call, state: Mapping[str, Any]) -> None:
    call.send("DeleteGroupMembership", state)


GROUP_MEMBERSHIP = ResourceType(
    token="aws:identitystore/groupMembership:GroupMembership",  # noqa: S106 - a type token
    source="TF internal/service/identitystore/group_membership.go (users only, no update)",
    built_on=Built.SDK,
    read_at="0de0d32",
    service="identitystore",
    id=Identity(("identityStoreId", "membershipId"), "/"),
    inputs={
        "groupId": text(required=True, force_new=True, checks=(length(1, 47),)),
        "identityStoreId": text(required=True, force_new=True, checks=(length(1, 36),)),
        # The API wraps the member: the steps write it themselves.
        "memberId": text(required=True, force_new=True, checks=(length(1, 47),), aws="-"),
    },
    outputs={"membershipId": text()},
    create=_create_membership,
    read=_read_membership,
    delete=_delete_membership,
)

RESOURCES = (USER, GROUP, GROUP_MEMBERSHIP)

_ALTERNATE = block(
    {
        "externalId": block({"id": text(required=True), "issuer": text(required=True)}),
        "uniqueAttribute": block(
            {"attributePath": text(required=True), "attributeValue": text(required=True)}
        ),
    }
)


def _found(call: Call, asked: dict[str, Any], identifier: str, get: str) -> str:
    """Return the id that a lookup means: given, or by an alternate identifier."""
    member = identifier[:1].upper() + identifier[1:]
    wanted = asked.get("alternateIdentifier")
    if wanted is None:
        if asked.get(identifier) is None:
            raise ValueError(f"one of {identifier} and alternateIdentifier must be given")
        return str(asked[identifier])
    answer = call.ask(
        get,
        service="identitystore",
        IdentityStoreId=asked["identityStoreId"],
        AlternateIdentifier=to_aws(_ALTERNATE, wanted),
    )
    found = str(answer[member])
    if asked.get(identifier) not in (None, found):
        raise ValueError(f"{identifier} and alternateIdentifier name two different things")
    return found


def _get_user(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    store = asked["identityStoreId"]
    user = _found(call, asked, "userId", "GetUserId")
    answer = call.ask("DescribeUser", service="identitystore", IdentityStoreId=store, UserId=user)
    read = from_aws({**USER.inputs, **USER.outputs}, answer)
    # The lookup gives lists where the resource has one object, and calls the name `names`
    # (pulumi_aws.GetUserResult).
    for single, plural in (("addresses",) * 2, ("emails",) * 2, ("phoneNumbers",) * 2, ("name", "names")):
        value = read.pop(single, None)
        read[plural] = [value] if value else []
    read["externalIds"] = read.get("externalIds", [])
    return {**read, **asked, "userId": user, "id": user, "region": call.region}


def _get_group(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    store = asked["identityStoreId"]
    group = _found(call, asked, "groupId", "GetGroupId")
    answer = call.ask("DescribeGroup", service="identitystore", IdentityStoreId=store, GroupId=group)
    read = from_aws({**GROUP.inputs, **GROUP.outputs}, answer)
    read.pop("arn", None)
    read["externalIds"] = read.get("externalIds", [])
    return {**read, **asked, "groupId": group, "id": group, "region": call.region}


INVOKES = (
    Invoke(
        token="aws:identitystore/getUser:getUser",  # noqa: S106 - a function token
        source="TF internal/service/identitystore/user_data_source.go",
        inputs={"alternateIdentifier": _ALTERNATE, "identityStoreId": text(required=True), "userId": text()},
        outputs={
            "addresses": list_of(block(_ADDRESS)),
            "displayName": text(),
            "emails": list_of(block(_VALUE)),
            "externalIds": _EXTERNAL_IDS,
            "id": text(),
            "locale": text(),
            "names": list_of(block(_NAME)),
            "nickname": text(),
            "phoneNumbers": list_of(block(_VALUE)),
            "preferredLanguage": text(),
            "profileUrl": text(),
            "timezone": text(),
            "title": text(),
            "userName": text(),
            "userStatus": text(),
            "userType": text(),
        },
        run=_get_user,
        regional=True,
    ),
    Invoke(
        token="aws:identitystore/getGroup:getGroup",  # noqa: S106 - a function token
        source="TF internal/service/identitystore/group_data_source.go",
        inputs={"alternateIdentifier": _ALTERNATE, "groupId": text(), "identityStoreId": text(required=True)},
        outputs={"description": text(), "displayName": text(), "externalIds": _EXTERNAL_IDS, "id": text()},
        run=_get_group,
        regional=True,
    ),
)
