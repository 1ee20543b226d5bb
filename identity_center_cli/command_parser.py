"""What reads the command line: as argparse does, and a misspelt word is told with the one that is meant."""

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, Final

from identity_center.model.mistakes import nearest

COMMAND: Final = "COMMAND"
"""How help and messages call a verb, in place of the list of them all."""


class CommandParser(argparse.ArgumentParser):
    """The parser of the command; argparse makes those of its verbs of the same class.

    argparse can do the like since Python 3.14 (`suggest_on_error`), for choices alone.
    """

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401  # as argparse has it
        """Refuse what is none of an action's choices; argparse has no public place for it."""
        if action.choices is None or value in action.choices:
            return
        kind = "command" if action.metavar == COMMAND else f"value of {_name(action)}"
        known = [str(each) for each in action.choices]
        self.error(f"`{value}` is no {kind}; {_meant(str(value), known)}")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401  # argparse overloads it
        """Refuse an option that the verb does not have; what else is left over, argparse tells."""
        parsed, rest = super().parse_known_args(args, namespace)
        self._refuse_unknown_option(rest)
        return parsed, rest

    def _refuse_unknown_option(self, rest: Sequence[str]) -> None:
        option = next(
            (word.partition("=")[0] for word in rest if word.startswith("--") and word != "--"), None
        )
        if option is not None:
            known = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(f"`{option}` is no option of it; {_meant(option, known)}")


def _name(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


def _meant(word: str, known: Iterable[str]) -> str:
    names = list(known)
    closest = nearest(word, names)
    return f"did you mean `{closest}`?" if closest else f"known: {', '.join(names)}"
