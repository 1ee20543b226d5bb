"""Older versions of a policy, which whoever may choose the version in force brings back.

Source: IAM API Reference, SetDefaultPolicyVersion; CloudGoat (Rhino Security Labs), iam_privesc_by_rollback.
"""

from functools import cache

from identity_guard.chains.organisation import ManagedPolicy
from identity_guard.chains.ways import all_calls
from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.escalation_paths import escalation_paths, path_actions
from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import Effect
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.questions.verdict import judge

from .making import MAKINGS


def leads_back(policy: ManagedPolicy, now: float) -> bool | None:
    """Say whether an older version gives everything; None where one gives something, or none is known."""
    if policy.older is None:
        return None
    if any(gives_everything(each, now) for each in policy.older):
        return True
    return None if any(map(_gives_something, policy.older)) else False


def gives_everything(version: Attachment, now: float) -> bool:
    """Say whether a text makes an administrator. Most have no action of IAM, and need no verdict."""
    if not catalogue().service_masks["iam"] & _allowed(version):
        return False
    verdict = judge([version], now=now)
    return bool(verdict.root_level or verdict.administrator)


def _gives_something(version: Attachment) -> bool:
    """Say whether a version has a call on identities, or a whole way through a service."""
    if not isinstance(version.document, Document):
        return True
    allowed = _allowed(version)
    return bool(allowed & _on_identities()) or any(not path.mask & ~allowed for path in escalation_paths())


def _allowed(version: Attachment) -> int:
    return union(each.actions.possible for each in version.statements if each.effect is Effect.ALLOW)


@cache
def _on_identities() -> int:
    return all_calls() | union(each.mask for each in MAKINGS)


def leading_actions() -> int:
    """Return every action that takes somebody or something further."""
    return _on_identities() | path_actions()
