"""The AWS-managed policies that give everything, or open an escalation path, to whom they are attached.

Worked out from the snapshot by the evaluator itself, and held against it by a test: keeping one or two of
them out of what may be attached stops nobody. Policies of service-linked roles cannot be attached.
"""

from typing import Final

WIDE_POLICIES: Final = tuple(
    f"arn:{{partition}}:iam::aws:policy/{name}"
    for name in (
        "AdministratorAccess",
        "IAMFullAccess",
        "PowerUserAccess",
        "AIDevOpsAgentActionsPolicy",
        "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
        "AWSLambda_FullAccess",
        "AWSManagedAccountManagementAccess",
        "AWSManagedAccountUserEntitlementAccess",
        "AWSManagedSettingsAdminAccess",
        "AWSMarketplaceFullAccess",
        "AWSMcpServiceActionsFullAccess",
        "AWSSSODirectoryAdministrator",
        "AWSSSOMasterAccountAdministrator",
        "AWSSSOMemberAccountAdministrator",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AdministratorAccess-Amplify",
        "AmazonDynamoDBFullAccesswithDataPipeline",
        "AmazonECS_FullAccess",
        "AmazonEKSComputePolicy",
        "AmazonESCognitoAccess",
        "AmazonElasticMapReduceFullAccess",
        "AmazonEventBridgeFullAccess",
        "AmazonEventBridgeSchedulerFullAccess",
        "AmazonOpenSearchServiceCognitoAccess",
        "AmazonRedshiftAllCommandsFullAccess",
        "AmazonSageMakerCanvasDataPrepFullAccess",
        "AmazonSageMakerCanvasFullAccess",
        "AmazonSageMakerFullAccess",
        "AmazonSageMakerPipelinesIntegrations",
        "CloudWatchEventsFullAccess",
        "EC2FastLaunchFullAccess",
        "EC2ImageBuilderExecutionPolicy",
        "SageMakerStudioAdminIAMDefaultExecutionPolicy",
        "SageMakerStudioAdminIAMPermissiveExecutionPolicy",
        "SageMakerStudioProjectUserRolePermissionsBoundary",
        "SageMakerStudioProjectUserRolePolicy",
        "SageMakerStudioUserIAMDefaultExecutionPolicy",
        "SageMakerStudioUserIAMPermissiveExecutionPolicy",
        "job-function/DataScientist",
        "service-role/AWSBackupServiceRolePolicyForRestores",
        "service-role/AWSBatchServiceRole",
        "service-role/AWSControlTowerIdentityCenterManagementPolicy",
        "service-role/AWSControlTowerServiceRolePolicy",
        "service-role/AWSDeepLensServiceRolePolicy",
        "service-role/AWSElasticBeanstalkService",
        "service-role/AmazonEC2ContainerServiceEventsRole",
        "service-role/AmazonEC2SpotFleetTaggingRole",
        "service-role/AmazonElasticMapReduceRole",
        "service-role/SageMakerStudioEMRInstanceRolePolicy",
        "service-role/SageMakerStudioProjectProvisioningRolePolicy",
        "service-role/ServerMigrationServiceLaunchRole",
    )
)
"""The widest first."""
