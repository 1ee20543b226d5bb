"""The Identity Center instance that everything is made in: looked up once, then passed down."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from identity_center.model.aws.partitions import other_regions, partition_of
from identity_center.resources.arguments.refusal import RefusedLookupError, remedy_of


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
    region, instances = _instances(None, opts)
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
        f"Region {region} has no Identity Center instance", _where_it_may_be(region, opts)
    )


def _instances(region: str | None, opts: pulumi.InvokeOptions | None) -> tuple[str, tuple[Instance, ...]]:
    """Return the Region that was asked, the provider's own where none is named, and its instances."""
    try:
        found = aws.ssoadmin.get_instances(region=region, opts=opts)
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(
            f"AWS did not say which Identity Center instance there is: {error}",
            remedy_of(
                error,
                "use credentials of the management account or of the delegated administrator, "
                "with the action sso:ListInstances",
            ),
        ) from error
    asked = str(found.region)
    pairs = zip(found.arns, found.identity_store_ids, strict=True)
    return asked, tuple(Instance(str(arn), str(store), asked) for arn, store in pairs)


def _where_it_may_be(region: str, opts: pulumi.InvokeOptions | None) -> str:
    """Look in the other Regions, with a call each: an instance is seen from its own only."""
    unanswered = []
    for other in other_regions(region):
        try:
            _, instances = _instances(other, opts)
        except RefusedLookupError:
            unanswered.append(other)
            continue
        if instances:
            return f"{other} has one: pulumi config set aws:region {other}"
    unseen = f" ({', '.join(unanswered)} could not be asked)" if unanswered else ""
    return (
        f"no other Region that is enabled by default has one{unseen}: enable Identity Center in the console "
        "of the management account, or set the Region that has it: pulumi config set aws:region REGION"
    )


def _arns(instances: Sequence[Instance]) -> str:
    return ", ".join(instance.arn for instance in instances)
