"""What in an instance has another owner: by the names and tags that owners give."""

from collections.abc import Iterator, Mapping
from typing import Final

from .existing import Existing
from .objects import GROUP, Application
from .things import (
    Kind,
    Thing,
    thing_of_application,
    thing_of_assignment,
    thing_of_grantee,
    thing_of_group,
    thing_of_user,
)

CONTROL_TOWER: Final = "Control Tower"
DIRECTORY: Final = "another directory (SCIM or Active Directory)"
AWS_SERVICES: Final = "an AWS service or the catalogue"
#: Permission sets that Control Tower makes.
#: Source: AWS Control Tower user guide, "IAM Identity Center groups for AWS Control Tower".
CONTROL_TOWER_SETS: Final = frozenset(
    {
        "AWSAdministratorAccess",
        "AWSOrganizationsFullAccess",
        "AWSPowerUserAccess",
        "AWSReadOnlyAccess",
        "AWSServiceCatalogAdminFullAccess",
        "AWSServiceCatalogEndUserAccess",
    }
)
#: Groups that Control Tower makes. Source: as above.
CONTROL_TOWER_GROUPS: Final = frozenset(
    {
        "AWSAccountFactory",
        "AWSAuditAccountAdmins",
        "AWSControlTowerAdmins",
        "AWSLogArchiveAdmins",
        "AWSLogArchiveViewers",
        "AWSSecurityAuditPowerUsers",
        "AWSSecurityAuditors",
        "AWSServiceCatalogAdmins",
    }
)
#: AWS's own prefix of tags, which nobody else can set.
#: Source: AWS General Reference, "Tagging your AWS resources".
RESERVED: Final = "aws:"
_OF_CLOUDFORMATION: Final = "aws:cloudformation:"
#: Words in the key or the value of a tag by which tools mark what is theirs. A convention, no rule of AWS:
#: so it is a reason to warn, and not to leave out.
_TOOLS: Final = {
    "terraform": "Terraform",
    "opentofu": "OpenTofu",
    "cloudformation": "CloudFormation",
    "cdk": "the CDK",
    "pulumi": "another Pulumi stack",
    "controltower": CONTROL_TOWER,
    "control-tower": CONTROL_TOWER,
    "org-formation": "org-formation",
}
_SAYS_WHO_MANAGES: Final = ("managed", "created", "provisioned", "tool", "iac")
#: Applications that people make themselves; all other providers are services of AWS or of the catalogue,
#: whose settings the API does not give.
#: Source: API reference of ListApplicationProviders; terraform-provider-aws issues 34813 and 45936.
OWN_PROVIDERS: Final = frozenset({"custom", "custom-saml"})


def owner_by_tags(tags: Mapping[str, str]) -> str | None:
    """Return whose these tags say that a thing is; None where they say nothing."""
    return next(_owners(tags), None)


def _owners(tags: Mapping[str, str]) -> Iterator[str]:
    for key, value in sorted(tags.items()):
        name, text = key.casefold(), value.casefold()
        if name.startswith(_OF_CLOUDFORMATION):
            yield "CloudFormation"
        told = text if any(word in name for word in _SAYS_WHO_MANAGES) else ""
        for word, owner in _TOOLS.items():
            if word in told or (word == name and text not in ("false", "no", "0")):
                yield owner


def is_own_application(provider_arn: str) -> bool:
    """Tell whether somebody made an application of this provider by hand."""
    return provider_arn.partition("applicationProvider/")[2] in OWN_PROVIDERS


def owners_of_things(existing: Existing) -> dict[Thing, str]:
    """Return what somebody else makes, with who: no tool of ours may write it.

    An assignment is Control Tower's where both its set and its group are: what somebody gives of its sets to
    others by hand is not.
    """
    return dict(_owned(existing))


def _owned(existing: Existing) -> Iterator[tuple[Thing, str]]:
    yield from ((thing_of_user(each), DIRECTORY) for each in existing.users if each.external_ids)
    for group in existing.groups:
        if group.external_ids or group.name in CONTROL_TOWER_GROUPS:
            yield thing_of_group(group), DIRECTORY if group.external_ids else CONTROL_TOWER
    for one in existing.permission_sets:
        if one.name in CONTROL_TOWER_SETS:
            yield Thing(Kind.PERMISSION_SET, (one.label,)), CONTROL_TOWER
    for each in existing.assignments:
        set_name, _, kind, who = (thing := thing_of_assignment(existing, each)).names
        if set_name in CONTROL_TOWER_SETS and kind == GROUP and who in CONTROL_TOWER_GROUPS:
            yield thing, CONTROL_TOWER
    for application in existing.applications:
        if not is_own_application(application.provider_arn):
            yield from ((thing, AWS_SERVICES) for thing in _of_application(existing, application))


def _of_application(existing: Existing, application: Application) -> Iterator[Thing]:
    yield thing_of_application(application)
    for grantee in application.assignments or ():
        yield thing_of_grantee(existing, application, grantee)
