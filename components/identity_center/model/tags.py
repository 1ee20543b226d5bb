"""Tags that AWS keeps on permission sets and applications."""

from typing import Annotated

from pydantic import AfterValidator

from .fields import TagKey, TagValue
from .wrong_value import WrongValueError

#: Source: botocore, sso-admin, shape TagList.
MOST_TAGS = 75


def _not_too_many(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > MOST_TAGS:
        raise WrongValueError(f"has {len(tags)} tags", f"AWS allows {MOST_TAGS}")
    return tags


def _not_reserved(tags: dict[str, str]) -> dict[str, str]:
    # Source: AWS General Reference, "Tagging your AWS resources": the prefix is AWS's own, in any case.
    reserved = [key for key in tags if key.casefold().startswith("aws:")]
    if reserved:
        raise WrongValueError(
            f"`{reserved[0]}` begins with `aws:`, which AWS keeps to itself", "choose another key"
        )
    return tags


Tags = Annotated[dict[TagKey, TagValue], AfterValidator(_not_too_many), AfterValidator(_not_reserved)]
