"""What the program asks AWS before it makes anything: accounts, policies, people from elsewhere."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pulumi
import pulumi_aws as aws

from identity_center.model.access.external_principals import KnownGroup, KnownUser
from identity_center.model.access.other_accounts import SeenRole
from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.resources import messages
from identity_center.resources.arguments.refusal import ORGANISATION_ACTIONS, RefusedLookupError, remedy_of

#: What the provider says of a policy that does not exist.
#: Source: terraform-provider-aws, internal/service/iam/policy_data_source.go, and the service's error code.
_NOT_THERE = ("NoSuchEntity", "couldn't find resource", "no matching", "empty result")
#: What AWS says of a call that the credentials do not allow.
_NOT_ALLOWED = ("AccessDenied", "not authorized", "UnauthorizedOperation")


def is_not_allowed(error: Exception) -> bool:
    """Tell whether AWS refused because the credentials lack an action."""
    return any(words in str(error) for words in _NOT_ALLOWED)


def _is_not_there(error: Exception) -> bool:
    return any(words in str(error) for words in _NOT_THERE)


@contextmanager
def _refusals_told(what: str, remedy: str) -> Iterator[None]:
    """Say what AWS did not say where a lookup is refused. Raises RefusedLookupError."""
    try:
        yield
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(f"AWS did not say {what}: {error}", remedy) from error


def read_organisation(opts: pulumi.InvokeOptions | None = None) -> Organisation:
    """Ask the Organizations API for the management account and the accounts.

    Raises RefusedLookupError where the account belongs to no organisation or may not ask.
    """
    try:
        found = aws.organizations.get_organization(opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(
            f"AWS did not say which accounts the organisation has: {error}",
            remedy_of(
                error,
                "assignments need an organisation; use credentials with the actions "
                f"{', '.join(ORGANISATION_ACTIONS)}",
            ),
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
        arn = next((arn for arn in question.arns if _may_be_meant(arn, question, opts)), None)
        if arn is None:
            absent.append(question)
        else:
            answers[question] = arn
    return answers, tuple(absent)


def _may_be_meant(arn: str, question: PolicyQuestion, opts: pulumi.InvokeOptions | None) -> bool:
    exists = policy_exists(arn, opts)
    if exists is None:
        messages.warn(
            f"managed policy `{question.written}` is unchecked: the credentials lack iam:GetPolicy or "
            f"iam:GetPolicyVersion, and it is not in the list of known ones; it is taken for {arn}"
        )
    return exists is not False


def policy_exists(arn: str, opts: pulumi.InvokeOptions | None = None) -> bool | None:
    """Ask whether a policy exists; None where the credentials may not ask."""
    try:
        aws.iam.get_policy(arn=arn, opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        if _is_not_there(error):
            return False
        if is_not_allowed(error):
            return None
        raise RefusedLookupError(
            f"AWS did not say whether {arn} exists: {error}",
            "run again, with credentials that may call iam:GetPolicy and iam:GetPolicyVersion",
        ) from error
    return True


def role_of(arn: str, opts: pulumi.InvokeOptions | None = None) -> SeenRole | None:
    """Ask for a role by the name in its ARN; None where the account has none of that name.

    Raises PermissionError where the credentials may not ask.
    """
    try:
        found = aws.iam.get_role(name=arn.rpartition("/")[2], opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        if _is_not_there(error):
            return None
        if is_not_allowed(error):
            raise PermissionError(str(error)) from error
        raise RefusedLookupError(
            f"AWS did not say whether {arn} exists: {error}",
            "run again, with credentials that may call iam:GetRole",
        ) from error
    return SeenRole(str(found.arn), str(found.assume_role_policy))


def own_account(opts: pulumi.InvokeOptions | None = None) -> str:
    """Return the id of the account that the run's credentials belong to."""
    with _refusals_told("whose credentials these are", "use credentials that are valid"):
        return str(aws.get_caller_identity(opts=opts).account_id)


def known_users(identity_store_id: str, opts: pulumi.InvokeOptions | None = None) -> list[KnownUser]:
    """Read all users of the directory, in one lookup."""
    remedy = "use credentials with the action identitystore:ListUsers"
    with _refusals_told("which users the directory has", remedy):
        found = aws.identitystore.get_users(identity_store_id=identity_store_id, opts=opts)
    return [
        KnownUser(
            str(user.user_id),
            str(user.user_name or ""),
            str(user.display_name or ""),
            tuple(str(email.value) for email in user.emails or []),
            tuple((str(other.issuer), str(other.id)) for other in user.external_ids or []),
        )
        for user in found.users or []
    ]


def known_groups(identity_store_id: str, opts: pulumi.InvokeOptions | None = None) -> list[KnownGroup]:
    """Read all groups of the directory, in one lookup."""
    remedy = "use credentials with the action identitystore:ListGroups"
    with _refusals_told("which groups the directory has", remedy):
        found = aws.identitystore.get_groups(identity_store_id=identity_store_id, opts=opts)
    return [KnownGroup(str(group.group_id), str(group.display_name or "")) for group in found.groups or []]
