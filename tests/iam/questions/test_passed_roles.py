"""Paths by a role that is passed on: to which service, under which name, and by whom."""

import pytest

from identity_guard.iam import EscalationPath, Request, attach, escalation_paths, judge, may
from tests.iam.statements import NOW, Json, allow, every_path, opened

PASS = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
PASSING = [path for path in escalation_paths() if path.passed_to]


@pytest.mark.parametrize("path", PASSING, ids=lambda path: path.name)
def test_a_role_is_passed_to_the_services_of_the_path_and_to_no_other(path: EscalationPath) -> None:
    """A wrong service in the table hides a path from everybody who binds PassRole as AWS recommends."""
    rest = allow([action for action in path.actions if action != "iam:PassRole"])

    def open_to(service: str) -> bool:
        bound = {"StringEquals": {"iam:PassedToService": service}}
        return path.name in every_path(rest, allow("iam:PassRole", Condition=bound))

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
    passing = allow("iam:PassRole", "arn:aws-cn:iam::*:role/*", Condition=bound)

    assert opened(passing, allow("ec2:RunInstances")) == expected


def test_one_call_in_china_names_the_service_as_the_policy_does() -> None:
    """A call that AWS refuses proves nothing, and `explain` has to follow the very text of a policy."""
    bound = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com.cn"}}
    passing = allow("iam:PassRole", "arn:aws-cn:iam::*:role/*", Condition=bound)
    document = attach({"Version": "2012-10-17", "Statement": [passing, allow("ec2:RunInstances")]})
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
        ([allow(["iam:PassRole", "ec2:RunInstances"])], ["ec2-with-passed-role"]),
        ([allow("iam:PassRole"), allow("ec2:RunInstances")], ["ec2-with-passed-role"]),
        ([allow("iam:PassRole", "arn:aws:iam::*:role/worker"), allow("ec2:RunInstances")], []),
        ([allow("iam:PassRole", Condition=PASS), allow("ec2:RunInstances")], []),
        (
            [
                allow("iam:PassRole", Condition=PASS),
                allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
            ],
            ["lambda-with-passed-role"],
        ),
        (
            [
                allow("iam:PassRole", Condition={"StringLike": {"iam:PassedToService": "*"}}),
                allow("cloudformation:CreateStack"),
            ],
            ["cloudformation-with-passed-role"],
        ),
        (
            [
                allow(
                    "iam:PassRole",
                    Condition={"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                ),
                allow("ec2:RequestSpotInstances"),
            ],
            [],
        ),
        (
            [
                allow("iam:PassRole"),
                allow(
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


def test_a_role_passed_through_cloudformation_to_one_service() -> None:
    """CloudFormation passes the role for its caller, and the service that gets it is the same as ever."""
    through = {
        "ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"},
        "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"},
    }
    relayed = allow("iam:PassRole", Condition=through)

    assert opened(allow(["cloudformation:CreateStack", "ec2:RunInstances"]), relayed) == [
        "ec2-with-passed-role"
    ]
    assert opened(allow(["cloudformation:CreateStack", "lambda:*"]), relayed) == []
