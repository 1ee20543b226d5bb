"""What a role's attributes repeat of its policies, where nobody wrote them.

`managed_policy_arns` and `inline_policy` of `aws_iam_role` are optional and computed: written, they are lists
that take off everything else; not written, the provider fills them with all that the role has, whoever
attached it, and with one empty block where it has no inline policy. Then they are no lists of anybody's, and
what no resource of the same file attaches was attached elsewhere.

Source: the provider's page of `aws_iam_role`, "Argument Reference".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple


class Mirror(NamedTuple):
    """One attribute, and the type of which each member of it is one."""

    type: str
    names: str
    """The attribute of that type by which a member is known."""


MIRRORS: Final[Mapping[str, Mirror]] = {
    "managed_policy_arns": Mirror("aws_iam_role_policy_attachment", "policy_arn"),
    "inline_policy": Mirror("aws_iam_role_policy", "name"),
}
Own = tuple[str, object, object]
"""Type, role and name of a policy that a resource of the file attaches."""


def attached(resources: Iterable[tuple[str, Any]]) -> Iterator[Own]:
    """Yield what the resources of a file attach to roles, given as type and attributes."""
    for kind, values in resources:
        for mirror in MIRRORS.values():
            if kind == mirror.type and isinstance(values, Mapping):
                yield kind, values.get("role"), values.get(mirror.names)


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the empty block that stands for no inline policy."""
    blocks = values.get("inline_policy")
    if not isinstance(blocks, list):
        return dict(values)
    kept = [each for each in blocks if not isinstance(each, Mapping) or any(each.values())]
    return {**values, "inline_policy": kept}


def attached_elsewhere(
    role: Mapping[str, Any], written: Iterable[str], own: set[Own]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the policies of a role that no resource of the file attaches: member, type and attributes."""
    for attribute, mirror in MIRRORS.items():
        members = role.get(attribute)
        if attribute in written or not isinstance(members, list):
            continue
        for number, each in enumerate(members):
            given = dict(each) if isinstance(each, Mapping) else {mirror.names: each}
            if (mirror.type, role.get("name"), given.get(mirror.names)) not in own:
                yield f"{attribute}[{number}]", mirror.type, {"role": role.get("name"), **given}
