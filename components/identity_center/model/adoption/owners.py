"""What in an instance has another owner: by the names and tags that owners give."""

from collections.abc import Iterator, Mapping
from typing import Final

CONTROL_TOWER: Final = "Control Tower"
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
