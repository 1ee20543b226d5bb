"""The resource types that run with a role, as data: who can use one acts as its role.

Source of names and properties: the SDK classes of pulumi-aws (a contract test holds every row against
them); of the ARNs: Service Authorization Reference, resource types of each service.
"""

from dataclasses import dataclass
from typing import Final

INSTANCE_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """A resource that runs with a role."""

    type: str
    role: tuple[str, ...]
    """The property that names the role, or the instance profile that holds it, by name or ARN."""
    arn: str
    """The ARN that it will have, for as long as it is not known."""
    by_profile: bool = False
    name: str = "name"


WORKLOAD_ROWS: Final = (
    WorkloadRow(
        "aws:lambda/function:Function", ("role",), "arn:aws:lambda:{region}:{account}:function:{name}"
    ),
    WorkloadRow(
        "aws:ec2/instance:Instance",
        ("iamInstanceProfile",),
        "arn:aws:ec2:{region}:{account}:instance/i-0123456789abcdef0",
        by_profile=True,
    ),
    WorkloadRow(
        "aws:codebuild/project:Project",
        ("serviceRole",),
        "arn:aws:codebuild:{region}:{account}:project/{name}",
    ),
    WorkloadRow("aws:glue/job:Job", ("roleArn",), "arn:aws:glue:{region}:{account}:job/{name}"),
    WorkloadRow(
        "aws:glue/devEndpoint:DevEndpoint",
        ("roleArn",),
        "arn:aws:glue:{region}:{account}:devEndpoint/{name}",
    ),
    WorkloadRow(
        "aws:sfn/stateMachine:StateMachine",
        ("roleArn",),
        "arn:aws:states:{region}:{account}:stateMachine:{name}",
    ),
    WorkloadRow(
        "aws:sagemaker/notebookInstance:NotebookInstance",
        ("roleArn",),
        "arn:aws:sagemaker:{region}:{account}:notebook-instance/{name}",
    ),
    WorkloadRow(
        "aws:cloudformation/stack:Stack",
        ("iamRoleArn",),
        "arn:aws:cloudformation:{region}:{account}:stack/{name}/11111111-1111-1111-1111-111111111111",
    ),
    WorkloadRow(
        "aws:apprunner/service:Service",
        ("instanceConfiguration", "instanceRoleArn"),
        "arn:aws:apprunner:{region}:{account}:service/{name}/11111111111111111111111111111111",
        name="serviceName",
    ),
)

WORKLOAD_TYPES: Final = frozenset({row.type for row in WORKLOAD_ROWS} | {INSTANCE_PROFILE})
