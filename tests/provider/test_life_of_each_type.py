"""Every resource type of the table from cradle to grave, over gRPC: an example of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.provider.rows.attached import Attached, Made
from sandbox.provider.rows.values import UNKNOWN, Secret, has_unknown, plain
from sandbox.provider.table import RESOURCES

POWER = "arn:aws:iam::aws:policy/PowerUserAccess"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
OTHER_SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
IN_A_PATH = {"name": "r", "path": "/q/"}
BOTH = [{"name": "p"}, IN_A_PATH]
MANAGEMENT = "123456789012"
LIST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'
GET = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}'
)
DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:List*","Resource":"*"}]}'
DENY_MORE = DENY.replace("s3:List*", "s3:*")
CUSTOM = "arn:aws:sso::aws:applicationProvider/custom"
NOBODY = "12345678-1234-1234-1234-123456789012"
REGION = "us-east-1"
OTHER_INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
ACCESS = "aws:accountaccess/application:Application"
OTHER_ACCESS = "arn:aws:account-access:us-east-1:123456789012:application/aam-0123456789abcdef"
ATTRIBUTES = "aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes"
ORGANIZATION = "aws:organizations/organization:Organization"
ALONE = "987654321098"
"""An account of no organisation."""
TRUST_EC2 = TRUST.replace('{"AWS":"arn:aws:iam::123456789012:root"}', '{"Service":"ec2.amazonaws.com"}')


class World:
    """What an example needs around it, made through the provider too."""

    def __init__(self, attached: Attached, instance: dict[str, str], word: str, endpoint: str) -> None:
        self.endpoint = endpoint
        self.attached = attached
        self.instance = instance["arn"]
        self.store = instance["store"]
        self.word = word

    def make(self, kind: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - inputs of a resource
        """Make one of the types by its short name."""
        (token,) = [token for token in RESOURCES if token.endswith(kind)]
        state: dict[str, Any] = plain(self.attached.create(token, f"{self.word}-part", inputs).state)
        return state

    def user(self) -> str:
        """Make a user of the directory; return the id."""
        name = {"givenName": "Ada", "familyName": "Lovelace"}
        made = self.make(
            "identitystore/user:User",
            identityStoreId=self.store,
            userName=self.word,
            displayName="A",
            name=name,
        )
        return str(made["userId"])

    def group(self) -> str:
        """Make a group of the directory; return the id."""
        made = self.make("identitystore/group:Group", identityStoreId=self.store, displayName=self.word)
        return str(made["groupId"])

    def permission_set(self) -> str:
        """Make a permission set; return the ARN."""
        return str(self.make(":PermissionSet", instanceArn=self.instance, name=self.word)["arn"])

    def of_set(self, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - inputs of a resource
        """Return inputs of something attached to a new permission set."""
        return {"instanceArn": self.instance, "permissionSetArn": self.permission_set(), **inputs}

    def iam_user(self) -> str:
        """Make a user of IAM; return the name."""
        return str(self.make("iam/user:User", name=self.word)["name"])

    def iam_group(self, suffix: str = "") -> str:
        """Make a group of IAM; return the name."""
        return str(self.make("iam/group:Group", name=f"{self.word}{suffix}")["name"])

    def policy(self) -> str:
        """Make a policy of IAM; return the ARN."""
        return str(self.make("iam/policy:Policy", name=self.word, policy=LIST)["arn"])

    def with_inline(self, kind: str) -> str:
        """Make a role, user or group of IAM with inline policies p, q and r; return its name."""
        makers = {"Role": self.role, "User": self.iam_user, "Group": self.iam_group}
        holder = makers[kind]()
        for name in ("p", "q", "r"):
            self.make(f":{kind}Policy", **{kind.lower(): holder, "name": name, "policy": LIST})
        return holder

    def role(self) -> str:
        """Make a role; return the name."""
        return str(self.make(":Role", name=self.word, assumeRolePolicy=TRUST)["name"])

    def application(self) -> str:
        """Make an application of Identity Center; return the ARN."""
        made = self.make(
            "ssoadmin/application:Application",
            instanceArn=self.instance,
            name=self.word,
            applicationProviderArn=CUSTOM,
        )
        return str(made["arn"])

    def identity_source(self) -> dict[str, Any]:
        """Return the inputs of the one application of the account access manager, with none there."""
        client = loopback_client("account-access", self.endpoint, "us-east-1")
        for left in client.list_applications()["applications"]:
            self.without(ACCESS, left["applicationArn"])
        return {"identitySource": {"identityCenter": {"instanceArn": self.instance}}}

    def without(self, token: str, identifier: str) -> None:
        """Delete what there is only one of, which an example before this one may have left."""
        left = self.attached.adopt(token, "left", identifier)
        if left is not None:
            self.attached.delete(left)

    def organization_policy(self) -> str:
        """Make a policy of the organisation; return the id."""
        made = self.make("organizations/policy:Policy", name=self.word, content=DENY)
        return str(made["arn"]).rsplit("/", maxsplit=1)[-1]


@dataclass(frozen=True)
class Example:
    """One resource: its inputs, and changes with the properties that must differ and whether they replace."""

    inputs: Callable[[World], dict[str, Any]]
    updates: dict[str, Any] = field(default_factory=dict)
    """New values of inputs that change in place, all at once."""
    replaces: dict[str, Any] = field(default_factory=dict)
    """New values of inputs each of which replaces."""
    unreadable: tuple[str, ...] = ()
    """Inputs that AWS does not tell: an import cannot know them."""
    stays: bool = False
    """Deleting it leaves everything as it is (the exclusive types)."""
    importable: bool = True
    account: str = ""
    """The account that it is made in, where that is not the one that all others share."""


def _iam_user(world: World) -> dict[str, Any]:
    return {"name": world.word, "path": "/people/", "tags": {"team": "a"}, "forceDestroy": True}


def _organization(world: World) -> dict[str, Any]:
    try:
        left = world.attached.invoke("aws:organizations/getOrganization:getOrganization")
    except grpc.RpcError:
        pass
    else:
        world.without(ORGANIZATION, str(left["id"]))
    return {
        "awsServiceAccessPrincipals": ["iam.amazonaws.com", "sso.amazonaws.com"],
        "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
    }


def _attributes(world: World) -> dict[str, Any]:
    world.without(ATTRIBUTES, world.instance)
    return {"instanceArn": world.instance, "attributes": [_attribute("team", "title")]}


def _attribute(key: str, path: str) -> dict[str, Any]:
    return {"key": key, "values": [{"sources": [f"${{path:{path}}}"]}]}


def _entitlement(world: World) -> dict[str, Any]:
    application = world.make("accountaccess/application:Application", **world.identity_source())["arn"]
    role = {
        "principal": {"identityCenter": {"groupId": world.group()}},
        "roleArn": f"arn:aws:iam::{MANAGEMENT}:role/{world.role()}",
    }
    return {"applicationArn": application, "entitlement": {"principalRole": role}}


def _features(world: World) -> dict[str, Any]:
    """Return inputs for the organisation's features, with none of them on: create disables none."""
    iam = loopback_client("iam", world.endpoint, REGION)
    iam.disable_organizations_root_credentials_management()
    iam.disable_organizations_root_sessions()
    return {"enabledFeatures": ["RootCredentialsManagement"]}


_ALL = "CustomerManagedPolicyAttachmentsExclusive"
EXAMPLES: dict[str, Example] = {
    "aws:identitystore/user:User": Example(
        lambda world: {
            "identityStoreId": world.store,
            "userName": world.word,
            "displayName": "Ada Lovelace",
            "name": {"givenName": "Ada", "familyName": "Lovelace", "middleName": "King"},
            "emails": {"value": f"{world.word}@example.com", "type": "work", "primary": True},
            "phoneNumbers": {"value": "+44 1", "type": "work"},
            "addresses": {"country": "UK", "streetAddress": "St James's Square 12"},
            "locale": "en-GB", "nickname": "ada", "preferredLanguage": "en", "timezone": "Europe/London",
            "title": "Countess", "userType": "Person", "profileUrl": "https://example.com/ada",
        },
        updates={
            "displayName": "Ada K. Lovelace",
            "name": {"givenName": "Augusta", "familyName": "Lovelace"},
            "emails": {"value": "countess@example.com", "type": "work", "primary": True},
            "title": None, "locale": "en-US", "nickname": "countess", "phoneNumbers": None,
        },
        replaces={"userName": "somebody", "identityStoreId": "d-0123456789"},
    ),
    "aws:identitystore/group:Group": Example(
        lambda world: {"identityStoreId": world.store, "displayName": world.word, "description": "d"},
        updates={"displayName": "renamed group", "description": "other"},
        replaces={"identityStoreId": "d-0123456789"},
    ),
    "aws:identitystore/groupMembership:GroupMembership": Example(
        lambda world: {"identityStoreId": world.store, "groupId": world.group(), "memberId": world.user()},
        replaces={"groupId": "12345678-1234-1234-1234-123456789012"},
    ),
    "aws:ssoadmin/permissionSet:PermissionSet": Example(
        lambda world: {
            "instanceArn": world.instance, "name": world.word, "description": "d",
            "sessionDuration": "PT2H", "relayState": "https://example.com", "tags": {"team": "a", "old": "x"},
        },
        updates={
            "description": "other", "sessionDuration": "PT8H", "relayState": None,
            "tags": {"team": "b", "new": "y"},
        },
        replaces={"name": "another-name", "instanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"},
    ),
    "aws:ssoadmin/accountAssignment:AccountAssignment": Example(
        lambda world: world.of_set(
            principalId=world.group(), principalType="GROUP", targetId=MANAGEMENT, targetType="AWS_ACCOUNT"
        ),
        replaces={"principalType": "USER", "targetId": "111111111111"},
    ),
    ACCESS: Example(
        lambda world: {**world.identity_source(), "tags": {"team": "a"}}, updates={"tags": {"team": "b"}}
    ),
    "aws:accountaccess/entitlement:Entitlement": Example(
        _entitlement,
        replaces={
            "applicationArn": OTHER_ACCESS
        },
    ),
    "aws:ssoadmin/application:Application": Example(
        lambda world: {
            "instanceArn": world.instance, "applicationProviderArn": CUSTOM, "name": world.word,
            "description": "d", "tags": {"team": "a"},
            "portalOptions": {"signInOptions": {"origin": "IDENTITY_CENTER"}},
        },
        updates={
            "name": "renamed", "description": "other", "status": "DISABLED", "tags": {"team": "b"},
            "portalOptions": {
                "signInOptions": {"origin": "APPLICATION", "applicationUrl": "https://example.com"}
            },
        },
    ),
    "aws:ssoadmin/applicationAssignment:ApplicationAssignment": Example(
        lambda world: {
            "applicationArn": world.application(), "principalId": world.group(), "principalType": "GROUP"
        },
        replaces={"principalType": "USER", "principalId": NOBODY},
    ),
    ATTRIBUTES: Example(
        _attributes,
        updates={"attributes": [_attribute("team", "title"), _attribute("cost", "userType")]},
        replaces={"instanceArn": OTHER_INSTANCE},
    ),
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": Example(
        lambda world: world.of_set(managedPolicyArn=POWER), replaces={"managedPolicyArn": READ}
    ),
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": Example(
        lambda world: world.of_set(managedPolicyArns=[POWER, READ]),
        updates={"managedPolicyArns": [READ]},
        replaces={"permissionSetArn": OTHER_SET},
        stays=True,
    ),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": Example(
        lambda world: world.of_set(inlinePolicy=LIST),
        updates={"inlinePolicy": GET},
        replaces={"permissionSetArn": OTHER_SET},
    ),
    "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment": Example(
        lambda world: world.of_set(customerManagedPolicyReference={"name": "p", "path": "/q/"}),
        replaces={"permissionSetArn": OTHER_SET},
    ),
    f"aws:ssoadmin/{_ALL[:1].lower()}{_ALL[1:]}:{_ALL}": Example(
        lambda world: world.of_set(customerManagedPolicyReferences=BOTH),
        updates={"customerManagedPolicyReferences": [IN_A_PATH]},
        replaces={"permissionSetArn": OTHER_SET},
        stays=True,
    ),
    "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment": Example(
        lambda world: world.of_set(permissionsBoundary={"managedPolicyArn": POWER}),
        replaces={"permissionSetArn": OTHER_SET},
    ),
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": Example(
        lambda world: {"roleName": world.with_inline("Role"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"roleName": "another"}, stays=True,
    ),
    "aws:iam/userPoliciesExclusive:UserPoliciesExclusive": Example(
        lambda world: {"userName": world.with_inline("User"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"userName": "another"}, stays=True,
    ),
    "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive": Example(
        lambda world: {"groupName": world.with_inline("Group"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"groupName": "another"}, stays=True,
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": Example(
        lambda world: {"roleName": world.role(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"roleName": "another"}, stays=True,
    ),
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": Example(
        lambda world: {"userName": world.iam_user(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"userName": "another"}, stays=True,
    ),
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": Example(
        lambda world: {"groupName": world.iam_group(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"groupName": "another"}, stays=True,
    ),
    "aws:iam/policyAttachment:PolicyAttachment": Example(
        lambda world: {
            "name": world.word, "policyArn": world.policy(), "roles": [world.role()],
            "users": [world.iam_user()], "groups": [world.iam_group()],
        },
        updates={"users": None, "roles": []}, replaces={"policyArn": READ, "name": "another"},
        importable=False,
    ),
    "aws:iam/groupMembership:GroupMembership": Example(
        lambda world: {"name": world.word, "group": world.iam_group(), "users": [world.iam_user()]},
        updates={"users": []}, replaces={"group": "another", "name": "another"}, importable=False,
    ),
    "aws:iam/policy:Policy": Example(
        lambda world: {
            "name": world.word, "path": "/p/", "description": "d", "policy": LIST, "tags": {"a": "1"}
        },
        updates={"policy": GET, "tags": {"b": "2"}},
        replaces={"name": "another-policy", "path": "/q/", "description": "other"},
    ),
    "aws:iam/role:Role": Example(
        lambda world: {
            "name": world.word, "path": "/r/", "assumeRolePolicy": TRUST, "description": "d",
            "maxSessionDuration": 7200, "permissionsBoundary": POWER, "managedPolicyArns": [READ],
            "inlinePolicies": [{"name": "one", "policy": LIST}], "forceDetachPolicies": True,
            "tags": {"a": "1"},
        },
        updates={
            "assumeRolePolicy": TRUST_EC2, "description": "other", "maxSessionDuration": 3600,
            "permissionsBoundary": None, "managedPolicyArns": [POWER],
            "inlinePolicies": [{"name": "two", "policy": GET}], "tags": None,
        },
        replaces={"name": "another-role", "path": "/s/"},
        unreadable=("forceDetachPolicies",),
    ),
    "aws:iam/instanceProfile:InstanceProfile": Example(
        lambda world: {"name": world.word, "path": "/p/", "role": world.role(), "tags": {"a": "1"}},
        updates={"role": None, "tags": {"b": "2"}}, replaces={"name": "another-profile", "path": "/q/"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Example(
        lambda world: {"role": world.role(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "role": "another"},
    ),
    "aws:iam/userPolicy:UserPolicy": Example(
        lambda world: {"user": world.iam_user(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "user": "another"},
    ),
    "aws:iam/groupPolicy:GroupPolicy": Example(
        lambda world: {"group": world.iam_group(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "group": "another"},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Example(
        lambda world: {"role": world.role(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": Example(
        lambda world: {"user": world.iam_user(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": Example(
        lambda world: {"group": world.iam_group(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/user:User": Example(
        _iam_user,
        updates={"path": "/staff/", "permissionsBoundary": POWER, "tags": {"team": "b"}},
        unreadable=("forceDestroy",),
    ),
    "aws:iam/group:Group": Example(
        lambda world: {"name": world.word, "path": "/people/"}, updates={"path": "/staff/"}
    ),
    "aws:iam/userGroupMembership:UserGroupMembership": Example(
        lambda world: {"user": world.iam_user(), "groups": [world.iam_group("-b"), world.iam_group("-a")]},
        updates={"groups": []},
        replaces={"user": "another"},
    ),
    "aws:iam/userLoginProfile:UserLoginProfile": Example(
        lambda world: {"user": world.iam_user(), "passwordLength": 24, "passwordResetRequired": True},
        replaces={"passwordLength": 30, "passwordResetRequired": False},
        unreadable=("passwordLength",),
    ),
    "aws:iam/accessKey:AccessKey": Example(
        lambda world: {"user": world.iam_user(), "status": "Inactive"},
        updates={"status": "Active"}, replaces={"user": "another"},
    ),
    ORGANIZATION: Example(
        _organization,
        updates={
            "awsServiceAccessPrincipals": ["account.amazonaws.com", "sso.amazonaws.com"],
            "enabledPolicyTypes": ["RESOURCE_CONTROL_POLICY"],
        },
        replaces={"featureSet": "CONSOLIDATED_BILLING"},
        account=ALONE,
    ),
    "aws:organizations/policy:Policy": Example(
        lambda world: {"name": world.word, "content": DENY, "description": "d", "tags": {"team": "a"}},
        updates={"content": DENY_MORE, "description": "e", "tags": {"team": "b"}},
        replaces={"type": "TAG_POLICY"},
    ),
    "aws:organizations/policyAttachment:PolicyAttachment": Example(
        lambda world: {
            "targetId": "444444444444",
            "policyId": world.organization_policy(),
        },
        replaces={"targetId": "555555555555", "policyId": "p-0123456789"},
    ),
    "aws:iam/organizationsFeatures:OrganizationsFeatures": Example(
        _features,
        updates={"enabledFeatures": ["RootCredentialsManagement", "RootSessions"]},
    ),
}  # fmt: skip

TOKENS = sorted(RESOURCES)


@pytest.fixture
def attached(port: int, request: pytest.FixtureRequest) -> Iterator[Attached]:
    """Give an engine's connection, to the account of the example."""
    token = request.getfixturevalue("token") if "token" in request.fixturenames else None
    account = EXAMPLES[token].account if token else ""
    role = {"roleArn": f"arn:aws:iam::{account}:role/administrator", "sessionName": "test"}
    connection = Attached(port, region=REGION, **({"assumeRoles": [role]} if account else {}))
    yield connection
    connection.close()


@pytest.fixture
def world(attached: Attached, instance: dict[str, str], unique: str, endpoint: str) -> World:
    """Give the surroundings of one example."""
    return World(attached, instance, unique, endpoint)


@pytest.fixture
def made(attached: Attached, world: World, token: str) -> Made:
    """Make the example of a type."""
    return attached.create(token, world.word, EXAMPLES[token].inputs(world))


def test_each_type_has_an_example() -> None:
    """A type without an example would be in the table and nowhere tested."""
    assert sorted(EXAMPLES) == TOKENS


@pytest.mark.parametrize("token", TOKENS)
def test_a_preview_tells_what_is_known_and_marks_the_rest(
    attached: Attached, world: World, token: str
) -> None:
    """A preview that invents an id, or says nothing of an output, misleads the policies that read it."""
    inputs = EXAMPLES[token].inputs(world)
    previewed = attached.preview(token, world.word, inputs)
    made = attached.create(token, world.word, inputs)
    for name, value in previewed.items():
        if not has_unknown(value):
            assert plain(value) == plain(made.state.get(name)), name
    assert set(made.state) <= set(previewed)


@pytest.mark.parametrize("token", TOKENS)
def test_a_preview_takes_inputs_that_are_not_known_yet(attached: Attached, world: World, token: str) -> None:
    """On a fresh stack most ARNs and ids are unknown: a preview that stops there is no preview."""
    inputs = dict.fromkeys(EXAMPLES[token].inputs(world), UNKNOWN)
    previewed = attached.preview(token, world.word, inputs)
    assert all(has_unknown(previewed[name]) for name in inputs)


@pytest.mark.parametrize("token", TOKENS)
def test_what_was_made_is_unchanged_when_checked_again(attached: Attached, made: Made) -> None:
    """The second `pulumi up` must do nothing."""
    given = {name: value for name, value in made.inputs.items() if name != "__defaults"}
    assert attached.diff(made, given).kinds == {}


@pytest.mark.parametrize("token", TOKENS)
def test_a_refresh_shows_no_change_where_nothing_changed(attached: Attached, made: Made) -> None:
    """`pulumi refresh --expect-no-changes` is how drift is looked for."""
    seen = attached.refresh(made)
    assert seen is not None
    assert plain(seen.state) == plain(made.state)
    assert attached.diff(seen, _given(made)).kinds == {}


@pytest.mark.parametrize("token", [token for token in TOKENS if EXAMPLES[token].importable])
def test_an_import_by_its_id_shows_no_change(attached: Attached, made: Made, token: str) -> None:
    """Adopting what exists must not plan to change or replace it."""
    # Where Pulumi's id is no id ("missing ID"), the import still takes what the docs name.
    row = RESOURCES[token]
    identifier = made.id if row.has_id else row.id.written(plain(made.state))
    adopted = attached.adopt(token, made.name, identifier)
    assert adopted is not None
    assert adopted.id == made.id
    known = {name: value for name, value in _given(made).items() if name not in EXAMPLES[token].unreadable}
    different = attached.diff(adopted, known).kinds
    assert {path for path in different if path not in EXAMPLES[token].unreadable} == set()


@pytest.mark.parametrize("token", [token for token in TOKENS if len(RESOURCES[token].id.parts) > 1])
def test_an_id_of_the_wrong_form_is_named(attached: Attached, token: str) -> None:
    """A wrong import id must say which form the right one has."""
    with pytest.raises(Exception, match=r"is not of the form \w+"):
        attached.adopt(token, "x", "onlyone")


@pytest.mark.parametrize("token", [token for token in TOKENS if EXAMPLES[token].updates])
def test_changes_are_made_in_place(attached: Attached, made: Made, token: str) -> None:
    """An update that leaves something as it was would be reported as success."""
    wanted = {**_given(made), **EXAMPLES[token].updates}
    planned = attached.diff(made, wanted)
    changed = {path.split(".")[0].split("[")[0] for path in planned.kinds}
    assert changed == set(EXAMPLES[token].updates)
    assert planned.replaces == []
    previewed = attached.update(made, wanted, preview=True)
    assert not has_unknown(previewed.state), "an update in place keeps what is known"
    updated = attached.update(made, wanted)
    seen = attached.refresh(updated)
    assert seen is not None
    assert attached.diff(seen, wanted).kinds == {}
    for name, value in EXAMPLES[token].updates.items():
        if value is not None and value != []:
            assert plain(seen.state[name]).__class__ is value.__class__


@pytest.mark.parametrize(
    ("token", "name", "value"),
    [(token, name, value) for token in TOKENS for name, value in EXAMPLES[token].replaces.items()],
)
def test_changes_that_aws_cannot_make_replace(
    attached: Attached, made: Made, name: str, value: object
) -> None:
    """A replacement that the preview shows as an update would surprise at the worst moment."""
    planned = attached.diff(made, {**_given(made), name: value})
    assert planned.replaces == [name]
    assert planned.kinds == {name: "UPDATE_REPLACE"}
    assert name not in planned.stables


@pytest.mark.parametrize("token", TOKENS)
def test_delete_removes_it_and_deleting_again_is_no_error(attached: Attached, made: Made, token: str) -> None:
    """`pulumi destroy` must be able to finish after an interruption."""
    attached.delete(made)
    if not EXAMPLES[token].stays:
        seen = attached.refresh(made)
        assert seen is None or [] in (seen.state.get("groups"), seen.state.get("users"))
    attached.delete(made)


def test_a_key_is_shown_once_and_stays_secret(attached: Attached, world: World) -> None:
    """The secret of an access key in clear in a state file would be a leak."""
    key = attached.create("aws:iam/accessKey:AccessKey", world.word, {"user": world.iam_user()})
    assert isinstance(key.state["secret"], Secret)
    assert isinstance(key.state["sesSmtpPasswordV4"], Secret)
    seen = attached.refresh(key)
    assert seen is not None
    assert seen.state["secret"] == key.state["secret"]


def _given(made: Made) -> dict[str, Any]:
    return {name: value for name, value in made.inputs.items() if name != "__defaults"}


@pytest.mark.parametrize("token", [ORGANIZATION])
def test_an_organisation_for_billing_only_gets_all_features_in_place(
    attached: Attached, world: World, token: str
) -> None:
    """The other way round it is replaced; to replace it here would delete an organisation for nothing."""
    EXAMPLES[token].inputs(world)
    made = attached.create(token, world.word, {"featureSet": "CONSOLIDATED_BILLING"})
    planned = attached.diff(made, {**_given(made), "featureSet": "ALL"})

    assert planned.kinds == {"featureSet": "UPDATE"}
    assert planned.replaces == []
    asked = attached.update(made, {**_given(made), "featureSet": "ALL"})
    seen = attached.refresh(asked)
    assert seen is not None
    assert seen.state["featureSet"] == "CONSOLIDATED_BILLING", "AWS waits until the request is accepted"


def test_an_organisation_with_members_is_not_deleted(attached: Attached) -> None:
    """AWS refuses it, and a destroy that says it worked would hide that everything is still there."""
    found = attached.invoke("aws:organizations/getOrganization:getOrganization")
    organisation = attached.adopt(ORGANIZATION, "shared", str(found["id"]))
    assert organisation is not None
    with pytest.raises(grpc.RpcError, match="OrganizationNotEmptyException"):
        attached.delete(organisation)


def test_another_organisation_is_not_adopted(attached: Attached) -> None:
    """An import by a mistyped id must not take the one that is there."""
    assert attached.adopt(ORGANIZATION, "other", "o-aaaaaaaaaa") is None
