"""Answers that are open: which ones, and the reason that is given."""

import pytest

from identity_guard.iam import Verdict, attach, judge, managed_attachment, unknown
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.resource_reach import MOST_EXAMPLES
from tests.iam.statements import NOW, Json, allow, deny

TOMORROW = {"StringEquals": {"aws:KeyOfTomorrow": "x"}}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
MISSING = unknown("team-policy", "the stack does not hold it")
BROKEN = attach({"Statement": [{"Action": "*", "Resource": "*"}] * 4}, "broken")


def document(*statements: Json, name: str = "inline policy") -> Attachment:
    """Attach one document of statements."""
    return attach({"Version": "2012-10-17", "Statement": list(statements)}, name)


def answers(found: Verdict) -> tuple[bool | None, ...]:
    """Return the four answers."""
    return found.root_level, found.administrator, found.escalates, found.mfa_enforced


ADMIN, READER = document(allow()), document(allow("s3:GetObject"))
POWER = [
    managed_attachment(f"arn:aws:iam::aws:policy/{name}") for name in ("PowerUserAccess", "IAMFullAccess")
]
WITH_MFA = document(allow("s3:*"), deny(Condition=WITHOUT_MFA))


@pytest.mark.parametrize("hole", [MISSING, BROKEN], ids=["missing", "broken"])
def test_a_document_that_is_not_known_takes_back_what_it_could_change(hole: Attachment) -> None:
    """An own document may change everything; a boundary or an SCP can only take away.

    What it leaves of root-level access may still be an administrator's, or lead on.
    """
    for own in ([ADMIN], [READER], POWER, [WITH_MFA]):
        assert answers(judge([*own, hole], now=NOW)) == (None, None, None, None)
    for limits in ({"boundary": hole}, {"scps": [[document(allow()), hole]]}):
        assert answers(judge([ADMIN], now=NOW, **limits)) == (None, None, None, None)
        assert answers(judge([READER], now=NOW, **limits)) == (False, False, False, None)
        assert answers(judge(POWER, now=NOW, **limits)) == (False, None, None, None)
        assert answers(judge([WITH_MFA], now=NOW, **limits)) == (False, False, False, True)


def test_where_everything_is_denied_a_document_that_is_not_known_gives_nothing() -> None:
    """A locked-out user stays locked out; a document that IAM would refuse is still none to vouch for."""
    locked = document(deny())

    assert answers(judge([locked, MISSING], now=NOW)) == (False, False, False, True)
    assert answers(judge([MISSING], document(allow(), deny()), now=NOW)) == (False, False, False, True)
    assert answers(judge([locked, BROKEN], now=NOW)) == (None, None, None, None)
    for partly in (deny("s3:*"), deny(Condition=WITHOUT_MFA), deny(resource="arn:aws:s3:::*")):
        assert judge([document(partly), MISSING], now=NOW).root_level is None


def test_a_limit_that_is_known_counts_beside_one_that_is_not() -> None:
    """What a known SCP takes away is gone, whatever another level says."""
    narrow = document(allow("s3:*"))

    assert judge([ADMIN], MISSING, [[narrow]], NOW).root_level is False
    assert judge([ADMIN], narrow, [[MISSING]], NOW).root_level is False
    assert judge([ADMIN], MISSING, [[ADMIN]], NOW).root_level is None


def test_a_limit_of_which_a_part_is_not_known_limits_nothing_for_certain() -> None:
    """The part that is not known could allow what the other does not."""
    assert judge([ADMIN], None, [[document(allow("s3:*")), MISSING]], NOW).root_level is None


def test_the_reasons_name_what_is_missing_and_what_is_broken() -> None:
    """Own documents first; of one that is broken the first three mistakes."""
    found = judge([ADMIN, MISSING], BROKEN, now=NOW)

    mistakes = "; ".join(f"Statement[{number}].Effect: missing" for number in range(3))
    assert found.undecided == (
        "team-policy: the stack does not hold it",
        f"broken cannot be read: {mistakes}",
    )
    assert [name for name, _ in found.unreadable] == ["broken"]
    assert judge([ADMIN], now=NOW).undecided == ()


def test_a_key_that_nobody_documents_is_asked_both_ways() -> None:
    """It may hold for the holder and may not; what is certain without it stays certain."""
    hidden = allow(Condition=TOMORROW)
    powerful = [*POWER, document(hidden)]
    statement = {"Effect": "Allow", "NotAction": "account:*", "Resource": "*", "Condition": TOMORROW}
    with_key = [document(statement)]

    assert (judge([document(hidden)], now=NOW).root_level, judge([ADMIN], now=NOW).root_level) == (None, True)
    assert (judge(powerful, now=NOW).root_level, judge(powerful, now=NOW).administrator) == (None, True)
    assert (judge(with_key, now=NOW).root_level, judge(with_key, now=NOW).administrator) == (False, None)
    assert judge([document(hidden), ADMIN], now=NOW).root_level is True
    assert judge([document(allow("s3:*", Condition=TOMORROW))], now=NOW).root_level is False


EITHER = {"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "team"}}
UNCLEAR = {"NumericLessThan": {"aws:EpochTime": "soon"}}
TAGS = {"StringNotEquals": {f"aws:ResourceTag/{number}": "x" for number in range(13)}}
BUCKETS = [f"arn:aws:s3:::b-{number}/*" for number in range(MOST_EXAMPLES + 1)]
REASONS: dict[str, tuple[list[Json], str]] = {
    "a key": ([allow(Condition=TOMORROW)], "nothing is known of the condition key `aws:keyoftomorrow`"),
    "an action": (
        [allow("tomorrow:Do")],
        "p, Statement[0]: it names actions that the catalogue does not know",
    ),
    "a named statement": (
        [{**allow("tomorrow:Do"), "Sid": "New"}],
        "p, New: it names actions that the catalogue does not know",
    ),
    "a value": (
        [allow(Condition=UNCLEAR)],
        "p, Statement[0]: `NumericLessThan` cannot compare the values of `aws:epochtime`",
    ),
    "a prefix and a suffix": (
        [allow(Condition=EITHER)],
        "p, Statement[0]: AWS's pages disagree on `ForAnyValue:StringEqualsIfExists` without `aws:tagkeys`",
    ),
    "resources": (
        [allow("s3:GetObject", BUCKETS), {**deny(), "Resource": BUCKETS, "Condition": WITHOUT_MFA}],
        "the statements name more resources than are looked at one by one",
    ),
    "combinations": (
        [allow("s3:GetObject", Condition={**TAGS, "StringLike": {"iam:PolicyARN": "*"}})],
        "the conditions have too many combinations to go through all of them",
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_for_an_open_answer_is_given(name: str) -> None:
    """A reader can mend what is named, and nothing else is named beside it."""
    statements, expected = REASONS[name]

    assert judge([document(*statements, name="p")], now=NOW).undecided == (expected,)


def test_what_aws_says_two_things_of_is_neither_granted_nor_taken_away() -> None:
    """Read one way, all is allowed without the key and MFA is required; read the other, neither is so."""
    mfa = {"ForAnyValue:BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}

    assert judge([document(allow(Condition=EITHER))], now=NOW).root_level is None
    assert judge([document(allow(), deny(Condition=EITHER))], now=NOW).root_level is None
    asks_for_mfa = judge([document(allow("s3:*"), deny(Condition=mfa))], now=NOW)
    assert asks_for_mfa.mfa_enforced is None
    assert [pattern.name for pattern in asks_for_mfa.mfa_mistakes] == ["deny-for-any-value"]


def test_an_answer_that_is_settled_needs_no_reason() -> None:
    """A word without meaning beside an Allow of everything changes nothing."""
    both = document(allow(), allow("tomorrow:Do"), allow("s3:*", Condition=UNCLEAR))

    assert judge([both], now=NOW).undecided == ()


def test_the_time_is_the_clocks_unless_it_is_given() -> None:
    """A grant that has run out gives nothing now, and did once."""
    condition = {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    since = [document(allow(Condition=condition))]

    assert judge(since).root_level is True
    assert judge(since, now=1_500_000_000.0).root_level is False


def test_nothing_is_shown_where_there_is_nothing_to_show() -> None:
    """A call is the proof of root-level access or of a path, and of a gap in MFA."""
    assert judge([READER], now=NOW).witness is None
    assert judge([READER], now=NOW).witness_without_mfa is not None
    assert judge([WITH_MFA], now=NOW).witness_without_mfa is None
    assert judge(POWER, now=NOW).witness is not None


NOT_IAM = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
CHOSEN = [
    f"aws:{name}"
    for name in (
        *("Username", "PrincipalOrgID", "PrincipalOrgMasterAccountId", "SourceIdentity", "SignInSessionArn"),
        *("FederatedProvider", "ChatbotSourceArn", "Referer", "ResourceOrgID", "UserId"),
    )
]


@pytest.mark.parametrize(
    "fixed", [{}, {"aws:SecureTransport": "true"}], ids=["chosen only", "a fixed one first"]
)
@pytest.mark.parametrize("keys", [CHOSEN[:-1], CHOSEN], ids=["nine", "ten"])
def test_everything_under_conditions_that_the_holder_chooses_is_root_level(
    fixed: dict[str, str], keys: list[str]
) -> None:
    """However many keys there are to choose, and whether it is written as one statement or as two."""
    condition = {"StringLike": {**fixed, **{key: ["a*", "b*"] for key in keys}}}
    in_two = [allow("iam:*", Condition=condition), {**NOT_IAM, "Condition": condition}]

    assert judge([document(allow(Condition=condition))], now=NOW).root_level is True
    assert judge([document(*in_two)], now=NOW).root_level is True


def test_a_deny_that_the_holder_keeps_away_by_an_eleventh_key_changes_nothing() -> None:
    """The one mode that is tried where there are too many is one that Denies stay away from."""
    condition = {"StringLike": {key: ["a*", "b*"] for key in CHOSEN}}
    unless = {"StringNotLike": {"aws:UserAgent": "console*"}}

    assert judge([document(allow(Condition=condition), deny(Condition=unless))], now=NOW).root_level is True


@pytest.mark.parametrize(
    ("keys", "root_level"), [(CHOSEN[:5], False), (CHOSEN[:6], None)], ids=["five", "six"]
)
def test_more_ways_to_choose_than_are_tried_leave_the_answer_open(
    keys: list[str], *, root_level: bool | None
) -> None:
    """Six keys of three kinds of values are 729 ways; what lies beyond 512 of them is never called safe.

    The statements exclude each other, so that no way which satisfies one of them gives everything.
    """
    one, other = ({key: [first, second] for key in keys} for first, second in (("a*", "b*"), ("c*", "d*")))
    in_parts = [
        allow("iam:*", Condition={"StringLike": one}),
        {**NOT_IAM, "Condition": {"StringLike": other}},
    ]

    assert judge([document(*in_parts)], now=NOW).root_level is root_level
