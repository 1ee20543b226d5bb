"""The outputs of the stack, which people and other programs read. No person's attribute is among them."""

from collections.abc import Mapping

import pulumi

from identity_center.model.access.grant import Grant
from identity_center.model.access.grants import Access
from identity_center.model.access.record import RecordedModel, write_record
from identity_center.model.language.accounts import MANAGEMENT
from identity_center.model.language.mfa_requirement import first_sign_in
from identity_center.model.language.values import PrincipalType
from identity_center.resources.access_model import WholeModel

from .last_model import OUTPUT
from .preflight import Checked


def stack_outputs(checked: Checked, model: WholeModel) -> dict[str, object]:
    """Return the outputs by name."""
    access = checked.access
    return {
        "portal_url": checked.portal_url,
        "region": checked.instance.region,
        "instance_arn": checked.instance.arn,
        "identity_store_id": checked.instance.identity_store_id,
        "users": model.user_ids,
        "groups": model.group_ids,
        "permission_sets": model.permission_set_arns,
        "assignments": [_sentence(grant, access) for grant in access.grants],
        "account_assignments": pulumi.Output.all(
            model.user_ids, model.group_ids, model.permission_set_arns
        ).apply(lambda ids: [_record(grant, access, *ids) for grant in access.grants]),
        OUTPUT: pulumi.Output.secret(write_record(RecordedModel.of(access))),
        "first_sign_in": list(first_sign_in(checked.portal_url, access.declared.mfa_requirement)),
    }


def _sentence(grant: Grant, access: Access) -> str:
    """Say a grant as `group developers -> PowerUserWithIAM -> 123456789012`."""
    kind = grant.principal_type.value.lower()
    name = access.set_names[grant.permission_set]
    note = f" ({MANAGEMENT})" if grant.account_id == access.management_account_id else ""
    return f"{kind} {grant.principal} -> {name} -> {grant.account_id}{note}"


def _record(
    grant: Grant,
    access: Access,
    user_ids: Mapping[str, str],
    group_ids: Mapping[str, str],
    permission_set_arns: Mapping[str, str],
) -> dict[str, str]:
    """Say a grant as the API does, for comparison with it."""
    if grant.principal_type is PrincipalType.USER:
        ids = {**access.external_user_ids, **user_ids}
    else:
        ids = {**access.external_group_ids, **group_ids}
    return {
        "principalType": grant.kind,
        "principalId": ids[grant.principal],
        "principal": grant.principal,
        "permissionSetArn": {**access.external_set_arns, **permission_set_arns}[grant.permission_set],
        "permissionSet": access.set_names[grant.permission_set],
        "accountId": grant.account_id,
    }
