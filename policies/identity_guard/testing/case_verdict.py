"""Judge cases in the line format of the labelled corpus: one JSON object a line, one verdict a line."""

import json
from collections.abc import Mapping
from typing import Any, Final

from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach, managed_attachment, unknown
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.questions.trust import judge_trust
from identity_guard.iam.questions.verdict import Verdict, judge

TWICE: Final = "(a key given twice)"
"""Stands in a decoded document for an element that was given twice; it makes the document unreadable."""
KINDS: Final = ("identity", "permission_set", "trust", "scp", "malformed")


class CaseError(ValueError):
    """A line is no case; `case_id` is its id, where it has one."""

    def __init__(self, reason: str, case_id: str | None = None) -> None:
        super().__init__(reason)
        self.case_id = case_id


def read_case(line: str) -> dict[str, Any]:
    """Read one line, or raise CaseError that says what is wrong with it."""
    try:
        case = json.loads(line, object_pairs_hook=_object_of)
    except json.JSONDecodeError as error:
        raise CaseError(f"not JSON at column {error.colno}: {error.msg.lower()}") from error
    except RecursionError as error:
        raise CaseError("nested too deeply") from error
    if not isinstance(case, dict):
        raise CaseError("expected an object")
    case_id = case.get("id")
    if not isinstance(case_id, str):
        raise CaseError("`id`: expected a text")
    if case.get("kind") not in KINDS:
        raise CaseError(f"`kind`: expected one of {', '.join(KINDS)}", case_id)
    if not isinstance(case.get("policies"), list):
        raise CaseError("`policies`: expected a list", case_id)
    return case


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep what a decoded document says twice in a way that no reader of documents takes for an element."""
    found = dict(pairs)
    if len(found) != len(pairs):
        found[TWICE] = None
    return found


def verdict_of(case: Mapping[str, Any], now: float | None = None) -> dict[str, Any]:
    """Judge a case and return its verdict, ready for JSON."""
    kind = case["kind"]
    of_kind = DocumentKind.TRUST if kind == "trust" else DocumentKind.IDENTITY
    attachments = [
        _attachment(entry, f"policies[{number}]", of_kind) for number, entry in enumerate(case["policies"])
    ]
    boundary = case.get("boundary")
    limit = None if boundary is None else _attachment(boundary, "boundary", DocumentKind.IDENTITY)
    if kind == "trust":
        return _trust(case["id"], attachments, now)
    if kind == "scp":
        return _scp(case["id"], judge([], scps=[attachments], now=now))
    session = kind == "permission_set"
    return _identity(case["id"], judge(attachments, limit, now=now, permission_set=session))


def _attachment(entry: object, name: str, kind: DocumentKind) -> Attachment:
    """Read one document of a case: a text, a decoded one, a managed one by its ARN, or the bare document."""
    if not isinstance(entry, Mapping):
        return attach(entry, name, kind=kind) if isinstance(entry, str) else _no_document(name)
    if isinstance(entry.get("managed_arn"), str):
        return managed_attachment(entry["managed_arn"])
    for key in ("text", "document"):
        if key in entry:
            found = entry[key]
            if isinstance(found, str | Mapping):
                return attach(found, name, kind=kind)
            return attach(json.dumps(found), name, kind=kind)
    return attach(entry, name, kind=kind)


def _no_document(name: str) -> Attachment:
    return unknown(name, "the case gives no document", Origin.INLINE)


def _base(case_id: str) -> dict[str, Any]:
    return {
        "id": case_id,
        "root_level": None,
        "administrator": None,
        "escalation": None,
        "mfa_enforced": None,
        "public_trust": None,
        "malformed": False,
        "undecided": [],
        "witness": None,
    }


def _identity(case_id: str, verdict: Verdict) -> dict[str, Any]:
    found = _base(case_id)
    found["root_level"] = verdict.root_level
    found["administrator"] = verdict.administrator
    if verdict.escalates is not None:
        found["escalation"] = [path.name for path in verdict.escalation]
    found["mfa_enforced"] = verdict.mfa_enforced
    found["malformed"] = bool(verdict.unreadable)
    found["undecided"] = list(verdict.undecided)
    found["witness"] = _witness(None if verdict.unreadable else verdict.witness)
    return found


def _scp(case_id: str, verdict: Verdict) -> dict[str, Any]:
    """Say whether an SCP can be read; it grants nothing, so nothing else is asked of it."""
    found = _base(case_id)
    found["malformed"] = bool(verdict.unreadable)
    if not verdict.unreadable:
        found |= {"root_level": False, "administrator": False, "escalation": []}
    else:
        found["undecided"] = list(verdict.undecided)
    return found


def _trust(case_id: str, attachments: list[Attachment], now: float | None) -> dict[str, Any]:
    found = _base(case_id)
    verdicts = [judge_trust(attachment, now) for attachment in attachments]
    found["malformed"] = any(verdict.unreadable for verdict in verdicts)
    found["undecided"] = [reason for verdict in verdicts for reason in verdict.undecided]
    if found["malformed"]:
        return found
    answers = [verdict.public for verdict in verdicts]
    found["public_trust"] = True if True in answers else None if None in answers else False
    answers = [verdict.requires_mfa for verdict in verdicts]
    found["mfa_enforced"] = False if False in answers else None if None in answers else True
    shown = [verdict.witness for verdict in verdicts if verdict.witness is not None]
    found["witness"] = _witness(shown[0] if shown else None)
    return found


def _witness(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {
        "action": witness.action,
        "resource": witness.resource,
        "context": dict(witness.context),
        "statements": [
            {
                "document": place.position,
                "index": place.index,
                "name": place.document,
                "sid": place.sid,
                "role": "policy" if place.layer == 0 else "boundary",
            }
            for place in witness.statements
        ],
    }


def unread_case(case_id: str, reason: str) -> dict[str, Any]:
    """Return the verdict for a line that is no case: nothing is known of it."""
    return _base(case_id) | {"malformed": True, "undecided": [reason]}
