"""How signing in and the access portal refuse."""

from sandbox.aws.refusals.refusal import Refusal

_PORTAL = "sso"
_SIGN_IN = "sso-oidc"
_MODEL = "botocore's service model of sso-oidc"

ROWS: dict[str, Refusal] = {
    "portal-token": Refusal(
        _PORTAL,
        ("ListAccounts", "ListAccountRoles", "GetRoleCredentials", "Logout"),
        "the token is none, has ended, was logged out, or its user is gone",
        "UnauthorizedException",
        "Session token not found or invalid",
        "what users of the AWS CLI and of aws-vault report",
    ),
    "portal-no-access": Refusal(
        _PORTAL,
        ("GetRoleCredentials", "ListAccountRoles"),
        "the person has no such role in the account; the error is not in the model",
        "ForbiddenException",
        "No access",
        "aws/aws-sam-cli issue 2129, aws/aws-cli issue 6316",
    ),
    "portal-page": Refusal(
        _PORTAL,
        ("ListAccounts", "ListAccountRoles"),
        "the token of the next page is none",
        "InvalidRequestException",
        "The next token is invalid",
        "botocore's service model of sso, errors of ListAccounts",
    ),
    "sign-in-client-type": Refusal(
        _SIGN_IN,
        ("RegisterClient",),
        "the type of the client is not `public`",
        "InvalidClientMetadataException",
        "",
        f"{_MODEL}, RegisterClient: only public clients",
        {"error": "invalid_client_metadata"},
    ),
    "sign-in-client": Refusal(
        _SIGN_IN,
        ("StartDeviceAuthorization", "CreateToken"),
        "there is no such client, its secret is another one, or it has ended",
        "InvalidClientException",
        "",
        _MODEL,
        {"error": "invalid_client"},
    ),
    "sign-in-start-url": Refusal(
        _SIGN_IN,
        ("StartDeviceAuthorization",),
        "no instance has this portal",
        "InvalidRequestException",
        "",
        _MODEL,
        {"error": "invalid_request"},
    ),
    "sign-in-pending": Refusal(
        _SIGN_IN,
        ("CreateToken",),
        "nobody has said yes yet",
        "AuthorizationPendingException",
        "",
        f"{_MODEL}; RFC 8628, section 3.5",
        {"error": "authorization_pending"},
    ),
    "sign-in-expired": Refusal(
        _SIGN_IN,
        ("CreateToken",),
        "ten minutes have passed since the device code was given",
        "ExpiredTokenException",
        "",
        f"{_MODEL}; RFC 8628, section 3.5",
        {"error": "expired_token"},
    ),
    "sign-in-grant": Refusal(
        _SIGN_IN,
        ("CreateToken",),
        "there is no such device code or refresh token, or it was used, or its user is gone",
        "InvalidGrantException",
        "",
        f"{_MODEL}; RFC 6749, section 5.2",
        {"error": "invalid_grant"},
    ),
    "sign-in-grant-type": Refusal(
        _SIGN_IN,
        ("CreateToken",),
        "the grant is neither a device code nor a refresh token; authorization codes need AWS's pages",
        "UnsupportedGrantTypeException",
        "",
        _MODEL,
        {"error": "unsupported_grant_type"},
    ),
}
