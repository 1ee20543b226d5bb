"""What the program asks AWS before it makes anything, and what it says when the answer is no use."""

from collections.abc import Callable
from typing import Any

import pytest

from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.organisation.organisation import AccountState
from identity_center.program.lookups.invokes import ask_for_policies, read_organisation
from identity_center.resources import find_instance
from identity_center.resources.arguments.refusal import RefusedLookupError
from tests.support.answers import Answers

Run = Callable[..., Any]
ONE, TWO = ("arn:aws:sso:::instance/ssoins-" + letter * 16 for letter in "ab")


def instances(*arns: str) -> dict[str, Any]:
    """Return what the provider gives for some instances."""
    stores = [f"d-{index:010}" for index, _ in enumerate(arns)]
    return {"arns": list(arns), "identityStoreIds": stores, "id": "eu-west-1", "region": "eu-west-1"}


def refused(run: Run, program: Callable[[], Any]) -> RefusedLookupError:
    """Return the refusal that a program ends with."""
    with pytest.raises(RefusedLookupError) as caught:
        run(program)
    return caught.value


def test_the_only_instance_is_found(run: Run, answers: Answers) -> None:
    """Nobody copies ARNs by hand."""
    answers.instances = instances("arn:aws-us-gov:sso:::instance/ssoins-aaaaaaaaaaaaaaaa")
    seen = run(find_instance).result

    assert (seen.identity_store_id, seen.region, seen.partition) == (
        "d-0000000000",
        "eu-west-1",
        "aws-us-gov",
    )


def test_an_instance_in_another_region_is_pointed_to(run: Run, answers: Answers) -> None:
    """A wrong Region is the commonest mistake: AWS then answers with an empty list, not with an error."""
    answers.instances = instances()
    answers.instances_elsewhere = {"us-east-2": instances(ONE)}
    error = refused(run, find_instance)

    assert error.problem == "Region eu-west-1 has no Identity Center instance"
    assert error.remedy == "us-east-2 has one: pulumi config set aws:region us-east-2"


def test_where_no_region_has_an_instance_the_two_ways_out_are_told(run: Run, answers: Answers) -> None:
    """Identity Center is off, or in a Region that was opted in to and is not looked at."""
    answers.instances = instances()

    assert refused(run, find_instance).remedy == (
        "no other Region that is enabled by default has one: enable Identity Center in the console of the "
        "management account, or set the Region that has it: pulumi config set aws:region REGION"
    )


def test_a_region_that_could_not_be_asked_is_not_called_empty(run: Run, answers: Answers) -> None:
    """A policy of the organisation may deny it; the instance may be right there."""
    answers.instances = instances()
    answers.instances_elsewhere = {"sa-east-1": RuntimeError("AccessDenied"), "us-east-1": RuntimeError("x")}

    assert "(us-east-1, sa-east-1 could not be asked)" in refused(run, find_instance).remedy


@pytest.mark.parametrize(
    ("region", "looked_at"), [("us-gov-east-1", {"us-gov-west-1"}), ("cn-north-1", {"cn-northwest-1"})]
)
def test_only_regions_of_the_same_partition_are_asked(
    run: Run, answers: Answers, region: str, looked_at: set[str]
) -> None:
    """Credentials of one partition are refused in every other."""
    answers.instances = {**instances(), "region": region}
    refused(run, find_instance)

    assert set(answers.regions_asked) == looked_at


def test_of_several_instances_none_is_taken_by_chance(run: Run, answers: Answers) -> None:
    """The first of the list may be an account's own instance, which has no permission sets."""
    answers.instances = instances(ONE, TWO)

    assert str(refused(run, find_instance)) == (
        f"Region eu-west-1 has 2 Identity Center instances: {ONE}, {TWO}; "
        "name the one to use: pulumi config set identity-center:instanceArn ARN"
    )


def test_of_several_instances_the_named_one_is_taken_with_its_own_store(run: Run, answers: Answers) -> None:
    """An ARN with another instance's identity store would put people into the wrong directory."""
    answers.instances = instances(ONE, TWO)

    assert run(lambda: find_instance(TWO)).result.identity_store_id == "d-0000000001"


def test_a_named_instance_that_is_not_there_is_told_with_those_that_are(run: Run, answers: Answers) -> None:
    """It is a typing mistake, or another Region's."""
    answers.instances = instances(ONE)

    assert str(refused(run, lambda: find_instance(TWO))) == (
        f"Region eu-west-1 has no Identity Center instance {TWO}, but {ONE}; "
        "correct identity-center:instanceArn, or remove it"
    )


def test_a_refused_lookup_of_the_instance_says_what_it_takes(run: Run, answers: Answers) -> None:
    """Wrong credentials are the commonest mistake of a first run."""
    answers.instances = RuntimeError("AccessDeniedException: not authorized")
    error = refused(run, find_instance)

    assert "AccessDeniedException" in error.problem
    assert "sso:ListInstances" in error.remedy


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("https response error StatusCode: 0, RequestID: , request send failed, EOF", "run again when it is"),
        ("read tcp 10.0.0.1:5->10.0.0.2:443: read: connection reset by peer", "run again when it is"),
        ("ExpiredTokenException: the token is expired", "sign in, then run again"),
    ],
    ids=["no connection", "a broken one", "expired"],
)
@pytest.mark.parametrize("asks", [find_instance, read_organisation])
def test_an_aws_that_does_not_answer_is_no_matter_of_permissions(
    run: Run, answers: Answers, why: str, remedy: str, asks: Callable[[], object]
) -> None:
    """Whoever looks for a missing permission at night finds none."""
    answers.instances = RuntimeError(why)
    answers.organisation = RuntimeError(why)

    assert remedy in refused(run, asks).remedy


def test_accounts_are_read_with_their_state(run: Run, answers: Answers) -> None:
    """A closed account stays in the list for 90 days, and AWS refuses assignments there."""
    answers.organisation["accounts"][1]["state"] = "SUSPENDED"
    seen = run(read_organisation).result

    assert seen.management_account_id == "111122223333"
    assert {account.account_id: account.state for account in seen.accounts.values()} == {
        "111122223333": AccountState.ACTIVE,
        "444455556666": AccountState.OTHER,
    }


def test_accounts_that_may_not_be_listed_are_unknown_not_absent(run: Run, answers: Answers) -> None:
    """A member account sees the organisation but not its accounts; no id is wrong for that."""
    answers.organisation["accounts"] = []

    assert run(read_organisation).result.accounts is None


def test_an_account_outside_an_organisation_is_told_what_is_missing(run: Run, answers: Answers) -> None:
    """Permission sets take an organisation instance."""
    answers.organisation = RuntimeError("AWSOrganizationsNotInUseException")

    assert "need an organisation" in refused(run, read_organisation).remedy


def question(*names: str) -> PolicyQuestion:
    """Return a question about policies that the list of known ones lacks."""
    return PolicyQuestion(("p",), names[0], tuple(f"arn:aws:iam::aws:policy/{name}" for name in names))


def test_the_first_policy_that_exists_is_meant(run: Run, answers: Answers) -> None:
    """A name without a path may stand at any of AWS's paths."""
    asked = question("NewPolicy", "job-function/NewPolicy")
    answers.policies = {"arn:aws:iam::aws:policy/job-function/NewPolicy": {"arn": "x"}}

    assert run(lambda: ask_for_policies([asked])).result == (
        {asked: "arn:aws:iam::aws:policy/job-function/NewPolicy"},
        (),
    )


def test_a_policy_that_does_not_exist_is_told_apart_from_one_that_may_not_be_read(
    run: Run,
    answers: Answers,
    messages: pytest.LogCaptureFixture,
) -> None:
    """Unchecked is neither fine nor wrong: it is said, and the run goes on."""
    absent, hidden = question("Absent"), question("Hidden")
    answers.policies = {"arn:aws:iam::aws:policy/Hidden": RuntimeError("AccessDenied: iam:GetPolicy")}

    assert run(lambda: ask_for_policies([absent, hidden])).result == (
        {hidden: "arn:aws:iam::aws:policy/Hidden"},
        (absent,),
    )
    (warning,) = [record.message for record in messages.records if record.levelname == "WARNING"]
    assert warning == (
        "managed policy `Hidden` is unchecked: the credentials lack iam:GetPolicy or iam:GetPolicyVersion, "
        "and it is not in the list of known ones; it is taken for arn:aws:iam::aws:policy/Hidden"
    )


def test_any_other_answer_about_a_policy_ends_the_run(run: Run, answers: Answers) -> None:
    """A failed call is not the answer no."""
    answers.policies = {"arn:aws:iam::aws:policy/New": RuntimeError("RequestError: send request failed")}

    assert "send request failed" in refused(run, lambda: ask_for_policies([question("New")])).problem
