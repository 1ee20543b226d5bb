"""Which resources a statement reaches, and which it only seems to."""

from string import ascii_lowercase, digits

import pytest

from identity_guard.iam import Verdict, attach, judge
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.resource_reach import MOST_EXAMPLES
from tests.iam.statements import NOW, Json, allow, deny, verdict

ROLE = "arn:aws:iam::111122223333:role/"
PUT = "iam:PutRolePolicy"


def of_lengths(beginning: str) -> list[str]:
    """Return a pattern for each length that a name can have."""
    return [beginning + "?" * length for length in range(1, 65)]


ALL_ROLES: dict[str, list[str]] = {
    "the own account's": [f"{ROLE}*"],
    "every account's": ["arn:aws:iam::*:role/*"],
    "of every path": [f"{ROLE}*/*", f"{ROLE}*"],
    "letter by letter": [f"{ROLE}{sign}*" for sign in ascii_lowercase + digits],
    "by ten lists of letters": [f"{ROLE}{sign}*" for sign in reversed(ascii_lowercase + digits)],
    "length by length": of_lengths(ROLE),
    "length by length in any account": of_lengths("arn:aws:iam::*:role/"),
    "by the last letter": [f"{ROLE}*{sign}" for sign in ascii_lowercase + digits],
    "in any service": ["arn:aws:*:*:*:role/*"],
    "in services by a letter": ["arn:aws:i*:*:*:*"],
    "the whole service": ["arn:aws:iam::*:*"],
    "the whole service, short": ["arn:aws:iam:*"],
    "in any partition": ["arn:*:iam::*:role/*"],
    "in partitions by their first letters": ["arn:aw*"],
    "what is no ARN": ["*role*"],
}


@pytest.mark.parametrize("name", ALL_ROLES)
def test_all_roles_however_they_are_written(name: str) -> None:
    """A list that leaves no role out is a star."""
    assert [path.name for path in verdict(allow(PUT, ALL_ROLES[name])).escalation] == ["iam-put-role-policy"]


SOME_ROLES: dict[str, list[str]] = {
    "one": [f"{ROLE}app"],
    "of one beginning": [f"{ROLE}app-*"],
    "of nine letters": [f"{ROLE}{sign}*" for sign in ascii_lowercase[:9]],
    "of half the alphabet": [f"{ROLE}{sign}*" for sign in ascii_lowercase[:13]],
    "of all letters but one": [f"{ROLE}{sign}*" for sign in ascii_lowercase + digits if sign != "b"],
    "of all letters, with one name": [f"{ROLE}{sign}-app*" for sign in ascii_lowercase + digits],
    "of one length": [f"{ROLE}{'?' * 11}"],
    "of long names": of_lengths(ROLE)[20:],
    "of two path prefixes": [f"{ROLE}a/*", f"{ROLE}b/*"],
    "of another partition": ["arn:aws-cn:iam::444455556666:role/app", f"{ROLE}app"],
    "users": ["arn:aws:iam::111122223333:user/*"],
    "another service": ["arn:aws:s3:::*"],
    "another service by a letter": ["arn:aws:s*:*:*:*"],
    "too long for any ARN": [f"{ROLE}{'x' * 2_100}*"],
    "an ARN without an account": ["arn:aws:iam:::role/*"],
    "an ARN of one Region": ["arn:aws:iam:eu-west-1:*:role/*"],
}


@pytest.mark.parametrize("name", SOME_ROLES)
def test_some_roles_are_not_all(name: str) -> None:
    """Named roles are a decision of the author."""
    assert verdict(allow(PUT, SOME_ROLES[name])).escalation == ()
    assert verdict(allow(PUT, SOME_ROLES[name])).escalates is False


@pytest.mark.parametrize("account", ["111122223333", "123456789012", "999999999999"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_the_own_account_is_the_one_that_is_named(account: str, partition: str) -> None:
    """All roles of the account that the statements are written for are all roles there are for it."""
    roles = f"arn:{partition}:iam::{account}:role/*"

    assert [path.name for path in verdict(allow(PUT, roles)).escalation] == ["iam-put-role-policy"]


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "12345678901x", ""])
def test_what_is_no_account_number_names_no_account(account: str) -> None:
    """Account numbers have twelve digits; a statement on anything else reaches nothing."""
    assert verdict(allow(PUT, f"arn:aws:iam::{account}:role/*")).escalation == ()


def test_the_account_that_is_named_most_is_the_own_one() -> None:
    """One foreign ARN among many does not make the whole document foreign."""
    own, other = "arn:aws:iam::123456789012", "arn:aws:iam::210987654321"

    assert verdict(allow(PUT, [f"{own}:role/*", f"{own}:user/a", f"{other}:role/a"])).escalates is True
    assert verdict(allow(PUT, [f"{own}:role/*", f"{other}:user/a", f"{other}:role/a"])).escalates is False
    assert verdict(allow(PUT, [f"{other}:role/a", f"{own}:role/*", f"{own}:user/a"])).escalates is True


WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ({"Resource": "*"}, True),
        ({"Resource": "arn:aws:sqs:*:*:*"}, True),
        ({"Resource": "arn:aws:*"}, True),
        ({"Resource": [f"arn:aws:sqs:*:*:{sign}*" for sign in ascii_lowercase + digits]}, True),
        ({"Resource": "arn:aws:sqs:*:*:reports-*"}, False),
        ({"Resource": "arn:aws:sns:*:*:*"}, False),
        ({"NotResource": "arn:aws:sns:*:*:*"}, True),
        ({"NotResource": "arn:aws:sqs:*:*:public-*"}, False),
        ({"NotResource": "arn:aws:sqs:*:*:*"}, False),
        ({"NotResource": "arn:aws:*"}, False),
        ({"NotResource": "*"}, False),
    ],
    ids=str,
)
def test_a_deny_counts_as_far_as_its_resources_reach(denied: Json, *, expected: bool) -> None:
    """What one queue is spared of is open without MFA."""
    statement = {"Effect": "Deny", "Action": "*", "Condition": WITHOUT_MFA, **denied}

    assert verdict(allow("sqs:SendMessage"), statement).mfa_enforced is expected


@pytest.mark.parametrize(
    ("actions", "denied", "expected"),
    [
        ("s3:ListAllMyBuckets", {"NotResource": "arn:aws:*"}, True),
        ("s3:ListAllMyBuckets", {"Resource": "arn:aws:s3:::*"}, False),
        ("s3:ListAllMyBuckets", {"Resource": "*"}, True),
        ("iam:CreateRole", {"NotResource": "arn:aws:iam::*:role/*"}, False),
        ("iam:CreateRole", {"NotResource": "arn:aws:iam::*:user/*"}, True),
    ],
)
def test_an_action_without_a_resource_is_decided_against_a_star(
    actions: str, denied: Json, *, expected: bool
) -> None:
    """A Deny on ARNs does not reach it, and one on all that is no ARN does."""
    statement = {"Effect": "Deny", "Action": "*", "Condition": WITHOUT_MFA, **denied}

    assert verdict(allow(actions), statement).mfa_enforced is expected


def document(statement: Json) -> Attachment:
    """Attach a document of one statement."""
    return attach({"Version": "2012-10-17", "Statement": statement})


EVERY_ARN = ["arn:*", "arn:aws:*", "arn:*:*:*:*:*"]
BARE, OF_OBJECTS, SWITCH = "s3:ListAllMyBuckets", "s3:GetObject", "sso:UpdateSSOConfiguration"


@pytest.mark.parametrize("resource", ["*", *EVERY_ARN])
def test_an_action_without_a_resource_is_allowed_on_a_star_only(resource: str) -> None:
    """No ARN matches the star that AWS decides such an action against: leave on every ARN is none."""
    is_star = resource == "*"
    once_more = {"StringLike": {"aws:username": "*"}}
    found = [
        verdict(allow(BARE, resource)),
        verdict(allow(BARE, resource), deny("kms:*")),
        verdict(allow(BARE, resource, Condition=once_more)),
        judge([document(allow(BARE))], boundary=document(allow("*", resource)), now=NOW),
    ]

    assert [each.mfa_enforced for each in found] == [not is_star] * 4
    assert [each.witness_without_mfa is not None for each in found] == [is_star] * 4
    assert verdict(allow(SWITCH, resource)).escalates is is_star
    assert bool(verdict(allow(SWITCH, resource)).switches_mfa_off) is is_star
    assert verdict(allow(OF_OBJECTS, resource)).mfa_enforced is False
    assert verdict(allow([BARE, OF_OBJECTS], resource)).mfa_enforced is False


@pytest.mark.parametrize("resource", ["*", *EVERY_ARN])
def test_an_action_without_a_resource_is_denied_on_a_star_only(resource: str) -> None:
    """A Deny on every ARN leaves it allowed; who takes it for a Deny of all is not protected."""
    is_star = resource == "*"

    assert verdict(allow(BARE), deny("*", resource)).mfa_enforced is is_star
    assert verdict(allow(SWITCH), deny("*", resource)).escalates is not is_star
    assert bool(verdict(allow(SWITCH), deny("*", resource)).switches_mfa_off) is not is_star
    assert verdict(allow(OF_OBJECTS), deny("*", resource)).mfa_enforced is True


def test_more_named_resources_than_are_looked_at_leave_the_answer_open() -> None:
    """Each is asked about alone; what is beyond is not called safe."""

    def spared(number: int) -> Verdict:
        buckets = [f"arn:aws:s3:::bucket-{each:04}/*" for each in range(number)]
        return verdict(allow("s3:GetObject", buckets), deny("s3:*", buckets, Condition=WITHOUT_MFA))

    assert spared(MOST_EXAMPLES).mfa_enforced is True
    assert spared(MOST_EXAMPLES).undecided == ()
    assert spared(MOST_EXAMPLES + 1).mfa_enforced is None
    assert "more resources" in spared(MOST_EXAMPLES + 1).undecided[0]


def test_resources_that_are_named_in_full_cost_no_comparison() -> None:
    """A statement with hundreds of them is still decided."""
    instances = [f"arn:aws:ec2:eu-west-1:111122223333:instance/i-{each:017x}" for each in range(400)]
    found = verdict(allow("ec2:*", instances), allow("ec2:*", f"{instances[0]}*"))

    assert found.undecided == ()
    assert (found.root_level, found.escalates, found.mfa_enforced) == (False, False, False)
