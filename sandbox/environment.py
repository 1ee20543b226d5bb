"""The process environment inside the sandbox: Pulumi, the AWS CLI and boto3 meet only this machine."""

import os
from collections.abc import Mapping
from pathlib import Path

from sandbox import settings
from sandbox.home import Home, interpreter
from sandbox.running_server import RunningServer
from sandbox.toolchain.pulumi_cli import PYTHON_VARIABLE

#: Pulumi's variables that lead to another backend, account or stack; all others are the user's wish and stay.
PULUMI_VARIABLES_OF_THE_USER = frozenset(
    {
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_API",
        "PULUMI_BACKEND_URL",
        "PULUMI_CONFIG",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        "PULUMI_CREDENTIALS_PATH",
        "PULUMI_DEBUG_PROVIDERS",
        "PULUMI_HOME",
        "PULUMI_STACK",
    }
)


def without_aws_and_pulumi(environment: Mapping[str, str]) -> dict[str, str]:
    """Drop every AWS variable and those of Pulumi that lead elsewhere; let no proxy stand before loopback.

    Some programs read NO_PROXY and some no_proxy (gRPC among them), so both say it.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and name not in PULUMI_VARIABLES_OF_THE_USER
    }
    given = environment.get("NO_PROXY") or environment.get("no_proxy")
    without_proxy = ",".join(filter(None, [given, "127.0.0.1", "localhost"]))
    return kept | {"NO_PROXY": without_proxy, "no_proxy": without_proxy}


def inside(home: Home, server: RunningServer, cli: Path) -> dict[str, str]:
    """Return the environment in which commands run against the sandbox."""
    environment = without_aws_and_pulumi(os.environ)
    return (
        environment
        | _pulumi(home, server)
        | _aws(server)
        | {
            "PATH": _path(home, cli, environment.get("PATH", "")),
            PYTHON_VARIABLE: interpreter(),
            "VIRTUAL_ENV": str(Path(interpreter()).parent.parent),
            "IDENTITY_CENTER_TODAY": environment.get("IDENTITY_CENTER_TODAY", settings.TODAY),
        }
    )


def _path(home: Home, cli: Path, path: str) -> str:
    folders = [str(home.commands), str(cli.parent), str(Path(interpreter()).parent)]
    return os.pathsep.join(folders + [part for part in path.split(os.pathsep) if part not in folders])


def _pulumi(home: Home, server: RunningServer) -> dict[str, str]:
    return {
        "PULUMI_HOME": str(home.pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{home.backend}",
        "PULUMI_CONFIG_PASSPHRASE": settings.PASSPHRASE,
        "PULUMI_DEBUG_PROVIDERS": f"aws:{server.provider_port}",
        # Nothing is to be fetched: the provider is attached, the CLI is there.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The salt of a stack's secrets is taken from its state where the stack's file does not hold it.
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        # `pulumi import` would write program code, which needs upstream's language host.
        "PULUMI_OPTION_GENERATE_CODE": "false",
    }


def _aws(server: RunningServer) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_REGION": settings.REGION,
        "AWS_DEFAULT_REGION": settings.REGION,
        "AWS_ACCESS_KEY_ID": settings.ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": settings.SECRET_ACCESS_KEY,
        # The user's own files and the machine's metadata are not looked at.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
