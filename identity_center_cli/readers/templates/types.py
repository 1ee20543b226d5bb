"""The resource types of CloudFormation that hold IAM documents, as data.

Source: CloudFormation template reference, each type's page; the Serverless Application Model's reference for
`AWS::Serverless`.
"""

from collections.abc import Mapping
from typing import Final

_NATIVE: Final[Mapping[str, str]] = {
    "IAM": "iam",
    "SSO": "sso",
    "IdentityStore": "identitystore",
    "Organizations": "organizations",
}
"""Services whose types the pack reads, and what pulumi-aws-native calls them."""

DOCUMENTS: Final = frozenset({"PolicyDocument", "AssumeRolePolicyDocument", "InlinePolicy", "Content"})
"""Properties that are policy documents. `Content` is an Organizations policy's."""
TRUSTS: Final = frozenset({"AssumeRolePolicyDocument"})

NESTED: Final[Mapping[str, str]] = {
    "AWS::CloudFormation::Stack": "TemplateBody",
    "AWS::CloudFormation::StackSet": "TemplateBody",
    "AWS::Serverless::Application": "TemplateBody",
}
"""Types that make another template, and the property that may hold its text. Most name it by a URL."""

WITH_DOCUMENTS: Final[Mapping[str, str]] = {
    "AWS::Serverless::Connector": "the policies that the transform makes of it are not seen",
    "AWS::ServiceCatalog::CloudFormationProduct": "the template of the product is not read",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": "the template of the product is not read",
    "AWS::CloudFormation::Macro": "what the macro does to other templates is not seen",
}
"""Types that may bring access in a way that nobody looks at, and what is not seen."""

MACROS: Final = frozenset(
    {
        "AWS::Serverless-2016-10-31",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::CodeDeployBlueGreen",
        "AWS::ServiceCatalog",
    }
)
"""Transforms of AWS's own that make no access beside what is read."""


def native_type(kind: str) -> str | None:
    """Return the type of pulumi-aws-native for one of CloudFormation; None for other services."""
    parts = kind.split("::")
    if len(parts) == 3 and parts[0] == "AWS" and parts[1] in _NATIVE:  # noqa: PLR2004 - AWS::Service::Type
        return f"aws-native:{_NATIVE[parts[1]]}:{parts[2]}"
    return None
