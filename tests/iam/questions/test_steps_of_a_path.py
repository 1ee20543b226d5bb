"""Steps of a path that are allowed one by one, and do not fit together."""

from itertools import product
from typing import Final

import pytest

from identity_guard.iam.text.wildcard import common_instance, matches
from tests.iam.statements import Json, allow, deny, opened

PASS: Final = allow("iam:PassRole")
PROFILE, ROLE = "arn:aws:iam::111122223333:instance-profile/app", "arn:aws:iam::111122223333:role/app"
RUN: Final = "ec2:RunInstances"
STACK: Final = "cloudformation:CreateStack"
BY_PROFILE: Final = "ec2:InstanceProfile"
BY_ROLE: Final = "cloudformation:RoleArn"
EVERY_PROFILE: Final = "arn:aws:iam::*:instance-profile/*"

HANDED: Final[dict[str, tuple[list[Json], bool]]] = {
    "no profile": ([allow(RUN, Condition={"Null": {BY_PROFILE: "true"}})], False),
    "any profile denied": ([allow(RUN), deny(RUN, Condition={"Null": {BY_PROFILE: "false"}})], False),
    "one profile": ([allow(RUN, Condition={"ArnEquals": {BY_PROFILE: PROFILE}})], False),
    "one profile or none": ([allow(RUN, Condition={"ArnEqualsIfExists": {BY_PROFILE: PROFILE}})], False),
    "every profile": ([allow(RUN, Condition={"ArnLike": {BY_PROFILE: EVERY_PROFILE}})], True),
    "all but one profile": ([allow(RUN), deny(RUN, Condition={"ArnEquals": {BY_PROFILE: PROFILE}})], True),
    "some profile": ([allow(RUN, Condition={"Null": {BY_PROFILE: "false"}})], True),
    "a profile by its text": (
        [allow(RUN, Condition={"StringLike": {BY_PROFILE: "*:instance-profile/*"}})],
        True,
    ),
    "another profile for an instance": (
        [
            allow(
                "ec2:AssociateIamInstanceProfile",
                Condition={"ArnEquals": {"ec2:NewInstanceProfile": PROFILE}},
            ),
            allow("ec2:DescribeInstances"),
        ],
        False,
    ),
    "no role of a stack": ([allow(STACK, Condition={"Null": {BY_ROLE: "true"}})], False),
    "one role of a stack": ([allow(STACK, Condition={"ArnEquals": {BY_ROLE: ROLE}})], False),
    "roles of stacks but one": ([allow(STACK, Condition={"ArnNotEquals": {BY_ROLE: ROLE}})], True),
    "no role of a change set": (
        [
            allow(
                ["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
                Condition={"Null": {BY_ROLE: "true"}},
            )
        ],
        False,
    ),
    "one role of a project": (
        [
            allow("codebuild:CreateProject", Condition={"ArnEquals": {"codebuild:serviceRole": ROLE}}),
            allow("codebuild:StartBuild"),
        ],
        False,
    ),
    "any role of a project": (
        [
            allow(
                "codebuild:CreateProject",
                Condition={"ArnLike": {"codebuild:serviceRole": "arn:aws:iam::*:role/*"}},
            ),
            allow("codebuild:StartBuild"),
        ],
        True,
    ),
}


@pytest.mark.parametrize("name", HANDED)
def test_the_role_that_a_call_hands_over_is_the_one_that_is_passed(name: str) -> None:
    """Leave to pass any role is nothing where the call takes none, or one that is named."""
    statements, is_open = HANDED[name]

    assert bool(opened(*statements, PASS)) is is_open


@pytest.mark.parametrize(
    ("calls", "of", "is_open"),
    [
        (RUN, "arn:aws:ec2:*:*:instance/*", True),
        (RUN, "arn:aws:lambda:*:*:function:*", False),
        (RUN, "*", True),
        ("lambda:*", "arn:aws:lambda:*:*:function:*", True),
        ("lambda:*", "arn:aws:ec2:*:*:instance/*", False),
        (["ecs:RegisterTaskDefinition", "ecs:RunTask"], "arn:aws:ecs:*:*:task/*", True),
        (["ecs:RegisterTaskDefinition", "ecs:RunTask"], "arn:aws:glue:*:*:job/*", False),
    ],
)
def test_a_role_is_passed_for_the_thing_that_a_condition_names(
    calls: str | list[str], of: str, *, is_open: bool
) -> None:
    """A role that may be passed to functions only runs on no instance."""
    passing = allow("iam:PassRole", Condition={"ArnLike": {"iam:AssociatedResourceArn": of}})

    assert bool(opened(allow(calls), passing)) is is_open


IMAGES: Final = "arn:aws:ec2:*::image/*"
OTHERS: Final = [
    f"arn:aws:ec2:*:*:{kind}/*"
    for kind in ("instance", "subnet", "network-interface", "security-group", "volume", "key-pair")
]


@pytest.mark.parametrize(
    ("resources", "is_open"),
    [
        (["arn:aws:ec2:*:*:instance/*"], False),
        (["arn:aws:ec2:*:*:instance/*", IMAGES], False),
        ([*OTHERS, "arn:aws:ec2:*::image/ami-0123456789abcdef0"], True),
        ([*OTHERS, IMAGES], True),
        (OTHERS, False),
        (["arn:aws:ec2:eu-west-1:*:*", "arn:aws:ec2:eu-west-1::image/*"], True),
    ],
)
def test_a_launch_takes_all_kinds_of_resources_that_it_needs(resources: list[str], *, is_open: bool) -> None:
    """Leave for instances alone launches none; one image is enough of images."""
    assert bool(opened(allow(RUN, resources), PASS)) is is_open


GLUE: Final = ("glue:CreateJob", "glue:StartJobRun", "arn:aws:glue:{}:*:job/{}")
STATES: Final = ("states:CreateStateMachine", "states:StartExecution", "arn:aws:states:{}:*:stateMachine:{}")
LAMBDA: Final = ("lambda:CreateFunction", "lambda:InvokeFunction", "arn:aws:lambda:{}:*:function:{}")


@pytest.mark.parametrize("steps", [GLUE, STATES, LAMBDA])
@pytest.mark.parametrize(
    ("made", "used", "is_open"),
    [
        (("*", "a-*"), ("*", "b-*"), False),
        (("*", "a-*"), ("*", "a-*"), True),
        (("*", "a-*"), ("*", "*-b"), True),
        (("*", "app"), ("*", "a*"), True),
        (("*", "a-?"), ("*", "a-xy"), False),
        (("eu-west-1", "*"), ("us-west-2", "*"), False),
        (("eu-*", "*"), ("*-west-1", "*"), True),
    ],
)
def test_what_is_made_is_what_is_started(
    steps: tuple[str, str, str], made: tuple[str, str], used: tuple[str, str], *, is_open: bool
) -> None:
    """A job made under one name cannot be started under another."""
    making, using, arn = steps

    statements = [allow(making, arn.format(*made)), allow(using, arn.format(*used)), PASS]

    assert bool(opened(*statements)) is is_open


@pytest.mark.parametrize(
    ("made", "used", "is_open"),
    [("eu-west-1", "us-west-2", False), ("eu-west-1", "eu-west-1", True), ("eu-*", "*-west-1", True)],
)
def test_what_is_made_in_one_region_is_not_in_another(made: str, used: str, *, is_open: bool) -> None:
    """Conditions on the Region tell steps apart as ARNs do."""
    statements = [
        allow(action, Condition={"StringLike": {"aws:RequestedRegion": region}})
        for action, region in (("lambda:CreateFunction", made), ("lambda:InvokeFunction", used))
    ]

    assert bool(opened(*statements, PASS)) is is_open


PATTERNS: Final = ["", "*", "?", "a", "a*", "*b", "a?c", "*a*b*", "a-*", "b-*", "??", "*?*", "abc", "*c"]


@pytest.mark.parametrize(("one", "other"), list(product(PATTERNS, PATTERNS)))
def test_what_two_patterns_share_both_match(one: str, other: str) -> None:
    """A text that one does not match would open a path that is closed; none where there is one, close it."""
    shared = common_instance(one, other)
    texts = ("".join(letters) for size in range(5) for letters in product("abc-", repeat=size))

    if shared is None:
        assert not any(matches(one, text) and matches(other, text) for text in texts)
    else:
        assert matches(one, shared)
        assert matches(other, shared)


def test_long_patterns_are_put_together_in_bounded_time() -> None:
    """Two patterns of stars, as long as AWS takes them, must not hang a check."""
    assert common_instance("*a" * 50 + "*", "*b" * 50 + "*") is not None
    assert common_instance("*a" * 900, "*b" * 900) is None


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (("job/*", "*Canvas*", "*canvas*"), True),
        (("job/*", "jo?/a*", "*b"), True),
        (("job/*", "a*", "*"), False),
        (("a*c", "*b*", "a?c"), True),
    ],
)
def test_what_three_patterns_share_all_match(patterns: tuple[str, ...], *, expected: bool) -> None:
    """The kind of a resource is one of the patterns."""
    shared = common_instance(*patterns)

    assert (shared is not None) is expected
    assert shared is None or all(matches(pattern, shared) for pattern in patterns)


def test_steps_that_a_service_makes_fit_together_as_well() -> None:
    """What CloudFormation does for its caller is asked of its calls, and not of direct ones."""
    by_stacks = allow(
        Condition={"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}
    )
    starts = [
        allow("cloudformation:*", Condition={operator: {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}})
        for operator in ("StringEquals", "StringNotEquals")
    ]

    assert "lambda-with-passed-role" in opened(by_stacks, *starts)


def test_statements_that_are_written_many_times_over_say_no_less() -> None:
    """Sixty copies of a statement with four resources, counted as 240, left its path undecided."""
    store = "arn:aws:identitystore::111122223333:identitystore/d-1234567890"
    named = [store, *(f"arn:aws:identitystore:::{each}/*" for each in ("membership", "group", "user"))]
    once = allow("identitystore:CreateGroupMembership", named)

    assert opened(once)
    assert opened(*[once] * 62) == opened(once)
