"""Permission sets, what is attached to them and who gets them where, as resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from identity_center.model.language.keys.argument_names import PERMISSION_SET as _INPUTS
from identity_center.model.language.keys.values import DEFAULT_SESSION, PrincipalType, assignment_name
from identity_center.model.language.policies import CustomerPolicy

from .people import Attributes, Principal, formerly
from .planned import (
    ASSIGNMENT,
    BOUNDARY,
    CUSTOMER_POLICY,
    INLINE_POLICY,
    MANAGED_POLICIES,
    PERMISSION_SET,
    Id,
    Plan,
    PlannedResource,
    Ref,
    component,
    given,
    shown,
)
from .timeouts import timed


@dataclass(frozen=True)
class AssignedTo:
    """A principal gets the set in an account."""

    principal: Principal
    account_id: str
    break_glass: bool = False
    """Whether the engine refuses to delete the assignment, the set and, where it makes them, who holds it."""


def plan_permission_set(name: str, args: Attributes, assigned: Iterable[AssignedTo]) -> Plan:
    """Plan a permission set with its policies, and the assignments that wait for them."""
    listed = list(assigned)
    inputs = {name: args[name] for name in _INPUTS if name in args}
    permission_set = PlannedResource(
        PERMISSION_SET,
        name,
        given(**{"session_duration": DEFAULT_SESSION, **inputs}, instance_arn=args["instance_arn"]),
        protect=any(each.break_glass for each in listed),
    )
    attached = in_turn(attachments(name, args))
    arn = Ref(PERMISSION_SET, name, "arn", once=attached[-1].id)
    around = component(
        "PermissionSet",
        name,
        shown(args, "instance_arn", "managed_policy_arns", *_INPUTS),
        former_names=formerly(args.get("formerly")),
        outputs={"arn": arn},
    )
    own, last = Ref(PERMISSION_SET, name, "arn"), (attached[-1].id,)
    assignments = (_assignment(name, args["instance_arn"], each, own, last) for each in listed)
    made = (replace(each, parent=around.id) for each in (permission_set, *attached, *assignments))
    return around, *timed(made, args.get("timeouts"))


def plan_external_set(name: str, args: Attributes, assigned: Iterable[AssignedTo]) -> Plan:
    """Plan the assignments of a permission set that others make, of which only the ARN is known here.

    They stand where those of a set of the model's own would: a set that is taken over keeps them all.
    """
    around = component(
        "PermissionSet",
        name,
        shown(args, "instance_arn"),
        former_names=formerly(args.get("formerly")),
        outputs={"arn": args["arn"]},
    )
    made = (_assignment(name, args["instance_arn"], each, args["arn"]) for each in assigned)
    return around, *timed((replace(each, parent=around.id) for each in made), args.get("timeouts"))


def assigned_of_args(args: Attributes) -> Iterator[AssignedTo]:
    """Read the assignments of the component `PermissionSet`, one account after the other."""
    for assignment in args.get("assignments", ()):
        principal = Principal.of_args(assignment)
        protected = assignment.get("break_glass_account_ids", ())
        for account_id in assignment["account_ids"]:
            yield AssignedTo(principal, account_id, account_id in protected)


def attachments(name: str, args: Attributes) -> Iterator[PlannedResource]:
    """Plan what is attached to a permission set of the plan, in the order in which it is attached.

    See docs/decisions/2026-11-23-customer-managed-policies.md for why these are attached one by one.
    """
    to: dict[str, object] = {
        "instanceArn": args["instance_arn"],
        "permissionSetArn": Ref(PERMISSION_SET, name, "arn"),
    }
    # First, and so deleted last: the set never grants what its boundary withholds. Another boundary replaces
    # the attachment, and a set has one boundary: to delete the old attachment after the new one is made
    # would take the new boundary away. See docs/decisions/2026-11-25-another-boundary.md.
    if args.get("permissions_boundary") is not None:
        limit = {"permissionsBoundary": _boundary(args["permissions_boundary"])}
        yield PlannedResource(BOUNDARY, name, {**to, **limit}, delete_before_replace=True)
    # Always there, with an empty list where there are no policies: its deletion does nothing, so a last
    # policy could not leave otherwise. See docs/decisions/2026-11-23-exclusive-attachments.md.
    managed = {"managedPolicyArns": args.get("managed_policy_arns", [])}
    yield PlannedResource(MANAGED_POLICIES, name, {**to, **managed})
    for policy in args.get("customer_managed_policies", ()):
        reference = _reference(policy)
        full = CustomerPolicy(reference["path"], reference["name"])
        yield PlannedResource(
            CUSTOMER_POLICY, f"{name}{full}", {**to, "customerManagedPolicyReference": reference}
        )
    if args.get("inline_policy") is not None:
        yield PlannedResource(INLINE_POLICY, name, {**to, "inlinePolicy": args["inline_policy"]})


def in_turn(planned: Iterable[PlannedResource]) -> Plan:
    """Let each wait for the one before it: two changes of one permission set at once are a conflict."""
    made: list[PlannedResource] = []
    for each in planned:
        made.append(replace(each, depends_on=tuple(before.id for before in made[-1:])))
    return tuple(made)


def _reference(policy: Mapping[str, Any]) -> dict[str, str]:
    return {"name": policy["name"], "path": policy.get("path") or "/"}


def _boundary(boundary: Mapping[str, Any]) -> dict[str, Any]:
    customer = boundary.get("customer_managed_policy")
    if customer is not None:
        return {"customerManagedPolicyReference": _reference(customer)}
    return {"managedPolicyArn": boundary["managed_policy_arn"]}


def _assignment(
    name: str, instance_arn: object, to: AssignedTo, set_arn: object, after: tuple[Id, ...] = ()
) -> PlannedResource:
    who, account_id = to.principal, to.account_id
    what = {"instance_arn": instance_arn, "permission_set_arn": set_arn}
    made = assignment(assignment_name(name, who.kind, who.key, account_id), what, who, account_id)
    former = who.former_key
    before = None if former is None else assignment_name(name, who.kind, former, account_id)
    return replace(made, depends_on=after, former_names=formerly(before), protect=to.break_glass)


def assignment(name: str, what: Attributes, principal: Principal, account_id: str) -> PlannedResource:
    """Plan the assignment of a permission set in one account; `what` has the ARNs of instance and set."""
    inputs = given(
        instance_arn=what["instance_arn"],
        permission_set_arn=what["permission_set_arn"],
        principal_type=principal.kind.value,
        principal_id=principal.id,
        target_type="AWS_ACCOUNT",
        target_id=account_id,
    )
    return PlannedResource(ASSIGNMENT, name, inputs)


def plan_assignment(name: str, args: Attributes) -> Plan:
    """Plan the component of one principal's assignment in some accounts."""
    principal = Principal(PrincipalType(args["principal_type"]), name, args["principal_id"])
    made = [
        assignment(f"{name}/{account_id}", args, principal, account_id)
        for account_id in sorted(args["account_ids"])
    ]
    names = ("instance_arn", "permission_set_arn", "principal_type", "principal_id", "account_ids")
    around = component(
        "Assignment",
        name,
        shown(args, *names),
        outputs={"accountIds": [each.output("targetId") for each in made]},
    )
    return around, *timed((replace(each, parent=around.id) for each in made), args.get("timeouts"))
