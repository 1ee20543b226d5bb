"""The only file that touches the SDK's proxies turns each of their traps into a plain answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy.proxy import unknown_checking_proxy

from identity_guard.stack.observe import ABSENT, SENTINELS, Absent, Known, NotYetKnown, Properties, part_of
from identity_guard.testing.in_process_engine import UNKNOWN


def observed(**raw: Any) -> Properties:  # noqa: ANN401 - a property may hold anything
    """Copy properties from behind the real proxy."""
    return Properties(unknown_checking_proxy(raw))


def test_a_known_value_comes_back_as_it_was() -> None:
    """A rule compares plain values; the SDK's list proxy would call equal lists different."""
    properties = observed(arns=["a", "b"], nested={"deep": {"flag": True}})

    assert properties.get("arns") == Known(["a", "b"])
    assert properties.get("nested", "deep", "flag") == Known(value=True)


def test_a_known_object_can_be_written_as_json() -> None:
    """Documents arrive as objects too; the SDK's own proxy cannot be serialised."""
    found = observed(policy={"Statement": [{"Effect": "Allow"}]}).get("policy")

    assert isinstance(found, Known)
    assert json.loads(json.dumps(found.value)) == {"Statement": [{"Effect": "Allow"}]}


@pytest.mark.parametrize("sentinel", SENTINELS)
def test_every_kind_of_unknown_is_marked(sentinel: str) -> None:
    """A user would lose the whole rule to a notice if one kind were read as a value or raised."""
    assert observed(it=sentinel).get("it") == NotYetKnown("it")


def test_an_unknown_inside_a_longer_text_is_marked() -> None:
    """The SDK hands out `arn:aws:iam::…:role/<sentinel>` as an ordinary text."""
    assert observed(arn=f"arn:aws:iam::aws:policy/{UNKNOWN}").get("arn") == NotYetKnown("arn")


def test_an_unknown_part_makes_the_whole_unknown_and_names_its_place() -> None:
    """The message has to tell which property to make known."""
    properties = observed(policy={"Statement": [{"Resource": "x"}, {"Resource": UNKNOWN}]})

    assert properties.get("policy") == NotYetKnown("policy.Statement[1].Resource")


def test_an_unknown_member_hides_no_other_member() -> None:
    """AdministratorAccess beside an unknown ARN is still AdministratorAccess."""
    members = observed(arns=["admin", UNKNOWN]).members("arns")

    assert members == (Known("admin"), NotYetKnown("arns[1]"))


def test_an_unknown_property_hides_no_other_property() -> None:
    """One unknown value would otherwise end the callback before the next property."""
    properties = observed(first=UNKNOWN, second="known")

    assert properties.get("second") == Known("known")


def test_a_property_that_is_not_set_is_absent() -> None:
    """Absent and unknown lead to different messages."""
    properties = observed(there=None)

    assert properties.get("there") == ABSENT
    assert properties.get("missing") == ABSENT
    assert properties.members("missing") == ()


def test_a_path_through_an_unknown_object_is_unknown() -> None:
    """The content of an object that is not known is not absent."""
    assert observed(boundary=UNKNOWN).get("boundary", "managedPolicyArn") == NotYetKnown("boundary")


def test_a_list_that_is_unknown_as_a_whole_is_one_unknown_member() -> None:
    """An unknown list is not an empty list."""
    assert observed(arns=UNKNOWN).members("arns") == (NotYetKnown("arns"),)


def test_a_single_value_counts_as_a_list_of_one() -> None:
    """Attachments with one ARN and with several are read the same way."""
    assert observed(arn="a").members("arn") == (Known("a"),)


def test_part_of_reads_into_a_known_object_only() -> None:
    """A named inline policy is read part by part."""
    assert part_of(Known({"name": "x"}), "name") == Known("x")
    assert part_of(Known({"name": "x"}), "policy") == ABSENT
    assert part_of(NotYetKnown("p"), "name") == NotYetKnown("p")


def test_a_value_does_not_show_when_it_is_printed() -> None:
    """Secrets arrive in clear and unmarked; a representation in a traceback would print one."""
    assert "hunter2" not in repr(observed(password="hunter2").get("password"))


VALUES = st.recursive(
    st.sampled_from(["plain", UNKNOWN, f"a{UNKNOWN}b", 3, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(raw=st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3))
def test_no_unknown_ever_comes_back_as_a_value(raw: dict[str, Any]) -> None:
    """Wherever the engine puts an unknown, no rule can take it for a text."""
    properties = observed(**raw)
    for name in raw:
        found = properties.get(name)
        if isinstance(found, Known):
            assert UNKNOWN not in repr(found.value)
        for member in properties.members(name):
            assert isinstance(member, NotYetKnown | Absent) or UNKNOWN not in repr(member.value)
