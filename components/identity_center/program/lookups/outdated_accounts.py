"""Accounts that keep an older form of a permission set although the update went through: told by the update.

Of an `…Exclusive` attachment the provider provisions only what it attached in the same run. Where that fails
or takes too long, the policies are attached, and the next run finds nothing to do: it would be green
while people keep what was to be taken away. So after what may have been provisioned, AWS is asked. That is
wherever the state and the model differ in what a set holds, and whatever an earlier update found and nobody
mended. Source: hashicorp/terraform-provider-aws, internal/service/ssoadmin/
managed_policy_attachments_exclusive.go, syncAttachments.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import pulumi

from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.planned import COMPONENTS, PERMISSION_SET, Id, Plan, PlannedResource
from identity_center.model.plan.set_contents import ATTACHED, contents, contents_of_plan
from identity_center.program.state.last_model import OUTDATED, LastUpdate
from identity_center.resources import messages
from identity_center.resources.access_model import WholeModel
from identity_center.resources.arguments.refusal import RefusedLookupError
from identity_center.resources.instance import Instance

from .aws_settings import read_aws_settings


@dataclass(frozen=True)
class OutdatedAnswer:
    """What AWS says of some permission sets."""

    accounts: Mapping[str, Sequence[str]]
    """By ARN of the set: ids of the accounts that have an older form of it. A set without any is left out."""
    unseen: str = ""
    """Why AWS did not say; else empty."""


OutdatedReader: TypeAlias = Callable[[AwsSettings, str, Sequence[str]], OutdatedAnswer]
"""Reads, of an instance and of permission sets, both by ARN, which accounts are outdated."""


def outdated_output(
    plan: Plan, model: WholeModel, last: LastUpdate, instance: Instance, reader: OutdatedReader | None
) -> dict[str, object]:
    """Return the stack's output that keeps which sets have outdated accounts; in an update, tell of them.

    An update that leaves some ends with an error, and all that it made stays made.
    """
    keys, kept = _asked_about(plan, last), {key: list(each) for key, each in last.outdated.items()}
    if not keys:
        return {}
    if pulumi.runtime.is_dry_run():
        return {OUTDATED: kept} if kept else {}
    question = _Question(keys, kept, instance, reader)
    settled = [model.id_of(part.id) for part in plan if _belongs_to(part, keys)]
    arns = [model.output_of(Id(PERMISSION_SET, key), "arn") for key in keys]
    answer = pulumi.Output.all(*arns, *settled).apply(question.ask)
    # An output that nobody has: the SDK waits for it when the stack's outputs are in the state.
    answer.apply(question.end)
    return {OUTDATED: answer}


def _asked_about(plan: Plan, last: LastUpdate) -> tuple[str, ...]:
    """Return the keys of the sets that an update may have left, or did leave, outdated somewhere.

    A set that is new has no accounts yet.
    """
    former = {name: part.key for part in plan if part.type == _COMPONENT for name in part.former_names}
    before = {former.get(key, key): held for key, held in contents(last.outputs.items()).items()}
    after = contents_of_plan(plan)
    changed = {key for key, held in after.items() if key in before and before[key] != held}
    return tuple(sorted(changed | (last.outdated.keys() & after.keys())))


_COMPONENT: Final = f"{COMPONENTS}PermissionSet"


def _belongs_to(part: PlannedResource, keys: Iterable[str]) -> bool:
    return part.type in ATTACHED and part.key.split("/", 1)[0] in keys


@dataclass
class _Question:
    """What is asked once everything is provisioned."""

    keys: Sequence[str]
    kept: Mapping[str, Sequence[str]]
    """What the last answer was."""
    instance: Instance
    reader: OutdatedReader | None
    found: dict[str, Sequence[str]] = field(default_factory=dict)
    """What AWS said: accounts by the keys of sets."""

    def ask(self, known: Sequence[str]) -> dict[str, Sequence[str]] | None:
        """Ask about the sets, whose ARNs come first in what is known; return who is outdated."""
        names = dict(zip(known, self.keys, strict=False))
        answer = self._answer(list(names))
        if answer.unseen:
            messages.warn(
                "it is unchecked whether accounts keep an older form of a permission set that changed: "
                f"{answer.unseen}"
            )
            return dict(self.kept) or None
        self.found = {names[arn]: sorted(accounts) for arn, accounts in answer.accounts.items()}
        return self.found or None

    def end(self, _answer: object) -> None:
        """End the update with an error where accounts are outdated. Raises pulumi.RunError."""
        if self.found:
            raise pulumi.RunError(_told(self.found))

    def _answer(self, arns: Sequence[str]) -> OutdatedAnswer:
        if self.reader is None:
            return OutdatedAnswer({}, "this program has nothing to read it with")
        try:
            settings = replace(read_aws_settings(), region=self.instance.region)
        except RefusedLookupError as error:
            return OutdatedAnswer({}, error.problem)
        return self.reader(settings, self.instance.arn, arns)


def _told(found: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"  permission set `{key}`: {len(each)} account{'s' * (len(each) != 1)}, such as {each[0]}"
        for key, each in sorted(found.items())
    ]
    headline = "accounts keep an older form of permission sets that changed, and people what they could do:"
    remedy = "everything else of this update is done; `identity-center provision` brings them up to date"
    return "\n".join([headline, *lines, remedy])
