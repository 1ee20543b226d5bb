"""Ask parliament, which lints documents: whether they can be read, and whether a condition on MFA is odd."""

import logging

from cases import Answer, ask_all
from parliament import analyze_policy_string

UNREADABLE = {"MALFORMED", "MALFORMED_JSON", "JSON_DUPLICATE_KEY", "INVALID_ARN", "EXCEPTION"}
ODD = {"BAD_PATTERN_FOR_MFA", "MFA"}
logging.disable(logging.CRITICAL)


def ask(documents: list[str]) -> Answer:
    """Collect its findings."""
    found = {finding.issue for text in documents for finding in analyze_policy_string(text).findings}
    return {"misses_mfa": bool(found & ODD), "malformed": bool(found & UNREADABLE)}


if __name__ == "__main__":
    ask_all(ask, lambda: ask(['{"Version":"2012-10-17","Statement":[]}']))
