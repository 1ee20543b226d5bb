"""The labelled cases, written in other ways that mean the same: the answers must stay what they were."""

import random
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from identity_guard.iam.document.condition import Clause, read_condition

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rounds(comparing: ModuleType) -> list[tuple[list[str], Counter[str]]]:
    """Rewrite all cases twice: each time what changed, and how often each way was taken."""
    found = []
    for seed in range(2):
        taken: Counter[str] = Counter()
        found.append((list(comparing.differences(seed, taken)), taken))
    return found


def test_another_way_to_write_a_case_changes_no_answer(rounds: list[tuple[list[str], Counter[str]]]) -> None:
    """The same policy is written in many ways; a check that knows only one is easily passed by."""
    assert [different for different, _ in rounds] == [[], []]


def test_every_way_of_rewriting_is_taken(rounds: list[tuple[list[str], Counter[str]]]) -> None:
    """A rewriting that is never tried would make the promise smaller than it sounds."""
    _, taken = rounds[0]
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in ("rewriter.py", "equal_actions.py"))
    named = set(re.findall(r'self\.chance\(\s*"([^"]+)"', text))

    assert len(named) >= 30
    assert {name for name in named if taken[name] < 5} == set()


def test_more_blanks_and_a_readable_neighbour_mend_nothing(comparing: ModuleType) -> None:
    """What IAM does not read stays so, whatever stands around it."""
    assert len(comparing.unreadable_cases()) >= 50
    assert list(comparing.mended(0)) == []


VALUES: tuple[tuple[str, ...] | None, ...] = (
    None,
    ("true",),
    ("false",),
    ("0",),
    ("300",),
    ("3599",),
    ("3600",),
    ("3601",),
    ("1795000000",),
    ("1811808000",),
    ("1900000000",),
    ("2026-11-18T00:00:00Z",),
    ("2027-06-01T00:00:00Z",),
    ("eu-west-1",),
    ("us-east-1",),
    ("team",),
    ("red",),
    ("203.0.113.7",),
    ("198.51.100.1",),
    ("vpc-1a2b3c4d",),
    ("ec2.amazonaws.com",),
    ("arn:aws:iam::111122223333:user/ada",),
    ("arn:aws:iam::111122223333:role/ops",),
    ("arn:aws:iam::aws:policy/ReadOnlyAccess",),
)
MEANT = {"Bool": r"true|false", "Numeric": r"\d+", "Date": r"\d{4}-.*|\d{10}", "IpAddress": r"[\d.]+\.[\d.]+"}
"""The values that a request can have where an operator of a kind is used."""
SEVERAL = (*VALUES, (), ("team", "other"), ("team", "tea"), ("other", "red"))


def truths(equal_conditions: ModuleType, clauses: list[object], like: object) -> list[bool | None]:
    """Return whether clauses on one key hold together, for each value that it can have under one of them."""
    read: list[Clause] = [
        clause
        for each in clauses
        for clause in read_condition(equal_conditions.condition_of([each]), variables=True)
    ]
    values = SEVERAL if equal_conditions.MULTIVALUED.search(read[0].key) else VALUES
    meant = next((text for kind, text in MEANT.items() if kind in str(like)), ".*")
    found = []
    for value in values:
        if value and not all(re.fullmatch(meant, each) for each in value):
            continue
        held = [clause.holds(value) for clause in read]
        found.append(False if False in held else None if None in held else True)
    return found


def test_halves_of_a_condition_exclude_each_other_and_leave_nothing_out(
    equal_conditions: ModuleType,
) -> None:
    """A rewriting that is none would hide a wrong answer, or make a right one look wrong."""
    for one, other in equal_conditions.HALVES:
        pairs = zip(truths(equal_conditions, [one], one), truths(equal_conditions, [other], one), strict=True)
        assert {pair for pair in pairs if None not in pair} <= {(True, False), (False, True)}, (one, other)


def test_conditions_in_other_words_hold_where_the_first_ones_do(equal_conditions: ModuleType) -> None:
    """As above, for each clause of the halves and what becomes of it in fifty tries."""
    writer = equal_conditions.Equal(random.Random(1))  # noqa: S311 - a repeatable source is the point
    clauses = {str(clause): clause for pair in equal_conditions.HALVES for clause in pair}
    tried = set()
    for clause in clauses.values():
        for _ in range(50):
            changed = writer.clauses([clause])
            if {each[1].lower() for each in changed} == {clause[1].lower()}:
                tried.add(str(changed))
                assert truths(equal_conditions, changed, clause) == truths(
                    equal_conditions, [clause], clause
                ), changed

    assert len(tried) > 200
