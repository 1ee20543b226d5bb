"""What an identity short of root-level access can make of itself is told once, and refuses nothing."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made, Told

Run = Callable[..., list[Told]]

RULE: Final = "privilege-escalation"
MANAGED: Final = "arn:aws:iam::aws:policy/"


def user_with(*arns: str) -> list[Made]:
    """Make an IAM user that holds AWS-managed policies."""
    return [
        Made(
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            arn,
            {"user": "eve", "policyArn": MANAGED + arn},
        )
        for arn in arns
    ]


def test_the_walkthroughs_permission_set_gets_exactly_one_advisory(preview: Run) -> None:
    """Power users with all of IAM pass, and who reads the preview learns what they can become."""
    (told,) = preview(*user_with("PowerUserAccess", "IAMFullAccess"))

    assert (told.policy, told.level) == (RULE, "advisory")
    assert "IAM user `eve` is administrator-equivalent" in told.message


def test_the_worst_three_ways_are_named_and_the_others_counted(preview: Run) -> None:
    """A hundred lines would not be read."""
    (told,) = preview(*user_with("PowerUserAccess", "IAMFullAccess"))

    assert told.message.count("  how: ") == 3
    assert "  how: iam-all (iam:*)" in told.message
    assert "other ways; `pulumi stack export | identity-center check --all -` lists them" in told.message


@pytest.mark.parametrize(
    ("actions", "rest"),
    [
        (["CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"], []),
        (["CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "AddUserToGroup"], ["1 other way"]),
        (
            [
                "CreateAccessKey",
                "CreateLoginProfile",
                "UpdateLoginProfile",
                "AddUserToGroup",
                "CreatePolicyVersion",
            ],
            ["2 other ways"],
        ),
    ],
)
def test_the_others_are_counted_from_the_fourth_on(preview: Run, actions: list[str], rest: list[str]) -> None:
    """A count that is wrong by one sends somebody to look for what is not there."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": [f"iam:{each}" for each in actions], "Resource": "*"}],
    }
    (told,) = preview(
        Made("aws:iam/userPolicy:UserPolicy", "p", {"user": "eve", "policy": json.dumps(document)})
    )
    lines = [line.strip() for line in told.message.splitlines()]

    assert len([line for line in lines if line.startswith("how: ")]) == 3
    assert [line.partition(";")[0] for line in lines if line.startswith("and: ")] == [
        f"and: {x}" for x in rest
    ]


def test_a_single_way_is_told_with_its_call(preview: Run) -> None:
    """One sts or iam action is enough to become more."""
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Attach", "Effect": "Allow", "Action": "iam:AttachUserPolicy", "Resource": "*"}
        ],
    }
    (told,) = preview(
        Made("aws:iam/userPolicy:UserPolicy", "p", {"user": "eve", "policy": json.dumps(document)})
    )

    assert "can give itself more access than it was given" in told.message
    assert "iam:AttachUserPolicy" in told.message
    assert "inline policy, Attach, through UserPolicy `p`" in told.message


def test_who_means_it_is_told_what_comes_of_leaving_it(preview: Run, update: Run) -> None:
    """`If this access is meant, leave it` ended there: nobody knew whether the next run would be refused."""
    for run in (preview, update):
        (told,) = run(*user_with("IAMFullAccess"))

        assert told.level == "advisory"
        assert told.message.rstrip().endswith(
            "If this access is meant, leave it as it is: as advice this stops no run, and keeps the access "
            "in sight"
        )


def test_reading_is_no_escalation(preview: Run) -> None:
    """ReadOnlyAccess changes nothing."""
    assert preview(*user_with("ReadOnlyAccess")) == []


def test_root_level_access_is_told_by_its_own_rule_only(preview: Run) -> None:
    """Who has everything needs no way to more."""
    told = preview(*user_with("AdministratorAccess"))

    assert [each.policy for each in told] == ["no-root-level-access"]


def test_a_member_of_one_group_is_told_at_the_group(preview: Run) -> None:
    """The members are not what has to change."""
    told = preview(
        Made(
            "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
            "a",
            {"group": "ops", "policyArn": MANAGED + "IAMFullAccess"},
        ),
        Made("aws:iam/groupMembership:GroupMembership", "m", {"group": "ops", "users": ["ann", "eve"]}),
    )

    assert [each.policy for each in told] == [RULE]
    assert "IAM group `ops`" in told[0].message


def test_a_member_with_a_policy_of_its_own_is_told_by_itself(preview: Run) -> None:
    """Half of the way comes from the group, so neither shows it alone."""
    halves = {
        "group": ("GroupPolicy", "ops", "iam:AttachUserPolicy"),
        "user": ("UserPolicy", "eve", "iam:CreateAccessKey"),
    }
    made = [
        Made(
            f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}",
            who,
            {
                who_is: who,
                "policy": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"},
                    }
                ),
            },
        )
        for who_is, (kind, who, action) in halves.items()
    ]
    member = Made("aws:iam/groupMembership:GroupMembership", "m", {"group": "ops", "users": ["eve"]})
    told = preview(*made, member)

    assert any("IAM user `eve` can give itself more" in each.message for each in told)


def test_made_mandatory_it_refuses_in_the_update_what_opens_a_way() -> None:
    """Configured to refuse, it comes before the resource like every mandatory rule."""
    first, second = user_with("ReadOnlyAccess", "IAMFullAccess")
    engine = InProcessEngine(Phase.UPDATE, {RULE: "mandatory"})

    assert engine.one(first) == []
    (told,) = engine.one(second)
    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", second.urn)
