"""Verdicts by trying everything: every action, resource and context of a small world, one request at a time.

The documents come from a vocabulary that this small world covers: whatever they say, one of the requests here
shows it. It imports nothing from the project.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/zz-nobody-named"
GROUP = f"arn:aws:iam::{ACCOUNT}:group/zz-nobody-named"
ONE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/one"
CALLS = {
    "iam:PutRolePolicy": (ROLE, ONE_ROLE),
    "iam:PassRole": (ROLE, ONE_ROLE),
    "iam:CreateUser": (f"arn:aws:iam::{ACCOUNT}:user/zz-nobody-named",),
    "iam:EnableMFADevice": (f"arn:aws:iam::{ACCOUNT}:user/zz-nobody-named",),
    "iam:ListAccountAliases": ("*",),
    "sts:AssumeRole": (ROLE, ONE_ROLE),
    "sts:AssumeRoot": (f"arn:aws:iam::{ACCOUNT}:root",),
    "ec2:AssociateEnclaveCertificateIamRole": (ROLE, ONE_ROLE),
    "sso:UpdateTrust": ("*",),
    "account:CloseAccount": (f"arn:aws:account::{ACCOUNT}:account",),
    "iam:CreateAccountAlias": ("*",),
    "sts:GetWebIdentityToken": ("*",),
    "connect:DeletePrompt": (f"arn:aws:connect:zz-region-1:{ACCOUNT}:instance/zz/prompt/zz",),
    "connect:ListInstances": ("*",),
    "sns:Publish": (f"arn:aws:sns:zz-region-1:{ACCOUNT}:zz",),
    "sqs:SendMessage": (f"arn:aws:sqs:zz-region-1:{ACCOUNT}:zz",),
    "s3:ListAllMyBuckets": ("*",),
}
"""One action for each kind that the vocabulary can tell apart, with resources that it is called on."""

MATTERS = [
    action
    for action in CALLS
    if not action.startswith(
        ("sns:", "connect:List", "iam:List", "iam:Enable", "iam:Pass", "sts:AssumeRoot", "ec2:", "s3:ListAll")
    )
]
"""Actions whose loss, with all others of their kind, is more than a negligible rest."""

#: Of the steps of a path, those whose requests may carry tags (Service Authorization Reference).
TAGS_AT_STEPS = {"sts:AssumeRole", "autoscaling:CreateLaunchConfiguration", "rolesanywhere:CreateTrustAnchor"}
#: No tags are taken by enrolling a device, nor by any action of account management (the same).
WITHOUT_TAGS = {"iam:EnableMFADevice", "account:CloseAccount"}
SET_UP = {"iam:EnableMFADevice"}
ANSWER_PLAIN_HTTP = ("sns:", "sqs:", "s3:", "ec2:")
OWN_MAIL = f"arn:aws:account::{ACCOUNT}:account/o-zznobody/{ACCOUNT}"

ACTION_PATTERNS = [
    "*",
    "*",
    "*:*",
    "iam:*",
    "IAM:*",
    "connect:*",
    "sns:*",
    "sts:*",
    "account:*",
    "iam:EnableMFADevice",
]
RESOURCE_PATTERNS = [
    "*",
    "*",
    "*",
    "arn:aws:iam::*:*",
    "arn:aws:iam::*:role/*",
    f"arn:aws:iam::{ACCOUNT}:role/one",
    "arn:aws:connect:*:*:*",
]
CONDITIONS: list[dict[str, Any]] = [
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    {"Null": {"aws:MultiFactorAuthAge": "true"}},
    {"StringNotEquals": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}},
    {"StringLike": {"aws:RequestedRegion": "*"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "blue"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {
        "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
        "StringEquals": {"aws:RequestedRegion": "us-east-1"},
    },
]
MFA: list[dict[str, Any]] = [
    {},
    {"aws:MultiFactorAuthPresent": "false"},
    {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"},
]
REGIONS = ["us-east-1", "eu-west-1"]
ADDRESSES = ["203.0.113.9", "198.51.100.9"]
ORDINARY_ADDRESSES = ["198.51.100.9"]
TEAMS: list[dict[str, Any]] = [{}, {"aws:PrincipalTag/team": "blue"}, {"aws:PrincipalTag/team": "zz"}]
ORDINARY_TEAMS = [TEAMS[0], TEAMS[2]]
TAG_KEYS: list[dict[str, Any]] = [
    {},
    {"aws:TagKeys": ["team"]},
    {"aws:TagKeys": ["zz"]},
    {"aws:TagKeys": ["team", "zz"]},
]
GLOBAL = ("iam:", "account:", "organizations:")


def document(source: random.Random) -> dict[str, Any]:
    """Return a random document of the small vocabulary."""
    statements = [statement(source) for _ in range(source.choice((1, 2, 2, 3)))]
    return {"Version": "2012-10-17", "Statement": statements}


def statement(source: random.Random) -> dict[str, Any]:
    """Return a random statement, wide ones often enough that some documents are root-level."""
    made: dict[str, Any] = {"Effect": source.choice(("Allow", "Allow", "Allow", "Deny"))}
    wide = made["Effect"] == "Allow" and source.random() < 0.6
    negated = not wide and source.random() < 0.3
    chosen = "*" if wide else [source.choice(ACTION_PATTERNS) for _ in range(source.choice((1, 2)))]
    made["NotAction" if negated else "Action"] = chosen
    name = "NotResource" if source.random() < 0.15 else "Resource"
    made[name] = source.choice(RESOURCE_PATTERNS)
    if source.random() < 0.5:
        made["Condition"] = source.choice(CONDITIONS)
    return made


def contexts(
    mfa: Sequence[dict[str, Any]],
    addresses: Sequence[str],
    teams: Sequence[dict[str, Any]],
    tags: Sequence[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Go through the product of the given states."""
    for parts in itertools.product(mfa, REGIONS, addresses, teams, tags):
        sign_in, region, address, team, keys = parts
        yield {
            "aws:RequestedRegion": region,
            "aws:SourceIp": address,
            "aws:SecureTransport": "true",
            "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/zz",
            **sign_in,
            **team,
            **keys,
        }


def can_happen(action: str, context: dict[str, Any]) -> bool:
    """Say whether an action can be called in a context: global services are in one Region."""
    is_global = action.startswith(GLOBAL) and action != "iam:PassRole"
    return context["aws:RequestedRegion"] == "us-east-1" or not is_global


def requires_mfa(oracle: ModuleType, documents: list[Any], limits: list[Any]) -> bool:
    """Say whether nothing beyond setting up MFA is allowed in any context without MFA.

    Calls without TLS count where nothing is allowed over TLS, and for services that answer plain HTTP. Where
    nothing but setting up is allowed at all, doing that for anybody is no setting up of one's own.
    """
    secure = "true" if any(_allowed(oracle, documents, limits, MFA, "true")) else "false"
    if any(action not in SET_UP for action in _allowed(oracle, documents, limits, MFA[:2], secure)):
        return False
    plain = set(_allowed(oracle, documents, limits, MFA[:2], "false"))
    if "SecureTransport" in json.dumps([documents, limits]) and any(
        action.startswith(ANSWER_PLAIN_HTTP) for action in plain
    ):
        return False
    whole = {*_allowed(oracle, documents, limits, MFA, "true")}
    enrols = any(_allowed(oracle, documents, limits, MFA[:2], "true"))
    return not (enrols and whole <= SET_UP)


def _allowed(
    oracle: ModuleType, documents: list[Any], limits: list[Any], mfa: list[dict[str, Any]], secure: str
) -> Iterator[str]:
    """Yield the actions that are allowed on some resource, once for each context."""
    for context in contexts(mfa, ADDRESSES, TEAMS, TAG_KEYS):
        context["aws:SecureTransport"] = secure
        for action, resources in CALLS.items():
            for resource in resources:
                answer = oracle.decide(documents, action, resource, context, limits)
                tagged = "aws:TagKeys" in context and action in WITHOUT_TAGS
                if answer == oracle.ALLOW and can_happen(action, context) and not tagged:
                    yield action


def is_root_level(oracle: ModuleType, documents: list[Any], limits: list[Any]) -> bool:
    """Say whether, signed in some way, every action that matters is allowed in every ordinary context."""
    return any(_everything(oracle, documents, limits, [sign_in]) for sign_in in MFA)


def _everything(
    oracle: ModuleType, documents: list[Any], limits: list[Any], mfa: list[dict[str, Any]]
) -> bool:
    return all(
        oracle.decide(documents, action, CALLS[action][0], context, limits) == oracle.ALLOW
        for context in contexts(mfa, ORDINARY_ADDRESSES, ORDINARY_TEAMS, TAG_KEYS[:1])
        for action in MATTERS
        if can_happen(action, context) and ("aws:TagKeys" not in context or action in TAGS_AT_STEPS)
    )


def escalates(oracle: ModuleType, documents: list[Any], limits: list[Any]) -> bool:
    """Say whether some way to more is open, on targets that nobody named or on one named role."""
    steps = [
        [("iam:PutRolePolicy", ROLE)],
        [("iam:AddUserToGroup", GROUP)],
        [("sts:AssumeRole", ROLE)],
        [("sts:AssumeRoot", f"arn:aws:iam::{ACCOUNT}:root")],
        [("sso:UpdateTrust", "*")],
        [("iam:PutRolePolicy", ONE_ROLE), ("sts:AssumeRole", ONE_ROLE)],
        [("iam:PutRolePolicy", ONE_ROLE), ("iam:UpdateAssumeRolePolicy", ONE_ROLE)],
        [("iam:PassRole", ROLE), ("autoscaling:CreateLaunchConfiguration", "*")],
        [("rolesanywhere:CreateTrustAnchor", "*")],
        [("account:StartPrimaryEmailUpdate", OWN_MAIL), ("account:AcceptPrimaryEmailUpdate", OWN_MAIL)],
    ]
    return any(all(_somewhere(oracle, documents, limits, *step) for step in path) for path in steps)


def _somewhere(
    oracle: ModuleType, documents: list[Any], limits: list[Any], action: str, resource: str
) -> bool:
    return any(
        oracle.decide(documents, action, resource, context, limits) == oracle.ALLOW
        for context in contexts(MFA, ADDRESSES, TEAMS, TAG_KEYS)
        if can_happen(action, context) and ("aws:TagKeys" not in context or action in TAGS_AT_STEPS)
    )
