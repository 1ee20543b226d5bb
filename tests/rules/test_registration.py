"""The pack as the engine meets it: names, levels, configuration, and what happens when a rule fails."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from pulumi_policy import (
    EnforcementLevel,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from identity_guard.pack import all_rules, registration
from identity_guard.pack.levels import default_levels
from identity_guard.pack.memory import Memory
from identity_guard.pack.registration import GuardPolicy, RuleCrash, policies
from identity_guard.rules.rule import ConfigurationError, Settings
from identity_guard.stack.findings import Finding
from identity_guard.stack.phase import Phase, current_phase
from identity_guard.stack.resource_types import COVERED_TYPES
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View
from identity_guard.testing.in_process_engine import UNKNOWN, InProcessEngine, Made, Told

Run = Callable[..., list[Told]]

PACK_FOLDER: Final = Path(registration.__file__).parents[2]
GROUP: Final = Made("aws:identitystore/group:Group", "developers", {"displayName": "hunter2"})


def test_the_names_and_levels_of_the_pack_stay() -> None:
    """Names stand in people's configuration, and a level is part of the contract."""
    told = {policy.name: policy.enforcement_level for policy in policies(Memory(Phase.PREVIEW))}

    assert told == {
        "no-root-level-access": EnforcementLevel.MANDATORY,
        "no-public-trust": EnforcementLevel.MANDATORY,
        "mfa-requirement": EnforcementLevel.MANDATORY,
        "iam-mfa": EnforcementLevel.MANDATORY,
        "privilege-escalation": EnforcementLevel.ADVISORY,
        "chains-to-administrators": EnforcementLevel.ADVISORY,
        "access-as-a-whole": EnforcementLevel.ADVISORY,
        "root-users": EnforcementLevel.MANDATORY,
        "root-stays-bound": EnforcementLevel.MANDATORY,
        "mfa-evidence": EnforcementLevel.MANDATORY,
        "identity-advice": EnforcementLevel.ADVISORY,
        "undecided": EnforcementLevel.ADVISORY,
    }


@pytest.mark.parametrize("rule", all_rules.EVERY, ids=lambda rule: str(rule.name))
def test_every_rule_describes_itself(rule: object) -> None:
    """The engine shows it, and the documentation is made from it."""
    policy = GuardPolicy(rule, Memory(Phase.PREVIEW), default_levels())  # type: ignore[arg-type] # a Rule, by its id

    assert policy.description.endswith(".")
    assert all((policy.display_name, policy.severity, policy.remediation_steps, policy.url))
    assert all("description" in schema for schema in policy.config_schema.properties.values())  # type: ignore[union-attr] # set above


def test_each_policy_is_asked_about_resources_and_about_the_stack() -> None:
    """One name and one level for both; two names could be configured apart by mistake."""
    for policy in policies(Memory(Phase.PREVIEW)):
        assert isinstance(policy, ResourceValidationPolicy)
        assert isinstance(policy, StackValidationPolicy)
        assert policy.has_validation()
        assert not policy.has_remediation()


def test_a_misspelt_policy_name_is_an_error(preview: Run) -> None:
    """The engine accepts it in silence: who meant to make a rule mandatory would not get it."""
    with pytest.raises(
        ConfigurationError, match=r"`privilege-escalatoin` \(did you mean `privilege-escalation`\?\)"
    ):
        preview(GROUP, privilege_escalatoin="mandatory")


def test_a_misspelt_property_is_an_error(preview: Run) -> None:
    """A declaration under a wrong name would be no declaration."""
    with pytest.raises(
        ConfigurationError, match=r"`mfa-requirement`: unknown name `declred` \(did you mean `declared`"
    ):
        preview(GROUP, mfa_requirement={"declred": {}})


def test_a_level_together_with_properties_holds(preview: Run) -> None:
    """Both are given in one object, as Pulumi documents it."""
    (told,) = preview(GROUP, mfa_requirement={"enforcementLevel": "advisory", "maxDaysAhead": 30})

    assert (told.policy, told.level) == ("mfa-requirement", "advisory")


def test_a_disabled_rule_says_nothing(preview: Run) -> None:
    """Also not beside its own name."""
    assert preview(GROUP, mfa_requirement="disabled") == []


def test_without_a_configuration_the_levels_are_the_packs_own() -> None:
    """A host that never configures the pack gets mandatory rules."""
    engine = InProcessEngine(Phase.PREVIEW, {})

    assert [each.level for each in engine.run([GROUP])] == ["mandatory"]


class Fails:
    """A rule with a mistake in it."""

    def whole(self, view: View, settings: Settings) -> Iterable[Finding]:
        """Fail over a value."""
        del settings
        raise KeyError(view.resources[GROUP.urn].declared.get("displayName"))

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Fail over a value."""
        del view, settings
        message = f"cannot read {resource.declared.get('displayName')} hunter2"
        raise ValueError(message)


@pytest.mark.parametrize("phase", [Phase.PREVIEW, Phase.UPDATE])
def test_a_rule_that_fails_ends_the_run_and_names_itself(phase: Phase) -> None:
    """The SDK would print the bare error, and here that holds a value which may be a secret."""
    broken = replace(all_rules.RULES[0], name="broken", judge=Fails())
    with pytest.raises(RuleCrash) as told:
        InProcessEngine(phase, own=[broken]).run([GROUP])

    assert f"rule `{broken.name}` of identity-guard failed" in str(told.value)
    assert "test_registration.py:" in str(told.value)
    assert "hunter2" not in str(told.value)


def edges(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, object]]:
    """Yield every least and most that a schema names."""
    for word, value in schema.items():
        if word in {"minimum", "minLength", "minItems", "maxItems", "required", "additionalProperties"}:
            yield f"{place}: {word}", value
    for name, part in schema.get("properties", {}).items():
        yield from edges(part, f"{place}.{name}")
    if "items" in schema:
        yield from edges(schema["items"], f"{place}[]")


def test_what_can_be_configured_keeps_its_edges() -> None:
    """A setting that was right would stop every run, or one that means nothing would be taken."""
    told = {
        name: value
        for rule in all_rules.EVERY
        for setting in rule.settings
        for name, value in edges(setting.schema, setting.name)
    }

    assert told == {
        "allowedTypes: minItems": 1,
        "declared.allowedTypes: minItems": 1,
        "declared: additionalProperties": False,
        "exceptions[].owner: minLength": 1,
        "exceptions[].reason: minLength": 1,
        "exceptions[]: additionalProperties": False,
        "exceptions[]: required": ["reason", "owner", "expires"],
        "maxAgeDays: minimum": 0,
        "maxDaysAhead: minimum": 1,
        "mostAdministrators: minimum": 0,
        "toxicPairs[]: maxItems": 2,
        "toxicPairs[]: minItems": 2,
    }


def test_types_that_no_rule_covers_are_not_even_read(preview: Run) -> None:
    """A bucket with an unknown name is none of the pack's business, and must not cost time or a notice."""

    class Untouchable(dict[str, object]):
        def __iter__(self) -> object:  # type: ignore[override] # it is never to be reached
            raise AssertionError

    policy = policies(Memory(Phase.UPDATE))[0]
    assert isinstance(policy, ResourceValidationPolicy)
    args = ResourceValidationArgs("aws:s3/bucket:Bucket", Untouchable(), "urn", "bucket", None, None)  # type: ignore[arg-type] # options are not read
    told: list[str] = []
    policy.validate(args, lambda message, _urn=None: told.append(message))  # type: ignore[misc] # a report

    assert told == []

    assert preview(Made("aws:s3/bucket:Bucket", "bucket", {"bucket": UNKNOWN})) == []


def test_each_finding_is_told_once_although_every_policy_is_asked(preview: Run) -> None:
    """Five policies share one view; none repeats what another told."""
    told = preview(GROUP)

    assert len(told) == 1


def test_a_second_round_in_the_same_process_starts_afresh() -> None:
    """What an earlier call found must not be told again for a stack that was mended."""
    engine = InProcessEngine(Phase.AUDIT, {})

    assert len(engine.run([GROUP])) == 1
    assert engine.run([]) == []
    assert len(engine.run([GROUP])) == 1


@pytest.mark.parametrize(
    ("told", "phase"), [(None, Phase.AUDIT), ("true", Phase.PREVIEW), ("false", Phase.UPDATE)]
)
def test_the_phase_is_what_the_language_host_tells(told: str | None, phase: Phase) -> None:
    """`pulumi policy analyze` tells nothing, since it runs no program."""
    assert current_phase({} if told is None else {"PULUMI_DRY_RUN": told}) is phase


def test_the_folder_loads_as_a_pack_without_starting_one() -> None:
    """Importing must never start the server: it does not return."""
    sys.path.insert(0, str(PACK_FOLDER))
    try:
        loaded = runpy.run_path(str(PACK_FOLDER), run_name="not_main")
    finally:
        sys.path.remove(str(PACK_FOLDER))

    assert callable(loaded["start"])


def test_the_folder_works_copied_alone(tmp_path: Path) -> None:
    """It is published alone: nothing outside it may be needed but pulumi and pulumi-policy."""
    alone = tmp_path / "alone"
    shutil.copytree(PACK_FOLDER, alone, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # As the engine starts it. `-S` and a path of our own would hide the SDK, so the project's own editable
    # install is put out of reach by name instead.
    code = (
        "import runpy, sys\n"
        "sys.meta_path = [each for each in sys.meta_path if 'editable' not in repr(each).lower()]\n"
        f"loaded = runpy.run_path({str(alone)!r}, run_name='not_main')\n"
        f"sys.path.insert(0, {str(alone)!r})\n"
        "import identity_guard\n"
        "from identity_guard.pack.registration import policies\n"
        "from identity_guard.pack.memory import Memory\n"
        "from identity_guard.stack.phase import Phase\n"
        "print(identity_guard.__file__, len(policies(Memory(Phase.AUDIT))))\n"
        "print([name for name in sys.modules if name.split('.')[0] in {'boto3', 'pulumi_aws', 'pydantic'}])\n"
    )
    found = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stderr == ""
    assert found.stdout == f"{alone / 'identity_guard' / '__init__.py'} {len(all_rules.EVERY)}\n[]\n"


def test_every_covered_type_is_a_full_token() -> None:
    """A typing mistake in the table would silently cover nothing."""
    pattern = re.compile(r"(aws:[a-z0-9]+/([a-z]\w+):(\w+)|identity-center:index:\w+)")
    for token in COVERED_TYPES:
        found = pattern.fullmatch(token)

        assert found, token
        if found[2]:
            assert found[2].lower() == found[3].lower(), token
