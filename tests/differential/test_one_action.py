"""A request decided by the statements about its action alone is decided as by whole documents.

`explain` looks those statements up once for each identity, and then asks about several resources. Were one
of them forgotten, it would be a Deny that no longer counts.
"""

import random
from collections import Counter
from dataclasses import replace

from identity_guard.iam import Attachment
from identity_guard.iam.evaluate.decision import Answer, Request
from identity_guard.iam.requests.direct_call import open_keys
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven, Policies, Ruling, rule
from tests.differential.occurrences import Case
from tests.differential.whole_requests import Maker, caller_of, policies_of

REQUESTS = 1_500
TOLD_OF_THE_CALL = 0.7
"""The share of the condition keys of which the request says something; the others may be there or not."""


def about(policies: Policies, action: str) -> Policies:
    """Return the same policies with their statements about an action."""

    def levels(given: tuple[Level, ...]) -> list[Level]:
        return [each.about(action) for each in given]

    return Policies(
        [each.about(action) for each in policies.own],
        policies.boundary.about(action) if policies.boundary else None,
        [each.about(action) for each in policies.session],
        levels(tuple(policies.scps)),
        levels(tuple(policies.rcps)),
        policies.resource if isinstance(policies.resource, NotGiven) else policies.resource.about(action),
    )


def attachments(policies: Policies) -> list[Attachment]:
    """Return every document."""
    levels = [each for level in (*policies.scps, *policies.rcps) for each in level.policies]
    resource = [] if isinstance(policies.resource, NotGiven) else [policies.resource]
    boundary = [policies.boundary] if policies.boundary else []
    return [*policies.own, *boundary, *policies.session, *levels, *resource]


def ruling(case: Case, policies: Policies) -> Ruling:
    """Decide; what nothing is said of is looked up in the given documents, as `explain` does."""
    asked = open_keys(case["action"], attachments(policies), case["context"], frozenset())
    request = Request(case["action"], case["resource"], case["context"], asked)
    return rule(caller_of(case), request, policies, case["account"])


def test_statements_about_other_actions_have_no_say() -> None:
    """Answer, statements, reasons and the keys that are asked for are the same, in every kind of policy."""
    source = random.Random(5)  # noqa: S311 - a repeatable source is the point
    made = Maker(20_261_130)
    answers: Counter[Answer] = Counter()
    shorter = 0
    for _ in range(REQUESTS):
        case = made.case()
        told = {k: v for k, v in case["context"].items() if source.random() < TOLD_OF_THE_CALL}
        case = {**case, "context": told}
        whole = policies_of(case)
        narrowed = about(whole, case["action"])
        expected = ruling(case, whole)

        assert expected == ruling(case, narrowed), case
        answers[expected.answer] += 1
        shorter += sum(
            len(each.statements) < len(every.statements)
            for each, every in zip(attachments(narrowed), attachments(whole), strict=True)
        )
    assert min(answers[each] for each in Answer) >= REQUESTS * 0.02, answers
    assert shorter >= REQUESTS


def test_a_level_that_was_asked_before_says_the_same() -> None:
    """Everybody is below the same levels: one that kept what it said to another call would answer wrongly."""
    source = random.Random(7)  # noqa: S311 - a repeatable source is the point
    made = Maker(20_261_201)
    before = [policies_of(made.case()) for _ in range(25)]
    answers: Counter[Answer] = Counter()
    for _ in range(REQUESTS):
        case = made.case()
        fresh = policies_of(case)
        shared = source.choice(before)
        again = [Level(each.place, each.policies) for each in shared.scps]
        rcps = [Level(each.place, each.policies) for each in shared.rcps]
        expected = ruling(case, replace(fresh, scps=again, rcps=rcps))

        assert expected == ruling(case, replace(fresh, scps=shared.scps, rcps=shared.rcps)), case
        answers[expected.answer] += 1
    assert min(answers[each] for each in Answer) >= REQUESTS * 0.01, answers


def test_what_cannot_be_read_stays_and_keeps_its_say() -> None:
    """A text that nobody could read, left out as being about nothing, would turn undecided into allowed."""
    case = Maker(1).case()
    policies = replace(policies_of(case), boundary=Attachment(policies_of(case).own[0].source, None))

    assert about(policies, case["action"]).boundary == policies.boundary
