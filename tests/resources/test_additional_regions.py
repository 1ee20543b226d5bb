"""Before a Region is added or removed the run asks whether AWS will do it; where none is, it asks nothing."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.planned import REGION
from identity_center.model.plan.region_checks import Encryption, InstanceRegions
from identity_center.program.lookups.after_a_fall import ADOPTING
from identity_center.program.lookups.readers import Readers
from identity_center.program.run import run
from tests.support.answers import Answers
from tests.support.refused import run_refused

Runs = Callable[..., Any]
KEY = "arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"
EXTERNAL = {"identityProvider": "external", "enforcedBy": "sign-on policy AWS"}
UNDER = "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:"
READY = InstanceRegions(
    "us-east-1",
    statuses={"us-east-1": "ACTIVE"},
    encryption=Encryption(KEY),
    key_regions=frozenset({"us-east-1", "eu-west-1"}),
)


@dataclass
class RegionsOfAws:
    """Answers for AWS, and keeps what it was asked."""

    said: InstanceRegions = READY
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, instance_arn: str, new: Sequence[str]) -> InstanceRegions:
        """Answer a run."""
        assert settings.region == "us-east-1"
        assert instance_arn.startswith("arn:aws:sso:::instance/")
        self.asked.append(tuple(new))
        return self.said


@pytest.fixture
def aws_says() -> RegionsOfAws:
    """Give an instance that is ready for eu-west-1."""
    return RegionsOfAws()


program = run
"""The program; `run` is the fixture that runs it."""


@pytest.fixture
def preview(run: Runs, aws_says: RegionsOfAws, tmp_path: Path) -> Iterator[Runs]:
    """Return a function that previews the program with a model."""

    def previewed(model: dict[str, Any], *, reader: bool = True) -> Any:  # noqa: ANN401  # what conftest's run gives
        set_all_config({f"identity-center:{key}": json.dumps(value) for key, value in model.items()}, [])
        readers = Readers(regions=aws_says if reader else None)
        return run(lambda: ignored(program(readers)), preview=True, root=tmp_path)

    yield previewed
    set_all_config({}, [])


def ignored(_value: object) -> None:
    """Give back nothing: a run awaits what its program returns."""


def recorded(*regions: str) -> dict[str, Any]:
    """Return the state of a stack with these Regions."""
    return {
        f"{UNDER}AdditionalRegions${REGION}::{region}": {"type": REGION, "outputs": {"regionName": region}}
        for region in regions
    }


def model(*regions: str) -> dict[str, Any]:
    """Return a model with these Regions."""
    return {"additionalRegions": list(regions), "mfaRequirement": EXTERNAL}


def test_a_run_that_changes_no_region_asks_nothing(
    preview: Runs, answers: Answers, aws_says: RegionsOfAws
) -> None:
    """Every preview of every day would need two permissions more, and two requests."""
    answers.last_update = recorded("eu-west-1")
    preview(model("eu-west-1"))
    preview({"allowRemovals": {"regions": ["eu-west-1"]}})
    assert aws_says.asked == [()], "the second one removes it, for which no key is needed"


def test_a_region_leaves_only_where_the_run_says_that_it_may(preview: Runs, answers: Answers) -> None:
    """One line too many is gone, and when the primary Region is disturbed nobody gets in anywhere."""
    answers.last_update = recorded("eu-west-1", "eu-west-2")

    with run_refused() as refused:
        preview({"allowRemovals": {"regions": ["eu-west-2"]}})

    (line,) = [each for each in str(refused).splitlines() if "would leave the instance" in each]
    assert line.startswith("identity-center:allowRemovals: eu-west-1 would leave the instance: nobody could")
    assert line.endswith("keep it, or write `regions: [eu-west-1]` under `allowRemovals`, for this run")


def test_a_region_that_is_ready_is_planned_without_a_word(
    preview: Runs,
    aws_says: RegionsOfAws,
    messages: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A warning at each preview is one that nobody reads."""
    outputs: dict[str, object] = {}
    monkeypatch.setattr(pulumi, "export", outputs.__setitem__)
    made = preview(model("eu-west-1"))
    assert aws_says.asked == [("eu-west-1",)]
    assert any(one.endswith("::eu-west-1") for one in made.requests)
    assert outputs["regional_portal_urls"] == {
        "eu-west-1": "https://ssoins-1234567890abcdef.eu-west-1.portal.amazonaws.com"
    }
    assert "unchecked" not in messages.text


def test_what_aws_would_refuse_ends_the_run_with_everything_else(
    preview: Runs, aws_says: RegionsOfAws
) -> None:
    """All mistakes of a run come together, each with its key."""
    aws_says.said = InstanceRegions("us-east-1", statuses={"us-east-1": "ACTIVE"}, encryption=Encryption())

    with run_refused() as refused:
        preview(model("eu-west-1", "us-east-1", "cn-north-1"))

    said = str(refused)
    assert "identity-center:additionalRegions: a key of AWS's own encrypts the instance" in said
    assert "identity-center:additionalRegions[1]: us-east-1 is where this run looks for the instance" in said
    assert "identity-center:additionalRegions[2]: cn-north-1 is not a Region of the partition aws" in said


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "this program has nothing to read it with"),
        (InstanceRegions(unseen=("sso:DescribeInstance: Denied",)), "sso:DescribeInstance: Denied"),
        (
            InstanceRegions("us-east-1", encryption=Encryption(KEY), unseen=("kms:DescribeKey: Denied",)),
            "kms:DescribeKey: Denied",
        ),
    ],
)
def test_what_was_not_seen_is_said(
    preview: Runs,
    aws_says: RegionsOfAws,
    messages: pytest.LogCaptureFixture,
    said: InstanceRegions | None,
    why: str,
) -> None:
    """Else a run that nobody checked looks like one that was."""
    aws_says.said = said or READY
    preview(model("eu-west-1"), reader=said is not None)
    (line,) = [each for each in messages.messages if "can add and remove Regions" in each]
    assert line.startswith("it is unchecked")
    assert why in line


def test_a_key_of_another_policy_is_named(
    preview: Runs, aws_says: RegionsOfAws, messages: pytest.LogCaptureFixture
) -> None:
    """KMS does not keep the policies of replicas in step, and the update fails after an hour of copying."""
    aws_says.said = replace(READY, other_key_policies=("eu-west-1",))
    preview(model("eu-west-1"))
    (line,) = [each for each in messages.messages if "another policy in eu-west-1" in each]
    assert "give the replica the policy of the primary key" in line


def test_a_model_that_does_not_say_the_identity_source_is_told_that_nobody_looked(
    preview: Runs, messages: pytest.LogCaptureFixture
) -> None:
    """AWS tells it by no API: the update would be refused in its middle."""
    preview({"additionalRegions": ["eu-west-1"]})
    assert [each for each in messages.messages if "external identity provider is unchecked" in each]


def test_a_preview_that_lists_what_to_import_is_refused_nothing(
    preview: Runs, aws_says: RegionsOfAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pulumi preview --import-file` has to list a Region that is there."""
    monkeypatch.setenv(ADOPTING, "1")
    preview(model("eu-west-1"))
    assert aws_says.asked == []
