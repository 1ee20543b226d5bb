"""`identity-center check`: the pack's rules over files, without an engine."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.file_errors import told
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.verbs.check.human import to_lines
from identity_center_cli.verbs.check.judging import Checked, Judging
from identity_center_cli.verbs.check.kinds import Source, Unread
from identity_center_cli.verbs.check.model_judging import add_model, is_model, judge_model
from identity_center_cli.verbs.check.models_within import belongs_to, models_within
from identity_center_cli.verbs.check.sarif import to_sarif
from identity_center_cli.verbs.check.sources import find_sources
from identity_center_cli.verbs.check.workflow import to_commands
from identity_guard.iam.catalogue.data import require_all
from identity_guard.pack.all_rules import UNDECIDED
from identity_guard.pack.configuration import (
    Configuration,
    ConfigurationMistakesError,
    RuleFailure,
    read_configuration,
)
from identity_guard.pack.servicer import PACK_FOLDER
from identity_guard.rules.supplied import DOCUMENTS, SuppliedDocumentsError, read_folder

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Judges files by the rules of the policy pack: IAM policy documents and trust policies (JSON
or YAML), CloudFormation templates, Terraform plans (`terraform show -json`), what the AWS CLI prints about
identities and policies, what `pulumi stack export` and `pulumi preview --json` print, event streams, the
pack's own configuration, and a folder or stack's file of an access model, which `validate` checks.
What a file is, its content tells. Needs neither Pulumi nor AWS. Exit status: 0 clean; 1 a mandatory rule is
violated; 2 none is, but something could not be read or decided."""


class UnusableConfigurationError(Exception):
    """The configuration by which to judge has mistakes."""


ERRORS = (UnusableConfigurationError, UnusableModelError, RuleFailure, SuppliedDocumentsError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "judge policy documents, states and event streams by the pack's rules"
    verb = with_examples(
        verbs.add_parser("check", help=text, description=DESCRIPTION),
        "identity-center check policies-of-mine/ state.json",
        "terraform show -json plan | identity-center check -",
        "aws iam get-account-authorization-details | identity-center check -",
        "pulumi stack export | identity-center check -",
        "identity-center check --as limit boundary.json --format sarif",
    )
    verb.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, or - for standard input")
    verb.add_argument(
        "--format", choices=("human", "json", "sarif", "github"), default="human", help="default: human"
    )
    verb.add_argument("--config", metavar="FILE", help="the pack's configuration by which to judge")
    verb.add_argument(
        "--as",
        dest="used_as",
        choices=("grant", "limit"),
        default="grant",
        help="what policy documents are used as; a limit is a boundary or an SCP, and grants nothing "
        "(default: grant)",
    )
    verb.add_argument(
        "--all",
        dest="everything",
        action="store_true",
        help="list all ways to more access below a message that names the worst and counts the others, and "
        "the ways to the roles of workloads",
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    require_all()
    configuration = read_pack_configuration(arguments.config)
    supplied = supplied_documents(configuration)
    checked = _check(
        arguments.paths, Judging(configuration, supplied, arguments.used_as == "limit", arguments.everything)
    )
    if arguments.format == "json":
        sys.stdout.write(json.dumps(_to_json(checked), indent=2) + "\n")
    elif arguments.format == "sarif":
        sys.stdout.write(json.dumps(to_sarif(checked), indent=2) + "\n")
    elif arguments.format == "github":
        sys.stdout.write("".join(f"{line}\n" for line in to_commands(checked)))
    else:
        lines = to_lines(checked, everything=arguments.everything)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return _status(checked)


def supplied_documents(configuration: Configuration) -> dict[str, str]:
    """Read the texts of policies made elsewhere, by name, from the folder that the configuration names."""
    folder = configuration.settings[UNDECIDED.name].get(DOCUMENTS.name)
    return read_folder(str(folder), PACK_FOLDER) if folder else {}


def read_pack_configuration(file: str | None) -> Configuration:
    """Read the pack's configuration; the usual one where no file is named.

    Raises UnusableConfigurationError with every mistake.
    """
    if file is None:
        return read_configuration({})
    try:
        return read_configuration(json.loads(Path(file).read_text(encoding="utf-8")))
    except OSError as error:
        raise UnusableConfigurationError(told(error)) from error
    except ConfigurationMistakesError as error:
        raise UnusableConfigurationError(f"{file}: {error}") from error
    except ValueError as error:
        raise UnusableConfigurationError(f"{file} is not JSON: {error}") from error


def _check(paths: list[str], judging: Judging) -> Checked:
    checked = Checked()
    named = [Path(path) for path in dict.fromkeys(paths) if is_model(Path(path))]
    folders = [Path(path) for path in dict.fromkeys(paths) if Path(path).is_dir() and Path(path) not in named]
    models = [*named, *(model for folder in folders for model in models_within(folder))]
    for model in models:
        judged = judge_model(model, None, judging.configuration, judging.supplied)
        add_model(checked, model, judged)
    for found in find_sources([path for path in paths if Path(path) not in named], sys.stdin):
        if belongs_to(models, found.place):
            continue
        if not isinstance(found, Source):
            checked.take(found)
        else:
            checked.read.append(found)
            for told in judging.judge(found):
                checked.take(told)
    if not checked.read and not checked.unread:
        checked.unread.append(Unread(" ".join(paths), "nothing that is checked was found there"))
    return checked


def _status(checked: Checked) -> int:
    if checked.refused:
        return NOT_AS_IT_SHOULD_BE
    return COULD_NOT_READ if checked.unread or checked.undecided else AS_IT_SHOULD_BE


def _to_json(checked: Checked) -> dict[str, Any]:
    return {
        "status": _status(checked),
        "results": [
            {
                "path": each.place,
                "line": each.line,
                "name": each.name,
                "rule": each.rule,
                "level": each.level,
                "undecided": each.undecided,
                "urn": each.urn,
                "message": each.message,
                "all": list(each.everything),
            }
            for each in checked.results
        ],
        "couldNotRead": [{"path": each.place, "why": each.why} for each in checked.unread],
        "notChecked": [{"path": each.place, "why": each.why} for each in checked.passed_over],
        "read": [{"path": each.place, "kind": each.kind.value} for each in checked.read],
    }
