"""Options of `explain` that say what else has a say: the context of the call, policies, the organisation."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from identity_center.model.mistakes import why_unread
from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.connection import add_connection_options, connection
from identity_center_cli.stacks.named import ACCOUNT as AN_ACCOUNT
from identity_center_cli.stacks.named import UnknownNameError, accounts_of, find
from identity_center_cli.stacks.snapshots import read_organisation as read_snapshot_at
from identity_center_cli.verbs.explain.asked import ASSUMING
from identity_center_cli.verbs.explain.surroundings import ACCOUNT, SNAPSHOT, Surroundings
from identity_guard.iam.document.document import DocumentKind, Unreadable
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach
from identity_guard.iam.evaluate.decision import ContextValue
from identity_guard.iam.requests.ruling import NotGiven

SEVERAL: Final = "may be repeated"


class UnusableQuestionError(Exception):
    """A question that has no answer."""


def add_surroundings(verb: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = verb.add_argument_group("what else has a say")
    group.add_argument(
        "--context",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help="what the call carries, such as aws:RequestedRegion=eu-central-1; a key given twice has "
        "two values",
    )
    group.add_argument(
        "--without-key",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY",
        help="condition keys that the call does not carry",
    )
    group.add_argument(
        "--organisation",
        type=Path,
        metavar="FILE",
        help=f"what {SNAPSHOT} wrote: service and resource control policies, names of accounts and, with "
        "--model, accounts that are not given by their ids (default there: the one that the model names)",
    )
    group.add_argument("--live", action="store_true", help="the same, asked of AWS now")
    group.add_argument(
        "--resource-policy",
        type=Path,
        metavar="FILE",
        help="with --on: the policy of that resource, such as a bucket's, a key's or a role's trust policy",
    )
    group.add_argument(
        "--resource-account",
        metavar="ACCOUNT",
        help="whose that resource is, where its ARN does not say so (default: the caller's own account)",
    )
    group.add_argument(
        "--session-policy",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"a policy that was given when the session was asked for; {SEVERAL}",
    )
    add_connection_options(verb)


def surroundings(arguments: argparse.Namespace, action: str = "") -> Surroundings:
    """Read what the options name. Raises UnusableQuestionError with every mistake."""
    mistakes = list(_mistakes(arguments))
    context = _context(arguments.context, mistakes)
    kind = DocumentKind.TRUST if action.lower() in ASSUMING else DocumentKind.RESOURCE
    resource = _read(arguments.resource_policy, kind, mistakes) if arguments.resource_policy else None
    session = [_read(each, DocumentKind.IDENTITY, mistakes) for each in arguments.session_policy]
    if mistakes:
        raise UnusableQuestionError("; ".join(mistakes))
    found = Surroundings(
        context,
        frozenset(each.lower() for each in arguments.without_key),
        _organisation(arguments),
        tuple(each for each in session if each),
        resource or NotGiven.UNKNOWN,
    )
    owner = account_named(arguments.resource_account, found.organisation, "--resource-account")
    return replace(found, resource_account=owner)


def _mistakes(arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.organisation is not None and arguments.live:
        yield "give either --organisation or --live"
    for option in ("resource_policy", "resource_account"):
        if getattr(arguments, option) is not None and not arguments.on:
            yield f"--{option.replace('_', '-')} belongs to --on RESOURCE: it is about that resource"
    asked = {each.partition("=")[0].lower() for each in arguments.context}
    for key in sorted(asked & {each.lower() for each in arguments.without_key}):
        yield f"--context and --without-key contradict each other about {key}"


def _context(given: Sequence[str], mistakes: list[str]) -> dict[str, ContextValue]:
    """Read the pairs; a key that is given more than once carries a list."""
    found: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or ":" not in key:
            mistakes.append(f"--context {each}: expected KEY=VALUE, such as aws:RequestedRegion=eu-central-1")
        found.setdefault(spelled.setdefault(key.lower(), key), []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _read(path: Path, kind: DocumentKind, mistakes: list[str]) -> Attachment | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        mistakes.append(f"{path} cannot be read: {why_unread(error)}")
        return None
    found = attach(text, path.name, Origin.INLINE, kind)
    if isinstance(found.document, Unreadable):
        mistakes += [f"{path}: {reason}" for reason in found.document.reasons]
    return found


def _organisation(arguments: argparse.Namespace) -> Organisation | None:
    if arguments.live:
        from identity_center_cli.aws.organisation import EVERYTHING, read_organisation  # noqa: PLC0415  # loads boto3

        return read_organisation(connection(arguments).settings(), EVERYTHING, policies=True)
    return read_snapshot_at(arguments.organisation) if arguments.organisation else None


def account_named(text: str | None, organisation: Organisation | None, option: str) -> str | None:
    """Return the id of an account that is given by its id or its name. Raises UnusableQuestionError."""
    if text is None or ACCOUNT.fullmatch(text):
        return text
    if organisation is None:
        told = f"{option} takes the id of an account, of 12 digits; its name with --organisation or --live"
        raise UnusableQuestionError(told)
    try:
        return find(text, AN_ACCOUNT, accounts_of(organisation))
    except UnknownNameError as error:
        raise UnusableQuestionError(f"{option}: {error}") from error
