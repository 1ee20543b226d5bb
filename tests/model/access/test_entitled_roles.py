"""Roles that people get without a permission set: what is wrong with them is said, and what nobody saw."""

from datetime import date
from typing import Any

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    RolesFound,
    RoleTrust,
    SeenRole,
    entitled_roles,
    find_roles,
)
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import KeyPath
from identity_center.model.reading.load import load

ACCOUNT, MANAGEMENT = "444455556666", "111122223333"
AUDITOR, OPERATOR = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("Auditor", "team/Operator"))
TODAY = date(2026, 11, 25)
AT: KeyPath = ("accountAccess", "entitlements", 1, "roles", 0)


def found(answer: AccountAnswer | None, trust: RoleTrust | None = None, *roles: str) -> RolesFound:
    """Compare one group's roles, the second entitlement of a model, with what their account says."""
    entitlements: list[dict[str, Any]] = [
        {"group": "others", "roles": [OPERATOR], "expires": "2026-11-24"},
        {"group": "auditors", "roles": [*roles] or [AUDITOR]},
    ]
    raw = {"groups": {"auditors": {"displayName": "Auditors"}, "others": {"displayName": "Others"}}}
    loaded = load({**raw, "accountAccess": {"entitlements": entitlements}})
    assert loaded.mistakes == ()

    def judge(text: str, management: str | None) -> RoleTrust:
        assert (text, management) == ("{}", MANAGEMENT)
        assert trust is not None
        return trust

    answers = {} if answer is None else {ACCOUNT: answer}
    named = entitled_roles(loaded.declaration, Clock(TODAY))
    return find_roles(named, answers, judge if trust else None, MANAGEMENT)


def there(*arns: str) -> AccountAnswer:
    """Answer that roles are there."""
    return AccountAnswer(roles={arn: SeenRole(arn, "{}") for arn in arns})


def test_a_role_that_is_there_and_lets_the_service_in_is_no_matter() -> None:
    """A warning about what is in order hides the next one."""
    assert found(there(AUDITOR), RoleTrust()) == RolesFound((), ())


def test_a_role_that_its_account_does_not_have_is_a_mistake_at_the_place_of_its_grant() -> None:
    """AWS refuses it in the middle of the update; an expired grant before it does not move its place."""
    answers = found(AccountAnswer(roles={AUDITOR: None}))
    (mistake,) = answers.mistakes

    assert mistake.path == AT
    assert str(mistake) == (
        f"group `auditors` gets the role {AUDITOR}, which account {ACCOUNT} does not have; make the role "
        "there first, or correct its ARN"
    )
    assert answers.warnings == ()


def test_a_role_of_that_name_in_another_path_is_another_role() -> None:
    """IAM finds roles by name, account access manager takes ARNs, with the path."""
    elsewhere = f"arn:aws:iam::{ACCOUNT}:role/team/Auditor"
    (mistake,) = found(AccountAnswer(roles={AUDITOR: SeenRole(elsewhere, "{}")}), RoleTrust()).mistakes

    assert mistake.problem.endswith(f"does not have: the role of that name there is {elsewhere}")
    assert mistake.remedy == "write this ARN"


def test_a_role_that_shuts_the_service_out_is_a_mistake_that_names_what_it_lacks() -> None:
    """The update ends well, and nobody can use the role."""
    (mistake,) = found(there(AUDITOR), RoleTrust(refuses=("sts:AssumeRole", "sts:SetContext"))).mistakes

    assert mistake.path == AT
    assert str(mistake) == (
        f"group `auditors` gets the role {AUDITOR}, whose trust policy in account {ACCOUNT} does not let "
        "account-access.amazonaws.com do sts:AssumeRole and sts:SetContext; let the service do so in the "
        "role's trust policy first"
    )


def test_what_nobody_saw_is_unchecked_one_line_for_each_reason() -> None:
    """Fifty roles behind one refused door are one piece of news."""
    arns = [f"arn:aws:iam::{ACCOUNT}:role/R{number}" for number in range(7)]
    refused = found(AccountAnswer.refused("sts:AssumeRole Reader: AccessDenied"), None, *arns)
    (line,) = refused.warnings

    assert refused.mistakes == ()
    assert line == (
        f"whether people can use {', '.join(arns[:5])} and 2 more roles through account access manager is "
        "unchecked: sts:AssumeRole Reader: AccessDenied; the entitlement fails where the role is not, and "
        "nobody gets in where its trust policy does not let account-access.amazonaws.com in"
    )


def test_an_account_that_was_not_asked_and_a_trust_that_was_not_read_are_unchecked() -> None:
    """Silence is no yes."""
    (not_asked,) = found(None).warnings
    (not_read,) = found(there(AUDITOR)).warnings
    (not_known,) = found(there(AUDITOR), RoleTrust(undecided="it hangs on the weather")).warnings

    assert "is unchecked: nobody was asked; " in not_asked
    assert "is unchecked: this program has nothing to read trust policies with; " in not_read
    assert "is unchecked: it hangs on the weather; " in not_known


def test_a_role_that_takes_no_session_tags_is_spoken_of() -> None:
    """AWS's guide and the provider's disagree on whether anybody gets in then."""
    answers = found(there(AUDITOR), RoleTrust(refuses_tags=True))
    (line,) = answers.warnings

    assert answers.mistakes == ()
    assert line.startswith(f"the trust policy of {AUDITOR} does not let account-access.amazonaws.com do ")
