"""Who becomes an administrator of a stack by steps through its identities is told once."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]

RULE: Final = "chains-to-administrators"
HERE: Final = "arn:aws:iam::111122223333"
MANAGED: Final = "arn:aws:iam::aws:policy/"


def text(*statements: tuple[object, object]) -> str:
    """Write a policy of some Allows."""
    written = [{"Effect": "Allow", "Action": actions, "Resource": on} for actions, on in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": written})


def trust(**principal: object) -> str:
    """Write a trust policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def iam(kind: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a resource of IAM."""
    return Made(f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}", label, inputs)


def user(name: str, *statements: tuple[object, object]) -> list[Made]:
    """Make a user, with a policy where it has one."""
    made = [iam("User", name, name=name)]
    return (
        [*made, iam("UserPolicy", f"{name}-own", user=name, policy=text(*statements))] if statements else made
    )


def boss() -> list[Made]:
    """Make an administrator that is not root-level: nothing else of the stack is refused then."""
    attached = [
        iam("UserPolicyAttachment", each, user="boss", policyArn=MANAGED + each)
        for each in ("IAMFullAccess", "PowerUserAccess")
    ]
    return [*user("boss"), *attached]


def admin(principal: dict[str, object]) -> Made:
    """Make an administrator's role."""
    held = [f"{MANAGED}IAMFullAccess", f"{MANAGED}PowerUserAccess"]
    return iam("Role", "Admin", name="Admin", managedPolicyArns=held, assumeRolePolicy=trust(**principal))


def told_by(told: list[Told], *, policy: str = RULE) -> list[str]:
    """Return the claims of the rule."""
    return [each.message.splitlines()[1] for each in told if each.policy == policy]


KEY: Final = ("iam:CreateAccessKey", f"{HERE}:user/boss")
BECOMES: Final = "user `dev` becomes role `Admin` (IAMFullAccess)"
POLICY: Final = iam("Policy", "pp", name="pp", policy=text(("iam:CreatePolicyVersion", f"{HERE}:policy/pp")))
RUN: Final = (["lambda:CreateFunction", "lambda:InvokeFunction"], "*")


@pytest.mark.parametrize(
    ("stack", "claim"),
    [
        (
            [*boss(), *user("dev", KEY)],
            "user `dev` becomes user `boss` (IAMFullAccess): iam:CreateAccessKey on user/boss",
        ),
        (
            [
                admin({"Service": "lambda.amazonaws.com"}),
                *user("dev", RUN, ("iam:PassRole", f"{HERE}:role/Admin")),
            ],
            (
                "user `dev` becomes role `Admin` (IAMFullAccess): iam:PassRole on role/Admin + "
                "lambda:CreateFunction on * + lambda:InvokeFunction on *"
            ),
        ),
        (
            [
                POLICY,
                *user("dev"),
                iam("UserPolicyAttachment", "a", user="dev", policyArn=f"{HERE}:policy/pp"),
            ],
            "user `dev` makes itself root-level: iam:CreatePolicyVersion on policy/pp",
        ),
        (
            user("dev", ("iam:PutUserPolicy", f"{HERE}:user/dev")),
            "user `dev` makes itself root-level: iam:PutUserPolicy on user/dev",
        ),
        (
            [
                admin({"Service": "lambda.amazonaws.com"}),
                Made("aws:lambda/function:Function", "job", {"name": "job", "role": f"{HERE}:role/Admin"}),
                *user("dev", ("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:job")),
            ],
            f"{BECOMES}: lambda:UpdateFunctionCode on lambda:function:job",
        ),
    ],
    ids=["key", "role passed", "own policy", "literal ARN", "function"],
)
def test_the_named_targets_of_one_stack_resolve(
    preview: Run, audit: Run, stack: list[Made], claim: str
) -> None:
    """Each of these was told nothing at all while every identity was judged by itself."""
    for run in (preview, audit):
        told = run(*stack)

        assert told_by(told) == [claim]
        assert {each.level for each in told if each.policy == RULE} == {"advisory"}


def service(**more: object) -> list[Made]:
    """Make a service of ECS whose tasks run as the administrator's role."""
    definition = {"family": "web", "taskRoleArn": f"{HERE}:role/Admin", "containerDefinitions": "[]"}
    inputs = {"name": "web", "cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/main", **more}
    return [
        admin({"Service": "ecs-tasks.amazonaws.com"}),
        Made("aws:ecs/taskDefinition:TaskDefinition", "task", definition),
        Made("aws:ecs/service:Service", "web", {"taskDefinition": "web:3", **inputs}),
    ]


IN_TASKS: Final = ["arn:aws:ecs:*:*:cluster/main", "arn:aws:ecs:*:*:task/main/*"]


@pytest.mark.parametrize(
    ("stack", "on", "is_told"),
    [
        (service(enableExecuteCommand=True), IN_TASKS, True),
        (service(enableExecuteCommand=UNKNOWN), IN_TASKS, True),
        (service(enableExecuteCommand=False), IN_TASKS, False),
        (service(), IN_TASKS, False),
        (service(enableExecuteCommand=True), IN_TASKS[1:], False),
        (
            service(enableExecuteCommand=True),
            ["arn:aws:ecs:*:*:cluster/main", "arn:aws:ecs:*:*:task/b/*"],
            False,
        ),
    ],
    ids=["open", "not known", "shut", "shut by default", "no leave for the cluster", "another cluster"],
)
def test_a_shell_in_a_task_gives_its_role(
    preview: Run, stack: list[Made], on: list[str], *, is_told: bool
) -> None:
    """A task is entered where its service lets anybody in, and by leave for its cluster as well."""
    told = told_by(preview(*stack, *user("dev", ("ecs:ExecuteCommand", on))))

    assert bool(told) is is_told
    assert all(each.startswith(f"{BECOMES}: ecs:ExecuteCommand on ecs:task/main/") for each in told)


def test_mandatory_refuses(preview: Run) -> None:
    """Who wants no such chain says so in the pack's configuration."""
    told = preview(*boss(), *user("dev", KEY), chains_to_administrators="mandatory")

    assert [each.level for each in told if each.policy == RULE] == ["mandatory"]


def test_the_steps_are_told_in_their_order(preview: Run) -> None:
    """A chain of two steps names both, each with its call."""
    middle = iam(
        "Role",
        "middle",
        name="middle",
        assumeRolePolicy=trust(AWS=f"{HERE}:user/dev"),
        inlinePolicies=[{"name": "keys", "policy": text(KEY)}],
    )
    told = preview(*boss(), middle, *user("dev", ("s3:GetObject", "*")))
    (message,) = (each.message for each in told if "user `dev`" in each.message and each.policy == RULE)

    assert message.splitlines()[1].startswith("user `dev` becomes user `boss` (IAMFullAccess) in 2 steps: ")
    assert [line.strip() for line in message.splitlines() if line.startswith("  step: ")] == [
        "step: user `dev` becomes role `middle`: sts:AssumeRole on role/middle",
        "step: role `middle` becomes user `boss`: iam:CreateAccessKey on user/boss",
    ]


def test_what_many_can_do_alike_is_told_once(preview: Run) -> None:
    """A thousand users of one group are one finding, not a thousand."""
    group = [iam("Group", "ops", name="ops"), iam("GroupPolicy", "keys", group="ops", policy=text(KEY))]
    users = [made for number in range(6) for made in user(f"u{number}")]
    names = [f"u{number}" for number in range(6)]
    members = iam("GroupMembership", "in", group="ops", users=names)
    told = preview(*boss(), *group, *users, members)

    assert told_by(told) == [
        "user `u0` becomes user `boss` (IAMFullAccess): iam:CreateAccessKey on user/boss"
    ]
    (message,) = (each.message for each in told if each.policy == RULE)
    assert "the same: holds for `user u1`, `user u2`, `user u3` and 2 others" in message


def test_who_escalates_by_its_own_documents_is_told_by_that_rule_only(preview: Run) -> None:
    """The same thing under two names is read as two."""
    told = preview(*boss(), *user("dev", ("iam:CreateAccessKey", "*")))

    assert told_by(told) == []
    assert any("user `dev`" in claim for claim in told_by(told, policy="privilege-escalation"))


def test_a_target_of_elsewhere_is_told_once_as_undecided(preview: Run) -> None:
    """Its name is all that is known; a hundred of them are one line with three examples."""
    far = "arn:aws:iam::444455556666:role/far"
    users = [made for n in range(5) for made in user(f"u{n}", ("sts:AssumeRole", f"{far}-{n}"))]
    (told,) = preview(*users)

    assert told.policy == "undecided"
    assert told.message.splitlines()[1] == (
        "undecided: whether anybody becomes an administrator through 5 targets that are not in this stack"
    )
    assert told.message.count("  may be: ") == 3
    assert "  and: 2 more" in told.message


def test_an_exception_answers_for_a_chain(preview: Run) -> None:
    """A build user that has to make keys is named, with the reason and until when."""
    exception = {"principal": "dev", "reason": "makes keys", "owner": "team", "expires": "2027-01-01"}
    told = preview(*boss(), *user("dev", KEY), chains_to_administrators={"exceptions": [exception]})

    assert told_by(told) == []


def test_nothing_of_a_secret_document_is_told(preview: Run) -> None:
    """The resources that it names stay in it."""
    marked = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": text(KEY)}
    secret = iam("UserPolicy", "dev-own", user="dev", policy=marked)
    told = preview(*boss(), *user("dev"), secret)
    (message,) = (each.message for each in told if each.policy == RULE)

    assert "iam:CreateAccessKey on what is not shown" in message
    assert "user/boss" not in message


def test_a_workload_is_called_by_its_own_arn(preview: Run) -> None:
    """The Region may be the provider's, which the pack is told by the ARN alone."""
    own = "arn:aws:lambda:ap-southeast-2:111122223333:function:web"
    inputs = {"name": "web", "role": f"{HERE}:role/Admin"}
    made = Made("aws:lambda/function:Function", "web", inputs, {**inputs, "arn": own})
    dev = user("dev", ("lambda:UpdateFunctionCode", own))

    told = told_by(preview(admin({"Service": "lambda.amazonaws.com"}), made, *dev))

    assert told[0].startswith(f"{BECOMES}: lambda:UpdateFunctionCode on ")


def test_an_attachment_that_waits_for_names_is_followed(preview: Run) -> None:
    """In a fresh stack ARNs are not known yet, and the chain is there all the same."""
    role = admin({"Service": "ec2.amazonaws.com"})
    profile = Made(
        "aws:iam/instanceProfile:InstanceProfile",
        "p",
        {"name": "p", "role": UNKNOWN},
        depends={"role": [role]},
    )
    machine = Made(
        "aws:ec2/instance:Instance",
        "box",
        {"iamInstanceProfile": UNKNOWN},
        depends={"iamInstanceProfile": [profile]},
    )
    dev = user("dev", ("ssm:StartSession", "arn:aws:ec2:*:*:instance/*"))

    assert told_by(preview(role, profile, machine, *dev))[0].startswith("user `dev` becomes role `Admin`")


def directory(*statements: tuple[object, object]) -> list[Made]:
    """Make a set of a help desk with these grants, and the administrators' set, each assigned to a group."""
    arns = {name: f"arn:aws:sso:::permissionSet/ssoins-1/ps-{name}" for name in ("Desk", "Rule")}
    made = [
        Made("aws:ssoadmin/permissionSet:PermissionSet", name, {"name": name}, {"name": name, "arn": arn})
        for name, arn in arns.items()
    ]
    holds = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "desk-own",
        {"permissionSetArn": arns["Desk"], "inlinePolicy": text(*statements)},
    )
    rules = [
        Made(
            "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
            each,
            {"permissionSetArn": arns["Rule"], "managedPolicyArn": MANAGED + each},
        )
        for each in ("IAMFullAccess", "PowerUserAccess")
    ]
    group = {"displayName": "Rulers", "groupId": "g-1"}
    groups = [Made("aws:identitystore/group:Group", "rulers", group, group)]
    assigned = [
        Made(
            "aws:ssoadmin/accountAssignment:AccountAssignment",
            f"{name}-{principal}",
            {
                "permissionSetArn": arns[name],
                "principalType": "GROUP",
                "principalId": principal,
                "targetId": "444455556666",
            },
        )
        for name, principal in (("Desk", "g-2"), ("Rule", "g-1"))
    ]
    return [*made, holds, *rules, *groups, *assigned]


def test_permission_sets_of_the_directory_are_followed(audit: Run) -> None:
    """A help desk that fills groups fills the administrators' group, too."""
    told = audit(*directory(("identitystore:CreateGroupMembership", "*")))

    # By its own documents it reaches any group already, which the rule on single identities tells.
    assert any("permission set `Desk`" in each.message for each in told)
    narrow = ("identitystore:CreateGroupMembership", ["arn:aws:identitystore:::group/g-1"])
    claims = told_by(audit(*directory(narrow)))
    assert claims == [
        (
            "permission set `Desk` in 444455556666 becomes permission set `Rule` in 444455556666 "
            "(IAMFullAccess) in 2 steps: identitystore:CreateGroupMembership on group/g-1"
        )
    ]


@pytest.mark.parametrize(("instance", "is_told"), [("ssoins-1", True), ("ssoins-2", False)])
def test_the_arns_of_a_stack_tell_its_instance(audit: Run, instance: str, *, is_told: bool) -> None:
    """A grant in another instance reaches nobody here; one in this instance gives the administrators' set."""
    assigns = [
        f"arn:aws:sso:::instance/{instance}",
        "arn:aws:sso:::permissionSet/ssoins-1/ps-Rule",
        "arn:aws:sso:::account/444455556666",
    ]
    claims = told_by(audit(*directory(("sso:CreateAccountAssignment", assigns))))

    assert any("becomes permission set `Rule`" in each for each in claims) == is_told


@pytest.mark.parametrize(("account", "is_told"), [("444455556666", True), ("999988887777", False)])
def test_the_arns_of_a_stack_tell_its_account(audit: Run, account: str, *, is_told: bool) -> None:
    """Documents name accounts of others more often; a user of the same name there is somebody else."""
    own = {"name": "dev", "arn": "arn:aws:iam::444455556666:user/dev"}
    dev = Made("aws:iam/user:User", "dev", {"name": "dev"}, own)
    elsewhere = [f"arn:aws:iam::999988887777:user/{each}" for each in ("a", "b")]
    key = ("iam:CreateAccessKey", f"arn:aws:iam::{account}:user/boss")
    _, held = user("dev", key, ("iam:GetUser", elsewhere))

    assert bool(told_by(audit(*boss(), dev, held))) == is_told


ASKING: Final = ("sts:AssumeRole", f"{HERE}:role/Admin")


def untold() -> Made:
    """Make an administrator's role whose trust policy is known later."""
    held = [f"{MANAGED}IAMFullAccess", f"{MANAGED}PowerUserAccess"]
    return iam("Role", "Admin", name="Admin", managedPolicyArns=held, assumeRolePolicy=UNKNOWN)


def undecided_of(told: list[Told]) -> list[str]:
    """Return what is left undecided of chains."""
    return [
        each.message.splitlines()[1]
        for each in told
        if each.message.splitlines()[1].startswith("undecided: ")
    ]


@pytest.mark.parametrize(
    "grants", [[ASKING], [("iam:PassRole", f"{HERE}:role/Admin"), RUN]], ids=["assumed", "passed"]
)
def test_a_trust_policy_that_is_not_known_yet_is_undecided(
    preview: Run, grants: list[tuple[object, object]]
) -> None:
    """Whoever may assume a role or pass it on may get it; that its trust is not known makes nobody safe."""
    told = preview(untold(), *user("dev", *grants), *user("other", ("s3:GetObject", "*")))

    assert undecided_of(told) == ["undecided: whether user `dev` becomes role `Admin` (IAMFullAccess)"]
    assert not told_by(told)


def test_what_is_undecided_of_many_alike_is_told_once(preview: Run) -> None:
    """One role whose trust is not known is one message, not one for each who may assume it."""
    several = [
        made for n in range(5) for made in user(f"u{n}", ASKING, ("s3:GetObject", f"arn:aws:s3:::b{n}/*"))
    ]
    told = preview(untold(), *several)

    assert len(undecided_of(told)) == 1
    assert any("the same: holds for `user u1`" in each.message for each in told)


def test_a_new_identity_is_told_as_such(preview: Run) -> None:
    """Nobody of the stack is become: what is made has no name yet, so the calls say where."""
    making = text((["iam:CreateRole", "iam:PutRolePolicy"], f"{HERE}:role/app-*"))
    builder = iam(
        "Role",
        "ci",
        name="ci",
        assumeRolePolicy=trust(AWS=f"{HERE}:user/dev"),
        inlinePolicies=[{"name": "builds", "policy": making}],
    )
    told = preview(builder, *user("dev", ("s3:GetObject", "*")))

    assert told_by(told) == [
        "user `dev` makes a new identity (root-level) in 2 steps: sts:AssumeRole on role/ci"
    ]
    (message,) = (each.message for each in told if each.policy == RULE)
    assert (
        "step: role `ci` makes a new identity: iam:CreateRole on role/app-EXAMPLE + "
        "iam:PutRolePolicy on role/app-EXAMPLE"
    ) in message
