"""What was found as workflow commands, which GitHub shows beside the lines in a pull request.

Source: GitHub Docs, "Workflow commands for GitHub Actions"; actions/toolkit, packages/core/src/command.ts.
"""

from collections.abc import Iterator
from typing import Final

from identity_center_cli.verbs.check.judging import Checked, Result

_COMMANDS: Final = {"mandatory": "error", "advisory": "warning"}


def to_commands(checked: Checked) -> Iterator[str]:
    """Yield one command for each finding, and for all that was not looked at: unsaid, it would seem right."""
    yield from map(command_of, checked.results)
    for unread in checked.unread:
        file = escaped(unread.place, property_value=True)
        yield f"::error file={file}::could not be read: {escaped(unread.why)}"
    for other in checked.passed_over:
        yield notice(f"{other.place}: not checked: {other.why}")


def command_of(result: Result) -> str:
    """Write what is said beside a line."""
    place = f"file={escaped(result.place, property_value=True)},line={result.line or 1}"
    column = f",col={result.column}" if result.column else ""
    title = f",title={escaped(result.rule, property_value=True)}"
    name = f"{result.name}: " if result.name else ""
    return f"::{_COMMANDS[result.level]} {place}{column}{title}::{escaped(name + result.message)}"


def notice(text: str) -> str:
    """Write what is no finding."""
    return f"::notice::{escaped(text)}"


def escaped(text: str, *, property_value: bool = False) -> str:
    """Escape what ends a workflow command."""
    found = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return found.replace(":", "%3A").replace(",", "%2C") if property_value else found
