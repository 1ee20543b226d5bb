"""`identity-center recover`: after a fall, the state says again what AWS has."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from identity_center.model.existing.least_calls import PER_SECOND
from identity_center.model.existing.parts import NOT_ASKED
from identity_center.model.existing.recovery import Outcome, Told
from identity_center_cli.aws.instance.reader import HowToRead
from identity_center_cli.connection import add_connection_options, connection
from identity_center_cli.engine import Engine, EngineError
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import positive
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.verbs.snapshot import progress

from .broken_files import repairs
from .findings import Findings, look, write
from .forms import advice, document, shown, summary

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """After an update or a destruction that was killed: asks AWS what became of everything
that it was at, and of everything that the program wants and the state does not have, and writes that into the
stack's state. Shows it first, and asks. Nothing in AWS is made, changed or deleted. Run it in the project's
folder; then `pulumi up` goes on. Exit status: 0 the state says what AWS has, 1 somebody has to say more or
said no, 2 something could not be read."""
ERRORS: Final = (EngineError, UnusableStackError)
"""What ends the verb with a message."""
_MOST_ROUNDS: Final = 6
"""A group is taken in before its members can be looked for, and so on: as deep as an access stack is."""


class NobodyToAskError(EngineError):
    """A question, and no terminal."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("recover", help="go on after an update that was killed", description=DESCRIPTION),
        "identity-center recover",
        "identity-center recover --stack prod --yes --format json",
        "identity-center recover --made URN=arn:aws:sso::123456789012:application/ssoins-1/apl-1",
    )
    verb.add_argument("--stack", metavar="NAME", help="default: the selected one")
    verb.add_argument("--yes", action="store_true", help="do not ask: for pipelines")
    verb.add_argument("--made", action="append", type=_urn_and_id, default=[], metavar="URN=ID",
                      help="of what cannot be told: it was made; its id for `pulumi import`")  # fmt: skip
    verb.add_argument("--not-made", action="append", default=[], metavar="URN",
                      help="of what cannot be told: it was not made")  # fmt: skip
    verb.add_argument("--no-preview", action="store_true",
                      help="only what the state says was interrupted: the program is not run")  # fmt: skip
    verb.add_argument("--format", choices=("human", "json"), default="human", help="default: human")
    verb.add_argument("--requests-per-second", type=positive, default=float(PER_SECOND), metavar="N",
                      help=f"default: {PER_SECOND}, all that the service takes")  # fmt: skip
    add_connection_options(verb, instance=True)
    verb.set_defaults(act=_act)


def _urn_and_id(text: str) -> tuple[str, str]:
    urn, equals, identifier = text.partition("=")
    if not (urn and equals and identifier):
        raise argparse.ArgumentTypeError(f"`{text}` is not of the form URN=ID")
    return urn, identifier


def _act(arguments: argparse.Namespace) -> int:
    engine = Engine(Path.cwd(), arguments.stack)
    # With --format json, people read what is on standard error.
    talk = sys.stderr if arguments.format == "json" else sys.stdout
    rounds = [_first_look(arguments, engine, talk)]
    while not rounds[-1].is_settled and len(rounds) <= _MOST_ROUNDS:
        talk.write(shown(rounds[-1]))
        if rounds[-1].blocking or not _agreed(arguments, talk):
            break
        write(rounds[-1], engine)
        rounds.append(_look(arguments, engine, rounds))
    return _end(rounds, arguments)


def _first_look(arguments: argparse.Namespace, engine: Engine, talk: TextIO) -> Findings:
    try:
        return _look(arguments, engine, [])
    except EngineError:
        folder = engine.folder_of_states()
        broken = repairs(folder) if folder else []
        talk.writelines(f"{each.said}\n" for each in broken)
        if not broken or not _agreed(arguments, talk):
            raise
    for each in broken:
        each.make()
    return _look(arguments, engine, [])


def _look(arguments: argparse.Namespace, engine: Engine, earlier: list[Findings]) -> Findings:
    # What was looked for by its id and is not in the state was not there.
    absent = {each.urn for one in earlier for each in one.found if each.outcome is Outcome.LOOKED_FOR}
    told = Told(dict(arguments.made), frozenset(arguments.not_made) | absent)
    with progress() as bar:
        how = HowToRead(per_second=arguments.requests_per_second, on_answer=bar.answered, on_wait=bar.waits)
        return look(engine, connection(arguments, {}), how, told, preview=not arguments.no_preview)


def _agreed(arguments: argparse.Namespace, talk: TextIO) -> bool:
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise NobodyToAskError(
            "nobody is there to ask: say --yes where a pipeline may write this into the state"
        )
    talk.write("Write this into the stack's state? Nothing in AWS changes. Type yes: ")
    talk.flush()
    return sys.stdin.readline().strip() == "yes"


def _end(rounds: list[Findings], arguments: argparse.Namespace) -> int:
    last = rounds[-1]
    unread = [str(each) for each in last.existing.unread if each.why != NOT_ASKED]
    if arguments.format == "json":
        sys.stdout.write(document(rounds, unread))
    else:
        sys.stdout.write(summary(rounds))
    for line in (*(f"NOT READ: {each}" for each in unread), *advice(last)):
        sys.stderr.write(f"{line}\n")
    if unread:
        return COULD_NOT_READ
    return AS_IT_SHOULD_BE if last.is_settled and not last.undecided else NOT_AS_IT_SHOULD_BE
