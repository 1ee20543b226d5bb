"""Every use of the AWS SDK's classes, held against their own signatures.

mypy does not follow the generated SDK (millions of lines): only the engine would find a misspelt argument.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

import identity_center
from identity_center.model.plan import planned as planned_module
from identity_center.resources import AddressArgs, PhoneNumberArgs
from identity_center.resources.making import snake_case
from sandbox.provider.table import RESOURCES
from tests.support.yaml_text import yaml_value

SOURCES = Path(str(identity_center.__file__)).parent
GOLDEN = Path(__file__).parents[1] / "resources" / "golden_registrations.yaml"
#: Arguments that are of Pulumi, not of the resource or lookup.
_PULUMI = {"resource_name", "opts"}


def uses() -> Iterator[tuple[str, str, frozenset[str], int]]:
    """Yield each call of aws.service.Name: where, what, its keywords, and how many arguments have none."""
    for source in sorted(SOURCES.rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        # Each worker of the tests asks this of every file.
        for node in ast.walk(ast.parse(text)) if "aws." in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("aws."):
                keywords = frozenset(str(keyword.arg) for keyword in node.keywords)
                place = f"{source.relative_to(SOURCES)}:{node.lineno}"
                yield place, ast.unparse(node.func), keywords, len(node.args)


def parameters(path: str) -> dict[str, inspect.Parameter]:
    """Return the parameters of a class's arguments or of a function, from the installed SDK."""
    target: Any = aws
    for part in path.split(".")[1:]:
        target = getattr(target, part)
    callable_ = getattr(target, "_internal_init", target)
    found = dict(inspect.signature(callable_).parameters)
    return {name: parameter for name, parameter in found.items() if name not in ("__self__", "__props__")}


def required(path: str) -> set[str]:
    """Return the arguments that a resource cannot do without; a lookup has none here."""
    target: Any = aws
    *modules, name = path.split(".")[1:]
    for part in modules:
        target = getattr(target, part)
    args = getattr(target, f"{name}Args", None)
    if args is None:
        return set()
    signature = inspect.signature(args.__init__)
    return {
        key
        for key, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty and not key.startswith("__")
    }


@pytest.mark.parametrize(
    ("place", "path", "keywords", "positional"), list(uses()), ids=lambda value: str(value)[:60]
)
def test_a_use_of_the_sdk_fits_its_signature(
    place: str, path: str, keywords: frozenset[str], positional: int
) -> None:
    """A misspelt or missing argument would show in the engine only, or not at all where it is optional."""
    known = parameters(path)

    assert keywords <= set(known) | _PULUMI, place
    assert required(path) <= keywords, place
    assert positional <= 1, place


def planned() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each resource of AWS that the tests' models and components make: class, name, arguments."""
    for made in yaml_value(GOLDEN.read_text(encoding="utf-8")).values():
        for name, registered in made.items():
            kind, _, key = name.partition("::")
            if kind.startswith("aws:"):
                module, class_name = kind.removeprefix("aws:").split("/")[0], kind.rpartition(":")[2]
                yield f"aws.{module}.{class_name}", key, frozenset(map(snake_case, registered["inputs"]))


@pytest.mark.parametrize(("path", "name", "arguments"), list(planned()))
def test_what_is_planned_fits_the_class_that_makes_it(
    path: str, name: str, arguments: frozenset[str]
) -> None:
    """A misspelt or missing input of a plan would show in the engine only."""
    assert arguments <= set(parameters(path)), name
    assert required(path) <= arguments, name


def test_every_type_that_can_be_planned_is_made_by_the_tests() -> None:
    """A type that no model of the tests makes is one whose arguments nothing looked at."""
    types = {value for name, value in vars(planned_module).items() if str(value).startswith("aws:")}
    tokens = {
        name.partition("::")[0]
        for made in yaml_value(GOLDEN.read_text(encoding="utf-8")).values()
        for name in made
    }

    assert len(types) > 15
    assert types <= tokens


def test_all_lookups_are_found() -> None:
    """The table above is read from the sources; an import under another name would escape it."""
    assert {path for _, path, _, _ in uses()} >= {
        "aws.get_caller_identity",
        "aws.iam.get_policy",
        "aws.identitystore.get_groups",
        "aws.identitystore.get_users",
        "aws.organizations.get_organization",
        "aws.ssoadmin.get_instances",
    }
    for source in SOURCES.rglob("*.py"):
        for line in source.read_text(encoding="utf-8").splitlines():
            if "pulumi_aws" in line:
                assert line == "import pulumi_aws as aws", source


@pytest.mark.parametrize(
    ("resource", "outputs"),
    [
        ("identitystore.User", {"user_id"}),
        ("identitystore.Group", {"group_id"}),
        ("identitystore.GroupMembership", {"membership_id"}),
        ("ssoadmin.PermissionSet", {"arn"}),
        ("ssoadmin.AccountAssignment", {"target_id"}),
        ("ssoadmin.Application", {"arn"}),
        ("ssoadmin.Region", {"status"}),
        ("accountaccess.Application", {"arn"}),
        ("accountaccess.Entitlement", {"entitlement_id"}),
    ],
)
def test_the_outputs_that_components_read_exist(resource: str, outputs: set[str]) -> None:
    """An output that the SDK lacks would be an AttributeError in the middle of a program."""
    target: Any = aws
    for part in resource.split("."):
        target = getattr(target, part)

    assert outputs <= {name for name, value in vars(target).items() if isinstance(value, property)}


@pytest.mark.parametrize(
    ("args", "keys"),
    [
        (
            aws.identitystore.UserNameArgs,
            {
                "given_name",
                "family_name",
                "middle_name",
                "formatted",
                "honorific_prefix",
                "honorific_suffix",
            },
        ),
        (aws.identitystore.UserEmailsArgs, {"value", "type", "primary"}),
        (aws.identitystore.UserPhoneNumbersArgs, set(PhoneNumberArgs.__annotations__)),
        (aws.identitystore.UserAddressesArgs, set(AddressArgs.__annotations__)),
        (aws.ssoadmin.ApplicationPortalOptionsArgs, {"visibility", "sign_in_options"}),
        (aws.ssoadmin.ApplicationPortalOptionsSignInOptionsArgs, {"origin", "application_url"}),
        (
            aws.ssoadmin.PermissionsBoundaryAttachmentPermissionsBoundaryArgs,
            {"managed_policy_arn", "customer_managed_policy_reference"},
        ),
        (aws.ssoadmin.InstanceAccessControlAttributesAttributeArgs, {"key", "values"}),
        (aws.ssoadmin.InstanceAccessControlAttributesAttributeValueArgs, {"sources"}),
        (aws.ssoadmin.RegionTimeoutsArgs, {"create", "delete"}),
        (aws.accountaccess.ApplicationIdentitySourceIdentityCenterArgs, {"instance_arn"}),
        (aws.accountaccess.EntitlementEntitlementPrincipalRoleArgs, {"role_arn", "principal"}),
        (
            aws.accountaccess.EntitlementEntitlementPrincipalRolePrincipalIdentityCenterArgs,
            {"user_id", "group_id"},
        ),
    ],
)
def test_the_nested_arguments_exist(args: type, keys: set[str]) -> None:
    """They are passed as mappings, whose keys nothing else checks."""
    assert keys <= set(inspect.signature(args).parameters)


def test_no_input_is_made_of_an_id_that_is_none() -> None:
    """A type without an `id` upstream has the text `missing ID` for one, and AWS would be sent that."""
    seen = set()
    for made in yaml_value(GOLDEN.read_text(encoding="utf-8")).values():
        without = {name for name in made if (row := RESOURCES.get(_type(name))) and not row.has_id}
        seen |= {_type(name) for name in without}
        ids = {f"id of {name.partition('::')[2]}" for name in without}
        of_others = {f"id of {name.partition('::')[2]}" for name in made.keys() - without}
        for name, registered in made.items():
            given = ids & set(_texts(registered.get("inputs")))
            assert not given - of_others, f"{name} is given what is no id"
    assert seen, "no such type is registered: the test would see nothing"


def _type(name: str) -> str:
    return name.partition("::")[0]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)
