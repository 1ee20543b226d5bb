"""The pack's configuration as a file has it: which levels and settings hold, and every mistake at once."""

from typing import Any, Final

import pytest

from identity_guard.pack.all_rules import EVERY
from identity_guard.pack.configuration import ConfigurationMistakesError, read_configuration

OWN: Final = {rule.name: rule.level.value for rule in EVERY}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        ({"iam-mfa": "advisory"}, {"iam-mfa": "advisory"}),
        ({"iam-mfa": {"enforcementLevel": "advisory"}}, {"iam-mfa": "advisory"}),
        ({"iam-mfa": {"stackExceptions": False}}, {}),
        ({"all": "disabled"}, dict.fromkeys(OWN, "disabled")),
        ({"all": {"enforcementLevel": "remediate"}}, dict.fromkeys(OWN, "remediate")),
        (
            {"all": "advisory", "iam-mfa": "mandatory"},
            dict.fromkeys(OWN, "advisory") | {"iam-mfa": "mandatory"},
        ),
        ({"all": "advisory", "iam-mfa": {"stackExceptions": False}}, dict.fromkeys(OWN, "advisory")),
    ],
)
def test_a_rule_has_the_level_that_is_configured_else_that_of_all_else_its_own(
    given: dict[str, Any], changed: dict[str, str]
) -> None:
    """As the engine reads the same file: a check that judges by other levels would mislead."""
    assert read_configuration(given).levels == OWN | changed


def test_settings_are_those_of_the_file_and_the_rules_own() -> None:
    """A level among them would be taken for a setting."""
    given = {"mfa-requirement": {"enforcementLevel": "advisory", "maxDaysAhead": 30}, "iam-mfa": "disabled"}
    settings = read_configuration(given).settings

    assert settings["mfa-requirement"]["maxDaysAhead"] == 30
    assert settings["mfa-requirement"]["contextAware"] == "advisory"
    assert "enforcementLevel" not in settings["mfa-requirement"]
    assert settings["iam-mfa"] == {"exceptions": [], "stackExceptions": True}


@pytest.mark.parametrize(
    ("level", "refuses"), [("advisory", False), ("mandatory", True), ("remediate", True), ("disabled", False)]
)
def test_two_of_the_four_levels_refuse(level: str, *, refuses: bool) -> None:
    """What the engine would stop, a check counts as failed."""
    assert read_configuration({"iam-mfa": level}).refuses("iam-mfa") is refuses


LEVELS: Final = "a level is one of `advisory`, `mandatory`, `remediate`, `disabled`"
IAM_MFA: Final = "configuration of `iam-mfa`"
REQUIREMENT: Final = "configuration of `mfa-requirement`"


@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        ("advisory", ["expected an object of rules by name"]),
        ({"iam-mfa": 3}, [f"{IAM_MFA}: expected a level or an object"]),
        ({"iam-mfa": "off"}, [f"{IAM_MFA}: {LEVELS}"]),
        ({"iam-mfa": {"enforcementLevel": "off"}}, [f"{IAM_MFA}: {LEVELS}"]),
        ({"all": {}}, [f"configuration of `all`: {LEVELS}"]),
        (
            {"all": {"x": 1}},
            [f"configuration of `all`: {LEVELS}", "configuration of `all`: it takes a level only"],
        ),
        (
            {"all": {"enforcementLevel": "advisory", "x": 1}},
            ["configuration of `all`: it takes a level only"],
        ),
        (
            {"mfa-requirement": {"maxDaysAhead": 0, "contextAware": "yes"}},
            [
                f"{REQUIREMENT}: `maxDaysAhead`: expected at least 1",
                f"{REQUIREMENT}: `contextAware`: expected one of `advisory`, `mandatory`",
            ],
        ),
        (
            {
                "iam-mfa": {
                    "exceptions": [{"principal": "a*", "reason": "r", "owner": "o", "expires": "2027-01-01"}]
                }
            },
            [f"{IAM_MFA}: exceptions[0]: `principal` names exactly one, without wildcards"],
        ),
        (
            {"iam-mfa": {"exceptions": [{"principal": "a*", "reason": "r", "owner": "o"}]}},
            [f"{IAM_MFA}: `exceptions`[0]: `expires` is missing"],
        ),
        ({"iam-mfa": {"exceptions": "x"}}, [f"{IAM_MFA}: `exceptions`: expected an array"]),
    ],
)
def test_every_mistake_is_told_once(given: object, mistakes: list[str]) -> None:
    """What is wrong is told with its place, and nothing that is right with it."""
    with pytest.raises(ConfigurationMistakesError) as told:
        read_configuration(given)

    assert told.value.mistakes == mistakes


def test_the_mistakes_of_all_rules_come_together() -> None:
    """Who repairs a file wants to run once."""
    with pytest.raises(ConfigurationMistakesError) as told:
        read_configuration({"iam-mfe": "advisory", "iam-mfa": "off", "undecided": {"document": "x"}})

    first, second, third = told.value.mistakes
    assert "unknown name `iam-mfe` (did you mean `iam-mfa`?)" in first
    assert second == f"{IAM_MFA}: {LEVELS}"
    assert "configuration of `undecided`: unknown name `document` (did you mean `documents`?)" in third
    assert third.endswith("; it has `documents`")
    assert str(told.value) == f"{first}; {second}; {third}"


def test_an_unknown_setting_is_told_with_those_that_there_are() -> None:
    """Who puts a setting to the wrong rule sees what that one takes."""
    with pytest.raises(ConfigurationMistakesError, match="unknown name `documents`; it has `details`"):
        read_configuration({"identity-advice": {"documents": "x"}})
