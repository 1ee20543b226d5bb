"""Which resources of the services that control access can have tags, and so which calls carry them.

`aws:ResourceTag` is a key of every service, but of a resource that cannot be tagged no call carries it: an
Allow under it never holds, and a Deny under `StringNotEquals` always does. Source: Service Authorization
Reference, AWS IAM and AWS Identity Store, "Resource types" (the condition keys of each type); IAM User
Guide, reference_policies_iam-condition-keys ("because IAM does not support tags for groups"). Of other
services it is not said here: their pages leave keys out that the services know.
"""

from functools import cache
from typing import Final

from .actions import catalogue, union, without
from .arn_shapes import arn_shapes

RESOURCE_TAG: Final = "aws:resourcetag/"

TAGGED: Final[dict[str, frozenset[str]]] = {
    "iam": frozenset(
        {
            "instance-profile",
            "mfa",
            "oidc-provider",
            "policy",
            "role",
            "saml-provider",
            "server-certificate",
            "user",
        }
    ),
    "identitystore": frozenset(),
}
"""By service, how the last part of the ARNs begins of those that can be tagged; none of its others can."""


@cache
def carrying_resource_tags() -> int:
    """Return the actions whose calls can carry the tags of a resource."""
    shapes = arn_shapes()
    found = catalogue().everything
    for service, tagged in TAGGED.items():
        of_tagged = union(
            shapes.shapes[number].actions_on
            for number in shapes.by_service[service]
            if shapes.shapes[number].template.split(":", 5)[5].partition("/")[0] in tagged
        )
        # Of actions that are not known yet nobody knows what they will be about.
        own = catalogue().service_masks[service] & catalogue().known
        found = without(found, without(own, of_tagged))
    return found
