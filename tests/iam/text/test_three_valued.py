"""What follows from truth values of which some are not known."""

import pytest

from identity_guard.iam.text.three_valued import all_of, any_of, negated

Truths = tuple[bool | None, ...]


@pytest.mark.parametrize(
    ("truths", "some", "every"),
    [
        ((), False, True),
        ((True,), True, True),
        ((False,), False, False),
        ((None,), None, None),
        ((None, True), True, None),
        ((True, None), True, None),
        ((None, False), None, False),
        ((False, None), None, False),
        ((None, None, True), True, None),
        ((None, None, False), None, False),
        ((True, False), True, False),
        ((None, True, False), True, False),
    ],
)
def test_what_settles_an_answer_settles_it_in_any_order(
    truths: Truths, *, some: bool | None, every: bool | None
) -> None:
    """One that holds is enough for some, and one that does not for not all; else what is open stays open."""
    assert (any_of(truths), all_of(truths)) == (some, every)
    assert (negated(all_of(map(negated, truths))), negated(any_of(map(negated, truths)))) == (some, every)
