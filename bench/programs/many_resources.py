"""A program of N resources as an account's IAM has them: roles with policies, users in an identity store."""

import json

import pulumi
from pulumi_aws import iam, identitystore

SERVICES = ("s3", "sqs", "sns", "dynamodb", "lambda", "logs", "kms", "ec2")


def document(number: int) -> str:
    """Return a policy of its own for each number, so that no verdict can be remembered."""
    service = SERVICES[number % len(SERVICES)]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": [f"{service}:Get*", f"{service}:List*"], "Resource": "*"},
                {
                    "Effect": "Allow",
                    "Action": f"{service}:*",
                    "Resource": f"arn:aws:{service}:*:*:team-{number}*",
                    "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"team-{number}"}},
                },
            ],
        }
    )


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)

# Four resources a round: a role, its inline policy, a managed policy on it, a person.
for index in range(pulumi.Config().require_int("resources") // 4):
    role = iam.Role(f"role-{index}", name=f"role-{index}", assume_role_policy=TRUST)
    iam.RolePolicy(f"inline-{index}", role=role.name, policy=document(index))
    iam.RolePolicyAttachment(
        f"attached-{index}", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    identitystore.User(
        f"person-{index}",
        identity_store_id="d-1234567890",
        user_name=f"person-{index}",
        display_name=f"Person {index}",
        name={"given_name": "Person", "family_name": str(index)},
    )
