"""Arguments on their way from programs in other languages to the components."""

from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertiesError
from pulumi.provider.server import ComponentInitError

from identity_center.model.aws.root_guard import RootTask
from identity_center.model.language.keys.values import PrincipalType
from identity_center.resources import COMPONENTS, RefusedLookupError
from identity_center.resources.serving import ServedComponents

ASSIGNMENT = {"permissionSetArn": "arn", "instanceArn": "arn", "principalType": "GROUP"}


@pytest.fixture(scope="module")
def served() -> ServedComponents:
    """Return the components as the plugin serves them."""
    return ServedComponents(list(COMPONENTS), "identity-center")


def mapped(served: ServedComponents, component: str, inputs: dict[str, Any]) -> Any:  # noqa: ANN401  # any
    """Return arguments as the component gets them."""
    return served.map_inputs(inputs, served._component_defs[component])  # noqa: SLF001  # the SDK has no other way


def test_choices_in_a_list_arrive(served: ServedComponents) -> None:
    """The SDK's host makes an empty mapping of each: the permission set for root tasks could do nothing."""
    assert mapped(served, "RootGuard", {"tasks": ["IAMAuditRootUserCredentials"]}) == {
        "tasks": [RootTask("IAMAuditRootUserCredentials")]
    }


def test_what_is_nested_is_looked_into_with_its_place(served: ServedComponents) -> None:
    """Whoever cannot step into the component has only the place."""
    entitlement = {"roleArn": "r", "principalType": "TEAM", "principalKey": "k", "principalID": "i"}
    with pytest.raises(InputPropertiesError) as caught:
        mapped(served, "AccountAccess", {"instanceArn": "arn", "entitlements": [entitlement, "all"]})

    assert str(caught.value).splitlines() == [
        "AccountAccess: entitlements[0].principalID: is no argument; did you mean `principalId`?",
        "AccountAccess: entitlements[0].principalType: is none of the choices; write one of USER, GROUP",
        "AccountAccess: entitlements[0].principalId: is missing; add it",
        (
            "AccountAccess: entitlements[1]: is no mapping; write one with roleArn, principalType, "
            "principalKey, principalId, breakGlass, formerPrincipalKey"
        ),
    ]
    assert caught.value.errors == [], "the engine would quote the values, which may be a person's"


def test_mappings_by_key_are_looked_into(served: ServedComponents) -> None:
    """The whole model is one argument of mappings."""
    with pytest.raises(
        InputPropertiesError, match=r"users\.ada\.emial: is no argument; did you mean `email`"
    ):
        mapped(
            served,
            "Directory",
            {"identityStoreId": "d-1234567890", "users": {"ada": {"emial": "a@example.com"}}, "groups": {}},
        )


def test_what_is_not_known_yet_is_no_mistake(served: ServedComponents) -> None:
    """An output of another resource has its value after the update."""
    address: Any = pulumi.Output.from_input({"stret": "1 Main Street"})
    person = {
        "userName": "a",
        "givenName": "A",
        "familyName": "B",
        "displayName": "A B",
        "email": "a@example.com",
    }

    mapped(served, "User", {"identityStoreId": "d-1234567890", **person, "address": address})


def test_choices_alone_arrive(served: ServedComponents) -> None:
    """The check of the shape must not change what the SDK does right."""
    entitlement = {"applicationArn": "a", "roleArn": "r", "principalType": "GROUP", "principalId": "i"}

    assert mapped(served, "RoleEntitlement", entitlement)["principal_type"] is PrincipalType.GROUP


@pytest.mark.parametrize("error", [RefusedLookupError("AWS said no", "ask again"), KeyError("a bug of ours")])
def test_a_refusal_is_told_in_words_and_a_bug_keeps_its_traceback(
    served: ServedComponents, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A bug without its place cannot be reported."""

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setitem(served._components, "RootGuard", refuse)  # noqa: SLF001  # as above
    expected: type[Exception] = ComponentInitError
    if isinstance(error, RefusedLookupError):
        expected = InputPropertiesError

    with pytest.raises(expected, match=r"AWS said no; ask again|a bug of ours"):
        served.construct("guard", "identity-center:index:RootGuard", {})
