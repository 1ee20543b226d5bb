"""Makes the stack of `tests/everything` with a checkout's own code; keeps what a user would have of it.

Run in a checkout of the version (README.md): `.venv/bin/python -m tests.older_state.record FOLDER`.
"""

import json
import os
import shutil
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.client import BaseClient

from sandbox.environment import inside
from sandbox.home import CHECKOUT, Home
from sandbox.project import Project
from sandbox.running_server import find
from sandbox.server import serve
from sandbox.shell.commands import write_commands
from sandbox.toolchain.pulumi_cli import find_or_build
from tests.support.lived_in import TRUST
from tests.support.whole_model import EVERYTHING, MANAGEMENT, MEMBER, Directory, make_policies

#: Questions whose answers alone tell an id that was made; of all others only what changes AWS is kept.
TELLING = {"ListRoots", "ListInstances", "GetApplication"}
QUESTIONS = ("Get", "List", "Describe", "AssumeRole", "Lookup", "Simulate", "Generate")


class Log:
    """Every call that changed AWS, in the order in which they were answered."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[dict[str, Any]] = []
        self._accounts: dict[str, str] = {}
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Hear what every client of this process asks: the seed's, the provider's and the tests' own."""
        call, post = BaseClient._make_api_call, urllib.request.OpenerDirector.open  # type: ignore[attr-defined] # noqa: SLF001 - the one place that all operations pass

        def heard(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - of boto3
            answer = call(client, operation, parameters)
            self._heard(client, operation, parameters, answer)
            return answer

        def opened(opener: Any, address: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - of urllib
            answer = post(opener, address, *rest, **more)
            self._posted(address)
            return answer

        BaseClient._make_api_call = heard  # type: ignore[attr-defined] # noqa: SLF001 - see above
        urllib.request.OpenerDirector.open = opened  # type: ignore[method-assign, assignment]  # any arguments

    def _heard(self, client: Any, operation: str, parameters: dict[str, Any], answer: dict[str, Any]) -> None:  # noqa: ANN401 - a boto3 client
        if operation == "AssumeRole":
            self._accounts[answer["Credentials"]["AccessKeyId"]] = parameters["RoleArn"].split(":")[4]
        if operation.startswith(QUESTIONS) and operation not in TELLING:
            return
        key = client._request_signer._credentials.access_key  # noqa: SLF001 - nothing else tells whose client it is
        line = {
            "account": self._accounts.get(key, MANAGEMENT),
            "service": client.meta.service_model.service_name,
            "operation": operation,
            "parameters": parameters,
            "answer": _without_times({k: v for k, v in answer.items() if k != "ResponseMetadata"}),
        }
        with self._lock:
            # A question that was answered in the same way before tells nothing.
            if operation not in TELLING or line not in self.lines:
                self.lines.append(line)

    def _posted(self, request: Any) -> None:  # noqa: ANN401 - an address or a request
        if isinstance(request, urllib.request.Request) and "/sandbox/" in request.full_url:
            parts = urlsplit(request.full_url)
            body = json.loads(bytes(request.data)) if isinstance(request.data, bytes) else {}
            with self._lock:
                self.lines.append({"door": f"{parts.path}?{parts.query}".rstrip("?"), "body": body})


def _without_times(value: Any) -> Any:  # noqa: ANN401 - a part of an answer
    if isinstance(value, dict):
        return {key: _without_times(one) for key, one in value.items() if isinstance(one, (str, dict, list))}
    return [_without_times(one) for one in value] if isinstance(value, list) else value


def _started(home: Home) -> dict[str, str]:
    threading.Thread(target=serve, args=(home, "recorded", threading.Event()), daemon=True).start()
    while not home.server_record.exists():
        time.sleep(0.1)
    cli, server = find_or_build(), find(home)
    assert server is not None
    write_commands(home, cli)
    return inside(home, server, cli)


def _surroundings(endpoint: str) -> None:
    """Make the people, policies and roles that the model takes as given."""
    os.environ["AWS_ENDPOINT_URL"] = endpoint
    session = boto3.Session("sandbox", "sandbox", region_name="us-east-1")
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    Directory(session).people_from_elsewhere()
    make_policies(session.client("iam"))
    role = f"arn:aws:iam::{MEMBER}:role/OrganizationAccountAccessRole"
    key = session.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    member = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"], "us-east-1")
    for path, name in (("/", "Auditor"), ("/team/", "Operator")):
        member.client("iam").create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=TRUST)


def _project(folder: Path, environment: dict[str, str]) -> Project:
    shutil.copytree(EVERYTHING / "access", folder / "access")
    shutil.copy(EVERYTHING / "Pulumi.dev.yaml", folder)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder)
    (folder / ".venv").symlink_to(environment["VIRTUAL_ENV"])
    pack = {"PULUMI_OPTION_POLICY_PACK": str(CHECKOUT / "policies")}
    return Project(folder, environment | pack)


def _keep(project: Project, log: Log, target: Path) -> None:
    shutil.copytree(project.folder / "access", target / "access", dirs_exist_ok=True)
    shutil.copy(project.folder / "Pulumi.yaml", target)
    # Without the salt, which the state has: the file is as a person wrote it.
    shutil.copy(EVERYTHING / "Pulumi.dev.yaml", target)
    state = project.exported()
    for resource in state["deployment"]["resources"]:
        # Where in the program it was made: paths of the machine, which mean nothing elsewhere.
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
    _write(target / "state.json", state)
    _write(target / "outputs.json", project.succeed("stack", "output", "--json", "--show-secrets").json())
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in log.lines]
    (target / "aws.jsonl").write_text("".join(lines), encoding="utf-8")


def _write(file: Path, content: Any) -> None:  # noqa: ANN401 - any JSON value
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(target: Path) -> None:
    """Make the stack and keep it in a folder."""
    log = Log()
    log.listen()
    with tempfile.TemporaryDirectory() as temporary:
        home = Home(Path(temporary) / "home")
        for folder in (home.path, home.backend, home.pulumi_home, Path(temporary) / "program"):
            folder.mkdir()
        environment = _started(home)
        _surroundings(environment["AWS_ENDPOINT_URL"])
        project = _project(Path(temporary) / "program", environment)
        project.succeed("stack", "init", "dev")
        project.up()
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(project.folder / "access-changes.json", target / "changes-of-the-update.json")
        project.succeed("preview", "--expect-no-changes")
        _keep(project, log, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
    # The server's threads have nothing left to do.
    os._exit(0)
