"""The Identity Center instance that everything is made in: looked up once, then passed down."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from identity_center.model.portal import partition_of

from .refusal import RefusedLookupError


@dataclass(frozen=True)
class Instance:
    """One Identity Center instance. There is no resource for it: it is enabled once, in the console."""

    arn: str
    """Such as arn:aws:sso:::instance/ssoins-1234567890abcdef."""
    identity_store_id: str
    """Such as d-1234567890."""
    region: str
    """The Region it was enabled in."""

    @property
    def partition(self) -> str:
        """Its partition, such as aws, aws-us-gov or aws-cn."""
        return partition_of(self.arn)


def find_instance(instance_arn: str | None = None, opts: pulumi.InvokeOptions | None = None) -> Instance:
    """Return the only instance that the provider's account and Region have, or the named one of several.

    Raises RefusedLookupError, which ends a program without a traceback, where there is none or more than one.
    """
    try:
        found = aws.ssoadmin.get_instances(opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(
            f"AWS did not say which Identity Center instance there is: {error}",
            "use credentials of the management account or of the delegated administrator, "
            "with the action sso:ListInstances",
        ) from error
    pairs = zip(found.arns, found.identity_store_ids, strict=True)
    instances = [Instance(str(arn), str(store), str(found.region)) for arn, store in pairs]
    return _choose(instances, instance_arn, str(found.region))


def _choose(instances: Sequence[Instance], instance_arn: str | None, region: str) -> Instance:
    chosen = [instance for instance in instances if instance_arn in (None, instance.arn)]
    if len(chosen) == 1:
        return chosen[0]
    if len(chosen) > 1:
        raise RefusedLookupError(
            f"Region {region} has {len(chosen)} Identity Center instances: {_arns(chosen)}",
            "name the one to use: pulumi config set identity-center:instanceArn ARN",
        )
    if instances:
        raise RefusedLookupError(
            f"Region {region} has no Identity Center instance {instance_arn}, but {_arns(instances)}",
            "correct identity-center:instanceArn, or remove it",
        )
    raise RefusedLookupError(
        f"Region {region} has no Identity Center instance",
        "set the Region that has it, since it is seen from no other (pulumi config set aws:region REGION), "
        "or enable Identity Center in the console of the management account",
    )


def _arns(instances: Sequence[Instance]) -> str:
    return ", ".join(instance.arn for instance in instances)
