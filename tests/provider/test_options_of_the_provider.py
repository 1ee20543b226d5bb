"""The provider's own options: what the real plugin takes is taken, and nothing is ignored in silence."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi._types import input_type_py_to_pulumi_names
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub
from pulumi_aws.provider import ProviderArgs

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.provider import serve
from sandbox.provider.options import OPTIONS, OptionError, read_options
from sandbox.provider.rows.attached import Attached
from sandbox.provider.rows.clients import Clients
from sandbox.provider.rows.values import to_wire

INSTANCES = "aws:ssoadmin/getInstances:getInstances"
CALLER = "aws:index/getCallerIdentity:getCallerIdentity"
LOOPBACK = "http://127.0.0.1:1"
SHOP = "444444444444"


def _refused(**options: Any) -> str:  # noqa: ANN401 - values of options
    with pytest.raises(OptionError) as refused:
        read_options(options, LOOPBACK, "us-east-1")
    return str(refused.value)


def test_the_options_are_those_of_the_sdk() -> None:
    """An option that the SDK has and the table has not would be called unknown."""
    assert set(OPTIONS) == {
        *input_type_py_to_pulumi_names(ProviderArgs).values(),
        "version",
        "pluginDownloadURL",
    }


def test_an_unknown_option_is_named_with_its_neighbour() -> None:
    """A misspelt option that is ignored looks as if it worked."""
    assert "aws:regoin: the provider has no such option; did you mean region" in _refused(regoin="eu-west-1")


def test_an_unknown_member_of_an_option_is_named() -> None:
    """The SDK passes a dictionary on as it is written: `role_arn` for `roleArn` would be no role at all."""
    message = _refused(assumeRoles=[{"role_arn": "arn:aws:iam::444444444444:role/x"}])
    assert "aws:assumeRoles: it has no member 'role_arn' here; did you mean roleArn?" in message


@pytest.mark.parametrize("option", ["profile", "sharedCredentialsFiles", "httpProxy", "useFipsEndpoint"])
def test_an_option_that_could_not_work_here_is_refused(option: str) -> None:
    """The stand-in must never read the user's credentials, nor pretend that it did."""
    assert f"aws:{option}" in _refused(**{option: "x"})


@pytest.mark.parametrize(
    "address",
    ["https://iam.amazonaws.com", "http://10.0.0.1:1", "http://127.evil.com", "http://localhost.evil.com", "http://0.0.0.0:1"],
)  # fmt: skip
def test_an_endpoint_that_is_not_loopback_is_refused(address: str) -> None:
    """A mistake in an endpoint must not make the sandbox change a real organisation."""
    assert "is not on loopback" in _refused(endpoints=[{"iam": address}])
    with pytest.raises(OptionError, match="not on loopback"):
        serve(address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://127.8.8.8:1", "http://[::1]:1", "http://localhost:1"]
)
def test_every_form_of_loopback_is_taken(address: str) -> None:
    """The sandbox writes its address in one form, people write others."""
    options = read_options({"endpoints": [{"iam": address, "ssoadmin": address}]}, LOOPBACK, "us-east-1")
    assert options.endpoint_of("sso-admin") == options.endpoint_of("iam") == address
    assert options.endpoint_of("sts") == LOOPBACK


def test_a_misspelt_service_of_an_endpoint_is_named() -> None:
    """An endpoint for nobody would leave the service at its default."""
    assert "did you mean ssoadmin?" in _refused(endpoints=[{"sso-admin": LOOPBACK}])


def test_options_come_as_values_or_as_json(endpoint: str, port: int) -> None:
    """The engine sends the default provider's options as texts, an explicit provider's as JSON."""
    connection = Attached(
        port,
        region="eu-west-1",
        endpoints=f'[{{"ssoadmin":"{endpoint}","identitystore":"{endpoint}"}}]',
        skipCredentialsValidation="true",
        skipMetadataApiCheck=True,
        maxRetries="3",
        version="7.51.1",
    )
    assert connection.invoke(INSTANCES)["arns"] == []
    connection.close()


def test_each_connection_has_its_own_options(port: int) -> None:
    """Two providers of one program, or two programs at once, must not see each other's region."""
    home, away = Attached(port, region="us-east-1"), Attached(port, region="eu-west-1")
    assert len(home.invoke(INSTANCES)["arns"]) == 1
    assert away.invoke(INSTANCES)["arns"] == []
    assert len(home.invoke(INSTANCES)["arns"]) == 1
    assert len(away.invoke(INSTANCES, {"region": "us-east-1"})["arns"]) == 1
    home.close()
    away.close()


def test_an_engine_on_the_port_of_a_cancelled_one_begins_anew(port: int) -> None:
    """Somebody's Ctrl-C must not end the run of a later engine that the system gave the same port."""
    connection = Attached(port, region="us-east-1")
    connection.cancel()
    with pytest.raises(grpc.RpcError):
        connection.invoke(INSTANCES)
    connection.begin()
    assert len(connection.invoke(INSTANCES)["arns"]) == 1
    connection.close()


def test_an_engine_that_did_not_configure_is_told_so(port: int) -> None:
    """Options of another connection must never stand in."""
    alone = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=alone) as channel:
        stub = ResourceProviderStub(channel)
        stub.Handshake(proto.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        with pytest.raises(grpc.RpcError) as refused:
            stub.Invoke(proto.InvokeRequest(tok=CALLER, args=to_wire({})))
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "not configured" in str(refused.value.details())


def test_the_users_aws_settings_are_never_read(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile, a proxy or credentials of the shell in which the sandbox was started must not matter."""
    for name, value in {
        "AWS_PROFILE": "no-such-profile",
        "AWS_CONFIG_FILE": "no-such-file",
        "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL": "http://192.0.2.1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "HTTP_PROXY": "http://192.0.2.1:1",
        "http_proxy": "http://192.0.2.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    # A region of its own makes a client that no other test has made before.
    clients = Clients(read_options({"region": "ap-south-1"}, endpoint, "us-east-1"))
    assert clients.ask("sts", "GetCallerIdentity")["Account"] == "123456789012"
    credentials = clients.client("sts")._request_signer._credentials  # noqa: SLF001 - what is sent is the point
    assert credentials.access_key == "sandbox"
    assert credentials.token is None


def test_a_role_in_a_member_account_is_assumed(port: int) -> None:
    """Policies that every account must have are made through a provider for each account."""
    role = {"roleArn": f"arn:aws:iam::{SHOP}:role/OrganizationAccountAccessRole", "sessionName": "test"}
    connection = Attached(port, region="us-east-1", assumeRoles=[role])
    assert connection.invoke(CALLER)["accountId"] == SHOP
    connection.close()


def test_a_role_that_cannot_be_assumed_is_named(port: int) -> None:
    """The first call fails then, and must say that it was the role."""
    connection = Attached(port, region="us-east-1", assumeRoles=[{"roleArn": "none", "sessionName": "test"}])
    with pytest.raises(grpc.RpcError, match=r"(?s)sts AssumeRole: .*RoleArn"):
        connection.invoke(CALLER)
    connection.close()


@pytest.mark.parametrize(
    "options", [{"allowedAccountIds": [SHOP]}, {"forbiddenAccountIds": ["123456789012"]}]
)
def test_a_wrong_account_is_refused(port: int, options: dict[str, Any]) -> None:
    """These options are there to stop a run in the wrong account."""
    with pytest.raises(grpc.RpcError, match="AccountIds"):
        Attached(port, region="us-east-1", **options)


@pytest.fixture
def tagging(port: int) -> Iterator[Attached]:
    """Give a connection with default and ignored tags."""
    connection = Attached(
        port,
        region="us-east-1",
        defaultTags={"tags": {"owner": "platform", "stage": "test"}},
        ignoreTags={"keys": ["cost"], "keyPrefixes": ["auto:"]},
    )
    yield connection
    connection.close()


def test_default_tags_are_on_the_resource_and_not_in_its_own(
    tagging: Attached, endpoint: str, unique: str
) -> None:
    """Default tags that show as the program's own would be removed by the next program."""
    iam = loopback_client("iam", endpoint, "us-east-1")
    inputs = {"name": unique, "tags": {"stage": "production"}}
    made = tagging.create("aws:iam/user:User", unique, inputs)
    expected = {"owner": "platform", "stage": "production"}
    assert made.state["tags"] == {"stage": "production"}
    assert made.state["tagsAll"] == expected
    assert {tag["Key"]: tag["Value"] for tag in iam.get_user(UserName=unique)["User"]["Tags"]} == expected
    iam.tag_user(UserName=unique, Tags=[{"Key": "cost", "Value": "1"}, {"Key": "auto:x", "Value": "2"}])
    seen = tagging.refresh(made)
    assert seen is not None
    assert tagging.diff(seen, inputs).kinds == {}


def test_new_default_tags_update_what_is_there(tagging: Attached, port: int, unique: str) -> None:
    """The provider's options are an input of every tagged resource."""
    plain_connection = Attached(port, region="us-east-1")
    made = plain_connection.create("aws:iam/user:User", unique, {"name": unique})
    assert tagging.diff(made, {"name": unique}).kinds == {"tagsAll": "UPDATE"}
    updated = tagging.update(made, {"name": unique})
    assert updated.state["tagsAll"] == {"owner": "platform", "stage": "test"}
    plain_connection.close()


def test_another_region_replaces_the_provider(port: int) -> None:
    """What was made in one region is not in the other."""
    connection = Attached(port, region="us-east-1")
    old, new = to_wire({"region": "us-east-1"}), to_wire({"region": "eu-west-1", "maxRetries": "3"})
    answer = connection.stub.DiffConfig(proto.DiffRequest(urn="x", olds=old, old_inputs=old, news=new))
    assert list(answer.replaces) == ["region"]
    assert list(answer.diffs) == ["maxRetries", "region"]
    connection.close()
