"""Single ways to write the same that once changed an answer."""

import re
from string import ascii_lowercase

import pytest

from identity_guard.iam import Verdict
from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import catalogue
from tests.iam.statements import Json, allow, verdict

EVERY_BEGINNING = [f"*:{letter}*" for letter in ascii_lowercase]


def halves(statement: Json, operator: str, opposite: str, key: str, value: str) -> list[Json]:
    """Split a statement by a condition and its opposite."""
    known = statement.get("Condition", {})
    return [{**statement, "Condition": {**known, name: {key: value}}} for name in (operator, opposite)]


def answers(found: Verdict) -> tuple[object, ...]:
    """Return what a user reads."""
    paths = [path.name for path in found.escalation]
    return found.root_level, found.administrator, found.mfa_enforced, paths, found.undecided


READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
RUN = allow(["ec2:RunInstances", "iam:PassRole"])
TO_SAGEMAKER = allow(
    "iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
)
BUT_ONE_KIND = {"Effect": "Allow", "Action": "sagemaker:List*", "NotResource": "arn:aws:sagemaker:*:*:app/*"}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
TO_EC2 = ("iam:PassedToService", "ec2.amazonaws.com")
EVERY_DIRECT_CALL = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}},
}
ONE_ROLE = allow(["iam:PassRole", "iam:AttachRolePolicy"], Resource="arn:aws:iam::111122223333:role/app")
SAME: dict[str, tuple[list[Json], list[Json]]] = {
    "a key that the action does not carry": (
        [RUN],
        halves(RUN, "ArnEquals", "ArnNotEquals", "iam:PolicyARN", READ_ONLY),
    ),
    "a trust that no policy's ARN is asked for": (
        [allow("iam:UpdateAssumeRolePolicy")],
        halves(allow("iam:UpdateAssumeRolePolicy"), "ArnEquals", "ArnNotEquals", "iam:PolicyARN", READ_ONLY),
    ),
    "all of IAM, split by the service that gets a role": (
        [allow("iam:*")],
        halves(allow("iam:*"), "StringEquals", "StringNotEquals", *TO_EC2),
    ),
    "a role for one service, after a condition on another": (
        [allow("ec2:RunInstances"), BUT_ONE_KIND, TO_SAGEMAKER],
        [
            allow("ec2:RunInstances"),
            *halves(BUT_ONE_KIND, "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", *TO_EC2),
            TO_SAGEMAKER,
        ],
    ),
    "every ARN, as a Deny of all but that": (
        [allow(Resource="arn:aws:*")],
        [allow(), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:*"}],
    ),
    "a type of principal that there is not": (
        [allow("iam:*"), {"Effect": "Deny", "Action": "iam:Put*", "Resource": "*"}],
        [
            allow("iam:*"),
            {
                "Effect": "Deny",
                "Action": "iam:Put*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalType": "NoSuchType"}},
            },
        ],
    ),
    "a Deny of direct calls in two halves": (
        [allow("s3:*"), {**EVERY_DIRECT_CALL}],
        [
            allow("s3:*"),
            *halves(EVERY_DIRECT_CALL, "StringEquals", "StringNotEquals", "aws:RequestedRegion", "eu-west-1"),
        ],
    ),
    "all but IAM, as a Deny of it beside leave for roles of any partition": (
        [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*:*"}],
        [
            allow(),
            allow(Resource="arn:*:iam::*:role/*"),
            {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:iam::*:*"},
        ],
    ),
    "one role that is rewritten and passed, split by the service that gets it": (
        [allow(["lambda:CreateFunction", "lambda:InvokeFunction"]), ONE_ROLE],
        [
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
            *halves(ONE_ROLE, "StringEquals", "StringNotEquals", *TO_EC2),
        ],
    ),
    "a Deny of everything in two lists of beginnings": (
        [allow(), {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": WITHOUT_MFA}],
        [
            allow(),
            *(
                {"Effect": "Deny", "Action": part, "Resource": "*", "Condition": WITHOUT_MFA}
                for part in (EVERY_BEGINNING[:9], EVERY_BEGINNING[9:])
            ),
        ],
    ),
    "a service letter by letter": (
        [
            allow("s3:*"),
            {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": WITHOUT_MFA},
        ],
        [
            allow([f"s3:{letter}*" for letter in ascii_lowercase]),
            {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": WITHOUT_MFA},
        ],
    ),
    "everything by beginnings, many times over": (
        [allow()],
        [allow(EVERY_BEGINNING[number:] + EVERY_BEGINNING[:number]) for number in range(26)],
    ),
    "question marks in the names of most actions": (
        [allow(["*:Get*", "*:List*", "*:Describe*"])],
        [allow(["*:Get*", "*:List*", "*:?escri?e*"])],
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_two_ways_to_write_the_same_get_the_same_answers(name: str) -> None:
    """Whoever wants to pass the pack rewrites a policy until it is silent."""
    one, other = SAME[name]

    assert answers(verdict(*one)) == answers(verdict(*other))


def test_the_answers_compared_are_not_empty_ones() -> None:
    """Two undecided or two empty verdicts would be the same for nothing."""
    found = {name: verdict(*one) for name, (one, _) in SAME.items()}

    assert [name for name, each in found.items() if each.undecided] == []
    assert sum(bool(each.escalation or each.root_level or each.mfa_enforced) for each in found.values()) >= 7


@pytest.mark.parametrize(
    "pattern",
    [
        "ec2:?e?cribe*",
        "ec2:Run?nstances",
        "iam:?????????????",
        "iam:P*Polic?",
        "iam:*?olicy",
        "s3:Get?*Acl",
        "*:?et*Polic?",
        "*:Pass?ole",
        "i?m:Put*Po*y",
        "iam:Attach*??Policy",
        "ec2:D*e?*b*s",
    ],
)
def test_a_pattern_matches_what_a_slow_reading_of_it_matches(pattern: str) -> None:
    """Names are looked up by beginning, length and the places of plain pieces; none may fall through."""
    signs = {"*": ".*", "?": "."}
    wanted = re.compile("".join(signs.get(each, re.escape(each)) for each in pattern.lower()))
    names = {name for name in catalogue().names(catalogue().known) if wanted.fullmatch(name.lower())}
    found = action_set([pattern], ScanBudget())

    assert names
    assert found.exact
    assert set(catalogue().names(found.certain & catalogue().known)) == names


def test_a_whole_reader_with_question_marks_is_decided() -> None:
    """A letter of every third action replaced by a question mark is a long list and no reason to give up."""
    names = list(catalogue().names(catalogue().known & ~catalogue().changing("iam")))[::15]
    patterns = [name if number % 3 else f"{name[:-2]}?{name[-1]}" for number, name in enumerate(names)]

    assert len(patterns) > 1_000
    assert action_set(patterns, ScanBudget()).exact


def test_a_service_gets_a_role_by_one_name() -> None:
    """The key has one value, so a role for SageMaker is none for EC2, however often both are named."""
    elsewhere = {**BUT_ONE_KIND, "Condition": {"ForAnyValue:StringEquals": dict([TO_EC2])}}

    assert verdict(allow("ec2:RunInstances"), elsewhere, TO_SAGEMAKER).escalation == ()
