"""Ids of what an access stack makes beside Identity Center: control policies, IAM policies, root features."""

from collections.abc import Callable, Iterator
from typing import Final

import boto3

from identity_center.model.existing.recovery import Beside
from identity_center.model.plan.planned import CONTROL_POLICY, IAM_POLICY, ROOT_FEATURES

Named = tuple[str, str]
"""A name, and the id that the Pulumi provider has for it."""


def read_beside(session: boto3.Session, types: frozenset[str]) -> Beside:
    """Read everything of these types that the account has. Raises botocore's errors.

    Root features have no name: their id is the organisation's where one of them is on.
    """
    asked = types & _READERS.keys()
    ids = {(kind, name): identifier for kind in asked for name, identifier in _READERS[kind](session)}
    return Beside(ids, frozenset(asked))


def _control_policies(session: boto3.Session) -> Iterator[Named]:
    pages = session.client("organizations").get_paginator("list_policies")
    for page in pages.paginate(Filter="SERVICE_CONTROL_POLICY"):
        yield from ((each["Name"], each["Id"]) for each in page["Policies"])


def _iam_policies(session: boto3.Session) -> Iterator[Named]:
    for page in session.client("iam").get_paginator("list_policies").paginate(Scope="Local"):
        yield from ((each["PolicyName"], each["Arn"]) for each in page["Policies"])


def _root_features(session: boto3.Session) -> Iterator[Named]:
    found = session.client("iam").list_organizations_features()
    if found.get("EnabledFeatures"):
        yield "", found["OrganizationId"]


_READERS: Final[dict[str, Callable[[boto3.Session], Iterator[Named]]]] = {
    CONTROL_POLICY: _control_policies,
    IAM_POLICY: _iam_policies,
    ROOT_FEATURES: _root_features,
}
