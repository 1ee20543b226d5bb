"""Types of IAM that own a whole list: a role's policies, a policy's holders, a group's members.

The exclusive types only forget on delete (WithNoOpDelete); the two older ones, PolicyAttachment and
GroupMembership, take away what they gave.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider import checks
from sandbox.provider.identity_center.ssoadmin_attachments import keep
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import AutoName, Built, Identity, Property, ResourceType, set_of, text

_GONE = ("NoSuchEntity",)
_KINDS = ("Role", "User", "Group")


@dataclass(frozen=True)
class _Owned:
    """What one kind of exclusive type owns of a role, a user or a group: a list of names or ARNs."""

    plural: str
    """As in the type's token, after the holder: `PoliciesExclusive`."""
    file: str
    property: str
    item: Property
    list: Callable[[Call, str, Mapping[str, str]], list[str]]
    """Lists what is there, by the holder's kind and its name as a member of the request."""
    add: Callable[[str], str]
    take: Callable[[str], str]
    """The operations that give and take one, by the holder's kind."""
    member: str
    """What these operations call the one."""


_INLINE = _Owned(
    plural="PoliciesExclusive",
    file="policies_exclusive",
    property="policyNames",
    item=text(),
    list=lambda call, kind, holder: call.pages(f"List{kind}Policies", "PolicyNames", **holder),
    # The provider puts a policy without a document, which AWS refuses: the names must exist.
    add=lambda kind: f"Put{kind}Policy",
    take=lambda kind: f"Delete{kind}Policy",
    member="PolicyName",
)
_MANAGED = _Owned(
    plural="PolicyAttachmentsExclusive",
    file="policy_attachments_exclusive",
    property="policyArns",
    item=text(checks=(checks.arn,)),
    list=lambda call, kind, holder: [
        row["PolicyArn"] for row in call.pages(f"ListAttached{kind}Policies", "AttachedPolicies", **holder)
    ],
    add=lambda kind: f"Attach{kind}Policy",
    take=lambda kind: f"Detach{kind}Policy",
    member="PolicyArn",
)


def _exclusive(owned: _Owned, kind: str) -> ResourceType:
    """Return the type that owns all such policies of a role, a user or a group."""
    word = kind.lower()
    owner = f"{word}Name"

    def have(call: Call, name: str) -> list[str]:
        return owned.list(call, kind, {f"{kind}Name": name})

    def make(call: Call, want: dict[str, Any]) -> None:
        there, wanted = set(have(call, want[owner])), set(want[owned.property])
        holder = {f"{kind}Name": want[owner]}
        for one in sorted(wanted - there):
            call.ask(owned.add(kind), **holder, **{owned.member: one})
        for one in sorted(there - wanted):
            call.ask(owned.take(kind), **holder, **{owned.member: one})

    def create(call: Call, want: dict[str, Any]) -> None:
        make(call, want)
        call.made({owner: want[owner]})

    def update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
        del old
        if owned.property in changed:
            make(call, want)

    def read(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
        return {**at, owned.property: sorted(have(call, at[owner]))}

    return ResourceType(
        token=f"aws:iam/{word}{owned.plural}:{kind}{owned.plural}",
        source=f"TF internal/service/iam/{word}_{owned.file}.go",
        built_on=Built.FRAMEWORK,
        read_at="02568cd",
        service="iam",
        id=Identity((owner,), ""),
        inputs={
            owned.property: set_of(owned.item, required=True),
            owner: text(required=True, force_new=True),
        },
        create=create,
        read=read,
        update=update,
        delete=keep,
        gone=_GONE,
        regional=False,
    )


# Every holder of a policy

_HOLDERS = {"groups": "Group", "roles": "Role", "users": "User"}


def _holders(call: Call, arn: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for plural, kind in _HOLDERS.items():
        rows = call.pages("ListEntitiesForPolicy", f"Policy{kind}s", PolicyArn=arn)
        found[plural] = {row[f"{kind}Name"] for row in rows}
    return found


def _hold(call: Call, arn: str, wanted: Mapping[str, Any]) -> None:
    """Attach the policy to everybody wanted and take it from everybody else."""
    there = _holders(call, arn)
    for plural, kind in _HOLDERS.items():
        names = set(wanted.get(plural) or [])
        for name in sorted(names - there[plural]):
            call.ask(f"Attach{kind}Policy", **{f"{kind}Name": name}, PolicyArn=arn)
        for name in sorted(there[plural] - names):
            call.ask(f"Detach{kind}Policy", **{f"{kind}Name": name}, PolicyArn=arn)


def _create_attachment(call: Call, want: dict[str, Any]) -> None:
    if not any(want.get(plural) for plural in _HOLDERS):
        raise ValueError("no users, roles or groups are given to attach the policy to")
    call.made({"name": want["name"], "policyArn": want["policyArn"]})
    _hold(call, want["policyArn"], want)


def _read_attachment(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    arn = at.get("policyArn") or call.prior.get("policyArn")
    if arn is None:
        raise ValueError("this type cannot be imported: its id does not name the policy")
    found = {plural: sorted(names) for plural, names in _holders(call, arn).items() if names}
    return {"name": at["name"], "policyArn": arn, **found} if found else None


def _update_attachment(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del changed
    _hold(call, old["policyArn"], want)


def _delete_attachment(call: Call, state: Mapping[str, Any]) -> None:
    _hold(call, state["policyArn"], {})


POLICY_ATTACHMENT = ResourceType(
    token="aws:iam/policyAttachment:PolicyAttachment",  # noqa: S106 - a type token
    source="TF internal/service/iam/policy_attachment.go (takes the policy from everybody who is not listed)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={
        "groups": set_of(text()),
        "name": text(computed=True, force_new=True, aws="-"),
        "policyArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "roles": set_of(text()),
        "users": set_of(text()),
    },
    create=_create_attachment,
    read=_read_attachment,
    update=_update_attachment,
    delete=_delete_attachment,
    gone=_GONE,
    autoname=AutoName(),
    regional=False,
)


# Every member of a group


def _members(call: Call, group: str) -> set[str]:
    return {row["UserName"] for row in call.pages("GetGroup", "Users", GroupName=group)}


def _join(call: Call, group: str, users: set[str]) -> None:
    for user in sorted(users):
        call.ask("AddUserToGroup", GroupName=group, UserName=user)


def _leave(call: Call, group: str, users: set[str]) -> None:
    for user in sorted(users):
        call.ask_tolerating(_GONE, "RemoveUserFromGroup", GroupName=group, UserName=user)


def _create_membership(call: Call, want: dict[str, Any]) -> None:
    call.made({"name": want["name"], "group": want["group"]})
    _join(call, want["group"], set(want["users"]))


def _read_membership(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    group = at.get("group") or call.prior.get("group")
    if group is None:
        raise ValueError("this type cannot be imported: its id does not name the group")
    return {"name": at["name"], "group": group, "users": sorted(_members(call, group))}


def _update_membership(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del changed
    before, after = set(old.get("users") or []), set(want["users"])
    _leave(call, old["group"], before - after)
    _join(call, old["group"], after - before)


def _delete_membership(call: Call, state: Mapping[str, Any]) -> None:
    _leave(call, state["group"], set(state.get("users") or []))


GROUP_MEMBERSHIP = ResourceType(
    token="aws:iam/groupMembership:GroupMembership",  # noqa: S106 - a type token
    source="TF internal/service/iam/group_membership.go",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={
        "group": text(required=True, force_new=True),
        "name": text(computed=True, force_new=True, aws="-"),
        "users": set_of(text(), required=True),
    },
    create=_create_membership,
    read=_read_membership,
    update=_update_membership,
    delete=_delete_membership,
    gone=_GONE,
    autoname=AutoName(),
    regional=False,
)

RESOURCES = (
    *(_exclusive(owned, kind) for owned in (_INLINE, _MANAGED) for kind in _KINDS),
    POLICY_ATTACHMENT,
    GROUP_MEMBERSHIP,
)
