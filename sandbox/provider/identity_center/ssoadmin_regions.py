"""Additional Regions of the instance (``aws:ssoadmin/region:Region``)."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.rows.call import Call, FailedError
from sandbox.provider.rows.clients import RefusedByAwsError
from sandbox.provider.rows.schema import Built, Identity, ResourceType, block, text

_GONE = "ResourceNotFoundException"


def _create(call: Call, want: dict[str, Any]) -> None:
    # No look before: a Region that is there already is a conflict, which the client tries again for an hour.
    call.send("AddRegion", want)

    def active() -> bool:
        status = _status(call, want)
        if status not in ("ADDING", "ACTIVE"):
            raise FailedError(f"Region {want['regionName']}: {status or 'it is gone'}")
        return status == "ACTIVE"

    call.wait_until(active, f"Region {want['regionName']}: still ADDING")
    # Not before: whoever stops waiting leaves a Region that AWS goes on adding and no state has.
    call.made({name: want[name] for name in REGION.id.parts})


def _status(call: Call, at: Mapping[str, Any]) -> str | None:
    try:
        return str(call.send("DescribeRegion", at)["Status"])
    except RefusedByAwsError as refused:
        if refused.code != _GONE:
            raise
        return None


def _read(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    return {**at, "status": call.send("DescribeRegion", at)["Status"]}


def _update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    """Fail, as TF's framework.WithNoUpdate does: other time-outs do not replace, and nothing updates."""
    del call, old, want, changed
    raise FailedError("not supported: This resource's Update method should not have been called")


def _delete(call: Call, state: Mapping[str, Any]) -> None:
    call.send("RemoveRegion", state)
    call.wait_until(lambda: _status(call, state) is None, f"Region {state['regionName']}: still REMOVING")


REGION = ResourceType(
    token="aws:ssoadmin/region:Region",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/region.go (looks first after 15 s, where this one looks as for every"
    " wait; TF's import of an id has instance and Region, and its schema no id)",
    built_on=Built.FRAMEWORK,
    read_at="2e5a509",
    timeouts={"create": 1800, "delete": 1800},
    has_id=False,
    service="sso-admin",
    id=Identity(("instanceArn", "regionName")),
    inputs={
        "instanceArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "regionName": text(required=True, force_new=True, checks=(checks.region,)),
        "timeouts": block({"create": text(), "delete": text()}, aws="-"),
    },
    outputs={"status": text()},
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    waits="creation until ACTIVE and deletion until gone, 30 minutes",
)

RESOURCES = (REGION,)
