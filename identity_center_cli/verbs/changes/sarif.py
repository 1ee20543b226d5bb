"""Changes of access as SARIF 2.1.0: one result for each person and for each permission set.

Source: OASIS, Static Analysis Results Interchange Format Version 2.1.0 (27 March 2020).
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from identity_center.model.access.changes import Change
from identity_center_cli.installed import version
from identity_center_cli.verbs.check.sarif import SCHEMA, VERSION

from .found import Changes

TOOL: Final = "identity-center changes"
GAINED: Final = "access-gained"
LOST: Final = "access-lost"
PERMISSIONS: Final = "permissions-changed"
REPLACED: Final = "permission-set-replaced"
RULES: Final = {
    GAINED: ("Somebody gains access", "note"),
    LOST: ("Somebody loses access", "note"),
    PERMISSIONS: ("A permission set allows something else", "warning"),
    REPLACED: ("A permission set gets another name, and its roles other ARNs", "warning"),
}
"""What each says, and its level: what widens or breaks access without a new assignment is easily missed."""


def as_sarif(changes: Changes, place: str) -> dict[str, Any]:
    """Write the log; `place` is what was read, since changes stand in no one line."""
    compared = changes.access is not None
    notification = {"level": "error", "message": {"text": changes.problem or "nothing was compared"}}
    run = {
        "tool": {"driver": {"name": TOOL, "version": version(), "rules": [*map(_rule, RULES)]}},
        "invocations": [
            {
                "executionSuccessful": compared,
                "toolExecutionNotifications": [] if compared and not changes.problem else [notification],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(*each, place) for each in _found(changes)],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    says, level = RULES[name]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "shortDescription": {"text": says},
        "defaultConfiguration": {"level": level},
    }


def _found(changes: Changes) -> Iterator[tuple[str, str, str]]:
    """Yield the rule, what it is about, and the sentence."""
    for each in changes.permissions:
        yield PERMISSIONS, f"permission set {each.key}", each.sentence(changes.places)
    if changes.access is None:
        return
    for one in changes.access.replacements:
        yield REPLACED, f"permission set {one.key}", f"{one.before} becomes {one.after}"
    for change in changes.access.changes:
        yield (GAINED if change.gains else LOST), _who(change), _of_access(change)


def _who(change: Change) -> str:
    return f"{'group' if change.whole_group else 'person'} {change.person}"


def _of_access(change: Change) -> str:
    who = f"everybody in group {change.person}" if change.whole_group else change.person
    what = (
        change.held.name if change.held.kind == "permissionSet" else f"{change.held.kind} {change.held.name}"
    )
    where = f" in {change.held.account_id}" if change.held.account_id else ""
    way = f" ({', '.join(change.through)})"
    return f"{who} {'gains' if change.gains else 'loses'} {what}{where}{way}"


def _result(rule: str, about: str, text: str, place: str) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": place}, "region": {"startLine": 1}}
    return {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": RULES[rule][1],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": about, "kind": "resource"}],
            }
        ],
        # By it a forge knows a result again though it stands in no line of its own.
        "partialFingerprints": {"change/v1": hashlib.sha256(f"{rule}\n{about}\n{text}".encode()).hexdigest()},
    }
