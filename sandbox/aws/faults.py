"""Faults on order: the next answers of an operation, as AWS gives them on a bad day.

A test posts a fault to the sandbox's door; it is gone once it has been given as often as it says, and with
moto's reset.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from sandbox.aws.accounts.root_user import PARTITION
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.refusals.table import RefusedError


@dataclass
class Fault:
    """What goes wrong, where, and how often."""

    service: str
    operation: str
    code: str
    message: str = "a fault that a test ordered"
    account: str = ""
    """The account that the request is about; empty: any."""
    times: int = 1_000_000
    after: int = 0
    """How many requests are answered well first."""


def _ordered() -> list[Fault]:
    found: list[Fault] = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]).setdefault("sandbox_faults", [])
    return found


def order(wanted: Mapping[str, Any]) -> None:
    """Order a fault, in the names of ``Fault``."""
    with ONE_AT_A_TIME:
        _ordered().append(Fault(**wanted))


def forget() -> None:
    """Forget every fault that was ordered: AWS has a good day again."""
    with ONE_AT_A_TIME:
        _ordered().clear()


def provoke(service: str, operation: str, account: str) -> None:
    """Refuse the request under way if a fault is ordered for it."""
    with ONE_AT_A_TIME:
        for fault in _ordered():
            fits = (fault.service, fault.operation) == (service, operation)
            if not fits or fault.account not in ("", account) or fault.times <= 0:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            raise RefusedError(fault.code, fault.message)
