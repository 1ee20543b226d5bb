"""Which resource a property means: by its value, else by its dependencies; what neither tells stays open."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
ROOT_LEVEL: Final = "no-root-level-access"
ACCOUNT: Final = "444455556666"
QUIET: Final = {"mfa_requirement": "disabled", "privilege_escalation": "disabled"}


def iam(kind: str, label: str, depends: dict[str, list[Made]] | None = None, **inputs: Any) -> Made:  # noqa: ANN401
    """Make a resource of IAM."""
    return Made(f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}", label, inputs, depends=depends or {})


ROLE, OTHER_ROLE, USER = iam("Role", "deploy"), iam("Role", "other"), iam("User", "eve")
POLICY: Final = iam("Policy", "reading", policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
BUCKET: Final = Made("aws:s3/bucket:Bucket", "bucket", {})


def to_roles(count: int, *depends: Made) -> Made:
    """Attach AdministratorAccess to roles whose names are not known yet."""
    return iam(
        "PolicyAttachment", "to-roles", {"roles": [*depends]}, roles=[UNKNOWN] * count, policyArn=ADMIN
    )


def to_role(*depends: Made) -> Made:
    """Attach AdministratorAccess to one role whose name is not known yet."""
    return iam("RolePolicyAttachment", "to-role", {"role": [*depends]}, role=UNKNOWN, policyArn=ADMIN)


@pytest.mark.parametrize(
    ("attachment", "refused", "is_open"),
    [
        (to_role(ROLE), ["deploy"], False),
        (to_role(USER, ROLE), ["deploy"], False),
        (to_role(POLICY, BUCKET, ROLE), ["deploy"], False),
        (to_role(ROLE, OTHER_ROLE), [], True),
        (to_role(USER), [], True),
        (to_role(), [], True),
        (to_roles(1, ROLE), ["deploy"], False),
        (to_roles(1, ROLE, OTHER_ROLE), [], True),
        (to_roles(2, ROLE, OTHER_ROLE), ["deploy", "other"], False),
        (to_roles(2, ROLE), ["deploy"], False),
        (to_roles(2), [], True),
        (to_roles(2, USER), [], True),
    ],
)
def test_a_fresh_identity_is_told_by_the_dependency_of_its_kind(
    preview: Run, attachment: Made, refused: list[str], *, is_open: bool
) -> None:
    """To take another for it would refuse the wrong one, and let through the one that gets everything."""
    told = preview(BUCKET, ROLE, OTHER_ROLE, USER, POLICY, attachment, **QUIET)
    violations = [each.message for each in told if each.policy == ROOT_LEVEL]

    assert len(violations) == len(refused)
    assert all(
        f"`{name}` has root-level access" in said for name, said in zip(refused, violations, strict=True)
    )
    assert any("to which IAM role" in each.message for each in told) is is_open


@pytest.mark.parametrize(
    ("roles", "depends", "refused"),
    [
        (["deploy-1a2b"], ["deploy"], []),
        (["deploy-1a2b"], ["deploy", "eve"], []),
        (["deploy-1a2b"], [], ["deploy-1a2b"]),
        (["deploy-1a2b"], ["deploy", "other"], ["deploy-1a2b"]),
        (["deploy-1a2b", "ops"], ["deploy"], ["ops", "deploy-1a2b"]),
        (["ops"], ["deploy"], ["ops"]),
        (["arn:aws:iam::111122223333:role/team/ops"], ["deploy"], ["ops"]),
    ],
)
def test_a_name_of_nobody_is_that_of_the_only_dependency(
    preview: Run, roles: list[str], depends: list[str], refused: list[str]
) -> None:
    """A role that AWS names itself is held by its boundary, however the attachment calls it."""
    limit = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    made = [
        iam("Role", "deploy", permissionsBoundary=limit),
        iam("Role", "other", permissionsBoundary=limit),
        iam("User", "eve"),
    ]
    named = iam("Role", "ops", name="ops")
    on = {"roles": [each for each in made if each.name in depends]}
    told = preview(*made, named, iam("PolicyAttachment", "to", on, roles=roles, policyArn=ADMIN), **QUIET)

    claims = [each.message for each in told if each.policy == ROOT_LEVEL]
    assert len(claims) == len(refused)
    assert all(f"`{name}` has root-level access" in said for name, said in zip(refused, claims, strict=True))


EVE: Final = Made("aws:identitystore/user:User", "eve", {"userName": "eve"}, {"userId": UNKNOWN})
CREW: Final = Made("aws:identitystore/group:Group", "crew", {"displayName": "c"}, {"groupId": UNKNOWN})
PAIR: Final = {"access_as_a_whole": {"toxicPairs": [["Pay", "Approve"]]}, **QUIET}
TOXIC: Final = f"somebody holds `Pay` and `Approve` in account {ACCOUNT}"


def entitle(role: str, *depends: Made, **principal: str) -> Made:
    """Let a person or group use an existing role."""
    of = {
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "principal": {"identityCenter": principal or {"userId": UNKNOWN}},
    }
    given = {"entitlement": {"principalRole": of}}
    return Made("aws:accountaccess/entitlement:Entitlement", role, given, depends={"entitlement": [*depends]})


@pytest.mark.parametrize(
    ("depends", "toxic"),
    [([EVE], True), ([BUCKET, EVE], True), ([CREW, EVE], True), ([CREW], False), ([], False)],
)
def test_a_fresh_person_is_told_by_the_dependency_of_its_kind(
    preview: Run, depends: list[Made], *, toxic: bool
) -> None:
    """An entitlement names its person deep inside a property, and its dependencies by the outermost only."""
    told = preview(BUCKET, EVE, CREW, entitle("Pay", *depends), entitle("Approve", *depends), **PAIR)

    assert [TOXIC in each.message for each in told if each.policy == "access-as-a-whole"] == [True] * toxic
    assert any("whether somebody holds `Pay` and `Approve`" in each.message for each in told) is not toxic


@pytest.mark.parametrize("arn", ["", "arn", "arn:aws:iam:", "arn:aws:iam::", "deploy"])
def test_an_arn_that_is_none_ends_no_run(preview: Run, arn: str) -> None:
    """AWS says what is wrong with it."""
    broken = Made(
        "aws:accountaccess/entitlement:Entitlement",
        "broken",
        {
            "entitlement": {
                "principalRole": {"roleArn": arn, "principal": {"identityCenter": {"userId": "u-1"}}}
            }
        },
    )

    assert not [each for each in preview(broken, **PAIR) if each.level == "mandatory"]
