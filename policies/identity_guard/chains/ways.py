"""The ways by which one step leads from an identity to another, as data with a source for each.

What hands a role to a service, and what uses a workload that has one, stands in the catalogue's list of
escalation paths already (`Through.PASSED_ROLE`, `Through.RUNNING_ROLE`) and is read from there.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union


class On(Enum):
    """What a call is made on."""

    USER = "user"
    ROLE = "role"
    GROUP = "group"
    POLICY = "policy"
    PERMISSION_SET = "permission set"
    DIRECTORY_GROUP = "directory group"
    SAML_PROVIDER = "SAML provider"
    OIDC_PROVIDER = "OIDC provider"
    APPLICATION = "account access application"
    NOTHING = "no resource"
    """The call names no resource that a policy could be limited to."""


class Effect(Enum):
    """What the calls come to."""

    BECOMES = "becomes"
    """One has the target's credentials."""
    WRITES = "writes"
    """What the target may do is one's own to say."""
    UNBINDS = "unbinds"
    """The target's boundary is gone."""
    UNDENIES = "undenies"
    """What denied the target something is gone."""
    JOINS = "joins"
    """One is a member of the target."""
    MAKES = "makes"
    """There is a new identity, with one's own policy, and one is it."""
    ASSIGNS = "assigns"
    """One holds the permission set in an account."""
    ENTITLES = "entitles"
    """One is let into a role by account access manager."""
    IS_ANYBODY = "is anybody"
    """One signs in as whomever one likes."""


@dataclass(frozen=True)
class Way:
    """Calls that together are one step. All of them are made on the same target."""

    name: str
    effect: Effect
    on: On
    actions: tuple[str, ...]
    does: str
    """What they do, after the name of who does it and before that of the target."""
    source: str
    certain: bool = True
    """False where the calls lead further only with something that no policy shows."""
    chooses_boundary: bool = False
    """Whether iam:PermissionsBoundary is the boundary that is put, and not the one that the target has
    (Service Authorization Reference, IAM; IAM User Guide, access_policies_boundaries)."""

    @property
    def mask(self) -> int:
        """Its actions in the catalogue."""
        return _mask(self.actions)


@cache
def _mask(actions: tuple[str, ...]) -> int:
    return catalogue().mask_of(actions)


_IAM: Final = "IAM API Reference, "
_SSO: Final = "IAM Identity Center API Reference, "
_SAR: Final = "Service Authorization Reference, "


def _one(  # noqa: PLR0913, PLR0917 - a row of the table below, column by column
    name: str,
    effect: Effect,
    on: On,
    action: str,
    does: str,
    source: str,
    *,
    certain: bool = True,
    chooses_boundary: bool = False,
) -> Way:
    return Way(name, effect, on, (action,), does, source, certain, chooses_boundary)


_U, _R, _G, _P, _S = On.USER, On.ROLE, On.GROUP, On.POLICY, On.PERMISSION_SET
_BE, _WR, _UN, _JO = Effect.BECOMES, Effect.WRITES, Effect.UNBINDS, Effect.JOINS
_ANY: Final = Effect.IS_ANYBODY

CHOOSE_VERSION: Final = "choose-version"
"""The way that leads as far as an older version of a policy does."""

WAYS: Final = (
    _one("create-key", _BE, _U, "iam:CreateAccessKey", "makes an access key of", f"{_IAM}CreateAccessKey"),
    _one(
        "create-password",
        _BE,
        _U,
        "iam:CreateLoginProfile",
        "gives a console password to",
        f"{_IAM}CreateLoginProfile",
    ),
    _one(
        "change-password",
        _BE,
        _U,
        "iam:UpdateLoginProfile",
        "changes the console password of",
        f"{_IAM}UpdateLoginProfile",
    ),
    # In one account a trust that names the caller is leave enough to assume the role (IAM User Guide,
    # reference_policies_evaluation-logic), so nothing else is asked for.
    _one(
        "change-trust",
        _BE,
        _R,
        "iam:UpdateAssumeRolePolicy",
        "opens the trust of",
        f"{_IAM}UpdateAssumeRolePolicy",
    ),
    _one("put-user-policy", _WR, _U, "iam:PutUserPolicy", "puts a policy on", f"{_IAM}PutUserPolicy"),
    _one(
        "attach-user-policy",
        _WR,
        _U,
        "iam:AttachUserPolicy",
        "attaches a policy to",
        f"{_IAM}AttachUserPolicy",
    ),
    _one("put-role-policy", _WR, _R, "iam:PutRolePolicy", "puts a policy on", f"{_IAM}PutRolePolicy"),
    _one(
        "attach-role-policy",
        _WR,
        _R,
        "iam:AttachRolePolicy",
        "attaches a policy to",
        f"{_IAM}AttachRolePolicy",
    ),
    _one("put-group-policy", _WR, _G, "iam:PutGroupPolicy", "puts a policy on", f"{_IAM}PutGroupPolicy"),
    _one(
        "attach-group-policy",
        _WR,
        _G,
        "iam:AttachGroupPolicy",
        "attaches a policy to",
        f"{_IAM}AttachGroupPolicy",
    ),
    _one(
        "write-version",
        _WR,
        _P,
        "iam:CreatePolicyVersion",
        "writes a new version of",
        f"{_IAM}CreatePolicyVersion (SetAsDefault)",
    ),
    _one(
        CHOOSE_VERSION,
        _WR,
        _P,
        "iam:SetDefaultPolicyVersion",
        "brings back an older version of",
        f"{_IAM}SetDefaultPolicyVersion",
        certain=False,
    ),
    _one(
        "put-set-policy",
        _WR,
        _S,
        "sso:PutInlinePolicyToPermissionSet",
        "puts a policy on",
        f"{_SSO}PutInlinePolicyToPermissionSet",
    ),
    _one(
        "attach-set-policy",
        _WR,
        _S,
        "sso:AttachManagedPolicyToPermissionSet",
        "attaches a policy to",
        f"{_SSO}AttachManagedPolicyToPermissionSet",
    ),
    _one(
        "put-set-permissions",
        _WR,
        _S,
        "sso:PutPermissionsPolicy",
        "puts a policy on",
        f"{_SAR}IAM Identity Center, PutPermissionsPolicy",
    ),
    _one(
        "attach-set-customer-policy",
        _WR,
        _S,
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        "attaches an account's own policy to",
        f"{_SSO}AttachCustomerManagedPolicyReferenceToPermissionSet",
        certain=False,
    ),
    _one(
        "delete-user-boundary",
        _UN,
        _U,
        "iam:DeleteUserPermissionsBoundary",
        "takes the boundary off",
        f"{_IAM}DeleteUserPermissionsBoundary",
    ),
    _one(
        "put-user-boundary",
        _UN,
        _U,
        "iam:PutUserPermissionsBoundary",
        "widens the boundary of",
        f"{_IAM}PutUserPermissionsBoundary",
        chooses_boundary=True,
    ),
    _one(
        "delete-role-boundary",
        _UN,
        _R,
        "iam:DeleteRolePermissionsBoundary",
        "takes the boundary off",
        f"{_IAM}DeleteRolePermissionsBoundary",
    ),
    _one(
        "put-role-boundary",
        _UN,
        _R,
        "iam:PutRolePermissionsBoundary",
        "widens the boundary of",
        f"{_IAM}PutRolePermissionsBoundary",
        chooses_boundary=True,
    ),
    _one(
        "delete-set-boundary",
        _UN,
        _S,
        "sso:DeletePermissionsBoundaryFromPermissionSet",
        "takes the boundary off",
        f"{_SSO}DeletePermissionsBoundaryFromPermissionSet",
    ),
    _one(
        "put-set-boundary",
        _UN,
        _S,
        "sso:PutPermissionsBoundaryToPermissionSet",
        "widens the boundary of",
        f"{_SSO}PutPermissionsBoundaryToPermissionSet",
    ),
    _one("join-group", _JO, _G, "iam:AddUserToGroup", "joins", f"{_IAM}AddUserToGroup"),
    _one(
        "join-directory-group",
        _JO,
        On.DIRECTORY_GROUP,
        "identitystore:CreateGroupMembership",
        "joins",
        "Identity Store API Reference, CreateGroupMembership",
    ),
    _one(
        "join-directory-group-by-console",
        _JO,
        On.DIRECTORY_GROUP,
        "sso-directory:AddMemberToGroup",
        "joins",
        f"{_SAR}IAM Identity Center directory, AddMemberToGroup",
    ),
    _one(
        "assign-set",
        Effect.ASSIGNS,
        _S,
        "sso:CreateAccountAssignment",
        "assigns itself",
        f"{_SSO}CreateAccountAssignment",
    ),
    _one(
        "give-entitlement",
        Effect.ENTITLES,
        On.APPLICATION,
        "account-access:CreateEntitlement",
        "entitles itself to the role",
        "AWS account access manager API Reference, CreateEntitlement",
    ),
    _one(
        "change-saml-provider",
        _BE,
        On.SAML_PROVIDER,
        "iam:UpdateSAMLProvider",
        "changes the provider trusted by",
        f"{_IAM}UpdateSAMLProvider; HackTricks Cloud, IAM",
    ),
    Way(
        "replace-saml-provider",
        _BE,
        On.SAML_PROVIDER,
        ("iam:DeleteSAMLProvider", "iam:CreateSAMLProvider"),
        "makes anew the provider trusted by",
        f"{_IAM}DeleteSAMLProvider: policies that name it do not change; CreateSAMLProvider",
    ),
    # Whoever signs in needs the provider's host name in its power as well, which nothing in sight shows.
    # Another audience (AddClientIDToOpenIDConnectProvider) opens nothing that the trust leaves closed.
    _one(
        "change-oidc-thumbprint",
        _BE,
        On.OIDC_PROVIDER,
        "iam:UpdateOpenIDConnectProviderThumbprint",
        "changes whose certificate counts for the provider trusted by",
        f"{_IAM}UpdateOpenIDConnectProviderThumbprint; HackTricks Cloud, IAM",
        certain=False,
    ),
    *(
        _one(name, _ANY, On.NOTHING, action, does, f"{_SAR}{page}")
        for name, action, does, page in (
            (
                "change-identity-source",
                "sso:UpdateDirectoryAssociation",
                "changes the identity source and signs in as",
                "IAM Identity Center, UpdateDirectoryAssociation",
            ),
            (
                "new-identity-source",
                "sso:AssociateDirectory",
                "brings an identity source of its own and signs in as",
                "IAM Identity Center, AssociateDirectory",
            ),
            (
                "change-identity-provider",
                "sso-directory:UpdateExternalIdPConfigurationForDirectory",
                "changes the identity provider and signs in as",
                "IAM Identity Center directory, UpdateExternalIdPConfigurationForDirectory",
            ),
            (
                "own-provider-certificate",
                "sso-directory:ImportExternalIdPCertificate",
                "brings a certificate of its own and signs in as",
                "IAM Identity Center directory, ImportExternalIdPCertificate",
            ),
            (
                "changes-directory-password",
                "sso-directory:UpdatePassword",
                "changes the password of",
                "IAM Identity Center directory, UpdatePassword",
            ),
        )
    ),
)

ASSUME: Final = "sts:AssumeRole"
ENTITLING: Final = "account-access.amazonaws.com"
"""The service through which people use the roles they are entitled to."""
ENTITLED: Final = (ASSUME, "sts:SetContext")
"""What a role's trust has to let that service do (IAM User Guide, account access manager)."""
PASS: Final = "iam:PassRole"  # noqa: S105 - the name of an action
PASS_SOURCE: Final = "IAM User Guide, id_roles_use_passrole"  # noqa: S105 - the name of a page
ASSUME_SOURCE: Final = "IAM User Guide, id_roles_manage-assume and reference_policies_evaluation-logic"


@cache
def all_calls() -> int:
    """Return the actions of all ways, and of those by which a role is assumed or handed on."""
    return union(way.mask for way in WAYS) | _mask((ASSUME, PASS))


@cache
def ways_on(on: On) -> tuple[Way, ...]:
    """Return the ways that are about one kind of target."""
    return tuple(way for way in WAYS if way.on is on)


IN_THE_DIRECTORY: Final = frozenset({On.PERMISSION_SET, On.DIRECTORY_GROUP, On.APPLICATION, On.NOTHING})
"""What is one for the whole organisation, and governed from one account."""
