"""Resources that something else makes than the engine: the pack does not see them, and says so.

A template is YAML as often as JSON, and what is in it depends on its parameters. The command
`identity-center check` reads both, in a file as well as in a state that has the text, and what Cloud Control
makes as if it stood in a template. Products of Service Catalog and applications of the serverless repository
have templates of somebody else. Sources: CloudFormation user guide, control-access-with-iam ("Acknowledging
IAM resources"); Serverless Application Repository developer guide, acknowledging-application-capabilities.
"""

from collections.abc import Iterator
from typing import Final

from identity_guard.stack.findings import Finding, Outcome, compose, undecided
from identity_guard.stack.observe import Absent, Known, NotYetKnown, Observed
from identity_guard.stack.resource_types import (
    APPLICATION,
    CLOUD_CONTROL,
    MAKER_TYPES,
    PROVISIONED_PRODUCT,
)
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

BODY: Final = "templateBody"
_MARKS: Final = (
    "AWS::IAM::",
    "AWS::SSO::",
    "AWS::Serverless",
    "AWS::Organizations::",
    "AWS::CloudFormation::",
    "AWS::ServiceCatalog::",
    "Fn::Transform",
)
"""What a template has in it that may give access."""
_GIVES_ACCESS: Final = (
    *("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"),
    *("AWS::IAM::AccessKey", "AWS::SSO::", "AWS::IdentityStore::", "AWS::Organizations::Policy"),
    *("AWS::CloudFormation::", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"),
)
"""How types of CloudFormation begin that give or limit access, or make others that may."""
_IAM_CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
"""Without one of these an application can make nothing of IAM, nor another application within it."""
REMEDY: Final = (
    "check the template: `identity-center check FILE`, or `pulumi stack export | identity-center check -`, "
    "which reads the text in the state"
)


def unread_templates(rule: str, view: View) -> Iterator[Finding]:
    """Tell of everything that may make identities which the engine does not show."""
    for resource in view.stack.of_type(*MAKER_TYPES):
        why = _why_unread(resource)
        if why:
            claim = undecided(f"whether what {resource.label} makes has root-level access", waiting=False)
            message = compose(claim, [("because", why)], REMEDY)
            yield Finding(rule, Outcome.UNDECIDED, message, resource.urn)


def _why_unread(resource: Resource) -> str:
    if resource.type == PROVISIONED_PRODUCT:
        return "its template is the product's, and the pack asks nobody"
    if resource.type == APPLICATION:
        return _of_application(resource.declared.get("capabilities"))
    if resource.type == CLOUD_CONTROL:
        return _of_cloud_control(resource.declared.get("typeName"))
    body = resource.declared.get(BODY)
    if isinstance(body, Known):
        marked = any(mark in str(body.value) for mark in _MARKS)
        return (
            "its template names resources that give access, and the pack reads no templates" if marked else ""
        )
    if not isinstance(body, Absent):
        return "its template is not known yet"
    url = resource.declared.get("templateUrl")
    return "" if isinstance(url, Absent) else "its template is at a URL, and the pack asks nobody"


def _of_application(capabilities: Observed) -> str:
    acknowledged = capabilities.value if isinstance(capabilities, Known) else _IAM_CAPABILITIES
    may_make = isinstance(acknowledged, list | tuple) and any(
        each in _IAM_CAPABILITIES for each in acknowledged
    )
    return "its template is the application's, and the pack asks nobody" if may_make else ""


def _of_cloud_control(kind: Observed) -> str:
    if isinstance(kind, NotYetKnown):
        return "which type it makes is not known yet"
    if not isinstance(kind, Known) or not str(kind.value).startswith(_GIVES_ACCESS):
        return ""
    return f"it makes an {kind.value} through Cloud Control, whose properties the pack does not read"
