"""Ways that are there without anybody's doing: services that call IAM for others, administrators by default.

Sources of the relays: AWS CloudFormation User Guide, using-iam-servicerole (without a role of its own a
stack uses the caller's credentials); Cloud Control API User Guide, security (the caller's permissions, by
forward access sessions); Systems Manager User Guide, automation-setup and automation-working (an automation
without a role runs in the context of who started it); Service Catalog Administrator Guide, constraints-launch
(a product without a launch role is provisioned with the user's credentials); Elastic Beanstalk API Reference,
DisassociateEnvironmentOperationsRole (without an operations role the caller's permissions are used for
downstream services), and Developer Guide, environment-resources (a version's configuration files name any
resource of CloudFormation). CodePipeline, Amplify and AWS Proton work with a role of their own.

Sources of the administrators: AWS Organizations User Guide, orgs_manage_accounts_access; AWS Control Tower
User Guide, awscontroltowerexecution and aft-required-roles; AWS CloudFormation User Guide,
stacksets-prereqs-self-managed; AWS CDK Developer Guide, bootstrapping-env and bootstrapping-customizing (the
qualifier; the deploy role passes the other one to CloudFormation).
"""

from typing import Final, NamedTuple

ANY_CALL: Final = "cloudformation.amazonaws.com"
"""The service that makes any call its caller asks for, IAM's included (AWS CloudFormation User Guide)."""


class Relay(NamedTuple):
    """A service that calls others, IAM included, with the permissions of whoever starts it."""

    service: str
    """Its name in `aws:CalledVia`."""
    starts: tuple[str, ...]
    """The actions one of which starts it."""
    besides: tuple[str, ...] = ()
    """The actions that say what it does; all of them are needed."""


PRODUCTS: Final = (
    "servicecatalog:ProvisionProduct",
    "servicecatalog:UpdateProvisionedProduct",
    "servicecatalog:ExecuteProvisionedProductPlan",
)
RELAYS: Final = (
    Relay(
        ANY_CALL,
        ("cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:ExecuteChangeSet"),
    ),
    Relay(
        "cloudcontrolapi.amazonaws.com",
        ("cloudformation:CreateResource", "cloudformation:UpdateResource"),
    ),
    Relay("ssm.amazonaws.com", ("ssm:StartAutomationExecution", "ssm:StartChangeRequestExecution")),
    Relay("servicecatalog.amazonaws.com", PRODUCTS),
    # Both have CloudFormation make what a template says.
    Relay(ANY_CALL, PRODUCTS),
    Relay(
        ANY_CALL,
        ("elasticbeanstalk:CreateEnvironment", "elasticbeanstalk:UpdateEnvironment"),
        ("elasticbeanstalk:CreateApplicationVersion",),
    ),
)

ADMINISTRATORS: Final = (
    "OrganizationAccountAccessRole",
    "AWSControlTowerExecution",
    "AWSCloudFormationStackSetExecutionRole",
    "AWSAFTExecution",
    "AWSAFTAdmin",
    "AWSAFTService",
    "cdk-hnb659fds-deploy-role-{account}-{region}",
    "cdk-hnb659fds-cfn-exec-role-{account}-{region}",
)
"""Roles that are made with AdministratorAccess, or lead to one by design, unless somebody changed them."""
