"""Which resources a statement applies to: all, none, or those that its patterns name."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from .arn_shapes import USUAL, Own
from .catalogue import catalogue
from .regions import PARTITIONS, REGIONS
from .rules import Rule
from .wildcard import has_wildcard, matches, matches_any

ACCOUNT_DIGITS: Final = 12
ACCOUNT_PART: Final = 4
"""The place of the account among the parts of an ARN, counted from 0."""
SERVICE_PART: Final = 2
"""The place of the service among the parts of an ARN, counted from 0."""

LONGEST_ARN: Final = 2_048
"""Characters (AWS General Reference, ARN format)."""

EXAMPLE_PART: Final = "x1-example"
"""What stands for the wildcards of a pattern in an example of what it takes."""

EVERY_RESOURCE: Final = "*"
"""What an action that takes no resource is decided against."""


IDENTITY_CENTER: Final = ("sso", "identitystore")
"""Services of which an organisation has one instance, or store, named in each ARN."""
_INSTANCE: Final = re.compile(r"\bssoins-\w+")
_STORE: Final = re.compile(r"\bidentitystore/(d-\w+)")


def can_be_matched(pattern: str) -> bool:
    """Say whether some ARN can fit: it has so many characters at most, and no name of IAM's has a brace.

    A brace stands there for a policy variable in a document of 2008, which has none (IAM User Guide,
    reference_iam-quotas: characters of names).
    """
    if pattern.startswith("$"):
        return False
    if "{" in pattern and pattern.split(":", SERVICE_PART + 1)[SERVICE_PART : SERVICE_PART + 1] == ["iam"]:
        return False
    return len(pattern) - pattern.count("*") <= LONGEST_ARN


def names_own_center(pattern: str, own: Own) -> bool:
    """Say whether a pattern is about the one instance of IAM Identity Center, or its identity store."""
    return own.instance in pattern or own.identity_store in pattern


def own_of(rules: Iterable[Rule]) -> Own:
    """Return what ARNs in the rules name most often, and where no ARN names a partition, what Regions do.

    Beside ARNs, Regions may be such as the partition does not have.
    """
    partitions: list[str] = []
    regions: list[str] = []
    accounts: list[str] = []
    of_iam: list[str] = []
    center: list[str] = []
    for rule in rules:
        if rule.statement.clause_count:
            regions += _partitions_of_regions(rule)
        for pattern in rule.statement.resources:
            parts = pattern.split(":", 5) if ":" in pattern else ()
            if len(parts) > 1 and parts[1] in REGIONS:
                partitions.append(parts[1])
            if len(parts) > SERVICE_PART and parts[SERVICE_PART] in IDENTITY_CENTER:
                center.append(pattern)
            if len(parts) > ACCOUNT_PART and len(parts[ACCOUNT_PART]) == ACCOUNT_DIGITS:
                named = [parts[ACCOUNT_PART]] if parts[ACCOUNT_PART].isdigit() else []
                accounts += named
                of_iam += named if parts[SERVICE_PART] == "iam" and rule.actions.possible & _iam() else []
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


def _partitions_of_regions(rule: Rule) -> Iterable[str]:
    """Return the partitions of the Regions that a rule's conditions name."""
    clauses = rule.by_dimension.get("region", ())
    return [PARTITIONS[value] for clause in clauses for value in clause.values if value in PARTITIONS]


def in_own_partition(pattern: str, own: Own) -> str:
    """Return a pattern of ARNs of any partition as one of the own: no other has the account's resources."""
    parts = pattern.split(":", SERVICE_PART)
    if len(parts) > SERVICE_PART and has_wildcard(parts[1]) and matches(parts[1], own.partition):
        parts[1] = own.partition
    return ":".join(parts)


def applies_to(rule: Rule, resource: str) -> bool:
    """Say whether a rule is about one concrete resource."""
    return matches_any(rule.statement.resources, resource) != rule.statement.resources_excluded


class Group(NamedTuple):
    """Resources that all rules treat alike."""

    example: str
    takers: int
    """The actions that such resources belong to."""
    requirers: int
    """The actions that cannot be called without one of them."""
    listed: frozenset[int]
    """The ids of the listed rules that apply."""
    nearly: frozenset[int] = frozenset()
    """The ids of rules between which every ARN there is and `*`, for which this group stands, make the
    difference: Allows on every ARN, and Denies on all but that."""
    unsure: frozenset[int] = frozenset()
    """The ids of rules of which it takes too long to find out."""
