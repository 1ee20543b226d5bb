"""The documented policies, held against what the program asks of AWS itself, and `recover` beside it.

The engine's tests run the program whole, where a stack that is made anew asks the least of this.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError

from identity_center.model.existing.unrecorded import NewLink
from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan import planned
from identity_center.model.plan.unique_names import TYPES
from identity_center_cli.aws.instance.links import read_links
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from identity_center_cli.aws.lookups.instance_regions import read_instance_regions
from identity_center_cli.aws.lookups.names_in_use import read_names_in_use
from identity_center_cli.aws.policies_by_name import read_beside
from sandbox.settings import REGION
from tests.support import calls_of_a_key
from tests.support.lived_in import MANAGEMENT, SHOP, LivedIn
from tools.docs.permission import Job
from tools.docs.permissions_table import actions, needed, policy

SETTINGS: Final = AwsSettings(region=REGION)
BESIDE: Final = frozenset({planned.CONTROL_POLICY, planned.IAM_POLICY, planned.ROOT_FEATURES})


@dataclass(frozen=True)
class Lived:
    """An instance that people have used, by what its links are asked by."""

    store: str
    instance: str
    session: boto3.Session
    group: str
    permission_set: str
    application: str
    access: str

    def links(self, type_: str, *inputs: dict[str, Any]) -> Iterable[str]:
        """Read links of a type; return what AWS refused."""
        asked = [NewLink(type_, "new", each) for each in inputs]
        return [each.operation for each in read_links(SETTINGS, self.instance, self.store, asked).unread]

    def assigned(self, account: str) -> dict[str, Any]:
        """Return an assignment of the group."""
        return {"permissionSetArn": self.permission_set, "targetId": account,
                "principalType": "GROUP", "principalId": self.group}  # fmt: skip


def _names(lived: Lived) -> Iterable[str]:
    return read_names_in_use(SETTINGS, lived.instance, TYPES - {planned.USER, planned.GROUP}).unseen.values()


def _beside(lived: Lived) -> Iterable[str]:
    try:
        assert read_beside(lived.session, BESIDE).ids
    except ClientError as error:
        return [str(error)]
    return []


def _regions(lived: Lived) -> Iterable[str]:
    return read_instance_regions(SETTINGS, lived.instance, ["eu-west-1"]).unseen


def _instance(_lived: Lived) -> Iterable[str]:
    return [each.operation for each in read_instance(SETTINGS, HowToRead(per_second=10_000)).unread]


Read = Callable[[Lived], Iterable[str]]
NAMES: Final = (
    "account-access:GetApplication account-access:ListApplications account-access:ListEntitlements "
    "organizations:ListPolicies sso:DescribeInstanceAccessControlAttributeConfiguration "
    "sso:DescribePermissionSet sso:ListApplications sso:ListPermissionSets"
)
#: What is read, by the job that is the least that reads it, and what that asks: recorded once.
READINGS: Final[dict[str, tuple[Job, Read, str]]] = {
    "names": (Job.PREVIEW, _names, NAMES),
    "memberships": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.MEMBERSHIP, {"groupId": lived.group}),
        "identitystore:ListGroupMemberships",
    ),
    "customer-managed policies": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.CUSTOMER_POLICY, {"permissionSetArn": lived.permission_set}),
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    ),
    "assignments by account": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.ASSIGNMENT, lived.assigned(SHOP)),
        "sso:ListAccountAssignments",
    ),
    "assignments by principal": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.ASSIGNMENT, lived.assigned(SHOP), lived.assigned(MANAGEMENT)),
        "sso:ListAccountAssignmentsForPrincipal",
    ),
    "application assignments": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.APPLICATION_ASSIGNMENT, {"applicationArn": lived.application}),
        "sso:ListApplicationAssignments",
    ),
    "entitlements": (
        Job.PREVIEW,
        lambda lived: lived.links(planned.ENTITLEMENT, {"applicationArn": lived.access}),
        "account-access:ListEntitlements",
    ),
    "Regions": (Job.PREVIEW, _regions, "sso:DescribeInstance kms:DescribeKey kms:GetKeyPolicy"),
    "beside": (
        Job.RECOVER,
        _beside,
        "iam:ListOrganizationsFeatures iam:ListPolicies organizations:ListPolicies",
    ),
}
TAKEN: Final = [(name, action) for name, (_, _, listed) in READINGS.items() for action in listed.split()]


@pytest.fixture
def lived(central_root: boto3.Session, lived_in: LivedIn) -> Lived:
    """Give an instance with something of every kind."""
    made = lived_in
    (application,) = made.made.sso.list_applications(InstanceArn=made.made.instance)["Applications"]
    made.made.ready_for("eu-west-1")
    (access,) = central_root.client("account-access").list_applications()["applications"]
    return Lived(
        made.made.store_id,
        made.made.instance,
        central_root,
        made.groups["Auditors"],
        made.sets["Reading"],
        application["ApplicationArn"],
        access["applicationArn"],
    )


@pytest.mark.parametrize("name", READINGS)
def test_the_policy_allows_all_that_a_reading_asks(lived: Lived, endpoint: str, name: str) -> None:
    """A name that a preview may not look up fails in the middle of the update, an hour later."""
    job, read, listed = READINGS[name]
    calls_of_a_key.put_under(endpoint, {"pipeline": policy(job)})

    assert list(read(lived)) == []
    assert set(calls_of_a_key.asked(endpoint)) == set(listed.split())
    # Whoever recovers previews the program, and an update asks what its preview asked.
    assert set(listed.split()) <= actions(Job.RECOVER)
    assert job is Job.RECOVER or set(listed.split()) <= actions(Job.UPDATE)


@pytest.mark.parametrize(("name", "taken"), TAKEN, ids=[f"{name}: {action}" for name, action in TAKEN])
def test_without_one_action_a_reading_names_it(lived: Lived, endpoint: str, name: str, taken: str) -> None:
    """What was not read is never taken for absent, and its name is what the policy lacks."""
    job, read, _ = READINGS[name]
    document = policy(job)
    denied = {"Effect": "Deny", "Action": taken, "Resource": "*"}
    calls_of_a_key.put_under(
        endpoint, {"pipeline": {**document, "Statement": [*document["Statement"], denied]}}
    )

    (said,) = set(read(lived))

    assert taken.partition(":")[2] in said


def test_whoever_recovers_may_read_the_instance(lived: Lived, endpoint: str) -> None:
    """After a fall is no time to find out what a policy lacks."""
    calls_of_a_key.put_under(endpoint, {"pipeline": policy(Job.RECOVER)})

    assert list(_instance(lived)) == []
    who_made_a_change = {"cloudtrail:LookupEvents"}  # of `drift --who` alone
    assert actions(Job.PREVIEW) | actions(Job.DRIFT) - who_made_a_change <= actions(Job.RECOVER)


def test_every_look_up_of_a_table_row_is_made_by_a_reading() -> None:
    """An action that nobody asks is more than least privilege."""
    asked = {action for _, action in TAKEN}
    of_links_and_names = ("whether ", "`rootGuard`: whether ")
    whether = {one.action for one in needed(Job.PREVIEW) if one.asked_by.startswith(of_links_and_names)}
    recovering = {one.action for one in needed(Job.RECOVER) if one.asked_by.startswith("`recover`: ")}

    assert whether | recovering <= asked
    assert recovering
