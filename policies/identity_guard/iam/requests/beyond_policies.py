"""What no policy of the caller decides alone.

There are calls that are always allowed, calls that a kind of caller cannot make, resources that only AWS
changes, and resources whose own policy has to allow as well. Each row has its source. Names of actions are
as in the catalogue; a row of `ONLY_AWS` without actions means all that change something.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import arn_shapes

from .caller import Caller

_USER_GUIDE: Final = "IAM User Guide"


class AlwaysAllowed(NamedTuple):
    """A call that needs no permission."""

    action: str
    why: str
    source: str


ALWAYS_ALLOWED: Final = (
    AlwaysAllowed(
        "sts:GetCallerIdentity",
        "anybody with credentials may call it, even against a Deny",
        "AWS STS API Reference, GetCallerIdentity",
    ),
    AlwaysAllowed(
        "sts:GetSessionToken",
        "every IAM user may call it, and no policy takes it away",
        f"{_USER_GUIDE}, id_credentials_temp_control-access_getsessiontoken",
    ),
)


class NotForSessions(NamedTuple):
    """A call that the credentials of a role's session cannot make."""

    action: str
    source: str


NOT_FOR_SESSIONS: Final = (
    NotForSessions("sts:GetSessionToken", "AWS STS API Reference, AssumeRole (Permissions)"),
    NotForSessions("sts:GetFederationToken", "AWS STS API Reference, AssumeRole (Permissions)"),
    NotForSessions(
        "iam:ChangePassword", "IAM API Reference, ChangePassword: the password of the IAM user who calls"
    ),
)


class WithoutCredentials(NamedTuple):
    """A call that is made without credentials of AWS, so that no policy of a caller is looked at."""

    action: str
    source: str


WITHOUT_CREDENTIALS: Final = (
    WithoutCredentials("sts:AssumeRoleWithSAML", "AWS STS API Reference, AssumeRoleWithSAML"),
    WithoutCredentials("sts:AssumeRoleWithWebIdentity", "AWS STS API Reference, AssumeRoleWithWebIdentity"),
)


@dataclass(frozen=True)
class OnlyAws:
    """Resources that only AWS changes."""

    resource: str
    """A pattern of ARNs, as a regular expression."""
    example: str
    """The same as policies write it."""
    what: str
    source: str
    service: str = "iam"
    actions: frozenset[str] = field(default=frozenset())
    """Without the service; none where everything that changes something is meant."""
    except_for: frozenset[str] = field(default=frozenset())
    """What others may do all the same."""

    def changes(self, name: str) -> bool:
        """Say whether an action of the row's service is one that only AWS may do."""
        lowered = name.lower()
        if lowered in (each.lower() for each in self.except_for):
            return False
        if self.actions:
            return lowered in (each.lower() for each in self.actions)
        bit = catalogue().bit_of(f"{self.service}:{name}")
        return bit is not None and bool(_changing(self.service) >> bit & 1)

    def holds_for(self, action: str) -> bool:
        """Say whether an action could be meant that takes such resources, and is AWS's alone there."""
        service, _, name = action.partition(":")
        if service.lower() != self.service or not self.changes(name):
            return False
        return _takes(action.lower(), self.example)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_A_ROLE: Final = _names(
    "AttachRolePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy "
    "PutRolePermissionsBoundary PutRolePolicy UpdateAssumeRolePolicy"
)
"""The calls that IAM answers with UnmodifiableEntity for a role that belongs to a service, without the two
that change a description (IAM API Reference, the errors of each action; IAM User Guide,
using-service-linked-roles)."""

ONLY_AWS: Final = (
    OnlyAws(
        r"arn:[\w-]+:iam::aws:policy/.+",
        "arn:aws:iam::aws:policy/*",
        "an AWS-managed policy",
        f"{_USER_GUIDE}, access_policies_managed-vs-inline (AWS managed policies cannot be changed)",
    ),
    OnlyAws(
        r"arn:[\w-]+:iam::\d{12}:role/aws-reserved/.+",
        "arn:aws:iam::*:role/aws-reserved/*",
        "a role that IAM Identity Center keeps for a permission set",
        "IAM Identity Center User Guide, referencingpermissionsets; IAM API Reference, UnmodifiableEntity",
    ),
    OnlyAws(
        r"arn:[\w-]+:iam::\d{12}:role/aws-service-role/.+",
        "arn:aws:iam::*:role/aws-service-role/*",
        "a service-linked role",
        f"{_USER_GUIDE}, using-service-linked-roles; IAM API Reference, UnmodifiableEntity",
        actions=_OF_A_ROLE | {"CreateRole"},
    ),
    OnlyAws(
        r"arn:[\w-]+:kms:[\w-]+:\d{12}:alias/aws/.+",
        "arn:aws:kms:*:*:alias/aws/*",
        "the alias of a key that AWS manages",
        "AWS KMS API Reference, CreateAlias (names that begin with alias/aws/ are reserved)",
        "kms",
    ),
    OnlyAws(
        r"arn:[\w-]+:organizations::aws:policy/.+",
        "arn:aws:organizations::aws:policy/*",
        "a policy that AWS manages",
        "AWS Organizations User Guide, orgs_manage_policies_scps (FullAWSAccess)",
        "organizations",
        except_for=_names("AttachPolicy DetachPolicy"),
    ),
    OnlyAws(
        r"arn:[\w-]+:ram::aws:permission/.+",
        "arn:aws:ram::aws:permission/*",
        "a permission that AWS manages",
        "AWS RAM User Guide, security-ram-permissions (AWS managed permissions)",
        "ram",
        actions=_names(
            "CreatePermissionVersion DeletePermission DeletePermissionVersion SetDefaultPermissionVersion"
        ),
    ),
    OnlyAws(
        r"arn:[\w-]+:ssm:[\w-]+:\d{0,12}:document/(?:AWS|aws|Amazon|amazon|amzn)\W?.+",
        "arn:aws:ssm:*:*:document/AWS-*",
        "a document of Systems Manager that AWS owns",
        "AWS Systems Manager API Reference, CreateDocument (reserved prefixes of names)",
        "ssm",
        actions=_names(
            "CreateDocument DeleteDocument ModifyDocumentPermission UpdateDocument "
            "UpdateDocumentDefaultVersion"
        ),
    ),
    OnlyAws(
        r"arn:[\w-]+:ssm:[\w-]+:\d{0,12}:parameter/(?i:aws|ssm)/.+",
        "arn:aws:ssm:*:*:parameter/aws/*",
        "a parameter that AWS publishes",
        "AWS Systems Manager API Reference, PutParameter (reserved prefixes of names)",
        "ssm",
    ),
    OnlyAws(
        r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:aws/.+",
        "arn:aws:logs:*:*:log-group:aws/*",
        "a log group with a name that is AWS's",
        "Amazon CloudWatch Logs API Reference, CreateLogGroup (names that begin with aws/)",
        "logs",
        actions=_names("CreateLogGroup"),
    ),
    OnlyAws(
        r"arn:[\w-]+:config:[\w-]+:\d{12}:config-rule/aws-service-rule/.+",
        "arn:aws:config:*:*:config-rule/aws-service-rule/*",
        "a rule of AWS Config that another service keeps",
        "AWS Config Developer Guide, service-linked-awsconfig-rules",
        "config",
        actions=_names("DeleteConfigRule DeleteEvaluationResults PutConfigRule"),
    ),
)

CLOSED_TRUSTS: Final = (
    (
        r"arn:[\w-]+:iam::\d{12}:role/aws-reserved/.+",
        "its trust, which only AWS changes, names Identity Center alone",
    ),
    (
        r"arn:[\w-]+:iam::\d{12}:role/aws-service-role/.+",
        "its trust, which only AWS changes, names its service alone",
    ),
)
"""Roles that nobody else assumes (IAM Identity Center User Guide, referencingpermissionsets; IAM User Guide,
using-service-linked-roles)."""


class HasToAllow(NamedTuple):
    """A resource whose own policy has to allow, in its own account, too."""

    resource: str
    example: str
    policy: str
    """How its policy is called."""
    service: str
    source: str


HAS_TO_ALLOW: Final = (
    HasToAllow(
        r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/.+",
        "arn:aws:kms:us-east-1:111122223333:key/example",
        "key policy",
        "kms",
        "AWS KMS Developer Guide, key-policies; IAM User Guide, "
        "reference_policies_evaluation-logic_policy-eval-denyallow",
    ),
    HasToAllow(
        r"arn:[\w-]+:iam::\d{12}:role/.+",
        "arn:aws:iam::111122223333:role/example",
        "trust policy",
        "sts",
        "IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow",
    ),
)

_ALWAYS_ALLOWED: Final = {each.action.lower(): each for each in ALWAYS_ALLOWED}
_NOT_FOR_SESSIONS: Final = frozenset(each.action.lower() for each in NOT_FOR_SESSIONS)
_WITHOUT_CREDENTIALS: Final = frozenset(each.action.lower() for each in WITHOUT_CREDENTIALS)

OWN_ACCOUNT_ONLY: Final = frozenset({"iam"})
"""Services that a caller reaches in its own account only: IAM takes no policy on its resources that would
let another account in, but for a role's trust, which is about AWS STS (IAM User Guide,
access_policies-cross-account-resource-access)."""

_WORKS_WITH: Final = f"{_USER_GUIDE}, reference_aws-services-that-work-with-iam (resource-based policies: no)"
WITHOUT_POLICY: Final = (
    ("autoscaling", r".+", _WORKS_WITH),
    ("batch", r".+", _WORKS_WITH),
    ("cloudformation", r"(?:stack|changeSet)/.+", _WORKS_WITH),
    ("codedeploy", r".+", _WORKS_WITH),
    ("ec2", r"(?:instance|key-pair|volume)/.+", _WORKS_WITH),
    ("ecs", r".+", _WORKS_WITH),
    ("elasticbeanstalk", r".+", _WORKS_WITH),
    ("states", r".+", _WORKS_WITH),
)
"""By service, resources that take no policy of their own: another account's caller never reaches them.

What accounts share by AWS RAM or by a permission of its own, such as subnets, images and snapshots, is left
out (AWS RAM User Guide, shareable)."""


def out_of_reach(action: str, resource: str) -> str | None:
    """Return why nobody of another account may do something to a resource, whatever policies say."""
    service = action.partition(":")[0].lower()
    if service in OWN_ACCOUNT_ONLY:
        return f"{service} acts in the caller's own account only"
    parts = resource.split(":", 5)
    for owner, kind, _ in WITHOUT_POLICY:
        if parts[2:3] == [owner] and re.fullmatch(kind, parts[-1]):
            return f"it is another account's, and {owner} has no policy there that could let anybody in"
    return None


def always_allowed(action: str, caller: Caller) -> AlwaysAllowed | None:
    """Return why a call is always allowed; None where policies decide."""
    row = _ALWAYS_ALLOWED.get(action.lower())
    return None if row and caller.is_session and cannot_be_called(action, caller) else row


def cannot_be_called(action: str, caller: Caller) -> str | None:
    """Return why a caller of this kind cannot make a call at all."""
    if caller.is_session and action.lower() in _NOT_FOR_SESSIONS:
        return f"the credentials of a role's session cannot call {action}"
    return None


def without_credentials(action: str) -> str | None:
    """Return why no policy of a caller decides a call."""
    if action.lower() in _WITHOUT_CREDENTIALS:
        return f"{action} is called without credentials of AWS: the role's trust policy alone decides"
    return None


def only_aws(action: str, resource: str) -> str | None:
    """Return why nobody but AWS may do this to a resource."""
    for row in _only_aws_changes(action.lower()):
        if re.fullmatch(row.resource, resource):
            return f"only AWS changes {row.what}"
    if action.lower() == "sts:assumerole":
        return next((why for pattern, why in CLOSED_TRUSTS if re.fullmatch(pattern, resource)), None)
    return None


@lru_cache(maxsize=4096)
def _only_aws_changes(action: str) -> tuple[OnlyAws, ...]:
    """Return the rows that are about an action in lower case, which few are."""
    service, _, name = action.partition(":")
    return tuple(row for row in ONLY_AWS if row.service == service and row.changes(name))


@cache
def _changing(service: str) -> int:
    return catalogue().changing(service)


def policy_that_has_to_allow(action: str, resource: str) -> str | None:
    """Return how the policy of a resource is called that has to allow a call, in the own account, too.

    `*` stands for any resource that the action takes.
    """
    for row in HAS_TO_ALLOW:
        if row.service != action.partition(":")[0].lower():
            continue
        if re.fullmatch(row.resource, resource) or (resource == "*" and _takes(action.lower(), row.example)):
            return row.policy
    return None


@cache
def _takes(action: str, example: str) -> bool:
    """Say whether an action takes resources such as an example."""
    bit = catalogue().bit_of(action)
    shapes = (shape for shape in arn_shapes().shapes if bit is not None and shape.actions_on >> bit & 1)
    return any(shape.glob.matches(example) for shape in shapes)
