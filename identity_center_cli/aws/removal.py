"""Takes away what an instance has too much, stage by stage, and waits until it is gone from the accounts."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import boto3

from identity_center.model.existing.removal import Request, Stage, Step
from identity_center.model.existing.things import Kind
from identity_center_cli.aws.answers import NO_ANSWER, BrokenAnswerError, part, reason
from identity_center_cli.aws.outdated_sets import OutdatedReader
from identity_center_cli.aws.provisioning import Provisioner, still_outdated
from identity_center_cli.aws.retries import ADAPTIVE

_PAUSE: Final = (0.2, 5.0)
"""Seconds between two looks at a request: the first time, and at most (as the provider looks)."""
#: What AWS answers where something is gone already: by somebody else, or by a run before.
_GONE: Final = "ResourceNotFoundException"
#: Something else is being done with the permission set, or it is in use: what lasts longer is the latter.
#: Source: API reference of IAM Identity Center, ConflictException.
_BUSY: Final = "ConflictException"
_BUSY_FOR: Final = 60.0
_PREFIXES: Final = {"sso-admin": "sso"}


class UndoneError(Exception):
    """AWS did not do what it was asked for: its reason."""


@dataclass(frozen=True)
class Outcome:
    """What became of one difference."""

    step: Step
    problem: str = ""
    """Why it is there still; empty where it is gone."""


class Remover:
    """Takes steps, each stage whole before the next; what fails is told, and the rest goes on."""

    def __init__(
        self, session: boto3.Session, instance_arn: str, seconds: float, tell: Callable[[Outcome], None]
    ) -> None:
        """Take the session, the instance, how long to wait for a request, and who is told as it goes."""
        self._session, self._instance_arn, self._seconds, self._tell = session, instance_arn, seconds, tell
        self._failed: list[Step] = []
        self._client = cache(self._new_client)

    def _new_client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
        return self._session.client(service, config=ADAPTIVE)  # type: ignore[call-overload]  # any service

    def remove(self, steps: Sequence[Step]) -> list[Outcome]:
        """Take all steps; the outcomes are in their order."""
        found: list[Outcome] = []
        for stage in Stage:
            found += self._stage([each for each in steps if each.stage is stage])
        return found

    def _stage(self, steps: Sequence[Step]) -> Iterator[Outcome]:
        """Yield each outcome when it is certain: of what is in a permission set, after provisioning."""
        waiting: dict[str, list[Step]] = {}
        for step in steps:
            problem = self._hindrance(step) or self._done(step)
            if step.set_arn and not problem:
                waiting.setdefault(step.set_arn, []).append(step)
            else:
                yield self._told(Outcome(step, problem))
        for arn, listed in waiting.items():
            problem = self._provisioned(arn)
            for step in listed:
                yield self._told(Outcome(step, problem))

    def _told(self, outcome: Outcome) -> Outcome:
        if outcome.problem:
            self._failed.append(outcome.step)
        self._tell(outcome)
        return outcome

    def _hindrance(self, step: Step) -> str:
        """Say why a step has to wait for one that failed."""
        kind, names = step.row.thing
        for failed in self._failed:
            of, given = failed.row.thing
            if step.set_arn and failed.set_arn == step.set_arn and kind is Kind.BOUNDARY:
                return "what is in the set beyond the code has to go first"
            if kind in (Kind.GROUP, Kind.USER) and given[-2:] == (kind.name, names[0]):
                return f"its {of.value} has to go first"
        return ""

    def _done(self, step: Step) -> str:
        """Ask for all that a step takes; say what went wrong."""
        for request in step.requests:
            try:
                self._ask(request)
            except UndoneError as error:
                return str(error)
        return ""

    def _ask(self, request: Request) -> None:
        client = self._client(request.service)
        answer = self._answer(client, request.operation, request.parameters) or {}
        if "AccountAssignmentDeletionStatus" in answer:
            self._wait(client, answer["AccountAssignmentDeletionStatus"])

    def _answer(self, client: Any, operation: str, parameters: Any) -> Any:  # noqa: ANN401 - whatever AWS says
        for _ in self._pauses(min(_BUSY_FOR, self._seconds)):
            try:
                return getattr(client, operation)(**parameters)
            except NO_ANSWER as error:
                if reason(error) == _GONE:
                    return None
                if reason(error) != _BUSY:
                    raise UndoneError(f"{_action(client, operation)}: {reason(error)}") from error
        raise UndoneError(f"{_action(client, operation)}: {_BUSY}")

    def _wait(self, client: Any, status: dict[str, Any]) -> None:  # noqa: ANN401 - boto3 makes its classes
        """Wait for a deletion: AWS has only begun it."""
        operation, asked = "describe_account_assignment_deletion_status", status["RequestId"]
        for _ in self._pauses(self._seconds):
            if status["Status"] == "SUCCEEDED":
                return
            if status["Status"] == "FAILED":
                raise UndoneError(status.get("FailureReason", "AWS gives no reason"))
            parameters = {
                "InstanceArn": self._instance_arn,
                "AccountAssignmentDeletionRequestId": asked,
            }
            answer = self._answer(client, operation, parameters) or {}
            try:
                status = part(answer, "AccountAssignmentDeletionStatus")
            except BrokenAnswerError as error:
                raise UndoneError(str(error)) from error
        raise UndoneError("AWS is not done after the time to wait; it goes on, so look again later")

    def _pauses(self, seconds: float) -> Iterator[None]:
        """Yield at once, then after longer and longer pauses, until the time is over."""
        end, (pause, longest) = time.monotonic() + seconds, _PAUSE
        yield
        while time.monotonic() < end:
            time.sleep(pause)
            pause = min(2 * pause, longest)
            yield

    def _provisioned(self, arn: str) -> str:
        """Bring the accounts of a set up to date; say which have what was taken out of it still."""
        if any(failed.set_arn == arn for failed in self._failed):
            # To provision it puts into the accounts whatever it has, also what nobody provisioned yet.
            return "it is out of the set, and not yet out of the accounts: another part has to go first"
        sso = self._client("sso-admin")
        try:
            outdated = OutdatedReader(sso, self._instance_arn).of_sets([arn])
        except (*NO_ANSWER, BrokenAnswerError) as error:
            return f"which accounts have it still was not read ({reason(error)})"
        provisioner = Provisioner(sso, self._instance_arn, self._seconds, lambda _outcome: None)
        left = still_outdated(provisioner.provision(outdated, whole_sets=True))
        return "; ".join(f"account {each.outdated.account_id} has it still: {each.problem}" for each in left)


def _action(client: Any, operation: str) -> str:  # noqa: ANN401 - boto3 makes its classes
    service = client.meta.service_model.service_name
    return f"{_PREFIXES.get(service, service)}:{client.meta.method_to_api_mapping[operation]}"
