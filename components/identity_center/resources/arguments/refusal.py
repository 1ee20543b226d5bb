"""A question to AWS that got no usable answer."""

import pulumi

from identity_center.model.mistakes import UnansweredError

#: What the provider's data source getOrganization asks: whoever may not ask the later ones is told nothing.
#: Source: terraform-provider-aws, internal/service/organizations/organization_data_source.go.
ORGANISATION_ACTIONS = (
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListRoots",
)


class RefusedLookupError(UnansweredError, pulumi.RunError):
    """AWS did not say what the program has to know. As a RunError it ends a program without a traceback."""
