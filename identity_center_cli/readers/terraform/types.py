"""The resource types of Terraform's AWS providers that the rules know, as data.

Source: the pages of the provider hashicorp/aws, of which pulumi-aws is made: its types and properties are the
same in camelCase, but for what a row says. The types of hashicorp/awscc follow CloudFormation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from identity_guard.stack.native_types import read_properties


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of Terraform and how it is read."""

    type: str
    read_as: str
    names: Mapping[str, str] = field(default_factory=dict)
    """The rules' name of each attribute that has another than its own in camelCase."""
    single: tuple[str, ...] = ()
    """Blocks of which there is one: a list of one here, an object there."""


def _iam(name: str, token: str, **names: str) -> TypeRow:
    return TypeRow(f"aws_iam_{name}", f"aws:iam/{token[0].lower()}{token[1:]}:{token}", names)


def _sso(name: str, token: str, *single: str, **names: str) -> TypeRow:
    read_as = f"aws:ssoadmin/{token[0].lower()}{token[1:]}:{token}"
    return TypeRow(f"aws_ssoadmin_{name}", read_as, names, single)


ROWS: Final = (
    _iam("role", "Role", inline_policy="inlinePolicies"),
    _iam("user", "User"),
    _iam("group", "Group"),
    _iam("policy", "Policy"),
    _iam("role_policy", "RolePolicy"),
    _iam("user_policy", "UserPolicy"),
    _iam("group_policy", "GroupPolicy"),
    _iam("role_policy_attachment", "RolePolicyAttachment"),
    _iam("user_policy_attachment", "UserPolicyAttachment"),
    _iam("group_policy_attachment", "GroupPolicyAttachment"),
    _iam("role_policy_attachments_exclusive", "RolePolicyAttachmentsExclusive"),
    _iam("user_policy_attachments_exclusive", "UserPolicyAttachmentsExclusive"),
    _iam("group_policy_attachments_exclusive", "GroupPolicyAttachmentsExclusive"),
    _iam("role_policies_exclusive", "RolePoliciesExclusive"),
    _iam("user_policies_exclusive", "UserPoliciesExclusive"),
    _iam("group_policies_exclusive", "GroupPoliciesExclusive"),
    _iam("policy_attachment", "PolicyAttachment"),
    _iam("user_group_membership", "UserGroupMembership"),
    _iam("group_membership", "GroupMembership"),
    _iam("access_key", "AccessKey"),
    _iam("user_login_profile", "UserLoginProfile"),
    _iam("instance_profile", "InstanceProfile"),
    _iam("organizations_features", "OrganizationsFeatures"),
    _sso("permission_set", "PermissionSet"),
    _sso("permission_set_inline_policy", "PermissionSetInlinePolicy"),
    _sso("managed_policy_attachment", "ManagedPolicyAttachment"),
    _sso("managed_policy_attachments_exclusive", "ManagedPolicyAttachmentsExclusive"),
    _sso(
        "customer_managed_policy_attachment",
        "CustomerManagedPolicyAttachment",
        "customer_managed_policy_reference",
    ),
    _sso(
        "customer_managed_policy_attachments_exclusive",
        "CustomerManagedPolicyAttachmentsExclusive",
        customer_managed_policy_reference="customerManagedPolicyReferences",
    ),
    _sso(
        "permissions_boundary_attachment",
        "PermissionsBoundaryAttachment",
        "permissions_boundary",
        "customer_managed_policy_reference",
    ),
    _sso("account_assignment", "AccountAssignment"),
    TypeRow("aws_identitystore_user", "aws:identitystore/user:User"),
    TypeRow("aws_identitystore_group", "aws:identitystore/group:Group"),
    TypeRow("aws_identitystore_group_membership", "aws:identitystore/groupMembership:GroupMembership"),
    TypeRow("aws_organizations_organization", "aws:organizations/organization:Organization"),
    TypeRow("aws_organizations_policy", "aws:organizations/policy:Policy"),
    TypeRow("aws_organizations_policy_attachment", "aws:organizations/policyAttachment:PolicyAttachment"),
    TypeRow("aws_lambda_function", "aws:lambda/function:Function", {"function_name": "name"}),
    TypeRow("aws_instance", "aws:ec2/instance:Instance"),
    TypeRow("aws_codebuild_project", "aws:codebuild/project:Project"),
    TypeRow("aws_glue_job", "aws:glue/job:Job"),
    TypeRow("aws_glue_dev_endpoint", "aws:glue/devEndpoint:DevEndpoint"),
    TypeRow("aws_sfn_state_machine", "aws:sfn/stateMachine:StateMachine"),
    TypeRow("aws_sagemaker_notebook_instance", "aws:sagemaker/notebookInstance:NotebookInstance"),
    TypeRow("aws_cloudformation_stack", "aws:cloudformation/stack:Stack"),
    TypeRow("aws_apprunner_service", "aws:apprunner/service:Service", {}, ("instance_configuration",)),
    *(
        TypeRow(f"awscc_{service}_{name}", f"aws-native:{service}:{token}")
        for service, name, token in (
            ("iam", "role", "Role"),
            ("iam", "user", "User"),
            ("iam", "group", "Group"),
            ("iam", "managed_policy", "ManagedPolicy"),
            ("iam", "role_policy", "RolePolicy"),
            ("iam", "user_policy", "UserPolicy"),
            ("iam", "group_policy", "GroupPolicy"),
            ("sso", "permission_set", "PermissionSet"),
            ("sso", "assignment", "Assignment"),
            ("identitystore", "group", "Group"),
            ("identitystore", "group_membership", "GroupMembership"),
            ("organizations", "policy", "Policy"),
        )
    ),
)
BY_TYPE: Final = {row.type: row for row in ROWS}

DOCUMENTS: Final = frozenset({"policy", "assume_role_policy", "inline_policy", "content", "policy_document"})
"""Attributes that are policy documents, where they are texts."""
DATA_DOCUMENT: Final = "aws_iam_policy_document"
CLOUD_CONTROL: Final = "aws_cloudcontrolapi_resource"
TEMPLATES: Final[Mapping[str, str]] = {
    "aws_cloudformation_stack": "template_body",
    "aws_cloudformation_stack_set": "template_body",
    "aws_cloudformation_stack_instances": "",
    "aws_serverlessapplicationrepository_cloudformation_stack": "",
    "aws_servicecatalog_provisioned_product": "",
    CLOUD_CONTROL: "desired_state",
}
"""Types that make a template of CloudFormation, and the attribute that holds its text."""

SERVICES: Final[Mapping[str, str]] = {
    "aws_cloudwatch_log_group": "logs",
    "aws_codebuild_project": "codebuild",
    "aws_codepipeline": "codepipeline",
    "aws_dynamodb_table": "dynamodb",
    "aws_ecr_repository": "ecr",
    "aws_kinesis_stream": "kinesis",
    "aws_kms_key": "kms",
    "aws_lambda_function": "lambda",
    "aws_s3_bucket": "s3",
    "aws_s3_object": "s3",
    "aws_secretsmanager_secret": "secretsmanager",
    "aws_sfn_state_machine": "states",
    "aws_sns_topic": "sns",
    "aws_sqs_queue": "sqs",
    "aws_ssm_parameter": "ssm",
}
"""The service in the ARN of what a policy often names before it is made. Of other types any ARN counts."""


def camel(name: str) -> str:
    """Write an attribute's name in camelCase."""
    first, *others = name.split("_")
    return first + "".join(each[:1].upper() + each[1:] for each in others)


def translated(row: TypeRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes under the names that the rules know."""
    found = {row.names.get(name, camel(name)): _value(row, name, each) for name, each in values.items()}
    return dict(read_properties(row.read_as, found))


def _value(row: TypeRow, name: str, value: Any) -> Any:  # noqa: ANN401 - a plan holds anything
    if isinstance(value, Mapping):
        return {camel(key): _value(row, key, each) for key, each in value.items()}
    if isinstance(value, list):
        if name in row.single:
            return _value(row, name, value[0]) if value else None
        return [_value(row, "", each) for each in value]
    return value
