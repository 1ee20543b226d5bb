"""What runs with a role in a stack: whoever can use it acts as that role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from identity_guard.chains.organisation import Node, Workload
from identity_guard.stack.identities import Key
from identity_guard.stack.observe import Absent, Known, text_of
from identity_guard.stack.resource_types import IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View
from identity_guard.stack.workload_types import WORKLOAD_ROWS, Holder, WorkloadRow

USUAL_REGION: Final = "us-east-1"
USUAL_CLUSTER: Final = "default"
"""The cluster of a service that names none (Amazon ECS API Reference, CreateService)."""


def workloads_of(view: View, nodes: Mapping[Key, Node], roles: Mapping[str, Node]) -> Iterator[Workload]:
    """Go through the workloads whose role is in sight: `nodes` by key, `roles` by URN."""
    finder = _Finder(view, nodes, roles)
    for row in WORKLOAD_ROWS:
        for made in view.stack.of_type(row.type):
            role = finder.role_of(made, row)
            if role is not None and _is_open(made, row):
                yield Workload(made.name, _arn_of(made, row, role.account), role.account, role)


def _is_open(made: Resource, row: WorkloadRow) -> bool:
    """Say whether anybody gets in; what is not known yet counts as open."""
    if not row.only_if:
        return True
    observed = made.declared.get(row.only_if)
    if isinstance(observed, Absent):
        return False
    return not isinstance(observed, Known) or observed.value is True


def _arn_of(made: Resource, row: WorkloadRow, account: str) -> str:
    known = text_of(made.identifier("arn")) if row.has_own_arn else None
    if known and known.startswith("arn:aws"):
        return known
    name = text_of(made.identifier(row.name)) or made.name
    region = made.declared.text("region") or USUAL_REGION
    within = (made.declared.text(row.within) or USUAL_CLUSTER).rpartition("/")[2] if row.within else ""
    return row.arn.format(region=region, account=account, name=name, within=within)


@dataclass(frozen=True)
class _Finder:
    """Finds the role of a workload, by what names it or by what it depends on."""

    view: View
    nodes: Mapping[Key, Node]
    roles: Mapping[str, Node]

    def role_of(self, made: Resource, row: WorkloadRow) -> Node | None:
        if row.holder is None:
            return self._role_named(made, row.role)
        holder = self._holder_of(made, row.role, row.holder)
        return self._role_named(holder, (row.holder.role,)) if holder else None

    def _holder_of(self, made: Resource, path: tuple[str, ...], holder: Holder) -> Resource | None:
        """Find what holds the role: `name`, `name:3`, or an ARN that ends so."""
        named = made.declared.text(*path)
        depends = made.by_property.get(path[0], ())
        for each in self.view.stack.of_type(holder.type):
            own = text_of(each.identifier(holder.name))
            if each.urn in depends or (named is not None and _last_name(named) == own):
                return each
        return None

    def _role_named(self, made: Resource, path: tuple[str, ...]) -> Node | None:
        named = made.declared.text(*path)
        if named is not None:
            key = Key(IdentityKind.ROLE, made.provider, named.rpartition("/")[2])
            if key in self.nodes:
                return self.nodes[key]
        return next((n for urn in made.by_property.get(path[0], ()) if (n := self.roles.get(urn))), None)


def _last_name(named: str) -> str:
    return named.rpartition("/")[2].partition(":")[0]
