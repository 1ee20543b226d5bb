"""Calls that an AWS service makes for its caller: without MFA they need a start without MFA."""

from itertools import product
from random import Random
from typing import Any

import pytest

from identity_guard.iam import Answer, Request, attach, may
from tests.iam.statements import Json, verdict

WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def allowed_through(service: str | None = None, actions: Any = "*") -> Json:  # noqa: ANN401 - a text or a list
    """Return an Allow of calls that a service makes for its caller; of any service if none is named."""
    named = {"ForAnyValue:StringEquals": {"aws:CalledVia": f"{service}.amazonaws.com"}}
    condition = named if service else {"Bool": {"aws:ViaAWSService": "true"}}
    return {"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition}


def kept_back(actions: str | list[str], **elements: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return a Deny of some actions without MFA."""
    return {"Effect": "Deny", "Action": actions, "Resource": "*", "Condition": WITHOUT_MFA, **elements}


def allowed_along(first: str, last: str) -> Json:
    """Return an Allow of calls that come through two services or more."""
    named = {"aws:CalledViaFirst": f"{first}.amazonaws.com", "aws:CalledViaLast": f"{last}.amazonaws.com"}
    return {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": named}}


CHAIN = allowed_along("cloudformation", "dynamodb")
BUT_CLOUDFORMATION = {
    "Effect": "Allow",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"ForAllValues:StringNotEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
}
ANY, ATHENA = allowed_through(), allowed_through("athena")
DIRECT = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}}
NO_RESOURCE: Json = {name: each for name, each in kept_back("athena:*").items() if name != "Resource"}

CASES: dict[str, tuple[list[Json], bool | None]] = {
    "nothing stops the start": ([ANY], False),
    "nothing stops the start of a named service": ([ATHENA], False),
    "the start needs MFA": ([ANY, kept_back("cloudformation:*")], True),
    "the start of the named service needs MFA": ([ATHENA, kept_back("athena:*")], True),
    "the start of another service needs MFA": ([ATHENA, kept_back("cloudformation:*")], False),
    "the start needs MFA by two Denies": ([ATHENA, kept_back("athena:Get*"), kept_back("athena:*")], True),
    "all starts but one need MFA": ([ATHENA, kept_back("athena:Start*")], False),
    "the start needs MFA on some resources": (
        [ATHENA, kept_back("athena:*", Resource="arn:aws:athena:*:*:workgroup/*")],
        False,
    ),
    "the start needs MFA on no resource": ([ATHENA, {**NO_RESOURCE, "NotResource": "*"}], False),
    "the start needs MFA in one Region": (
        [
            ATHENA,
            kept_back(
                "athena:*", Condition={**WITHOUT_MFA, "StringEquals": {"aws:RequestedRegion": "us-east-1"}}
            ),
        ],
        False,
    ),
    "the start needs MFA of sessions only": (
        [ATHENA, kept_back("athena:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
        False,
    ),
    "every direct call needs MFA": ([ATHENA, kept_back("*", Condition=DIRECT)], True),
    "a service that nobody knows could be started by anything": (
        [allowed_through("tomorrow"), kept_back(["tomorrow:*", "s3:*"])],
        False,
    ),
    "and by nothing, where every direct call needs MFA": (
        [allowed_through("tomorrow"), kept_back("*", Condition=DIRECT)],
        True,
    ),
    "nothing stops a chain of two services": ([CHAIN], False),
    "the start of a chain needs MFA": ([CHAIN, kept_back("cloudformation:*")], True),
    "the second start of a chain needs MFA": ([CHAIN, kept_back("dynamodb:*")], True),
    "every direct call needs MFA, and the second start is none": (
        [CHAIN, kept_back("*", Condition=DIRECT)],
        True,
    ),
    "all services but a named one": (
        [
            BUT_CLOUDFORMATION,
            kept_back("s3:*", Condition={**WITHOUT_MFA, "Bool": {"aws:ViaAWSService": "false"}}),
        ],
        False,
    ),
    "only direct calls need MFA, and any service may be started": (
        [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, kept_back("s3:*", Condition=DIRECT)],
        False,
    ),
    "only direct calls need MFA, those that start the service that makes any call among them": (
        [
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            kept_back(["s3:*", "cloudformation:*"], Condition=DIRECT),
        ],
        True,
    ),
    "what the service does is not known": ([allowed_through("athena", "tomorrow:*")], None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_service_does_for_a_caller_without_mfa(name: str) -> None:
    """A stack or a query makes calls that its caller may not make; who starts it without MFA has them."""
    statements, expected = CASES[name]

    assert verdict(*statements).mfa_enforced is expected


def lacking(service: str) -> Json:
    """Return a Deny of calls of S3 that did not come through a service."""
    condition = {"ForAllValues:StringNotEquals": {"aws:CalledVia": f"{service}.amazonaws.com"}}
    return {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}


def test_a_chain_of_several_services_is_looked_at_and_a_longer_one_left_open() -> None:
    """Three services that all have to be on the way are; of nine it is not said that nobody calls so."""
    services = ["kms", "athena", "glue", "dynamodb", "s3", "backup", "sqs", "sns", "logs"]
    reading = allowed_through(actions="s3:GetObject")

    assert verdict(reading, *map(lacking, services[:3])).mfa_enforced is False
    assert verdict(reading, *map(lacking, services)).mfa_enforced is None
    assert (
        verdict(reading, *map(lacking, services), kept_back("*", Condition=DIRECT)).mfa_enforced is not False
    )


KEYS = ("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")
NAMED, UNNAMED = (
    ["cloudformation.amazonaws.com", "athena.amazonaws.com", "backup.amazonaws.com"],
    "glue.amazonaws.com",
)
CHAINS = [chain for length in range(1, 5) for chain in product([*NAMED, UNNAMED], repeat=length)]
READ, OBJECT = "s3:GetObject", "arn:aws:s3:::any/object"


def some_statement(source: Random) -> Json:
    """Return a statement about the services that a call came through."""
    condition: Json = {}
    for key in source.sample(KEYS, source.choice((1, 2))):
        quantifier = source.choice(("ForAllValues:", "ForAnyValue:")) if key == KEYS[0] else ""
        operator = f"{quantifier}String{source.choice(('Equals', 'NotEquals', 'Like', 'NotLike'))}"
        condition.setdefault(operator, {})[key] = source.sample(NAMED, source.choice((1, 2, 3)))
    return {
        "Effect": source.choice(("Allow", "Deny")),
        "Action": READ,
        "Resource": "*",
        "Condition": condition,
    }


@pytest.mark.parametrize("seed", range(300))
def test_what_is_allowed_along_some_chain_is_open_and_along_none_is_closed(seed: int) -> None:
    """Held against every chain of four services or fewer, asked one request at a time."""
    source = Random(seed)  # noqa: S311 - a repeatable source is the point
    only_services: Json = {
        "Effect": "Deny",
        "Action": READ,
        "Resource": "*",
        "Condition": {"Null": {KEYS[0]: "true"}},
    }
    allowed: Json = {"Effect": "Allow", "Action": READ, "Resource": "*"}
    statements = [only_services, allowed, *(some_statement(source) for _ in range(source.choice((1, 2, 3))))]
    if source.choice((True, False)):
        statements.remove(allowed)
    document = attach({"Version": "2012-10-17", "Statement": statements})
    contexts = [dict(zip(KEYS, (list(chain), chain[0], chain[-1]), strict=True)) for chain in CHAINS]
    answers = {may([document], Request(READ, OBJECT, context)).answer for context in contexts}

    assert verdict(*statements).mfa_enforced is (Answer.ALLOWED not in answers)
