"""Types of IAM that own a whole list: a role's policies, a policy's holders, a group's members.

The exclusive types only forget on delete (WithNoOpDelete); the two older ones, PolicyAttachment and
GroupMembership, take away what they gave.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.call import Call
from sandbox.provider.schema import AutoName, Identity, ResourceType, set_of, text
from sandbox.provider.ssoadmin_attachments import keep

_GONE = ("NoSuchEntity",)
_KINDS = ("Role", "User", "Group")


def _inline_exclusive(kind: str) -> ResourceType:
    """Return the type that owns the names of all inline policies of a role, a user or a group."""
    holder, word = f"{kind}Name", kind.lower()
    owner = f"{word}Name"

    def have(call: Call, name: str) -> list[str]:
        return call.pages(f"List{kind}Policies", "PolicyNames", **{holder: name})

    def make(call: Call, want: dict[str, Any]) -> None:
        there, wanted = set(have(call, want[owner])), set(want["policyNames"])
        call.made({owner: want[owner]})
        for name in sorted(wanted - there):
            # The provider puts a policy without a document, which AWS refuses: the names must exist.
            call.ask(f"Put{kind}Policy", **{holder: want[owner]}, PolicyName=name)
        for name in sorted(there - wanted):
            call.ask(f"Delete{kind}Policy", **{holder: want[owner]}, PolicyName=name)

    def update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
        del old, changed
        make(call, want)

    def read(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
        return {**at, "policyNames": sorted(have(call, at[owner]))}

    return ResourceType(
        token=f"aws:iam/{word}PoliciesExclusive:{kind}PoliciesExclusive",
        source=f"TF internal/service/iam/{word}_policies_exclusive.go",
        service="iam",
        id=Identity((owner,), ""),
        inputs={
            "policyNames": set_of(text(), required=True),
            owner: text(required=True, force_new=True),
        },
        create=make,
        read=read,
        update=update,
        delete=keep,
        gone=_GONE,
        regional=False,
    )


def _attached_exclusive(kind: str) -> ResourceType:
    """Return the type that owns all managed policies of a role, a user or a group."""
    holder, word = f"{kind}Name", kind.lower()
    owner = f"{word}Name"

    def have(call: Call, name: str) -> list[str]:
        rows = call.pages(f"ListAttached{kind}Policies", "AttachedPolicies", **{holder: name})
        return [row["PolicyArn"] for row in rows]

    def make(call: Call, want: dict[str, Any]) -> None:
        there, wanted = set(have(call, want[owner])), set(want["policyArns"])
        call.made({owner: want[owner]})
        for arn in sorted(wanted - there):
            call.ask(f"Attach{kind}Policy", **{holder: want[owner]}, PolicyArn=arn)
        for arn in sorted(there - wanted):
            call.ask(f"Detach{kind}Policy", **{holder: want[owner]}, PolicyArn=arn)

    def update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
        del old, changed
        make(call, want)

    def read(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
        return {**at, "policyArns": sorted(have(call, at[owner]))}

    return ResourceType(
        token=f"aws:iam/{word}PolicyAttachmentsExclusive:{kind}PolicyAttachmentsExclusive",
        source=f"TF internal/service/iam/{word}_policy_attachments_exclusive.go",
        service="iam",
        id=Identity((owner,), ""),
        inputs={
            "policyArns": set_of(text(checks=(checks.arn,)), required=True),
            owner: text(required=True, force_new=True),
        },
        create=make,
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
    *(_inline_exclusive(kind) for kind in _KINDS),
    *(_attached_exclusive(kind) for kind in _KINDS),
    POLICY_ATTACHMENT,
    GROUP_MEMBERSHIP,
)
