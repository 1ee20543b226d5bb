"""What `Ref` and `Fn::GetAtt` give for resources: names and ARNs, as data.

Source: CloudFormation template reference, "Return values" of each type. What is not in the table has an ARN
of its service and a name that nobody else has: never a pattern, whatever it is. Whether `Ref` gives the one
or the other, the place tells where it stands: a policy takes ARNs only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from identity_center_cli.readers.open_values import NameOrArn
from identity_guard.iam.catalogue.context_keys import OWN_ACCOUNT

REGION: Final = "eu-central-1"
"""Where the stack is taken to be made: a template does not say it, and no rule has favourites."""
STACK: Final = "stack"
PSEUDO_PARAMETERS: Final[Mapping[str, str]] = {
    "AWS::AccountId": OWN_ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{OWN_ACCOUNT}:stack/{STACK}/11111111",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}
"""Source: CloudFormation template reference, "Pseudo parameters"."""


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """What a type's resources are called."""

    type: str
    arn: str
    """Of the attribute `Arn`, or of the one named in `attribute`."""
    name_at: str
    """The property that names it."""
    ref_is_arn: bool = False
    attribute: str = "Arn"


_HERE: Final = f"{REGION}:{OWN_ACCOUNT}"
_IAM: Final = f"arn:aws:iam::{OWN_ACCOUNT}"

ROWS: Final = (
    AttributeRow("AWS::IAM::Role", f"{_IAM}:role{{path}}{{name}}", "RoleName"),
    AttributeRow("AWS::IAM::User", f"{_IAM}:user{{path}}{{name}}", "UserName"),
    AttributeRow("AWS::IAM::Group", f"{_IAM}:group{{path}}{{name}}", "GroupName"),
    AttributeRow(
        "AWS::IAM::ManagedPolicy",
        f"{_IAM}:policy{{path}}{{name}}",
        "ManagedPolicyName",
        ref_is_arn=True,
        attribute="PolicyArn",
    ),
    AttributeRow(
        "AWS::IAM::InstanceProfile", f"{_IAM}:instance-profile{{path}}{{name}}", "InstanceProfileName"
    ),
    AttributeRow("AWS::IAM::OIDCProvider", f"{_IAM}:oidc-provider/{{url}}", "Url", ref_is_arn=True),
    AttributeRow("AWS::IAM::SAMLProvider", f"{_IAM}:saml-provider/{{name}}", "Name", ref_is_arn=True),
    AttributeRow(
        "AWS::SSO::PermissionSet",
        "arn:aws:sso:::permissionSet/ssoins-7x0000000example/ps-{name}",
        "Name",
        ref_is_arn=True,
        attribute="PermissionSetArn",
    ),
    AttributeRow("AWS::S3::Bucket", "arn:aws:s3:::{name}", "BucketName"),
    AttributeRow("AWS::SNS::Topic", f"arn:aws:sns:{_HERE}:{{name}}", "TopicName", ref_is_arn=True),
    AttributeRow("AWS::SQS::Queue", f"arn:aws:sqs:{_HERE}:{{name}}", "QueueName"),
    AttributeRow("AWS::Lambda::Function", f"arn:aws:lambda:{_HERE}:function:{{name}}", "FunctionName"),
    AttributeRow("AWS::Serverless::Function", f"arn:aws:lambda:{_HERE}:function:{{name}}", "FunctionName"),
    AttributeRow("AWS::DynamoDB::Table", f"arn:aws:dynamodb:{_HERE}:table/{{name}}", "TableName"),
    AttributeRow("AWS::KMS::Key", f"arn:aws:kms:{_HERE}:key/{{name}}", "KeyId"),
    AttributeRow(
        "AWS::SecretsManager::Secret",
        f"arn:aws:secretsmanager:{_HERE}:secret:{{name}}",
        "Name",
        ref_is_arn=True,
    ),
    AttributeRow(
        "AWS::StepFunctions::StateMachine",
        f"arn:aws:states:{_HERE}:stateMachine:{{name}}",
        "StateMachineName",
        ref_is_arn=True,
    ),
    AttributeRow("AWS::Logs::LogGroup", f"arn:aws:logs:{_HERE}:log-group:{{name}}:*", "LogGroupName"),
    AttributeRow("AWS::CodeBuild::Project", f"arn:aws:codebuild:{_HERE}:project/{{name}}", "Name"),
    AttributeRow("AWS::CodePipeline::Pipeline", f"arn:aws:codepipeline:{_HERE}:{{name}}", "Name"),
    AttributeRow("AWS::ECR::Repository", f"arn:aws:ecr:{_HERE}:repository/{{name}}", "RepositoryName"),
    AttributeRow("AWS::ECS::Cluster", f"arn:aws:ecs:{_HERE}:cluster/{{name}}", "ClusterName"),
    AttributeRow("AWS::Kinesis::Stream", f"arn:aws:kinesis:{_HERE}:stream/{{name}}", "Name"),
    AttributeRow("AWS::RDS::DBInstance", f"arn:aws:rds:{_HERE}:db:{{name}}", "DBInstanceIdentifier"),
)
_ROWS: Final = {row.type: row for row in ROWS}

ANSWERED_BY_CODE: Final = ("AWS::CloudFormation::CustomResource", "Custom::")
"""Types of which even `Ref` gives what somebody's code answers."""
ANYTHING_AT_ALL: Final = ("AWS::CloudFormation::Stack", *ANSWERED_BY_CODE)
"""Types whose attributes are whatever somebody else's template or code answers."""


@dataclass(frozen=True, slots=True)
class Called:
    """A resource of a template, by all that others call it."""

    type: str
    logical_id: str
    name: str
    """The name that it is given, else one as CloudFormation would make it up."""
    path: str = "/"
    """Of a resource of IAM."""

    @property
    def arn(self) -> str:
        """Its ARN."""
        row = _ROWS.get(self.type)
        if row is None:
            parts = self.type.split("::")
            service = parts[1].lower() if len(parts) > 1 else "unknown"
            return f"arn:aws:{service}:{_HERE}:{parts[-1].lower()}/{self.name}"
        return row.arn.format(name=self.name, path=self.path, url=self.name.partition("://")[2] or self.name)

    @property
    def ref(self) -> str | None:
        """What `Ref` gives; None where that may be any text."""
        if self.type.startswith(ANSWERED_BY_CODE):
            return None
        row = _ROWS.get(self.type)
        if row is None:
            return NameOrArn.of(self.name, self.arn)
        return self.arn if row.ref_is_arn else self.name

    def attribute(self, name: str) -> str | None:
        """Return what `Fn::GetAtt` gives; None where that may be any text."""
        if self.type.startswith(ANYTHING_AT_ALL):
            return None
        row = _ROWS.get(self.type)
        is_arn = name.endswith("Arn") or (row is not None and name == row.attribute)
        return self.arn if is_arn else NameOrArn.of(f"{self.logical_id}-{name}", self.arn)


def name_property(kind: str) -> str | None:
    """Return the property that names a resource of a type."""
    row = _ROWS.get(kind)
    return row.name_at if row else None


def made_up_name(logical_id: str) -> str:
    """Return a name as CloudFormation makes one up: the stack's, the logical id, and something random."""
    return f"{STACK}-{logical_id}"
