"""What `pulumi preview --json` prints: the steps of the run, each with the resource as it will be.

Source: pulumi/pkg/backend/display/json.go (PreviewDigest, PreviewStep). Unknown values stand as the engine
writes them in a state, secrets as `[secret]`.
"""

from collections.abc import Mapping
from typing import Any, Final

from identity_center_cli.stacks.recorded import GONE, NOT_MADE, resources_of_entries
from identity_guard.stack.resources import Resource

from .reading import NotThisFormError, Unseen

STEPS: Final = "steps"


def is_preview(value: object) -> bool:
    """Say whether a value is a preview's digest."""
    return (
        isinstance(value, Mapping)
        and isinstance(value.get(STEPS), list)
        and ("changeSummary" in value or "duration" in value or "config" in value)
    )


def read_preview(value: Mapping[str, Any]) -> dict[str, Resource]:
    """Return the resources of the stack as the preview leaves it. Raises NotThisFormError."""
    entries: dict[str, Any] = {}
    for number, step in enumerate(value[STEPS]):
        if not isinstance(step, Mapping) or "op" not in step:
            raise NotThisFormError(f"steps[{number}] is no step of a preview")
        if step["op"] in GONE | NOT_MADE:
            continue
        entries[str(step.get("urn"))] = step.get("newState") or step.get("oldState")
    return resources_of_entries([each for each in entries.values() if each])


def unseen_of_preview(value: Mapping[str, Any]) -> list[Unseen]:
    """Say that a preview which ended with an error may not show every resource."""
    diagnostics = value.get("diagnostics")
    every = diagnostics if isinstance(diagnostics, list) else []
    failed = any(isinstance(each, Mapping) and each.get("severity") == "error" for each in every)
    why = "the preview ended with an error, so it may not show every resource"
    return [Unseen(why, undecided=True)] if failed else []
