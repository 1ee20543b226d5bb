"""Pulumi's own command in a project's folder: what a stack's state is, and what is written into it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

#: The pack judges what is to be made; here nothing is made, and its refusal would hide what there is.
_WITHOUT: Final = ("PULUMI_OPTION_POLICY_PACK", "PULUMI_OPTION_POLICY_PACK_CONFIG")

PROVIDERS: Final = "pulumi:providers:"
"""How the types of providers begin: what they have is not read from AWS."""


class EngineError(OSError):
    """Pulumi is not there, or did not do what it was asked for."""


@dataclass(frozen=True)
class Engine:
    """Pulumi for one stack. No secret of its answers reaches a message."""

    folder: Path
    """Where the project is."""
    stack: str | None = None
    """None: the selected one."""
    judged: bool = False
    """Whether the policy pack of the environment judges what is done."""

    def exported_as_kept(self) -> dict[str, Any]:
        """Return the state, secrets as they are kept. Raises EngineError."""
        return self._json("stack", "export")

    def exported(self) -> dict[str, Any]:
        """Return the state, secrets in plain text. Raises EngineError."""
        return self._json("stack", "export", "--show-secrets")

    def preview(self, variables: Mapping[str, str]) -> dict[str, Any]:
        """Return what an update would do, secrets in plain text. Raises EngineError."""
        return self._json("preview", "--json", "--show-secrets", variables=variables)

    def update(self, variables: Mapping[str, str]) -> None:
        """Make the stack what its program says. Raises EngineError."""
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", variables=variables)

    def failed_to_destroy(self) -> bool:
        """Tell whether the last thing that was done to the stack is a destruction that failed.

        What the engine was told of as a failure may have been done: a provider that dies says nothing of it.
        Raises EngineError.
        """
        try:
            listed = json.loads(self._run("stack", "history", "--json", "--page-size", "1"))
        except ValueError as error:
            raise EngineError("`pulumi stack history` answered no JSON") from error
        last = listed[0] if listed else {}
        return (last.get("kind"), last.get("result")) == ("destroy", "failed")

    def write_state(self, document: Mapping[str, Any]) -> None:
        """Put a state in the place of the present one. Raises EngineError."""
        self._run("stack", "import", given=json.dumps(document))

    def refresh(self, urns: Iterable[str]) -> None:
        """Read these resources anew, and forget those that are gone. Raises EngineError."""
        targets = [f"--target={urn}" for urn in urns]
        self._run("refresh", "--yes", "--skip-preview", "--suppress-outputs", *targets)

    def folder_of_states(self) -> Path | None:
        """Return the folder in which the backend keeps its files, or None: a bucket, or the service's.

        Raises EngineError.
        """
        url = urlsplit(str(self._json("whoami", "--json", of_stack=False).get("url")))
        return Path(unquote(url.path)) / ".pulumi" if url.scheme == "file" else None

    def _json(
        self, *arguments: str, variables: Mapping[str, str] | None = None, of_stack: bool = True
    ) -> dict[str, Any]:
        said = self._run(*arguments, variables=variables, of_stack=of_stack)
        try:
            answer = json.loads(said)
        except ValueError as error:
            raise EngineError(f"`pulumi {' '.join(arguments[:2])}` answered no JSON") from error
        if not isinstance(answer, dict):
            raise EngineError(f"`pulumi {' '.join(arguments[:2])}` answered no object")
        return answer

    def _run(
        self,
        *arguments: str,
        given: str = "",
        variables: Mapping[str, str] | None = None,
        of_stack: bool = True,
    ) -> str:
        pulumi = shutil.which("pulumi")
        if pulumi is None:
            raise EngineError("there is no `pulumi` on PATH")
        stack = ("--stack", self.stack) if self.stack and of_stack else ()
        ended = subprocess.run(  # noqa: S603  # Pulumi itself, with arguments of this module
            [pulumi, *arguments, *stack, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if self.judged or name not in _WITHOUT}
            | dict(variables or {}),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise EngineError(_failed(arguments, ended))
        return ended.stdout


def _failed(arguments: tuple[str, ...], ended: subprocess.CompletedProcess[str]) -> str:
    # What goes to standard output holds the state.
    said = ended.stderr.strip() or _diagnostics(ended.stdout) or f"exit status {ended.returncode}"
    return f"`pulumi {' '.join(arguments[:2])}` failed: {said}"


def _diagnostics(output: str) -> str:
    """Read the errors of a preview that was to answer in JSON, or of a command that told people."""
    try:
        told = json.loads(output).get("diagnostics") or []
    except (ValueError, AttributeError):
        return "\n".join(line for line in output.splitlines() if "error:" in line)
    return "\n".join(each["message"].strip() for each in told if each.get("severity") == "error")


def interrupted_operations(stack: str) -> list[str]:
    """Name what an update of a stack was at when it was killed, and what a recovery took in and never read.

    Asks Pulumi in the present folder, without opening secrets. Raises EngineError.
    """
    engine = Engine(Path.cwd(), stack)
    with ThreadPoolExecutor() as pool:
        exported, destroyed = pool.submit(engine.exported_as_kept), pool.submit(engine.failed_to_destroy)
        deployment = exported.result().get("deployment") or {}
        in_vain = destroyed.result()
    resources = deployment.get("resources") or []
    pending = deployment.get("pending_operations") or []
    unread = [each for each in resources if is_unread(each)]
    return [
        *(["a `pulumi destroy` that failed"] if in_vain and resources else []),
        *(f"{_name(each['resource'])}, interrupted while {each['type']}" for each in pending),
        *(f"{_name(each)}, taken in and not read" for each in unread),
    ]


def is_unread(entry: Mapping[str, Any]) -> bool:
    """Tell whether a recovery put a resource into the state and was killed before the engine read it."""
    is_made = entry.get("custom") and not str(entry.get("type")).startswith(PROVIDERS)
    return bool(is_made and entry.get("id") and not entry.get("outputs"))


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['type'].rsplit(':', 1)[-1]} {entry['urn'].rsplit('::', 1)[-1]}"
