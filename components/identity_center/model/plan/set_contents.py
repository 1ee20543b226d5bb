"""What a permission set holds, read from a plan or from a state: both have the same properties."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from identity_center.model.language.keys.values import DEFAULT_SESSION

from .planned import BOUNDARY, CUSTOMER_POLICY, INLINE_POLICY, MANAGED_POLICIES, PERMISSION_SET, Id, Plan

#: A resource as it matters here: which one it is, and its properties as the provider names them.
Stated = Iterable[tuple[Id, Mapping[str, Any]]]


@dataclass(frozen=True)
class SetContents:
    """The policies of a permission set and its session."""

    managed: frozenset[str] = frozenset()
    """ARNs of AWS-managed policies."""
    customer_managed: frozenset[str] = frozenset()
    """Paths and names of policies that each account has of its own, such as `/team/Deploy`."""
    inline: str | None = None
    """The inline policy as JSON, its keys sorted, so that no order and no space is a difference."""
    boundary: str | None = None
    """The ARN of an AWS-managed policy, or path and name of one that each account has of its own."""
    session: str = DEFAULT_SESSION
    """As AWS writes it, such as `PT4H`."""


def contents(stated: Stated) -> dict[str, SetContents]:
    """Return what each permission set holds, by its key."""
    found: dict[str, SetContents] = {}
    for resource, properties in stated:
        if resource.type in _READERS:
            # A customer-managed policy is called `SET/path/NAME`, everything else as its set.
            key = resource.key.split("/", 1)[0]
            found[key] = _READERS[resource.type](found.get(key, SetContents()), properties)
    return found


def contents_of_plan(plan: Plan) -> dict[str, SetContents]:
    """Return what each permission set of a plan is to hold, by its key."""
    return contents((each.id, each.inputs) for each in plan)


def _canonical(document: object) -> str | None:
    if document is None or document == "":
        return None
    if not isinstance(document, str):
        return json.dumps(document, sort_keys=True)
    try:
        return json.dumps(json.loads(document), sort_keys=True)
    except ValueError:
        return document


def _boundary(boundary: Mapping[str, Any] | None) -> str | None:
    if not boundary:
        return None
    customer = boundary.get("customerManagedPolicyReference")
    return _path_and_name(customer) if customer else boundary.get("managedPolicyArn")


def _path_and_name(reference: Mapping[str, Any]) -> str:
    return f"{reference.get('path') or '/'}{reference['name']}"


def _with_customer_managed(so_far: SetContents, properties: Mapping[str, Any]) -> SetContents:
    reference = properties.get("customerManagedPolicyReference")
    named = {_path_and_name(reference)} if reference else set[str]()
    return replace(so_far, customer_managed=so_far.customer_managed | named)


#: What each type of resource adds to what a set holds.
_READERS: Final[Mapping[str, Callable[[SetContents, Mapping[str, Any]], SetContents]]] = {
    PERMISSION_SET: lambda so_far, given: replace(
        so_far, session=given.get("sessionDuration") or DEFAULT_SESSION
    ),
    MANAGED_POLICIES: lambda so_far, given: replace(
        so_far, managed=frozenset(given.get("managedPolicyArns") or ())
    ),
    CUSTOMER_POLICY: _with_customer_managed,
    INLINE_POLICY: lambda so_far, given: replace(so_far, inline=_canonical(given.get("inlinePolicy"))),
    BOUNDARY: lambda so_far, given: replace(
        so_far, boundary=_boundary(given.get("permissionsBoundary") or {})
    ),
}
#: Types whose changes reach accounts by provisioning alone.
ATTACHED: Final = frozenset(_READERS)
