"""What is a document, and what is said about a text that is none."""

import json
from typing import Any

import pytest

from identity_guard.iam import Document, DocumentKind, Unreadable, attach, judge, parse

Json = dict[str, Any]
GRANT: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def reasons(text: str | Json, kind: DocumentKind = DocumentKind.IDENTITY) -> tuple[str, ...]:
    """Return why a text cannot be read; it must not be readable."""
    found = parse(text, kind)
    assert isinstance(found, Unreadable)
    return found.reasons


def document(*statements: Any, **elements: Any) -> Json:  # noqa: ANN401 - also what is no statement
    """Put statements into a document."""
    return {"Version": "2012-10-17", "Statement": list(statements), **elements}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the text is empty"),
        ("  \n", "the text is empty"),
        ("{", "not JSON at line 1, column 2"),
        ('{"Version": "2012-10-17",}', "not JSON at line 1"),
        ("{'Version': '2012-10-17'}", "not JSON at line 1, column 2"),
        ('{"a": 1} {"a": 1}', "not JSON at line 1, column 10: extra data"),
        ('{"Version": /* x */ "2012-10-17"}', "not JSON"),
        ("\ufeff{}", "not JSON"),
        ('{"Version": NaN}', "`NaN` is not JSON"),
        ('{"Version": Infinity}', "`Infinity` is not JSON"),
        ('{"a": "\x01"}', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("1" * 5_000, "too many digits"),
        ('"' + "x" * 1_000_000 + '"', "more than any document"),
        ("[]", "a policy is a JSON object, not a list"),
        ("null", "a policy is a JSON object, not null"),
        ("7", "a policy is a JSON object, not a number"),
        ('"{}"', "a policy is a JSON object, not a text"),
    ],
)
def test_a_text_that_is_no_json_object_is_unreadable(text: str, expected: str) -> None:
    """Nothing that cannot be read may pass as a document that allows nothing."""
    assert expected in reasons(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        '{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "action": "*", "Resource": "*"}]}',
        '{"Statement": [], "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
        '{"Statement": [{"\\u0045ffect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}',
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": '
            '{"Bool": {"aws:SecureTransport": "true", "AWS:securetransport": "false"}}}}'
        ),
    ],
)
def test_a_key_given_twice_is_an_error_in_any_spelling(text: str) -> None:
    """Parsers keep one of two equal keys, and not all the same one: what is granted would be chance."""
    assert "given twice" in reasons(text)[0]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Statement": None}, "Statement: expected an object or a list of them, not null"),
        ({"Statement": "all"}, "Statement: expected an object or a list of them, not a text"),
        ({"Statement": []}, "Statement: the list is empty"),
        ({"Statement": ["x"]}, "Statement[0]: expected an object, not a text"),
        ({"Version": "2012-10-18"}, "Version: expected"),
        ({"Version": None}, "Version: expected"),
        ({"Id": 7}, "Id: expected a text"),
        (
            {"statement": [GRANT]},
            "statement: IAM knows no such element; element names have their case: `Statement`",
        ),
        ({"Comment": "x"}, "Comment: IAM knows no such element"),
    ],
)
def test_a_mistake_in_the_document_is_named_with_its_place(changed: Json, expected: str) -> None:
    """A person who is told only that something is wrong has to search the whole file."""
    assert expected in "\n".join(reasons({**document(GRANT), **changed}))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Effect": "allow"}, "Statement[0].Effect: expected `Allow` or `Deny`, in this case"),
        ({"Effect": ["Allow"]}, "Statement[0].Effect: expected"),
        ({"Effect": None}, "Statement[0].Effect: expected"),
        ({"NotAction": "s3:*"}, "Statement[0]: both are there, `Action` and `NotAction`"),
        ({"NotResource": "*"}, "Statement[0]: both are there, `Resource` and `NotResource`"),
        ({"Action": 7}, "Statement[0].Action: expected a text or a list of texts"),
        ({"Action": ["s3:*", None]}, "Statement[0].Action: expected a text or a list of texts"),
        ({"Action": {"a": "b"}}, "Statement[0].Action: expected"),
        ({"Resource": None}, "Statement[0].Resource: expected"),
        ({"Sid": 1}, "Statement[0].Sid: expected a text"),
        ({"Actions": "*"}, "Statement[0].Actions: IAM knows no such element"),
        ({"Principal": "*"}, "Statement[0].Principal: a policy of an identity has none"),
        ({"NotPrincipal": "*"}, "Statement[0].NotPrincipal: a policy of an identity has none"),
        ({"Condition": []}, "Statement[0].Condition: expected an object of operators"),
        ({"Condition": {"StringEquals": "x"}}, "Statement[0].Condition.StringEquals: expected an object"),
        ({"Condition": {"StringEqualz": {"a": "b"}}}, "Condition.StringEqualz: IAM knows no such operator"),
        ({"Condition": {"stringequals": {"a": "b"}}}, "Condition.stringequals: IAM knows no such operator"),
        (
            {"Condition": {"NullIfExists": {"a": "true"}}},
            "Condition.NullIfExists: IAM knows no such operator",
        ),
        ({"Condition": {"ForAnyValue:Null": {"a": "true"}}}, "ForAnyValue:Null: IAM knows no such operator"),
        ({"Condition": {"ForSomeValues:Bool": {"a": "b"}}}, "ForSomeValues:Bool: IAM knows no such operator"),
        ({"Condition": {"Bool": {"a": None}}}, "Condition.Bool.a: expected a text, a number"),
        ({"Condition": {"Bool": {"a": {"b": "c"}}}}, "Condition.Bool.a: expected a text, a number"),
        ({"Condition": {"DateLessThan": {"a": "soon"}}}, "Condition.DateLessThan.a: not a date"),
    ],
)
def test_a_mistake_in_a_statement_is_named_with_its_place(changed: Json, expected: str) -> None:
    """Each of these is refused by IAM, so nobody has what a lenient reader would see in it."""
    assert expected in "\n".join(reasons(document({**GRANT, **changed})))


@pytest.mark.parametrize("missing", ["Effect", "Action", "Resource"])
def test_a_missing_element_is_a_mistake(missing: str) -> None:
    """A statement without its effect is not one that does nothing."""
    statement = {name: value for name, value in GRANT.items() if name != missing}

    assert missing in reasons(document(statement))[0]


def test_a_sid_given_twice_is_a_mistake() -> None:
    """IAM wants each Sid once, and a message that names one must mean one statement."""
    assert "`A` is given twice" in reasons(document({**GRANT, "Sid": "A"}, {**GRANT, "Sid": "A"}))[0]


def test_all_mistakes_come_together() -> None:
    """Whoever mends one mistake at a time runs the check ten times."""
    found = reasons({"Version": "1", "Statement": [{"Effect": "x"}, {**GRANT, "Action": 7}]})

    assert [reason.split(":")[0] for reason in found] == [
        "Statement[0].Effect",
        "Statement[0]",
        "Statement[0]",
        "Statement[1].Action",
        "Version",
    ] or len(found) == 5


@pytest.mark.parametrize(
    "text",
    [
        {"Statement": GRANT},
        {"Version": "2008-10-17", "Id": "", "Statement": [GRANT]},
        document({**GRANT, "Sid": ""}),
        document({**GRANT, "Condition": {}}),
        document({**GRANT, "Condition": {"StringEquals": {}}}),
        document({**GRANT, "Condition": {"StringEquals": {"aws:PrincipalArn": []}}}),
        document({**GRANT, "Condition": {"NumericLessThan": {"a": 7}, "Bool": {"b": True}}}),
        document({**GRANT, "Action": ["**", "*:*", "a*"], "Resource": ["arn*", "?*"]}),
    ],
)
def test_unusual_but_clear_documents_are_read(text: Json) -> None:
    """A document with one possible meaning is judged by it, also where IAM would not take its spelling."""
    assert isinstance(parse(text), Document)
    assert isinstance(parse(json.dumps(text)), Document)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Resource": "*"}, "Statement[0].Resource: a trust policy has none"),
        ({"Principal": {}}, "Statement[0].Principal: names nobody"),
        ({"Principal": "somebody"}, 'Statement[0].Principal: expected "*" or an object'),
        ({"Principal": {"Aws": "*"}}, "`Aws` is no kind of principal; there are AWS, Service"),
        ({"Principal": {"AWS": 7}}, "Statement[0].Principal: AWS: expected a text"),
        ({"NotPrincipal": {"AWS": "x"}}, "expected one of `Principal` and `NotPrincipal`"),
    ],
)
def test_a_mistake_in_a_trust_policy_is_named(changed: Json, expected: str) -> None:
    """Trust policies have rules of their own."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "sts:AssumeRole",
    }

    assert expected in "\n".join(reasons(document({**statement, **changed}), DocumentKind.TRUST))


@pytest.mark.parametrize(
    "text", ["", "{", '{"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}]}']
)
def test_an_unreadable_document_leaves_every_answer_open(text: str) -> None:
    """Beside a document that nobody can read, no answer about the whole is safe."""
    verdict = judge([attach(text, "first"), attach(document(GRANT), "second")])

    assert {None} == {verdict.root_level, verdict.administrator, verdict.escalates, verdict.mfa_enforced}
    assert verdict.unreadable[0][0] == "first"
    assert verdict.undecided[0].startswith("first cannot be read: ")


def test_an_unreadable_boundary_takes_no_power_away() -> None:
    """A boundary that cannot be read may let everything through, but it never adds anything."""
    admin = judge([attach(document(GRANT))], attach("{", "boundary"))
    reader = judge([attach(document({**GRANT, "Action": "s3:GetObject"}))], attach("{", "boundary"))

    assert (admin.root_level, admin.administrator, admin.escalates) == (None, None, None)
    assert (reader.root_level, reader.administrator, reader.escalates) == (False, False, False)


def test_repr_of_a_document_is_short() -> None:
    """Masks are numbers of thousands of digits, which Python refuses to print; a log line must not crash."""
    assert len(repr(parse(document(GRANT)))) < 1_000


def test_a_text_is_read_up_to_a_million_characters() -> None:
    """The longest document that IAM takes is far below; what is longer is a mistake or an attack."""
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}'

    assert isinstance(parse(text.ljust(1_000_000)), Document)
    assert "1000001 characters" in reasons(text.ljust(1_000_001))[0]


def test_a_number_is_read_up_to_forty_digits() -> None:
    """Python takes seconds over a number of millions of digits."""
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": %s}}'

    assert isinstance(parse(text % f'{{"NumericEquals": {{"a:b": {"1" * 40}}}}}'), Document)
    assert "digits" in reasons(text % f'{{"NumericEquals": {{"a:b": {"1" * 41}}}}}')[0]


def test_the_key_that_is_given_twice_is_named() -> None:
    """Among many keys it is hard to see; a very long one is cut."""
    assert "`Sid`" in reasons('{"Version": "2012-10-17", "Sid": 1, "SID": 2}')[0]
    assert f"`{'k' * 60}`" in reasons(f'{{"a": 1, "{"k" * 99}": 1, "{"K" * 99}": 2}}')[0]
