"""Stacks in which there is something to find, one at least for each rule of the pack."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from identity_guard.testing.in_process_engine import UNKNOWN, Made

MANAGED: Final = "arn:aws:iam::aws:policy/"
ADMIN: Final = f"{MANAGED}AdministratorAccess"
ACCOUNT: Final = "444455556666"
CLOSED: Final = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
OWN: Final = "arn:aws:iam::111122223333:policy/"
ROOT: Final = {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}
SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def text(*statements: Mapping[str, Any]) -> str:
    """Write a document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, **elements: Any) -> dict[str, Any]:  # noqa: ANN401 - elements of a statement
    """Write an Allow."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **elements}


def iam(kind: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a resource of IAM."""
    return Made(f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}", label, inputs)


def role(name: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role that a service may assume."""
    return iam("Role", name, **{"name": name, "assumeRolePolicy": text(CLOSED), **inputs})


def sso(kind: str, label: str, of: Made, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make what belongs to a permission set of a fresh stack."""
    token = f"aws:ssoadmin/{kind[0].lower()}{kind[1:]}:{kind}"
    return Made(token, label, {"permissionSetArn": UNKNOWN, **inputs}, depends={"permissionSetArn": [of]})


def permission_set(name: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a permission set that does not exist yet."""
    given = {"name": name, **inputs}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, given, {**given, "arn": UNKNOWN})


def assign(of: Made, who: str, kind: str = "GROUP", account: str = ACCOUNT) -> Made:
    """Assign it to a principal of elsewhere."""
    given = {"principalType": kind, "principalId": who, "targetId": account}
    return sso("AccountAssignment", f"{of.name}-{who}-{account}", of, **given)


def policy(name: str, document: str) -> Made:
    """Make a customer-managed policy that exists."""
    given = {"name": name, "policy": document}
    return Made("aws:iam/policy:Policy", name, given, {**given, "arn": OWN + name})


def organizations(kind: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a resource of the organisation."""
    return Made(f"aws:organizations/{kind[0].lower()}{kind[1:]}:{kind}", label, inputs)


def no_root(label: str, **elements: Any) -> Made:  # noqa: ANN401 - elements of a statement
    """Make a policy of the organisation that is meant to deny root users; None takes an element away."""
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": ROOT, **elements}
    written = text({name: value for name, value in statement.items() if value})
    return organizations("Policy", label, content=written)


PERSON: Final = Made("aws:identitystore/user:User", "ada", {"userName": "ada"}, {"userId": UNKNOWN})
TEAM: Final = Made("aws:identitystore/group:Group", "team", {"displayName": "t"}, {"groupId": UNKNOWN})
ONE: Final = role("one")
TWO: Final = role("two")
POWER: Final = permission_set("power", sessionDuration="PT4H")
OTHER: Final = permission_set("other")
NAMED_ONE_BY_ONE: Final = text(
    allow(*(f"{service}:*" for service in ("iam", "organizations", "account", "sso", "sts", "s3", "ec2")))
)

STACKS: Final[dict[str, tuple[Sequence[Made], dict[str, Any]]]] = {
    "a role with everything, unbounded": ([role("deploy", managedPolicyArns=[ADMIN])], {}),
    "a role with everything within a boundary that withholds too little": (
        [role("deploy", managedPolicyArns=[ADMIN], permissionsBoundary=ADMIN)],
        {},
    ),
    "users and groups within boundaries": (
        [
            iam("User", "eve", name="eve", permissionsBoundary=f"{MANAGED}ReadOnlyAccess"),
            iam("UserPolicyAttachment", "eve-all", user="eve", policyArn=ADMIN),
            iam("User", "ann", name="ann", permissionsBoundary=ADMIN),
            iam("UserPolicyAttachment", "ann-all", user="ann", policyArn=ADMIN),
            iam("AccessKey", "ann-key", user="ann"),
        ],
        {},
    ),
    "a policy attached to many, some of them not known yet": (
        [
            role("one"),
            role("two"),
            iam(
                "PolicyAttachment",
                "to-all",
                roles=["one", UNKNOWN],
                users=["eve"],
                groups=["ops"],
                policyArn=ADMIN,
            ),
        ],
        {},
    ),
    "an attachment to a role that is not known yet": (
        [iam("RolePolicyAttachment", "somewhere", role=UNKNOWN, policyArn=ADMIN)],
        {},
    ),
    "a document that is not known yet": (
        [iam("UserPolicy", "rights", user="eve", policy=UNKNOWN), role("r", inlinePolicies=UNKNOWN)],
        {},
    ),
    "a secret document with a way to more access": (
        [
            iam(
                "UserPolicy",
                "rights",
                user="eve",
                policy={
                    **SECRET,
                    "value": text(allow("iam:CreateAccessKey", Resource="arn:aws:iam::1:user/x")),
                },
            )
        ],
        {},
    ),
    "a secret document beside one that is missing": (
        [
            iam("UserPolicy", "rights", user="eve", policy={**SECRET, "value": text(allow("s3:List*"))}),
            iam("UserPolicyAttachment", "own", user="eve", policyArn="arn:aws:iam::111122223333:policy/Own"),
        ],
        {},
    ),
    "three ways and four ways to more access": (
        [
            iam(
                "UserPolicy",
                "three",
                user="eve",
                policy=text(
                    allow(*("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"))
                ),
            ),
            iam(
                "UserPolicy",
                "four",
                user="ann",
                policy=text(
                    allow(
                        *(
                            "iam:CreateAccessKey",
                            "iam:CreateLoginProfile",
                            "iam:UpdateLoginProfile",
                            "iam:AttachUserPolicy",
                        )
                    )
                ),
            ),
        ],
        {},
    ),
    "everything, assigned in bad places": (
        [
            POWER,
            sso("ManagedPolicyAttachment", "admin", POWER, managedPolicyArn=ADMIN),
            assign(POWER, "u-1", "USER"),
            assign(POWER, "g-1", account="111122223333"),
        ],
        {"no-root-level-access": {"managementAccount": "111122223333"}},
    ),
    "today's services by name, and AssumeRoot": (
        [
            role("named", inlinePolicies=[{"name": "n", "policy": NAMED_ONE_BY_ONE}]),
            role("root", inlinePolicies=[{"name": "n", "policy": text(allow("sts:AssumeRoot"))}]),
        ],
        {},
    ),
    "too many people, and a toxic pair of sets of elsewhere": (
        [
            POWER,
            OTHER,
            sso("ManagedPolicyAttachment", "admin", POWER, managedPolicyArn=f"{MANAGED}PowerUserAccess"),
            sso("ManagedPolicyAttachment", "iam", POWER, managedPolicyArn=f"{MANAGED}IAMFullAccess"),
            *(assign(POWER, f"u-{number}", "USER") for number in range(7)),
            assign(POWER, "u-1", "USER", "111122223333"),
            assign(OTHER, "u-1", "USER"),
            assign(OTHER, "g-elsewhere", account="111122223333"),
        ],
        {"access-as-a-whole": {"toxicPairs": [["power", "other"]], "mostAdministrators": 3}},
    ),
    "trusts": (
        [
            role("open", assumeRolePolicy=text({**CLOSED, "Principal": {"AWS": "*"}})),
            role("account", assumeRolePolicy=text({**CLOSED, "Principal": {"AWS": ACCOUNT}})),
            role(
                "person",
                assumeRolePolicy=text({**CLOSED, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/eve"}}),
            ),
            role("unread", assumeRolePolicy='{"Statement": [1]}'),
        ],
        {},
    ),
    "documents that cannot be read": (
        [
            iam("UserPolicy", "rights", user="eve", policy='{"Statement": {"Effect": "Allow"'),
            iam("GroupPolicy", "rights", group="ops", policy=text({"Effect": "Permit", "Action": "*"})),
        ],
        {},
    ),
    "a document that is not known yet, within a boundary that leaves a way to more access": (
        [
            policy("limit", text(allow("iam:CreateAccessKey", "s3:*"))),
            iam("User", "eve", name="eve", permissionsBoundary=OWN + "limit"),
            iam("UserPolicy", "rights", user="eve", policy=UNKNOWN),
        ],
        {},
    ),
    "a secret document beside a way to more access": (
        [
            iam("UserPolicy", "secret", user="eve", policy={**SECRET, "value": text(allow("s3:List*"))}),
            iam("UserPolicy", "open", user="eve", policy=text(allow("iam:CreateAccessKey"))),
        ],
        {},
    ),
    "the organisation, its features and policies": (
        [
            organizations("Organization", "org", enabledPolicyTypes=["TAG_POLICY"]),
            iam("OrganizationsFeatures", "central", enabledFeatures=["RootSessions"]),
            no_root("nothing", Action="s3:GetObject"),
            no_root("a-part", NotAction=["s3:*", "ec2:*"], Action=None),
            no_root("all"),
            no_root("perhaps", Condition={**ROOT, "StringEquals": {"aws:PrincipalTag/x": "y"}}),
            organizations("Policy", "unread", content=UNKNOWN),
            organizations("Policy", "others", content=text({**allow("*"), "Effect": "Deny"})),
            organizations("PolicyAttachment", "somewhere", policyId="p-elsewhere", targetId="r-ab12"),
        ],
        {"root-stays-bound": {"keeps": ["RootCredentialsManagement"]}},
    ),
    "a policy against root and an attachment of nobody knows what": (
        [
            organizations("Organization", "org", enabledPolicyTypes=UNKNOWN),
            no_root("all"),
            organizations("PolicyAttachment", "somewhere", policyId=UNKNOWN, targetId="r-ab12"),
        ],
        {},
    ),
    "people of the directory in groups of this stack": (
        [
            PERSON,
            TEAM,
            Made(
                "aws:identitystore/groupMembership:GroupMembership",
                "ada-in-team",
                {"groupId": UNKNOWN, "memberId": UNKNOWN},
                depends={"groupId": [TEAM], "memberId": [PERSON]},
            ),
            POWER,
            OTHER,
            sso("ManagedPolicyAttachment", "power-user", POWER, managedPolicyArn=f"{MANAGED}PowerUserAccess"),
            sso("ManagedPolicyAttachment", "iam", POWER, managedPolicyArn=f"{MANAGED}IAMFullAccess"),
            Made(
                "aws:ssoadmin/accountAssignment:AccountAssignment",
                "team-power",
                {
                    "permissionSetArn": UNKNOWN,
                    "principalType": "GROUP",
                    "principalId": UNKNOWN,
                    "targetId": ACCOUNT,
                },
                depends={"permissionSetArn": [POWER], "principalId": [TEAM]},
            ),
            Made(
                "aws:ssoadmin/accountAssignment:AccountAssignment",
                "ada-other",
                {
                    "permissionSetArn": UNKNOWN,
                    "principalType": "USER",
                    "principalId": UNKNOWN,
                    "targetId": ACCOUNT,
                },
                depends={"permissionSetArn": [OTHER], "principalId": [PERSON]},
            ),
        ],
        {"access-as-a-whole": {"toxicPairs": [["power", "other"]], "mostAdministrators": 0}},
    ),
    "attachments to several fresh roles and users": (
        [
            ONE,
            TWO,
            Made(
                "aws:iam/policyAttachment:PolicyAttachment",
                "to-both",
                {"roles": [UNKNOWN, UNKNOWN], "policyArn": ADMIN},
                depends={"roles": [ONE, TWO]},
            ),
            Made(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "to-one-of-two",
                {"role": UNKNOWN, "policyArn": ADMIN},
                depends={"role": [ONE, TWO]},
            ),
        ],
        {},
    ),
    "what nobody holds": (
        [Made("aws:iam/policy:Policy", "spare", {"name": "Spare", "policy": text(allow("*"))})],
        {},
    ),
    "a developer who makes the key of an administrator": (
        [
            iam("User", "boss", name="boss"),
            iam("UserPolicyAttachment", "boss-iam", user="boss", policyArn=f"{MANAGED}IAMFullAccess"),
            iam("UserPolicyAttachment", "boss-rest", user="boss", policyArn=f"{MANAGED}PowerUserAccess"),
            iam("User", "dev", name="dev"),
            iam(
                "UserPolicy",
                "keys",
                user="dev",
                policy=text(allow("iam:CreateAccessKey", Resource="arn:aws:iam::111122223333:user/boss")),
            ),
        ],
        {},
    ),
}
"""Each with a configuration of the pack; what is configured nowhere is as users get it."""
