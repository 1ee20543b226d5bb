"""One's own partition, account and instance of Identity Center: those that the ARNs of statements name."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL, Own
from identity_guard.iam.catalogue.regions import PARTITIONS, REGIONS
from identity_guard.iam.text.arn import ACCOUNT_DIGITS, ACCOUNT_PART, SERVICE_PART
from identity_guard.iam.text.wildcard import has_wildcard, matches

from .statements import LayeredStatement

IDENTITY_CENTER: Final = ("sso", "identitystore")
"""Services of which an organisation has one instance, or store, named in each ARN."""
_INSTANCE: Final = re.compile(r"\bssoins-\w+")
_STORE: Final = re.compile(r"\bidentitystore/(d-\w+)")


def names_own_center(pattern: str, own: Own) -> bool:
    """Say whether a pattern is about the one instance of IAM Identity Center, or its identity store."""
    return own.instance in pattern or own.identity_store in pattern


def own_of(statements: Iterable[LayeredStatement]) -> Own:
    """Return what ARNs in statements name most often, and where no ARN names a partition, what Regions do.

    Beside ARNs, Regions may be such as the partition does not have.
    """
    partitions: list[str] = []
    regions: list[str] = []
    accounts: list[str] = []
    of_iam: list[str] = []
    center: list[str] = []
    for layered in statements:
        if layered.statement.clause_count:
            regions += _partitions_of_regions(layered)
        for pattern in layered.statement.resources:
            parts = pattern.split(":", 5) if ":" in pattern else ()
            if len(parts) > 1 and parts[1] in REGIONS:
                partitions.append(parts[1])
            if len(parts) > SERVICE_PART and parts[SERVICE_PART] in IDENTITY_CENTER:
                center.append(pattern)
            if len(parts) > ACCOUNT_PART and len(parts[ACCOUNT_PART]) == ACCOUNT_DIGITS:
                named = [parts[ACCOUNT_PART]] if parts[ACCOUNT_PART].isdigit() else []
                accounts += named
                of_iam += named if parts[SERVICE_PART] == "iam" and layered.actions.possible & _iam() else []
    if not (partitions or regions or accounts or center):
        return USUAL
    return Own(
        _commonest(partitions or regions) or USUAL.partition,
        _commonest(of_iam or accounts) or USUAL.account,
        _commonest([found for each in center for found in _INSTANCE.findall(each)]) or USUAL.instance,
        _commonest([found for each in center for found in _STORE.findall(each)]) or USUAL.identity_store,
    )


@cache
def _iam() -> int:
    """Return IAM's actions: they are about one's own account only."""
    return catalogue().service_masks["iam"]


def _commonest(names: list[str]) -> str | None:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def _partitions_of_regions(layered: LayeredStatement) -> Iterable[str]:
    """Return the partitions of the Regions that a statement's conditions name."""
    clauses = layered.by_dimension.get("region", ())
    return [PARTITIONS[value] for clause in clauses for value in clause.values if value in PARTITIONS]


def in_own_partition(pattern: str, own: Own) -> str:
    """Return a pattern of ARNs of any partition as one of the own: no other has the account's resources."""
    parts = pattern.split(":", SERVICE_PART)
    if len(parts) > SERVICE_PART and has_wildcard(parts[1]) and matches(parts[1], own.partition):
        parts[1] = own.partition
    return ":".join(parts)
