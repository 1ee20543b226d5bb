"""What an example needs around it, and how one is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider.rows.attached import Attached
from sandbox.provider.rows.values import plain
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

    def new_region(self) -> str:
        """Meet what AWS asks before it adds a Region, with none there; return the Region."""
        around = Surroundings(self.endpoint, REGION, self.word)
        around.with_one_region()
        around.ready_for("eu-west-1")
        return "eu-west-1"

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
