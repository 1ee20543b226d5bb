"""Ask parliament, which lints documents: whether they can be read, and whether a condition on MFA is odd.

The second argument says how: `lint`, or `auditor`, which asks its auditor of privilege escalation, too.
"""

import logging
import sys

from cases import Answer, ask_all
from parliament import analyze_policy_string
from parliament.community_auditors import privilege_escalation

UNREADABLE = {
    "MALFORMED",
    "MALFORMED_JSON",
    "INVALID_VERSION",
    "UNKNOWN_OPERATOR",
    "MISMATCHED_TYPE_OPERATION_TO_NULL",
    "DUPLICATE_SID",
    "INVALID_SID",
}
"""Its findings for which IAM refuses a document."""
FAILED = "EXCEPTION"
"""Its word for having failed itself: no verdict."""
ODD = "BAD_PATTERN_FOR_MFA"
ESCALATION = "PRIVILEGE_ESCALATION"
logging.disable(logging.CRITICAL)


def lint(documents: list[str]) -> Answer:
    """Collect its findings."""
    return answer({finding.issue for text in documents for finding in analyze_policy_string(text).findings})


def auditor(documents: list[str]) -> Answer:
    """Collect its findings and those of its auditor, which it asks only about what it could read."""
    found: set[str] = set()
    for text in documents:
        policy = analyze_policy_string(text)
        if policy.statements and policy.is_valid:
            privilege_escalation.audit(policy)
        found |= {finding.issue for finding in policy.findings}
    return {**answer(found), "escalation": ESCALATION in found or (None if FAILED in found else False)}


def answer(found: set[str]) -> Answer:
    """Say what its findings mean."""
    unsaid = None if FAILED in found else False
    return {"misses_mfa": ODD in found or unsaid, "malformed": bool(found & UNREADABLE) or unsaid}


if __name__ == "__main__":
    ask = {"lint": lint, "auditor": auditor}[sys.argv[2]]
    ask_all(ask, lambda: ask(['{"Version":"2012-10-17","Statement":[]}']))
