"""`identity-center completion`: what a shell needs to complete the command's words."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples

if TYPE_CHECKING:
    from argparse import _SubParsersAction

#: Set by a shell that asks for completions. Source: argcomplete's own protocol.
COMPLETING: Final = "_ARGCOMPLETE"
DESCRIPTION = """Prints what makes a shell complete verbs, options and files of this command: to be read when
the shell starts."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "completion", help="what a shell completes this command by", description=DESCRIPTION
        ),
        'eval "$(identity-center completion bash)"',
        'eval "$(identity-center completion zsh)"',
        "identity-center completion fish > ~/.config/fish/completions/identity-center.fish",
    )
    verb.add_argument("shell", choices=("bash", "zsh", "fish"))
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415  # other verbs need not wait for it

    sys.stdout.write(shellcode(["identity-center"], shell=arguments.shell))
    return AS_IT_SHOULD_BE


def asked_for() -> bool:
    """Tell whether a shell asks for completions."""
    return COMPLETING in os.environ


def words() -> list[str]:
    """Return the words that stand on the shell's line after the command's own, as far as they are whole."""
    return os.environ.get("COMP_LINE", "").split()[1:]


def complete(command: argparse.ArgumentParser) -> None:
    """Answer a shell that asks for completions, and end; do nothing where none asks."""
    if not asked_for():
        return
    import argcomplete  # noqa: PLC0415  # other verbs need not wait for it

    argcomplete.autocomplete(command)
