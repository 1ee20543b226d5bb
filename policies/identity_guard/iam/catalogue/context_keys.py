"""What is known of condition keys: where they are present, and who chooses their value.

Each row says which of a key's values an ordinary call can have. The question "is this grant restricted?"
is asked of ordinary calls only: what the holder of a grant chooses freely (MFA, the tool, the own
organisation) does not restrict it; place, time, Region and tags do (definition of root-level, corpus
README). Source of presence: IAM User Guide, reference_policies_condition-keys ("Availability" of each key).
"""

from enum import Enum
from typing import Final, NamedTuple

# The AWS-managed policies that give everything, or open an escalation path, to whom they are attached.
#
# Worked out from the snapshot by the evaluator itself, and held against it by a test: keeping one or two of
# them out of what may be attached stops nobody. Policies of service-linked roles cannot be attached.
WIDE_POLICIES: Final = tuple(
    f"arn:{{partition}}:iam::aws:policy/{name}"
    for name in (
        "AdministratorAccess",
        "IAMFullAccess",
        "PowerUserAccess",
        "AIDevOpsAgentActionsPolicy",
        "AWSAccountManagementFullAccess",
        "AWSAppSyncAdministrator",
        "AWSBudgetsActionsWithAWSResourceControlAccess",
        "AWSCodePipeline_FullAccess",
        "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
        "AWSLambda_FullAccess",
        "AWSManagedAccountManagementAccess",
        "AWSManagedAccountUserEntitlementAccess",
        "AWSManagedSettingsAdminAccess",
        "AWSMarketplaceFullAccess",
        "AWSMcpServiceActionsFullAccess",
        "AWSResilienceHubResilienceTestingPolicy",
        "AWSRoboMakerServiceRolePolicy",
        "AWSRolesAnywhereFullAccess",
        "AWSSSODirectoryAdministrator",
        "AWSSSOMasterAccountAdministrator",
        "AWSSSOMemberAccountAdministrator",
        "AWSServiceCatalogAdminFullAccess",
        "AccountManagementFromVercel",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AdministratorAccess-Amplify",
        "AmazonCodeCatalystFullAccess",
        "AmazonDynamoDBFullAccesswithDataPipeline",
        "AmazonECS_FullAccess",
        "AmazonEKSComputePolicy",
        "AmazonESCognitoAccess",
        "AmazonElasticMapReduceFullAccess",
        "AmazonEventBridgeFullAccess",
        "AmazonEventBridgePipesFullAccess",
        "AmazonEventBridgeSchedulerFullAccess",
        "AmazonOmicsFullAccess",
        "AmazonOpenSearchServiceCognitoAccess",
        "AmazonRedshiftAllCommandsFullAccess",
        "AmazonSageMakerCanvasDataPrepFullAccess",
        "AmazonSageMakerCanvasFullAccess",
        "AmazonSageMakerFullAccess",
        "AmazonSageMakerModelRegistryFullAccess",
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
        "WellArchitectedConsoleFullAccess",
        "job-function/DataScientist",
        "service-role/AWSBackupServiceRolePolicyForRestores",
        "service-role/AWSBatchServiceRole",
        "service-role/AWSCodeStarServiceRole",
        "service-role/AWSControlTowerIdentityCenterManagementPolicy",
        "service-role/AWSControlTowerServiceRolePolicy",
        "service-role/AWSDeepLensServiceRolePolicy",
        "service-role/AWSElasticBeanstalkService",
        "service-role/AWSFaultInjectionSimulatorSSMAccess",
        "service-role/AmplifyBackendDeployFullAccess",
        "service-role/AmazonEC2ContainerServiceEventsRole",
        "service-role/AmazonEC2SpotFleetTaggingRole",
        "service-role/AmazonElasticMapReduceRole",
        "service-role/SageMakerStudioEMRInstanceRolePolicy",
        "service-role/SageMakerStudioProjectProvisioningRolePolicy",
        "service-role/ServerMigrationServiceLaunchRole",
    )
)
"""The widest first."""


class Presence(Enum):
    """Which values of a key an ordinary call has, and who chooses."""

    HOLDER = "any value, and it says who calls or how: the holder has it or chooses it"
    ONE_VALUE = "always the same value in every call that matters"
    ABSENT = "not in an ordinary call; other values occur"
    ABSENT_OR_OTHER = "sometimes there, with a value that no policy names"
    NEVER = "never in a call of a user or role"
    UNKNOWN = "not known"


class KeyRow(NamedTuple):
    """What is known of one key, or of all keys with a prefix."""

    key: str
    """In lower case; with a closing slash it stands for every key that starts so."""
    presence: Presence
    values: tuple[str, ...] = ()
    """Values that occur whatever a policy says; the one value, where there is only one. The words
    `{partition}`, `{account}` and `{now}` in them stand for the own ones and the time of the check."""
    several: bool = False
    """True where a request carries a list of values."""
    may_lack: bool = False
    """True where a call can also come without the key."""
    no_others: bool = False
    """True where the key has one of these values and never another."""


def _rows(
    presence: Presence, *keys: str, several: bool = False, may_lack: bool = False
) -> tuple[KeyRow, ...]:
    return tuple(KeyRow(key, presence, several=several, may_lack=may_lack) for key in keys)


OWN_ACCOUNT: Final = "111122223333"
"""AWS's own example account number, used where an own account is needed and none is named."""
OWN_PRINCIPAL: Final = "arn:{partition}:iam::{account}:user/example-holder"
ROOT_TASKS: Final = ("arn:{partition}:iam::aws:policy/root-task/IAMCreateRootUserPassword",)
"""The task of `sts:AssumeRoot` that gives root away; the others read or delete root's credentials, or unlock
one bucket or queue (IAM User Guide, id_root-user-privileged-task)."""

POLICY_ARN: Final = "iam:policyarn"
OF_AWS: Final = ":aws:policy/"
"""What the ARN of an AWS-managed policy holds, in every partition."""

KEY_ROWS: Final[tuple[KeyRow, ...]] = (
    # Who calls: the holder of the policy has one value, and nothing says that it is not the one named.
    KeyRow("aws:principalarn", Presence.HOLDER, (OWN_PRINCIPAL,)),
    KeyRow("aws:userid", Presence.HOLDER, ("AIDAEXAMPLEHOLDER",)),
    KeyRow("aws:username", Presence.HOLDER, ("example-holder",), may_lack=True),
    # The holder of a policy is no root user (`Account`) and nobody unknown (`Anonymous`).
    KeyRow("aws:principaltype", Presence.HOLDER, ("User", "AssumedRole", "FederatedUser"), no_others=True),
    KeyRow("aws:principalaccount", Presence.HOLDER, ("{account}",)),
    KeyRow("aws:principalorgid", Presence.HOLDER, ("o-exampleorgid",), may_lack=True),
    KeyRow(
        "aws:principalorgpaths",
        Presence.HOLDER,
        ("o-exampleorgid/r-ab12/ou-ab12-11111111/",),
        several=True,
        may_lack=True,
    ),
    KeyRow("aws:principalorgmasteraccountid", Presence.HOLDER, ("999999999999",), may_lack=True),
    KeyRow("aws:sourceidentity", Presence.HOLDER, ("example-holder",), may_lack=True),
    KeyRow("aws:signinsessionarn", Presence.HOLDER, (), may_lack=True),
    KeyRow("aws:tokenissuetime", Presence.HOLDER, ("{now}",), may_lack=True),
    KeyRow("aws:federatedprovider", Presence.HOLDER, (), may_lack=True),
    KeyRow("aws:chatbotsourcearn", Presence.HOLDER, (), may_lack=True),
    KeyRow("sts:externalid", Presence.HOLDER, ("example-external-id",), may_lack=True),
    KeyRow("sts:rolesessionname", Presence.HOLDER, ("example-session",), may_lack=True),
    KeyRow("sts:sourceidentity", Presence.HOLDER, ("example-holder",), may_lack=True),
    # Which role a call hands over: the caller chooses it, or hands none over.
    *(
        KeyRow(
            key, Presence.HOLDER, (f"arn:{{partition}}:iam::{{account}}:{kind}/qx7-example",), may_lack=True
        )
        for key, kind in (
            ("ec2:instanceprofile", "instance-profile"),
            ("ec2:newinstanceprofile", "instance-profile"),
            ("cloudformation:rolearn", "role"),
            ("codebuild:servicerole", "role"),
        )
    ),
    # What is attached: the caller chooses, and the wide policies are there to be chosen.
    KeyRow(POLICY_ARN, Presence.HOLDER, WIDE_POLICIES),
    # What a root session is for: the caller chooses.
    KeyRow("sts:taskpolicyarn", Presence.HOLDER, ROOT_TASKS),
    # The boundary of the identity that is changed: an ordinary one has none.
    KeyRow("iam:permissionsboundary", Presence.ABSENT),
    # Which service gets a role: one, named by the call that hands the role over.
    KeyRow("iam:passedtoservice", Presence.ABSENT_OR_OTHER),
    # How the call is made: the caller chooses.
    KeyRow("aws:useragent", Presence.HOLDER, ("example-tool/1.0",)),
    KeyRow("aws:referer", Presence.HOLDER, (), may_lack=True),
    # The own account and organisation: every call on one's own resources has them.
    KeyRow("aws:resourceaccount", Presence.HOLDER, ("{account}",)),
    KeyRow("aws:resourceorgid", Presence.HOLDER, ("o-exampleorgid",), may_lack=True),
    KeyRow(
        "aws:resourceorgpaths",
        Presence.HOLDER,
        ("o-exampleorgid/r-ab12/ou-ab12-11111111/",),
        several=True,
        may_lack=True,
    ),
    # APIs are called over TLS; a few services still answer plain HTTP, but none that controls access.
    KeyRow("aws:securetransport", Presence.ONE_VALUE, ("true",)),
    KeyRow("aws:principalisawsservice", Presence.ONE_VALUE, ("false",)),
    # Keys of a route that an ordinary call does not take.
    *_rows(
        Presence.ABSENT,
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourcevpcarn",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:ec2instancesourcevpc",
        "aws:ec2instancesourceprivateipv4",
        "ec2:sourceinstancearn",
        "ec2:roledelivery",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
        "glue:roleassumedby",
        "glue:credentialissuingservice",
        "identitystore:userid",
        "identitystore:identitystorearn",
        "identitycenter:applicationarn",
        "identitycenter:credentialid",
        "identitycenter:instancearn",
        "credentials-iot:thingname",
        "credentials-iot:thingtypename",
        "credentials-iot:awscertificateid",
        "codebuild:buildarn",
        "codebuild:projectarn",
        "aws:ismcpserviceaction",
        "aws:requesttag/",
        "aws:calledviaawsmcp",
        "aws:viaawsmcpservice",
    ),
    *_rows(Presence.ABSENT, "aws:tagkeys", "aws:vpceorgpaths", several=True),
    # Keys that only calls made by AWS services for themselves carry, or sessions of a root user, of
    # which no policy of an identity says anything.
    *_rows(
        Presence.NEVER,
        "aws:assumedroot",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
    ),
    *_rows(Presence.NEVER, "aws:principalservicenameslist", "aws:sourceorgpaths", several=True),
    # Tags: an ordinary resource or principal has none, or another value.
    *_rows(Presence.ABSENT_OR_OTHER, "aws:resourcetag/", "aws:principaltag/"),
)

OF_IDENTITY_CENTER: Final = frozenset(
    {
        "identitycenter:applicationarn",
        "identitycenter:credentialid",
        "identitycenter:instancearn",
        "identitystore:identitystorearn",
        "identitystore:userid",
    }
)
"""Keys of a session that an application got for a user of Identity Center, by what Identity Center asserted
of them (Identity Center user guide, condition-context-keys-sts-idc)."""

OF_FEDERATED_SESSIONS: Final = frozenset(
    {
        "accounts.google.com:aud",
        "accounts.google.com:oaud",
        "accounts.google.com:sub",
        "cognito-identity.amazonaws.com:amr",
        "cognito-identity.amazonaws.com:aud",
        "cognito-identity.amazonaws.com:sub",
        "graph.facebook.com:app_id",
        "graph.facebook.com:id",
        "saml:namequalifier",
        "saml:sub",
        "saml:sub_type",
        "www.amazon.com:app_id",
        "www.amazon.com:user_id",
    }
)
"""Claims that stay with the credentials which a federated caller got for them, so that policies of the role
can ask about them in each later call (IAM User Guide, reference_policies_iam-condition-keys: keys for web
identity federation, and of SAML those for permissions policies; its other SAML keys come with
AssumeRoleWithSAML only)."""

CROSS_SERVICE: Final = OF_IDENTITY_CENTER | frozenset(
    {
        "codebuild:buildarn",
        "codebuild:projectarn",
        "credentials-iot:awscertificateid",
        "credentials-iot:thingname",
        "credentials-iot:thingtypename",
        "ec2:roledelivery",
        "ec2:sourceinstancearn",
        "glue:credentialissuingservice",
        "glue:roleassumedby",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
    }
)
"""Keys with the name of a service that calls to every service carry: they come with the caller's credentials.

Sources: IAM User Guide, reference_policies_condition-keys ("cross-service condition keys"); Lambda developer
guide, lambda-permissions (lambda:SourceFunctionArn); Glue developer guide, using-identity-based-policies;
CodeBuild user guide, action-context-keys; IoT Core developer guide, authorizing-direct-aws (what the
credentials provider adds of a device)."""

CARRIED_AS_WELL: Final = {
    "sts:requestcontext/": ("sts:AssumeRole",),
    "sts:requestcontextproviders": ("sts:AssumeRole",),
}
"""Actions that carry a key besides those of the Service Authorization Reference: the call that assumes a role
hands a context assertion in (AWS STS API Reference, AssumeRole, ProvidedContexts)."""

TAGS_OF_REQUEST: Final = ("aws:requesttag/", "aws:tagkeys")
"""Global keys that only calls which hand tags over carry; the catalogue knows which these are (Service
Authorization Reference, the condition keys of each action)."""

LONGEST_SESSION: Final = 36 * 3_600
"""Seconds: no session was issued, and no MFA given, longer ago (STS API reference, GetSessionToken)."""
TOKEN_ISSUED: Final = "aws:tokenissuetime"  # noqa: S105 - the name of a condition key

BY_KEY: Final = {row.key: row for row in KEY_ROWS}


def row_of(key: str, *, carried: bool) -> KeyRow:
    """Return what is known of a key in lower case.

    `carried` says whether the catalogue knows actions that carry it. A key of a service is sometimes there;
    a global key (`aws:`) that is not in the table may be new, so nothing is known of it; any other name is
    no key at all, and a request never has it.
    """
    row = BY_KEY.get(key) or BY_KEY.get(key.split("/", 1)[0] + "/")
    if row is not None:
        return row
    service = key.partition(":")[0]
    if "." in service or service == "saml":
        # The claims of a federated caller: token.actions.githubusercontent.com:sub, saml:aud.
        return KeyRow(key, Presence.HOLDER, may_lack=True)
    if carried:
        return KeyRow(key, Presence.ABSENT_OR_OTHER)
    return KeyRow(key, Presence.UNKNOWN if key.startswith("aws:") else Presence.NEVER)
