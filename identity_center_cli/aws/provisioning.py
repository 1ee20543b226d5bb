"""Brings accounts up to date with their permission sets, and waits until AWS has done it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from botocore.exceptions import ClientError

from identity_center_cli.aws.answers import NO_ANSWER, BrokenAnswerError, part, reason
from identity_center_cli.aws.outdated_sets import Outdated, OutdatedReader

#: ProvisionPermissionSet requests that may be under way in an organisation.
#: Source: AWS IAM Identity Center user guide, limits, "Throttle limits".
AT_ONCE: Final = 3
#: Seconds between two looks at a request: soon at first, and then as often as the provider looks.
#: Source: terraform-provider-aws, ssoadmin/permission_set.go, wait (every 5 s at least).
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_FAILURES: Final = (*NO_ANSWER, BrokenAnswerError)


class TooSlowError(Exception):
    """AWS has not done what it was asked for in the time that the caller waits."""


class RefusedError(Exception):
    """AWS refused, or tried and failed: its reason."""


class _BusyError(Exception):
    """Something else is being done with the permission set."""


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """What became of one account."""

    outdated: Outdated
    problem: str = ""
    """Why it has the older form still; empty where it is up to date."""


class Provisioner:
    """Provisions permission sets, several at once, each set one request after the other.

    Two requests for one set at once are a conflict (API reference, ProvisionPermissionSet).
    """

    def __init__(
        self,
        sso: Any,  # noqa: ANN401 - boto3 makes its classes
        instance_arn: str,
        seconds: float,
        tell: Callable[[Outcome], None],
    ) -> None:
        """Take a patient client, the instance, how long to wait for a request, and who is told as it goes."""
        self._sso, self._instance_arn, self._seconds, self._tell = sso, instance_arn, seconds, tell

    def provision(self, outdated: Sequence[Outdated], *, whole_sets: bool) -> list[Outcome]:
        """Provision accounts; `whole_sets` where these are all that are outdated of their sets.

        A set with several of them is then provisioned by one request, which AWS goes through itself, and only
        those that it leaves are asked for one by one: a request tells one reason for all.
        """
        sets = [list(rows) for _, rows in groupby(sorted(outdated), attrgetter("arn"))]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = pool.map(lambda rows: self._set(rows, at_once=whole_sets and len(rows) > 1), sets)
            return sorted(one for outcomes in done for one in outcomes)

    def _set(self, rows: list[Outdated], *, at_once: bool) -> list[Outcome]:
        outcomes = list(self._all_accounts(rows)) if at_once else []
        settled = {one.outdated for one in outcomes}
        return outcomes + [self._account(row) for row in rows if row not in settled]

    def _all_accounts(self, rows: list[Outdated]) -> Iterator[Outcome]:
        """Provision the whole set; yield the accounts that came up to date, as they do."""
        waiting = set(rows)
        try:
            for _ in self._request(rows[0], TargetType="ALL_PROVISIONED_ACCOUNTS"):
                still = self._still_outdated(rows[0].arn)
                for row in sorted(waiting - still):
                    yield self._told(Outcome(row))
                waiting &= still
        except TooSlowError as error:
            for row in sorted(waiting):
                yield self._told(Outcome(row, str(error)))
        except RefusedError:
            # Each account that is left is asked for alone, and says why.
            return

    def _still_outdated(self, arn: str) -> set[Outdated]:
        reader = OutdatedReader(self._sso, self._instance_arn)
        with _named("sso:ListAccountsForProvisionedPermissionSet"):
            return set(reader.of_sets([arn]))

    def _account(self, row: Outdated) -> Outcome:
        try:
            for _ in self._request(row, TargetType="AWS_ACCOUNT", TargetId=row.account_id):
                pass
        except (TooSlowError, RefusedError) as error:
            return self._told(Outcome(row, str(error)))
        return self._told(Outcome(row))

    def _told(self, outcome: Outcome) -> Outcome:
        self._tell(outcome)
        return outcome

    def _request(self, row: Outdated, **target: str) -> Iterator[None]:
        """Begin, and yield whenever it was looked at, the last time when it is done."""
        pauses = self._pauses()
        request = self._begin(row, target, pauses)
        while True:
            with _named("sso:DescribePermissionSetProvisioningStatus"):
                told = self._sso.describe_permission_set_provisioning_status(
                    InstanceArn=self._instance_arn, ProvisionPermissionSetRequestId=request
                )
                status = part(told, "PermissionSetProvisioningStatus")
            if status["Status"] == "FAILED":
                raise RefusedError(status.get("FailureReason", "AWS gives no reason"))
            yield
            if status["Status"] == "SUCCEEDED":
                return
            next(pauses)

    def _begin(self, row: Outdated, target: dict[str, str], pauses: Iterator[None]) -> str:
        """Ask until nothing else is being done with the set."""
        while True:
            with _named("sso:ProvisionPermissionSet"), suppress(_BusyError):
                return self._ask(row, target)
            next(pauses)

    def _ask(self, row: Outdated, target: dict[str, str]) -> str:
        try:
            answer = self._sso.provision_permission_set(
                InstanceArn=self._instance_arn, PermissionSetArn=row.arn, **target
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConflictException":
                raise _BusyError from error
            raise
        return str(part(answer, "PermissionSetProvisioningStatus")["RequestId"])

    def _pauses(self) -> Iterator[None]:
        end, pause = time.monotonic() + self._seconds, _FIRST_PAUSE
        while time.monotonic() < end:
            time.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(2 * pause, _LONGEST_PAUSE)
            yield
        raise TooSlowError("AWS is not done after the time to wait; it goes on, so look again later")


@contextmanager
def _named(action: str) -> Iterator[None]:
    """Say of a refusal which action was refused."""
    try:
        yield
    except _FAILURES as error:
        raise RefusedError(f"{action}: {reason(error)}") from error


def still_outdated(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return what is not up to date."""
    return [one for one in outcomes if one.problem]
