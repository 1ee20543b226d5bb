"""What can be done in some state of the world, on some resource, and with which call that is shown."""

import pytest

from identity_guard.iam.evaluate.context_state import MOST_VALUES
from identity_guard.iam.evaluate.resource_reach import MOST_COMPARISONS, MOST_EXAMPLES
from tests.iam.statements import Json, allow, deny, verdict

WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
UNCLEAR = {"NumericLessThan": {"aws:EpochTime": "soon"}}
TAGS = {"StringNotEquals": {f"aws:ResourceTag/{number}": "x" for number in range(13)}}
"""More combinations than are gone through."""


def halves(statement: Json) -> list[Json]:
    """Split a statement by a condition and its opposite."""
    key = {"aws:PrincipalTag/team": "blue"}
    return [{**statement, "Condition": {name: key}} for name in ("StringEquals", "StringNotEquals")]


QUEUE, BUCKET, GET, SEND = "arn:aws:sqs:*:*:jobs", "arn:aws:s3:::reports/*", "s3:GetObject", "sqs:SendMessage"
FIRST = "a2c:GetContainerizationJobDetails"
QUEUES = [f"arn:aws:sqs:eu-west-1:111122223333:jobs-{number}" for number in range(MOST_EXAMPLES)]
TEAMS = [f"team-{number}" for number in range(MOST_VALUES + 1)]
EXCLUDED = {"Effect": "Allow", "Action": SEND}

IMPOSSIBLE: dict[str, list[Json]] = {
    "on no resource": [{"Effect": "Allow", "Action": GET, "NotResource": "*"}],
    "on a resource of another service": [allow(GET, QUEUE)],
    "on many resources of another service": [allow(GET, QUEUES)],
    "on what looks like nothing of another service": [allow(GET, "arn:aws:sqs:*jobs")],
    "the first action of all, on a resource of another service": [allow(FIRST, QUEUE)],
    "on all resources but its own": [{**EXCLUDED, "NotResource": "arn:aws:sqs:*:*:*"}],
    "with a key that the action does not carry": [
        allow(GET, Condition={"StringEquals": {"ec2:InstanceType": "t3.micro"}})
    ],
    "denied in every state": [allow(GET), *halves(deny("*"))],
    "denied whole, in more states than are gone through": [
        allow(GET, Condition=TAGS),
        deny("*", Condition=WITHOUT_MFA),
    ],
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_no_call_can_do_needs_no_mfa(name: str) -> None:
    """A statement that allows nothing is no gap; an alarm on it sends people looking for one."""
    found = verdict(*IMPOSSIBLE[name])

    assert found.mfa_enforced is True
    assert found.undecided == ()


POSSIBLE: dict[str, tuple[list[Json], str]] = {
    "on a resource": ([allow(GET, BUCKET)], GET),
    "on one of two resources": ([allow(GET, [QUEUE, BUCKET])], GET),
    "on one of two resources, in another order": ([allow(GET, [BUCKET, QUEUE])], GET),
    "on what looks like nothing of its service": ([allow(SEND, "arn:aws:sqs:*jobs")], SEND),
    "on a resource of a service that nobody knows": ([allow(GET, "arn:aws:tomorrow:*:*:thing/1")], GET),
    "on all resources but one": ([{**EXCLUDED, "NotResource": QUEUE}], SEND),
    "on all resources but another service's": ([{**EXCLUDED, "NotResource": BUCKET}], SEND),
    "one action of two": ([allow([FIRST, SEND], QUEUE)], SEND),
    "denied for one team": ([allow(GET), halves(deny("*"))[0]], GET),
    "what tells most comes first": ([allow(["dynamodb:GetItem", "sts:AssumeRole"])], "sts:AssumeRole"),
    "reading users, and not what sets MFA up": ([allow(["iam:GetUser", "iam:ListUsers"])], "iam:ListUsers"),
}


@pytest.mark.parametrize("name", [name for name in POSSIBLE if "nobody knows" not in name])
def test_what_some_call_can_do_is_shown_by_a_call(name: str) -> None:
    """One resource and one state are enough, and the call that is shown is of the action that is open."""
    statements, action = POSSIBLE[name]
    shown = verdict(*statements).witness_without_mfa

    assert shown is not None
    assert shown.action == action


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_some_call_can_do_is_open_without_mfa(name: str) -> None:
    """Also where another statement denies something else."""
    statements, _ = POSSIBLE[name]

    assert verdict(*statements).mfa_enforced is False
    assert verdict(*statements, deny("kms:*")).mfa_enforced is False
    assert verdict(*statements, deny("*", Condition=WITHOUT_MFA)).mfa_enforced is True


@pytest.mark.parametrize(
    "statements",
    [
        [allow(GET, Condition=TAGS)],
        [allow(GET), deny(GET, Condition=TAGS), deny(GET, Condition={"StringLike": TAGS["StringNotEquals"]})],
        [allow(GET, Condition=UNCLEAR)],
        [allow(GET), *halves(deny(GET)), allow("tomorrow:Do")],
        [allow("tomorrow:Do"), halves(deny("*"))[0]],
        [
            allow(
                GET,
                Condition={
                    "StringEquals": {"aws:PrincipalTag/team": TEAMS},
                    "StringNotEquals": {"aws:PrincipalTag/team": TEAMS[:-1]},
                },
            )
        ],
    ],
    ids=str,
)
def test_what_was_not_gone_through_is_left_open(statements: list[Json]) -> None:
    """Too many combinations or values, and words without meaning, are no proof that nothing can be done."""
    found = verdict(*statements)

    assert found.mfa_enforced is not True
    assert found.mfa_enforced is False or found.undecided


IN_EUROPE = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
IN_VIRGINIA = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
CREATE, NEW = "iam:CreateUser", "tomorrow:Do"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(CREATE, Condition=IN_EUROPE), True),
        (allow([CREATE, NEW], Condition=IN_EUROPE), None),
        (allow([CREATE, NEW], Condition=IN_VIRGINIA), False),
        (allow([CREATE, NEW, GET], Condition=IN_EUROPE), False),
        (allow([CREATE, GET], QUEUE, Condition=IN_EUROPE), True),
        (allow([CREATE, NEW, SEND], QUEUE, Condition=IN_EUROPE), False),
    ],
    ids=str,
)
def test_one_action_has_to_be_allowed_and_called_and_take_the_resource(
    statement: Json, *, expected: bool | None
) -> None:
    """IAM is not called in Europe: that somebody may create users there is a false alarm."""
    assert verdict(statement).mfa_enforced is expected


def test_resources_that_take_too_long_to_tell_apart_are_no_proof_that_something_is_allowed() -> None:
    """Thousands of patterns may leave out every object there is; what was not compared is left open."""
    many = [f"arn:aws:s3:::bucket-{number}*" for number in range(MOST_COMPARISONS)]
    few = many[:MOST_EXAMPLES]

    assert verdict({"Effect": "Allow", "Action": GET, "NotResource": many}).mfa_enforced is None
    assert verdict({"Effect": "Allow", "Action": GET, "NotResource": few}).mfa_enforced is False


OTHER_QUEUES = [*QUEUES, "arn:aws:sqs:eu-west-1:111122223333:one-more"]
BUCKETS = [f"arn:aws:s3:::bucket-{number}" for number in range(MOST_EXAMPLES + 1)]
"""No object is among them, and only objects are got."""


NEW_OF_S3 = "s3:DoWhatNobodyKnows"
SOME_TEAM = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}


@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:*", BUCKET, "arn:aws:s3:::reports", "arn:aws:tomorrow:::x"]
)
@pytest.mark.parametrize("action", [NEW_OF_S3, NEW, "tomorrow:*"])
def test_an_action_that_nobody_here_knows_may_take_any_resource_that_is_named(
    action: str, resource: str
) -> None:
    """AWS adds actions faster than catalogues follow; what is allowed to one is not called safe."""
    allowed = allow(action, resource)

    for others in ([], [deny("kms:*")], [deny(Condition=SOME_TEAM)]):
        assert verdict(allowed, *others).mfa_enforced is None
        assert "does not know" in verdict(allowed, *others).undecided[0]
    assert verdict(allowed, deny(Condition=WITHOUT_MFA)).mfa_enforced is True
    assert verdict(allowed, *halves(deny())).mfa_enforced is True
    assert verdict(allowed, deny("s3:*")).mfa_enforced is None


def test_more_resources_of_such_an_action_than_are_looked_at_leave_the_answer_open() -> None:
    """What all but the last are spared of says nothing of the last."""
    named = [f"arn:aws:s3:::reports-{number}" for number in range(MOST_EXAMPLES + 1)]

    def spared(number: int) -> bool | None:
        return verdict(allow(NEW_OF_S3, named[:number]), deny("*", named[: number - 1])).mfa_enforced

    assert verdict(allow(NEW_OF_S3, named[:-1]), deny("*", named[:-1])).mfa_enforced is True
    assert spared(MOST_EXAMPLES) is None
    assert spared(MOST_EXAMPLES + 1) is None


def test_leave_for_everything_on_a_queue_names_no_unknown_action() -> None:
    """A star where all that a queue takes needs MFA is safe: it is no action that somebody wrote down."""
    assert verdict(allow("*", QUEUE), deny("sqs:*", Condition=WITHOUT_MFA)).mfa_enforced is True


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (OTHER_QUEUES, True),
        (BUCKETS, True),
        ([*OTHER_QUEUES, *BUCKETS], True),
        ([*OTHER_QUEUES, *BUCKETS, BUCKET], False),
        ([*OTHER_QUEUES, "arn:aws:tomorrow:::*"], False),
        ([*OTHER_QUEUES, "arn:aws:s*:::*"], False),
        ([*BUCKETS * 20], None),
        ([*BUCKETS * 20, BUCKET], None),
        ([BUCKET, *BUCKETS * 20], False),
        ([*BUCKETS * 20, *OTHER_QUEUES], None),
        ([*OTHER_QUEUES * 20], True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_however_many_resources_are_named_only_those_of_the_action_count(
    resources: list[str], *, expected: bool | None
) -> None:
    """Leave to get objects on a list of queues is none; an alarm on it sends people looking for a gap."""
    assert verdict(allow(GET, resources)).mfa_enforced is expected


def test_each_action_may_need_a_state_of_its_own() -> None:
    """One device is taken away from here and one from there: both can be."""
    one, other = halves(deny("iam:DeactivateMFADevice"))[0], halves(deny("iam:DeleteVirtualMFADevice"))[1]
    both = allow(["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"])

    assert len(verdict(both, one, other).switches_mfa_off) == 2
    assert len(verdict(both, one, *halves(deny("iam:DeleteVirtualMFADevice"))).switches_mfa_off) == 1


def test_a_path_without_one_of_its_actions_is_not_even_perhaps_open() -> None:
    """Half a path that is denied in every state leads nowhere."""
    both = allow(["iam:PassRole", "ec2:RunInstances"])

    assert verdict(both, halves(deny("ec2:RunInstances"))[0]).escalates is True
    assert verdict(both, *halves(deny("ec2:RunInstances"))).escalates is False
    assert verdict(both, *halves(deny("iam:PassRole"))).escalation_undecided == ()


@pytest.mark.parametrize("resource", ["*", "arn:aws:iam::*:role/*"])
def test_a_path_under_a_condition_without_meaning_is_perhaps_open(resource: str) -> None:
    """Whether it holds cannot be said; that the path is closed neither."""
    found = verdict(allow("iam:PutRolePolicy", resource, Condition=UNCLEAR))

    assert (found.escalation, found.escalates) == ((), None)
    assert [path.name for path in found.escalation_undecided] == ["iam-put-role-policy"]


ATTACH = "iam:AttachRolePolicy"
SHOWN: dict[str, tuple[list[Json], str]] = {
    "everything": ([allow("*")], ATTACH),
    "everything but the first": ([allow("*"), deny(ATTACH)], "iam:PutRolePolicy"),
    "everything in two halves": (
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("iam:*")],
        ATTACH,
    ),
    "a role passed to an instance": ([allow(["ec2:RunInstances", "iam:PassRole"])], "iam:PassRole"),
    "a role that is assumed": ([allow(["iam:PassRole", "sts:AssumeRole"])], "sts:AssumeRole"),
    "only in one Region": (
        [allow(ATTACH, Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
        ATTACH,
    ),
    "only on roles of a path": ([allow(ATTACH, "arn:aws:iam::*:role/*")], ATTACH),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_call_that_is_shown_is_the_one_that_tells_most(name: str) -> None:
    """A message about root-level access that shows how to list buckets convinces nobody."""
    statements, action = SHOWN[name]
    shown = verdict(*statements).witness

    assert shown is not None
    assert shown.action == action


def test_a_call_that_passes_every_condition_is_found_however_many_conditions_there_are() -> None:
    """Eight tags to have are more combinations than are gone through; each on its own is enough to see it."""
    tags = {f"aws:PrincipalTag/of-{number}": "x" for number in range(8)}

    assert verdict(allow("s3:GetObject", Condition={"StringEquals": tags})).mfa_enforced is False


def test_resources_that_the_action_does_not_take_leave_no_answer_open() -> None:
    """A list of buckets beside the one queue is as many as one likes: only the queue is denied or not."""
    buckets = [f"arn:aws:s3:::bucket-{number}/*" for number in range(MOST_EXAMPLES + 1)]

    assert verdict(allow(SEND, [*buckets, QUEUE]), deny(SEND, QUEUE)).mfa_enforced is True
