"""The resource types that run with a role, as data: who can use one acts as its role.

Source of names and properties: the SDK classes of pulumi-aws (a contract test holds every row against
them); of the ARNs: Service Authorization Reference, resource types of each service.
"""

from dataclasses import dataclass
from typing import Final

INSTANCE_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"


@dataclass(frozen=True, slots=True)
class Holder:
    """A resource that holds the role for those that name it."""

    type: str
    name: str
    """The property by which it is named; an ARN ends with it, a number may follow."""
    role: str


PROFILE: Final = Holder(INSTANCE_PROFILE, "name", "role")
TASK: Final = Holder(TASK_DEFINITION, "family", "taskRoleArn")


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """A resource that runs with a role."""

    type: str
    role: tuple[str, ...]
    """The property that names the role, or what holds it, by name or ARN."""
    arn: str
    """The ARN that what runs will have, for as long as it is not known."""
    holder: Holder | None = None
    name: str = "name"
    within: str = ""
    """The property that names what it runs in, by name or ARN."""
    only_if: str = ""
    """The property that has to be true: else nobody gets in."""
    has_own_arn: bool = True
    """Whether what runs is the resource itself: the tasks of a service have ARNs of their own."""


WORKLOAD_ROWS: Final = (
    WorkloadRow(
        "aws:lambda/function:Function", ("role",), "arn:aws:lambda:{region}:{account}:function:{name}"
    ),
    WorkloadRow(
        "aws:ec2/instance:Instance",
        ("iamInstanceProfile",),
        "arn:aws:ec2:{region}:{account}:instance/i-0123456789abcdef0",
        holder=PROFILE,
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
    # Who gets into a running task of it acts as the task's role (Amazon ECS Developer Guide, ecs-exec).
    WorkloadRow(
        "aws:ecs/service:Service",
        ("taskDefinition",),
        "arn:aws:ecs:{region}:{account}:task/{within}/11111111111111111111111111111111",
        holder=TASK,
        within="cluster",
        only_if="enableExecuteCommand",
        has_own_arn=False,
    ),
)

WORKLOAD_TYPES: Final = frozenset(
    {row.type for row in WORKLOAD_ROWS} | {row.holder.type for row in WORKLOAD_ROWS if row.holder}
)
