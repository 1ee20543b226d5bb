"""`identity-center changes`: who gains and loses what by a change of the code, for a pull request."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.snapshots import read_organisation

from . import sides
from .comment import FORGES, ForgeError, comments_of, put_comment
from .found import Changes, UnusableChangesError, read_changes
from .markdown import as_markdown
from .sarif import as_sarif

if TYPE_CHECKING:
    from argparse import _SubParsersAction

FILE: Final = "access-changes.json"
DESCRIPTION: Final = """Says who gains and who loses what, and what permission sets allow otherwise: of what a
preview wrote beside Pulumi.yaml, or of two models, two commits or two states, without Pulumi and AWS. As
Markdown it is made to be one comment on a pull request, and --comment puts it there: its first line is hidden
and names the stack, so that a later run changes that comment. Exit status: 2 where nothing was compared."""


class IncompleteQuestionError(ValueError):
    """The options do not say enough."""


ERRORS: Final = (IncompleteQuestionError, UnusableChangesError, ForgeError, *sides.ERRORS)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("changes", help="who gains and loses what by a change", description=DESCRIPTION),
        "identity-center changes",
        "identity-center changes --before origin/main:access --after access/",
        "identity-center changes --before yesterday.json --after today.json --format json",
        "identity-center changes --format markdown --comment github",
    )
    verb.add_argument(
        "file",
        nargs="?",
        default=FILE,
        metavar="FILE",
        help=f"what a preview wrote (`-`: standard input; default: {FILE})",
    )
    side = "a model's folder or file, COMMIT:PATH, or what `pulumi stack export` printed (FILE.json)"
    verb.add_argument("--before", metavar="SIDE", help=f"compare {side}")
    verb.add_argument("--after", metavar="SIDE", help="with another such")
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE", help="names and units of accounts: a snapshot of them"
    )
    verb.add_argument(
        "--format", choices=("human", "markdown", "json", "sarif"), default="human", help="default: human"
    )
    verb.add_argument(
        "--comment",
        choices=tuple(FORGES),
        help="put the Markdown on the pull request that the pipeline runs for, or renew it there",
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    changes = _changes(arguments)
    if arguments.comment:
        is_new = put_comment(comments_of(arguments.comment), as_markdown(changes))
        sys.stdout.write(f"comment {'written' if is_new else 'renewed'}\n")
    elif arguments.format == "markdown":
        sys.stdout.write(as_markdown(changes))
    elif arguments.format == "json":
        sys.stdout.write(json.dumps(changes.to_document(), indent=2, ensure_ascii=False) + "\n")
    elif arguments.format == "sarif":
        place = arguments.after or arguments.file
        sys.stdout.write(json.dumps(as_sarif(changes, place), indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(changes)))
    return COULD_NOT_READ if changes.access is None else AS_IT_SHOULD_BE


def _changes(arguments: argparse.Namespace) -> Changes:
    if bool(arguments.before) != bool(arguments.after):
        raise IncompleteQuestionError(
            "--before and --after belong together: give both, or what a preview wrote"
        )
    if arguments.before:
        return sides.compare(arguments.before, arguments.after, arguments.organisation)
    known = read_organisation(arguments.organisation) if arguments.organisation else None
    return read_changes(arguments.file, known)


def _lines(changes: Changes) -> list[str]:
    doubt = [f"{changes.comparison}: {changes.problem}"] if changes.problem else []
    return [f"Access, {changes.stack}:", *(f"  {each}" for each in (*doubt, *changes.sentences()))]
