"""What users, groups and applications have besides their names, in one form for AWS and for the code.

Attributes and settings have the names of their keys in the model.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from identity_center.model.language.keys.argument_names import USER
from identity_center.model.language.keys.values import camel_case

from .objects import Address, Application, Phone, User

SPELT: Final = {"nickName": "nickname"}
"""Keys of the model whose AWS name is spelt in another way. Source: pulumi-aws, identitystore.User."""
#: Inputs of a user that are objects, and the attributes that their parts are; others have the part's name.
#: Source: pulumi-aws, identitystore.User.
_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {"formatted": "formattedName"},
    "emails": {"value": "email", "type": "emailType"},
}
#: The directory keeps lists, of which the model has one each.
_OBJECTS: Final = {"phoneNumbers": "phoneNumber", "addresses": "address"}
#: What of a resource is said of a person; the provider adds more, such as the Region.
_OF_A_PERSON: Final = frozenset(map(camel_case, USER)) | _PARTS.keys() | _OBJECTS.keys()
#: AWS's own tags, which nobody else can write. Source: AWS General Reference, tagging of resources.
_RESERVED: Final = "aws:"
TAGS: Final = "tags."
"""What the setting of an application begins with that is a tag."""
PORTAL: Final = "portal."
"""What the setting of an application begins with that is of the access portal."""


def attributes_of(user: User) -> dict[str, str]:
    """Say what a user of the directory has, by attribute; what is empty is not there."""
    said = {
        "displayName": user.display_name,
        "givenName": user.given_name,
        "familyName": user.family_name,
        **{SPELT.get(name, name): value for name, value in user.attributes.items()},
        "email": ", ".join(sorted(_email(each.value, each.primary) for each in user.emails)),
        "emailType": ", ".join(sorted(each.kind for each in user.emails if each.kind)),
        "phoneNumber": _listed(map(_dumped, user.phones)),
        "address": _listed(map(_dumped, user.addresses)),
    }
    return {name: value for name, value in said.items() if value}


def attributes_wanted(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Say the same of the inputs of a user's resource.

    Where the state keeps a whole object secret, the mark that stands in its place is its value.
    """
    return {name: value for name, value in _wanted(inputs) if value}


def _wanted(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in inputs.items():
        if name not in _OF_A_PERSON or name == "userName":
            continue
        if not isinstance(value, Mapping):
            yield name, value if isinstance(value, str) else ""
        elif name in _OBJECTS:
            yield _OBJECTS[name], _listed([value])
        else:
            yield from _parts(name, value)


def _parts(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part, text in value.items():
        if isinstance(text, str):
            own = _email(text, value.get("primary", True)) if (name, part) == ("emails", "value") else text
            yield _PARTS.get(name, {}).get(part, part), own


def _email(address: str, primary: object) -> str:
    return address if primary else f"{address} (not primary)"


def _dumped(of: Phone | Address) -> dict[str, Any]:
    return {{"kind": "type"}.get(name, name): value for name, value in of.model_dump(by_alias=True).items()}


def _listed(objects: Iterable[Mapping[str, Any]]) -> str:
    """Write objects so that order makes no difference, nor what is not said."""
    written = sorted(
        json.dumps({name: value for name, value in each.items() if value}, sort_keys=True) for each in objects
    )
    return "\n".join(written)


def settings_of(application: Application) -> dict[str, str]:
    """Say how an application is set up, by setting; its tags where they were read."""
    said = {
        "provider": application.provider_arn,
        "description": application.description,
        "status": application.status,
        f"{PORTAL}visibility": application.visibility,
        f"{PORTAL}origin": application.sign_in_origin,
        f"{PORTAL}applicationUrl": application.url,
        **_tags(application.tags or {}),
    }
    return {name: value for name, value in said.items() if value}


def settings_wanted(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Say the same of the inputs of an application's resource."""
    portal = inputs.get("portalOptions") or {}
    options = portal.get("signInOptions") or {}
    said = {
        "provider": inputs.get("applicationProviderArn"),
        "description": inputs.get("description"),
        "status": inputs.get("status"),
        f"{PORTAL}visibility": portal.get("visibility"),
        f"{PORTAL}origin": options.get("origin"),
        f"{PORTAL}applicationUrl": options.get("applicationUrl"),
        **_tags(inputs.get("tags") or {}),
    }
    return {name: value for name, value in said.items() if value}


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"{TAGS}{key}": value for key, value in tags.items() if not key.startswith(_RESERVED)}
