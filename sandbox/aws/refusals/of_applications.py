"""How Identity Center refuses what concerns its applications."""

from sandbox.aws.refusals.refusal import Refusal

_NOT_FOUND = "ResourceNotFoundException"
_SSO = "sso-admin"
_MODEL = "botocore's service model of sso-admin"

ROWS: dict[str, Refusal] = {
    "application-not-found": Refusal(
        _SSO,
        ("DescribeApplication", "UpdateApplication", "DeleteApplication", "CreateApplicationAssignment"),
        "no instance of this region has such an application",
        _NOT_FOUND,
        "Could not find Application with arn {arn}",
        f"{_MODEL}, errors of DescribeApplication",
    ),
    "application-provider-unsupported": Refusal(
        _SSO,
        ("CreateApplication",),
        "the application provider is not the one of customer-managed OAuth 2.0 applications",
        "ValidationException",
        "The application provider with arn '{arn}' is not supported for this action.",
        "hashicorp/terraform-provider-aws issues 34813, 45936: SAML 2.0 and catalogue applications",
    ),
    "application-principal-not-found": Refusal(
        _SSO,
        ("CreateApplicationAssignment",),
        "the directory has no such user or group",
        _NOT_FOUND,
        "{type} with id {principal} not found",
        f"{_MODEL}, errors of CreateApplicationAssignment",
    ),
    "application-assignment-not-found": Refusal(
        _SSO,
        ("DescribeApplicationAssignment", "DeleteApplicationAssignment"),
        "the principal is not assigned to the application",
        _NOT_FOUND,
        "Could not find ApplicationAssignment of {type} {principal}",
        f"{_MODEL}, errors of DescribeApplicationAssignment",
    ),
}
