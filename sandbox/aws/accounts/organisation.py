"""The organisation that the sandbox starts with, as a table, and ``seed``, which makes it through the API.

Account numbers never change (``organizations.account_number``); every other id is new after a reset.
"""

import urllib.request
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sandbox.provider.isolation import isolated_config, isolated_session

MANAGEMENT_NAME = "management"
"""The management account; its number is moto's default, 123456789012."""


@dataclass(frozen=True)
class Member:
    """One member account: where it stands in the tree and what it is tagged with."""

    name: str
    number: str
    unit: str
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Return the address of its root user, unique as AWS wants it."""
        return f"aws-{self.name}@example.com"


UNITS = ("Security", "Infrastructure", "Workloads", "Workloads/Production", "Workloads/Staging", "Sandbox")
"""Organisational units by their path below the root, parents first."""

MEMBERS = (
    Member("log-archive", "111111111111", "Security", {"environment": "production", "data": "audit"}),
    Member("security-tooling", "222222222222", "Security", {"environment": "production"}),
    Member("network", "333333333333", "Infrastructure", {"environment": "production"}),
    Member(
        "shop-production",
        "444444444444",
        "Workloads/Production",
        {"environment": "production", "team": "shop"},
    ),
    Member(
        "data-production",
        "555555555555",
        "Workloads/Production",
        {"environment": "production", "team": "data"},
    ),
    Member("shop-staging", "666666666666", "Workloads/Staging", {"environment": "staging", "team": "shop"}),
    Member("developer-sandbox", "777777777777", "Sandbox", {"environment": "sandbox"}),
)


def seed(endpoint_url: str, region: str = "us-east-1") -> None:
    """Make the organisation and enable Identity Center in ``region``, its home; other regions have none.

    Everything goes through the API, with the one exception that AWS has no API for: enabling an
    organisation instance of Identity Center, which is done in the console there and by ``POST
    /sandbox/identity-center`` here.
    """
    organizations = loopback_client("organizations", endpoint_url, region)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    units = _make_units(organizations, root)
    for member in MEMBERS:
        _make_member(organizations, member, root, units[member.unit])
    _enable_identity_center(endpoint_url, region)


@cache
def loopback_client(service: str, endpoint_url: str, region: str, access_key: str = "sandbox") -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Return the client of the sandbox, which reads none of the user's AWS files or variables.

    Made once, since making one takes botocore as long as dozens of calls.

    The access key tells the account: one that the sandbox's STS or IAM gave out means its account, any
    other the management account.
    """
    return isolated_session().create_client(
        service,
        region_name=region,
        endpoint_url=endpoint_url,
        aws_access_key_id=access_key,
        aws_secret_access_key="sandbox",  # noqa: S106 - it opens nothing anywhere
        config=isolated_config(),
    )


def _make_units(organizations: Any, root: str) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    made = {"": root}
    for path in UNITS:
        parent, _, name = path.rpartition("/")
        answer = organizations.create_organizational_unit(ParentId=made[parent], Name=name)
        made[path] = answer["OrganizationalUnit"]["Id"]
    return made


def _make_member(organizations: Any, member: Member, root: str, unit: str) -> None:  # noqa: ANN401 - a boto3 client
    tags = [{"Key": key, "Value": value} for key, value in member.tags.items()]
    answer = organizations.create_account(AccountName=member.name, Email=member.email, Tags=tags)
    account = answer["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)


def reset(endpoint_url: str) -> None:
    """Forget everything that was made; ``seed`` then gives the start state again."""
    _post(f"{endpoint_url.rstrip('/')}/moto-api/reset")


def _enable_identity_center(endpoint_url: str, region: str) -> None:
    _post(f"{endpoint_url.rstrip('/')}/sandbox/identity-center?region={region}")


def _post(address: str) -> None:
    request = urllib.request.Request(address, method="POST")  # noqa: S310 - the sandbox's own address on loopback
    # No proxy of the environment between this process and loopback.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30):
        pass
