"""What an open document says at least and at most holds for whatever somebody passes."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import rules_of, template

VALUES = [
    "*",
    "iam:*",
    "s3:GetObject",
    "iam:CreateAccessKey",
    "arn:aws:iam::111122223333:role/x",
    "arn:aws:iam::*:role/*",
    "arn:aws:s3:::x/*",
    "true",
    "eu-central-1",
]
HOLE: Any = {"Ref": "P"}
ACTIONS = st.sampled_from(["*", "iam:*", "s3:*", "sts:AssumeRole", HOLE])
RESOURCES = st.sampled_from(["*", "arn:aws:iam::*:role/*", {"Fn::Sub": "arn:aws:s3:::${P}"}, HOLE])
CONDITIONS = st.sampled_from(
    [
        None,
        {"StringEquals": {"aws:RequestedRegion": HOLE}},
        {"Bool": {"aws:SecureTransport": HOLE}},
        {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}},
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a statement, here and there with the parameter in it."""
    not_action, not_resource = draw(st.booleans()), draw(st.integers(0, 4)) == 0
    made: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "NotAction" if not_action else "Action": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
        "NotResource" if not_resource else "Resource": draw(RESOURCES),
    }
    condition = draw(CONDITIONS)
    return made | ({"Condition": condition} if condition else {})


def verdict(document: Any, **parameter: Any) -> set[str]:  # noqa: ANN401 - as a template has it
    """Return the rules that are told of a role with the document."""
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"Policies": [{"PolicyName": "own", "PolicyDocument": document}]},
    }
    parameters = {"P": {"Type": "String", **parameter}}
    return {rule for rule, _ in rules_of(template({"Parameters": parameters, "Resources": {"R": role}}))}


def passed(document: Any, value: str) -> Any:  # noqa: ANN401 - as above
    """Write a value where the parameter stands."""
    text = json.dumps(document).replace(json.dumps(HOLE), json.dumps(value))
    return json.loads(text.replace('{"Fn::Sub": "arn:aws:s3:::${P}"}', json.dumps(f"arn:aws:s3:::{value}")))


@settings(max_examples=25)
@given(st.lists(statements(), min_size=1, max_size=3), st.sampled_from(VALUES))
def test_what_is_decided_for_an_open_document_holds_for_every_value(
    every: list[dict[str, Any]], value: str
) -> None:
    """A parameter must not carry access past the check, and none is refused for what nobody passes."""
    document = {"Version": "2012-10-17", "Statement": every}
    open_to_all = verdict(document)
    root = "no-root-level-access"
    found = verdict(passed(document, value))

    if "undecided" not in open_to_all and root not in open_to_all:
        assert root not in found or _cannot_be_read(document, value)
    if root in open_to_all and "undecided" not in open_to_all:
        assert root in found


def _cannot_be_read(document: Any, value: str) -> bool:  # noqa: ANN401 - as above
    """Say whether IAM would refuse the document with the value, so that nobody gets anything by it."""
    from identity_guard.iam import parse  # noqa: PLC0415 - the one use
    from identity_guard.iam.document.document import Unreadable  # noqa: PLC0415

    return isinstance(parse(passed(document, value)), Unreadable)


@settings(max_examples=25)
@given(st.lists(statements(), min_size=1, max_size=3), st.sampled_from(VALUES))
def test_a_default_is_refused_as_the_value_itself(every: list[dict[str, Any]], value: str) -> None:
    """What is deployed when nobody says otherwise is root-level or is not: a default hides nothing.

    One that only holds the place of an ARN is no mistake of the template: with it nothing is deployed.
    """
    document = {"Version": "2012-10-17", "Statement": every}

    is_refused = "no-root-level-access" in verdict(passed(document, value))
    if is_refused and not _cannot_be_read(document, value):
        assert "no-root-level-access" in verdict(document, Default=value)
