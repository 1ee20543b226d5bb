"""`identity-center expire`: takes away access that is over, by an update of the stack, for a scheduler."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from identity_center.model.access.record import grant_named
from identity_center.model.language.clock import TODAY_VARIABLE, Clock, clock, said
from identity_center.model.language.keys.values import parse_duration
from identity_center.model.mistakes import AccessModelError
from identity_center.model.plan.expired import Over, over
from identity_center.model.plan.planned import ASSIGNMENT, COMPONENTS, PERMISSION_SET, Id
from identity_center.model.plan.set_contents import SetContents, contents
from identity_center.model.reading.load import load
from identity_center.model.reading.sources import Sources, of_stack_file
from identity_center.model.reading.stack_file import StackFile
from identity_center_cli.engine import Engine, EngineError
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.deployment import Deployment
from identity_center_cli.stacks.recorded import UnusableStackError, plain
from identity_center_cli.stacks.snapshots import UnusableModelError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Takes away the access of a stack that has ended, by `pulumi up`: for a scheduler,
between the runs that a merge starts. Looks first whether anything is over; where nothing is, the program is
not run. Where an update would change anything else as well, nothing is done: that belongs to somebody who
reads the preview. The policy pack and the brake judge the update as any other. Run it in the project's
folder. Exit status: 0 nothing is over any more, 1 something is and was not taken away, 2 nobody knows."""
ERRORS: Final = (EngineError, UnusableModelError, UnusableStackError)
_STACK: Final = "pulumi:pulumi:Stack"
_UNCHANGED: Final = frozenset({"same", "read", "refresh"})


@dataclass(frozen=True)
class _Ended:
    """Access that the stack has and that is over."""

    urn: str
    resource: Id
    over: Over
    session: str
    """How long a session lasts, such as PT4H; empty where there are none."""

    def words(self) -> str:
        """Say who had what, since when it is over, and until when somebody may still use it."""
        lasts = ""
        if self.session and isinstance(self.over.end, datetime):
            end = self.over.end + (parse_duration(self.session) or timedelta())
            lasts = f"; sessions begun before may last until {said(end)}"
        return f"{_what(self.resource)}: over since {said(self.over.end)}{lasts}"


def _what(resource: Id) -> str:
    if resource.type != ASSIGNMENT:
        return resource.key
    grant = grant_named(resource.key)
    return f"{grant.kind.lower()} {grant.principal}: {grant.permission_set} in {grant.account_id}"


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("expire", help="take away access that is over", description=DESCRIPTION),
        "identity-center expire",
        "identity-center expire --stack prod --dry-run",
    )
    verb.add_argument("--stack", metavar="NAME", help="default: the selected one")
    verb.add_argument("--dry-run", action="store_true", help="say what would be taken away, and do nothing")
    verb.add_argument("--format", choices=("human", "json"), default="human", help="default: human")
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    engine = Engine(Path.cwd(), arguments.stack, judged=True)
    now = clock(os.environ)
    ended = _ended(Deployment(engine.exported_as_kept()), now)
    if not ended:
        return _tell(arguments, [], "nothing is over", AS_IT_SHOULD_BE)
    # Preview and update take the same time as this command: nothing ends between them.
    at = {TODAY_VARIABLE: now.moment.isoformat() if now.moment else now.day.isoformat()}
    steps = engine.preview(at).get("steps") or []
    gone = {step["urn"] for step in steps if step["op"] == "delete"}
    going = [each for each in ended if each.urn in gone]
    others = sorted(_others(steps, {each.urn for each in going}))
    if not going:
        return _tell(
            arguments, [], "nothing is over: what has ended is given by other entries", AS_IT_SHOULD_BE
        )
    if others:
        return _tell(arguments, going, _instead(others), NOT_AS_IT_SHOULD_BE)
    if arguments.dry_run:
        command = f"{TODAY_VARIABLE}={at[TODAY_VARIABLE]} pulumi up --yes --skip-preview"
        return _tell(arguments, going, f"nothing was done; it would be: {command}", NOT_AS_IT_SHOULD_BE)
    engine.update(at)
    return _tell(arguments, going, "taken away; the entries can be removed from the model", AS_IT_SHOULD_BE)


def _ended(state: Deployment, now: Clock) -> list[_Ended]:
    """Return what the state has of the access that is over."""
    if not state.stack_urns:
        return []
    sources = _sources(state.stack_urns[0].split(":")[2])
    loaded = load(sources.values, complete=sources.complete)
    if mistakes := [*sources.mistakes, *loaded.mistakes]:
        raise UnusableModelError(str(AccessModelError(mistakes, sources.places)))
    ends = over(loaded, now)
    made = [*_made(state)]
    held = contents((resource, outputs) for _, resource, outputs in made if resource.type == PERMISSION_SET)
    return [
        _Ended(urn, resource, end, _session(resource, held))
        for urn, resource, _ in made
        for end in ends
        if end.is_of(resource)
    ]


def _sources(stack: str) -> Sources:
    file = StackFile.find(Path.cwd(), stack)
    if file is None:
        raise UnusableModelError(f"there is no file Pulumi.{stack}.yaml here: run it in the project's folder")
    return of_stack_file(file, Path.cwd())


def _made(state: Deployment) -> Iterator[tuple[str, Id, Mapping[str, Any]]]:
    """Yield the parts of components of ours, with what the state says of them."""
    for each in state.resources:
        *_, types, name = each["urn"].split("::", 3)
        if types.startswith(COMPONENTS) and each.get("custom") and not each.get("delete"):
            yield each["urn"], Id(types.rsplit("$", 1)[-1], name), plain(each.get("outputs") or {})


def _session(resource: Id, held: Mapping[str, SetContents]) -> str:
    if resource.type != ASSIGNMENT:
        return ""
    return held.get(resource.key.split("/", 1)[0], SetContents()).session


def _others(steps: Iterable[Mapping[str, Any]], going: set[str]) -> Iterator[str]:
    """Yield what an update would change besides. Components and the stack itself are nothing in AWS."""
    for step in steps:
        kind = step["urn"].split("::", 3)[2].rsplit("$", 1)[-1]
        is_own = kind == _STACK or kind.startswith(COMPONENTS)
        if step["op"] not in _UNCHANGED and step["urn"] not in going and not is_own:
            yield f"{step['op']} {kind.rsplit(':', 1)[-1]} {step['urn'].rsplit('::', 1)[-1]}"


def _instead(others: list[str]) -> str:
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004  # as many as one reads
    return (
        f"nothing was done: the update would also change {', '.join(others[:3])}{more}; look at "
        "`pulumi preview`, then run `pulumi up`, which takes away what is over as well"
    )


def _tell(arguments: argparse.Namespace, ended: list[_Ended], text: str, status: int) -> int:
    if arguments.format == "json":
        document = {
            "over": [{"resource": each.resource.key, "since": said(each.over.end)} for each in ended],
            "outcome": text,
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in (*(each.words() for each in ended), text)))
    return status
