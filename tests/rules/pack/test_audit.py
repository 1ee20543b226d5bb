"""Every rule over a recorded stack, without an engine: under which policy and level each finding is told."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import pytest

from identity_guard.pack import all_rules
from identity_guard.pack import configuration as audit
from identity_guard.pack.configuration import RuleFailure, read_configuration
from identity_guard.rules.rule import Settings
from identity_guard.stack.findings import Finding
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import TODAY_VARIABLE, Phase
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

ROLE: Final = "aws:iam/role:Role"
OPEN: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    }
)
DEPLOY: Final = {
    "name": "deploy",
    "managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "assumeRolePolicy": OPEN,
}
SPARE: Final = {
    "name": "Spare",
    "policy": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
}


def recorded() -> View:
    """Record a role with everything that anybody may assume, and a policy that nobody holds."""
    made = [
        Resource(kind, f"urn:pulumi:dev::project::{kind}::{name}", name, inputs=Properties(given))
        for kind, name, given in ((ROLE, "deploy", DEPLOY), ("aws:iam/policy:Policy", "spare", SPARE))
    ]
    return View.of_all(Phase.AUDIT, {each.urn: each for each in made}, {})


def told(**configured: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - as a file has it
    """Return the name, the level and the first words of each."""
    given = {name.replace("_", "-"): value for name, value in configured.items()}
    return [
        (each.policy.name, each.level, " ".join(each.finding.message.split()[:3]))
        for each in audit.audit(recorded(), read_configuration(given))
    ]


ROOT_LEVEL: Final = ("no-root-level-access", "mandatory", "IAM role `deploy`")
UNHELD: Final = ("identity-advice", "advisory", "Policy `spare` would")
PUBLIC: Final = ("no-public-trust", "mandatory", "anybody may assume")


def test_each_finding_is_told_under_the_policy_whose_level_it_has() -> None:
    """What is only an advice must not be counted among what refuses the stack."""
    assert told() == [ROOT_LEVEL, UNHELD, PUBLIC]
    assert told(identity_advice="mandatory") == [
        ROOT_LEVEL,
        ("identity-advice", "mandatory", UNHELD[2]),
        PUBLIC,
    ]
    assert told(no_public_trust="advisory") == [
        ROOT_LEVEL,
        UNHELD,
        ("no-public-trust", "advisory", PUBLIC[2]),
    ]


def test_a_rule_that_is_disabled_silences_no_other() -> None:
    """Whoever turns one off still wants to know the rest."""
    assert told(no_root_level_access="disabled") == [PUBLIC]
    assert told(no_public_trust="disabled") == [ROOT_LEVEL, UNHELD]
    assert told(identity_advice="disabled") == [ROOT_LEVEL, PUBLIC]


EXCEPTION: Final = {"principal": "deploy", "reason": "r", "owner": "o", "expires": "2026-11-20"}


def test_exceptions_hold_for_their_time_and_are_told_where_they_excuse_nothing() -> None:
    """An audit sees the whole, so it knows what is left over."""
    excused = {"exceptions": [EXCEPTION, {**EXCEPTION, "principal": "nobody"}]}

    assert told(no_root_level_access=excused) == [
        ("identity-advice", "advisory", "excepted until 2026-11-20"),
        UNHELD,
        ("identity-advice", "advisory", "exceptions[1] of `no-root-level-access`"),
        PUBLIC,
    ]


def test_no_exception_holds_where_the_day_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt day ends no audit, and excuses nobody."""
    monkeypatch.setenv(TODAY_VARIABLE, "soon")

    assert told(no_root_level_access={"exceptions": [EXCEPTION]})[0] == ROOT_LEVEL


class Fails:
    """A rule with a mistake in it."""

    def whole(self, view: View, settings: Settings) -> Iterable[Finding]:
        """Fail over a value."""
        del settings
        raise KeyError(next(iter(view.resources.values())).declared.get("assumeRolePolicy"))

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Find nothing."""
        del resource, view, settings
        return ()


def test_a_rule_that_fails_is_named_with_the_place_of_its_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever repairs it needs the line that failed; the value there may be a secret."""
    monkeypatch.setattr(audit, "EVERY", (replace(all_rules.RULES[0], judge=Fails()),))
    line = Fails.whole.__code__.co_firstlineno + 3

    with pytest.raises(RuleFailure) as failure:
        told()
    assert f"rule `no-root-level-access` failed: KeyError at test_audit.py:{line}." in str(failure.value)
    assert "sts:AssumeRole" not in str(failure.value)
