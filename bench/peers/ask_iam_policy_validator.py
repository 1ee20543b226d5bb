"""Ask iam-policy-validator. The second argument says how.

`registry`: its three checks of texts, as its command asks them, through its registry, with its settings read
and its event loop started before. `bare`: the same checks called on each statement and nothing else, which no
user does; it shows what the comparison of texts itself costs. `more`: those, its check of a document's form
and its check of actions that lead further, which looks actions up: the third argument is a folder of AWS's
service reference, as its command downloads it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from cases import Answer, ask_all, write
from iam_validator.checks.full_wildcard import FullWildcardCheck
from iam_validator.checks.mfa_condition_check import MFAConditionCheck
from iam_validator.checks.not_action_not_resource import NotActionNotResourceCheck
from iam_validator.checks.policy_structure import PolicyStructureCheck
from iam_validator.checks.sensitive_action import SensitiveActionCheck
from iam_validator.core.aws_service import AWSServiceFetcher
from iam_validator.core.check_registry import CheckConfig, CheckRegistry
from iam_validator.core.config.config_loader import ValidatorConfig
from iam_validator.core.policy_checks import validate_policies
from iam_validator.core.policy_loader import PolicyLoader
from iam_validator.sdk import parse_policy

CHECKS: Final = (FullWildcardCheck(), NotActionNotResourceCheck(), MFAConditionCheck())
MORE: Final = (*CHECKS, PolicyStructureCheck(), SensitiveActionCheck())
ESCALATION: Final = SensitiveActionCheck().check_id
SETTINGS: Final = {ESCALATION: {"categories": ["priv_esc"]}}
"""Of its sensitive actions those that it lists for privilege escalation; its combinations come besides."""
CONFIG: Final = {
    check.check_id: CheckConfig(check_id=check.check_id, config=SETTINGS.get(check.check_id, {}))
    for check in MORE
}
WIDE: Final = FullWildcardCheck().check_id
GRANTING: Final = NotActionNotResourceCheck.GRANT_ISSUE_TYPES
"""What its check of negated elements says of an Allow that grants; the rest are remarks on a Deny."""
MFA: Final = MFAConditionCheck().check_id
FORM: Final = PolicyStructureCheck().check_id
FETCHER: Final = object()
"""Stands where other checks would look services up; the three do not."""
UNREADABLE: Final[Answer] = {"root_level": None, "misses_mfa": None, "malformed": True}
WARM_UP: Final = ['{"Version":"2012-10-17","Statement":[]}']
SERVICES: Final = 1_000
"""It keeps what it read of so many services: more than there are."""
EMPTY: Final = ValidatorConfig({})


def answer(found: Iterable[tuple[str, Any]]) -> Answer:
    """Say what it means that checks raised something."""
    raised, granting = set(), False
    for check_id, issue in found:
        raised.add(check_id)
        granting = granting or issue.issue_type in GRANTING
    return {"root_level": granting or WIDE in raised, "misses_mfa": MFA in raised, "malformed": False}


def issues_of(check: Any, statement: object, number: int) -> list[Any]:  # noqa: ANN401 - a class of the peer
    """Run one check, which is written as a coroutine and waits for nothing, in one step to its end."""
    running = check.execute(statement, number, FETCHER, CONFIG[check.check_id])
    try:
        running.send(None)
    except StopIteration as done:
        found: list[Any] = done.value
        return found
    raise RuntimeError(f"{check.check_id} waits for something")


def ask_bare(documents: list[str]) -> Answer:
    """Call the checks by themselves."""
    found: list[tuple[str, Any]] = []
    for text in documents:
        try:
            policy = parse_policy(json.loads(text))
        except (ValueError, TypeError):
            return UNREADABLE
        for number, statement in enumerate(policy.statement or ()):
            for check in CHECKS:
                found += [(check.check_id, issue) for issue in issues_of(check, statement, number)]
    return answer(found)


async def validate(
    read: list[tuple[Any, Any]], registry: CheckRegistry, fetcher: object
) -> list[tuple[str, Any]]:
    """Return what its registry finds in documents, one after the other."""
    found: list[tuple[str, Any]] = []
    for policy, decoded in read:
        results = await validate_policies(
            [("policy.json", policy, decoded)],
            config=EMPTY,
            registry=registry,
            fetcher=fetcher,
            policy_type="IDENTITY_POLICY",
        )
        found += [(issue.check_id, issue) for result in results for issue in result.issues]
    return found


async def ask_registry(documents: list[str], registry: CheckRegistry) -> Answer:
    """Ask through the registry, as its command does."""
    read = []
    for text in documents:
        try:
            decoded = json.loads(text)
            read.append((parse_policy(decoded), decoded))
        except (ValueError, TypeError):
            return UNREADABLE
    return answer(await validate(read, registry, FETCHER))


async def ask_more(documents: list[str], registry: CheckRegistry, fetcher: AWSServiceFetcher) -> Answer:
    """Ask for escalation and form, too; documents are read by its own loader, which refuses more."""
    read = [PolicyLoader().load_from_string(text) for text in documents]
    if None in read:
        return {**UNREADABLE, "escalation": None}
    found = await validate([each for each in read if each is not None], registry, fetcher)
    return {
        **answer(found),
        "escalation": any(check_id == ESCALATION for check_id, _ in found),
        "malformed": any(check_id == FORM and issue.severity == "error" for check_id, issue in found),
    }


async def through_registry(cases: list[dict[str, Any]], services: str | None) -> None:
    """Ask about every case in one event loop."""
    registry = CheckRegistry()
    for check in CHECKS if services is None else MORE:
        registry.register(check)
        registry.configure_check(check.check_id, CONFIG[check.check_id])
    fetcher = AWSServiceFetcher(
        aws_services_dir=services, enable_cache=False, prefetch_common=False, memory_cache_size=SERVICES
    )

    async def ask(documents: list[str]) -> Answer:
        if services is None:
            return await ask_registry(documents, registry)
        return await ask_more(documents, registry, fetcher)

    await ask(WARM_UP)
    answers: dict[str, Answer] = {}
    began = time.process_time()
    for case in cases:
        try:
            answers[case["id"]] = await ask(case["documents"])
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way; that is its answer
            answers[case["id"]] = {"failed": True}
            sys.stderr.write(f"{case['id']}: {type(error).__name__}\n")
    write(answers, time.process_time() - began)


if __name__ == "__main__":
    if sys.argv[2] == "bare":
        ask_all(ask_bare, lambda: ask_bare(WARM_UP))
    else:
        asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        asyncio.run(through_registry(asked, sys.argv[3] if sys.argv[2] == "more" else None))
