"""Resources whose names hang together, and what calls need in spite of the reference."""

import pytest

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.catalogue.needed_resources import DOES_WITHOUT, NEEDS
from identity_guard.iam.questions.linked_resources import links
from tests.iam.statements import Json, allow, every_path, verdict

BATCH = "arn:aws:batch:*:*:"
AMPLIFY = "arn:aws:amplify:*:*:apps/"


def variables(one: str, other: str) -> set[frozenset[str]]:
    """Return what names two actions have in common, in which resources."""
    return {link.variables for link in links(one, other)}


def test_names_that_two_resources_have_in_common_link_them() -> None:
    """A way whose calls are about two things is none, so what belongs together has to be known."""
    definition = frozenset({"JobDefinitionName"})

    assert variables("batch:RegisterJobDefinition", "batch:SubmitJob") == {definition}
    assert variables("elasticbeanstalk:CreateApplicationVersion", "elasticbeanstalk:CreateEnvironment") == {
        frozenset({"ApplicationName"})
    }
    assert variables("amplify:UpdateBranch", "amplify:StartJob") == {frozenset({"AppId", "BranchName"})}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("devicefarm:CreateUpload", "devicefarm:ScheduleRun"),
        ("glue:CreateJob", "glue:StartJobRun"),
        ("lambda:CreateFunction", "states:StartExecution"),
    ],
)
def test_variables_that_only_sound_alike_link_nothing(one: str, other: str) -> None:
    """`ResourceId` is the name of anything: a way would be closed because a project is no upload."""
    assert variables(one, other) == set()


def test_what_belongs_to_a_resource_is_found_by_its_name() -> None:
    """The next call is asked about the very definition that was registered."""
    (link,) = links("batch:RegisterJobDefinition", "batch:SubmitJob")
    arn = "arn:aws:batch:eu-west-1:111122223333:job-definition/nightly"

    assert link.pattern_for(arn) == f"{arn}:*"
    assert link.turned().pattern_for(f"{arn}:7") == arn
    assert link.pattern_for(f"{arn}:7") is None


@pytest.mark.parametrize(
    ("patterns", "others", "is_apart"),
    [
        (["job-definition/a"], ["job-definition/b:*"], True),
        (["job-definition/a"], ["job-definition/ab:*"], True),
        (["job-definition/a*"], ["job-definition/ab:*"], False),
        (["job-definition/a*", "job-definition/b"], ["job-definition/b:1"], False),
        (["job-definition/*a"], ["job-definition/b*"], False),
        (["*"], ["job-definition/b:1"], False),
        (["job-queue/a"], ["job-definition/b:1"], True),
    ],
)
def test_only_names_that_cannot_meet_are_apart(
    patterns: list[str], others: list[str], *, is_apart: bool
) -> None:
    """Called apart without proof, a way to the top would be called closed."""
    (link,) = links("batch:RegisterJobDefinition", "batch:SubmitJob")

    assert link.apart([BATCH + each for each in patterns], [BATCH + each for each in others]) is is_apart
    assert (
        link.turned().apart([BATCH + each for each in others], [BATCH + each for each in patterns])
        is is_apart
    )


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_statements_makes_no_difference(*, turned: bool) -> None:
    """Which of two steps is written first says nothing."""
    statements: list[Json] = [
        allow("batch:SubmitJob", [f"{BATCH}job-definition/ab:*", f"{BATCH}job-queue/*"]),
        allow("batch:RegisterJobDefinition", f"{BATCH}job-definition/a*"),
        allow("iam:PassRole"),
    ]

    assert every_path(*(reversed(statements) if turned else statements)) == ["batch-with-passed-role"]


def test_names_that_nobody_can_hold_against_each_other_are_left_open() -> None:
    """A branch of which only the middle is given may be the one that is built."""
    asked = verdict(
        allow("iam:PassRole"),
        allow("amplify:UpdateBranch", f"{AMPLIFY}*/branches/dev"),
        allow("amplify:StartJob", f"{AMPLIFY}*/branches/prod/jobs/*"),
    )

    assert asked.escalates is None


@pytest.mark.parametrize("table", [NEEDS, DOES_WITHOUT])
def test_every_correction_is_about_a_resource_that_the_action_takes(
    table: dict[str, tuple[str, ...]],
) -> None:
    """A correction that no shape has any more would be lost without a word."""
    for action, ends in table.items():
        bit = catalogue().mask_of([action])
        assert bit
        for end in ends:
            (shape,) = [
                each for each in arn_shapes().shapes if each.template.endswith(end) and each.actions_on & bit
            ]
            assert bool(shape.requirers & bit) is (table is NEEDS)
