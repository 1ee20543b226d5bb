"""The organisation that targets are resolved in, as AWS tells it."""

from collections.abc import Callable
from typing import TypeAlias

from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import Organisation
from identity_center.resources.arguments.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .invokes import read_organisation

Reader: TypeAlias = Callable[[AwsSettings, frozenset[Reading]], Organisation]
"""Reads accounts, and the units and tags that are needed. Raises UnreadOrganisationError."""


def find_organisation(needed: frozenset[Reading], reader: Reader | None) -> Organisation:
    """Return the organisation with all that is needed of it.

    The provider tells the accounts; `reader` tells units and tags, for which the provider needs many calls.
    Raises UnansweredError where AWS does not say.
    """
    if needed <= {Reading.ACCOUNTS}:
        return read_organisation()
    if reader is None:
        raise RefusedLookupError(
            "this program has nothing to read units and tags of accounts with",
            "name a snapshot of the organisation under `organisationSnapshot`",
        )
    return reader(read_aws_settings(), needed)
