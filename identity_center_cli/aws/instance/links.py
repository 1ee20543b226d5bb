"""Which of a few links an instance has: asked by what they tie together, and not all of an instance."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from identity_center.model.existing.existing import Existing, sorted_unread
from identity_center.model.existing.objects import Application, PermissionSet
from identity_center.model.existing.parts import Part
from identity_center.model.existing.unrecorded import NewLink
from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.planned import (
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    CUSTOMER_POLICY,
    ENTITLEMENT,
    MEMBERSHIP,
)
from identity_center_cli.aws import clock
from identity_center_cli.aws.instance.applications import ApplicationReader
from identity_center_cli.aws.instance.asking import Asking
from identity_center_cli.aws.instance.directory import DirectoryReader
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.instance.permission_sets import SetReader
from identity_center_cli.aws.sessions import session_with


def read_links(settings: AwsSettings, instance_arn: str, store_id: str, links: Sequence[NewLink]) -> Existing:
    """Read what these links tie together has of their kinds. What AWS refuses is in `unread`."""
    now = clock.written(clock.now())
    with KeptAnswers(None, {}, resume=False) as kept:
        asking = Asking(session_with(settings), settings.endpoints, kept)
        found: dict[str, Any] = {}
        for kind in {each.type for each in links}:
            inputs = [one.inputs for one in links if one.type == kind]
            found |= _READERS[kind](asking, instance_arn, store_id, inputs)
    return Existing(
        region=settings.region or "",
        instance_arn=instance_arn,
        identity_store_id=store_id,
        read_from=now,
        read_until=clock.written(clock.now()),
        unread=sorted_unread(asking.unread),
        **found,
    )


_Links = Sequence[Mapping[str, Any]]


def _memberships(asking: Asking, _instance: str, store_id: str, links: _Links) -> dict[str, Any]:
    reader = DirectoryReader(asking, store_id)
    groups = sorted({each["groupId"] for each in links})
    return {"memberships": tuple(one for rows in asking.each(reader.of_group, groups) for one in rows)}


def _customer_policies(asking: Asking, instance_arn: str, _store: str, links: _Links) -> dict[str, Any]:
    reader = SetReader(asking, instance_arn, frozenset({Part.CUSTOMER_MANAGED_POLICIES}))
    read = reader.sets(sorted({each["permissionSetArn"] for each in links}))
    return {"permission_sets": tuple(PermissionSet(arn=arn, **parts) for arn, parts in read.items())}


def _assignments(asking: Asking, instance_arn: str, _store: str, links: _Links) -> dict[str, Any]:
    """Ask by principal or by account and set: the fewer."""
    reader = SetReader(asking, instance_arn, frozenset())
    principals = sorted({(each["principalType"], each["principalId"]) for each in links})
    pairs = sorted({(each["permissionSetArn"], each["targetId"]) for each in links})
    if len(pairs) <= len(principals):
        rows = asking.each(reader.assigned, pairs)
    else:
        rows = asking.each(reader.assigned_to, principals)
    return {"assignments": tuple(one for each in rows for one in each)}


def _application_assignments(asking: Asking, instance_arn: str, _store: str, links: _Links) -> dict[str, Any]:
    arns = sorted({each["applicationArn"] for each in links})
    found = asking.each(ApplicationReader(asking, instance_arn).assigned, arns)
    applications = (
        Application(arn=arn, assignments=assigned) for arn, assigned in zip(arns, found, strict=True)
    )
    return {"applications": tuple(applications)}


def _entitlements(asking: Asking, instance_arn: str, _store: str, links: _Links) -> dict[str, Any]:
    arns = sorted({each["applicationArn"] for each in links})
    found = asking.each(ApplicationReader(asking, instance_arn).entitlements, arns)
    return {"entitlements": tuple(one for each in found for one in each)}


_READERS: Final[Mapping[str, Callable[[Asking, str, str, _Links], dict[str, Any]]]] = {
    MEMBERSHIP: _memberships,
    CUSTOMER_POLICY: _customer_policies,
    ASSIGNMENT: _assignments,
    APPLICATION_ASSIGNMENT: _application_assignments,
    ENTITLEMENT: _entitlements,
}
