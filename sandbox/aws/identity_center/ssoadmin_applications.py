"""Customer-managed applications of Identity Center and who may use them.

The API makes OAuth 2.0 applications only (botocore, documentation of CreateApplication). That a second
assignment of the same principal is no error, and that an application takes its assignments with it, was not
seen against AWS: both are as account assignments behave and as the model's errors allow.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from sandbox.aws.identity_center.identitystore import directory
from sandbox.aws.identity_center.ssoadmin_state import Application, Instance
from sandbox.aws.modelled import page
from sandbox.aws.refusals.table import refuse

_PROVIDER = "arn:{partition}:sso::aws:applicationProvider/custom"
# botocore's shape ApplicationList.
_PAGE = 50


class Applications:
    """The operations on applications; ``instance`` comes from the backend."""

    instances: dict[str, Instance]
    account_id: str
    region_name: str
    partition: str

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN."""
        raise NotImplementedError

    def create_application(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateApplication."""
        instance, provider = self.instance(asked["InstanceArn"]), asked["ApplicationProviderArn"]
        if provider != _PROVIDER.format(partition=self.partition):
            refuse("application-provider-unsupported", arn=provider)
        portal = asked.get("PortalOptions", {})
        # The random part is hexadecimal here; AWS's has letters and digits.
        number = secrets.token_hex(8)
        made = Application(
            arn=f"arn:{self.partition}:sso::{self.account_id}:application/{instance.id}/apl-{number}",
            provider=provider,
            account=self.account_id,
            region=self.region_name,
            name=asked["Name"],
            description=asked.get("Description"),
            status=asked.get("Status", "ENABLED"),
            visibility=portal.get("Visibility", "ENABLED"),
            sign_in=portal.get("SignInOptions"),
            tags={tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])},
        )
        instance.applications[made.arn] = made
        return {"ApplicationArn": made.arn, **_of(instance)}

    def describe_application(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeApplication."""
        instance, application = self._application(asked)
        return {**application.described(), **_of(instance)}

    def update_application(self, asked: dict[str, Any]) -> None:
        """UpdateApplication: what is left out stays; the visibility cannot be changed."""
        _, application = self._application(asked)
        application.name = asked.get("Name", application.name)
        application.description = asked.get("Description", application.description)
        application.status = asked.get("Status", application.status)
        application.sign_in = asked.get("PortalOptions", {}).get("SignInOptions", application.sign_in)

    def delete_application(self, asked: dict[str, Any]) -> None:
        """DeleteApplication, with its assignments."""
        instance, application = self._application(asked)
        del instance.applications[application.arn]

    def list_applications(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListApplications of an instance."""
        instance, wanted = self.instance(asked["InstanceArn"]), asked.get("Filter", {})
        rows = [
            {**one.described(), **_of(instance)}
            for one in instance.applications.values()
            if wanted.get("ApplicationAccount") in {None, one.account}
            and wanted.get("ApplicationProvider") in {None, one.provider}
        ]
        size = min(asked.get("MaxResults", _PAGE), _PAGE)
        return page({**asked, "MaxResults": size}, "Applications", rows)

    # Assignments

    def get_application_assignment_configuration(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetApplicationAssignmentConfiguration."""
        _, application = self._application(asked)
        return {"AssignmentRequired": application.assignment_required}

    def put_application_assignment_configuration(self, asked: dict[str, Any]) -> None:
        """PutApplicationAssignmentConfiguration."""
        _, application = self._application(asked)
        application.assignment_required = asked["AssignmentRequired"]

    def create_application_assignment(self, asked: dict[str, Any]) -> None:
        """CreateApplicationAssignment: at once, no request to wait for."""
        instance, application = self._application(asked)
        kind, principal = _principal(asked)
        store = directory(self.account_id, instance.region).stores[instance.store_id]
        if principal not in (store.users if kind == "USER" else store.groups):
            refuse("application-principal-not-found", type=kind, principal=principal)
        application.assigned[kind, principal] = None

    def describe_application_assignment(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeApplicationAssignment."""
        application = self._assigned(asked)
        return _row(application, *_principal(asked))

    def delete_application_assignment(self, asked: dict[str, Any]) -> None:
        """DeleteApplicationAssignment."""
        del self._assigned(asked).assigned[_principal(asked)]

    def list_application_assignments(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListApplicationAssignments of one application."""
        _, application = self._application(asked)
        rows = [_row(application, *principal) for principal in application.assigned]
        return page(asked, "ApplicationAssignments", rows)

    def list_application_assignments_for_principal(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListApplicationAssignmentsForPrincipal: the principal's own, not those of a user's groups."""
        principal, only = _principal(asked), asked.get("Filter", {}).get("ApplicationArn")
        rows = [
            _row(one, *principal)
            for one in self.instance(asked["InstanceArn"]).applications.values()
            if principal in one.assigned and only in {None, one.arn}
        ]
        return page(asked, "ApplicationAssignments", rows)

    # Parts

    def _application(self, asked: dict[str, Any]) -> tuple[Instance, Application]:
        arn = asked["ApplicationArn"]
        return next(self._of_arn(arn), None) or refuse("application-not-found", arn=arn)

    def _of_arn(self, arn: str) -> Iterator[tuple[Instance, Application]]:
        for instance in self.instances.values():
            if arn in instance.applications:
                yield instance, instance.applications[arn]

    def _assigned(self, asked: dict[str, Any]) -> Application:
        _, application = self._application(asked)
        kind, principal = _principal(asked)
        if (kind, principal) not in application.assigned:
            refuse("application-assignment-not-found", type=kind, principal=principal)
        return application


def _of(instance: Instance) -> dict[str, str]:
    return {"InstanceArn": instance.arn, "IdentityStoreArn": instance.store_arn}


def _principal(asked: dict[str, Any]) -> tuple[str, str]:
    return asked["PrincipalType"], asked["PrincipalId"]


def _row(application: Application, kind: str, principal: str) -> dict[str, str]:
    return {"ApplicationArn": application.arn, "PrincipalType": kind, "PrincipalId": principal}
