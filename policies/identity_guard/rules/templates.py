"""Resources that a CloudFormation template makes: the pack does not read templates, and says so.

A template is YAML as often as JSON, and what is in it depends on its parameters. The command
`identity-center check` reads both, in a file as well as in a state that has the text.
"""

from collections.abc import Iterator
from typing import Final

from identity_guard.stack.findings import Finding, Outcome, compose, undecided
from identity_guard.stack.observe import Absent, Known, NotYetKnown
from identity_guard.stack.resource_types import TEMPLATE_TYPES
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

BODY: Final = "templateBody"
_MARKS: Final = ("AWS::IAM::", "AWS::SSO::", "AWS::Serverless", "AWS::Organizations::", "Fn::Transform")
"""What a template has in it that may give access."""
REMEDY: Final = (
    "check the template: `identity-center check FILE`, or `pulumi stack export | identity-center check -`, "
    "which reads the text in the state"
)


def unread_templates(rule: str, view: View) -> Iterator[Finding]:
    """Tell of every stack and stack set of which the template may make identities."""
    for resource in view.stack.of_type(*TEMPLATE_TYPES):
        why = _why_unread(resource)
        if why:
            claim = undecided(f"whether what {resource.label} makes has root-level access", waiting=False)
            message = compose(claim, [("because", why)], REMEDY)
            yield Finding(rule, Outcome.UNDECIDED, message, resource.urn)


def _why_unread(resource: Resource) -> str:
    body = resource.declared.get(BODY)
    if isinstance(body, Known):
        marked = any(mark in str(body.value) for mark in _MARKS)
        return (
            "its template names resources that give access, and the pack reads no templates" if marked else ""
        )
    if isinstance(body, NotYetKnown):
        return "its template is not known yet"
    url = resource.declared.get("templateUrl")
    return "" if isinstance(url, Absent) else "its template is at a URL, and the pack asks nobody"
