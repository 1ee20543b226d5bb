"""The role that the Serverless Application Model makes for a function, from the function's `Policies`.

Source: AWS SAM developer guide, AWS::Serverless::Function, `Policies`: a managed policy by name or ARN, a
policy template of SAM's, or a document of its own; and the basic execution role always.
"""

from typing import Any, Final

from identity_center_cli.readers.open_documents import document
from identity_center_cli.readers.open_values import Either, Open
from identity_guard.stack.observe import Properties
from identity_guard.stack.resource_types import ROLE
from identity_guard.stack.resources import Resource

_BASIC: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}


def role_of_function(name: str, urn: str, policies: Any) -> tuple[Resource, list[str]]:  # noqa: ANN401
    """Return the role, and what of its policies is not seen. `policies` is as the template has it."""
    managed, inline, unseen = [_BASIC], [], []
    for each in policies if isinstance(policies, list) else [policies] if policies is not None else []:
        if isinstance(each, str):
            managed.append(each if each.startswith("arn:") else f"arn:aws:iam::aws:policy/{each}")
        elif isinstance(each, dict) and "Statement" in each:
            inline.append({"policy": document(each)})
        elif isinstance(each, dict) and len(each) == 1:
            unseen.append(f"SAM's policy template {next(iter(each))} is not looked at")
        elif isinstance(each, Open | Either):
            unseen.append(f"which policy {each.what} names is open")
    inputs = {
        "assumeRolePolicy": _TRUST,
        "managedPolicyArns": managed,
        "inlinePolicies": inline,
        "name": f"{name}Role",
    }
    return Resource(ROLE, urn, name, inputs=Properties(inputs)), unseen
