"""Ask cloudsplaining; root-level is what leaves no more than three of a hundred actions out."""

import json
import logging

from cases import Answer, ask_all
from cloudsplaining.scan.policy_document import PolicyDocument
from policy_sentry.querying.all import get_all_actions

SHARE = 0.97
logging.disable(logging.CRITICAL)
EVERY = len(get_all_actions())


def ask(documents: list[str]) -> Answer:
    """Look at each document by itself, as it does. What it cannot read it fails on, and says nothing of."""
    policies = [PolicyDocument(json.loads(text)) for text in documents]
    return {
        "root_level": any(len(policy.all_allowed_actions) >= SHARE * EVERY for policy in policies),
        "escalation": any(policy.allows_privilege_escalation for policy in policies),
    }


if __name__ == "__main__":
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    ask_all(ask, lambda: ask([everything]))
