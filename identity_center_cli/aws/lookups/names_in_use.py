"""The names that an instance and its organisation have already, in bulk, for the kinds that are asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from identity_center.model.existing.parts import Part
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import UnansweredError
from identity_center.model.plan.name_changes import NamesInUse
from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    ATTRIBUTES,
    CONTROL_POLICY,
    PERMISSION_SET,
)
from identity_center.model.plan.unique_names import Holder, holder
from identity_center_cli.aws.answers import reason
from identity_center_cli.aws.instance.applications import ApplicationReader
from identity_center_cli.aws.instance.asking import NOT_FOUND, Asking
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.instance.permission_sets import SSO, SetReader
from identity_center_cli.aws.sessions import session_with

#: What AWS answers where the credentials lack an action.
#: Source: common errors of the API references of IAM Identity Center and AWS Organizations.
NOT_ALLOWED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_PATIENT: Final = Config(retries={"mode": "adaptive", "max_attempts": 10})
_Read = Callable[[Asking, str], Iterator[Holder]]


def read_names_in_use(settings: AwsSettings, instance_arn: str, types: frozenset[str]) -> NamesInUse:
    """Read who has which names, of types of `pulumi-aws`; each list is read once, with all its pages.

    Of permission sets AWS lists no names: these take a request for 100 sets, and one for each. What the
    credentials may not ask is named as unseen. Raises UnansweredError where AWS does not answer otherwise.
    """
    found, unseen = dict[str, tuple[Holder, ...]](), dict[str, str]()
    for type_ in sorted(types):
        try:
            found[type_] = tuple(_holders(settings, instance_arn, type_))
        except PermissionError as error:
            unseen[type_] = str(error)
    return NamesInUse(found, unseen)


def _holders(settings: AwsSettings, instance_arn: str, type_: str) -> list[Holder]:
    if type_ == CONTROL_POLICY:
        return _control_policies(settings)
    with KeptAnswers(None, {}, resume=False) as kept:
        asking = Asking(session_with(settings), settings.endpoints, kept)
        found = list(_READERS[type_](asking, instance_arn))
    for unread in asking.unread:
        _refuse(unread.operation, unread.why)
    return found


def _refuse(operation: str, why: str) -> None:
    if why in NOT_ALLOWED:
        raise PermissionError(f"{operation}: {why}")
    raise UnansweredError(f"AWS did not say which names it has ({operation}: {why})", "run again")


def _permission_sets(asking: Asking, instance_arn: str) -> Iterator[Holder]:
    reader = SetReader(asking, instance_arn, frozenset({Part.PERMISSION_SETS}))
    for arn, members in reader.sets(reader.arns()).items():
        yield holder(PERMISSION_SET, {"arn": arn, "name": members.get("name")})


def _applications(asking: Asking, instance_arn: str) -> Iterator[Holder]:
    of = (Part.APPLICATIONS, "")
    for row in asking.rows(of, SSO, "list_applications", "Applications", InstanceArn=instance_arn) or []:
        yield holder(APPLICATION, {"arn": row["ApplicationArn"], "name": row.get("Name")})


def _attributes(asking: Asking, instance_arn: str) -> Iterator[Holder]:
    said = asking.answer(
        (Part.ATTRIBUTES, ""),
        SSO,
        "describe_instance_access_control_attribute_configuration",
        none=(NOT_FOUND,),
        InstanceArn=instance_arn,
    )
    if said:
        yield holder(ATTRIBUTES, {"instanceArn": instance_arn})


def _account_access(asking: Asking, instance_arn: str) -> Iterator[Holder]:
    applications, _ = ApplicationReader(asking, instance_arn).account_access()
    for each in applications:
        yield holder(ACCOUNT_ACCESS, {"arn": each.arn})


_READERS: Final[Mapping[str, _Read]] = {
    PERMISSION_SET: _permission_sets,
    APPLICATION: _applications,
    ATTRIBUTES: _attributes,
    ACCOUNT_ACCESS: _account_access,
}


def _control_policies(settings: AwsSettings) -> list[Holder]:
    client: Any = session_with(settings).client(
        "organizations", endpoint_url=settings.endpoints.get("organizations"), config=_PATIENT
    )
    try:
        pages = client.get_paginator("list_policies").paginate(Filter="SERVICE_CONTROL_POLICY")
        return [
            holder(CONTROL_POLICY, {"arn": row["Arn"], "name": row["Name"]})
            for page in pages
            for row in page["Policies"]
        ]
    except (ClientError, BotoCoreError) as error:
        _refuse("organizations:ListPolicies", reason(error))
        raise
