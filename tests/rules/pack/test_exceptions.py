"""Exceptions name one thing, for a time, with somebody who answers for it; they silence nothing else."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from identity_guard.rules.exceptions import ExceptionMistakeError, Excused
from identity_guard.stack.findings import Finding, Outcome
from identity_guard.testing.in_process_engine import Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


def admin(name: str = "break-glass", **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role with root-level access."""
    return Made("aws:iam/role:Role", f"{name}-role", {"name": name, "managedPolicyArns": [ADMIN], **inputs})


def excuse(**changes: str) -> dict[str, Any]:
    """Configure one exception; a change to the empty text leaves a field out."""
    given = {
        "resource": "aws:iam/role:Role::break-glass-role",
        "reason": "break-glass, ticket 42",
        "owner": "Ada Lovelace",
        "expires": "2026-12-31",
        **changes,
    }
    return {"no_root_level_access": {"exceptions": [{name: value for name, value in given.items() if value}]}}


@pytest.mark.parametrize(
    "named",
    [
        {"resource": "aws:iam/role:Role::break-glass-role"},
        {"resource": "urn:pulumi:dev::project::aws:iam/role:Role::break-glass-role"},
        {"resource": "", "principal": "break-glass"},
        {"resource": "", "principal": "break-glass-role"},
    ],
    ids=["type and name", "URN", "principal", "principal as the message shows it"],
)
def test_an_exception_turns_a_violation_into_advice(preview: Run, update: Run, named: dict[str, str]) -> None:
    """The preview and the update go on, and the access stays in sight."""
    for run in (preview, update):
        (told,) = run(admin(), **excuse(**named))

        assert (told.policy, told.level) == ("identity-advice", "advisory")
        assert "excepted until 2026-12-31" in told.message
        assert "root-level access" in told.message


def test_who_answers_for_it_stays_in_the_configuration(preview: Run) -> None:
    """It may be a person's name, and build logs are read by many."""
    assert "Ada" not in repr(preview(admin(), **excuse()))


@pytest.mark.parametrize(
    ("urn", "means", "covered"),
    [
        ("urn:pulumi:dev::project::acme:index:Team$aws:iam/role:Role::ops", "aws:iam/role:Role::ops", True),
        ("urn:pulumi:dev::project::a:b:C$d:e:F$aws:iam/role:Role::ops", "aws:iam/role:Role::ops", True),
        ("urn:pulumi:dev::project::a:b:C$aws:iam/role:Role::ops", "a:b:C$aws:iam/role:Role::ops", False),
        ("urn:pulumi:dev::project::aws:iam/role:Role::team::ops", "aws:iam/role:Role::team::ops", True),
        ("urn:pulumi:dev::project::aws:iam/role:Role::team::ops", "aws:iam/role:Role::team", False),
        ("team::b::ops", "b::ops", False),
        ("team::b::ops", "team::b::ops", True),
        ("ops", "ops", True),
    ],
)
def test_a_resource_is_meant_by_its_type_and_name_without_parents(
    urn: str, means: str, *, covered: bool
) -> None:
    """A component around a resource changes its URN and not what somebody answers for."""
    excused = Excused("here", "somebody", (means,), date(2027, 1, 1))

    assert excused.covers(Finding("rule", Outcome.VIOLATION, "message", urn)) is covered


def test_another_resource_is_not_excused(preview: Run) -> None:
    """One exception, one resource."""
    told = preview(admin(), admin("other"), **excuse())

    assert [each.urn for each in told if each.level == "mandatory"] == [admin("other").urn]


def test_an_exception_holds_on_its_last_day_and_not_after(preview: Run) -> None:
    """The day of the tests is 2026-11-20."""
    assert [each.level for each in preview(admin(), **excuse(expires="2026-11-20"))] == ["advisory"]

    (told,) = preview(admin(), **excuse(expires="2026-11-19"))

    assert (told.policy, told.level) == (RULE, "mandatory")
    assert "exception: it expired, its last day was 2026-11-19" in told.message


def test_an_exception_that_excuses_nothing_is_an_advice(preview: Run) -> None:
    """It waits for the next mistake of that name."""
    (told,) = preview(Made("aws:iam/group:Group", "ops", {"name": "ops"}), **excuse())

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert "excuses nothing of this stack" in told.message


def test_an_unreadable_document_is_never_excused(preview: Run) -> None:
    """Nobody can answer for what nobody can read."""
    broken = admin(managedPolicyArns=[], inlinePolicies=[{"name": "x", "policy": "{"}])
    told = preview(broken, **excuse())

    assert [each.policy for each in told if each.level == "mandatory"] == [RULE]


def test_no_exception_holds_where_the_day_cannot_be_told(
    preview: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a misspelt day would make every expired exception hold."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "soon")

    assert [each.level for each in preview(admin(), **excuse())] == ["mandatory"]


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"resource": "aws:iam/role:Role::*"}, "`resource` names exactly one, without wildcards"),
        ({"resource": "", "principal": "break-?"}, "`principal` names exactly one"),
        ({"resource": ""}, "name either a `resource` or a `principal`"),
        ({"principal": "break-glass"}, "name either a `resource` or a `principal`"),
        ({"reason": ""}, "`reason` is missing"),
        ({"owner": " "}, "`owner` is missing"),
        ({"expires": "never"}, "`expires` holds no day"),
        ({"because": "x"}, "there is no field `because`"),
    ],
)
def test_an_exception_with_a_mistake_ends_the_run(
    preview: Run, changes: dict[str, str], mistake: str
) -> None:
    """An exception that is not understood would excuse too much or nothing."""
    with pytest.raises(ExceptionMistakeError, match=r"exceptions\[0\]: ") as told:
        preview(admin(), **excuse(**changes))

    assert mistake in str(told.value)


def test_a_permission_set_is_excused_by_its_name(preview: Run) -> None:
    """The name is what people know of it."""
    arn = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
    inputs = {"name": "BreakGlass"}
    permission_set = Made("aws:ssoadmin/permissionSet:PermissionSet", "ps", inputs, {**inputs, "arn": arn})
    properties = {"permissionSetArn": arn, "managedPolicyArn": ADMIN}
    attachment = Made("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "a", properties)
    told = preview(
        permission_set, attachment, mfa_requirement="disabled", **excuse(resource="", principal="BreakGlass")
    )

    assert [each.level for each in told] == ["advisory"]


def test_exceptions_arrive_as_the_engine_sends_them(preview: Run) -> None:
    """Through a protobuf structure and back."""
    configured = json.loads(json.dumps(excuse()))

    assert [each.level for each in preview(admin(), **configured)] == ["advisory"]


def test_a_refusal_shows_the_exception_that_would_answer_for_it(
    preview: Run, update: Run, audit: Run
) -> None:
    """Pasted as it is shown, it is taken: nobody has to guess how a thing is named."""
    for run in (preview, update, audit):
        (told,) = run(admin())
        (line,) = [line for line in told.message.splitlines() if line.startswith("  exception: ")]
        entry = json.loads(line.partition(f"`{RULE}`: ")[2])
        again = run(admin(), no_root_level_access={"exceptions": [entry]})

        assert told.level == "mandatory"
        assert [each.level for each in again] == ["advisory"]


def test_a_name_that_two_bear_means_neither(preview: Run) -> None:
    """One exception for a break-glass role must not cover a user of the same name."""
    user = Made("aws:iam/user:User", "break-glass-user", {"name": "break-glass"})
    given = {"resource": "", "principal": "break-glass"}
    (alone,) = preview(admin(), **excuse(**given))
    (told,) = [each for each in preview(admin(), user, **excuse(**given)) if each.policy == RULE]

    assert alone.level == "advisory"
    assert told.level == "mandatory"
    assert "is the name of" in told.message
    assert "name the one by `resource`" in told.message


def test_what_is_only_advised_offers_no_exception(preview: Run) -> None:
    """Nobody has to answer for what stops nobody."""
    told = preview(admin(), **{RULE.replace("-", "_"): "advisory"})

    assert [each.level for each in told] == ["advisory"]
    assert "exception:" not in told[0].message


@pytest.mark.parametrize("principal", ["open-7a8b", "open"])
def test_the_name_of_a_role_answers_for_its_trust_policy(preview: Run, principal: str) -> None:
    """A name as shown works for every rule that takes exceptions, and the name in AWS as well."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = Made("aws:iam/role:Role", "open", {"name": "open-7a8b", "assumeRolePolicy": trust})
    exception = {"principal": principal, "reason": "a demo", "owner": "us", "expires": "2026-12-31"}
    told = preview(role, no_public_trust={"exceptions": [exception]})

    assert {each.level for each in told} == {"advisory"}
