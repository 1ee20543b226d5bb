"""What the program asks AWS before it makes anything: accounts, and managed policies that its list lacks."""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from identity_center.model.managed_policies import PolicyQuestion
from identity_center.model.organisation import AccountState, MemberAccount, Organisation
from identity_center.resources.refusal import RefusedLookupError

#: What the provider says of a policy that does not exist.
#: Source: terraform-provider-aws, internal/service/iam/policy_data_source.go, and the service's error code.
_NOT_THERE = ("NoSuchEntity", "couldn't find resource", "no matching", "empty result")
#: What AWS says of a call that the credentials do not allow.
_NOT_ALLOWED = ("AccessDenied", "not authorized", "UnauthorizedOperation")


def read_organisation(opts: pulumi.InvokeOptions | None = None) -> Organisation:
    """Ask the Organizations API for the management account and the accounts.

    Raises RefusedLookupError where the account belongs to no organisation or may not ask.
    """
    try:
        found = aws.organizations.get_organization(opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(
            f"AWS did not say which accounts the organisation has: {error}",
            "assignments need an organisation; use credentials with the actions "
            "organizations:DescribeOrganization and organizations:ListAccounts",
        ) from error
    accounts = [
        MemberAccount(str(account.id), str(account.name), _state(str(account.state)))
        for account in found.accounts or []
    ]
    return Organisation.of(str(found.master_account_id), accounts)


def _state(state: str) -> AccountState:
    return AccountState.ACTIVE if state == AccountState.ACTIVE.value else AccountState.OTHER


def ask_for_policies(
    questions: Iterable[PolicyQuestion], opts: pulumi.InvokeOptions | None = None
) -> tuple[dict[PolicyQuestion, str], tuple[PolicyQuestion, ...]]:
    """Ask AWS for managed policies.

    Returns the ARN of each that exists, or is taken unchecked because the credentials may not ask (a warning
    says so), and the questions whose policy does not exist. Any other refusal is a RefusedLookupError.
    """
    answers: dict[PolicyQuestion, str] = {}
    absent: list[PolicyQuestion] = []
    for question in questions:
        arn = next((arn for arn in question.arns if _exists(arn, question, opts)), None)
        if arn is None:
            absent.append(question)
        else:
            answers[question] = arn
    return answers, tuple(absent)


def _exists(arn: str, question: PolicyQuestion, opts: pulumi.InvokeOptions | None) -> bool:
    try:
        aws.iam.get_policy(arn=arn, opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        said = str(error)
        if any(words in said for words in _NOT_THERE):
            return False
        if any(words in said for words in _NOT_ALLOWED):
            pulumi.log.warn(
                f"managed policy `{question.written}` is unchecked: the credentials lack iam:GetPolicy, "
                f"and it is not in the list of known ones; it is taken for {arn}"
            )
            return True
        raise RefusedLookupError(
            f"AWS did not say whether {arn} exists: {said}",
            "run again, with credentials that may call iam:GetPolicy",
        ) from error
    return True
