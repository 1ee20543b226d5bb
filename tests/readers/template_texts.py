"""Texts of CloudFormation templates, in few words."""

import json
from typing import Any

ROOT = "no-root-level-access"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TRUST = (
    "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, "
    "Action: 'sts:AssumeRole'}]}"
)


def role(properties: str, head: str = "", trust: str = TRUST) -> str:
    """Write a template of one role."""
    return f"""{head}
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {trust}
{properties}
"""


def granting(statement: str, head: str = "") -> str:
    """Write a template of a role with an inline policy of one statement."""
    document = f"{{Version: '2012-10-17', Statement: [{statement}]}}"
    return role(f"      Policies: [{{PolicyName: own, PolicyDocument: {document}}}]", head)


def parameter(name: str, **given: Any) -> str:  # noqa: ANN401 - as a template declares it
    """Declare one parameter."""
    return "Parameters: " + json.dumps({name: {"Type": "String", **given}})


EVERYTHING = "{Effect: Allow, Action: '*', Resource: '*'}"
READ = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
