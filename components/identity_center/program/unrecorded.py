"""Links that a run is to make and AWS has already: the run ends before anything is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pulumi

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.unrecorded import NewLink, Outputs, already_there, new_links
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.planned import COMPONENTS, Id, Plan
from identity_center.resources.instance import Instance
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .interrupted import is_recovering

LinkReader: TypeAlias = Callable[[AwsSettings, str, str, Sequence[NewLink]], Existing]
"""Reads of an instance, by its ARN and identity store, what these links tie together has of their kinds."""


def outputs_of(resources: Mapping[str, object]) -> Outputs:
    """Read what the state says of the parts of our components, by type and name."""
    return {
        Id(types.rsplit("$", 1)[-1], name): _outputs(each)
        for urn, each in resources.items()
        for *_, types, name in [urn.split("::", 3)]
        if types.startswith(COMPONENTS)
    }


def _outputs(resource: object) -> Mapping[str, Any]:
    return (resource.get("outputs") or {}) if isinstance(resource, dict) else {}


def unrecorded(
    plan: Plan, state: Outputs, instance: Instance, reader: LinkReader | None
) -> tuple[Mistake, ...]:
    """Return what AWS has of the links that the run is to make. Nothing is asked where it makes none."""
    links = new_links(plan, state)
    if not links or is_recovering():
        return ()
    try:
        if reader is None:
            raise RefusedLookupError("this program has nothing to read it with", "")
        settings = replace(read_aws_settings(), region=instance.region)
    except RefusedLookupError as error:
        _warn([error.problem])
        return ()
    existing = reader(settings, instance.arn, instance.identity_store_id, links)
    _warn(sorted({f"{each.operation}: {each.why}" for each in existing.unread}))
    return tuple(already_there(links, existing))


def _warn(whys: Sequence[str]) -> None:
    if whys:
        pulumi.log.warn(
            "it is unchecked whether AWS has some of the new members and assignments already: "
            + "; ".join(whys)
        )
