"""Check: what the real provider would reject is rejected here, with every mistake of one resource at once."""

from typing import Any

import pytest

from sandbox.provider.rows.attached import Attached, RejectedError
from sandbox.provider.rows.values import UNKNOWN, Secret

PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
ASSIGNMENT = "aws:ssoadmin/accountAssignment:AccountAssignment"
INLINE = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
USER = "aws:identitystore/user:User"
GROUP = "aws:identitystore/group:Group"
ROLE = "aws:iam/role:Role"
APPLICATION = "aws:ssoadmin/application:Application"
POLICY = "aws:organizations/policy:Policy"
ENTITLEMENT = "aws:accountaccess/entitlement:Entitlement"
PRINCIPAL = "entitlement.principalRole.principal.identityCenter"
ORGANIZATION = "aws:organizations/organization:Organization"
FEATURES = "aws:iam/organizationsFeatures:OrganizationsFeatures"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
ASSIGNED = {
    "instanceArn": INSTANCE,
    "permissionSetArn": SET,
    "principalId": "12345678-1234-1234-1234-123456789012",
    "principalType": "GROUP",
    "targetId": "123456789012",
    "targetType": "AWS_ACCOUNT",
}
OF_SET = {"instanceArn": INSTANCE, "permissionSetArn": SET}
APP = {"instanceArn": INSTANCE, "applicationProviderArn": "arn:aws:sso::aws:applicationProvider/custom"}
PERSON = {"identityStoreId": "d", "displayName": "a", "userName": "u"}
TRUST = '{"Version":"2012-10-17","Statement":[]}'


def entitled(**principal: str) -> dict[str, Any]:
    """Return an entitlement of somebody, as it is nested upstream."""
    role = {"roleArn": "arn:aws:iam::123456789012:role/a", "principal": {"identityCenter": principal}}
    return {"principalRole": role}


@pytest.mark.parametrize(
    ("token", "inputs", "property_", "reason"),
    [
        (PERMISSION_SET, {"name": "p"}, "instanceArn", "is required"),
        (PERMISSION_SET, {"instanceArn": "ssoins-1", "name": "p"}, "instanceArn", "expected an ARN"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "name": "p" * 33}, "name", "1 to 32 characters"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "description": "d" * 701}, "description", "1 to 700"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "relayState": "r" * 241}, "relayState", "1 to 240"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "sesionDuration": "x"}, "sesionDuration", "sessionDur"),
        (USER, {**PERSON, "title": ""}, "title", "1 to 1024"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "tags": "a=b"}, "tags", "type map"),
        (ASSIGNMENT, {**ASSIGNED, "targetId": "12345"}, "targetId", "12 digits"),
        (ASSIGNMENT, {**ASSIGNED, "principalType": "ROLE"}, "principalType", "USER, GROUP"),
        (ASSIGNMENT, {**ASSIGNED, "principalId": "ada"}, "principalId", "id of a user or group"),
        (ASSIGNMENT, {**ASSIGNED, "targetType": "OU"}, "targetType", "AWS_ACCOUNT"),
        (USER, {**PERSON, "userName": "u" * 129}, "userName", "1 to 128"),
        (USER, {**PERSON, "name": {"givenName": "a"}}, "name.familyName", "is required"),
        (INLINE, {**OF_SET, "inlinePolicy": " {}"}, "inlinePolicy", "start"),
        (INLINE, {**OF_SET, "inlinePolicy": '{"a":1,"a":2}'}, "inlinePolicy", "duplicate JSON key 'a'"),
        (ROLE, {"assumeRolePolicy": "none"}, "assumeRolePolicy", "no JSON"),
        (ROLE, {"assumeRolePolicy": TRUST, "maxSessionDuration": 60}, "maxSessionDuration", "3600 to 43200"),
        (ROLE, {"assumeRolePolicy": TRUST, "name": "a", "namePrefix": "b"}, "name", "not be given together"),
        ("aws:iam/accessKey:AccessKey", {"user": "u", "pgpKey": "keybase:ada"}, "pgpKey", "encrypts nothing"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "description": "é" * 351}, "description", "it has 702"),
        (USER, {**PERSON, "userName": "ж" * 65}, "userName", "1 to 128 characters, it has 130"),
        (GROUP, {"identityStoreId": "d", "displayName": "ж" * 513}, "displayName", "it has 1026"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "name": "é"}, "name", "letters, digits or _+=,.@-"),
        (PERMISSION_SET, {"instanceArn": INSTANCE, "relayState": "é"}, "relayState", "of an address"),
        (ASSIGNMENT, {**ASSIGNED, "targetId": "\u0661" * 12}, "targetId", "12 digits"),
        (ROLE, {"assumeRolePolicy": TRUST, "name": "Prüfer"}, "name", "letters, digits and any of"),
        (ROLE, {"assumeRolePolicy": TRUST, "description": "“all”"}, "description", "curly quotes"),
        (APPLICATION, {**APP, "portalOptions": {"visibility": "DISABLED"}}, "portalOptions.visibility",
         "signInOptions must be given with it"),
        (ENTITLEMENT, {"entitlement": entitled()}, PRINCIPAL, "exactly one of groupId and userId, got 0"),
        (ENTITLEMENT, {"entitlement": entitled(userId="u", groupId="g")}, PRINCIPAL, "userId, got 2"),
        (ENTITLEMENT, {"entitlement": {}}, "entitlement", "exactly one of principalRole, got 0"),
        (POLICY, {"content": TRUST, "type": "SERVICE_CONTROL"}, "type", "SERVICE_CONTROL_POLICY, RESOURCE"),
        (ORGANIZATION, {"enabledPolicyTypes": ["SERVICE"]}, "enabledPolicyTypes[0]", "SERVICE_CONTROL"),
        (FEATURES, {"enabledFeatures": ["RootSession"]}, "enabledFeatures[0]", "RootSessions"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    attached: Attached, token: str, inputs: dict[str, Any], property_: str, reason: str
) -> None:
    """An input that only AWS refuses would be found in the middle of an update."""
    with pytest.raises(RejectedError) as rejected:
        attached.check(token, "x", inputs)
    assert reason in rejected.value.failures[property_]


def test_all_mistakes_come_at_once(attached: Attached) -> None:
    """One run must be enough to see everything that is wrong with a resource."""
    with pytest.raises(RejectedError) as rejected:
        attached.check(ASSIGNMENT, "x", {"targetId": "1", "principalType": "ROLE", "account": "1"})
    assert set(rejected.value.failures) == {"account", *ASSIGNED}


def test_what_is_not_known_yet_is_not_judged(attached: Attached) -> None:
    """A preview of a fresh stack has unknown ARNs everywhere."""
    checked = attached.check(PERMISSION_SET, "x", {"instanceArn": UNKNOWN, "name": Secret(UNKNOWN)})
    assert checked["instanceArn"] is UNKNOWN
    assert checked["name"] == Secret(UNKNOWN)


def test_a_secret_that_does_not_fit_is_not_quoted(attached: Attached) -> None:
    """A message of a failed check ends in logs."""
    inputs = {**OF_SET, "inlinePolicy": Secret('x{"topsecret": 1}')}
    with pytest.raises(RejectedError) as rejected:
        attached.check(INLINE, "x", inputs)
    assert "topsecret" not in str(rejected.value)
    assert "inlinePolicy" in rejected.value.failures


def test_defaults_are_filled_in_and_named(attached: Attached) -> None:
    """The real provider writes the names of what it filled in; packs and states have to bear them."""
    checked = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE})
    assert checked["sessionDuration"] == "PT1H"
    assert checked["__defaults"] == ["name", "sessionDuration"]
    user = attached.check(USER, "ada", {**PERSON, "emails": {"value": "a"}})
    assert user["emails"] == {"value": "a", "primary": False, "__defaults": ["primary"]}


def test_an_automatic_name_is_the_logical_one_and_seven_digits(attached: Attached) -> None:
    """Two resources of one type must not collide, and a preview and its update must agree."""
    first = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, randomSeed=b"1")
    again = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, randomSeed=b"1")
    other = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, randomSeed=b"2")
    assert first["name"] == again["name"] != other["name"]
    assert len(first["name"]) == len("power-1234567")


def test_an_automatic_name_stays_with_the_resource(attached: Attached) -> None:
    """A name drawn anew at each run would replace the resource each time."""
    old = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, randomSeed=b"1")
    new = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, randomSeed=b"2", olds=old)
    assert new["name"] == old["name"]


def test_a_name_that_the_program_gave_up_is_drawn_anew(attached: Attached) -> None:
    """Only an automatic name is kept: a given one that was removed means that another is wanted."""
    old = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE, "name": "given"})
    new = attached.check(PERMISSION_SET, "power", {"instanceArn": INSTANCE}, olds=old)
    assert new["name"].startswith("power-")


def test_an_automatic_name_that_is_too_long_is_refused(attached: Attached) -> None:
    """Permission set names end at 32 characters, logical names do not."""
    with pytest.raises(RejectedError, match="set name"):
        attached.check(PERMISSION_SET, "a-very-long-logical-name-of-a-set", {"instanceArn": INSTANCE})


@pytest.mark.parametrize(("mode", "expected"), [(0, "proposed"), (1, "proposed"), (2, None)])
def test_the_engines_naming_settings_are_followed(
    attached: Attached, mode: int, expected: str | None
) -> None:
    """`pulumi:autonaming` may propose, enforce or forbid automatic names."""
    naming = {"proposed_name": "proposed", "mode": mode}
    if expected is None:
        with pytest.raises(RejectedError, match="disabled"):
            attached.check(PERMISSION_SET, "p", {"instanceArn": INSTANCE}, autonaming=naming)
    else:
        checked = attached.check(PERMISSION_SET, "p", {"instanceArn": INSTANCE}, autonaming=naming)
        assert checked["name"] == expected


def test_a_policy_may_be_an_object(attached: Attached) -> None:
    """The SDK takes a dictionary for a role's trust policy; the provider writes the text."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": UNKNOWN}}
    checked = attached.check(ROLE, "r", {"assumeRolePolicy": {"Version": "2012-10-17", "Statement": []}})
    assert checked["assumeRolePolicy"] == '{"Statement": [], "Version": "2012-10-17"}'
    unknown = attached.check(ROLE, "r", {"assumeRolePolicy": {"Statement": [statement]}})
    assert unknown["assumeRolePolicy"] is UNKNOWN


def test_an_unknown_type_is_named_with_its_neighbours(attached: Attached) -> None:
    """A program that uses more of AWS must learn what is missing, not that something is."""
    with pytest.raises(Exception, match=r"ssoadmin/permisionSet:PermisionSet.*did you mean .*PermissionSet"):
        attached.check("aws:ssoadmin/permisionSet:PermisionSet", "x", {})
    with pytest.raises(Exception, match=r"no resource type aws:s3/bucket:Bucket"):
        attached.check("aws:s3/bucket:Bucket", "x", {})


def test_region_and_all_tags_are_inputs(port: int) -> None:
    """As in pulumi-aws 7: another `aws:region` is a difference of every resource."""
    connection = Attached(port, region="eu-west-1", defaultTags={"tags": {"owner": "it"}})
    inputs = {"instanceArn": INSTANCE, "name": "p", "tags": {"team": "a"}}
    checked = connection.check("aws:ssoadmin/permissionSet:PermissionSet", "p", inputs)
    assert (checked["region"], checked["tags"]) == ("eu-west-1", {"team": "a"})
    assert checked["tagsAll"] == {"owner": "it", "team": "a"}
    connection.close()
