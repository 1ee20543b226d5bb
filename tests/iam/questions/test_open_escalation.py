"""Escalation where something cannot be decided: neither an alarm nor an all-clear."""

import pytest

from tests.iam.statements import Json, allow, deny, verdict

DOUBTFUL: Json = {"NumericLessThan": {"aws:MultiFactorAuthAge": "soon"}}
"""What AWS makes of such a number nobody knows."""
OWN_USER = "arn:aws:iam::*:user/${aws:username}"
NAMED_USER = "arn:aws:iam::111122223333:user/deployer"
CREATE = ["lambda:CreateFunction", "lambda:InvokeFunction"]


def through(service: str, **more: Json) -> Json:
    """Return a condition on calls that a service makes for its caller."""
    return {"ForAnyValue:StringEquals": {"aws:CalledVia": f"{service}.amazonaws.com"}, **more}


OPEN: dict[str, list[Json]] = {
    "an Allow in doubt": [allow("iam:AttachRolePolicy", Condition=DOUBTFUL)],
    "a Deny in doubt": [
        allow("iam:AttachRolePolicy"),
        deny("iam:Attach*", Condition={"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "soon"}}),
    ],
    "a call through a service that may not be started": [
        allow("cloudformation:CreateStack", Condition=DOUBTFUL),
        allow("*", Condition=through("cloudformation")),
    ],
    "a doubtful call through a service": [
        allow("cloudformation:CreateStack"),
        allow("iam:AttachRolePolicy", Condition=through("cloudformation", **DOUBTFUL)),
    ],
    "a named user that can be rewritten, and may be used": [
        allow("iam:PutUserPolicy", NAMED_USER),
        allow("iam:CreateAccessKey", NAMED_USER, Condition=DOUBTFUL),
    ],
    "a named user that may be rewritten, and can be used": [
        allow("iam:PutUserPolicy", NAMED_USER, Condition=DOUBTFUL),
        allow("iam:CreateAccessKey", NAMED_USER),
    ],
    "more functions named than are looked at": [
        allow("iam:PassRole"),
        allow(CREATE, [f"arn:aws:lambda:eu-west-1:111122223333:function:f{number}" for number in range(70)]),
        deny(CREATE, [f"arn:aws:lambda:eu-west-1:111122223333:function:f{number}" for number in range(66)]),
    ],
}


@pytest.mark.parametrize("name", OPEN)
def test_what_cannot_be_decided_is_neither_open_nor_closed(name: str) -> None:
    """Called open, it is a false alarm; called closed, it is a way to the top that is waved through."""
    found = verdict(*OPEN[name])

    assert found.escalation == ()
    assert found.escalation_undecided
    assert found.escalates is None


def test_few_functions_that_are_all_denied_are_decided() -> None:
    """Where every named resource was looked at, the answer is one."""
    named = [f"arn:aws:lambda:eu-west-1:111122223333:function:f{number}" for number in range(3)]
    found = verdict(allow("iam:PassRole"), allow(CREATE, named), deny(CREATE, named))

    assert (found.escalation, found.escalation_undecided, found.escalates) == ((), (), False)


def test_what_is_certain_is_not_put_in_doubt_by_what_is_not() -> None:
    """One way that is open for certain is an alarm, whatever else there may be."""
    found = verdict(allow("iam:AttachRolePolicy"), allow("sts:AssumeRole", Condition=DOUBTFUL))

    assert [path.name for path in found.escalation] == ["iam-attach-role-policy"]
    assert found.escalates is True


def test_on_the_own_user_only_what_makes_it_more_counts() -> None:
    """Keys of one's own are everybody's; a policy on one's own user is a step to the top."""
    found = verdict(allow(["iam:CreateAccessKey", "iam:PutUserPolicy"], OWN_USER))

    assert [path.name for path in found.escalation] == ["iam-put-user-policy"]
