"""The organisation itself: what AWS tells of it, and the resource that makes it of an account."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.organizations.policies import POLICY_TYPES
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.clients import RefusedByAwsError
from sandbox.provider.rows.schema import (
    Built,
    Identity,
    Invoke,
    Property,
    ResourceType,
    block,
    flag,
    list_of,
    set_of,
    text,
)

_SERVICE = "organizations"
ALL_FEATURES = "ALL"


def _told(call: Call, *, only: bool) -> dict[str, Any]:
    """Return what DescribeOrganization tells and, unless only that is wanted, what the lists do."""
    found = call.ask("DescribeOrganization", service=_SERVICE)["Organization"]
    out: dict[str, Any] = {
        "arn": found["Arn"],
        "featureSet": found["FeatureSet"],
        "id": found["Id"],
        "masterAccountArn": found["MasterAccountArn"],
        "masterAccountEmail": found["MasterAccountEmail"],
        "masterAccountId": found["MasterAccountId"],
        "accounts": [], "nonMasterAccounts": [], "roots": [],
        "awsServiceAccessPrincipals": [], "enabledPolicyTypes": [],
        "masterAccountName": "",
    }  # fmt: skip
    if only:
        return out
    rows = call.pages("ListAccounts", "Accounts", service=_SERVICE)
    return {**out, **_listed(call, rows, found["MasterAccountId"], found["FeatureSet"])}


def _listed(call: Call, rows: list[dict[str, Any]], management_id: str, features: str) -> dict[str, Any]:
    accounts = [_account(row) for row in rows]
    services: list[dict[str, Any]] = []
    if features == ALL_FEATURES:
        # With fewer AWS refuses the question (TF organization.go: ConstraintViolationException).
        services = call.pages(
            "ListAWSServiceAccessForOrganization", "EnabledServicePrincipals", service=_SERVICE
        )
    roots = call.pages("ListRoots", "Roots", service=_SERVICE)
    management = next(row for row in accounts if row["id"] == management_id)
    return {
        "accounts": accounts,
        "awsServiceAccessPrincipals": sorted(row["ServicePrincipal"] for row in services),
        "enabledPolicyTypes": [
            kind["Type"] for kind in roots[0]["PolicyTypes"] if kind["Status"] == "ENABLED"
        ],
        "masterAccountName": management["name"],
        "nonMasterAccounts": [row for row in accounts if row is not management],
        "roots": [_root(row) for row in roots],
    }


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "arn": row["Arn"],
        "email": row["Email"],
        "id": row["Id"],
        "joinedMethod": row["JoinedMethod"],
        "joinedTimestamp": row["JoinedTimestamp"].isoformat(),
        "name": row["Name"],
        "state": row["State"],
        "status": row["Status"],
    }


def _root(row: dict[str, Any]) -> dict[str, Any]:
    types = [{"status": kind["Status"], "type": kind["Type"]} for kind in row["PolicyTypes"]]
    return {"arn": row["Arn"], "id": row["Id"], "name": row["Name"], "policyTypes": types}


def _get_organization(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask all four questions, or the first alone where a member may not list the organisation.

    Only that one refusal is borne (TF organization_data_source.go): whoever may list the accounts but not the
    roots or the services gets an error and no organisation at all.
    """
    given = {name: asked[name] for name in ("returnOrganizationOnly",) if name in asked}
    organisation = _told(call, only=True)
    if asked.get("returnOrganizationOnly"):
        return {**organisation, **given}
    caller = call.ask("GetCallerIdentity", service="sts")["Account"]
    management = organisation["masterAccountId"]
    try:
        accounts = call.pages("ListAccounts", "Accounts", service=_SERVICE)
    except RefusedByAwsError as refused:
        if caller == management or refused.code != "AccessDeniedException":
            raise
        return {**organisation, **given}
    return {**organisation, **_listed(call, accounts, management, organisation["featureSet"]), **given}


def _create(call: Call, want: dict[str, Any]) -> None:
    made = call.ask("CreateOrganization", FeatureSet=want["featureSet"])["Organization"]
    call.made({"id": made["Id"]})
    _switch(call, {}, want)


def _switch(call: Call, have: Mapping[str, Any], want: Mapping[str, Any]) -> None:
    """Enable and disable services' access and kinds of policies until they are those that are wanted."""
    gone, new = _differ(have, want, "awsServiceAccessPrincipals")
    for service in gone:
        call.ask("DisableAWSServiceAccess", ServicePrincipal=service)
    for service in new:
        call.ask("EnableAWSServiceAccess", ServicePrincipal=service)
    gone, new = _differ(have, want, "enabledPolicyTypes")
    if gone or new:
        root = call.pages("ListRoots", "Roots")[0]["Id"]
        for kind in gone:
            call.ask("DisablePolicyType", PolicyType=kind, RootId=root)
        for kind in new:
            call.ask("EnablePolicyType", PolicyType=kind, RootId=root)


def _differ(have: Mapping[str, Any], want: Mapping[str, Any], name: str) -> tuple[list[str], list[str]]:
    old, new = set(have.get(name) or ()), set(want.get(name) or ())
    return sorted(old - new), sorted(new - old)


def _read(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    only = bool(call.prior.get("returnOrganizationOnly"))
    found = _told(call, only=only)
    if found["id"] != at["id"]:
        return None
    if only:
        # What nobody asked AWS for stays as it was.
        found |= {name: call.prior.get(name) for name in ("awsServiceAccessPrincipals", "enabledPolicyTypes")}
    return found


def _update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    _switch(call, old, want)
    if "featureSet" in changed:
        call.ask("EnableAllFeatures")


def _delete(call: Call, state: Mapping[str, Any]) -> None:
    del state
    call.ask("DeleteOrganization")


def _texts(*names: str) -> dict[str, Property]:
    return {name: text() for name in names}


_ACCOUNT = _texts("arn", "email", "id", "joinedMethod", "joinedTimestamp", "name", "state", "status")
_ROOT = {**_texts("arn", "id", "name"), "policyTypes": list_of(block(_texts("status", "type")))}
_ALSO_TOLD = {
    **_texts("arn", "masterAccountArn", "masterAccountEmail", "masterAccountId", "masterAccountName"),
    "accounts": list_of(block(_ACCOUNT)),
    "nonMasterAccounts": list_of(block(_ACCOUNT)),
    "roots": list_of(block(_ROOT)),
}

ORGANIZATION = ResourceType(
    token="aws:organizations/organization:Organization",  # noqa: S106 - a type token
    source="TF internal/service/organizations/organization.go (only from all features to billing replaces)",
    built_on=Built.SDK,
    read_at="332453e",
    service=_SERVICE,
    id=Identity(("id",), ""),
    inputs={
        "awsServiceAccessPrincipals": set_of(text()),
        "enabledPolicyTypes": set_of(text(checks=(checks.one_of(*POLICY_TYPES),))),
        "featureSet": text(
            default=ALL_FEATURES,
            force_new_from=ALL_FEATURES,
            checks=(checks.one_of(ALL_FEATURES, "CONSOLIDATED_BILLING"),),
        ),
        "returnOrganizationOnly": flag(aws="-"),
    },
    outputs=_ALSO_TOLD,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    gone=("AWSOrganizationsNotInUseException",),
    regional=False,
)

RESOURCES = (ORGANIZATION,)
INVOKES = (
    Invoke(
        token="aws:organizations/getOrganization:getOrganization",  # noqa: S106 - a function token
        source="TF internal/service/organizations/organization_data_source.go",
        inputs={"returnOrganizationOnly": flag()},
        outputs={
            **_texts("featureSet", "id"),
            **_ALSO_TOLD,
            "awsServiceAccessPrincipals": list_of(text()),
            "enabledPolicyTypes": list_of(text()),
        },
        run=_get_organization,
    ),
)
