"""What an update that was killed left: the run ends before anything is made, and says what to do.

The engine itself goes on with a warning. It makes again what was made and never recorded, which AWS refuses
in the middle of the update, or takes what was deleted for what is there.
Source: pulumi 3.260.0, pkg/resource/deploy/deployment_executor.go, printPendingOperationsWarning.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pulumi

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.unrecorded import NewLink, Outputs, already_there, new_links
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.planned import Plan
from identity_center.resources import messages
from identity_center.resources.arguments.refusal import RefusedLookupError
from identity_center.resources.instance import Instance

from .aws_settings import read_aws_settings

#: Set to anything, a preview goes on where AWS has what is to be made: `pulumi preview --import-file` has to
#: list what there is to import, `identity-center recover` what was made. An update is refused all the same.
ADOPTING: Final = "IDENTITY_CENTER_ADOPTING"
_MOST_NAMED: Final = 5

InterruptedReader: TypeAlias = Callable[[str], Sequence[str]]
"""Names what was interrupted in a stack, given as `ORGANISATION/PROJECT/STACK`. Raises OSError."""
LinkReader: TypeAlias = Callable[[AwsSettings, str, str, Sequence[NewLink]], Existing]
"""Reads of an instance, by its ARN and identity store, what these links tie together has of their kinds."""


def is_adopting() -> bool:
    """Tell whether what is there is to be taken into the state: a preview that makes nothing."""
    return bool(os.environ.get(ADOPTING)) and pulumi.runtime.is_dry_run()


@dataclass(frozen=True)
class AfterAFall:
    """What looks for the remains of an earlier run. What is left out is not looked for."""

    interrupted: InterruptedReader | None = None
    """Asks the engine what it was at."""
    links: LinkReader | None = None
    """Asks AWS for members and assignments that a run makes anew."""

    def refuse_interrupted(self, state: Outputs) -> None:
        """End the run where an earlier one was interrupted. Raises pulumi.RunError."""
        # Where nothing was ever made, nothing was interrupted, and the engine need not be asked.
        if self.interrupted is None or not state or is_adopting():
            return
        try:
            found = self.interrupted(
                f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
            )
        except OSError as error:
            messages.warn(f"it is unchecked whether an earlier update was interrupted: {error}")
            return
        if found:
            raise pulumi.RunError(_refusal(found))

    def unrecorded(self, plan: Plan, state: Outputs, instance: Instance) -> tuple[Mistake, ...]:
        """Return what AWS has of the links that the run is to make. Where it makes none, nothing is asked."""
        links = new_links(plan, state)
        if not links or is_adopting():
            return ()
        if self.links is None:
            _warn(["this program has nothing to read it with"])
            return ()
        try:
            settings = replace(read_aws_settings(), region=instance.region)
        except RefusedLookupError as error:
            _warn([error.problem])
            return ()
        existing = self.links(settings, instance.arn, instance.identity_store_id, links)
        _warn(sorted({f"{each.operation}: {each.why}" for each in existing.unread}))
        return tuple(already_there(links, existing))


def _refusal(found: Sequence[str]) -> str:
    headline = (
        "an earlier run on this stack was interrupted, or one is going on now, and the state does not say "
        "what became of:"
    )
    named = [f"  {each}" for each in found[:_MOST_NAMED]]
    more = [f"  and {len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    remedy = "nothing is made until it does: run `identity-center recover` in this folder, then this again"
    return "\n".join([headline, *named, *more, remedy])


def _warn(whys: Sequence[str]) -> None:
    if whys:
        said = "; ".join(whys)
        messages.warn(f"it is unchecked whether AWS has new members and assignments already: {said}")
