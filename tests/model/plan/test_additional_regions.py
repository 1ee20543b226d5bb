"""Regions that an instance is replicated to: what may be said, what is planned, what AWS would refuse."""

from typing import Any

import pytest

from identity_center.model.access.additional_regions import region_mistakes
from identity_center.model.access.quota_checks import quota_mistakes
from identity_center.model.plan.other_changes import other_sentences
from identity_center.model.plan.planned import REGION, Id, Plan
from identity_center.model.plan.region_checks import (
    Encryption,
    InstanceRegions,
    RegionChanges,
    misplaced,
    refusals,
    region_changes,
)
from identity_center.model.plan.regions import plan_additional_regions
from identity_center.model.reading.load import load

INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
KEY = "arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"
SINGLE = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
MANAGEMENT = "123456789012"
ACTIVE = {"us-east-1": "ACTIVE"}
READY = InstanceRegions(
    "us-east-1", MANAGEMENT, ACTIVE, Encryption(KEY), frozenset({"us-east-1", "eu-west-1", "eu-west-2"})
)
FOUR = ["us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"]


def said(values: dict[str, Any]) -> list[str]:
    """Return what a model's own words are refused for."""
    loaded = load(values)
    checks = (*loaded.mistakes, *region_mistakes(loaded.declaration))
    return [str(each) for each in (*checks, *quota_mistakes(loaded.declaration, {}, ()))]


def planned(*regions: str) -> Plan:
    """Plan Regions."""
    return plan_additional_regions("it", {"instance_arn": INSTANCE, "additional_regions": list(regions)})


@pytest.mark.parametrize(
    ("regions", "problem"),
    [
        (["Ireland"], "`Ireland` is not the name of a Region; write it as AWS does: eu-west-1"),
        (["eu-west-1a"], "`eu-west-1a` is not the name of a Region"),
        (["af-south-1"], "`af-south-1` is an opt-in Region"),
        (["eu-west-1", "eu-west-1"], "`eu-west-1` is listed twice; keep it once"),
        (
            ["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1", "us-west-2"],
            "makes 7 Regions with the primary one, and AWS allows 6; where AWS has raised the quota, write",
        ),
    ],
)
def test_a_region_that_no_instance_can_have_is_refused(regions: list[str], problem: str) -> None:
    """AWS would say it in the middle of the update, the provider after an hour of tries."""
    assert [each for each in said({"additionalRegions": regions}) if problem in each], problem


def test_a_region_newer_than_our_table_is_left_to_aws() -> None:
    """AWS opens Regions every year, and a user should not wait for a version of ours."""
    assert said({"additionalRegions": ["eu-middle-7"]}) == []


@pytest.mark.parametrize("provider", ["built-in", "active-directory"])
def test_regions_need_the_external_identity_provider_that_the_model_denies(provider: str) -> None:
    """No API tells the identity source, and the model that says it is the only place to read it."""
    mfa = {"identityProvider": provider, "promptMode": "always-on", "noDevice": "register"}

    (mistake,) = said({"additionalRegions": ["eu-west-1"], "mfaRequirement": mfa})

    assert (
        f"needs an external identity provider, and `mfaRequirement.identityProvider` says `{provider}`"
        in (mistake)
    )
    external = {"identityProvider": "external", "enforcedBy": "a policy"}
    assert said({"additionalRegions": ["eu-west-1"], "mfaRequirement": external}) == []


def test_each_region_waits_for_all_that_come_before_it() -> None:
    """AWS takes one at a time. Of two that go, one that stays between them must not part the chain."""
    around, *regions = planned(*FOUR)

    names = [each.key for each in regions]
    assert names == sorted(FOUR), "the order of the list moves nothing"
    for index, each in enumerate(regions):
        assert [one.key for one in each.depends_on] == names[:index]
        assert each.inputs["regionName"] == each.key
        assert each.inputs["timeouts"] == {"create": "2h", "delete": "2h"}
        assert each.parent == around.id


def test_a_time_out_of_the_model_reaches_the_provider() -> None:
    """A large instance takes longer, and a time-out leaves a Region that no state has."""
    args = {"instance_arn": INSTANCE, "additional_regions": ["eu-west-1"], "timeouts": {"regions": "5h"}}
    _, region = plan_additional_regions("it", args)
    assert region.inputs["timeouts"] == {"create": "5h", "delete": "5h"}
    assert region.ignore_changes == ("timeouts",), "the provider fails on a change of it"


def test_what_comes_and_what_goes_is_told_before() -> None:
    """Nobody signs in any more at a Region that leaves, and what is deployed there stops."""
    state: dict[Id, dict[str, Any]] = {Id(REGION, "eu-west-1"): {}, Id(REGION, "eu-west-2"): {}}
    plan = planned("eu-west-1", "us-west-2", "ap-south-1")

    assert region_changes(plan, state) == RegionChanges(("ap-south-1", "us-west-2"), ("eu-west-2",))
    assert list(other_sentences(plan, state)) == [
        (
            "people can sign in at 2 more Regions (ap-south-1, us-west-2), once AWS has copied the instance "
            "there, to one after the other"
        ),
        (
            "nobody can sign in at eu-west-2 any more, nor use what is deployed there with Identity Center: "
            "the Region leaves the instance"
        ),
    ]
    assert list(other_sentences(planned("eu-west-1", "eu-west-2"), state)) == []


REFUSED: dict[str, tuple[InstanceRegions, RegionChanges, str]] = {
    "a key of AWS's own": (
        InstanceRegions("us-east-1", MANAGEMENT, ACTIVE, Encryption()),
        RegionChanges(("eu-west-1",)),
        (
            "a key of AWS's own encrypts the instance, and an instance with additional Regions needs a "
            "multi-Region key of your own; make one in KMS, replicate it to eu-west-1"
        ),
    ),
    "a key of one Region": (
        InstanceRegions("us-east-1", MANAGEMENT, ACTIVE, Encryption(SINGLE)),
        RegionChanges(("eu-west-1",)),
        f"{SINGLE}, the instance's key, is of one Region",
    ),
    "a key that is being changed": (
        InstanceRegions("us-east-1", MANAGEMENT, ACTIVE, Encryption(KEY, "UPDATING")),
        RegionChanges(("eu-west-1",)),
        "the KMS key of the instance is being changed",
    ),
    "a key whose change failed": (
        InstanceRegions("us-east-1", MANAGEMENT, ACTIVE, Encryption(KEY, "UPDATE_FAILED")),
        RegionChanges(("eu-west-1",)),
        "the last change of the instance's KMS key failed",
    ),
    "no replica of the key": (
        READY,
        RegionChanges(("eu-west-3",)),
        (
            f"has no replica in eu-west-3; make one, with the key policy of the primary key: `aws kms "
            f"replicate-key --key-id {KEY} --replica-region eu-west-3`"
        ),
    ),
    "an account instance": (
        InstanceRegions("us-east-1", "444444444444", ACTIVE, Encryption()),
        RegionChanges(("eu-west-1",)),
        "the instance is an account instance, of account 444444444444",
    ),
    "asked at another Region": (
        InstanceRegions("eu-central-1", MANAGEMENT, {"eu-central-1": "ACTIVE"}, Encryption(KEY)),
        RegionChanges((), ("eu-west-1",)),
        (
            "the instance is administered from its primary Region, eu-central-1, and this run asks "
            "us-east-1; set it: `pulumi config set aws:region eu-central-1`"
        ),
    ),
    "somebody adds another": (
        InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-2": "ADDING"}, Encryption(KEY)),
        RegionChanges(("eu-west-1",)),
        "eu-west-2 is ADDING, and AWS adds or removes one Region at a time",
    ),
    "somebody removes another": (
        InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-2": "REMOVING"}, Encryption(KEY)),
        RegionChanges((), ("eu-west-1",)),
        "eu-west-2 is REMOVING, and AWS adds or removes one Region at a time",
    ),
    "there already": (
        InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-1": "ACTIVE"}, Encryption()),
        RegionChanges(("eu-west-1",)),
        (
            "the instance has eu-west-1 already, and this stack's record does not have it; take it into the "
            "stack with `identity-center adopt` (`identity-center recover` where an update was interrupted "
            "or timed out)"
        ),
    ),
    "on its way already": (
        InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-1": "ADDING"}, Encryption(KEY)),
        RegionChanges(("eu-west-1",)),
        "AWS is adding eu-west-1 already, and this stack's record does not have it; wait until it is ACTIVE",
    ),
    "on its way out": (
        InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-1": "REMOVING"}, Encryption(KEY)),
        RegionChanges(("eu-west-1",)),
        "AWS is removing eu-west-1; run again when it is gone",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_aws_would_refuse_is_said_before_anything_is_made(name: str) -> None:
    """In the middle of an update it costs an hour of tries, and leaves half a model."""
    there, changes, words = REFUSED[name]

    (mistake,) = refusals(changes, there, "us-east-1", MANAGEMENT)

    assert words in str(mistake)
    assert mistake.path == ("additionalRegions",)


def test_an_instance_that_has_all_is_refused_nothing() -> None:
    """A check that refuses what AWS takes would keep users from it for ever."""
    changes = RegionChanges(("eu-west-1", "eu-west-2"), ())
    assert list(refusals(changes, READY, "us-east-1", MANAGEMENT)) == []
    assert list(refusals(changes, READY, "us-east-1", None)) == []
    gone = InstanceRegions("us-east-1", MANAGEMENT, {**ACTIVE, "eu-west-1": "ACTIVE"}, Encryption())
    assert list(refusals(RegionChanges((), ("eu-west-1",)), gone, "us-east-1", MANAGEMENT)) == []


def test_what_was_not_said_is_refused_nothing_and_never_taken_for_absent() -> None:
    """Without `kms:DescribeKey` nobody knows of replicas: the run says so, and goes on."""
    unseen = InstanceRegions("us-east-1", MANAGEMENT, ACTIVE, Encryption(KEY), None)
    assert list(refusals(RegionChanges(("eu-west-3",)), unseen, "us-east-1", MANAGEMENT)) == []
    assert list(refusals(RegionChanges(("eu-west-3",)), InstanceRegions(), "us-east-1", MANAGEMENT)) == []


def test_a_region_of_another_partition_or_the_primary_one_is_named_by_its_place() -> None:
    """Both stand in the list as if they were right, and AWS says no more than that they are not."""
    found = list(misplaced(["eu-west-1", "us-east-1", "us-gov-west-1"], "us-east-1", "aws"))
    assert [(each.path, each.problem) for each in found] == [
        (
            ("additionalRegions", 1),
            (
                "us-east-1 is where this run looks for the instance, which is administered from its primary "
                "Region"
            ),
        ),
        (("additionalRegions", 2), "us-gov-west-1 is not a Region of the partition aws"),
    ]
