"""Every refusal that the sandbox adds, as one table: who refuses what, when, and with which words.

Refusals that follow from a shape alone (a name too long, an enumeration) are not here: ``shapes.py``
reads them off botocore's model. Nor are those that moto makes itself.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from sandbox.aws.refusals import of_account as refusals_of_account
from sandbox.aws.refusals import of_account_access as refusals_of_account_access
from sandbox.aws.refusals import of_applications as refusals_of_applications
from sandbox.aws.refusals import of_iam as refusals_of_iam
from sandbox.aws.refusals import of_identitystore as refusals_of_identitystore
from sandbox.aws.refusals import of_portal as refusals_of_portal
from sandbox.aws.refusals import of_regions as refusals_of_regions
from sandbox.aws.refusals import of_ssoadmin as refusals_of_ssoadmin
from sandbox.aws.refusals.refusal import Refusal

REFUSALS: dict[str, Refusal] = {
    **refusals_of_identitystore.ROWS,
    **refusals_of_ssoadmin.ROWS,
    **refusals_of_applications.ROWS,
    **refusals_of_regions.ROWS,
    **refusals_of_account.ROWS,
    **refusals_of_account_access.ROWS,
    **refusals_of_iam.ROWS,
    **refusals_of_portal.ROWS,
}
"""By name; ``tests/sandbox_aws/test_refusals.py`` has a scenario for each."""


class RefusedError(Exception):
    """A request that its service refuses: the error code, the message, and further members of the answer."""

    def __init__(self, code: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})


def refuse(row: str, /, **values: Any) -> NoReturn:  # noqa: ANN401 - whatever the row's message shows
    """Refuse the request under way by a row of the table; ``values`` fill its message."""
    refusal = REFUSALS[row]
    raise RefusedError(refusal.code, refusal.message.format(**values), refusal.details)
