"""What a JSON file is that somebody gives in the place of another, so that they see the slip."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

EXPORT: Final = "`pulumi stack export` prints one"
#: Keys that tell a file, and what it is. The first row that fits counts.
_KINDS: Final[tuple[tuple[AbstractSet[str], str], ...]] = (
    ({"account_assignments", "permission_sets"}, "what `pulumi stack output --json` printed"),
    ({"comparison", "stack"}, "what a preview wrote for machines (access-changes.json)"),
    ({"instanceArn", "identityStoreId", "kind"}, "what `identity-center snapshot` wrote"),
    ({"managementAccountId", "units"}, "what `identity-center organisation snapshot` wrote"),
    ({"steps", "changeSummary"}, "what `pulumi preview --json` printed"),
    ({"format_version", "planned_values"}, "a plan of Terraform"),
    ({"terraform_version", "lineage"}, "a state of Terraform"),
    ({"Version", "Statement"}, "a policy document"),
    ({"AWSTemplateFormatVersion"}, "a CloudFormation template"),
    ({"version", "deployment"}, "what `pulumi stack export` printed"),
    ({"RoleDetailList"}, "what `aws iam get-account-authorization-details` printed"),
)


def said_of(document: object) -> str:
    """Say why a JSON document is no exported state, and where one comes from."""
    if not isinstance(document, Mapping):
        return f"it is no JSON object; {EXPORT}"
    kind = None if "deployment" in document else kind_of(document)
    return f"it is {kind}; {EXPORT}" if kind else f"it has no `deployment`; {EXPORT}"


def kind_of(document: object) -> str | None:
    """Say what a JSON document is; None where nothing tells."""
    if not isinstance(document, Mapping):
        return None
    return next((kind for keys, kind in _KINDS if keys <= document.keys()), None)
