"""A stack's state as `pulumi stack export` gives it, and the same with what was made and never recorded.

An export lists `resources`, each after what it depends on, and `pending_operations`: what an update was at
when it was interrupted, each with the whole resource as the program wanted it.
Source: pulumi/sdk/go/common/apitype/core.go, DeploymentV3, ResourceV3 and OperationV2.
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from identity_center.model.existing.recovery import Interrupted, Operation, Recorded
from identity_center_cli.engine import PROVIDERS, is_unread
from identity_center_cli.stacks.recorded import VERSIONS, UnusableStackError, plain


@dataclass(frozen=True)
class Deployment:
    """An exported state, secrets in plain text: nothing of it is printed or written to a file."""

    document: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse what is laid out otherwise. Raises UnusableStackError."""
        if not isinstance(self.document.get("deployment"), dict):
            raise UnusableStackError("the stack has no deployment: nothing was ever made in it")
        if self.document.get("version") not in VERSIONS:
            raise UnusableStackError("its layout has another version than this command reads (3 and 4)")

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Every entry of the state."""
        return self.document["deployment"].get("resources") or []

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What was interrupted, one entry for each operation."""
        return self.document["deployment"].get("pending_operations") or []

    def interrupted(self) -> Iterator[Interrupted]:
        """Yield what an update was at."""
        for each in self.pending:
            resource = each["resource"]
            if not resource.get("external"):
                yield interrupted(Operation(each["type"]), resource)

    def recorded(self) -> Iterator[Recorded]:
        """Yield what the state says that the provider made, apart from what is to be deleted anyway."""
        for each in self.resources:
            if _is_made(each) and not (each.get("delete") or each.get("pendingReplacement")):
                yield Recorded(
                    each["type"],
                    each["urn"],
                    each.get("id", ""),
                    plain(each.get("inputs") or {}),
                    is_read=not is_unread(each),
                )

    @property
    def urns(self) -> frozenset[str]:
        """The names of what the state has."""
        return frozenset(each["urn"] for each in self.resources if not each.get("delete"))

    @property
    def stack_urns(self) -> tuple[str, ...]:
        """The stack's own entry, which is nothing in AWS; none where the state is empty."""
        return tuple(each["urn"] for each in self.resources if each["type"] == "pulumi:pulumi:Stack")

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what was being made, whole, by URN."""
        made = (each["resource"] for each in self.pending if each["type"] == Operation.CREATING.value)
        return {each["urn"]: each for each in made}


def interrupted(operation: Operation, resource: Mapping[str, Any]) -> Interrupted:
    """Read a resource of a pending operation or of a preview."""
    return Interrupted(
        operation,
        resource["type"],
        resource["urn"],
        plain(resource.get("inputs") or {}),
        resource.get("id", ""),
    )


def _is_made(entry: Mapping[str, Any]) -> bool:
    is_provider = str(entry.get("type")).startswith(PROVIDERS)
    return bool(entry.get("custom")) and not entry.get("external") and not is_provider


def with_taken_in(deployment: Deployment, taken: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the state with these resources in it and no pending operation.

    `taken` are whole entries by URN, each with its id. They have no outputs: the engine then reads them as it
    reads what `pulumi import` names, and a recovery that is interrupted in between can be told by it.
    """
    document = copy.deepcopy(dict(deployment.document))
    content = document["deployment"]
    there = deployment.urns | taken.keys()
    added = (_with_dependencies_in(there, each) for each in _in_order(taken))
    content["resources"] = [*map(_put_aside(taken), _kept(deployment, taken)), *added]
    content.pop("pending_operations", None)
    return document


def _with_dependencies_in(there: Collection[str], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out dependencies on what is not there: the engine takes no state that names them."""
    by_property = entry.get("propertyDependencies") or {}
    return {
        **entry,
        "dependencies": [urn for urn in entry.get("dependencies") or () if urn in there],
        "propertyDependencies": {
            name: [urn for urn in urns or () if urn in there] for name, urns in by_property.items()
        },
    }


def _kept(deployment: Deployment, taken: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Leave out what was deleted already so that its replacement could be made."""
    return (
        each for each in deployment.resources if not (each.get("pendingReplacement") and each["urn"] in taken)
    )


def _put_aside(taken: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Mark what is replaced: the engine deletes it in its next update."""

    def mark(entry: dict[str, Any]) -> dict[str, Any]:
        replaced = entry["urn"] in taken and not entry.get("delete")
        return {**entry, "delete": True} if replaced else entry

    return mark


def _in_order(taken: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each entry after those of them that it depends on."""
    done: set[str] = set()

    def visit(urn: str) -> Iterator[dict[str, Any]]:
        if urn in done or urn not in taken:
            return
        done.add(urn)
        for needed in (*(taken[urn].get("dependencies") or ()), taken[urn].get("parent", "")):
            yield from visit(needed)
        yield {**taken[urn], "outputs": {}}

    for urn in taken:
        yield from visit(urn)
