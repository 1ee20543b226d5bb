"""Policy documents put together by the provider: statements, and whole documents under and over them."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, Property, block, list_of, set_of, text

_OLD = "2008-10-17"
# In the order in which the real provider writes them.
_MEMBERS = (
    ("actions", "Action"),
    ("notActions", "NotAction"),
    ("resources", "Resource"),
    ("notResources", "NotResource"),
)
_ORDER = ("Sid", "Effect", *(member for _, member in _MEMBERS), "Principal", "NotPrincipal", "Condition")


def _get_policy_document(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del call
    version = asked.get("version") or "2012-10-17"
    merged: dict[str, Any] = {}
    sids: set[str] = set()
    for at, source in enumerate(asked.get("sourcePolicyDocuments") or []):
        document = _read(source, f"source document {at}")
        _unique(document["Statement"], sids, "sourcePolicyDocuments")
        _merge(merged, document)
    own = [_statement(one, version) for one in asked.get("statements") or []]
    _unique(own, set(), "statements")
    _merge(merged, {"Version": version, "Id": asked.get("policyId"), "Statement": own})
    for at, override in enumerate(asked.get("overridePolicyDocuments") or []):
        _merge(merged, _read(override, f"override document {at}"))
    ordered = {name: merged[name] for name in ("Version", "Id", "Statement") if merged.get(name)}
    written = _escaped(json.dumps(ordered, indent=2, ensure_ascii=False))
    minified = _escaped(json.dumps(ordered, separators=(",", ":"), ensure_ascii=False))
    number = str(zlib.crc32(written.encode()))
    return {**asked, "version": version, "id": number, "json": written, "minifiedJson": minified}


def _escaped(written: str) -> str:
    """Escape what Go's encoder escapes in JSON."""
    for char in "&<>":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return written


def _merge(merged: dict[str, Any], document: Mapping[str, Any]) -> None:
    """Put a document over another: statements of the same Sid replace, the others are added."""
    merged["Id"] = document.get("Id") or merged.get("Id")
    merged["Version"] = max(document.get("Version") or "", merged.get("Version") or "")
    statements = merged.setdefault("Statement", [])
    for new in document["Statement"]:
        places = [at for at, old in enumerate(statements) if new.get("Sid") and old.get("Sid") == new["Sid"]]
        if places:
            statements[places[0]] = new
        else:
            statements.append(new)


def _unique(statements: list[dict[str, Any]], sids: set[str], where: str) -> None:
    for sid in (one["Sid"] for one in statements if one.get("Sid")):
        if sid in sids:
            raise ValueError(f"duplicate Sid ({sid}) in {where}: remove the Sid or make it unique")
        sids.add(sid)


def _read(written: str, what: str) -> dict[str, Any]:
    """Read a document; a principal and a condition come out as the real provider writes them again."""
    try:
        read = json.loads(written)
    except ValueError as error:
        raise ValueError(f"{what} is no JSON: {error}") from error
    statements = (read.get("Statement") or []) if isinstance(read, dict) else None
    if not isinstance(statements, list):
        # A wrong value of the user's, not a wrong type of the program's. A single statement without a list
        # is one that the real provider cannot read either.
        problem = f"{what} is no policy document: it must be an object whose Statement is a list"
        raise ValueError(problem)  # noqa: TRY004 - see above
    return {**read, "Statement": [_again(one) for one in statements]}


def _again(statement: Mapping[str, Any]) -> dict[str, Any]:
    out = {name: statement[name] for name in _ORDER if statement.get(name)}
    for name in ("Principal", "NotPrincipal"):
        if isinstance(out.get(name), dict):
            out[name] = {
                kind: sorted(who, reverse=True) if isinstance(who, list) else who
                for kind, who in sorted(out[name].items())
            }
    if "Condition" in out:
        conditions = [
            (test, key, _texts(values))
            for test, keys in out["Condition"].items()
            for key, values in keys.items()
        ]
        out["Condition"] = _conditions(conditions)
    return out


def _texts(values: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    listed = values if isinstance(values, list) else [values]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]


def _statement(given: Mapping[str, Any], version: str) -> dict[str, Any]:
    out: dict[str, Any] = {"Sid": given.get("sid"), "Effect": given.get("effect") or "Allow"}
    for name, member in _MEMBERS:
        # Only resources, principals and conditions may hold policy variables.
        values = list(given.get(name) or [])
        out[member] = _flat([_variables(one, version) for one in values] if "esource" in name else values)
    out["Principal"] = _principals(given.get("principals") or [], version)
    out["NotPrincipal"] = _principals(given.get("notPrincipals") or [], version)
    rows = [
        (one["test"], one["variable"], [_variables(value, version) for value in one["values"]])
        for one in given.get("conditions") or []
    ]
    out["Condition"] = _conditions(rows)
    return {name: value for name, value in out.items() if value}


def _variables(value: str, version: str) -> str:
    if version == _OLD and "&{" in value:
        raise ValueError(f"found &{{ in ({value}), which document version {_OLD} does not support")
    return value.replace("&{", "${")


def _flat(values: list[str]) -> Any:  # noqa: ANN401 - a text or a list of texts
    """Write one value as a text, several as a list in falling order, as the real provider does."""
    return values[0] if len(values) == 1 else sorted(set(values), reverse=True)


def _principals(given: list[Mapping[str, Any]], version: str) -> Any:  # noqa: ANN401 - a text or an object
    rows = [(one["type"], [_variables(who, version) for who in one["identifiers"]]) for one in given]
    if rows == [("*", ["*"])]:
        return "*"
    found: dict[str, list[str]] = {}
    for kind, who in rows:
        found.setdefault(kind, []).extend(sorted(set(who), reverse=True))
    return {kind: who[0] if len(who) == 1 else who for kind, who in sorted(found.items())}


def _conditions(rows: list[tuple[str, str, list[str]]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, list[str]]] = {}
    for test, key, values in rows:
        found.setdefault(test, {}).setdefault(key, []).extend(values)
    return {
        test: {key: held[0] if len(held) == 1 else held for key, held in sorted(keys.items())}
        for test, keys in sorted(found.items())
    }


_EFFECT = checks.one_of("Allow", "Deny")
_WHO = set_of(block({"identifiers": set_of(text(), required=True), "type": text(required=True)}))
_CONDITION = block(
    {"test": text(required=True), "values": list_of(text(), required=True), "variable": text(required=True)}
)
_TEXTS = set_of(text())
_STATEMENT: dict[str, Property] = {
    "actions": _TEXTS,
    "conditions": set_of(_CONDITION),
    "effect": text(checks=(_EFFECT,)),
    "notActions": _TEXTS,
    "notPrincipals": _WHO,
    "notResources": _TEXTS,
    "principals": _WHO,
    "resources": _TEXTS,
    "sid": text(checks=(checks.pattern(r"[a-zA-Z0-9]*", "letters and digits"),)),
}
_EMPTY = checks.length(0, 0)
_DOCUMENTS = list_of(text(checks=(checks.any_json,)))

INVOKES = (
    Invoke(
        token="aws:iam/getPolicyDocument:getPolicyDocument",  # noqa: S106 - a function token
        source="TF internal/service/iam/policy_document_data_source.go and policy_model.go",
        inputs={
            "overrideJson": text(checks=(_EMPTY,), deprecated="Not used."),
            "overridePolicyDocuments": _DOCUMENTS,
            "policyId": text(),
            "sourceJson": text(checks=(_EMPTY,), deprecated="Not used."),
            "sourcePolicyDocuments": _DOCUMENTS,
            "statements": list_of(block(_STATEMENT)),
            "version": text(checks=(checks.one_of(_OLD, "2012-10-17"),)),
        },
        outputs={"id": text(), "json": text(), "minifiedJson": text()},
        run=_get_policy_document,
    ),
)
