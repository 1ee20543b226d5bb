"""Whether customer-managed policies and roles are in the accounts of an organisation: each asked once."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from identity_center.model.access.other_accounts import AccountAnswer, AccountQuestions, SeenRole
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.answers import reason
from identity_center_cli.aws.sessions import session_with
from identity_center_cli.aws.token_bucket import TokenBucket

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

#: Of the role's permissions the session has these only, whatever the role allows.
_ONLY_THIS: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["iam:GetPolicy", "iam:GetRole"], "Resource": "*"}],
    }
)
_ROLE_SESSION: Final = "identity-center-policy-lookup"
#: AssumeRole's shortest, in seconds. Source: STS API reference, AssumeRole.
_SECONDS: Final = 900
#: STS counts the callers' account, IAM each account by itself; neither publishes a rate for these calls in a
#: place that was at hand, so this is a cautious choice of ours, for both together.
REQUESTS_PER_SECOND: Final = 40.0
_BURST: Final = 40
_THREADS: Final = 16
PATIENT: Final = Config(retries={"mode": "adaptive", "max_attempts": 8}, max_pool_connections=_THREADS)
#: Where so many accounts, and no other before them, refuse the role, the rest are not asked: credentials that
#: may not assume it would otherwise cost a request for every account in every preview.
_ENOUGH_REFUSALS: Final = 5


def read_member_accounts(
    settings: AwsSettings, questions: AccountQuestions, requests_per_second: float = REQUESTS_PER_SECOND
) -> dict[str, AccountAnswer]:
    """Ask every account, in parallel. What an account does not say, it says why."""
    accounts = sorted(questions.by_account)
    try:
        asker = _Asker(settings, questions, TokenBucket(requests_per_second, _BURST))
    except BotoCoreError as error:
        return _unseen(accounts, f"the credentials cannot be used ({reason(error)})")
    with ThreadPoolExecutor(_THREADS) as pool:
        first, rest = accounts[:_ENOUGH_REFUSALS], accounts[_ENOUGH_REFUSALS:]
        answers = dict(zip(first, pool.map(asker.ask, first), strict=True))
        if len(asker.refused) == _ENOUGH_REFUSALS:
            codes = ", ".join(sorted(set(asker.refused.values())))
            why = f"the first {_ENOUGH_REFUSALS} accounts all refused {asker.door} ({codes})"
            return answers | _unseen(rest, why)
        return answers | dict(zip(rest, pool.map(asker.ask, rest), strict=True))


def _unseen(accounts: Iterable[str], why: str) -> dict[str, AccountAnswer]:
    return dict.fromkeys(accounts, AccountAnswer.refused(why))


class _Asker:
    """Goes into accounts through one role."""

    def __init__(self, settings: AwsSettings, questions: AccountQuestions, bucket: TokenBucket) -> None:
        self._questions, self._endpoints, self._bucket = questions, settings.endpoints, bucket
        self._session = session_with(settings)
        self._sts: STSClient = self._session.client(
            "sts", endpoint_url=settings.endpoints.get("sts"), config=PATIENT
        )
        bucket.keep(self._sts)
        self.door = f"sts:AssumeRole {questions.role}"
        self.refused: dict[str, str] = {}
        """By account: how the role was refused."""

    def ask(self, account_id: str) -> AccountAnswer:
        """Ask one account for all that it has to have."""
        role = f"arn:{self._questions.partition}:iam::{account_id}:role/{self._questions.role}"
        try:
            answer = self._sts.assume_role(
                RoleArn=role, RoleSessionName=_ROLE_SESSION, Policy=_ONLY_THIS, DurationSeconds=_SECONDS
            )
        except (ClientError, BotoCoreError) as error:
            self.refused[account_id] = reason(error)
            return AccountAnswer.refused(f"{self.door}: {reason(error)}")
        return self._answers(self._iam(answer["Credentials"]), account_id)

    def _answers(self, iam: "IAMClient", account_id: str) -> AccountAnswer:
        exists, unseen = self._policies(iam, account_id)
        return AccountAnswer(exists, unseen, *self._roles(iam, account_id))

    def _policies(self, iam: "IAMClient", account_id: str) -> tuple[dict[CustomerPolicy, bool], str]:
        exists: dict[CustomerPolicy, bool] = {}
        unseen = ""
        for policy in sorted(self._questions.by_account[account_id].policies):
            try:
                iam.get_policy(PolicyArn=policy.arn(self._questions.partition, account_id))
                exists[policy] = True
            except iam.exceptions.NoSuchEntityException:
                exists[policy] = False
            except (ClientError, BotoCoreError) as error:
                unseen = f"iam:GetPolicy through {self._questions.role}: {reason(error)}"
        return exists, unseen

    def _roles(self, iam: "IAMClient", account_id: str) -> tuple[dict[str, SeenRole | None], str]:
        roles: dict[str, SeenRole | None] = {}
        unseen = ""
        for arn in sorted(self._questions.by_account[account_id].roles):
            try:
                role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
                roles[arn] = SeenRole(role["Arn"], _text(role["AssumeRolePolicyDocument"]))
            except iam.exceptions.NoSuchEntityException:
                roles[arn] = None
            except (ClientError, BotoCoreError) as error:
                unseen = f"iam:GetRole through {self._questions.role}: {reason(error)}"
        return roles, unseen

    def _iam(self, credentials: "CredentialsTypeDef") -> "IAMClient":
        # A session of its own: boto3 makes the clients of one session in one thread at a time only.
        session = boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=self._session.region_name,
        )
        iam: IAMClient = session.client("iam", endpoint_url=self._endpoints.get("iam"), config=PATIENT)
        self._bucket.keep(iam)
        return iam


def _text(document: object) -> str:
    """Write a trust policy, which boto3 decodes, as JSON text again."""
    return document if isinstance(document, str) else json.dumps(document)
