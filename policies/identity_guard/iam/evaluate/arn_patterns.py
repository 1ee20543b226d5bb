"""Which patterns of resources some ARN can fit at all: the others name nothing, whatever they say."""

from functools import cache
from typing import Final

from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.text.wildcard import VARIABLE_OPENS, common_instance, has_wildcard

ACCOUNT_DIGITS: Final = 12
ACCOUNT_PART: Final = 4
"""The place of the account among the parts of an ARN, counted from 0."""
REGION_PART: Final = 3
"""The place of the Region among the parts of an ARN, counted from 0."""
ARN_PARTS: Final = 6
SERVICE_PART: Final = 2
"""The place of the service among the parts of an ARN, counted from 0."""

LONGEST_ARN: Final = 2_048
"""Characters (AWS General Reference, ARN format)."""


def can_be_matched(pattern: str) -> bool:
    """Say whether some ARN can fit: it has so many characters at most, and no name of IAM's has a brace.

    A brace stands there for a policy variable in a document of 2008, which has none (IAM User Guide,
    reference_iam-quotas: characters of names).
    """
    if pattern.startswith("$"):
        return False
    first = pattern.partition(":")[0]
    if first != "arn" and not has_wildcard(first):
        return False
    if not _fits_its_service(pattern):
        return False
    if "{" in pattern and pattern.split(":", SERVICE_PART + 1)[SERVICE_PART : SERVICE_PART + 1] == ["iam"]:
        return False
    return len(pattern) - pattern.count("*") <= LONGEST_ARN


EXACT_SERVICES: Final = ("iam", "sts", "sso", "identitystore", "organizations")
"""Services whose ARNs are all as the Service Authorization Reference has them, Region and account too."""
OF_AWS_IN_IAM: Final = "policy/*"
"""The one kind of resource in IAM that is of the account `aws`."""


def _fits_its_service(pattern: str) -> bool:
    """Say whether an ARN of one of the exact services can have the Region and account of a pattern."""
    parts = pattern.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or parts[SERVICE_PART] not in EXACT_SERVICES:
        return True
    if parts[ACCOUNT_PART] == "aws" and parts[SERVICE_PART] == "iam":
        return not parts[REGION_PART].strip("*") and common_instance(parts[-1], OF_AWS_IN_IAM) is not None
    return any(
        _can_be(parts[REGION_PART], region) and _can_be_account(parts[ACCOUNT_PART], account)
        for region, account in _places_of(parts[SERVICE_PART])
    )


@cache
def _places_of(service: str) -> frozenset[tuple[str, str]]:
    """Return Region and account of each shape of a service's ARNs, as the templates have them."""
    numbers = arn_shapes().by_service.get(service, ())
    split = (arn_shapes().shapes[number].template.split(":", ARN_PARTS - 1) for number in numbers)
    return frozenset((parts[REGION_PART], parts[ACCOUNT_PART]) for parts in split)


def _can_be(pattern: str, template: str) -> bool:
    return bool(template) or not pattern.strip("*")


def _can_be_account(pattern: str, template: str) -> bool:
    """Say whether an account's number fits a pattern; what is none of digits may be a variable's value."""
    if not template:
        return not pattern.strip("*")
    if VARIABLE_OPENS in pattern:
        return True
    digits = pattern.replace("*", "")
    fits = len(digits) <= ACCOUNT_DIGITS if "*" in pattern else len(digits) == ACCOUNT_DIGITS
    return fits and not digits.replace("?", "0").strip("0123456789")
