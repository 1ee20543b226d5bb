"""`identity-center validate`: all checks of a run that need no AWS, and the pack's verdicts on the model."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from identity_center.model.existing.snapshot_file import UnusableExistingError
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.recorded import UnusableStackError, read_state
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.verbs.check import workflow
from identity_center_cli.verbs.check.human import place_of, said
from identity_center_cli.verbs.check.judging import Checked
from identity_center_cli.verbs.check.model_judging import JudgedModel, add_model, judge_model
from identity_center_cli.verbs.check.sarif import to_sarif
from identity_center_cli.verbs.check.taken_names import Instance
from identity_center_cli.verbs.check.verb import read_pack_configuration, supplied_documents
from identity_center_cli.verbs.snapshot import read_snapshot_file

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Checks an access model as a run checks it before anything is made, and judges what it would
make by the rules of the policy pack: without Pulumi, AWS or a network. What only AWS can tell is named as
unchecked. Exit status: 0 a run would accept it as far as that can be said; 1 it has a mistake, or a mandatory
rule is violated; 2 nothing is, but the pack could not decide something, or the files could not be read."""
ERRORS = (UnusableModelError, UnusableExistingError, UnusableStackError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "check an access model as a run would, without AWS"
    verb = with_examples(
        verbs.add_parser("validate", help=text, description=DESCRIPTION),
        "identity-center validate access/",
        "identity-center validate Pulumi.production.yaml --organisation organisation.json",
        "identity-center validate access/ --format github",
        "identity-center validate access/ --existing existing.json --state state.json",
    )
    verb.add_argument("path", type=Path, metavar="PATH", help="Pulumi.STACK.yaml, or the folder of the model")
    verb.add_argument(
        "--organisation",
        type=Path,
        metavar="FILE",
        help="what `identity-center organisation snapshot` wrote (default: what the model names)",
    )
    verb.add_argument(
        "--existing",
        type=Path,
        metavar="FILE",
        help="what `identity-center snapshot` wrote: names that AWS has already are refused as in a run",
    )
    verb.add_argument(
        "--state",
        metavar="FILE",
        help="with --existing: what `pulumi stack export` printed, - for standard input; without it the "
        "model is taken for that of a new stack, which has nothing yet",
    )
    verb.add_argument("--config", metavar="FILE", help="the pack's configuration by which to judge")
    verb.add_argument(
        "--format", choices=("human", "json", "sarif", "github"), default="human", help="default: human"
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    configuration = read_pack_configuration(arguments.config)
    supplied = supplied_documents(configuration)
    judged = judge_model(
        arguments.path, arguments.organisation, configuration, supplied, _instance(arguments)
    )
    if arguments.format == "json":
        sys.stdout.write(json.dumps(_to_json(judged), indent=2) + "\n")
    elif arguments.format == "sarif":
        checked = Checked()
        add_model(checked, arguments.path, judged)
        sys.stdout.write(json.dumps(to_sarif(checked), indent=2) + "\n")
    elif arguments.format == "github":
        lines = (*map(workflow.command_of, judged.results), *_notices(judged))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    else:
        _print(judged)
    return _status(judged)


def _instance(arguments: argparse.Namespace) -> Instance | None:
    if arguments.existing is None:
        if arguments.state:
            raise UnusableModelError(
                "--state says what of a snapshot is the stack's own: give --existing as well"
            )
        return None
    state = read_state(arguments.state) if arguments.state else None
    return Instance(read_snapshot_file(arguments.existing), state)


def _status(judged: JudgedModel) -> int:
    if judged.refused:
        return NOT_AS_IT_SHOULD_BE
    return COULD_NOT_READ if any(each.undecided for each in judged.results) else AS_IT_SHOULD_BE


def _print(judged: JudgedModel) -> None:
    for each in judged.results:
        sys.stdout.write(f"{place_of(each)}: [{said(each)}] {each.rule}: {_lines(each.message)}\n")
    for position, notice in judged.notices:
        where = f"{position}: " if position else ""
        sys.stdout.write(f"{where}note: {notice.text}\n")
    for line in judged.unchecked:
        sys.stdout.write(f"note: {line}\n")
    refused = sum(each.level == "mandatory" for each in judged.results)
    sys.stdout.write(f"{refused} refused, {len(judged.results) - refused} advised or undecided\n")


def _lines(message: str) -> str:
    return message.replace("\n", "\n    ")


def _notices(judged: JudgedModel) -> Iterator[str]:
    """Write what is no mistake; unsaid, what nobody looked at would seem right."""
    for position, notice in judged.notices:
        yield workflow.notice(f"{position}: {notice.text}" if position else notice.text)
    yield from map(workflow.notice, judged.unchecked)


def _to_json(judged: JudgedModel) -> dict[str, Any]:
    return {
        "status": _status(judged),
        "results": [
            {
                "path": each.place,
                "line": each.line,
                "column": each.column,
                "rule": each.rule,
                "level": each.level,
                "undecided": each.undecided,
                "urn": each.urn,
                "message": each.message,
            }
            for each in judged.results
        ],
        "notices": [
            {"place": str(position) if position else None, "text": notice.text}
            for position, notice in judged.notices
        ],
        "unchecked": judged.unchecked,
    }
