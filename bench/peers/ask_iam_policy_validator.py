"""Ask iam-policy-validator's three checks of texts, through its own registry as its command does."""

import asyncio
import json

from cases import Answer, ask_all
from iam_validator.checks.full_wildcard import FullWildcardCheck
from iam_validator.checks.mfa_condition_check import MFAConditionCheck
from iam_validator.checks.not_action_not_resource import NotActionNotResourceCheck
from iam_validator.core.check_registry import CheckConfig, CheckRegistry
from iam_validator.core.config.config_loader import ValidatorConfig
from iam_validator.core.policy_checks import validate_policies
from iam_validator.sdk import parse_policy

ROOT, MFA = {"full_wildcard", "not_action_not_resource"}, {"mfa_condition_antipattern"}
REGISTRY = CheckRegistry()
for check in (FullWildcardCheck(), NotActionNotResourceCheck(), MFAConditionCheck()):
    REGISTRY.register(check)
    REGISTRY.configure_check(check.check_id, CheckConfig(check_id=check.check_id))
LOOP = asyncio.new_event_loop()


def ask(documents: list[str]) -> Answer:
    """Run the checks over each document; a text that its parser refuses is malformed."""
    found: set[str] = set()
    for text in documents:
        try:
            decoded = json.loads(text)
            policy = parse_policy(decoded)
        except (ValueError, TypeError):
            return {"root_level": None, "misses_mfa": None, "malformed": True}
        results = validate_policies(
            [("policy.json", policy, decoded)],
            config=ValidatorConfig({}),
            registry=REGISTRY,
            fetcher=object(),
            policy_type="IDENTITY_POLICY",
        )
        found |= {
            issue.check_id or issue.issue_type
            for one in LOOP.run_until_complete(results)
            for issue in one.issues
        }
    return {"root_level": bool(found & ROOT), "misses_mfa": bool(found & MFA), "malformed": False}


if __name__ == "__main__":
    ask_all(ask, lambda: ask(['{"Version":"2012-10-17","Statement":[]}']))
