"""Which known paths a grant opens, and which it does not."""

from pathlib import Path
from typing import Any

import pytest

from identity_guard.iam import Through, escalation_paths, judge, managed_attachment, managed_names
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import WIDE_POLICIES
from tests.iam.statements import NOW, Json, allow, deny, every_path, opened, verdict


def sets_of(name: str) -> list[list[str]]:
    """Read sets of actions, one a line."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.split(" + ") for line in lines if not line.startswith("#")]


KNOWN = sets_of("known_action_sets.txt")
NEWER = sets_of("newer_action_sets.txt")
SETS = [*KNOWN, *NEWER]


def path_of(actions: list[str]) -> str:
    """Return the name of the path with exactly these actions."""
    (found,) = [
        path.name
        for path in escalation_paths()
        if {action.lower() for action in path.actions} == {action.lower() for action in actions}
    ]
    return found


@pytest.mark.parametrize("actions", SETS, ids=" + ".join)
def test_each_known_set_opens_exactly_its_path(actions: list[str]) -> None:
    """Read from lists beside the pack's: a set that is missed is a way to the top that is waved through."""
    assert every_path(allow(actions)) == [path_of(actions)]


@pytest.mark.parametrize("actions", SETS, ids=" + ".join)
def test_one_action_fewer_does_not_open_the_path(actions: list[str]) -> None:
    """A path that opens without one of its actions is a false alarm."""
    name = path_of(actions)
    for action in actions:
        rest = [each for each in actions if each != action]
        if rest:
            assert name not in every_path(allow(rest))
        assert name not in every_path(allow(actions), deny(action))


def test_the_paths_are_the_105_known_sets_and_the_newer_ones() -> None:
    """The lists must not shrink unseen, and no path may stand in the table that is held by no test."""
    assert len(KNOWN) == 105
    rows = [frozenset(map(str.lower, path.actions)) for path in escalation_paths()]
    assert sorted(map(sorted, rows)) == sorted(map(sorted, SETS))
    assert len({path.name for path in escalation_paths()}) == len(rows)


@pytest.mark.parametrize("path", escalation_paths(), ids=lambda path: path.name)
def test_every_path_is_complete_data(path: Any) -> None:  # noqa: ANN401 - pytest's parameter
    """A message needs to say what a path gives, and a reader where it is from."""
    assert path.gives
    assert path.source
    assert path.mask
    assert all("*" in action or catalogue().bit_of(action) is not None for action in path.actions)
    assert ("iam:PassRole" in path.actions) == (path.through is Through.PASSED_ROLE)
    assert bool(path.passed_to) == (path.through is Through.PASSED_ROLE)
    assert all(service.endswith(".amazonaws.com") for service in path.passed_to)


def test_no_path_is_named_in_code() -> None:
    """What is special about a path stands in its row: repeated in code, a name goes stale without a word."""
    root = Path(__file__).parents[3]
    folders = ("policies", "components", "identity_center_cli", "tools")
    code = "".join(
        path.read_text(encoding="utf-8") for folder in folders for path in (root / folder).rglob("*.py")
    )

    assert [path.name for path in escalation_paths() if f'"{path.name}"' in code] == []


def test_some_paths_are_told_first_and_some_need_one_target_only() -> None:
    """Rows whose special fields were lost would be told as any other path, or not at all."""
    paths = escalation_paths()

    assert {path.name for path in paths if path.told_first} == {"iam-all", "sts-assume-root"}
    assert sum(path.one_role_suffices for path in paths) >= 4
    assert sum(bool(path.companions) for path in paths) >= 6


ANCHOR = "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/6f1c"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("iam:PutRolePolicy"), ["iam-put-role-policy"]),
        (allow("IAM:putROLEpolicy"), ["iam-put-role-policy"]),
        (allow("iam:P?tRoleP?licy"), ["iam-put-role-policy"]),
        (allow("iam:PutRolePolicy", "arn:aws:iam::*:role/*"), ["iam-put-role-policy"]),
        (allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/*"), ["iam-put-role-policy"]),
        (allow("iam:PutRolePolicy", "arn:aws-us-gov:iam::*:role/*"), ["iam-put-role-policy"]),
        (allow("iam:PutRolePolicy", "arn:aws:iam::*:role/team-*"), []),
        (allow("iam:PutRolePolicy", "arn:aws:iam::*:user/*"), []),
        (allow("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/*"), ["iam-create-policy-version"]),
        (allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader"), []),
        (allow("sts:AssumeRole", ["arn:aws:iam::111122223333:role/reader", "*"]), ["sts-assume-role"]),
        (allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}"), []),
        (allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}"), ["iam-put-user-policy"]),
        (allow("iam:CreateUser"), []),
        (allow("iam:CreateServiceLinkedRole"), []),
        (allow("iam:PassRole"), []),
        (allow(["lambda:CreateFunction", "lambda:InvokeFunction"]), []),
        (allow(["sso:Describe*", "sso:List*", "sso:Get*"]), []),
        (allow(["iam:Get*", "iam:List*"]), []),
        (allow("organizations:*"), []),
        (allow("ec2:*"), []),
        (allow("identitystore:CreateGroupMembership"), ["identitystore-group-membership"]),
        (allow("sts:AssumeRoot"), ["sts-assume-root"]),
        (allow("account-access:CreateEntitlement"), ["account-access-entitlement"]),
        (allow("iam:UpdateSAMLProvider"), ["iam-update-saml-provider"]),
        (allow("iam:UpdateSAMLProvider", "arn:aws:iam::111122223333:saml-provider/partner"), []),
        (
            allow("iam:PutUserPermissionsBoundary", "arn:aws:iam::*:user/${aws:username}"),
            ["iam-put-own-boundary"],
        ),
        (allow("iam:CreateServiceSpecificCredential", "arn:aws:iam::*:user/${aws:username}"), []),
        (allow("rolesanywhere:UpdateTrustAnchor"), ["rolesanywhere-update-trust-anchor"]),
        (allow("rolesanywhere:UpdateTrustAnchor", ANCHOR), []),
        (allow("rolesanywhere:UpdateTrustAnchor", ANCHOR[:-1] + "*"), []),
        (
            allow("rolesanywhere:UpdateTrustAnchor", "arn:aws:rolesanywhere:*:*:trust-anchor/*"),
            ["rolesanywhere-update-trust-anchor"],
        ),
    ],
)
def test_a_path_needs_targets_that_nobody_named(statement: Json, expected: list[str]) -> None:
    """One named role is a decision of the author; all roles are a way to the top."""
    assert opened(statement) == expected


INSTANCE = "arn:aws:sso:::instance/ssoins-7223abcd"
OF_INSTANCE = "arn:aws:sso:::permissionSet/ssoins-7223abcd"
STORE = "arn:aws:identitystore::111122223333:identitystore"
JOINING = "identitystore:CreateGroupMembership"
APPLICATION = "arn:aws:account-access:eu-west-1:111122223333:application/a"
MEMBERS = ["arn:aws:identitystore:::group/*", "arn:aws:identitystore:::user/*"]


@pytest.mark.parametrize(
    ("action", "resources", "expected"),
    [
        ("sso:PutInlinePolicyToPermissionSet", [INSTANCE, f"{OF_INSTANCE}/*"], ["sso-put-inline-policy"]),
        ("sso:PutInlinePolicyToPermissionSet", [INSTANCE, f"{OF_INSTANCE}/ps-*"], ["sso-put-inline-policy"]),
        (
            "sso:PutInlinePolicyToPermissionSet",
            ["arn:aws:sso:::instance/ssoins-*", "arn:aws:sso:::permissionSet/ssoins-*/ps-*"],
            ["sso-put-inline-policy"],
        ),
        ("sso:PutInlinePolicyToPermissionSet", [INSTANCE, f"{OF_INSTANCE}/ps-0123"], []),
        ("sso:PutInlinePolicyToPermissionSet", [f"{OF_INSTANCE}/*"], []),
        (
            JOINING,
            [f"{STORE}/d-1", *MEMBERS],
            ["identitystore-group-membership"],
        ),
        (
            JOINING,
            [f"{STORE}/d-*", *MEMBERS],
            ["identitystore-group-membership"],
        ),
        (JOINING, [f"{STORE}/d-1", MEMBERS[1]], []),
        ("account-access:CreateEntitlement", [APPLICATION], ["account-access-entitlement"]),
    ],
)
def test_the_one_instance_by_name_is_no_limit(action: str, resources: list[str], expected: list[str]) -> None:
    """An organisation has one instance, identity store and application; one set or group is a choice."""
    assert opened(allow(action, resources)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}, []),
        ({"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}}, ["iam-attach-role-policy"]),
        (
            {"ArnNotEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}},
            ["iam-attach-role-policy"],
        ),
        (
            {"StringEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/IAMFullAccess"}},
            ["iam-attach-role-policy"],
        ),
        ({"ArnNotLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}}, []),
        (
            {
                "ArnEquals": {
                    "iam:PolicyARN": [
                        "arn:aws:iam::aws:policy/ReadOnlyAccess",
                        "arn:aws:iam::aws:policy/IAMFullAccess",
                    ]
                }
            },
            ["iam-attach-role-policy"],
        ),
        (
            {"ArnEquals": {"iam:PolicyARN": "arn:aws-cn:iam::aws:policy/AdministratorAccess"}},
            ["iam-attach-role-policy"],
        ),
        ({"ArnEquals": {"iam:PolicyARN": "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"}}, []),
        ({"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limit"}}, []),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, ["iam-attach-role-policy"]),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, []),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, ["iam-attach-role-policy"]),
        ({"DateLessThan": {"aws:CurrentTime": "2016-01-01"}}, []),
    ],
)
def test_conditions_that_close_a_path(condition: Json, expected: list[str]) -> None:
    """Delegation with a boundary or a list of policies is what AWS recommends; it opens nothing."""
    assert opened(allow("iam:AttachRolePolicy", Condition=condition)) == expected


def test_everything_through_cloudformation() -> None:
    """CloudFormation makes any call its caller asks for; Athena does not."""

    def through(service: str) -> Json:
        return allow(
            "*", Condition={"ForAnyValue:StringEquals": {"aws:CalledVia": [f"{service}.amazonaws.com"]}}
        )

    assert opened(through("cloudformation"), allow("cloudformation:*"))
    assert opened(through("cloudformation")) == []
    assert opened(through("athena"), allow("athena:*")) == []


def test_wider_paths_stand_for_those_within_them() -> None:
    """A message with eighty paths is read by nobody; iam:* says more than its parts."""
    assert opened(allow("iam:*")) == ["iam-all"]
    assert "iam-put-role-policy" not in opened(allow("iam:Put*"))


def test_a_workload_that_already_has_a_role_is_told_apart() -> None:
    """Taking over a running function is no step through IAM, and every developer can do it."""
    found = verdict(allow("lambda:UpdateFunctionCode"))

    assert found.escalation == ()
    assert [path.name for path in found.takeovers] == ["lambda-update-code"]


@pytest.mark.parametrize(
    "name",
    ["ReadOnlyAccess", "SecurityAudit", "job-function/ViewOnlyAccess", "job-function/NetworkAdministrator"],
)
def test_readers_open_nothing(name: str) -> None:
    """AWS's own read-only policies must not raise an alarm."""
    assert judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}")], now=NOW).escalation == ()


@pytest.mark.parametrize(
    "name", ["IAMFullAccess", "AWSLambda_FullAccess", "PowerUserAccess", "AWSSSOMasterAccountAdministrator"]
)
def test_managed_policies_that_open_a_path(name: str) -> None:
    """Power over IAM does not need the word administrator."""
    assert judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}")], now=NOW).escalation


def test_no_managed_policy_is_left_open() -> None:
    """The services that roles are passed to are tried besides the values of a policy."""
    verdicts = (
        judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}")], now=NOW) for name in managed_names()
    )

    assert [verdict.escalation_undecided for verdict in verdicts if verdict.escalation_undecided] == []


def test_the_policies_that_lead_further_are_those_that_the_evaluator_finds() -> None:
    """A condition that lets one of them be attached and keeps the known three out would pass as harmless."""
    leading = set()
    for name in managed_names():
        found = judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}")], now=NOW)
        if found.root_level or found.escalation:
            leading.add(f"arn:{{partition}}:iam::aws:policy/{name}")

    assert set(WIDE_POLICIES) == {each for each in leading if "policy/aws-service-role/" not in each}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("arn:aws:iam::*:role/OrganizationAccountAccessRole", ["sts-assume-role"]),
        ("arn:aws:iam::444455556666:role/OrganizationAccountAccessRole", ["sts-assume-role"]),
        ("arn:aws:iam::*:role/Organization*", ["sts-assume-role"]),
        ("arn:aws:iam::*:role/AWSControlTower?xecution", ["sts-assume-role"]),
        ("arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole", ["sts-assume-role"]),
        ("arn:aws:iam::*:role/OrganizationReader", []),
        ("arn:aws:iam::*:user/OrganizationAccountAccessRole", []),
    ],
)
def test_a_named_role_that_is_known_to_be_an_administrator(role: str, expected: list[str]) -> None:
    """Whoever assumes it has a whole account; its name is no reason to let that pass."""
    assert opened(allow("sts:AssumeRole", role)) == expected


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("IAMCreateRootUserPassword", ["sts-assume-root"]),
        ("IAM*", ["sts-assume-root"]),
        ("IAMAuditRootUserCredentials", []),
        ("IAMDeleteRootUserCredentials", []),
        ("S3UnlockBucketPolicy", []),
    ],
)
def test_a_root_session_is_as_wide_as_its_task(task: str, expected: list[str]) -> None:
    """A session that only reads root's credentials is the audit that everybody should run."""
    condition = {"ArnLike": {"sts:TaskPolicyArn": f"arn:aws:iam::aws:policy/root-task/{task}"}}

    assert opened(allow("sts:AssumeRoot", Condition=condition)) == expected


@pytest.mark.parametrize("every", ["arn:*", "arn:aws:*", "arn:*:*:*:*:*"])
def test_every_arn_stands_for_no_resource_of_its_own(every: str) -> None:
    """What can be done to no resource that exists cannot be done, however the others are listed."""
    statements = (
        {"Effect": "Allow", "Action": "iam:PutUserPolicy", "NotResource": "arn:aws:iam::*:user/*"},
        {"Effect": "Deny", "NotAction": "iam:PutUserPolicy", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "iam:PutUserPolicy",
            "Resource": every,
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    )

    assert verdict(*statements).mfa_enforced
