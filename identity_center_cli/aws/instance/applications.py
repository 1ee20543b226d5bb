"""Applications and who is assigned, entitlements of account access manager, access control attributes."""

from dataclasses import dataclass
from typing import Any, Final

from identity_center.model.existing.objects import (
    GROUP,
    USER,
    AccountAccess,
    Application,
    ApplicationAssignment,
    Attribute,
    Entitlement,
)
from identity_center.model.existing.parts import Part
from identity_center_cli.aws.instance.asking import NOT_FOUND, Asking
from identity_center_cli.aws.instance.permission_sets import SSO

ACCESS: Final = "account-access"


@dataclass(frozen=True, slots=True)
class ApplicationReader:
    """Reads what an instance has besides permission sets."""

    asking: Asking
    instance_arn: str

    def applications(self) -> tuple[Application, ...]:
        """Read all applications, whoever made them."""
        of = (Part.APPLICATIONS, "")
        rows = self.asking.rows(of, SSO, "list_applications", "Applications", InstanceArn=self.instance_arn)
        found = self.asking.each(self._application, rows or [])
        return tuple(sorted(found, key=lambda each: each.arn))

    def _application(self, row: dict[str, Any]) -> Application:
        arn, of = row["ApplicationArn"], (Part.APPLICATIONS, row["ApplicationArn"])
        assigned = self.assigned(arn)
        required = self.asking.answer(of, SSO, "get_application_assignment_configuration", ApplicationArn=arn)
        tags = self.asking.rows(
            of, SSO, "list_tags_for_resource", "Tags", InstanceArn=self.instance_arn, ResourceArn=arn
        )
        portal = row.get("PortalOptions", {})
        return Application(
            arn=arn,
            name=row.get("Name", ""),
            description=row.get("Description", ""),
            provider_arn=row.get("ApplicationProviderArn", ""),
            account_id=row.get("ApplicationAccount", ""),
            created_from=row.get("CreatedFrom", ""),
            status=row.get("Status", ""),
            visibility=portal.get("Visibility", ""),
            sign_in_origin=portal.get("SignInOptions", {}).get("Origin", ""),
            url=portal.get("SignInOptions", {}).get("ApplicationUrl", ""),
            assignment_required=None if required is None else required.get("AssignmentRequired"),
            assignments=assigned,
            tags=None if tags is None else {tag["Key"]: tag["Value"] for tag in tags},
        )

    def assigned(self, arn: str) -> tuple[ApplicationAssignment, ...] | None:
        """Read who is assigned to an application; None where AWS did not say."""
        of = (Part.APPLICATIONS, arn)
        rows = self.asking.rows(
            of, SSO, "list_application_assignments", "ApplicationAssignments", ApplicationArn=arn
        )
        return None if rows is None else _assigned(rows)

    def account_access(self) -> tuple[tuple[AccountAccess, ...], tuple[Entitlement, ...]]:
        """Read the applications of account access manager for this instance, and their entitlements."""
        rows = self.asking.rows((Part.ENTITLEMENTS, ""), ACCESS, "list_applications", "applications")
        arns = sorted(row["applicationArn"] for row in rows or [])
        found = self.asking.each(self._access_application, arns)
        ours = [each for each in found if each is not None]
        entitlements = [
            one for rows in self.asking.each(self.entitlements, [a.arn for a in ours]) for one in rows
        ]
        return tuple(ours), tuple(sorted(entitlements, key=lambda each: (each.application_arn, each.id)))

    def _access_application(self, arn: str) -> AccountAccess | None:
        said = self.asking.answer((Part.ENTITLEMENTS, arn), ACCESS, "get_application", applicationArn=arn)
        if said is None or self.instance_arn not in str(said.get("identitySource", {})):
            return None
        return AccountAccess(arn=arn, status=said.get("status", ""), tags=dict(said.get("tags", {})))

    def entitlements(self, arn: str) -> list[Entitlement]:
        """Read the entitlements of one application of account access manager."""
        of = (Part.ENTITLEMENTS, arn)
        # A filter has to be given, and this one leaves out nothing of the only kind that there is.
        rows = self.asking.rows(
            of, ACCESS, "list_entitlements", "entitlements", applicationArn=arn, filter={"principalRole": {}}
        )
        return [one for row in rows or [] if (one := _entitlement(arn, row)) is not None]

    def attributes(self) -> tuple[Attribute, ...]:
        """Read the attributes for access control; none where they were never switched on."""
        said = self.asking.answer(
            (Part.ATTRIBUTES, ""),
            SSO,
            "describe_instance_access_control_attribute_configuration",
            none=(NOT_FOUND,),
            InstanceArn=self.instance_arn,
        )
        listed = (
            (said or {})
            .get("InstanceAccessControlAttributeConfiguration", {})
            .get("AccessControlAttributes", [])
        )
        found = [Attribute(key=one["Key"], sources=tuple(one["Value"]["Source"])) for one in listed]
        return tuple(sorted(found, key=lambda each: each.key))


def _assigned(rows: list[dict[str, str]]) -> tuple[ApplicationAssignment, ...]:
    found = [
        ApplicationAssignment(principal_type=row["PrincipalType"], principal_id=row["PrincipalId"])
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.principal_type, each.principal_id)))


def _entitlement(arn: str, row: dict[str, Any]) -> Entitlement | None:
    """Read one; None for a kind of entitlement that this version does not know."""
    said = row.get("entitlement", {}).get("principalRole")
    if said is None:
        return None
    principal = said["principal"]["identityCenter"]
    kind = USER if "userId" in principal else GROUP
    return Entitlement(
        application_arn=arn,
        id=row["entitlementId"],
        role_arn=said["roleArn"],
        principal_type=kind,
        principal_id=principal["userId" if kind == USER else "groupId"],
    )
