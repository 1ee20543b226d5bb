"""The table says of each type and function what the SDK says of it; the table was not made from the SDK.

A name that the table has and the SDK has not could never come from a program; one that the SDK has and
the table has not would be refused by the stand-in alone. There are no deviations; one would be listed
here with its reason.
"""

import importlib
import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pulumi import _types as types

from sandbox.provider.rows.schema import Built, Invoke, Kind, Property, ResourceType
from sandbox.provider.table import INVOKES, RESOURCES


def _class(token: str, suffix: str = "") -> type:
    found: type = getattr(_module(token), f"{token.rsplit(':', maxsplit=1)[-1]}{suffix}")
    return found


def _required(arguments: type) -> set[str]:
    parameters = inspect.signature(arguments).parameters.values()
    return {one.name for one in parameters if one.default is inspect.Parameter.empty} - {"__self__"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_inputs_are_those_of_the_sdk(token: str) -> None:
    """Names and which of them are required."""
    names = types.input_type_py_to_pulumi_names(_class(token, "Args"))
    assert set(RESOURCES[token].all_inputs) == set(names.values())
    required = {names[name] for name in _required(_class(token, "Args"))}
    assert {name for name, given in RESOURCES[token].all_inputs.items() if given.required} == required


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_outputs_are_those_of_the_sdk(token: str) -> None:
    """Names and types, nested ones too."""
    row = RESOURCES[token]
    found = types.resource_types(_class(token))
    assert {**row.all_inputs, **row.all_outputs}.keys() == found.keys()
    for name, given in {**row.all_inputs, **row.all_outputs}.items():
        _same_type(f"{token} {name}", given, found[name])


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_secret_outputs_are_those_of_the_sdk(token: str) -> None:
    """The SDK tells the engine which outputs are secret; the table must know of the same."""
    source = inspect.getsource(_class(token))
    secret = {name for name, given in RESOURCES[token].all_outputs.items() if given.secret}
    assert secret == {name for name in RESOURCES[token].all_outputs if f'"{name}"' in _secrets(source)}


def _secrets(source: str) -> str:
    return source.partition("additional_secret_outputs=[")[2].partition("]")[0]


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_documents_may_be_objects_where_the_sdk_says_so(token: str) -> None:
    """The SDK takes a policy as a dictionary for some properties, and the provider then writes the text."""
    given = types.input_type_types(_class(token, "Args"))
    objects = {name for name, kind in given.items() if "PolicyDocumentArgs" in str(kind)}
    assert {name for name, one in RESOURCES[token].inputs.items() if one.or_object} == objects


@pytest.mark.parametrize("token", sorted(INVOKES))
def test_arguments_of_functions_are_those_of_the_sdk(token: str) -> None:
    """Names and which of them are required."""
    function = getattr(_module(token), f"{_function(token)}_output")
    names = set(inspect.signature(function).parameters) - {"opts"}
    assert set(INVOKES[token].all_inputs) == {_camel(name) for name in names}
    # The generated code gives every argument a default; only its annotation tells a required one.
    source = inspect.getsource(function)
    required = {_camel(name) for name in names if f"{name}: pulumi.Input[Optional[Optional[" not in source}
    assert {name for name, given in INVOKES[token].all_inputs.items() if given.required} == required


@pytest.mark.parametrize("token", sorted(INVOKES))
def test_results_of_functions_are_those_of_the_sdk(token: str) -> None:
    """Names and types, nested ones too."""
    row = INVOKES[token]
    found = types.output_type_types(_class(token.replace(":get", ":Get"), "Result"))
    everything = {**row.all_inputs, **row.outputs}
    assert everything.keys() == found.keys()
    for name, given in everything.items():
        _same_type(f"{token} {name}", given, found[name])


@pytest.mark.parametrize("row", [*RESOURCES.values(), *INVOKES.values()], ids=lambda row: row.token)
def test_every_row_says_where_it_was_read(row: ResourceType | Invoke) -> None:
    """A fact without its source cannot be checked again."""
    assert "internal/service/" in row.source


#: A file of hashicorp/terraform-provider-aws.
UPSTREAM = re.compile(r"\binternal/service/(\w+/\w+\.go)")


@pytest.mark.parametrize("row", INVOKES.values(), ids=lambda row: row.token)
def test_every_function_names_the_upstream_file_that_it_follows(row: Invoke) -> None:
    """Whoever doubts what the sandbox does has to find what the real one does."""
    assert UPSTREAM.search(row.source)


def test_the_page_has_the_file_and_the_version_of_each_type() -> None:
    """A reader of the provider's source compares with what was read, not with what is there today."""
    page = (Path(__file__).parents[2] / "docs" / "real-provider.md").read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `aws:")]
    rows = [
        f"| `{row.token}` | {row.built_on.value} | `{UPSTREAM.findall(row.source)[0]}` | {row.read_at} |"
        for row in RESOURCES.values()
    ]
    assert sorted(listed) == sorted(rows)


@pytest.mark.parametrize("row", RESOURCES.values(), ids=lambda row: row.token)
def test_every_type_says_what_it_is_built_on_and_at_which_version_that_was_read(row: ResourceType) -> None:
    """From the kind follows what a failure loses, and an argument for time-outs exists on one kind only."""
    assert re.fullmatch("[0-9a-f]{7}", row.read_at)
    assert UPSTREAM.search(row.source), "the upstream file is not named"
    assert set(row.timeouts) <= {"create", "update", "delete"}
    if row.built_on is Built.SDK:
        assert row.has_id
        assert "timeouts" not in row.inputs
    else:
        assert ("timeouts" in row.inputs) == bool(row.timeouts)
        assert set(row.inputs["timeouts"].fields if row.timeouts else ()) == set(row.timeouts)


def _module(token: str) -> Any:  # noqa: ANN401 - a module
    module = token.split(":")[1].split("/", maxsplit=1)[0]
    return importlib.import_module("pulumi_aws" if module == "index" else f"pulumi_aws.{module}")


def _function(token: str) -> str:
    name = token.rsplit(":", maxsplit=1)[-1]
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


_PLAIN = {Kind.STRING: str, Kind.JSON: str, Kind.BOOLEAN: bool, Kind.INTEGER: int}


def _same_type(where: str, given: Property, expected: Any) -> None:  # noqa: ANN401 - a type or typing's form of one
    """Compare one property with the type that the SDK gives it, at every depth."""
    if given.kind in _PLAIN:
        assert expected is _PLAIN[given.kind], where
    elif given.kind is Kind.MAP:
        assert get_args(expected) == (str, str), where
    elif given.kind is Kind.OBJECT:
        inner = types.output_type_types(expected)
        assert inner.keys() == given.fields.keys(), where
        for name, field in given.fields.items():
            _same_type(f"{where}.{name}", field, inner[name])
    else:
        assert given.item is not None, where
        assert get_origin(expected) is Sequence, where
        _same_type(f"{where}[]", given.item, get_args(expected)[0])
