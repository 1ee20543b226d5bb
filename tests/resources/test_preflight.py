"""What is found out before the first resource: whose credentials these are, who comes from elsewhere."""

import json
import runpy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime.config import set_all_config

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    Asked,
    ProvisionedSets,
    SeenRole,
)
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws import readers as readers_of_aws
from tests.support.answers import Answers
from tests.support.refused import run_refused

PROJECT = Path(__file__).parents[2]
DEFAULTS = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
MANAGEMENT, MEMBER = "111122223333", "444455556666"
DEPLOY = f"arn:aws:iam::{MANAGEMENT}:policy/team/Deploy"
MODEL: dict[str, Any] = {
    "groups": {"developers": {"displayName": "Developers"}},
    "permissionSets": {"deploying": {"name": "Deploying", "customerManagedPolicies": ["/team/Deploy"]}},
    "assignments": [
        {"group": "developers", "permissionSets": ["deploying"], "accounts": ["management", MEMBER]}
    ],
}


POLICY = CustomerPolicy("/team/", "Deploy")


@dataclass
class Elsewhere:
    """What other accounts than the run's own answer."""

    answer: AccountAnswer = field(default_factory=lambda: AccountAnswer({POLICY: True}))
    asked: list[AccountQuestions] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, questions: AccountQuestions) -> dict[str, AccountAnswer]:
        """Answer the same for each."""
        assert isinstance(settings, AwsSettings)
        self.asked.append(questions)
        return dict.fromkeys(questions.by_account, self.answer)


@dataclass
class OfManagement:
    """What AWS says that the management account has."""

    answer: ProvisionedSets = field(default_factory=ProvisionedSets)
    asked: list[tuple[str | None, str, str]] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, instance_arn: str, account_id: str) -> ProvisionedSets:
        """Answer, and note what was asked in which Region."""
        self.asked.append((settings.region, instance_arn, account_id))
        return self.answer


@pytest.fixture
def of_management() -> OfManagement:
    """Return what the management account has; a test changes it before it runs a program."""
    return OfManagement()


@pytest.fixture
def elsewhere() -> Elsewhere:
    """Return what other accounts answer; a test changes it before it runs a program."""
    return Elsewhere()


@pytest.fixture
def program(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    elsewhere: Elsewhere,
    of_management: OfManagement,
) -> Iterator[Callable[[dict[str, Any]], Any]]:
    """Return a function that runs the program with a model."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2026-11-23")
    asked = readers_of_aws.READERS
    readers = replace(
        asked, accounts=replace(asked.accounts, reader=elsewhere), provisioned_sets=of_management
    )
    monkeypatch.setattr("identity_center_cli.aws.readers.READERS", readers)

    def run_program(model: dict[str, Any], aws: dict[str, str] | None = None) -> Any:  # noqa: ANN401  # what conftest's run gives
        values = {key: entry["default"] for key, entry in DEFAULTS.items()}
        values |= {f"identity-center:{key}": value for key, value in model.items()}
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        set_all_config(texts | (aws or {}), [])
        exported: dict[str, Any] = {}
        monkeypatch.setattr(pulumi, "export", exported.__setitem__)

        def main() -> None:
            runpy.run_path(str(PROJECT / "__main__.py"))

        return run(main, root=tmp_path)

    yield run_program
    set_all_config({}, [])


def warnings(messages: pytest.LogCaptureFixture) -> list[str]:
    """Return what the program warned of."""
    return [record.message for record in messages.records if record.levelname == "WARNING"]


def test_the_delegated_administrator_is_told_what_it_cannot_do(
    program: Callable[..., Any], answers: Answers
) -> None:
    """AWS refuses it in the middle of the update, with no word about why."""
    answers.account_id, answers.policies[DEPLOY] = MEMBER, {}
    answers.policies[DEPLOY.replace(MANAGEMENT, MEMBER)] = {"arn": DEPLOY, "policy": "{}"}

    with run_refused() as caught:
        program(MODEL)

    assert (
        f"identity-center:assignments: gives `deploying` in the management account, which account {MEMBER} "
        "cannot do: the delegated administrator cannot manage what is provisioned there; take the management "
        "account out, and give access there through permission sets of its own, in a stack that runs with "
        "its credentials"
    ) in str(caught)


AS_ADMINISTRATOR = {
    **MODEL,
    "permissionSets": {"reading": {"name": "Reading"}, "writing": {"name": "Writing"}},
    "assignments": [{"group": "developers", "permissionSets": ["reading", "writing"], "accounts": [MEMBER]}],
}


def test_a_set_that_the_management_account_has_is_closed_to_the_delegated_administrator(
    program: Callable[..., Any], answers: Answers, of_management: OfManagement, registered: list[str]
) -> None:
    """Somebody assigned it there by hand; since then AWS refuses every change and every other assignment."""
    answers.account_id = MEMBER
    of_management.answer = ProvisionedSets(frozenset({"Reading", "Other"}))

    with run_refused() as caught:
        program(AS_ADMINISTRATOR)

    assert str(caught).startswith("1 mistake")
    assert (
        "identity-center:permissionSets.reading: is provisioned in the management account, so account "
        f"{MEMBER} can neither change nor assign it"
    ) in str(caught)
    assert registered == []
    assert of_management.asked == [("us-east-1", answers.instances["arns"][0], MANAGEMENT)]


@pytest.mark.parametrize(
    "case",
    [
        ({}, "sso:DescribePermissionSet: AccessDeniedException"),
        ({"aws:noProxy": "example.com"}, "and not with aws:noProxy"),
    ],
    ids=["refused", "settings that are not followed"],
)
def test_what_the_management_account_has_is_unchecked_where_aws_does_not_say(
    program: Callable[..., Any],
    answers: Answers,
    of_management: OfManagement,
    messages: pytest.LogCaptureFixture,
    case: tuple[dict[str, str], str],
) -> None:
    """No answer is not the answer that there is none."""
    aws, why = case
    answers.account_id = MEMBER
    of_management.answer = ProvisionedSets(unseen="sso:DescribePermissionSet: AccessDeniedException")

    program(AS_ADMINISTRATOR, aws)

    line, *names = [line for line in warnings(messages) if "unchecked" in line]
    assert [line for line in names if "whether AWS has a new name" not in line] == []
    assert line.startswith("which permission sets are provisioned in the management account is unchecked: ")
    assert why in line


def test_the_management_account_is_not_asked_what_it_has(
    program: Callable[..., Any], of_management: OfManagement
) -> None:
    """It may change whatever it has; every lookup is a call in every preview."""
    program(AS_ADMINISTRATOR)

    assert of_management.asked == []


def test_a_customer_managed_policy_that_is_not_there_is_a_mistake(program: Callable[..., Any]) -> None:
    """AWS looks for it by name in the account, when everything else has been made."""
    with run_refused() as caught:
        program(MODEL)

    assert (
        f"identity-center:permissionSets.deploying: account {MANAGEMENT}, where it is assigned, has no "
        "policy `/team/Deploy`; make the policy there first"
    ) in str(caught)


def test_other_accounts_are_asked_once_each_through_the_role_of_the_configuration(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """IAM answers for one account; where the role lets the program in, the others are checked as well."""
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}

    program(MODEL)
    program({**MODEL, "policyLookups": {"role": "team/Reader"}})

    by_account = {MEMBER: Asked(frozenset({POLICY}))}
    assert elsewhere.asked == [
        AccountQuestions("aws", "OrganizationAccountAccessRole", by_account),
        AccountQuestions("aws", "team/Reader", by_account),
    ]
    assert [line for line in warnings(messages) if "unchecked" in line] == []


def test_a_policy_that_a_member_account_lacks_is_a_mistake(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, registered: list[str]
) -> None:
    """Peers' pipelines end well, and nobody can sign in there."""
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}
    elsewhere.answer = AccountAnswer({POLICY: False})

    with run_refused(match=f"account {MEMBER}, where it is assigned, has no policy"):
        program(MODEL)

    assert registered == []


@pytest.mark.parametrize(
    "case",
    [
        ({}, {}, "sts:AssumeRole OrganizationAccountAccessRole: AccessDenied"),
        ({"memberAccounts": False}, {}, "`policyLookups.memberAccounts` is false"),
        ({}, {"aws:noProxy": "example.com"}, "and not with aws:noProxy"),
    ],
    ids=["refused", "not wanted", "settings that are not followed"],
)
def test_what_cannot_be_asked_is_called_unchecked_with_the_reason(
    program: Callable[..., Any],
    answers: Answers,
    elsewhere: Elsewhere,
    messages: pytest.LogCaptureFixture,
    case: tuple[dict[str, Any], dict[str, str], str],
) -> None:
    """What nobody looked at is not taken for right in silence."""
    lookups, aws, why = case
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}
    elsewhere.answer = AccountAnswer(unseen="sts:AssumeRole OrganizationAccountAccessRole: AccessDenied")
    program({**MODEL, "policyLookups": lookups}, aws)

    line, *names = [line for line in warnings(messages) if "unchecked" in line]
    assert [line for line in names if "whether AWS has a new name" not in line] == []
    assert line.startswith(
        f"customer-managed policy `/team/Deploy` for permission set `deploying` is unchecked in {MEMBER}: "
    )
    assert line.endswith(f"{why}; an assignment fails where the policy is not")
    assert len(elsewhere.asked) == (not lookups and not aws)


def test_an_account_that_may_not_be_asked_is_not_one_that_has_the_policy(
    program: Callable[..., Any], answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """The run's own account is asked through the provider, which may be refused as well."""
    answers.policies[DEPLOY] = RuntimeError("AccessDenied: not authorized to perform iam:GetPolicy")
    program(MODEL)

    (line,) = [line for line in warnings(messages) if "unchecked" in line]
    assert (
        f"is unchecked in {MANAGEMENT}: the credentials may not call iam:GetPolicy or iam:GetPolicyVersion"
        in line
    )


def entitled(*arns: str) -> dict[str, Any]:
    """Return a model in which a group gets roles."""
    return {
        "groups": MODEL["groups"],
        "accountAccess": {"entitlements": [{"group": "developers", "roles": [*arns]}]},
    }


def trust(*actions: str) -> str:
    """Return a trust policy that lets account access manager do some actions."""
    statement = {"Effect": "Allow", "Principal": {"Service": "account-access.amazonaws.com"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Action": [*actions]}]})


ALL = ("sts:AssumeRole", "sts:SetContext", "sts:TagSession")
HERE, THERE = (f"arn:aws:iam::{account}:role/Auditor" for account in (MANAGEMENT, MEMBER))


def test_every_role_that_people_get_is_looked_for_in_its_account(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, registered: list[str]
) -> None:
    """The update would fail half-way, or end well with a role that lets nobody in."""
    answers.roles["Auditor"] = {"arn": HERE, "assumeRolePolicy": trust("sts:AssumeRole")}
    elsewhere.answer = AccountAnswer(roles={THERE: None})
    with run_refused() as caught:
        program(entitled(HERE, THERE, HERE.replace("Auditor", "Nobody")))

    for place, words in (
        (0, f"{HERE}, whose trust policy in account {MANAGEMENT} does not let"),
        (1, f"{THERE}, which account {MEMBER} does not have; make the role there first"),
        (2, f"/Nobody, which account {MANAGEMENT} does not have; make the role there first"),
    ):
        at = (
            f"identity-center:accountAccess.entitlements[0].roles[{place}]: group `developers` gets the role "
        )
        (line,) = [line for line in str(caught).splitlines() if at in line]
        assert words in line
    assert registered == []
    assert elsewhere.asked == [
        AccountQuestions("aws", "OrganizationAccountAccessRole", {MEMBER: Asked(roles=frozenset({THERE}))})
    ]


def test_roles_that_let_the_service_in_are_given_without_a_word(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """What is in order is made."""
    answers.roles["Auditor"] = {"arn": HERE, "assumeRolePolicy": trust(*ALL)}
    elsewhere.answer = AccountAnswer(roles={THERE: SeenRole(THERE, trust(*ALL))})
    made = program(entitled(HERE, THERE))

    assert len([urn for urn in made.requests if "accountaccess/entitlement" in urn]) == 2
    assert warnings(messages) == []


def test_a_role_that_may_not_be_looked_for_is_called_unchecked(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """Neither the run's own account nor another one is taken for right in silence."""
    answers.roles["Auditor"] = RuntimeError("AccessDenied: not authorized to perform iam:GetRole")
    elsewhere.answer = AccountAnswer.refused("sts:AssumeRole OrganizationAccountAccessRole: AccessDenied")
    program(entitled(HERE, THERE))
    own, other = [line for line in warnings(messages) if "unchecked" in line]

    assert f"use {HERE} through account access manager is unchecked: the credentials may not call" in own
    assert f"use {THERE} through account access manager is unchecked: sts:AssumeRole Org" in other


def test_an_answer_that_is_neither_yes_nor_no_ends_the_run(
    program: Callable[..., Any], answers: Answers, registered: list[str]
) -> None:
    """A bad day of AWS is no permission to go on."""
    answers.roles["Auditor"] = RuntimeError("ServiceUnavailable")
    with run_refused(match=f"AWS did not say whether {HERE} exists: .*ServiceUnavailable"):
        program(entitled(HERE))

    assert registered == []


def test_somebody_from_elsewhere_is_assigned_and_not_made(
    program: Callable[..., Any], answers: Answers
) -> None:
    """Another system owns them: the stack knows their id and nothing else."""
    answers.users = [{"userId": "u-1", "userName": "grace", "displayName": "G", "emails": []}]
    answers.groups = [{"groupId": "g-1", "displayName": "Platform"}]
    made = program(
        {
            "externalUsers": {"grace": {"userName": "grace"}},
            "externalGroups": {"platform": {"displayName": "Platform"}},
            "groups": {"developers": {"displayName": "Developers", "members": ["grace"]}},
            "permissionSets": {"reading": {"name": "Reading"}},
            "assignments": [
                {"user": "grace", "permissionSets": ["reading"], "accounts": [MEMBER]},
                {"group": "platform", "permissionSets": ["reading"], "accounts": [MEMBER]},
            ],
        }
    )
    kind = "AccountAssignment"

    assert made.inputs(kind, f"reading/user/grace/{MEMBER}")["principalId"] == "u-1"
    assert made.inputs(kind, f"reading/group/platform/{MEMBER}")["principalId"] == "g-1"
    assert made.inputs("GroupMembership", "developers/grace")["memberId"] == "u-1"
    assert not [urn for urn in made.requests if "identitystore/user:User" in urn]
    calls = [token.split(":")[-1] for token, _ in made.calls]
    assert (calls.count("getUsers"), calls.count("getGroups")) == (1, 1)


def test_nobody_is_asked_for_where_nothing_depends_on_it(
    program: Callable[..., Any], answers: Answers
) -> None:
    """Every lookup is a call to AWS in every preview."""
    urn = (
        "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Directory"
        "$aws:identitystore/group:Group::developers"
    )
    answers.last_update = {urn: {"type": "x", "outputs": {"groupId": "g-1", "displayName": "Developers"}}}

    made = program({"groups": {"developers": {"displayName": "Developers"}}})

    assert [token for token, _ in made.calls if token.startswith("aws:")] == [
        "aws:ssoadmin/getInstances:getInstances"
    ]


def test_an_expired_grant_is_not_made_and_is_said(
    program: Callable[..., Any], messages: pytest.LogCaptureFixture
) -> None:
    """The next update removes it, and the preview says why."""
    assignment = {
        "group": "developers",
        "permissionSets": ["reading"],
        "accounts": [MEMBER],
        "expires": "2026-11-22",
    }
    made = program({**MODEL, "permissionSets": {"reading": {"name": "Reading"}}, "assignments": [assignment]})

    assert not [urn for urn in made.requests if "AccountAssignment" in urn]
    assert (
        "identity-center:assignments[0]: the access of group `developers` expired on 2026-11-22, so it is "
        "not made any more; remove the entry, or write a later `expires`"
    ) in warnings(messages)


def test_a_break_glass_grant_and_all_that_it_needs_are_protected(program: Callable[..., Any]) -> None:
    """The engine itself refuses to delete the grant, its permission set and its group."""
    assignment = {
        "group": "developers",
        "permissionSets": ["reading"],
        "accounts": [MEMBER],
        "breakGlass": True,
    }
    made = program({**MODEL, "permissionSets": {"reading": {"name": "Reading"}}, "assignments": [assignment]})
    protected = {
        urn.split("::")[-2].split("$")[-1] for urn, request in made.requests.items() if request.protect
    }

    assert protected == {
        "aws:identitystore/group:Group",
        "aws:ssoadmin/permissionSet:PermissionSet",
        "aws:ssoadmin/accountAssignment:AccountAssignment",
    }


def test_a_folder_that_is_not_there_is_a_mistake(program: Callable[..., Any]) -> None:
    """A misspelt folder would be an empty model."""
    with run_refused(match="there is no folder `acess` beside the project file; correct it"):
        program({"modelFolder": "acess"})
