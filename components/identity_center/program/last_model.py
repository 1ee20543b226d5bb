"""What the stack's last update made: the model that it kept as an output, and the assignments in the state.

The engine answers both from the stack's own state, with one question and no call to AWS. A stack reference
would give the outputs only, and would stand in the state as a resource of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi.runtime import rpc

from identity_center.model.recorded_model import RecordedModel, UnusableRecordError, read_record

#: The stack's output that keeps the model, for the next run of this program alone.
OUTPUT = "access_model"
#: Source: pulumi/pkg/resource/deploy/builtins.go, readStackResourceOutputs.
_QUESTION = "pulumi:pulumi:readStackResourceOutputs"
_ASSIGNMENT = "aws:ssoadmin/accountAssignment:AccountAssignment"
_STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class LastUpdate:
    """What is known of the last update that changed the stack."""

    model: RecordedModel | None
    """What it kept; None where there is nothing to compare with."""
    assignments: frozenset[str]
    """Names of the account assignments in the state."""
    problem: str
    """Why there is no model although there is a state, or that the two do not belong together; else empty."""


def read_last_update() -> LastUpdate:
    """Ask the engine for the state that the last update of this stack left."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        told = pulumi.runtime.invoke(_QUESTION, {"stackName": name}).value
    except Exception as error:  # noqa: BLE001  # the SDK raises nothing narrower for a refused question
        return LastUpdate(None, frozenset(), f"the engine did not give the stack's state ({error})")
    resources = (told or {}).get("outputs") or {}
    assignments = frozenset(
        urn.rsplit("::", 1)[-1] for urn in resources if urn.split("::")[-2].split("$")[-1] == _ASSIGNMENT
    )
    kept = _output(resources)
    if kept is None:
        problem = "the last update kept no model" if assignments else ""
        return LastUpdate(None, assignments, problem)
    try:
        model = read_record(kept)
    except UnusableRecordError as error:
        return LastUpdate(None, assignments, f"the model of the last update cannot be read: {error}")
    names = {grant.resource_name for grant in model.grants}
    return LastUpdate(model, assignments, _difference(names, assignments))


def _output(resources: Mapping[str, object]) -> str | None:
    """Find the kept model among the outputs of the stack itself."""
    for resource in resources.values():
        if isinstance(resource, dict) and resource.get("type") == _STACK:
            kept = (resource.get("outputs") or {}).get(OUTPUT)
            if rpc.is_rpc_secret(kept):
                kept = rpc.unwrap_rpc_secret(kept)
            return kept if isinstance(kept, str) else None
    return None


def _difference(kept: set[str], in_state: frozenset[str]) -> str:
    """Say that a later update did not come to its end: what it left is not what was kept."""
    if kept == in_state:
        return ""
    return (
        f"the state has {len(in_state - kept)} assignments that the model of the last complete update lacks, "
        f"and lacks {len(kept - in_state)} that it has: a later update failed, or somebody changed the state"
    )
