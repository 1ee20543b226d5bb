"""What a model says of itself that keeps its instance from having more than one Region."""

from collections.abc import Iterator

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.mfa import IdentityProvider
from identity_center.model.mistakes import Mistake


def region_mistakes(declared: AccessDeclaration) -> Iterator[Mistake]:
    """Refuse additional Regions where people sign in at no external identity provider.

    AWS tells the identity source by no API, so only what the model says of it can be read. Source: IAM
    Identity Center user guide, "Using IAM Identity Center across multiple AWS Regions", prerequisites.
    """
    said = declared.mfa_requirement
    if declared.additional_regions and said and said.identity_provider is not IdentityProvider.EXTERNAL:
        yield Mistake(
            ("additionalRegions",),
            "an instance with additional Regions needs an external identity provider, and "
            f"`mfaRequirement.identityProvider` says `{said.identity_provider.value}`",
            "remove the Regions, or correct `identityProvider`",
            at_key=True,
        )
