"""A question to AWS that got no usable answer."""

from typing import Final

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


#: Why AWS did not answer that has nothing to do with what is asked or who asks, and what helps.
#: Sources: smithy-go, transport/http/response.go, RequestSendError; AWS's common errors.
_NOT_ABOUT_PERMISSIONS: Final = (
    (
        ("request send failed", "connection reset", "no such host"),
        "AWS was not reached: run again when it is",
    ),
    (("ExpiredToken", "security token included in the request is expired"), "sign in, then run again"),
)


def remedy_of(error: Exception, otherwise: str) -> str:
    """Say what helps where AWS did not answer; ``otherwise`` where it refused what the credentials ask."""
    said = str(error)
    found = (remedy for words, remedy in _NOT_ABOUT_PERMISSIONS if any(word in said for word in words))
    return next(found, otherwise)
