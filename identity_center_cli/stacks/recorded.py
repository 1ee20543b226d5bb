"""A stack as the engine recorded it: an exported state, or the events of a preview or update.

What the engine keeps secret or does not know yet stands as unknown, so that no rule takes it for harmless.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.mistakes import why_unread
from identity_guard.stack.accounts import account_of_provider
from identity_guard.stack.native_types import read_dependencies, read_properties, read_type
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import Phase
from identity_guard.stack.policy_documents import has_secret
from identity_guard.stack.resource_types import COVERED_TYPES
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .given_instead import EXPORT, said_of

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public mark, not a secret
"""How a state marks a secret. Source: pulumi/sdk/go/common/resource/sig."""
HIDDEN: Final = "[secret]"
"""How events show a secret. Source: pulumi/pkg/engine/events.go."""
VERSIONS: Final = (3, 4)
"""Versions of an exported deployment that are laid out as is read here (sdk/go/common/apitype)."""
GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read-discard"})
NOT_MADE: Final = frozenset({"read", "read-replacement", "refresh", "remove-pending-replace"})
"""Operations whose `new` is nothing that the program makes (sdk/go/common/apitype/events.go)."""
PROVIDER_TYPES: Final = "pulumi:providers:"
ENDS: Final = ("summaryEvent", "cancelEvent")


class UnusableStackError(ValueError):
    """A record that cannot be read; nothing is known of its stack."""


def view_of(resources: Mapping[str, Resource], supplied: Mapping[str, str]) -> View:
    """Make the view that the rules judge; `supplied` has texts of policies made elsewhere, by name."""
    return View.of_all(Phase.AUDIT, resources, supplied)


def read_state(place: str) -> dict[str, Any]:
    """Read an exported state from a file or standard input. Raises UnusableStackError."""
    try:
        text = sys.stdin.read() if place == "-" else Path(place).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableStackError(f"{place} cannot be read: {why_unread(error)}") from error
    except UnicodeDecodeError as error:
        raise UnusableStackError(f"{_named(place)} is no exported state: it is not in UTF-8") from error
    try:
        state = json.loads(text)
    except ValueError as error:
        said = "it is empty" if not text.strip() else "it is not JSON"
        raise UnusableStackError(f"{_named(place)} is no exported state: {said}; {EXPORT}") from error
    if not isinstance(state, dict) or not isinstance(state.get("deployment"), dict):
        raise UnusableStackError(f"{_named(place)} is no exported state: {said_of(state)}")
    return state


def _named(place: str) -> str:
    return "standard input" if place == "-" else place


def resources_in(state: Mapping[str, Any], place: str) -> dict[str, Resource]:
    """Read what `pulumi stack export` prints. Raises UnusableStackError, which names the file."""
    try:
        return resources_of_state(state)
    except UnusableStackError as error:
        raise UnusableStackError(f"{_named(place)}: {error}") from error


def resources_of_state(state: Mapping[str, Any]) -> dict[str, Resource]:
    """Read what `pulumi stack export` prints. Raises UnusableStackError."""
    deployment = state.get("deployment")
    if not isinstance(deployment, dict):
        raise UnusableStackError("it has no deployment: an exported state has an object there")
    if state.get("version") not in VERSIONS:
        raise UnusableStackError("its layout has another version than this command reads (3 and 4)")
    entries = deployment.get("resources") or []
    if not isinstance(entries, list):
        raise UnusableStackError("`deployment.resources` is no list")
    pending = deployment.get("pending_operations") or []
    if pending:
        # What an interrupted update left half made is not in `resources`.
        raise UnusableStackError(
            f"{len(pending)} operations were interrupted, so it does not say what exists: "
            "run `identity-center recover`"
        )
    return resources_of_entries(entries)


def resources_of_entries(entries: list[Any]) -> dict[str, Resource]:
    """Read resources as a state has them, by URN. Raises UnusableStackError."""
    accounts = _accounts(entries)
    return {made.urn: made for entry in entries if (made := _resource(entry, accounts)) is not None}


def resources_of_events(events: list[Mapping[str, Any]]) -> dict[str, Resource]:
    """Read an engine event stream; what was said last counts. Raises UnusableStackError."""
    if not any(end in event for event in events for end in ENDS):
        raise UnusableStackError("the stream breaks off: it has no last event (summaryEvent or cancelEvent)")
    found: dict[str, Resource] = {}
    steps = [
        (event.get("resourcePreEvent") or event.get("resOutputsEvent") or {}).get("metadata")
        for event in events
    ]
    accounts = _accounts(metadata.get("new") for metadata in steps if isinstance(metadata, dict))
    for metadata in steps:
        if not isinstance(metadata, dict) or metadata.get("op") in NOT_MADE:
            continue
        made = _resource(metadata.get("new"), accounts)
        if metadata.get("op") in GONE:
            if metadata.get("op") == "delete":
                found.pop(str(metadata.get("urn")), None)
        elif made is not None:
            found[made.urn] = made
    return found


def read_events(text: str) -> list[Mapping[str, Any]]:
    """Read one event a line. Raises UnusableStackError with the line that is none."""
    events: list[Mapping[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            raise UnusableStackError(f"line {number} is not JSON: {error.__class__.__name__}") from error
        if not isinstance(event, dict) or "sequence" not in event:
            raise UnusableStackError(f"line {number} is no engine event")
        events.append(event)
    return events


def _accounts(entries: Iterable[object]) -> dict[str, str | None]:
    """Return the account that each recorded provider names, by the provider's URN."""
    return {
        str(entry.get("urn")): account_of_provider(Properties(plain(entry.get("inputs") or {})))
        for entry in entries
        if isinstance(entry, dict) and str(entry.get("type")).startswith(PROVIDER_TYPES)
    }


def _resource(entry: object, accounts: Mapping[str, str | None]) -> Resource | None:
    """Read one recorded resource; None for what no rule covers, is only read or waits for its deletion."""
    if not isinstance(entry, dict) or not isinstance(entry.get("urn"), str):
        raise UnusableStackError("an entry of the record is no resource: it has no URN")
    if read_type(str(entry.get("type"))) not in COVERED_TYPES or entry.get("external") or entry.get("delete"):
        return None
    provider = str(entry["provider"]).rsplit("::", 1)[0] if entry.get("provider") else None
    kind = entry["type"]
    return Resource(
        read_type(kind),
        entry["urn"],
        entry["urn"].split("::", 3)[-1],
        inputs=Properties(read_properties(kind, plain(entry.get("inputs") or {}))),
        outputs=Properties(read_properties(kind, plain(entry.get("outputs") or {}))),
        provider=provider,
        dependencies=frozenset(entry.get("dependencies") or ()),
        by_property=read_dependencies(kind, entry.get("propertyDependencies") or {}),
        secret=has_secret([entry.get("inputs"), entry.get("outputs")]),
        provider_account=accounts.get(provider or ""),
    )


def plain(value: Any) -> Any:  # noqa: ANN401 - a property may hold anything
    """Open what is marked as a secret where its text is at hand, else let it stand as unknown."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return plain(json.loads(value["plaintext"])) if "plaintext" in value else UNKNOWN_STRING_VALUE
        if SIGNATURE in value:
            # An output, an asset, a reference: what it comes to is in `value`, or is not for a rule.
            return plain(value["value"]) if "value" in value else UNKNOWN_STRING_VALUE
        return {
            name: _plain_text(each) if isinstance(each, str) else plain(each) for name, each in value.items()
        }
    if isinstance(value, list):
        return [plain(each) for each in value]
    return _plain_text(value) if isinstance(value, str) else value


def _plain_text(text: str) -> str:
    return UNKNOWN_STRING_VALUE if text == HIDDEN else text


def policy_events(events: list[Mapping[str, Any]], pack: str) -> Iterator[Mapping[str, Any]]:
    """Yield what a pack told during the run."""
    for event in events:
        told = event.get("policyEvent")
        if isinstance(told, dict) and told.get("policyPackName") == pack:
            yield told
