"""How much a run tells: a refusal in full, everything else in one line with the command for the rest."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import UNKNOWN, InProcessEngine, Made, Told

Run = Callable[..., list[Told]]


def user(*actions: str, **elements: Any) -> Made:  # noqa: ANN401 - elements of a statement
    """Make a policy of a user who can make keys."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **elements}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return Made("aws:iam/userPolicy:UserPolicy", "rights", {"user": "eve", "policy": document})


def test_an_advice_is_one_line_that_names_the_command_for_the_rest(usual_preview: Run) -> None:
    """A preview of a hundred resources stays readable; what was cut is one command away."""
    (told,) = usual_preview(user("iam:CreateAccessKey"))
    _, line = told.message.splitlines()

    assert told.level == "advisory"
    assert line == (
        "IAM user `eve` can give itself more access than it was given, by iam:CreateAccessKey; "
        "details: `pulumi preview --json | identity-center check -`"
    )


def test_of_many_ways_the_first_is_named_and_the_others_counted(usual_preview: Run) -> None:
    """One line says what and how; the reader knows whether it is one slip or a wide grant."""
    told = usual_preview(user("iam:*AccessKey", "iam:PassRole", "lambda:*", "iam:*LoginProfile"))
    (line,) = [each.message.splitlines()[1] for each in told if "more access" in each.message]

    assert ", by iam:" in line
    assert " other ways; details: " in line
    assert len(line) < 220


def test_a_pack_with_settings_names_the_option_for_them(usual_preview: Run) -> None:
    """Without them the command knows of no audit and no documents, and tells less than the run."""
    told = usual_preview(user("iam:CreateAccessKey"), access_as_a_whole={"mostAdministrators": 3})

    assert "details: `pulumi preview --json | identity-center check --config FILE -`" in told[0].message


def test_what_is_undecided_says_what_is_missing(usual_preview: Run) -> None:
    """A value that is not known yet is the whole news: nobody should need a second command for it."""
    given = {"user": "eve", "policy": UNKNOWN}
    told = usual_preview(Made("aws:iam/userPolicy:UserPolicy", "rights", given))

    assert ", because `policy` of UserPolicy `rights` is not known yet; details: " in told[0].message


def test_details_can_be_asked_for(usual_preview: Run) -> None:
    """A pipeline whose log is all that people see has everything in it."""
    told = usual_preview(user("iam:CreateAccessKey"), identity_advice={"details": "full"})

    assert "how: iam-create-access-key" in told[0].message


def test_a_refusal_is_told_in_full(usual_preview: Run) -> None:
    """Who is stopped needs the reason and the way out at once."""
    (told,) = [each for each in usual_preview(user("*")) if each.level == "mandatory"]

    assert "to do: " in told.message


def test_an_update_names_the_command_that_reads_the_state() -> None:
    """After an update there is no preview to repeat."""
    told = InProcessEngine(Phase.UPDATE).run([user("iam:CreateAccessKey")])

    assert "details: `pulumi stack export | identity-center check -`" in told[0].message


def test_a_way_is_told_with_its_condition(preview: Run) -> None:
    """A grant for users with one tag is not a grant for all: the message says `if`."""
    condition = {"StringEquals": {"iam:ResourceTag/team": "blue"}}
    (told,) = preview(user("iam:CreateAccessKey", Condition=condition))

    assert "if: for targets with the tag `team` = `blue`" in told.message


@pytest.mark.parametrize(
    ("conditions", "rest"), [(3, ""), (4, ", and 1 more condition"), (5, ", and 2 more conditions")]
)
def test_of_many_conditions_three_are_told_and_the_others_counted(
    preview: Run, conditions: int, rest: str
) -> None:
    """A message that ends in "and 0 more", or drops one without a word, is not believed the next time."""
    condition = {"StringEquals": {f"iam:ResourceTag/team{number}": "blue" for number in range(conditions)}}
    (told,) = preview(user("iam:CreateAccessKey", Condition=condition))

    (line,) = [each for each in told.message.splitlines() if "if: " in each]
    assert line.endswith(f"the tag `team2` = `blue`{rest}")


def test_made_up_names_look_made_up(preview: Run) -> None:
    """Nobody should look for a user that is an example."""
    (told,) = preview(user("iam:CreateAccessKey"))

    assert "it may call iam:CreateAccessKey on arn:aws:iam::111122223333:user/EXAMPLE" in told.message


def test_a_role_that_trusts_a_role_is_not_blamed_for_mfa(preview: Run) -> None:
    """Software has no MFA to show: on every such trust the advice was noise."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:role/build"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    told = preview(Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": document}))

    assert [each for each in told if "MFA" in each.message] == []
