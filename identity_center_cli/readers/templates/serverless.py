"""The roles that the Serverless Application Model makes, from the `Policies` of functions and state machines.

Source: AWS SAM developer guide, AWS::Serverless::Function and AWS::Serverless::StateMachine, `Policies`: a
managed policy by name or ARN, a policy template of SAM's, or a document of its own; for a function the basic
execution role always. `PermissionsBoundary` and, of a function, `AssumeRolePolicyDocument` are the role's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from identity_center_cli.readers.open_values import Either, NoValue, Open, OpenList
from identity_guard.iam.evaluate.attachment import managed_names


@dataclass(frozen=True, slots=True)
class Serverless:
    """A type of SAM for which the transform makes a role."""

    service: str
    """Who may assume the role."""
    globals: str
    """The part of the section `Globals` that holds for it."""
    always: tuple[str, ...] = ()
    """Managed policies that the role has always."""


_BASIC: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
SERVERLESS: Final[Mapping[str, Serverless]] = {
    "AWS::Serverless::Function": Serverless("lambda.amazonaws.com", "Function", (_BASIC,)),
    "AWS::Serverless::StateMachine": Serverless("states.amazonaws.com", "StateMachine"),
}
Found = tuple[str, bool]
"""What is not seen, and whether that leaves the role undecided."""


def as_role(
    kind: Serverless, properties: Mapping[str, Any], value: Callable[[Any], Any]
) -> tuple[dict[str, Any], list[Found]]:
    """Return the properties of the role that is made, and what of its policies is not seen."""
    found: dict[str, Any] = {"AssumeRolePolicyDocument": _trust(kind.service)}
    for name in ("PermissionsBoundary", "AssumeRolePolicyDocument"):
        if name in properties:
            found[name] = properties[name]
    managed: list[Any] = list(kind.always)
    inline: list[Any] = []
    unseen: list[Found] = []
    for each in _members(value(properties.get("Policies"))):
        if isinstance(each, str):
            managed.append(each if each.startswith("arn:") else _managed_by_name(each))
        elif isinstance(each, dict) and "Statement" in each:
            inline.append({"PolicyName": f"policy-{len(inline)}", "PolicyDocument": each})
        elif isinstance(each, dict) and len(each) == 1:
            unseen.append((f"SAM's policy template {next(iter(each))} is not looked at", False))
        elif isinstance(each, Open | OpenList):
            unseen.append((f"which policy `{each.what}` names is open", True))
        else:
            unseen.append(("one of its `Policies` is no policy that SAM takes", True))
    return found | {"ManagedPolicyArns": managed, "Policies": inline}, unseen


def _managed_by_name(name: str) -> str:
    """Return the ARN for the name of an AWS-managed policy, which SAM takes without its path."""
    return f"arn:aws:iam::aws:policy/{_paths_by_name().get(name, name)}"


@cache
def _paths_by_name() -> dict[str, str]:
    return {each.rpartition("/")[2]: each for each in managed_names()}


def _members(policies: Any) -> Iterator[Any]:  # noqa: ANN401 - as a template has it
    """Yield each policy; of two of which one is given both, as if they were."""
    if isinstance(policies, list):
        for each in policies:
            yield from _members(each)
    elif isinstance(policies, Either):
        yield from _members(policies.default)
        yield from _members(policies.other)
    elif policies is not None and not isinstance(policies, NoValue):
        yield policies


def _trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}
