"""Selections are taken one by one: asked for on a terminal, or marked in a file that the command wrote."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from identity_center.model.adoption.selections import Offer
from identity_center_cli.aws.private_file import write_text
from identity_center_cli.verbs.adopt.where import UnadoptableError

_HEADER: Final = """\
# Written by `identity-center adopt --selections`: what could stand in the place of lists of accounts. Each
# reaches the same accounts today; `later` says what it reaches without anybody deciding on it again. Mark
# what is to be written with `take: true`, and run the same command again.
"""
#: So many of those who get something are named in a question.
_NAMED: Final = 3

Choose = Callable[[Sequence[Offer]], Sequence[Offer]]


def nothing(_offered: Sequence[Offer]) -> Sequence[Offer]:
    """Take none: accounts are listed by id."""
    return ()


def asked(names: Mapping[str, str]) -> Choose:
    """Return what asks on the terminal, one after the other. Raises UnadoptableError where there is none."""
    if not sys.stdin.isatty():
        raise UnadoptableError(
            "there is nobody to ask: name a file, --selections FILE, and mark in it what to take"
        )

    def choose(offered: Sequence[Offer]) -> list[Offer]:
        taken: list[Offer] = []
        for number, each in enumerate(offered, start=1):
            if any(each.accounts == other.accounts for other in taken):
                continue
            sys.stdout.write(f"{number} of {len(offered)}: {_question(each, names)}\ntake it? [y/N] ")
            sys.stdout.flush()
            if sys.stdin.readline().strip().casefold() in ("y", "yes"):
                taken.append(each)
        return taken

    return choose


def _question(each: Offer, names: Mapping[str, str]) -> str:
    more = f" and {len(each.given) - _NAMED} more" if len(each.given) > _NAMED else ""
    return (
        f"{each.words}\n  today: {', '.join(_named(each, names))}\n  later: {each.later}\n"
        f"  for: {'; '.join(each.given[:_NAMED])}{more}"
    )


def _named(each: Offer, names: Mapping[str, str]) -> Iterator[str]:
    return (f"{account} {names.get(account, '')}".strip() for account in sorted(each.accounts))


def write_offers(offered: Sequence[Offer], names: Mapping[str, str], file: Path) -> None:
    """Write all that is offered, with nothing taken."""
    rows = [
        {
            "write": each.target,
            "today": list(_named(each, names)),
            "later": each.later,
            "for": list(each.given),
            "take": False,
        }
        for each in offered
    ]
    text = yaml.safe_dump({"selections": rows}, sort_keys=False, allow_unicode=True, width=110)
    write_text(_HEADER + text, file)


def marked(file: Path) -> Choose:
    """Return what takes the marked ones of a file. Raises UnadoptableError where it says something else."""
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))["selections"]
        taken = [
            (row["write"], [str(each).split()[0] for each in row["today"]]) for row in rows if row["take"]
        ]
    except (yaml.YAMLError, KeyError, TypeError, IndexError) as error:
        raise UnadoptableError(
            f"{file}: it is not as `adopt --selections` wrote it ({type(error).__name__}); delete it to have "
            "it written anew"
        ) from error

    def choose(offered: Sequence[Offer]) -> list[Offer]:
        return [_offer(target, accounts, offered, file) for target, accounts in _each_once(taken, file)]

    return choose


def _each_once(taken: list[tuple[Any, list[str]]], file: Path) -> Iterator[tuple[Any, list[str]]]:
    seen: dict[frozenset[str], Any] = {}
    for target, accounts in taken:
        first = seen.setdefault(frozenset(accounts), target)
        if first is not target:
            raise UnadoptableError(
                f"{file}: {first} and {target} are for the same accounts; take one of them"
            )
        yield target, accounts


def _offer(target: Any, accounts: list[str], offered: Sequence[Offer], file: Path) -> Offer:  # noqa: ANN401 - YAML
    for each in offered:
        if (each.target, each.accounts) == (target, frozenset(accounts)):
            return each
    raise UnadoptableError(
        f"{file}: {target} does not reach what new entries list any more; delete the file to have it written "
        "anew"
    )
