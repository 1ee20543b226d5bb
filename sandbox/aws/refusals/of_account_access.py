"""How the account access manager refuses."""

from sandbox.aws.refusals.refusal import Refusal

_SERVICE = "account-access"
_NOT_FOUND = "ResourceNotFoundException"
_INVALID = "ValidationException"
_MODEL = "botocore's service model of account-access"

ROWS: dict[str, Refusal] = {
    "identity-source-choice": Refusal(
        _SERVICE,
        ("CreateApplication",),
        "the identity source names no instance of Identity Center",
        _INVALID,
        "identitySource must have the member identityCenter.",
        f"{_MODEL}, the union IdentitySource",
    ),
    "account-access-instance": Refusal(
        _SERVICE,
        ("CreateApplication",),
        "this region has no such instance of Identity Center",
        _INVALID,
        "Identity Center instance {arn} not found.",
        f"{_MODEL}, errors of CreateApplication",
    ),
    "account-access-exists": Refusal(
        _SERVICE,
        ("CreateApplication",),
        "the instance has an application, made by another request",
        "AlreadyCreatedException",
        "The application {arn} already exists for this Identity Center instance.",
        "TF internal/service/accountaccess/application.go",
    ),
    "account-access-deleting": Refusal(
        _SERVICE,
        ("CreateApplication",),
        "the application of the instance is being deleted",
        "ConflictException",
        "The application {arn} is being deleted.",
        f"{_MODEL}, errors of CreateApplication",
    ),
    "account-access-not-found": Refusal(
        _SERVICE,
        ("GetApplication", "CreateEntitlement", "ListEntitlements", "TagResource"),
        "there is no such application",
        _NOT_FOUND,
        "Application {arn} not found.",
        f"{_MODEL}, errors of GetApplication",
    ),
    "entitlement-choice": Refusal(
        _SERVICE,
        ("CreateEntitlement",),
        "not exactly one of a user and a group is named",
        _INVALID,
        "Exactly one of userId and groupId must be given.",
        f"{_MODEL}, the unions Entitlement and IdentityCenterPrincipal",
    ),
    "entitlement-principal-not-found": Refusal(
        _SERVICE,
        ("CreateEntitlement",),
        "the directory has no such user or group",
        _NOT_FOUND,
        "Principal with {kind} {id} not found.",
        f"{_MODEL}, errors of CreateEntitlement",
    ),
    "entitlement-role-not-found": Refusal(
        _SERVICE,
        ("CreateEntitlement",),
        "the account has no such role",
        _INVALID,
        "Error verifying role {role}: it does not exist.",
        'TF internal/service/accountaccess/entitlement.go tries again on "verifying role"',
    ),
    "entitlement-groups-quota": Refusal(
        _SERVICE,
        ("CreateEntitlement",),
        "20 groups may assume the role already",
        "ServiceQuotaExceededException",
        "At most {limit} groups can be entitled to {role}.",
        "IAM Identity Center user guide, aam-quotas",
    ),
    "entitlement-not-found": Refusal(
        _SERVICE,
        ("GetEntitlement",),
        "the application has no such entitlement",
        _NOT_FOUND,
        "Entitlement {id} not found.",
        f"{_MODEL}, errors of GetEntitlement",
    ),
}
