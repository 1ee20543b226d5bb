"""Every operation that the sandbox adds keeps to botocore's model, in its answers and its refusals."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings
from sandbox.aws.identity_center.identitystore import IdentityStore
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.modelled import service_model
from sandbox.aws.shapes import compiled, violations

MANAGEMENT = "123456789012"
CUSTOM = "arn:aws:sso::aws:applicationProvider/custom"
BACKENDS = {"identitystore": IdentityStore, "sso-admin": SsoAdmin}
Seen = dict[tuple[str, str], list[dict[str, Any]]]


def _added(service: str) -> set[str]:
    """Name the operations that the sandbox's own backend of a service answers."""
    names = service_model(service).operation_names
    return {name for name in names if hasattr(BACKENDS[service], xform_name(name))}


def _unknown_members(shape: Shape | None, value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Name the members of an answer that its shape does not have."""
    if isinstance(shape, StructureShape) and isinstance(value, dict) and not shape.metadata.get("document"):
        for name, item in value.items():
            if name in shape.members:
                yield from _unknown_members(shape.members[name], item, f"{path}.{name}")
            else:
                yield f"{path}.{name}"
    elif isinstance(shape, ListShape):
        for item in value:
            yield from _unknown_members(shape.member, item, f"{path}[]")
    elif isinstance(shape, MapShape):
        for item in value.values():
            yield from _unknown_members(shape.value, item, f"{path}{{}}")


@pytest.fixture
def seen(around: Surroundings) -> Iterator[Seen]:
    """Record the raw answers of the two services while a test runs."""
    answers: Seen = {}

    def record(http_response: Any, model: Any, **_rest: object) -> None:  # noqa: ANN401 - botocore's event
        if http_response.status_code == 200:
            key = (model.service_model.service_name, model.name)
            answers.setdefault(key, []).append(json.loads(http_response.content))

    for client in (around.store, around.sso):
        client.meta.events.register("after-call", record)
    yield answers
    # The clients are the run's.
    for client in (around.store, around.sso):
        client.meta.events.unregister("after-call", record)


def _walk_the_directory(around: Surroundings) -> None:
    """Call every operation of the directory that the sandbox has."""
    store, where = around.store, {"IdentityStoreId": around.store_id}
    user = around.user(
        Name={"GivenName": "Ada", "FamilyName": "L", "Formatted": "A", "MiddleName": "K",
              "HonorificPrefix": "Lady", "HonorificSuffix": "II"},
        Emails=[{"Value": f"{around.word}@example.com", "Type": "work", "Primary": True}],
        Addresses=[{"StreetAddress": "1", "Locality": "London", "Region": "x", "PostalCode": "1",
                    "Country": "UK", "Formatted": "f", "Type": "home", "Primary": False}],
        PhoneNumbers=[{"Value": "+44 1", "Type": "work", "Primary": True}],
        NickName="ada", ProfileUrl="https://example.com", UserType="person", Title="Countess",
        PreferredLanguage="en", Locale="en-GB", Timezone="Europe/London", Website="https://example.com",
        Birthdate="1815-12-10", Roles=[{"Value": "r"}], Photos=[{"Value": "p"}],
    )  # fmt: skip
    group = around.group(Description="d")
    title = [{"AttributePath": "title", "AttributeValue": "Lady"}]
    store.update_user(**where, UserId=user, Operations=title)
    store.update_group(
        **where, GroupId=group, Operations=[{"AttributePath": "description", "AttributeValue": "other"}]
    )
    made = store.create_group_membership(**where, GroupId=group, MemberId={"UserId": user})
    store.describe_user(**where, UserId=user)
    store.describe_group(**where, GroupId=group)
    store.describe_group_membership(**where, MembershipId=made["MembershipId"])
    store.list_users(**where)
    store.list_groups(**where)
    store.list_group_memberships(**where, GroupId=group)
    store.list_group_memberships_for_member(**where, MemberId={"UserId": user})
    store.is_member_in_groups(**where, MemberId={"UserId": user}, GroupIds=[group])
    store.get_group_membership_id(**where, GroupId=group, MemberId={"UserId": user})
    for get, path, value in (
        (store.get_user_id, "userName", around.word),
        (store.get_user_id, "emails.value", f"{around.word}@example.com"),
        (store.get_group_id, "displayName", around.word),
    ):
        unique = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}
        get(**where, AlternateIdentifier=unique)
    store.delete_group_membership(**where, MembershipId=made["MembershipId"])
    store.delete_group(**where, GroupId=group)
    store.delete_user(**where, UserId=user)


def _walk_identity_center(around: Surroundings) -> None:
    """Call every operation of Identity Center's administration that the sandbox has."""
    _walk_permission_sets(around)
    _walk_assignments(around)
    _walk_applications(around)
    sso, here = around.sso, {"InstanceArn": around.instance}
    sso.list_instances()
    sso.describe_instance(**here)
    sso.update_instance(**here, Name="organisation")
    attributes = {"AccessControlAttributes": [{"Key": "team", "Value": {"Source": ["${path:title}"]}}]}
    configuration = {"InstanceAccessControlAttributeConfiguration": attributes}
    sso.create_instance_access_control_attribute_configuration(**here, **configuration)
    sso.update_instance_access_control_attribute_configuration(**here, **configuration)
    sso.describe_instance_access_control_attribute_configuration(**here)
    sso.delete_instance_access_control_attribute_configuration(**here)
    around.ready_for("eu-west-1")
    around.add_region("eu-west-1")
    sso.describe_region(**here, RegionName="eu-west-1")
    around.remove_region("eu-west-1")


def _walk_applications(around: Surroundings) -> None:
    sso, here = around.sso, {"InstanceArn": around.instance}
    portal = {"SignInOptions": {"Origin": "IDENTITY_CENTER"}, "Visibility": "DISABLED"}
    given = {"Name": around.word, "Description": "d", "PortalOptions": portal}
    made = sso.create_application(**here, **given, ApplicationProviderArn=CUSTOM, Tags=[])
    where = {"ApplicationArn": made["ApplicationArn"]}
    sso.update_application(**where, Status="DISABLED")
    sso.describe_application(**where)
    sso.list_applications(**here)
    principal = {"PrincipalType": "GROUP", "PrincipalId": around.group(f"{around.word}-3")}
    sso.create_application_assignment(**where, **principal)
    sso.describe_application_assignment(**where, **principal)
    sso.list_application_assignments(**where)
    sso.put_application_assignment_configuration(**where, AssignmentRequired=False)
    sso.get_application_assignment_configuration(**where)
    sso.list_application_assignments_for_principal(**here, **principal)
    sso.delete_application_assignment(**where, **principal)
    sso.delete_application(**where)


def _walk_permission_sets(around: Surroundings) -> None:
    sso, here = around.sso, {"InstanceArn": around.instance}
    where = around.of_set(around.permission_set(Description="d", RelayState="https://example.com"))
    tagged = {**here, "ResourceArn": where["PermissionSetArn"]}
    sso.tag_resource(**tagged, Tags=[{"Key": "team", "Value": "a"}])
    sso.list_tags_for_resource(**tagged)
    sso.untag_resource(**tagged, TagKeys=["team"])
    sso.update_permission_set(**where, Description="other", SessionDuration="PT2H")
    sso.describe_permission_set(**where)
    sso.list_permission_sets(**here)
    sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)
    sso.list_managed_policies_in_permission_set(**where)
    sso.detach_managed_policy_from_permission_set(**where, ManagedPolicyArn=POWER)
    named = {"CustomerManagedPolicyReference": {"Name": "p", "Path": "/q/"}}
    sso.attach_customer_managed_policy_reference_to_permission_set(**where, **named)
    sso.list_customer_managed_policy_references_in_permission_set(**where)
    sso.detach_customer_managed_policy_reference_from_permission_set(**where, **named)
    sso.put_inline_policy_to_permission_set(**where, InlinePolicy=ANY_POLICY)
    sso.get_inline_policy_for_permission_set(**where)
    sso.delete_inline_policy_from_permission_set(**where)
    for boundary in ({"ManagedPolicyArn": POWER}, named):
        sso.put_permissions_boundary_to_permission_set(**where, PermissionsBoundary=boundary)
        sso.get_permissions_boundary_for_permission_set(**where)
    sso.delete_permissions_boundary_from_permission_set(**where)
    sso.delete_permission_set(**where)


def _walk_assignments(around: Surroundings) -> None:
    sso, here = around.sso, {"InstanceArn": around.instance}
    held, group = around.permission_set(f"{around.word}-2"), around.group(f"{around.word}-2")
    where = around.of_set(held)
    around.assign(held, group, MANAGEMENT)
    around.assign(held, group, "000000000000")
    around.provision(held)
    around.provision(held, TargetType="AWS_ACCOUNT", TargetId=MANAGEMENT)
    sso.list_account_assignments(**where, AccountId=MANAGEMENT)
    sso.list_account_assignments_for_principal(**here, PrincipalId=group, PrincipalType="GROUP")
    sso.list_accounts_for_provisioned_permission_set(**where)
    sso.list_permission_sets_provisioned_to_account(**here, AccountId=MANAGEMENT)
    around.unassign(held, group, MANAGEMENT)
    sso.list_account_assignment_creation_status(**here)
    sso.list_account_assignment_deletion_status(**here)
    sso.list_permission_set_provisioning_status(**here)
    sso.delete_permission_set(**where)


def test_every_answer_has_the_shape_of_the_model(around: Surroundings, seen: Seen) -> None:
    """A member that AWS does not send, or one that it always sends, would mislead whoever reads it."""
    _walk_the_directory(around)
    _walk_identity_center(around)
    wrong: dict[str, list[str]] = {}
    for (service, operation), answers in seen.items():
        shape = service_model(service).operation_model(operation).output_shape
        for answer in answers:
            found = [*violations(shape, answer), *_unknown_members(shape, answer)]
            if found:
                wrong[operation] = found
    assert wrong == {}
    assert {name for _, name in seen} == _added("identitystore") | _added("sso-admin")


def test_everything_that_a_user_may_have_is_given_back(around: Surroundings) -> None:
    """An attribute that is taken and forgotten shows as drift for ever."""
    given: dict[str, Any] = {
        "NickName": "ada",
        "ProfileUrl": "https://example.com",
        "Addresses": [{"Country": "UK", "Primary": True}],
        "PhoneNumbers": [{"Value": "+44 1", "Type": "work"}],
        "Emails": [{"Value": f"{around.word}@example.com"}],
        "UserType": "person",
        "Title": "Countess",
        "PreferredLanguage": "en",
        "Locale": "en-GB",
        "Timezone": "Europe/London",
    }
    found = around.store.describe_user(IdentityStoreId=around.store_id, UserId=around.user(**given))
    assert {name: found[name] for name in given} == given


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", ["ada", "Ærø€", "日本", "a@b.c"], ["a b", "", "a\tb"]),
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", ["cost centre", "a-b", ""], ["a*b", "a\nb"]),
        (r"[\w+=,.@-]+", ["a.b", "A_1"], ["é", "a b", "a/b"]),
        (r"\p{L}+(?:\.\p{L}+){0,2}", ["name.familyName", "é"], ["1", "a.b.c.d"]),
        (r"[a-zA-Z0-9&$@#\\\/%?=~\-_'\"|!:,.;*+\[\]\ \(\)\{\}]+", ["https://x/?a=[b]"], ["<x>"]),
    ],
)
def test_the_patterns_of_the_models_mean_what_they_mean_on_aws(
    pattern: str, good: list[str], bad: list[str]
) -> None:
    """The models write Java's patterns, which Python reads otherwise or not at all."""
    assert all(compiled(pattern).fullmatch(text) for text in good)
    assert not any(compiled(pattern).fullmatch(text) for text in bad)


def _broken(shape: StructureShape | None) -> Iterator[tuple[str, Any]]:
    """For each member of a request with a rule, give values that break it."""
    for name, member in (shape.members if shape else {}).items():
        rules = member.metadata
        if member.type_name == "string" and rules.get("max", 10**9) < 3000:
            yield name, "a" * (rules["max"] + 1)
        if (
            member.type_name == "string"
            and rules.get("pattern")
            and not compiled(rules["pattern"]).fullmatch("\x07")
        ):
            yield name, "\x07"
        if member.type_name == "string" and getattr(member, "enum", None):
            yield name, "NO_SUCH_WORD"
        if member.type_name == "integer" and "max" in rules:
            yield name, rules["max"] + 1
        if member.type_name == "structure" and not rules.get("document"):
            yield name, "not an object"


@pytest.mark.parametrize("service", sorted(BACKENDS))
def test_each_operation_refuses_what_breaks_its_model(endpoint: str, service: str) -> None:
    """AWS checks patterns, lengths and words that no client checks before it sends."""
    for operation in sorted(_added(service)):
        for name, value in _broken(service_model(service).operation_model(operation).input_shape):
            answer = _sent(endpoint, service, operation, {name: value})
            assert answer["__type"] == "ValidationException", operation
            small = name[0].lower() + name[1:]
            assert f"'{small}" in answer["Message"], (operation, answer["Message"])


def _sent(endpoint: str, service: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Send a request as no client would: botocore refuses a part of these itself."""
    metadata = service_model(service).metadata
    scope = f"sandbox/20200101/us-east-1/{metadata['signingName']}/aws4_request"
    headers = {
        "X-Amz-Target": f"{metadata['targetPrefix']}.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=30)
    connection.request("POST", "/", body=json.dumps(asked), headers=headers)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_an_operation_that_the_sandbox_lacks_is_named(endpoint: str) -> None:
    """An answer of nonsense for an unknown operation would be taken for AWS's."""
    answer = _sent(endpoint, "sso-admin", "ListApplicationProviders", {})
    assert answer["__type"] == "UnknownOperationException"
    assert "ListApplicationProviders" in answer["Message"]
