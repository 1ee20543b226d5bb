"""What every verb of the command does alike: help, errors, pipes, completion."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from identity_center_cli import main
from identity_center_cli.exit_status import COULD_NOT_READ
from identity_center_cli.help_text import TITLE
from identity_center_cli.main import NOBODY_READS, parser
from identity_center_cli.tables import print_table

Command = object
BROKEN_PIPE = (
    "set -o pipefail; {python} -m identity_center_cli completion bash | true; echo ${{PIPESTATUS[0]}}"
)


def leaves(command: argparse.ArgumentParser, *words: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every verb that does something, with its words."""
    inner = [each for each in command._actions if isinstance(each, argparse._SubParsersAction)]  # noqa: SLF001 # no public way
    for group in inner:
        for name, verb in group.choices.items():
            yield from leaves(verb, *words, name)
    if not inner:
        yield " ".join(words), command


VERBS = dict(leaves(parser()))


def examples(verb: argparse.ArgumentParser) -> list[str]:
    """Return the calls that a verb's help shows."""
    _, _, shown = (verb.epilog or "").partition(TITLE)
    return [line.strip() for line in shown.splitlines() if line.strip()]


@pytest.mark.parametrize("words", sorted(VERBS))
def test_the_help_of_every_verb_shows_calls_that_are_right(words: str) -> None:
    """Who reads help wants a line to copy, and copies a wrong one as well."""
    shown = examples(VERBS[words])
    calls = [shlex.split(part) for line in shown for part in line.split("|") if "identity-center " in part]

    assert shown
    for call in calls:
        if call[0] == "identity-center":
            arguments = call[1 : call.index(">")] if ">" in call else call[1:]
            assert callable(parser().parse_args(arguments).act)
            assert " ".join(arguments).startswith(words)
        else:
            assert any(f"identity-center {words}" in part for part in call)


def test_the_test_above_sees_every_verb() -> None:
    """A verb that it does not find could have any help."""
    assert {"access", "init", "pack-path", "root audit", "root remediate", "mfa evidence"} <= set(VERBS)
    assert len(VERBS) >= 13


def test_every_table_is_had_as_csv() -> None:
    """A table for the eye has to be typed off by whoever must sort it or hand it on."""
    forms = {
        words: set(action.choices or ())
        for words, verb in VERBS.items()
        for action in verb._actions  # noqa: SLF001  # no public way
        if action.dest == "format"
    }
    with_tables = {words for words, each in forms.items() if each & {"table", "markdown"}} | {
        "report",
        "review",
    }

    # Its Markdown is a comment on a pull request, with sentences and no table.
    assert {words for words in with_tables - {"changes"} if "csv" not in forms[words]} == set()
    assert {"access", "drift", "mfa evidence", "root audit"} <= with_tables


def test_tables_are_made_in_one_place_which_cuts_no_cell() -> None:
    """Each verb with a width of its own cut the cells of long names, in a file as well."""
    folder = Path(main.__file__).parent
    makers = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if "rich.table" in file.read_text("utf-8")
    }

    assert makers == {"tables.py"}


def test_a_table_in_a_file_has_a_whole_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """`… | grep` finds half a name, or half a row."""
    name = "x" * 128
    print_table(("Person", "Account"), [(name, "444444444444 shop"), ("[bold]ada", "=1+1")])

    shown = capsys.readouterr().out
    assert any(name in line and "444444444444 shop" in line for line in shown.splitlines())
    assert "[bold]ada" in shown


@pytest.mark.parametrize(
    "verb",
    [
        ["access", "--expect", "nofile"],
        ["mfa", "evidence", "--outputs", "nofile"],
        ["check", "--config", "nofile", "."],
        ["check", "nofile"],
        ["explain", "--who", "ada", "--can", "iam:CreateUser", "--state", "nofile"],
        ["explain", "--who", "ada", "--can", "iam:CreateUser", "--model", "nofile"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_named_without_a_number(command: object, verb: list[str]) -> None:
    """`[Errno 2]` is the system's number for it and tells nobody anything."""
    assert callable(command)
    ended = command(*verb)

    assert ended.status == 2
    assert "nofile" in ended.output + ended.errors
    assert "Errno" not in ended.output + ended.errors
    assert "Traceback" not in ended.errors


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    """`identity-center … | head` is how one looks at a long answer."""
    ended = subprocess.run(
        ["/bin/bash", "-c", BROKEN_PIPE.format(python=shlex.quote(sys.executable))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.stderr == ""
    assert int(ended.stdout) == NOBODY_READS


def test_a_verb_loads_nothing_that_another_needs() -> None:
    """Each call would wait for the SDK of pulumi-aws, in every pre-commit hook and every `$(… pack-path)`."""
    program = """
import sys
from identity_center_cli.main import main
assert main(["pack-path"]) == 0
print(sorted({"pulumi", "pulumi_aws", "pulumi_policy"} & sys.modules.keys()))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "[]"


def test_each_verb_is_found_by_the_name_that_it_has() -> None:
    """A row that names another module would refuse a verb that the help shows."""
    assert list(main.VERBS) == list(dict.fromkeys(words.split()[0] for words, _ in leaves(parser())))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("valdate access/", "identity-center: error: `valdate` is no command; did you mean `validate`?"),
        ("VALIDATE access/", "identity-center: error: `VALIDATE` is no command; did you mean `validate`?"),
        ("root adit", "identity-center root: error: `adit` is no command; did you mean `audit`?"),
        ("mfa zebra", "identity-center mfa: error: `zebra` is no command; known: evidence, policy"),
        (
            "root audit --fromat json",
            "identity-center root audit: error: `--fromat` is no option of it; did you mean `--format`?",
        ),
        (
            "validate access/ --format=jsno",
            "identity-center validate: error: `jsno` is no value of --format; did you mean `json`?",
        ),
        (
            "completion bsh",
            "identity-center completion: error: `bsh` is no value of shell; did you mean `bash`?",
        ),
        ("validate access/ more/", "identity-center: error: unrecognized arguments: more/"),
    ],
)
def test_a_misspelt_word_is_told_with_the_one_that_is_meant(
    line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who mistypes a verb would have to find it in a list of 25, and a script has to see that nothing ran."""
    with pytest.raises(SystemExit) as ended:
        main.main(line.split())

    assert ended.value.code == COULD_NOT_READ
    assert capsys.readouterr().err.splitlines()[-1] == told


def test_an_abbreviated_option_is_no_misspelt_one() -> None:
    """A script that says `--form json` has run until now."""
    assert parser().parse_args(["validate", "access/", "--form", "json"]).format == "json"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_completion_of_its_own(command: object, shell: str) -> None:
    """The names of verbs and options are many."""
    assert callable(command)
    ended = command("completion", shell)

    assert ended.status == 0
    assert "identity-center" in ended.output
    assert {"bash": "complete ", "zsh": "compdef", "fish": "complete "}[shell] in ended.output


def test_a_shell_that_asks_is_told_verbs_and_options() -> None:
    """A completion that is printed and answers nothing would only be noticed at the prompt."""

    def completed(line: str) -> set[str]:
        asked = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "COMP_TYPE": "9",
        }
        told = subprocess.run(
            [sys.executable, "-m", "identity_center_cli"],
            env=os.environ | asked,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return {word.strip() for word in told.stdout.splitlines()}

    assert {"pack-path", "root", "access"} <= completed("identity-center ")
    assert {"--instance-arn", "--region"} <= completed("identity-center access --")
