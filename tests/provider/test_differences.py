"""Diff: what counts as a change, what does not, and what is ignored on request."""

import json
from typing import Any

import pytest

from sandbox.provider.rows.attached import Attached, Made
from sandbox.provider.rows.documents import equivalent
from sandbox.provider.rows.paths import ignored, steps
from sandbox.provider.rows.values import UNKNOWN, Secret

USER = "aws:identitystore/user:User"
PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
ROLE = "aws:iam/role:Role"
INLINE = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
APPLICATION = "aws:ssoadmin/application:Application"
CUSTOM = "arn:aws:sso::aws:applicationProvider/custom"
EXCLUSIVE = "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
POLICIES = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/PowerUserAccess"]
PERSON = {
    "identityStoreId": "d-0123456789",
    "userName": "ada",
    "displayName": "Ada",
    "name": {"givenName": "Ada", "familyName": "L"},
    "emails": {"value": "a@example.com"},
}


def _made(attached: Attached, token: str, inputs: dict[str, Any], **state: Any) -> Made:  # noqa: ANN401 - outputs
    checked = attached.check(token, "x", inputs)
    return Made(token, "x", "id", {**checked, **state}, checked)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"displayName": "A"}, {"displayName": "UPDATE"}),
        ({"title": "Countess"}, {"title": "ADD"}),
        ({"emails": None}, {"emails": "DELETE"}),
        ({"emails": {"value": "b@example.com"}}, {"emails.value": "UPDATE"}),
        ({"emails": {"value": "a@example.com", "type": "work"}}, {"emails.type": "ADD"}),
        ({"emails": {"value": "a@example.com", "primary": False}}, {}),
        ({"userName": "eva"}, {"userName": "UPDATE_REPLACE"}),
        ({"displayName": UNKNOWN}, {"displayName": "UPDATE"}),
        ({"displayName": Secret("Ada")}, {}),
        ({"displayName": Secret("Eva")}, {"displayName": "UPDATE"}),
    ],
)
def test_a_change_is_shown_where_it_is(
    attached: Attached, change: dict[str, Any], kinds: dict[str, str]
) -> None:
    """The preview is read by people and by packs: a change at the wrong place, or none, misleads both."""
    assert attached.diff(_made(attached, USER, PERSON), {**PERSON, **change}).kinds == kinds


@pytest.mark.parametrize(
    ("ignore", "kinds"),
    [
        (("displayName",), {"emails.value": "UPDATE", "name.givenName": "UPDATE"}),
        (("emails",), {"displayName": "UPDATE", "name.givenName": "UPDATE"}),
        (("emails.value", "name.givenName", "displayName"), {}),
        (("name.*", "emails.*"), {"displayName": "UPDATE"}),
        (("email",), {"displayName": "UPDATE", "emails.value": "UPDATE", "name.givenName": "UPDATE"}),
    ],
)
def test_ignored_changes_are_no_changes(
    attached: Attached, ignore: tuple[str, ...], kinds: dict[str, str]
) -> None:
    """`ignoreChanges` keeps what somebody else sets."""
    new = {
        **PERSON,
        "displayName": "Eva",
        "emails": {"value": "e@example.com"},
        "name": {"givenName": "Eva", "familyName": "L"},
    }
    assert attached.diff(_made(attached, USER, PERSON), new, ignore).kinds == kinds


def test_tags_are_compared_key_by_key(attached: Attached) -> None:
    """Keys with dots and colons are common in tags."""
    inputs = {"instanceArn": INSTANCE, "name": "p", "tags": {"a": "1", "b": "2", "x:y": "3"}}
    made = _made(attached, PERMISSION_SET, inputs, tagsAll=inputs["tags"])
    new = {**inputs, "tags": {"a": "1", "b": "3", "c.d": "4"}}
    assert attached.diff(made, new).kinds == {
        "tags.b": "UPDATE",
        'tags["c.d"]': "ADD",
        'tags["x:y"]': "DELETE",
    }
    assert attached.diff(made, new, ('tags["x:y"]', "tags.b")).kinds == {'tags["c.d"]': "ADD"}


def test_the_order_of_a_set_means_nothing(attached: Attached) -> None:
    """A list that AWS gives back in its own order must not show as drift."""
    inputs = {"instanceArn": INSTANCE, "permissionSetArn": SET, "managedPolicyArns": POLICIES}
    made = _made(attached, EXCLUSIVE, inputs)
    assert attached.diff(made, {**inputs, "managedPolicyArns": POLICIES[::-1]}).kinds == {}
    fewer = attached.diff(made, {**inputs, "managedPolicyArns": POLICIES[:1]})
    assert fewer.kinds == {"managedPolicyArns[1]": "DELETE"}
    assert attached.diff(made, {**inputs, "managedPolicyArns": []}).replaces == []


GET = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]',
         '{"Action":["s3:getobject"],"Effect":"Allow","Resource":["*"]}', True),
        ('"Effect"', '"Sid":"","Effect"', True),
        ('"Allow"', '"Deny"', False),
        ("2012", "2008", False),
        ('"*"', '"arn:aws:s3:::a"', False),
    ],
)  # fmt: skip
def test_documents_that_mean_the_same_are_no_change(
    attached: Attached, old: str, new: str, *, same: bool
) -> None:
    """AWS gives a policy back in its own spelling."""
    inputs = {"instanceArn": INSTANCE, "permissionSetArn": SET, "inlinePolicy": GET}
    other = {**inputs, "inlinePolicy": GET.replace(old, new)}
    assert (attached.diff(_made(attached, INLINE, inputs), other).kinds == {}) is same


def test_the_order_of_statements_and_values_means_nothing() -> None:
    """Both are sets to AWS; the case of a resource is not nothing."""
    allow, deny = {"Effect": "Allow", "Resource": "x"}, {"Effect": "Deny"}
    one = json.dumps({"Statement": [{**allow, "Action": ["a:B", "a:C"]}, {**deny, "Action": "*"}]})
    two = json.dumps({"Statement": [{**deny, "Action": ["*"]}, {**allow, "Action": ["a:C", "a:b"]}]})
    assert equivalent(one, two)
    assert not equivalent(one, two.replace('"x"', '"X"'))
    assert not equivalent("not json", one)
    key = '{"Statement":{"Condition":{"StringLike":{"aws:a":"%s"}},"Effect":"Allow"}}'
    assert not equivalent(key % "1", key % "2")


def test_what_the_provider_decides_is_no_change_when_left_out(attached: Attached) -> None:
    """A role whose policies others attach must not be stripped by a program that says nothing of them."""
    trust = '{"Version":"2012-10-17","Statement":[]}'
    old = {"assumeRolePolicy": trust, "name": "r", "managedPolicyArns": POLICIES}
    new = {"assumeRolePolicy": trust, "name": "r"}
    assert attached.diff(_made(attached, ROLE, old), new).kinds == {}
    assert attached.diff(_made(attached, ROLE, old), {**new, "managedPolicyArns": []}).kinds != {}


@pytest.mark.parametrize(("name", "first"), [("given", True), (None, False)])
def test_what_has_a_given_name_is_deleted_before_it_is_replaced(
    attached: Attached, name: str | None, *, first: bool
) -> None:
    """Two permission sets of one name cannot be; with automatic names the new one comes first."""
    inputs = {"instanceArn": INSTANCE} | ({"name": name} if name else {})
    made = _made(attached, PERMISSION_SET, inputs)
    other = {**inputs, "instanceArn": INSTANCE.replace("0123", "3210")}
    assert attached.diff(made, other).delete_before_replace is first


def test_a_type_on_the_framework_is_made_before_the_old_one_goes(attached: Attached) -> None:
    """An exclusive list or an application that is replaced is there twice for a while, never missing."""
    inputs = {"instanceArn": INSTANCE, "permissionSetArn": SET, "managedPolicyArns": POLICIES}
    other = {**inputs, "permissionSetArn": SET.replace("0123", "3210")}
    planned = attached.diff(_made(attached, EXCLUSIVE, inputs), other)
    assert planned.replaces == ["permissionSetArn"]
    assert not planned.delete_before_replace

    named = {"instanceArn": INSTANCE, "applicationProviderArn": CUSTOM, "name": "Wiki"}
    elsewhere = attached.diff(_made(attached, APPLICATION, named), {**named, "region": "eu-west-1"})
    assert elsewhere.replaces == ["region"]
    assert not elsewhere.delete_before_replace, "also where the program gives the name"


def test_what_aws_has_and_the_program_does_not_say_is_a_difference(attached: Attached) -> None:
    """The bridge compares the state: a text that AWS keeps shows at every run."""
    made = _made(attached, USER, PERSON, title="Countess")
    assert attached.diff(made, PERSON).kinds == {"title": "DELETE"}


def test_paths_are_read_as_the_engine_writes_them() -> None:
    """A path that is misread ignores nothing, or everything."""
    assert steps('tags["a.b"]') == ["tags", "a.b"]
    assert steps("groups[0].name") == ["groups", "0", "name"]
    assert ignored("groups[3].name", ["groups[*].name"])
    assert ignored("tags.a", ["tags"])
    assert not ignored("tags", ["tags.a"])
    assert not ignored("tagsAll", ["tags"])
