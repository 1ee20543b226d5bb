"""What an update that was killed left: the run ends before anything is made, and says what to do.

The engine itself goes on with a warning. It makes again what was made and never recorded, which AWS refuses
in the middle of the update, or takes what was deleted for what is there.
Source: pulumi 3.260.0, pkg/resource/deploy/deployment_executor.go, printPendingOperationsWarning.
"""

import os
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import pulumi

#: Set by `identity-center recover`, which asks a preview what the program wants. An update does not heed it.
RECOVERING: Final = "IDENTITY_CENTER_RECOVERING"
_MOST_NAMED: Final = 5

InterruptedReader: TypeAlias = Callable[[str], Sequence[str]]
"""Names what was interrupted in a stack, given as `ORGANISATION/PROJECT/STACK`. Raises OSError."""


def is_recovering() -> bool:
    """Tell whether nothing is to be refused, because nothing is to be made: a preview for a recovery."""
    return bool(os.environ.get(RECOVERING)) and pulumi.runtime.is_dry_run()


def refuse_interrupted(reader: InterruptedReader | None) -> None:
    """End the run where an earlier one was interrupted. Raises pulumi.RunError."""
    if reader is None or is_recovering():
        return
    try:
        found = reader(f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}")
    except OSError as error:
        pulumi.log.warn(f"it is unchecked whether an earlier update was interrupted: {error}")
        return
    if found:
        raise pulumi.RunError(_refusal(found))


def _refusal(found: Sequence[str]) -> str:
    headline = (
        "an earlier run on this stack was interrupted, or one is going on now, and the state does not say "
        "what became of:"
    )
    named = [f"  {each}" for each in found[:_MOST_NAMED]]
    more = [f"  and {len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    remedy = "nothing is made until it does: run `identity-center recover` in this folder, then this again"
    return "\n".join([headline, *named, *more, remedy])
