"""Which known paths a grant opens, and which it does not."""

from pathlib import Path
from typing import Any

import pytest

from identity_guard.iam import (
    EscalationPath,
    Request,
    Through,
    attach,
    escalation_paths,
    judge,
    managed_attachment,
    managed_names,
    may,
)
from identity_guard.iam.catalogue import catalogue
from identity_guard.iam.escalation import ONE_ROLE_SUFFICES
from identity_guard.iam.one_target import COMPANIONS
from identity_guard.iam.wide_policies import WIDE_POLICIES
from tests.iam.statements import NOW, Json, verdict


def sets_of(name: str) -> list[list[str]]:
    """Read sets of actions, one a line."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.split(" + ") for line in lines if not line.startswith("#")]


KNOWN = sets_of("known_action_sets.txt")
NEWER = sets_of("newer_action_sets.txt")
SETS = [*KNOWN, *NEWER]


def grant(actions: list[str] | str, resource: str | list[str] = "*", **elements: Any) -> Json:  # noqa: ANN401
    """Return an Allow."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **elements}


def opened(*statements: Json) -> list[str]:
    """Return the names of the paths that are escalation."""
    found = verdict(*statements)
    assert found.escalation_undecided == ()
    return [path.name for path in found.escalation]


def every_path(*statements: Json) -> list[str]:
    """Return the names of all open paths, those through running roles included."""
    found = verdict(*statements)
    return [path.name for path in (*found.escalation, *found.takeovers)]


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
    assert every_path(grant(actions)) == [path_of(actions)]


@pytest.mark.parametrize("actions", SETS, ids=" + ".join)
def test_one_action_fewer_does_not_open_the_path(actions: list[str]) -> None:
    """A path that opens without one of its actions is a false alarm."""
    name = path_of(actions)
    for action in actions:
        rest = [each for each in actions if each != action]
        if rest:
            assert name not in every_path(grant(rest))
        assert name not in every_path(grant(actions), {**grant(action), "Effect": "Deny"})


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


def test_the_paths_that_need_one_role_only_exist() -> None:
    """A name that is misspelt in code would silently switch a rule off."""
    assert {*ONE_ROLE_SUFFICES, *COMPANIONS} <= {path.name for path in escalation_paths()}
    assert all(catalogue().bit_of(name) is not None for names in COMPANIONS.values() for name in names)


ANCHOR = "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/6f1c"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (grant("iam:PutRolePolicy"), ["iam-put-role-policy"]),
        (grant("IAM:putROLEpolicy"), ["iam-put-role-policy"]),
        (grant("iam:P?tRoleP?licy"), ["iam-put-role-policy"]),
        (grant("iam:PutRolePolicy", "arn:aws:iam::*:role/*"), ["iam-put-role-policy"]),
        (grant("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/*"), ["iam-put-role-policy"]),
        (grant("iam:PutRolePolicy", "arn:aws-us-gov:iam::*:role/*"), ["iam-put-role-policy"]),
        (grant("iam:PutRolePolicy", "arn:aws:iam::*:role/team-*"), []),
        (grant("iam:PutRolePolicy", "arn:aws:iam::*:user/*"), []),
        (grant("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/*"), ["iam-create-policy-version"]),
        (grant("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader"), []),
        (grant("sts:AssumeRole", ["arn:aws:iam::111122223333:role/reader", "*"]), ["sts-assume-role"]),
        (grant("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}"), []),
        (grant("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}"), ["iam-put-user-policy"]),
        (grant("iam:CreateUser"), []),
        (grant("iam:CreateServiceLinkedRole"), []),
        (grant("iam:PassRole"), []),
        (grant(["lambda:CreateFunction", "lambda:InvokeFunction"]), []),
        (grant(["sso:Describe*", "sso:List*", "sso:Get*"]), []),
        (grant(["iam:Get*", "iam:List*"]), []),
        (grant("organizations:*"), []),
        (grant("ec2:*"), []),
        (grant("identitystore:CreateGroupMembership"), ["identitystore-group-membership"]),
        (grant("sts:AssumeRoot"), ["sts-assume-root"]),
        (grant("account-access:CreateEntitlement"), ["account-access-entitlement"]),
        (grant("iam:UpdateSAMLProvider"), ["iam-update-saml-provider"]),
        (grant("iam:UpdateSAMLProvider", "arn:aws:iam::111122223333:saml-provider/partner"), []),
        (
            grant("iam:PutUserPermissionsBoundary", "arn:aws:iam::*:user/${aws:username}"),
            ["iam-put-own-boundary"],
        ),
        (grant("iam:CreateServiceSpecificCredential", "arn:aws:iam::*:user/${aws:username}"), []),
        (grant("rolesanywhere:UpdateTrustAnchor"), ["rolesanywhere-update-trust-anchor"]),
        (grant("rolesanywhere:UpdateTrustAnchor", ANCHOR), []),
        (grant("rolesanywhere:UpdateTrustAnchor", ANCHOR[:-1] + "*"), []),
        (
            grant("rolesanywhere:UpdateTrustAnchor", "arn:aws:rolesanywhere:*:*:trust-anchor/*"),
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
    assert opened(grant(action, resources)) == expected


PASS = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
PASSING = [path for path in escalation_paths() if path.passed_to]


@pytest.mark.parametrize("path", PASSING, ids=lambda path: path.name)
def test_a_role_is_passed_to_the_services_of_the_path_and_to_no_other(path: EscalationPath) -> None:
    """A wrong service in the table hides a path from everybody who binds PassRole as AWS recommends."""
    rest = grant([action for action in path.actions if action != "iam:PassRole"])

    def open_to(service: str) -> bool:
        bound = {"StringEquals": {"iam:PassedToService": service}}
        return path.name in every_path(rest, grant("iam:PassRole", Condition=bound))

    assert all(open_to(service) for service in path.passed_to)
    assert not open_to("transfer.amazonaws.com")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("ec2.amazonaws.com.cn", ["ec2-with-passed-role"]),
        ("ec2.amazonaws.com", ["ec2-with-passed-role"]),
        ("*.amazonaws.com.cn", ["ec2-with-passed-role"]),
        ("lambda.amazonaws.com.cn", []),
    ],
)
def test_services_have_another_name_in_china(service: str, expected: list[str]) -> None:
    """Whoever follows AWS's advice there names the service so, and nothing else."""
    bound = {"StringLike": {"iam:PassedToService": service}}
    passing = grant("iam:PassRole", "arn:aws-cn:iam::*:role/*", Condition=bound)

    assert opened(passing, grant("ec2:RunInstances")) == expected


def test_one_call_in_china_names_the_service_as_the_policy_does() -> None:
    """A call that AWS refuses proves nothing, and `explain` has to follow the very text of a policy."""
    bound = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com.cn"}}
    passing = grant("iam:PassRole", "arn:aws-cn:iam::*:role/*", Condition=bound)
    document = attach({"Version": "2012-10-17", "Statement": [passing, grant("ec2:RunInstances")]})
    role = "arn:aws-cn:iam::111122223333:role/app"

    shown = judge([document], now=NOW).witness
    there, elsewhere = (
        may([document], Request("iam:PassRole", role, {"iam:PassedToService": service})).allowed
        for service in ("ec2.amazonaws.com.cn", "ec2.amazonaws.com")
    )

    assert shown is not None
    assert shown.context["iam:passedtoservice"] == "ec2.amazonaws.com.cn"
    assert (there, elsewhere) == (True, False)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([grant(["iam:PassRole", "ec2:RunInstances"])], ["ec2-with-passed-role"]),
        ([grant("iam:PassRole"), grant("ec2:RunInstances")], ["ec2-with-passed-role"]),
        ([grant("iam:PassRole", "arn:aws:iam::*:role/worker"), grant("ec2:RunInstances")], []),
        ([grant("iam:PassRole", Condition=PASS), grant("ec2:RunInstances")], []),
        (
            [
                grant("iam:PassRole", Condition=PASS),
                grant(["lambda:CreateFunction", "lambda:InvokeFunction"]),
            ],
            ["lambda-with-passed-role"],
        ),
        (
            [
                grant("iam:PassRole", Condition={"StringLike": {"iam:PassedToService": "*"}}),
                grant("cloudformation:CreateStack"),
            ],
            ["cloudformation-with-passed-role"],
        ),
        (
            [
                grant(
                    "iam:PassRole",
                    Condition={"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                ),
                grant("ec2:RequestSpotInstances"),
            ],
            [],
        ),
        (
            [
                grant("iam:PassRole"),
                grant(
                    ["lambda:CreateFunction", "lambda:InvokeFunction"], "arn:aws:lambda:*:*:function:mine-*"
                ),
            ],
            ["lambda-with-passed-role"],
        ),
    ],
)
def test_a_passed_role_needs_a_service_that_may_get_it(statements: list[Json], expected: list[str]) -> None:
    """A condition binds PassRole to its service; the service's own action needs only some resource."""
    assert opened(*statements) == expected


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
    assert opened(grant("iam:AttachRolePolicy", Condition=condition)) == expected


def test_one_named_role_that_can_be_rewritten_and_used() -> None:
    """Writing a role's policy and assuming that role needs no other target."""
    role = "arn:aws:iam::111122223333:role/app"

    assert opened(grant(["iam:PutRolePolicy", "sts:AssumeRole"], role)) == ["iam-put-role-policy-and-assume"]
    assert opened(grant("iam:PutRolePolicy", role), grant("sts:AssumeRole", f"{role}-2")) == []


MINE = "arn:aws:iam::111122223333"
RUN = ["lambda:CreateFunction", "lambda:InvokeFunction"]


@pytest.mark.parametrize("write", ["Put", "Attach"])
@pytest.mark.parametrize(
    ("kind", "companion"),
    [
        ("User", "CreateAccessKey"),
        ("User", "CreateLoginProfile"),
        ("User", "UpdateLoginProfile"),
        ("Group", "AddUserToGroup"),
        ("Role", "CreateRole"),
    ],
)
def test_one_named_target_that_can_be_rewritten_and_used(write: str, kind: str, companion: str) -> None:
    """A user of one's own making with any policy is an administrator's account, whatever its name is."""
    writing, using = f"iam:{write}{kind}Policy", f"iam:{companion}"
    target = f"{MINE}:{kind.lower()}/app-*"

    def opens(*statements: Json) -> bool:
        return f"iam-{write.lower()}-{kind.lower()}-policy" in opened(*statements)

    assert opens(grant([writing, using], target))
    assert opens(grant(writing, target), grant(using, target))
    assert opens(grant(writing, target), grant(using, f"{MINE}:{kind.lower()}/*-x*"))
    assert not opens(grant(writing, target), grant(using, f"{MINE}:{kind.lower()}/other"))
    assert not opens(grant([writing, using], target), {**grant(using), "Effect": "Deny"})
    bound = {"StringEquals": {"iam:PermissionsBoundary": f"{MINE}:policy/limit"}}
    assert not opens(grant(writing, target, Condition=bound), grant(using, target))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([grant(["iam:PassRole", "iam:PutRolePolicy"], f"{MINE}:role/app")], ["lambda-with-passed-role"]),
        (
            [grant(["iam:PassRole", "iam:AttachRolePolicy"], f"{MINE}:role/*-app")],
            ["lambda-with-passed-role"],
        ),
        ([grant("iam:PassRole", f"{MINE}:role/app"), grant("iam:PutRolePolicy", f"{MINE}:role/other")], []),
        (
            [
                grant("iam:PassRole", f"{MINE}:role/app", Condition=PASS),
                grant("iam:PutRolePolicy", f"{MINE}:role/app"),
            ],
            ["lambda-with-passed-role"],
        ),
        (
            [
                grant(
                    "iam:PassRole",
                    f"{MINE}:role/app",
                    Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                ),
                grant("iam:PutRolePolicy", f"{MINE}:role/app"),
            ],
            [],
        ),
    ],
)
def test_one_named_role_that_can_be_rewritten_and_passed(statements: list[Json], expected: list[str]) -> None:
    """The one role that may be passed is any role where it can get any policy first."""
    assert opened(*statements, grant(RUN)) == expected


@pytest.mark.parametrize("path", ["aws-service-role/es.amazonaws.com/*", "aws-reserved/sso.amazonaws.com/*"])
@pytest.mark.parametrize(
    "companion", ["sts:AssumeRole", "iam:UpdateAssumeRolePolicy", "iam:CreateRole", "iam:PassRole"]
)
def test_roles_that_only_aws_can_change_lead_nowhere(path: str, companion: str) -> None:
    """AWS's own samples for service-linked roles hold these actions; IAM refuses them."""
    for write in ("iam:PutRolePolicy", "iam:AttachRolePolicy"):
        assert opened(grant([write, companion], f"arn:aws:iam::*:role/{path}"), grant(RUN)) == []


APP = f"{MINE}:policy/app"
READERS = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize("write", ["iam:CreatePolicy", "iam:CreatePolicyVersion"])
@pytest.mark.parametrize(
    ("admitted", "written", "expected"),
    [
        (f"{APP}/*", f"{APP}/*", True),
        (f"{APP}/*", f"{MINE}:policy/*", True),
        ("arn:aws:iam::*:policy/app/*", f"{APP}/*", True),
        ("arn:aws:iam::*:policy/app/*", "arn:aws:iam::*:policy/app/*", True),
        (f"{MINE}:*", f"{MINE}:policy/*", True),
        (f"{MINE[:-4]}*", f"{MINE}:policy/*", True),
        ([f"{MINE}:policy/web", f"{MINE}:policy/a*"], APP, True),
        (["arn:aws:iam:", APP], APP, True),
        (f"{MINE}:policy/a*", f"{MINE}:policy/web", False),
        ([READERS, APP], APP, True),
        (f"{APP}/*", f"{MINE}:policy/web/*", False),
        (READERS, f"{APP}/*", False),
    ],
)
def test_a_policy_that_is_written_before_it_is_attached(
    write: str, admitted: str | list[str], written: str, *, expected: bool
) -> None:
    """A list of policies of one's own is a limit only for those who cannot write them."""
    attaching = grant("iam:AttachUserPolicy", Condition={"ArnLike": {"iam:PolicyARN": admitted}})

    assert ("iam-attach-user-policy" in opened(attaching, grant(write, written))) is expected
    assert opened(attaching) == []


def test_what_can_be_written_makes_no_other_policy_wide() -> None:
    """Who attaches one's own readers, writes other policies and cannot attach those takes no more."""
    attaching = grant(
        "iam:AttachUserPolicy", Condition={"ArnLike": {"iam:PolicyARN": f"{MINE}:policy/web/*"}}
    )
    written = grant("iam:CreatePolicy", f"{APP}/*")
    kept_off = {**grant("iam:*", Condition={"ArnLike": {"iam:PolicyARN": f"{APP}/*"}}), "Effect": "Deny"}

    assert opened(attaching, written, kept_off) == []


def test_everything_through_cloudformation() -> None:
    """CloudFormation makes any call its caller asks for; Athena does not."""

    def through(service: str) -> Json:
        return grant(
            "*", Condition={"ForAnyValue:StringEquals": {"aws:CalledVia": [f"{service}.amazonaws.com"]}}
        )

    assert opened(through("cloudformation"), grant("cloudformation:*"))
    assert opened(through("cloudformation")) == []
    assert opened(through("athena"), grant("athena:*")) == []


def test_wider_paths_stand_for_those_within_them() -> None:
    """A message with eighty paths is read by nobody; iam:* says more than its parts."""
    assert opened(grant("iam:*")) == ["iam-all"]
    assert "iam-put-role-policy" not in opened(grant("iam:Put*"))


def test_a_workload_that_already_has_a_role_is_told_apart() -> None:
    """Taking over a running function is no step through IAM, and every developer can do it."""
    found = verdict(grant("lambda:UpdateFunctionCode"))

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
    assert opened(grant("sts:AssumeRole", role)) == expected


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

    assert opened(grant("sts:AssumeRoot", Condition=condition)) == expected


def test_a_role_passed_through_cloudformation_to_one_service() -> None:
    """CloudFormation passes the role for its caller, and the service that gets it is the same as ever."""
    through = {
        "ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"},
        "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"},
    }
    relayed = grant("iam:PassRole", Condition=through)

    assert opened(grant(["cloudformation:CreateStack", "ec2:RunInstances"]), relayed) == [
        "ec2-with-passed-role"
    ]
    assert opened(grant(["cloudformation:CreateStack", "lambda:*"]), relayed) == []


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
