"""One action that a job of a pipeline needs of AWS, who asks it, and where AWS describes it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

#: Why no test sees an action; others stand beside their rows.
SEEN_ELSEWHERE: Final = "the models of the tests do without it"


class Job(Enum):
    """What a pipeline does, each under credentials of its own."""

    PREVIEW = "Preview"
    """`pulumi preview`, also with `--refresh`. Read only."""
    UPDATE = "Update"
    """`pulumi up`, `refresh` and `destroy`, and `identity-center provision` and `verify`."""
    DRIFT = "Adopt and drift"
    """`pulumi import`, and `adopt`, `snapshot`, `drift`, `access`, `organisation snapshot` and
    `explain --live`. Read only."""
    REMOVE = "Drift, taking away"
    """`identity-center drift --remove`."""
    RECOVER = "Recover and verify"
    """`identity-center recover` and `adopt --verify`, which preview the program beside reading. Read only."""
    AUDIT = "Root audit"
    """`identity-center root audit`. Reads only; it changes the credential report that AWS keeps for a day."""
    REMEDIATE = "Root remediate"
    """`identity-center root remediate`."""
    EVIDENCE = "MFA evidence"
    """`identity-center mfa evidence`, without `--logs`."""


class Where(Enum):
    """Whose credentials need an action."""

    BOTH = "both"
    """The management account's, and the delegated administrator's."""
    MANAGEMENT = "management"
    """The management account's alone: a delegated administrator never asks it."""
    DELEGATED = "delegated"
    """The delegated administrator's alone."""


@dataclass(frozen=True)
class Permission:
    """One action that one asker needs."""

    action: str
    jobs: frozenset[Job]
    asked_by: str
    where: Where = Where.BOTH
    resources: tuple[str, ...] = ("*",)
    unseen: str = ""
    """Why no test of ours sees it; empty where one does."""

    @property
    def source(self) -> str:
        """Where AWS describes the action."""
        service, _, operation = self.action.partition(":")
        return _SOURCES[service].format(operation=operation)


_DOCS: Final = "https://docs.aws.amazon.com/"
#: Pages of the API reference of each service, by its prefix in policies.
_SOURCES: Final = {
    "account-access": f"{_DOCS}service-authorization/latest/reference/list_awsiamaccountaccessmanager.html",
    "cloudtrail": f"{_DOCS}awscloudtrail/latest/APIReference/API_{{operation}}.html",
    "iam": f"{_DOCS}IAM/latest/APIReference/API_{{operation}}.html",
    "identitystore": f"{_DOCS}singlesignon/latest/IdentityStoreAPIReference/API_{{operation}}.html",
    "kms": f"{_DOCS}kms/latest/APIReference/API_{{operation}}.html",
    "organizations": f"{_DOCS}organizations/latest/APIReference/API_{{operation}}.html",
    "sso": f"{_DOCS}singlesignon/latest/APIReference/API_{{operation}}.html",
    "sts": f"{_DOCS}STS/latest/APIReference/API_{{operation}}.html",
}


def each(jobs: Collection[Job], asked_by: str, actions: str, **more: Any) -> Iterator[Permission]:  # noqa: ANN401  # fields of Permission
    """Yield a row for each of some actions, which stand in one text."""
    for action in actions.split():
        yield Permission(action, frozenset(jobs), asked_by, **more)
