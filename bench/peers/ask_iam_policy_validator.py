"""Ask iam-policy-validator's three checks of texts. The second argument says how.

`registry`: as its command does, through its registry, with its settings read and its event loop started
before. `bare`: each check called on each statement and nothing else, which no user does; it shows what the
comparison of texts itself costs.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from cases import Answer, ask_all, write
from iam_validator.checks.full_wildcard import FullWildcardCheck
from iam_validator.checks.mfa_condition_check import MFAConditionCheck
from iam_validator.checks.not_action_not_resource import NotActionNotResourceCheck
from iam_validator.core.check_registry import CheckConfig, CheckRegistry
from iam_validator.core.config.config_loader import ValidatorConfig
from iam_validator.core.policy_checks import validate_policies
from iam_validator.sdk import parse_policy

CHECKS: Final = (FullWildcardCheck(), NotActionNotResourceCheck(), MFAConditionCheck())
CONFIG: Final = {check.check_id: CheckConfig(check_id=check.check_id) for check in CHECKS}
MFA: Final = MFAConditionCheck().check_id
FETCHER: Final = object()
"""Stands where other checks would look services up; these three do not."""
UNREADABLE: Final[Answer] = {"root_level": None, "misses_mfa": None, "malformed": True}


def answer(raised: set[str]) -> Answer:
    """Say what it means that some checks raised something."""
    return {"root_level": bool(raised - {MFA}), "misses_mfa": MFA in raised, "malformed": False}


def issues(check: Any, statement: object, number: int) -> list[object]:  # noqa: ANN401 - a class of the peer
    """Run one check, which is written as a coroutine and waits for nothing, in one step to its end."""
    running = check.execute(statement, number, FETCHER, CONFIG[check.check_id])
    try:
        running.send(None)
    except StopIteration as done:
        found: list[object] = done.value
        return found
    raise RuntimeError(f"{check.check_id} waits for something")


def ask_bare(documents: list[str]) -> Answer:
    """Call the checks by themselves."""
    raised: set[str] = set()
    for text in documents:
        try:
            policy = parse_policy(json.loads(text))
        except (ValueError, TypeError):
            return UNREADABLE
        for number, statement in enumerate(policy.statement or ()):
            raised |= {check.check_id for check in CHECKS if issues(check, statement, number)}
    return answer(raised)


async def ask_registry(documents: list[str], registry: CheckRegistry, config: ValidatorConfig) -> Answer:
    """Ask through the registry, as its command does."""
    raised: set[str] = set()
    for text in documents:
        try:
            decoded = json.loads(text)
            policy = parse_policy(decoded)
        except (ValueError, TypeError):
            return UNREADABLE
        results = await validate_policies(
            [("policy.json", policy, decoded)],
            config=config,
            registry=registry,
            fetcher=FETCHER,
            policy_type="IDENTITY_POLICY",
        )
        raised |= {issue.check_id for result in results for issue in result.issues}
    return answer(raised)


async def through_registry(cases: list[dict[str, Any]]) -> None:
    """Ask about every case in one event loop."""
    registry, config = CheckRegistry(), ValidatorConfig({})
    for check in CHECKS:
        registry.register(check)
        registry.configure_check(check.check_id, CONFIG[check.check_id])
    await ask_registry(['{"Version":"2012-10-17","Statement":[]}'], registry, config)
    answers: dict[str, Answer] = {}
    began = time.perf_counter()
    for case in cases:
        try:
            answers[case["id"]] = await ask_registry(case["documents"], registry, config)
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way; that is its answer
            answers[case["id"]] = {"failed": True}
            sys.stderr.write(f"{case['id']}: {type(error).__name__}\n")
    write(answers, time.perf_counter() - began)


if __name__ == "__main__":
    if sys.argv[2] == "registry":
        asyncio.run(through_registry(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    else:
        ask_all(ask_bare, lambda: ask_bare(['{"Version":"2012-10-17","Statement":[]}']))
