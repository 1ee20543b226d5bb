"""A Pulumi program that tests and benchmarks drive in the sandbox."""

import dataclasses
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: Longer than any single command takes on two busy cores; a hang must not stop a whole run of tests.
SECONDS_FOR_A_COMMAND = 900


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    output: str
    """Standard output and standard error as a user sees them, one after the other."""

    def json(self) -> dict[str, Any]:
        """Read the output as a JSON object."""
        read: dict[str, Any] = json.loads(self.output)
        return read


@dataclass(frozen=True)
class Project:
    """A Pulumi program in a folder of its own, with a backend of its own."""

    folder: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def backend(self) -> Path:
        """Return the folder in which Pulumi keeps the states of its stacks."""
        return Path(self.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))

    def run(self, *command: str) -> Ended:
        """Run a command in the folder; any exit status is an answer."""
        ended = subprocess.run(  # noqa: S603  # the test's own command
            [self._found(command[0]), *command[1:]],
            cwd=self.folder,
            env=self.environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_FOR_A_COMMAND,
        )
        return Ended(ended.returncode, ended.stdout)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own and do not wait."""
        return subprocess.Popen(  # noqa: S603  # the test's own command
            [self._found(command[0]), *command[1:]],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _found(self, command: str) -> str:
        # By the PATH inside the sandbox, not by that of the tests.
        return shutil.which(command, path=self.environment["PATH"]) or command

    def pulumi(self, *arguments: str) -> Ended:
        """Run `pulumi`; any exit status is an answer."""
        return self.run("pulumi", *arguments, "--non-interactive")

    def succeed(self, *arguments: str) -> Ended:
        """Run `pulumi` and insist that it succeeds."""
        ended = self.pulumi(*arguments)
        if ended.status:
            raise AssertionError(f"pulumi {' '.join(arguments)}: exit status {ended.status}\n{ended.output}")
        return ended

    def up(self, *options: str) -> Ended:
        """Run `pulumi up` and insist that it succeeds."""
        return self.succeed("up", "--yes", "--skip-preview", *options)

    def write_config(self, config: dict[str, Any], stack: str = "dev") -> None:
        """Write the stack's file."""
        text = yaml.safe_dump({"config": config}, sort_keys=False, allow_unicode=True)
        (self.folder / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")

    def exported(self) -> dict[str, Any]:
        """Return the stack's state as `pulumi stack export` gives it."""
        return self.succeed("stack", "export").json()

    def without_pack(self) -> "Project":
        """Return the same project with the policy pack off."""
        environment = {k: v for k, v in self.environment.items() if k != "PULUMI_OPTION_POLICY_PACK"}
        return dataclasses.replace(self, environment=environment)
