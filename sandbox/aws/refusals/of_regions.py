"""How Identity Center refuses what concerns the Regions of an instance and its KMS key."""

from sandbox.aws.refusals.refusal import Refusal

_CONFLICT = "ConflictException"
_INVALID = "ValidationException"
_SSO = "sso-admin"
_MODEL = "botocore's service model of sso-admin"
_NEEDS = "IAM Identity Center user guide, multi-region-iam-identity-center, prerequisites; not its words"

ROWS: dict[str, Refusal] = {
    "instance-of-regions-unknown": Refusal(
        _SSO,
        ("AddRegion", "ListRegions"),
        "this region has no such instance of Identity Center",
        "AccessDeniedException",
        "You do not have access to instance {arn}",
        f"{_MODEL}: both have no ResourceNotFoundException; DescribeInstance says what a deleted one gives",
    ),
    "region-not-found": Refusal(
        _SSO,
        ("DescribeRegion", "RemoveRegion"),
        "the instance is not enabled in the Region",
        "ResourceNotFoundException",
        "Could not find Region {region}",
        f"{_MODEL}, errors of both",
    ),
    "region-added": Refusal(
        _SSO,
        ("AddRegion",),
        "the instance is enabled in the Region, or about to be",
        _CONFLICT,
        "Region {region} is already enabled.",
        f"{_MODEL}, errors of AddRegion",
    ),
    "region-workflow": Refusal(
        _SSO,
        ("AddRegion", "RemoveRegion"),
        "another Region is being added or removed",
        _CONFLICT,
        "A workflow is in progress: Region {region} is {status}.",
        f"{_MODEL}, RemoveRegion; TF website/docs/r/ssoadmin_region: one operation at a time",
    ),
    "regions-quota": Refusal(
        _SSO,
        ("AddRegion",),
        "the instance has 6 Regions",
        "ServiceQuotaExceededException",
        "You have exceeded AWS SSO limits. Cannot create Region more than {limit} for id {id}.",
        "IAM Identity Center user guide, quotas (singlesignon/latest/userguide/limits)",
    ),
    "region-is-primary": Refusal(
        _SSO,
        ("RemoveRegion",),
        "the Region is the one that Identity Center was enabled in",
        _INVALID,
        "The primary Region {region} cannot be removed.",
        f"{_MODEL}, documentation of RemoveRegion",
    ),
    "region-not-by-default": Refusal(
        _SSO,
        ("AddRegion",),
        "the Region is none that AWS enables by default",
        _INVALID,
        "Region {region} is not supported.",
        f"{_NEEDS}; identity-center-region-considerations",
    ),
    "region-identity-source": Refusal(
        _SSO,
        ("AddRegion",),
        "the identity source is no external identity provider",
        _INVALID,
        "The identity source of the instance must be an external identity provider.",
        _NEEDS,
    ),
    "region-key": Refusal(
        _SSO,
        ("AddRegion",),
        "the instance is not encrypted with a multi-Region key of the customer",
        _INVALID,
        "The instance must be configured with a multi-Region customer managed KMS key.",
        _NEEDS,
    ),
    "region-replica-key": Refusal(
        _SSO,
        ("AddRegion",),
        "the key of the instance has no replica in the Region",
        _INVALID,
        "The KMS key of the instance has no replica in Region {region}.",
        "IAM Identity Center user guide, replicate-to-additional-region, step 1; not its words",
    ),
    "encryption-choice": Refusal(
        _SSO,
        ("UpdateInstance",),
        "a key of the customer is asked for and none named, or the other way round",
        _INVALID,
        "KmsKeyArn goes with CUSTOMER_MANAGED_KEY, and only with it.",
        f"{_MODEL}, documentation of EncryptionConfiguration",
    ),
    "kms-key-not-found": Refusal(
        _SSO,
        ("UpdateInstance",),
        "KMS has no such key, or it is not enabled",
        "ResourceNotFoundException",
        "Could not find KMS key {arn}",
        f"{_MODEL}, errors of UpdateInstance",
    ),
}
