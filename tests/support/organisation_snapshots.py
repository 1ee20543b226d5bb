"""Snapshots of a small organisation, with the policies that limit it."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from identity_center.model.organisation.organisation import (
    AccountState,
    LimitingPolicies,
    LimitingPolicy,
    MemberAccount,
    Organisation,
    PolicyKind,
    Unit,
)
from identity_center.model.organisation.snapshot import write_snapshot
from tests.support.command import Command

ACCOUNT, MANAGEMENT, OTHER = "444444444444", "123456789012", "555555555555"
Json = dict[str, Any]


def document(*statements: Json) -> Json:
    """Write a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str = "*", **more: object) -> Json:
    """Write an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def deny(action: str = "*", **more: object) -> Json:
    """Write a Deny."""
    return {**allow(action, **more), "Effect": "Deny"}


def limit(kind: PolicyKind, target: str, name: str, *statements: Json) -> LimitingPolicy:
    """Attach a policy of the organisation."""
    everybody = {"Principal": "*"} if kind is PolicyKind.RCP else {}
    text = json.dumps(document(*({**each, **everybody} for each in statements)))
    return LimitingPolicy(f"p-{name}", name, kind, text, frozenset({target}))


def snapshot(command: Command, policies: Iterable[LimitingPolicy] | None) -> str:
    """Write a snapshot in which the account is in the unit Workloads."""
    full = [
        limit(kind, place, f"Full{kind.name}{place}", allow())
        for kind in PolicyKind
        for place in ("r-ab12", "ou-ab12-work", ACCOUNT, OTHER)
    ]
    limits = None if policies is None else LimitingPolicies(frozenset(PolicyKind), (*full, *policies))
    accounts = [
        MemberAccount(MANAGEMENT, "management", AccountState.ACTIVE, "r-ab12"),
        MemberAccount(ACCOUNT, "shop", AccountState.ACTIVE, "ou-ab12-work"),
        MemberAccount(OTHER, "archive", AccountState.ACTIVE, "ou-ab12-work"),
    ]
    units = [Unit("r-ab12", "Root", None), Unit("ou-ab12-work", "Workloads", "r-ab12")]
    found = Organisation.of(MANAGEMENT, accounts, units)
    made = Organisation(found.management_account_id, found.accounts, found.units, None, "o-ab12", limits)
    return command.write("organisation.json", write_snapshot(made, datetime(2026, 11, 30, tzinfo=UTC)))
