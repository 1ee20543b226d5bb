"""May this principal do this, and through which statement."""

from typing import Any

import pytest

from identity_guard.iam import Answer, Origin, Request, attach, may, unknown

Json = dict[str, Any]


def document(*statements: Json) -> Json:
    """Put statements into a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
CALL = Request("s3:GetObject", "arn:aws:s3:::reports/a")


def test_an_allow_is_named_with_its_document() -> None:
    """Whoever explains an access has to name the statement that gives it."""
    decision = may([attach(document(READ), "reports-reader", Origin.CUSTOMER_MANAGED)], CALL)

    assert decision.answer is Answer.ALLOWED
    assert decision.allowed is True
    assert str(decision.statements[0]) == "reports-reader, Read"


def test_an_explicit_deny_wins_wherever_it_stands() -> None:
    """The one rule of IAM that everybody knows."""
    denied = document({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    for attachments, boundary in (([READ, denied], None), ([READ], denied)):
        found = may(
            [attach(each if "Statement" in each else document(each)) for each in attachments],
            CALL,
            attach(boundary, "boundary") if boundary else None,
        )

        assert found.answer is Answer.EXPLICITLY_DENIED
        assert found.statements


def test_every_level_has_to_allow() -> None:
    """A boundary or SCP without the action keeps it back, and the answer says which kind of lack it is."""
    own = [attach(document(ALL))]

    assert may(own, CALL, attach(document(READ))).allowed is True
    assert (
        may(own, CALL, attach(document({**READ, "Action": "s3:Put*"}))).answer is Answer.NOT_ALLOWED_BY_LIMIT
    )
    assert may(own, CALL, None, [[attach(document(ALL))], []]).answer is Answer.NOT_ALLOWED_BY_LIMIT
    assert may([], CALL, attach(document(ALL))).answer is Answer.NOT_ALLOWED


@pytest.mark.parametrize(
    ("resource", "context", "expected"),
    [
        ("arn:aws:s3:::home/alice/x", {"aws:username": "alice"}, True),
        ("arn:aws:s3:::home/alice/x", {"AWS:UserName": "alice"}, True),
        ("arn:aws:s3:::home/bob/x", {"aws:username": "alice"}, False),
        ("arn:aws:s3:::home/alice/x", {}, False),
        ("arn:aws:s3:::home/*/x", {"aws:username": "*"}, True),
        ("arn:aws:s3:::home/bob/x", {"aws:username": "*"}, False),
    ],
)
def test_a_variable_takes_its_value_from_the_request(resource: str, context: Json, *, expected: bool) -> None:
    """A star in somebody's name must not become a wildcard."""
    home = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}

    assert may([attach(document(home))], Request("s3:GetObject", resource, context)).allowed is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", True),
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", False),
        ("arn:aws:s3:::b/${?}${$}", "arn:aws:s3:::b/?$", True),
        ("arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}", "arn:aws:s3:::b/none", True),
        ("arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::b/", False),
        ("arn:aws:s3:::b/${open", "arn:aws:s3:::b/${open", True),
    ],
)
def test_special_variables(pattern: str, resource: str, *, expected: bool) -> None:
    """`${*}`, defaults and braces that never close."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": pattern}

    assert may([attach(document(statement))], Request("s3:GetObject", resource)).allowed is expected


def test_documents_of_the_older_version_know_no_variables() -> None:
    """Without Version the characters `${aws:username}` stand for themselves."""
    home = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}
    request = Request("s3:GetObject", "arn:aws:s3:::home/alice/x", {"aws:username": "alice"})

    assert may([attach({"Statement": [home]})], request).allowed is False


def test_actions_that_the_catalogue_does_not_know() -> None:
    """AWS adds actions every week; a decision is by patterns, not by the catalogue."""
    assert may([attach(document({**ALL, "Action": "new:*"}))], Request("new:Thing", "*")).allowed is True
    assert may([attach(document({**READ, "Action": "s3:GetTomorrow"}))], CALL).allowed is False


def test_what_is_not_known_makes_the_answer_open() -> None:
    """An attached policy that is not at hand could deny; a key that may be there could hold."""
    region = {**ALL, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}
    call = Request("s3:GetObject", "*", {}, frozenset({"aws:requestedregion"}))

    assert may([attach(document(ALL)), unknown("team", "not in the stack")], CALL).answer is Answer.UNDECIDED
    assert may([attach(document(region))], call).allowed is None
    assert may([attach(document(region))], Request("s3:GetObject", "*")).allowed is False
    assert may([attach("{", "broken")], CALL).reasons == ("broken: cannot be read",)


def test_a_certain_allow_is_not_put_in_doubt_by_a_doubtful_one() -> None:
    """Two Allows are no weaker than one."""
    doubtful = {**ALL, "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "soon"}}}
    call = Request("s3:GetObject", "*", {"aws:MultiFactorAuthAge": 5})

    assert may([attach(document(ALL, doubtful))], call).allowed is True
    assert may([attach(document(doubtful))], call).allowed is None
    assert may([attach(document(ALL, {**doubtful, "Effect": "Deny"}))], call).allowed is None


def test_a_lack_names_what_the_identity_itself_allows() -> None:
    """Whoever asks why a call fails sees that the grant is there and the boundary is not."""
    found = may([attach(document(READ), "reader")], CALL, attach(document({**READ, "Action": "s3:Put*"})))

    assert found.answer is Answer.NOT_ALLOWED_BY_LIMIT
    assert [str(place) for place in found.statements] == ["reader, Read"]


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("true", True), ("false", False)]
)
def test_a_truth_in_a_request_is_compared_as_its_word(*, value: bool | str, expected: bool) -> None:
    """Python's truth values and AWS's words say the same."""
    with_mfa = {**ALL, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    call = Request("s3:GetObject", "*", {"aws:MultiFactorAuthPresent": value})

    assert may([attach(document(with_mfa))], call).allowed is expected
