"""What a preview says of a permission set that changes: who is meant, and what they may do from then on."""

import json
import sys
from dataclasses import replace
from typing import Final

import pytest

from identity_center.model.access.grant import Grant
from identity_center.model.access.record import RecordedModel
from identity_center.model.organisation.places import Places
from identity_center.model.plan.permission_sets import plan_permission_set
from identity_center.model.plan.planned import BOUNDARY, CUSTOMER_POLICY, INLINE_POLICY, Id
from identity_center.model.plan.set_contents import SetContents, contents, contents_of_plan
from identity_center.program.preview.permission_changes import permission_changes

AWS: Final = "arn:aws:iam::aws:policy/"
POWER: Final = SetContents(managed=frozenset({f"{AWS}PowerUserAccess"}))
READ: Final = SetContents(managed=frozenset({f"{AWS}ReadOnlyAccess"}))
MODEL: Final = RecordedModel(
    {"power": "PowerUser"},
    {"developers": frozenset({"ada", "bob"}), "platform": None},
    frozenset(
        {
            Grant("power", "developers", "GROUP", "444444444444"),
            Grant("power", "developers", "GROUP", "555555555555"),
            Grant("power", "ada", "USER", "444444444444"),
        }
    ),
    frozenset(),
    frozenset(),
    frozenset(),
)


def inline(*actions: str, **more: object) -> SetContents:
    """Return a set with one inline policy."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return SetContents(inline=json.dumps(document, sort_keys=True))


def said(
    before: SetContents, after: SetContents, model: RecordedModel = MODEL, was: RecordedModel | None = None
) -> list[str]:
    """Return the sentences of a change of the one permission set."""
    changes = permission_changes({"power": before}, {"power": after}, was or model, model)
    return [each.sentence(Places()) for each in changes]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            inline("s3:GetObject"),
            inline("s3:GetObject", "ec2:CreateVpnGateway"),
            ["inline policy changed; writes for the first time; gains ec2:CreateVpnGateway"],
        ),
        (
            inline("s3:GetObject", "s3:PutObject"),
            inline("s3:GetObject"),
            ["inline policy changed; writes nothing any more; loses s3:PutObject"],
        ),
        (
            SetContents(managed=frozenset({f"{AWS}AmazonVPCReadOnlyAccess"})),
            SetContents(
                managed=frozenset({f"{AWS}AmazonVPCReadOnlyAccess"}), inline=inline("ec2:*Vpn*").inline
            ),
            ["inline policy added; writes for the first time; gains 42 actions of ec2:*Vpn*"],
        ),
        (
            inline("s3:Get*", "ec2:*Vpn*"),
            inline("s3:Get*"),
            ["inline policy changed; writes nothing any more; loses 44 actions of ec2:*Vpn*"],
        ),
        (
            inline("s3:GetObject"),
            inline("s3:GetObject", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            [
                "inline policy changed; the same actions, perhaps on other resources or under other",
            ],
        ),
        (SetContents(session="PT4H"), SetContents(session="PT1H30M"), ["session 4 h -> 1 h 30 min"]),
        (
            SetContents(),
            SetContents(managed=frozenset({f"{AWS}AdministratorAccess"})),
            ["with AdministratorAccess; becomes root-level; gains "],
        ),
        (
            POWER,
            SetContents(managed=POWER.managed | {f"{AWS}IAMFullAccess"}),
            ["with IAMFullAccess; becomes administrator; gains "],
        ),
        (
            SetContents(managed=POWER.managed, boundary=f"{AWS}PowerUserAccess"),
            SetContents(managed=POWER.managed, boundary=f"{AWS}ReadOnlyAccess"),
            [
                (
                    "boundary PowerUserAccess -> ReadOnlyAccess; is no longer able to give itself more; "
                    "keeps 8 of 12,471 actions that write; loses 15,164 actions ("
                )
            ],
        ),
        (
            SetContents(),
            SetContents(customer_managed=frozenset({"/team/Deploy"})),
            ["with /team/Deploy; what /team/Deploy allows is not known here"],
        ),
        (READ, READ, []),
    ],
)
def test_a_change_is_told_by_what_people_may_do(
    before: SetContents, after: SetContents, expected: list[str]
) -> None:
    """`nobody gains or loses anything` above a new `s3:*` is how a mistake reaches production."""
    found = said(before, after)

    assert len(found) == len(expected)
    for sentence, words in zip(found, expected, strict=True):
        assert sentence.startswith(f"PowerUser (2 people, 2 accounts): {words}")


def test_many_actions_are_counted_by_service() -> None:
    """Five thousand names in a preview hide the sentence that matters."""
    (sentence,) = said(POWER, READ)

    assert "actions (" in sentence
    assert "services more)" in sentence
    assert len(sentence) < 350


def test_a_group_from_elsewhere_is_told_as_one_whose_members_nobody_knows() -> None:
    """Nobody counts in Identity Center who is in a group of Active Directory."""
    grants = MODEL.grants | {Grant("power", "platform", "GROUP", "444444444444")}
    model = RecordedModel(
        MODEL.permission_set_names, MODEL.members, grants, frozenset(), frozenset(), frozenset()
    )

    (sentence,) = said(SetContents(session="PT4H"), SetContents(session="PT1H"), model)

    assert "(2 people and whoever is in 1 group from elsewhere, 2 accounts)" in sentence


@pytest.mark.parametrize(
    ("had", "whom"),
    [
        ({Grant("power", "ada", "USER", "444444444444")}, "1 person, 1 account"),
        ({Grant("power", "developers", "GROUP", "555555555555")}, "2 people, 1 account"),
        ({Grant("power", "developers", "GROUP", "666666666666")}, "nobody keeps it where they had it"),
        (set(), "assigned to nobody until now"),
    ],
)
def test_only_those_who_keep_a_set_lose_what_it_loses(had: set[Grant], whom: str) -> None:
    """Of 30 people in 500 accounts who get a set, one in one account loses something by its change.

    The others gain the set, and another sentence says so.
    """
    (sentence,) = said(POWER, READ, was=replace(MODEL, grants=frozenset(had)))

    assert sentence.startswith(f"PowerUser ({whom}): ")


@pytest.mark.parametrize(
    ("had", "whom"), [(MODEL, "assigned to nobody any more"), (None, "assigned to nobody")]
)
def test_a_set_that_nobody_will_have_is_said_to_be_so(had: RecordedModel | None, whom: str) -> None:
    """Whoever mends a set before they assign it wants to know that nobody is touched yet."""
    model = replace(MODEL, grants=frozenset())

    (sentence,) = said(POWER, READ, model, was=had)

    assert sentence.startswith(f"PowerUser ({whom}): ")


def test_without_the_evaluator_the_change_is_told_and_not_called_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The components run alone as well; silence there would read as no change."""
    monkeypatch.setitem(sys.modules, "identity_guard.iam", None)

    (sentence,) = said(inline("s3:GetObject"), inline("s3:*"))

    assert "permissions not compared: the policy pack is not installed" in sentence


def test_contents_are_read_alike_from_a_plan_and_from_a_state() -> None:
    """A difference in reading is a change that nobody made, in every preview."""
    document = '{"Version": "2012-10-17", "Statement": []}'
    plan = plan_permission_set(
        "power",
        {
            "instance_arn": "arn:instance",
            "name": "Power",
            "session_duration": "PT4H",
            "managed_policy_arns": [f"{AWS}ReadOnlyAccess"],
            "customer_managed_policies": [{"name": "Deploy", "path": "/team/"}],
            "inline_policy": document,
            "permissions_boundary": {"customer_managed_policy": {"name": "Limit"}},
        },
        (),
    )
    state = [(each.id, dict(each.inputs)) for each in plan if each.type not in (INLINE_POLICY, BOUNDARY)]
    state += [
        (Id(INLINE_POLICY, "power"), {"inlinePolicy": '{"Statement":[],"Version":"2012-10-17"}'}),
        (
            Id(BOUNDARY, "power"),
            {"permissionsBoundary": {"customerManagedPolicyReference": {"name": "Limit", "path": "/"}}},
        ),
    ]

    assert contents(state) == contents_of_plan(plan)
    assert contents_of_plan(plan)["power"].customer_managed == {"/team/Deploy"}
    assert Id(CUSTOMER_POLICY, "power/team/Deploy") in {each.id for each in plan}
