"""In which ways documents ask for MFA, and which of them do not ask.

A statement is judged by what its conditions on the two MFA keys come to with the key absent, as in requests
signed with long-term keys, without MFA, and with it. A few ways have names of their own, since AWS's pages
warn of them; the others follow from those three answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, without
from identity_guard.iam.document.condition import Clause, Quantifier
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.statements import LayeredStatement, ResourceScope

PRESENT: Final = "aws:multifactorauthpresent"
AGE: Final = "aws:multifactorauthage"
_LOOKS_LIKE_MFA: Final = ("multifactor", "mfa")


@dataclass(frozen=True, slots=True)
class WrongPattern:
    """A known way of asking for MFA that does not, or not for all, or for nobody."""

    name: str
    statement: str
    document: str
    why: str


def wrong_patterns(statements: Iterable[LayeredStatement]) -> list[WrongPattern]:
    """Name the statements that ask for MFA in a way known to be wrong."""
    found: list[WrongPattern] = []
    for layered in statements:
        for name, why in wrong_ways(layered.statement):
            found.append(WrongPattern(name, layered.statement.label, layered.attachment.name, why))
    return found


def wrong_ways(statement: Statement) -> Iterable[tuple[str, str]]:
    """Yield the name of each wrong way in which one statement asks for MFA, and why it is wrong."""
    clauses = [clause for clause in statement.clauses if clause.key in (PRESENT, AGE)]
    yield from _wrong_clauses(statement.effect, clauses)
    for clause in statement.clauses:
        if clause.key not in (PRESENT, AGE) and any(part in clause.key for part in _LOOKS_LIKE_MFA):
            yield (
                "misspelt-key",
                f"there is no condition key `{clause.key[:60]}`; it is `aws:MultiFactorAuthPresent`",
            )


def _wrong_clauses(effect: Effect, clauses: list[Clause]) -> Iterable[tuple[str, str]]:
    if effect is Effect.DENY and len({clause.operator.name for clause in clauses}) > 1:
        absent = all(clause.holds(None) is not False for clause in clauses)
        false = all(clause.holds(("false",)) for clause in clauses if clause.key == PRESENT)
        if not absent and not false:
            yield "deny-that-never-holds", "its conditions on the MFA keys are never true together"
            return
    rows = [_WRONG.get((effect, clause.key, _family(clause), *_states(clause))) for clause in clauses]
    named = [row for row in rows if row is not None]
    yield from named
    if clauses and not named and (row := _BY_STATES.get((effect, *_together(clauses)))) is not None:
        yield row


def _together(clauses: list[Clause]) -> tuple[bool | None, bool | None, bool | None]:
    """Return whether all of them hold with the key absent, without MFA and with it."""
    states = zip(*map(_states, clauses), strict=True)
    absent, without, with_mfa = (
        False if False in each else None if None in each else True for each in map(set, states)
    )
    return absent, without, with_mfa


def _family(clause: Clause) -> str:
    if clause.operator.values == "presence":
        return "Null"
    if clause.quantifier is not Quantifier.NONE:
        return str(clause.quantifier.value).rstrip(":")
    return "IfExists" if clause.if_exists else "plain"


def _states(clause: Clause) -> tuple[bool | None, bool | None, bool | None]:
    """Return whether a clause holds with the key absent, without MFA and with it."""
    with_mfa, without = (("true",), ("false",)) if clause.key == PRESENT else (("300",), None)
    return clause.holds(None), clause.holds(without), clause.holds(with_mfa)


_LONG_TERM: Final = "requests signed with long-term access keys carry no MFA key, so they pass"
_WRONG: Final[dict[tuple[object, ...], tuple[str, str]]] = {
    (Effect.DENY, PRESENT, "plain", False, True, False): (
        "deny-bool-false",
        f"`Bool` does not match an absent key: {_LONG_TERM}; use `BoolIfExists`",
    ),
    (Effect.DENY, PRESENT, "ForAnyValue", False, True, False): (
        "deny-for-any-value",
        f"`ForAnyValue` does not match an absent key: {_LONG_TERM}",
    ),
    (Effect.DENY, PRESENT, "ForAnyValue", None, True, False): (
        "deny-for-any-value",
        "AWS's pages disagree on whether it matches an absent key; use `BoolIfExists` without `ForAnyValue`",
    ),
    (Effect.DENY, PRESENT, "Null", True, False, False): (
        "deny-null-true",
        "temporary credentials without MFA carry the key with the value false, so they pass",
    ),
    (Effect.DENY, PRESENT, "IfExists", True, False, True): (
        "deny-inverted",
        "it denies callers with MFA and lets those without pass",
    ),
    (Effect.DENY, PRESENT, "plain", False, False, True): (
        "deny-inverted",
        "it denies callers with MFA and lets those without pass",
    ),
    (Effect.ALLOW, PRESENT, "IfExists", True, False, True): (
        "allow-bool-if-exists-true",
        f"`IfExists` matches an absent key: {_LONG_TERM}; use `Bool`",
    ),
    (Effect.ALLOW, PRESENT, "ForAllValues", True, False, True): (
        "allow-for-all-values",
        f"`ForAllValues` matches an absent key: {_LONG_TERM}",
    ),
    (Effect.ALLOW, PRESENT, "Null", False, True, True): (
        "allow-null-false",
        "it asks whether the key is there, not whether MFA was used",
    ),
    (Effect.ALLOW, PRESENT, "plain", False, True, False): (
        "allow-inverted",
        "it allows only callers without MFA",
    ),
    (Effect.ALLOW, PRESENT, "IfExists", True, True, False): (
        "allow-inverted",
        "it allows only callers without MFA",
    ),
    (Effect.ALLOW, AGE, "IfExists", True, True, True): (
        "allow-age-if-exists",
        f"`IfExists` matches an absent key: {_LONG_TERM}",
    ),
    (Effect.DENY, AGE, "plain", False, False, False): (
        "deny-age",
        "without MFA there is no age, so the Deny does not hold; add `IfExists`",
    ),
}
"""By effect, key, kind of operator and what holds with the key absent, false and true.

The first five and `allow-null-false` are AWS's own list of forms not to use (IAM User Guide,
reference_policies_condition-keys, aws:MultiFactorAuthPresent); the others follow from the operator rules.
"""

_NOT_WITHOUT_KEY: Final = f"it does not hold with the key absent: {_LONG_TERM}"
_BY_STATES: Final[dict[tuple[object, ...], tuple[str, str]]] = {
    (Effect.DENY, False, True, False): (
        "deny-without-key",
        _NOT_WITHOUT_KEY,
    ),
    (Effect.DENY, True, False, False): ("deny-absent-only", "callers without MFA who carry the key pass"),
    (Effect.DENY, False, False, False): ("deny-that-never-holds", "it holds neither without MFA nor with it"),
    (Effect.DENY, False, False, True): (
        "deny-inverted",
        "it denies callers with MFA and lets those without pass",
    ),
    (Effect.DENY, True, False, True): ("deny-inverted", "it denies callers with MFA and lets others pass"),
    (Effect.DENY, False, True, True): (
        "deny-without-key",
        _NOT_WITHOUT_KEY,
    ),
    (Effect.ALLOW, True, False, True): ("allow-without-key", f"it holds with the key absent: {_LONG_TERM}"),
    (Effect.ALLOW, True, True, True): ("allow-always", "it holds with MFA and without"),
    (Effect.ALLOW, False, True, True): ("allow-always", "it holds for callers without MFA who carry the key"),
    (Effect.ALLOW, True, False, False): ("allow-inverted", "it allows only callers without MFA"),
    (Effect.ALLOW, True, True, False): ("allow-inverted", "it allows only callers without MFA"),
    (Effect.ALLOW, False, True, False): ("allow-inverted", "it allows only callers without MFA"),
}
"""By effect, and what all conditions on the keys come to with the key absent, without MFA and with it."""

SPARED: Final = ("sts:AssumeRole",)
"""What nobody needs before MFA is set up beside changes in IAM, and makes a Deny without it worth little."""
HARMLESS: Final = ("iam:ChangePassword", "iam:DeleteVirtualMFADevice")
"""Changes in IAM that are often spared: one's own password, and devices that nobody uses (a device has to be
deactivated first; IAM API reference, DeleteVirtualMFADevice)."""


def spared_without_mfa(layered: LayeredStatement, set_up: int) -> tuple[str, ...]:
    """Name what a Deny of (nearly) everything spares although setting up MFA does not need it.

    Only of a Deny that is written with NotAction, for all resources: another one may mean a few actions only.
    """
    statement = layered.statement
    asks = any(clause.key in (PRESENT, AGE) for clause in statement.clauses)
    of_all = layered.scope is ResourceScope.EVERYTHING
    if not (asks and of_all and statement.actions_excluded and statement.effect is Effect.DENY):
        return ()
    known = catalogue()
    spared = without(known.known, layered.actions.possible)
    harmful = known.changing("iam") | known.mask_of(SPARED)
    return tuple(known.names(without(spared & harmful, set_up | known.mask_of(HARMLESS))))
