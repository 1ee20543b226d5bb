"""One named user, group, role or policy that the same documents let be rewritten and then used."""

import pytest

from identity_guard.iam import escalation_paths
from identity_guard.iam.catalogue.actions import catalogue
from tests.iam.statements import Json, allow, deny, opened

PASS = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def test_the_companions_of_paths_exist() -> None:
    """A companion that is misspelt would be left out of the question without a word."""
    named = [name for path in escalation_paths() for name in path.companions]

    assert named
    assert all(catalogue().bit_of(name) is not None for name in named)


def test_one_named_role_that_can_be_rewritten_and_used() -> None:
    """Writing a role's policy and assuming that role needs no other target."""
    role = "arn:aws:iam::111122223333:role/app"

    assert opened(allow(["iam:PutRolePolicy", "sts:AssumeRole"], role)) == ["iam-put-role-policy-and-assume"]
    assert opened(allow("iam:PutRolePolicy", role), allow("sts:AssumeRole", f"{role}-2")) == []


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

    assert opens(allow([writing, using], target))
    assert opens(allow(writing, target), allow(using, target))
    assert opens(allow(writing, target), allow(using, f"{MINE}:{kind.lower()}/*-x*"))
    assert not opens(allow(writing, target), allow(using, f"{MINE}:{kind.lower()}/other"))
    assert not opens(allow([writing, using], target), deny(using))
    bound = {"StringEquals": {"iam:PermissionsBoundary": f"{MINE}:policy/limit"}}
    assert not opens(allow(writing, target, Condition=bound), allow(using, target))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(["iam:PassRole", "iam:PutRolePolicy"], f"{MINE}:role/app")], ["lambda-with-passed-role"]),
        (
            [allow(["iam:PassRole", "iam:AttachRolePolicy"], f"{MINE}:role/*-app")],
            ["lambda-with-passed-role"],
        ),
        ([allow("iam:PassRole", f"{MINE}:role/app"), allow("iam:PutRolePolicy", f"{MINE}:role/other")], []),
        (
            [
                allow("iam:PassRole", f"{MINE}:role/app", Condition=PASS),
                allow("iam:PutRolePolicy", f"{MINE}:role/app"),
            ],
            ["lambda-with-passed-role"],
        ),
        (
            [
                allow(
                    "iam:PassRole",
                    f"{MINE}:role/app",
                    Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                ),
                allow("iam:PutRolePolicy", f"{MINE}:role/app"),
            ],
            [],
        ),
    ],
)
def test_one_named_role_that_can_be_rewritten_and_passed(statements: list[Json], expected: list[str]) -> None:
    """The one role that may be passed is any role where it can get any policy first."""
    assert opened(*statements, allow(RUN)) == expected


@pytest.mark.parametrize("path", ["aws-service-role/es.amazonaws.com/*", "aws-reserved/sso.amazonaws.com/*"])
@pytest.mark.parametrize(
    "companion", ["sts:AssumeRole", "iam:UpdateAssumeRolePolicy", "iam:CreateRole", "iam:PassRole"]
)
def test_roles_that_only_aws_can_change_lead_nowhere(path: str, companion: str) -> None:
    """AWS's own samples for service-linked roles hold these actions; IAM refuses them."""
    for write in ("iam:PutRolePolicy", "iam:AttachRolePolicy"):
        assert opened(allow([write, companion], f"arn:aws:iam::*:role/{path}"), allow(RUN)) == []


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
    attaching = allow("iam:AttachUserPolicy", Condition={"ArnLike": {"iam:PolicyARN": admitted}})

    assert ("iam-attach-user-policy" in opened(attaching, allow(write, written))) is expected
    assert opened(attaching) == []


def test_what_can_be_written_makes_no_other_policy_wide() -> None:
    """Who attaches one's own readers, writes other policies and cannot attach those takes no more."""
    attaching = allow(
        "iam:AttachUserPolicy", Condition={"ArnLike": {"iam:PolicyARN": f"{MINE}:policy/web/*"}}
    )
    written = allow("iam:CreatePolicy", f"{APP}/*")
    kept_off = deny("iam:*", Condition={"ArnLike": {"iam:PolicyARN": f"{APP}/*"}})

    assert opened(attaching, written, kept_off) == []
