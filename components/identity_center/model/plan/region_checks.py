"""Whether AWS will take the Regions that a run is to add or remove: said before anything is made.

What an instance needs: IAM Identity Center user guide, "Using IAM Identity Center across multiple AWS
Regions", prerequisites, and "Replicate IAM Identity Center to an additional Region".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from identity_center.model.aws.partitions import partition_of_region
from identity_center.model.mistakes import Mistake

from .planned import REGION, Id, Plan

#: The key of the model.
KEY: Final = "additionalRegions"
ACTIVE: Final = "ACTIVE"
_ADDING: Final = "ADDING"


@dataclass(frozen=True)
class RegionChanges:
    """The Regions that a run is to add to the instance, and those that it is to remove."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.new or self.gone)


@dataclass(frozen=True)
class Encryption:
    """What encrypts an instance."""

    key_arn: str = ""
    """ARN of the customer's KMS key; empty where it is AWS's own."""
    status: str = "ENABLED"
    """As AWS has it: ENABLED, UPDATING or UPDATE_FAILED."""

    @property
    def is_multi_region(self) -> bool:
        """Whether KMS can replicate the key. Source: KMS developer guide, "Multi-Region keys in AWS KMS"."""
        return self.key_arn.rpartition("/")[2].startswith("mrk-")


@dataclass(frozen=True)
class InstanceRegions:
    """What AWS says of an instance and its Regions; what it did not say is in `unseen`."""

    primary: str = ""
    owner_account_id: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """By Region: ACTIVE, ADDING or REMOVING."""
    encryption: Encryption | None = None
    """None where it was not said."""
    key_regions: frozenset[str] | None = None
    """Regions that have the customer's key; None where it was not said."""
    other_key_policies: tuple[str, ...] = ()
    """New Regions in which the key has another policy than in its primary Region."""
    unseen: tuple[str, ...] = ()
    """What was not said, and why, in words for people."""


def region_changes(plan: Plan, state: Mapping[Id, Mapping[str, Any]]) -> RegionChanges:
    """Compare the Regions of a plan with those of the state."""
    wanted = {each.key for each in plan if each.type == REGION}
    before = {each.key for each in state if each.type == REGION}
    return RegionChanges(tuple(sorted(wanted - before)), tuple(sorted(before - wanted)))


def misplaced(regions: Iterable[str], asked: str, partition: str) -> Iterator[Mistake]:
    """Refuse what no instance of this partition, found in the Region that was asked, can have."""
    for index, region in enumerate(regions):
        if region == asked:
            yield Mistake(
                (KEY, index),
                f"{region} is where this run looks for the instance, which is administered from its primary "
                "Region",
                "remove it here; where it is an additional Region, set the primary one: `pulumi config set "
                "aws:region REGION`",
            )
        elif partition_of_region(region).name != partition:
            yield Mistake(
                (KEY, index), f"{region} is not a Region of the partition {partition}", "name one that is"
            )


def refusals(
    changes: RegionChanges, there: InstanceRegions, asked: str, management_account_id: str | None
) -> Iterator[Mistake]:
    """Say what AWS would refuse of these changes in the middle of an update."""
    if there.primary and there.primary != asked:
        yield Mistake(
            (KEY,),
            f"the instance is administered from its primary Region, {there.primary}, and this run asks "
            f"{asked}",
            f"set it: `pulumi config set aws:region {there.primary}`",
        )
    yield from _under_way(changes, there)
    absent = [region for region in changes.new if region not in there.statuses]
    yield from (_there_already(each, there.statuses[each]) for each in changes.new if each in there.statuses)
    if absent:
        yield from _needs(absent, there, management_account_id)


def doubts(there: InstanceRegions) -> Iterator[str]:
    """Say what AWS may refuse although all that it asks for is there.

    Each replica of a key has a policy of its own. Source: KMS developer guide, "Multi-Region keys in AWS
    KMS", and the prerequisites above, by which Identity Center has to be let use the key in each Region.
    """
    for region in there.other_key_policies:
        yield (
            f"the instance's KMS key has another policy in {region} than in its primary Region: where that "
            f"does not let Identity Center use the key, the instance does not get to {region}; compare the "
            "two (`aws kms get-key-policy`), and give the replica the policy of the primary key"
        )


def _under_way(changes: RegionChanges, there: InstanceRegions) -> Iterator[Mistake]:
    for region, status in there.statuses.items():
        if status != ACTIVE and region not in changes.new:
            yield Mistake(
                (KEY,),
                f"{region} is {status}, and AWS adds or removes one Region at a time",
                "run again when `aws sso-admin list-regions` shows that it is done",
            )


def _there_already(region: str, status: str) -> Mistake:
    if status == ACTIVE:
        problem = f"the instance has {region} already, and this stack's record does not have it"
        remedy = "take it into the stack with `identity-center adopt`"
    elif status == _ADDING:
        problem = f"AWS is adding {region} already, and this stack's record does not have it"
        remedy = "wait until it is ACTIVE, then take it into the stack with `identity-center adopt`"
    else:
        return Mistake((KEY,), f"AWS is removing {region}", "run again when it is gone")
    return Mistake(
        (KEY,), problem, f"{remedy} (`identity-center recover` where an update was interrupted or timed out)"
    )


def _needs(absent: list[str], there: InstanceRegions, management_account_id: str | None) -> Iterator[Mistake]:
    owner = there.owner_account_id
    if owner and management_account_id and owner != management_account_id:
        yield Mistake(
            (KEY,),
            f"the instance is an account instance, of account {owner}, and those have one Region",
            f"remove `{KEY}`, or use the organisation's instance",
        )
        return
    if there.encryption is None:
        return
    problem = _wrong_key(there.encryption)
    if problem:
        yield Mistake(
            (KEY,),
            f"{problem}, and an instance with additional Regions needs a multi-Region key of your own",
            f"make one in KMS, replicate it to {', '.join(absent)}, let Identity Center use it and set it in "
            "the settings of the instance (docs/regions.md)",
        )
    elif there.key_regions is not None:
        yield from (
            _no_replica(region, there.encryption) for region in absent if region not in there.key_regions
        )


def _wrong_key(encryption: Encryption) -> str:
    if encryption.status == "UPDATING":
        return "the KMS key of the instance is being changed"
    if encryption.status == "UPDATE_FAILED":
        return "the last change of the instance's KMS key failed"
    if not encryption.key_arn:
        return "a key of AWS's own encrypts the instance"
    return "" if encryption.is_multi_region else f"{encryption.key_arn}, the instance's key, is of one Region"


def _no_replica(region: str, encryption: Encryption) -> Mistake:
    return Mistake(
        (KEY,),
        f"{encryption.key_arn}, the instance's KMS key, has no replica in {region}",
        f"make one, with the key policy of the primary key: `aws kms replicate-key --key-id "
        f"{encryption.key_arn} --replica-region {region}`",
    )
