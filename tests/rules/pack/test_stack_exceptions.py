"""Exceptions that the stack declares beside its access hold like the pack's own, and are always in sight."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
FIRST: Final = "policyExceptions[0] of AccessModel `identity-center`"
ROLE: Final = Made("aws:iam/role:Role", "break-glass-role", {"name": "glass", "managedPolicyArns": [ADMIN]})


def model(*exceptions: Any) -> Made:  # noqa: ANN401 - anything that a program may give
    """Make the component that declares exceptions."""
    return Made(
        "identity-center:index:AccessModel", "identity-center", {"policyExceptions": list(exceptions)}
    )


def excuse(**changes: object) -> dict[str, Any]:
    """Write one exception; a change to None leaves a field out."""
    given = {
        "rule": RULE,
        "resource": "aws:iam/role:Role::break-glass-role",
        "expires": "2026-12-31",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def mandatory(told: list[Told]) -> list[str]:
    """Return the rules that refuse."""
    return [each.policy for each in told if each.level == "mandatory"]


@pytest.mark.parametrize(
    "named",
    [
        {"resource": "aws:iam/role:Role::break-glass-role"},
        {"resource": ROLE.urn},
        {"resource": None, "principal": "glass"},
    ],
    ids=["type and name", "URN", "principal"],
)
def test_an_exception_of_the_stack_turns_a_violation_into_advice(
    preview: Run, update: Run, named: dict[str, Any]
) -> None:
    """The model says beside the access who answers for it; the access stays in sight in every run."""
    for run in (preview, update):
        (told,) = run(model(excuse(**named)), ROLE)

        assert (told.policy, told.level) == ("identity-advice", "advisory")
        assert "excepted until 2026-12-31 by AccessModel `identity-center`" in told.message


@pytest.mark.parametrize(
    ("exception", "says"),
    [
        (excuse(expires="2026-11-19"), "exception: it expired, its last day was 2026-11-19"),
        (excuse(rule="no-public-trust"), "root-level"),
        (excuse(resource="aws:iam/role:Role::other"), "root-level"),
    ],
    ids=["expired", "of another rule", "of another resource"],
)
def test_what_is_not_excused_is_refused(preview: Run, exception: dict[str, Any], says: str) -> None:
    """An exception holds for one rule, one thing, until one day."""
    told = preview(model(exception), ROLE)

    assert mandatory(told) == [RULE]
    assert any(says in each.message for each in told if each.level == "mandatory")


@pytest.mark.parametrize(
    "wrong",
    [
        excuse(resource="aws:iam/role:Role::*"),
        excuse(resource=None),
        excuse(expires="soon"),
        excuse(expires=None),
    ],
    ids=["wildcard", "nothing", "no day", "no end"],
)
def test_an_exception_that_is_not_written_as_one_refuses_the_stack(
    preview: Run, wrong: dict[str, Any]
) -> None:
    """A component of another program may not have checked it."""
    told = preview(model(wrong), ROLE)

    assert mandatory(told) == [RULE, RULE]
    assert any(
        "policyExceptions[0] of AccessModel `identity-center` excuses nothing" in t.message for t in told
    )


def test_an_exception_of_another_rule_does_not_hide_those_after_it(preview: Run) -> None:
    """They stand in one list, in the order of the model."""
    told = preview(model(excuse(rule="no-public-trust"), excuse()), ROLE)

    assert mandatory(told) == []


def test_whoever_enforces_the_pack_may_take_none_from_stacks(preview: Run) -> None:
    """A team whose stacks are judged must not be its own judge."""
    (told,) = preview(model(excuse()), ROLE, no_root_level_access={"stackExceptions": False})

    assert (told.policy, told.level) == (RULE, "mandatory")
    assert f"{FIRST} is not taken" in told.message


@pytest.mark.parametrize(
    ("entry", "policy", "says"),
    [
        (excuse(rule="no-rot-level-access"), "identity-advice", "no rule of that name takes exceptions"),
        (excuse(rule=None), "identity-advice", "no rule of that name takes exceptions"),
        (UNKNOWN, "undecided", "it is not known yet"),
        ("all", "undecided", "it is not known yet, or no object"),
    ],
    ids=["misspelt", "no rule", "unknown", "a text"],
)
def test_an_exception_that_no_rule_reads_is_told_once(
    preview: Run, entry: object, policy: str, says: str
) -> None:
    """Somebody believes that it holds."""
    told = preview(model(entry), ROLE)

    assert mandatory(told) == [RULE]
    assert [(each.policy, says in each.message) for each in told if each.level == "advisory"] == [
        (policy, True)
    ]


def test_an_exception_that_excuses_nothing_is_told(preview: Run) -> None:
    """It waits for the next mistake of that name."""
    (told,) = preview(model(excuse()))

    assert (
        "policyExceptions[0] of AccessModel `identity-center` excuses nothing of this stack" in told.message
    )


def test_an_unreadable_document_is_never_excused(preview: Run) -> None:
    """Nobody can answer for what nobody can read."""
    broken = Made(ROLE.type, ROLE.name, {"name": "glass", "inlinePolicies": [{"name": "x", "policy": "{"}]})

    assert mandatory(preview(model(excuse()), broken)) == [RULE]


def test_an_exception_that_is_not_written_as_one_is_never_excused(preview: Run) -> None:
    """Else one entry could silence what is wrong with another."""
    wrong = model(excuse(expires="soon"))
    of_model = {"resource": wrong.urn, "reason": "known", "owner": "platform", "expires": "2026-12-31"}
    told = preview(wrong, no_root_level_access={"exceptions": [of_model]})

    assert mandatory(told) == [RULE]
