"""The Pulumi CLI, started in a project's folder: it imports, tells its state, and previews."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from identity_center_cli.stacks.recorded import plain

#: What a preview does to something that stays as it is, or that only Pulumi knows.
_UNCHANGED: Final = frozenset({"same", "read", "refresh"})
#: By which a stack is judged. Whether the access that exists is good access is another question than
#: whether the model says it: `pulumi preview` puts it next.
_PACK: Final = "PULUMI_OPTION_POLICY_PACK"
#: The engine writes its state whole after each resource: of 10,000 that takes hours. An import makes nothing
#: in AWS, so that one which is killed is only done again; at its end, failed or not, the state is written.
#: Source: pulumi/sdk/go/common/env/env.go; pulumi/pkg/backend/snapshot.go, unsafeServiceLoop.
_ONE_WRITING: Final = {"PULUMI_SKIP_CHECKPOINTS": "true"}


class PulumiError(Exception):
    """Pulumi could not be started, or ended with an error; the text has what it said."""


@dataclass(frozen=True)
class InState:
    """A resource of the state."""

    type: str
    name: str
    id: str


@dataclass(frozen=True)
class Change:
    """What a preview would do to one resource."""

    op: str
    """Such as create, update, delete or replace."""
    type: str
    name: str
    properties: tuple[str, ...]
    """What of it would change, where the provider says so."""

    @property
    def is_of_pulumi_alone(self) -> bool:
        """Whether it is only how long to wait, which no import can read: AWS knows nothing of it.

        Source: terraform-plugin-framework-timeouts; an update of it alone attaches and provisions nothing
        (terraform-provider-aws, ssoadmin/managed_policy_attachments_exclusive.go, syncAttachments).
        """
        names = {name.partition(".")[0] for name in self.properties}
        return self.op == "update" and names == {"timeouts"}

    def __str__(self) -> str:
        """Say it in a line."""
        of = f": {', '.join(self.properties)}" if self.properties else ""
        return f"{self.op} {self.type} {self.name}{of}"


@dataclass(frozen=True)
class Pulumi:
    """One stack of one project."""

    project: Path
    stack: str | None = None
    """None: the one that is selected there."""

    def state(self) -> Iterator[InState]:
        """Yield what the stack has recorded. Raises PulumiError."""
        deployment = json.loads(self._said("stack", "export"))["deployment"]
        for each in deployment.get("resources") or []:
            kind, name = _type_and_name(each["urn"])
            yield InState(kind, name, str(each.get("id", "")))

    def take_in(self, file: Path) -> None:
        """Import what a file lists. Raises PulumiError; what was imported until then stays imported."""
        options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
        self._said("import", "--file", str(file.resolve()), *options, variables=_ONE_WRITING)

    def changes(self) -> Iterator[Change]:
        """Yield what a preview would change. Raises PulumiError."""
        for step in json.loads(self._said("preview", "--json")).get("steps") or []:
            if step["op"] not in _UNCHANGED:
                kind, name = _type_and_name(step["urn"])
                yield Change(step["op"], kind, name, _properties(step))

    def _said(self, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})) -> str:
        found = shutil.which("pulumi")
        if found is None:
            raise PulumiError("`pulumi` is not on PATH: install the Pulumi CLI, or add its folder to PATH")
        stack = ("--stack", self.stack) if self.stack else ()
        ended = subprocess.run(  # noqa: S603  # Pulumi, with arguments of our own
            [found, *arguments, "--non-interactive", *stack],
            cwd=self.project,
            env={**variables, **{name: value for name, value in os.environ.items() if name != _PACK}},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            told = "\n".join(_told(ended.stdout, ended.stderr))
            raise PulumiError(f"`pulumi {arguments[0]}` ended with status {ended.returncode}\n{told}")
        return ended.stdout


def _told(out: str, errors: str) -> Iterator[str]:
    """Yield what went wrong: the messages of a preview in JSON, else all that was said."""
    try:
        messages = json.loads(out).get("diagnostics") or []
    except (ValueError, AttributeError):
        yield out.strip()
    else:
        yield from (
            str(each.get("message", "")).strip() for each in messages if each.get("severity") == "error"
        )
    yield errors.strip()


def _type_and_name(urn: str) -> tuple[str, str]:
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name


def _properties(step: Mapping[str, Any]) -> tuple[str, ...]:
    detailed = step.get("detailedDiff") or {}
    if detailed:
        return tuple(sorted(detailed))
    if step.get("diffReasons"):
        return tuple(sorted(step["diffReasons"]))
    old, new = (plain((step.get(name) or {}).get("inputs") or {}) for name in ("oldState", "newState"))
    if not old or not new:
        return ()
    return tuple(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))
