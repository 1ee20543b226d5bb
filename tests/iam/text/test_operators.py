"""Every condition operator: present, absent, several values, each addition to its name."""

from ipaddress import IPv6Address, ip_address
from typing import Any

import pytest

from identity_guard.iam.document.condition import Values, read_condition
from identity_guard.iam.text.operators import OPERATORS, address_range, address_text, moment, number

KEY = "aws:SomeKey"


def holds(operator: str, policy: Any, found: Values) -> bool | None:  # noqa: ANN401 - whatever a policy may hold
    """Say whether one clause holds."""
    (clause,) = read_condition({operator: {KEY: policy}}, variables=False)
    return clause.holds(found)


MATCHES: list[tuple[str, Any, str, bool]] = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", ["b", "a"], "a", True),
    ("StringEquals", "a*", "abc", False),
    ("StringEqualsIgnoreCase", "Ab", "aB", True),
    ("StringEqualsIgnoreCase", "Ab", "aC", False),
    ("StringLike", "a*c", "abbc", True),
    ("StringLike", "a?c", "abbc", False),
    ("StringLike", "*", "", True),
    ("StringLike", "A*", "abc", False),
    ("NumericEquals", "10", "10.0", True),
    ("NumericEquals", 10, "11", False),
    ("NumericLessThan", "10", "9.5", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericLessThanEquals", "10", "11", False),
    ("NumericGreaterThan", "10", "10", False),
    ("NumericGreaterThan", "10", "11", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThanEquals", "10", "-11", False),
    ("NumericEquals", "10", "ten", False),
    ("DateEquals", "2026-11-23T00:00:00Z", "2026-11-23", True),
    ("DateEquals", "2026-11-23T00:00:00Z", "1795392000", True),
    ("DateLessThan", "2026-11-23T12:00:00+02:00", "2026-11-23T09:59:59Z", True),
    ("DateLessThan", "2026-11-23T12:00:00+02:00", "2026-11-23T10:00:00Z", False),
    ("DateLessThanEquals", "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z", True),
    ("DateGreaterThan", "2026", "2026-01-02", True),
    ("DateGreaterThan", "2026-05", "2026-05-01", False),
    ("DateGreaterThanEquals", "2026-05", "2026-05-01", True),
    ("DateGreaterThanEquals", "2026-05", "whenever", False),
    ("Bool", "true", "true", True),
    ("Bool", True, "TRUE", True),
    ("Bool", "false", "true", False),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "qmluyxj5", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.0", False),
    ("IpAddress", "203.0.113.7/24", "203.0.113.9", True),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", "0.0.0.0/0", "255.255.255.255", True),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("IpAddress", "::/0", "2001:db8::1", True),
    ("IpAddress", "2001:db8::/32", "2001:db9::1", False),
    ("IpAddress", "0.0.0.0/0", "somewhere", False),
    ("ArnEquals", "arn:aws:iam::*:role/a*", "arn:aws:iam::111122223333:role/abc", True),
    ("ArnLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::111122223333:role/abc", True),
    ("ArnLike", "arn:aws:*:role/abc", "arn:aws:iam::111122223333:role/abc", True),
    ("ArnLike", "arn:aws:sts::111122223333:*", "arn:aws:sts::111122223333:assumed-role/a/b:c", True),
    ("ArnLike", "arn:*:*:*:*:*", "arn:aws:iam::111122223333:role/abc", True),
    ("ArnLike", "arn:a*s:iam::1*:user/a", "arn:aws:iam::111122223333:user/b", False),
    ("ArnLike", "arn:aws:*:*:*:*", "boop", False),
    ("ArnLike", "arn:aws:logs:*:*:log-group:a:*", "arn:aws:logs:us-east-1:111122223333:log-group:a:b", True),
    ("ArnLike", "arn:aws:logs:*:*:log-group:a:*", "arn:aws:logs:us-east-1:111122223333:log-group:b:a", False),
    ("ArnLike", "arn:aws:iam::*:role/a", "arn:aws:iam::111122223333:x:role/a", False),
    ("ArnLike", "arn:aws:s*:::a", "arn:aws:s3:::a", True),
    ("ArnLike", "arn:aws:s*:::a", "arn:aws:sns:us-east-1:111122223333:a", False),
]


@pytest.mark.parametrize(("operator", "policy", "found", "expected"), MATCHES)
def test_an_operator_compares_as_aws_says(operator: str, policy: Any, found: str, *, expected: bool) -> None:  # noqa: ANN401
    """One wrong comparison turns a restriction into none."""
    assert holds(operator, policy, (found,)) is expected


NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
}


@pytest.mark.parametrize(
    ("operator", "policy", "found", "expected"), [row for row in MATCHES if row[0] in NEGATED]
)
def test_a_negated_operator_says_the_opposite(
    operator: str,
    policy: Any,  # noqa: ANN401 - whatever a policy may hold
    found: str,
    *,
    expected: bool,
) -> None:
    """Where the key is there, the two are each other's opposite, also for values that are none."""
    assert holds(NEGATED[operator], policy, (found,)) is not expected


def test_every_operator_is_in_the_tables() -> None:
    """An operator that no table mentions could do anything."""
    assert {*(row[0] for row in MATCHES), *NEGATED.values(), "Null"} == set(OPERATORS)


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - {"Null"}))
def test_what_an_absent_key_means(name: str) -> None:
    """Absent keys decide most mistakes with MFA; the table of condition.py, operator by operator."""
    value = {"Date": "2026-01-01", "Nume": "1"}.get(name[:4], "true")
    negated = OPERATORS[name].negated

    assert holds(name, value, None) is negated
    assert holds(f"{name}IfExists", value, None) is True
    assert holds(f"ForAllValues:{name}", value, None) is True
    assert holds(f"ForAllValues:{name}", value, ()) is True
    assert holds(f"ForAnyValue:{name}", value, None) is False
    assert holds(f"ForAnyValue:{name}", value, ()) is False
    assert holds(f"ForAnyValue:{name}IfExists", value, None) is None
    assert holds(f"ForAnyValue:{name}IfExists", value, ()) is None


@pytest.mark.parametrize(
    ("operator", "found", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAnyValue:StringEquals", ("a", "c"), True),
        ("ForAnyValue:StringEquals", ("c", "d"), False),
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("a", "c"), False),
        ("ForAnyValue:StringNotEquals", ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        ("StringEquals", ("a", "c"), True),
        ("StringNotEquals", ("a", "c"), False),
    ],
)
def test_several_values_in_a_request(operator: str, found: tuple[str, ...], *, expected: bool) -> None:
    """The policy names a and b; the request carries two values."""
    assert holds(operator, ["a", "b"], found) is expected


@pytest.mark.parametrize(
    ("value", "present", "absent"),
    [("true", False, True), ("false", True, False), (True, False, True), (["true", "false"], True, True)],
)
def test_null_asks_whether_the_key_is_there(value: Any, *, present: bool, absent: bool) -> None:  # noqa: ANN401
    """`Null: true` holds for absent keys, whatever the value would be."""
    assert holds("Null", value, ("x",)) is present
    assert holds("Null", value, None) is absent


@pytest.mark.parametrize(
    ("operator", "policy"),
    [("NumericLessThan", "ten"), ("Bool", "yes"), ("IpAddress", "203.0.113.0/33"), ("IpAddress", "here")],
)
def test_a_value_without_meaning_leaves_the_condition_open(operator: str, policy: str) -> None:
    """What AWS does with such a value is not documented; neither yes nor no may be assumed."""
    assert holds(operator, policy, ("1",)) is None
    assert holds(operator, policy, None) is False


WITH_VARIABLES = {name for name in OPERATORS if name.startswith(("String", "Arn"))} | {"Bool"}


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - {"Null"}))
def test_the_operators_whose_values_can_hold_a_variable(name: str) -> None:
    """Texts, ARNs and truth values: `${aws:username}` is nobody's number, date or address.

    Source: IAM User Guide, reference_policies_elements_condition_operators, operator by operator.
    """
    (clause,) = read_condition({name: {KEY: "${aws:username}"}}, variables=True)
    replaced = clause.with_variables({"aws:username": "true"}.get)

    assert OPERATORS[name].variables is (name in WITH_VARIABLES)
    if name in WITH_VARIABLES:
        assert replaced.holds(("true",)) is not OPERATORS[name].negated
        assert replaced.holds(("false",)) is OPERATORS[name].negated
    else:
        assert replaced.values == clause.values


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - {"Null"}))
def test_the_operators_whose_values_can_hold_a_wildcard(name: str) -> None:
    """A star is only a star for all others, also where a variable put it there."""
    assert OPERATORS[name].wildcards is ("Like" in name or name.startswith("Arn"))


def test_an_empty_list_of_values_matches_nothing() -> None:
    """With nothing to match, plain operators fail and negated ones hold."""
    assert holds("StringEquals", [], ("a",)) is False
    assert holds("StringNotEquals", [], ("a",)) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("0", 0.0),
        ("2026", 1767225600.0),
        ("1767225600", 1767225600.0),
        ("2026-01-01t00:00:00z", 1767225600.0),
        ("2026-02-30", None),
        ("٢٠٢٦", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: float | None) -> None:
    """ISO 8601 in its common forms, or seconds since 1970."""
    assert moment(text) == expected


def test_far_dates_are_far() -> None:
    """IAM takes years beyond what Python can hold; they follow on those that it can."""
    far, last, next_day = map(moment, ("292278993-01-01T00:00:00Z", "9999-12-31", "10000-01-01"))

    assert far is not None
    assert far > 10**14
    assert last is not None
    assert next_day is not None
    assert 0 < next_day - last < 2 * 86_400


@pytest.mark.parametrize("text", ["", "ten", "1e5", "nan", "inf", "1" * 50, "٣", "0x10", "--1"])
def test_what_is_no_number(text: str) -> None:
    """Words that Python's float takes and IAM does not."""
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 10 ", 10.0),
        ("+1", 1.0),
        ("-1.5", -1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1" * 40, 1.1111111111111112e39),
    ],
)
def test_what_is_a_number(text: str, expected: float) -> None:
    """Integers and decimals with a sign, of up to forty characters."""
    assert number(text) == expected
    assert number("1" * 41) is None


@pytest.mark.parametrize(
    "text", ["", "/", "1.2.3", "1.2.3.4/", "1.2.3.4/x", "1.2.3.4/33", "::/129", "1.2.3.4/-1", "::1/٣"]
)
def test_what_is_no_address(text: str) -> None:
    """An address that cannot be read must not match everything."""
    assert address_range(text) is None


@pytest.mark.parametrize(
    ("text", "family", "first", "last"),
    [
        ("203.0.113.7", 4, "203.0.113.7", "203.0.113.7"),
        ("203.0.113.7/32", 4, "203.0.113.7", "203.0.113.7"),
        ("203.0.113.7/24", 4, "203.0.113.0", "203.0.113.255"),
        ("10.11.12.13/9", 4, "10.0.0.0", "10.127.255.255"),
        ("1.2.3.4/0", 4, "0.0.0.0", "255.255.255.255"),  # noqa: S104 - no address is bound
        ("2001:db8::1", 6, "2001:db8::1", "2001:db8::1"),
        ("2001:db8::1/128", 6, "2001:db8::1", "2001:db8::1"),
        ("2001:db8:ffff::/33", 6, "2001:db8:8000::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::/0", 6, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_a_range_of_addresses_has_its_two_ends(text: str, family: int, first: str, last: str) -> None:
    """One address too many, and a condition lets in who is just outside."""
    found = address_range(text)

    assert found is not None
    assert found == (family, int(ip_address(first)), int(ip_address(last)))
    for address, inside in ((found[1], True), (found[2], True), (found[1] - 1, False), (found[2] + 1, False)):
        if 0 <= address < 1 << (32 if family == 4 else 128):
            shown = str(ip_address(address) if family == 4 else IPv6Address(address))
            assert holds("IpAddress", text, (shown,)) is inside


@pytest.mark.parametrize("text", ["203.0.113.7", "0.0.0.1", "2001:db8:1:203:4:5005:6:fffe", "::1"])
def test_an_address_is_written_as_it_is_read(text: str) -> None:
    """A witness names an address; another one than was tried would not be let in."""
    found = address_range(text)

    assert found is not None
    assert ip_address(address_text(found[0], found[1])) == ip_address(text)
