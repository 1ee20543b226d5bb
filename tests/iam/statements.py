"""Statements as tests write them, and what the verdict on a document of some says."""

from typing import Any

from identity_guard.iam import Verdict, attach, judge

Json = dict[str, Any]
NOW = 1_795_000_000.0


def allow(actions: Any = "*", resource: Any = "*", **elements: Any) -> Json:  # noqa: ANN401 - texts or lists
    """Return an Allow."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **elements}


def deny(actions: Any = "*", resource: Any = "*", **elements: Any) -> Json:  # noqa: ANN401 - texts or lists
    """Return a Deny."""
    return {**allow(actions, resource, **elements), "Effect": "Deny"}


def verdict(*statements: Json) -> Verdict:
    """Judge statements of one document."""
    return judge([attach({"Version": "2012-10-17", "Statement": list(statements)})], now=NOW)


def opened(*statements: Json) -> list[str]:
    """Return the names of the paths that are escalation; none of them may be in doubt."""
    found = verdict(*statements)
    assert found.escalation_undecided == ()
    return [path.name for path in found.escalation]


def every_path(*statements: Json) -> list[str]:
    """Return the names of all open paths, those through running roles included."""
    found = verdict(*statements)
    return [path.name for path in (*found.escalation, *found.takeovers)]
