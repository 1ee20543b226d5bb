"""The table of covered types against the SDK: a misspelt type or property would cover nothing in silence."""

import importlib
import inspect
import re
import warnings
from collections.abc import Iterator
from keyword import iskeyword
from typing import Any

import pytest

from identity_guard.stack.resource_types import (
    ACCESS_MODEL,
    COVERED_TYPES,
    CREDENTIAL_ROWS,
    ENTRY_ROWS,
    IDENTITY_ROWS,
    MEMBERSHIP_ROWS,
    MFA_REQUIREMENT,
    POLICY_ROWS,
)
from identity_guard.stack.workload_types import WORKLOAD_ROWS


def sdk_class(token: str) -> Any:  # noqa: ANN401 - a generated class
    """Find the SDK's class of a type token."""
    _, module, name = re.split(r"[:/]", token)[0], re.split(r"[:/]", token)[1], token.rsplit(":", 1)[-1]
    with warnings.catch_warnings():
        # Some modules of the SDK warn of their own deprecated classes as they are imported.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = importlib.import_module(f"pulumi_aws.{f'{module}_' if iskeyword(module) else module}")
        return getattr(found, name)


def inputs_of(token: str) -> set[str]:
    """Return the input properties of a type in the engine's spelling."""
    names = inspect.signature(sdk_class(token)._internal_init).parameters  # noqa: SLF001 - where the SDK keeps them
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in names}


def named_inputs() -> Iterator[tuple[str, str]]:
    """Go through every input that the table names."""
    for row in POLICY_ROWS:
        yield row.type, row.at[0]
        if row.identity:
            yield row.type, row.identity[0]
    for membership in MEMBERSHIP_ROWS:
        yield membership.type, membership.user
        yield membership.type, membership.group
    for credential in CREDENTIAL_ROWS:
        yield credential.type, credential.user
    for entry in ENTRY_ROWS:
        yield entry.type, entry.identity[0]
    for workload in WORKLOAD_ROWS:
        yield workload.type, workload.role[0]


@pytest.mark.parametrize(("token", "name"), sorted(set(named_inputs())))
def test_every_named_property_is_an_input_of_its_type(token: str, name: str) -> None:
    """An attachment is joined by it, or its policy is read from it."""
    assert name in inputs_of(token)


@pytest.mark.parametrize("token", sorted(COVERED_TYPES - {ACCESS_MODEL, MFA_REQUIREMENT}))
def test_every_covered_type_exists(token: str) -> None:
    """The SDK's class says its own token."""
    assert f'"{token}"' in inspect.getsource(sdk_class(token)).replace("'", '"')


@pytest.mark.parametrize("row", IDENTITY_ROWS, ids=lambda row: str(row.kind.value))
def test_identities_are_named_by_properties_that_they_have(row: Any) -> None:  # noqa: ANN401 - a row, by its id
    """`id` is every resource's own; the others are inputs or outputs of the class."""
    found = sdk_class(row.type)

    assert all(name == "id" or hasattr(found, name) for name in row.called)
