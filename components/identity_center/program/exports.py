"""The outputs of the stack, which people and other programs read. No person's attribute is among them.

What grows with the model is kept as a secret, for a reader's sake and for nothing else: the engine would list
all of it in every update, and bury what changes. `pulumi stack output NAME --show-secrets` shows it.
"""

from collections.abc import Iterator, Mapping

import pulumi

from identity_center.model.access.grant import Grant
from identity_center.model.access.grants import Access
from identity_center.model.access.record import RecordedModel, write_record
from identity_center.model.aws.partitions import regional_portal_urls
from identity_center.model.aws.portal_roles import role_arn_pattern
from identity_center.model.language.accounts import MANAGEMENT
from identity_center.model.language.keys.values import PrincipalType, entitlement_name, grantee_name
from identity_center.model.organisation.places import Places
from identity_center.program.preview.update_time import pace_output
from identity_center.program.state.last_model import FIRST_SIGN_IN, OUTPUT
from identity_center.resources.access_model import WholeModel

from .first_steps import steps_of
from .preflight import Checked


def stack_outputs(checked: Checked, model: WholeModel) -> dict[str, object]:
    """Return the outputs by name."""
    access = checked.access
    long: dict[str, object] = {
        "users": model.user_ids,
        "groups": model.group_ids,
        "permission_sets": model.permission_set_arns,
        "assignments": _sentences(access),
        "account_assignments": pulumi.Output.all(
            model.user_ids, model.group_ids, model.permission_set_arns
        ).apply(lambda ids: {grant.resource_name: _record(grant, access, *ids) for grant in access.grants}),
        "application_assignments": pulumi.Output.all(
            model.user_ids, model.group_ids, model.application_arns
        ).apply(lambda ids: dict(_application_records(access, *ids))),
        "role_entitlements": pulumi.Output.all(model.user_ids, model.group_ids).apply(
            lambda ids: dict(_entitlement_records(access, *ids))
        ),
        "role_arns": _role_arns(checked),
        OUTPUT: write_record(RecordedModel.of(access)),
        FIRST_SIGN_IN: list(steps_of(checked)),
    }
    return {
        "portal_url": checked.portal_url,
        **_regional_portals(checked),
        "region": checked.instance.region,
        "instance_arn": checked.instance.arn,
        "identity_store_id": checked.instance.identity_store_id,
        **{name: pulumi.Output.secret(value) for name, value in long.items()},
        **pace_output(checked.plan, model, checked.last),
    }


def _regional_portals(checked: Checked) -> dict[str, object]:
    """Return where people sign in beside the primary Region; nothing where there is no such place."""
    regions = sorted(checked.access.declared.additional_regions)
    urls = regional_portal_urls(checked.instance.arn, regions)
    return {"regional_portal_urls": urls} if urls else {}


def _sentences(access: Access) -> dict[str, str]:
    """Say each grant as `group developers -> PowerUser -> shop 444444444444`, by its name in the stack.

    A name stays where it is when others come and go; a place in a list does not.
    """
    places = Places(access.organisation)
    return {grant.resource_name: _sentence(grant, access, places) for grant in access.grants}


def _sentence(grant: Grant, access: Access, places: Places) -> str:
    kind = grant.principal_type.value.lower()
    name = access.set_names[grant.permission_set]
    note = f" ({MANAGEMENT})" if grant.account_id == access.management_account_id else ""
    return f"{kind} {grant.principal} -> {name} -> {places.account(grant.account_id)}{note}"


def _role_arns(checked: Checked) -> dict[str, dict[str, str]]:
    """Return the pattern of the role that each permission set has in an account, by key and account id."""
    found: dict[str, dict[str, str]] = {}
    for grant in checked.access.grants:
        name = checked.access.set_names[grant.permission_set]
        pattern = role_arn_pattern(
            name, grant.account_id, checked.instance.region, checked.instance.partition
        )
        found.setdefault(grant.permission_set, {})[grant.account_id] = pattern
    return found


def _record(
    grant: Grant,
    access: Access,
    user_ids: Mapping[str, str],
    group_ids: Mapping[str, str],
    permission_set_arns: Mapping[str, str],
) -> dict[str, str]:
    """Say a grant as the API does, for comparison with it."""
    return {
        **_principal(grant.principal_type, grant.principal, access, user_ids, group_ids),
        "permissionSetArn": {**access.external_set_arns, **permission_set_arns}[grant.permission_set],
        "permissionSet": access.set_names[grant.permission_set],
        "accountId": grant.account_id,
    }


def _principal(
    kind: PrincipalType, key: str, access: Access, user_ids: Mapping[str, str], group_ids: Mapping[str, str]
) -> dict[str, str]:
    if kind is PrincipalType.USER:
        ids = {**access.external_user_ids, **user_ids}
    else:
        ids = {**access.external_group_ids, **group_ids}
    return {"principalType": kind.value, "principalId": ids[key], "principal": key}


def _application_records(
    access: Access,
    user_ids: Mapping[str, str],
    group_ids: Mapping[str, str],
    application_arns: Mapping[str, str],
) -> Iterator[tuple[str, dict[str, str]]]:
    """Say who may use which application, as above, by the name of the assignment in the stack."""
    for key, application in access.declared.applications.items():
        for each in application.assignments:
            who = _principal(each.principal_type, each.principal, access, user_ids, group_ids)
            name = grantee_name(key, each.principal_type, each.principal)
            yield name, {**who, "applicationArn": application_arns[key], "application": application.name}


def _entitlement_records(
    access: Access, user_ids: Mapping[str, str], group_ids: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Say who may take which role through account access manager, as above."""
    manager = access.declared.account_access
    for each in manager.entitlements if manager else ():
        who = _principal(each.principal_type, each.principal, access, user_ids, group_ids)
        for role in each.roles:
            yield entitlement_name(role, each.principal_type, each.principal), {**who, "roleArn": role}
