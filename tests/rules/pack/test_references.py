"""The controls of benchmarks that ask for what the rules ask for."""

from typing import Final

import pytest

from identity_guard.pack.all_rules import RULES

CIS: Final = "CIS AWS Foundations Benchmark"
FSBP: Final = "AWS Foundational Security Best Practices"

CONTROLS: Final[dict[str, dict[tuple[str, str], set[str]]]] = {
    "no-root-level-access": {  # no attached policy with full administrative privileges
        (CIS, "1.4.0"): {"1.16"},
        (CIS, "3.0.0"): {"1.16"},
        (CIS, "5.0.0"): {"1.15"},
        (CIS, "6.0.0"): {"2.15"},
        (CIS, "7.0.0"): {"2.14"},
        (FSBP, "1.0.0"): {"IAM.1"},
    },
    "iam-mfa": {  # MFA for all IAM users that have a console password
        (CIS, "1.4.0"): {"1.10"},
        (CIS, "3.0.0"): {"1.10"},
        (CIS, "5.0.0"): {"1.9"},
        (CIS, "6.0.0"): {"2.9"},
        (CIS, "7.0.0"): {"2.10"},
        (FSBP, "1.0.0"): {"IAM.5"},
    },
    "root-users": {  # no access key of root, and MFA; FSBP asks for MFA of root by IAM.6, hardware only
        (CIS, "1.4.0"): {"1.4", "1.5"},
        (CIS, "3.0.0"): {"1.4", "1.5"},
        (CIS, "5.0.0"): {"1.3", "1.4"},
        (CIS, "6.0.0"): {"2.3", "2.4"},
        (CIS, "7.0.0"): {"2.4", "2.5"},
        (FSBP, "1.0.0"): {"IAM.4"},
    },
    "root-stays-bound": {(CIS, "7.0.0"): {"2.1.1"}},  # centralised root access
}
"""By rule. Titles of the CIS controls are as the compliance files of Prowler have them, those of FSBP from
the list of AWS's Security Hub user guide. Rules that are not here ask for what no control asks for."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_names_the_controls_that_ask_for_the_same(rule: object) -> None:
    """An auditor finds the rule by the control's number, and only where it really asks for it."""
    named: dict[tuple[str, str], set[str]] = {}
    for each in rule.references:  # type: ignore[attr-defined] # a rule, by its id
        named.setdefault((each.framework, each.version), set()).add(each.control)

    assert named == CONTROLS.get(rule.name, {})  # type: ignore[attr-defined] # as above
