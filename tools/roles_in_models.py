"""Find the operations whose input names a role, in the models of AWS's interfaces.

The Service Authorization Reference does not list `iam:PassRole` with every action that takes a role:
CodeDeploy, Device Farm, EKS and AWS Batch's service jobs are without it. The models, which botocore brings
along, say of every operation what is put into it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.loaders import Loader

from identity_guard.iam.catalogue.actions import catalogue

READING: Final = re.compile(r"(List|Describe|BatchGet|Search|Get|Delete)[A-Z]")
"""Operations that look at something, or end it: they hand over nothing."""
NAMES_A_ROLE: Final = re.compile(r"role(?!out)|instanceprofile", re.IGNORECASE)
IDENTITY_SERVICES: Final = frozenset({"iam", "sts"})
"""Their operations are about roles, and hand none over; what they lead to stands in the list of paths."""


def takers_in_models() -> dict[str, list[str]]:
    """Return the actions whose operations name a role, by service."""
    loader = Loader()
    found: dict[str, set[str]] = {}
    for name in loader.list_available_services("service-2"):
        model = loader.load_service_model(name, "service-2")
        metadata = model["metadata"]
        service = metadata.get("signingName") or metadata["endpointPrefix"]
        known = {each for each in takers_in(model) if _is_action(service, each)}
        if known and service not in IDENTITY_SERVICES:
            found.setdefault(service, set()).update(known)
    return {service: sorted(names) for service, names in found.items()}


def _is_action(service: str, operation: str) -> bool:
    """Say whether an operation has the name of an action: some are authorised under another one's."""
    return catalogue().bit_of(f"{service}:{operation}") is not None


def takers_in(model: Mapping[str, Any]) -> Iterator[str]:
    """Yield the operations of one model whose input names a role."""
    for name, operation in model["operations"].items():
        if "input" in operation and not READING.match(name):
            shape = operation["input"]["shape"]
            if any(_roles_in(model["shapes"], shape, frozenset())):
                yield name


def _roles_in(shapes: Mapping[str, Any], name: str, above: frozenset[str]) -> Iterator[str]:
    """Yield the members of a shape that name a role, however deep."""
    shape = shapes[name]
    if name in above:
        return
    within = above | {name}
    if shape["type"] == "structure":
        for member, each in shape["members"].items():
            if NAMES_A_ROLE.search(member) and _is_text(shapes, each["shape"]):
                yield member
            yield from _roles_in(shapes, each["shape"], within)
    elif shape["type"] == "list":
        yield from _roles_in(shapes, shape["member"]["shape"], within)
    elif shape["type"] == "map":
        yield from _roles_in(shapes, shape["value"]["shape"], within)


def _is_text(shapes: Mapping[str, Any], name: str) -> bool:
    """Say whether a shape is free text, or a list of it: the role of a message is one of a few words."""
    shape = shapes[name]
    if shape["type"] == "list":
        return _is_text(shapes, shape["member"]["shape"])
    return shape["type"] == "string" and not shape.get("enum")
