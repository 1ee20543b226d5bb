"""Whether documents require MFA, and the known ways in which they only seem to."""

from typing import Any

import pytest

from identity_guard.iam import Verdict, attach, judge

Json = dict[str, Any]
NOW = 1_795_000_000.0
GRANT: Json = {"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"}
PRESENT = "aws:MultiFactorAuthPresent"
AGE = "aws:MultiFactorAuthAge"
SET_UP = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:GetMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]


def verdict(*statements: Json, boundary: Json | None = None) -> Verdict:
    """Judge statements of one document."""
    limit = None if boundary is None else attach({"Version": "2012-10-17", "Statement": [boundary]})
    return judge([attach({"Version": "2012-10-17", "Statement": list(statements)})], limit, now=NOW)


def allow(operator: str, value: Any, key: str = PRESENT) -> Json:  # noqa: ANN401 - a condition's value
    """Return the grant under a condition."""
    return {**GRANT, "Condition": {operator: {key: value}}}


def deny(operator: str, value: Any, key: str = PRESENT, **elements: Any) -> Json:  # noqa: ANN401
    """Return a Deny of everything under a condition."""
    return {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {operator: {key: value}},
        **elements,
    }


def without_action(statement: Json, spared: list[str]) -> Json:
    """Turn a Deny of everything into one of everything but some actions."""
    rest = {name: value for name, value in statement.items() if name != "Action"}
    return {**rest, "NotAction": spared}


RIGHT: dict[str, list[Json]] = {
    "AWS's own Deny": [GRANT, deny("BoolIfExists", "false")],
    "the same with a list and a JSON boolean": [GRANT, deny("BoolIfExists", [False])],
    "the same with the key in another case": [
        GRANT,
        deny("BoolIfExists", "false", "AWS:multifactorauthpresent"),
    ],
    "AWS's own Deny that spares the set-up": [GRANT, without_action(deny("BoolIfExists", "false"), SET_UP)],
    "a Deny that spares what is not granted": [
        GRANT,
        without_action(deny("BoolIfExists", "false"), ["iam:*"]),
    ],
    "a Deny of exactly what is granted": [
        GRANT,
        {**deny("BoolIfExists", "false"), "Action": ["ec2:*", "s3:*"]},
    ],
    "a negated text": [GRANT, deny("StringNotEquals", "true")],
    "ForAllValues in a Deny": [GRANT, deny("ForAllValues:Bool", "false")],
    "an age that is missing or too great": [GRANT, deny("NumericGreaterThanIfExists", "3600", AGE)],
    "two Denies, one for each case": [GRANT, deny("Bool", "false"), deny("Null", "true")],
    "an absent age": [GRANT, deny("Null", "true", AGE)],
    "an Allow": [allow("Bool", "true")],
    "an Allow with a JSON boolean": [allow("Bool", True)],  # noqa: FBT003 - a value of JSON
    "an Allow by text": [allow("StringEquals", "true")],
    "an Allow by age": [allow("NumericLessThan", "3600", AGE)],
    "an Allow by any age": [allow("NumericGreaterThanEquals", "0", AGE)],
    "an Allow by a present age": [allow("Null", "false", AGE)],
    "a condition beside it that always holds": [
        GRANT,
        {
            **deny("BoolIfExists", "false"),
            "Condition": {"BoolIfExists": {PRESENT: "false"}, "StringLike": {"aws:userid": "*"}},
        },
    ],
    "direct calls only, which every other starts with": [
        GRANT,
        {
            **deny("BoolIfExists", "false"),
            "Condition": {"BoolIfExists": {PRESENT: "false", "aws:ViaAWSService": "false"}},
        },
    ],
    "nothing but the set-up, of anything but others": [
        {
            "Effect": "Allow",
            "Action": [each for each in SET_UP if each != "iam:EnableMFADevice"],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": SET_UP, "Resource": "arn:aws:iam::*:user/${aws:username}"},
    ],
    "nothing at all": [deny("Bool", "true")],
}


@pytest.mark.parametrize("name", RIGHT)
def test_texts_that_require_mfa(name: str) -> None:
    """A right text that is refused makes people write a wrong one."""
    found = verdict(*RIGHT[name])

    assert found.mfa_enforced is True
    assert found.witness_without_mfa is None


WRONG: dict[str, tuple[list[Json], str | None]] = {
    "no word of it": ([GRANT], None),
    "a Deny with Bool": ([GRANT, deny("Bool", "false")], "deny-bool-false"),
    "a Deny with ForAnyValue": ([GRANT, deny("ForAnyValue:Bool", "false")], "deny-for-any-value"),
    "a Deny with Null": ([GRANT, deny("Null", "true")], "deny-null-true"),
    "a Deny of those with MFA": ([GRANT, deny("BoolIfExists", "true")], "deny-inverted"),
    "a Deny of those with MFA, plainly": ([GRANT, deny("Bool", "true")], "deny-inverted"),
    "a Deny by age": ([GRANT, deny("NumericGreaterThan", "3600", AGE)], "deny-age"),
    "a Deny that never holds": (
        [
            GRANT,
            {**deny("Bool", "false"), "Condition": {"Bool": {PRESENT: "false"}, "Null": {PRESENT: "true"}}},
        ],
        "deny-that-never-holds",
    ),
    "an Allow with IfExists": ([allow("BoolIfExists", "true")], "allow-bool-if-exists-true"),
    "an Allow with ForAllValues": ([allow("ForAllValues:Bool", "true")], "allow-for-all-values"),
    "an Allow with Null": ([allow("Null", "false")], "allow-null-false"),
    "an Allow of those without": ([allow("Bool", "false")], "allow-inverted"),
    "an Allow of those without, or without the key": ([allow("BoolIfExists", "false")], "allow-inverted"),
    "two operators of which one is the mistake": (
        [
            GRANT,
            {
                **deny("Bool", "false"),
                "Condition": {"Bool": {PRESENT: "false"}, "NumericGreaterThanIfExists": {AGE: "3600"}},
            },
        ],
        "deny-bool-false",
    ),
    "an Allow by age with IfExists": ([allow("NumericLessThanIfExists", "3600", AGE)], "allow-age-if-exists"),
    "one of two Allows": ([allow("Bool", "true"), {**GRANT, "Action": "s3:ListAllMyBuckets"}], None),
    "a Deny of one service": ([GRANT, {**deny("BoolIfExists", "false"), "Action": "ec2:*"}], None),
    "a Deny on one service's ARNs": ([GRANT, deny("BoolIfExists", "false", Resource="arn:aws:s3:::*")], None),
    "a Deny in one Region": (
        [
            GRANT,
            {
                **deny("BoolIfExists", "false"),
                "Condition": {
                    "BoolIfExists": {PRESENT: "false"},
                    "StringEquals": {"aws:RequestedRegion": "us-east-1"},
                },
            },
        ],
        None,
    ),
    "a Deny that spares assuming roles": (
        [
            {**GRANT, "Action": ["s3:*", "sts:AssumeRole"]},
            without_action(deny("BoolIfExists", "false"), ["sts:*"]),
        ],
        None,
    ),
    "a Deny that spares removing devices": (
        [
            {**GRANT, "Action": "*"},
            without_action(deny("BoolIfExists", "false"), [*SET_UP, "iam:DeactivateMFADevice"]),
        ],
        None,
    ),
    "a Deny that spares all of IAM": (
        [{**GRANT, "Action": "*"}, without_action(deny("BoolIfExists", "false"), ["iam:*"])],
        None,
    ),
    "what few objects are spared": (
        [
            GRANT,
            {
                "Effect": "Deny",
                "Action": "*",
                "NotResource": "arn:aws:s3:::public/*",
                "Condition": {"BoolIfExists": {PRESENT: "false"}},
            },
        ],
        None,
    ),
    "plain HTTP only": ([{**GRANT, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], None),
}


@pytest.mark.parametrize("name", WRONG)
def test_texts_that_do_not_require_mfa(name: str) -> None:
    """Each of these is found in the wild, most of them written to require MFA."""
    statements, mistake = WRONG[name]
    found = verdict(*statements)

    assert found.mfa_enforced is False
    assert found.witness_without_mfa is not None
    assert [pattern.name for pattern in found.mfa_mistakes] == ([mistake] if mistake else [])


def test_a_boundary_can_require_mfa() -> None:
    """What lets nothing through without MFA requires it for all grants within it."""
    require = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {PRESENT: "true"}}}
    seem = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"BoolIfExists": {PRESENT: "true"}},
    }

    assert verdict(GRANT, boundary=require).mfa_enforced is True
    assert verdict(GRANT, boundary=seem).mfa_enforced is False


def test_the_witness_has_no_mfa() -> None:
    """The call that is shown must be one that a thief of a password or key can make."""
    shown = verdict(GRANT, deny("Bool", "false")).witness_without_mfa

    assert shown is not None
    assert shown.context.get(PRESENT) in (None, "false")


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("*", 5),
        ("iam:*", 2),
        ("iam:DeactivateMFADevice", 1),
        ("sso:UpdateSSOConfiguration", 1),
        ("iam:EnableMFADevice", 0),
        ("s3:*", 0),
    ],
)
def test_what_could_switch_mfa_off(action: str, expected: int) -> None:
    """MFA that the holder of a grant can take from others protects nobody."""
    found = verdict({"Effect": "Allow", "Action": action, "Resource": "*"}).switches_mfa_off

    assert len(found) == expected
    assert all(what for _, what in found)


def test_ones_own_device_is_not_somebody_elses() -> None:
    """Everybody may manage the own device."""
    own = {
        "Effect": "Allow",
        "Action": "iam:DeactivateMFADevice",
        "Resource": "arn:aws:iam::*:user/${aws:username}",
    }

    assert verdict(own).switches_mfa_off == ()


def test_an_action_that_nobody_here_knows_is_not_called_safe() -> None:
    """A service newer than the catalogue may be used without MFA, unless everything is denied."""
    new = {"Effect": "Allow", "Action": "service-of-tomorrow:*", "Resource": "*"}

    assert verdict(new).mfa_enforced is None
    assert "does not know" in verdict(new).undecided[0]
    assert verdict(new, deny("BoolIfExists", "false")).mfa_enforced is True
    assert verdict(new, GRANT).mfa_enforced is False


def test_what_no_call_can_be_asks_for_nothing() -> None:
    """`aws:SecureTransport` is true or false, and nobody passes a resource of IAM that is no role.

    Found by trying everything against small random documents: both were called open without MFA.
    """
    neither = [
        {"Effect": "Allow", "Action": "sns:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]
    no_role = [
        {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/*"},
        {"Effect": "Deny", "NotAction": "iam:PassRole", "Resource": "arn:aws:iam::*:*"},
    ]
    for statements in (neither, no_role):
        document = attach({"Version": "2012-10-17", "Statement": statements})
        assert judge([document], now=1_795_000_000.0).mfa_enforced is True
