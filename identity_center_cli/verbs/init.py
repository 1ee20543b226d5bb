"""`identity-center init`: a project that runs, and the schemas that editors check it by."""

import argparse
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center_cli.aws import clock
from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.installed import requirement
from identity_center_cli.pipelines import FORGES, UnknownStackError, pipeline_files, stack_of
from identity_center_cli.project_files import SCHEMA_FOLDER, project_files, schema_files, write_files

if TYPE_CHECKING:
    from argparse import _SubParsersAction

INIT = """Writes a Pulumi project with a small example of an access model. The folder has to be new or empty,
but for `.git` and `.venv`; otherwise nothing is written. With --ci, writes pipelines as well, with the trust
and the policy of the roles that they run under; a project that is there already gets these files alone."""
SCHEMAS = f"""Writes the JSON Schemas of this version to `{SCHEMA_FOLDER}` in a project's folder, where
editors find them: after an upgrade, to complete and check new keys."""
#: What may be there before: neither is touched.
NOT_IN_THE_WAY: Final = frozenset({".git", ".venv"})
#: How long the example's MFA settings count as confirmed: soon somebody has to look at the real ones.
DAYS_OF_THE_EXAMPLE: Final = 30
NEXT: Final = """next{place}:
  pulumi install
  pulumi stack init dev
  pulumi up --policy-pack "$(identity-center pack-path)"
"""


NEW_STACK: Final = "dev"
"""The stack of a new project, and the Region that its file names."""
NEW_REGION: Final = "us-east-1"
ROLES: Final = "before the first pipeline: make the roles, as ci/README.md says\n"


class NotEmptyError(Exception):
    """The folder has something in it that a new project could overwrite or be confused with."""


ERRORS = (NotEmptyError, UnknownStackError)
"""What ends the verb with a message."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both verbs to the command."""
    init = with_examples(
        verbs.add_parser("init", help="write a project that runs", description=INIT),
        "identity-center init",
        "identity-center init our-access",
        "identity-center init our-access --ci github",
    )
    init.add_argument("--ci", choices=FORGES, help="write pipelines for this forge, too")
    init.add_argument("--stack", metavar="NAME", help="with --ci: for which stack (default: the only one)")
    init.add_argument(
        "folder", nargs="?", default=".", type=Path, metavar="FOLDER", help="default: this folder"
    )
    init.set_defaults(act=_init)
    schemas = with_examples(
        verbs.add_parser("schemas", help="write the JSON Schemas for editors", description=SCHEMAS),
        "identity-center schemas",
        "identity-center schemas our-access",
    )
    schemas.add_argument(
        "folder", nargs="?", default=".", type=Path, metavar="FOLDER", help="default: this folder"
    )
    schemas.set_defaults(act=_schemas)


def _init(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    if arguments.ci and (folder / "Pulumi.yaml").is_file():
        return _add_pipelines(folder, arguments.ci, *stack_of(folder, arguments.stack))
    _insist_on_empty(folder)
    confirmed_until = clock.now().date() + timedelta(days=DAYS_OF_THE_EXAMPLE)
    files = project_files(
        {
            "project": _project_name(folder.resolve().name),
            "requirement": requirement(),
            "confirmed_until": confirmed_until.isoformat(),
        }
    )
    if arguments.ci:
        files |= pipeline_files(arguments.ci, NEW_STACK, NEW_REGION)
    write_files(folder, files)
    place = "" if folder.resolve() == Path.cwd() else f", in {folder}"
    sys.stdout.write(f"{len(files)} files are in {folder}: an example, to be replaced by your own\n")
    sys.stdout.write(NEXT.format(place=place))
    if arguments.ci:
        sys.stdout.write(ROLES)
    return AS_IT_SHOULD_BE


def _add_pipelines(folder: Path, forge: str, stack: str, region: str) -> int:
    """Write the pipelines into a project, and no file that is there already."""
    files = pipeline_files(forge, stack, region)
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise NotEmptyError(f"{folder / there[0]} is there already: nothing was written; move it away first")
    write_files(folder, files)
    sys.stdout.write(f"{len(files)} files for stack {stack} are in {folder}\n{ROLES}")
    return AS_IT_SHOULD_BE


def _insist_on_empty(folder: Path) -> None:
    if not folder.exists():
        return
    there = sorted(entry.name for entry in folder.iterdir() if entry.name not in NOT_IN_THE_WAY)
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise NotEmptyError(
            f"{folder} is not empty ({there[0]}{more}): nothing was written; name a new or an empty folder"
        )


def _project_name(folder: str) -> str:
    """Return a name that Pulumi takes: letters, digits, `-`, `_` and `.`, 100 characters at most.

    Source: pulumi/sdk/go/common/tokens, ValidateProjectName.
    """
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder)[:100].strip("-.") or "identity-center"


def _schemas(arguments: argparse.Namespace) -> int:
    files = dict(schema_files())
    write_files(arguments.folder, files)
    sys.stdout.write("".join(f"{arguments.folder / name}\n" for name in files))
    return AS_IT_SHOULD_BE
