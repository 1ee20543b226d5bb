"""Accounts with an older form of a set: when the program asks, what it says, and what it remembers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pytest

from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.planned import MANAGED_POLICIES, PERMISSION_SET, Id, Plan
from identity_center.model.plan.whole_model import MODEL, ModelParts, plan_model
from identity_center.program.lookups.outdated_accounts import OutdatedAnswer, outdated_output
from identity_center.program.state.last_model import OUTDATED, LastUpdate, read_last_update
from identity_center.resources.access_model import WholeModel
from identity_center.resources.instance import Instance
from tests.support.answers import Answers

Run = Callable[..., Any]
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
INSTANCE = Instance("arn:aws:sso:::instance/ssoins-1", "d-1", "us-east-1")
STACK = "urn:pulumi:dev::identity-center::pulumi:pulumi:Stack::identity-center-dev"


class Aws:
    """Answers for each set by its ARN, and notes what it is asked."""

    def __init__(self, outdated: Mapping[str, Sequence[str]], unseen: str = "") -> None:
        """Take the accounts by the sets' ARNs."""
        self.answer, self.asked = OutdatedAnswer(outdated, unseen), list[str]()

    def __call__(self, settings: AwsSettings, instance_arn: str, arns: Sequence[str]) -> OutdatedAnswer:
        """Answer."""
        assert (settings.region, instance_arn) == (INSTANCE.region, INSTANCE.arn)
        self.asked += arns
        return self.answer


def plan(formerly: str | None = None) -> Plan:
    """Plan two sets."""
    sets = {key: {"name": key.title(), "managed_policy_arns": [READ]} for key in ("dev", "ops")}
    if formerly:
        sets["dev"]["formerly"] = formerly
    return plan_model(
        MODEL,
        ModelParts({"instance_arn": INSTANCE.arn, "identity_store_id": "d-1", "permission_sets": sets}, []),
    )


def state(key: str = "dev", policies: Sequence[str] = ()) -> LastUpdate:
    """Return what the last update left of `dev`."""
    return LastUpdate(
        outputs={
            Id(PERMISSION_SET, key): {"name": "Dev"},
            Id(MANAGED_POLICIES, key): {"managedPolicyArns": list(policies)},
        }
    )


@dataclass
class Ended:
    """How a run ended."""

    exported: Any
    error: str = ""


def kept(
    run: Run, last: LastUpdate, aws: Aws | None, *, made: Plan | None = None, preview: bool = False
) -> Ended:
    """Run a program with the sets; return what it exports of outdated accounts."""
    exported: list[Any] = []

    def program() -> pulumi.Output[None]:
        planned = made or plan()
        model = WholeModel(planned)
        outputs = pulumi.Output.from_input(outdated_output(planned, model, last, INSTANCE, aws))
        # Waited for, as the engine's registration of a stack's outputs is.
        return outputs.apply(exported.append)

    try:
        run(program, preview=preview)
    except pulumi.RunError as error:
        return Ended(exported[0], str(error))
    return Ended(exported[0])


OF_DEV = "arn of dev"
LEFT = {OF_DEV: ["444444444444", "222222222222"]}


def test_an_update_that_finds_nothing_to_attach_says_who_keeps_the_old_role(
    run: Run,
) -> None:
    """The provider has forgotten that provisioning failed; the next update was green."""
    aws = Aws(LEFT)
    ended = kept(run, state(), aws)
    assert ended.exported == {OUTDATED: {"dev": ["222222222222", "444444444444"]}}
    assert aws.asked == [OF_DEV], "the other set is new and has no accounts"
    assert "permission set `dev`: 2 accounts, such as 222222222222" in ended.error
    assert "`identity-center provision`" in ended.error


def test_what_an_earlier_update_found_is_asked_again_until_it_is_mended(run: Run) -> None:
    """By then state and model are the same, and nothing else would ask."""
    before = replace(state(policies=[READ]), outdated={"dev": ["444444444444"], "gone": ["444444444444"]})
    again = kept(run, before, Aws(LEFT))
    assert again.exported == {OUTDATED: {"dev": ["222222222222", "444444444444"]}}
    assert again.error
    assert kept(run, before, Aws({})) == Ended({OUTDATED: None})


@pytest.mark.parametrize(
    ("last", "formerly"),
    [(LastUpdate(), None), (state(policies=[READ]), None), (state("old", [READ]), "old")],
    ids=["nothing there yet", "nothing changes", "another key only"],
)
def test_an_update_that_changes_no_set_asks_nothing(run: Run, last: LastUpdate, formerly: str | None) -> None:
    """A request for each set at each update would make all of them slow."""
    aws = Aws(LEFT)
    assert kept(run, last, aws, made=plan(formerly)) == Ended({})
    assert not aws.asked


def test_a_preview_asks_nothing_and_forgets_nothing(run: Run) -> None:
    """What it provisions is still to come."""
    aws = Aws(LEFT)
    assert kept(run, state(), aws, preview=True) == Ended({})
    remembered = replace(state(), outdated={"dev": ["444444444444"]})
    assert kept(run, remembered, aws, preview=True) == Ended({OUTDATED: {"dev": ["444444444444"]}})
    assert not aws.asked


@pytest.mark.parametrize("aws", [Aws({}, "sso:List…: AccessDenied"), None], ids=["refused", "no reader"])
def test_what_could_not_be_asked_is_no_good_news(
    run: Run, messages: pytest.LogCaptureFixture, aws: Aws | None
) -> None:
    """No answer is not the answer that all is well."""
    remembered = replace(state(), outdated={"dev": ["444444444444"]})
    assert kept(run, remembered, aws) == Ended({OUTDATED: {"dev": ["444444444444"]}})
    (warning,) = [each.message for each in messages.records if each.levelname == "WARNING"]
    assert warning.startswith("it is unchecked whether accounts keep an older form")


@pytest.mark.parametrize(
    ("output", "read"), [({"dev": ["1"]}, {"dev": ("1",)}), ({"dev": 1}, {}), ("all", {}), (None, {})]
)
def test_only_what_this_program_wrote_is_remembered(
    run: Run, answers: Answers, output: object, read: dict[str, tuple[str, ...]]
) -> None:
    """A program of somebody's own may have an output of this name."""
    answers.last_update = {STACK: {"type": "pulumi:pulumi:Stack", "outputs": {OUTDATED: output}}}
    assert run(read_last_update).result.outdated == read
