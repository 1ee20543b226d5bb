"""CloudTrail's event history, which moto lacks: LookupEvents over events that a test records.

Source: CloudTrail API reference, LookupEvents: 50 events a page, newest first, one lookup attribute at most,
the last 90 days, in the Region and account that are asked. Identity Center's sign-in events (user guide,
"Understanding IAM Identity Center sign-in events") are in the Region of the instance.
"""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto.cloudtrail import urls
from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse

from sandbox.aws import faults
from sandbox.aws.modelled import invalid, service_model
from sandbox.aws.refusals.table import RefusedError
from sandbox.aws.shapes import violations

MOST: Final = 50
"""Events of one page."""

_DAYS: Final = 90
"""How long the history keeps an event."""
_READ_BY: Final = {"EventName": "eventName", "EventSource": "eventSource", "EventId": "eventID"}


def record(event: Mapping[str, Any]) -> None:
    """Put an event, in CloudTrail's own form, into the history of its account and Region."""
    _history(event["recipientAccountId"], event["awsRegion"]).append(dict(event))


def _history(account_id: str, region: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = vars(cloudtrail_backends[account_id][region]).setdefault(
        "sandbox_events", []
    )
    return found


class LookupResponse(CloudTrailResponse):
    """Answers the requests to ``cloudtrail``."""

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        try:
            faults.provoke("cloudtrail", self._get_action(), self.current_account)
            return super().call_action()
        except RefusedError as refused:
            body = {"__type": refused.code, "message": refused.message}
            return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body)

    def lookup_events(self) -> str:
        """LookupEvents, which moto has not."""
        asked = json.loads(self.body or "{}")
        found = violations(service_model("cloudtrail").operation_model("LookupEvents").input_shape, asked)
        if found:
            raise RefusedError("ValidationException", invalid(found))
        events = sorted(self._found(asked), key=lambda event: str(event["eventTime"]), reverse=True)
        start = int(asked.get("NextToken") or 0)
        end = start + int(asked.get("MaxResults", MOST))
        answer: dict[str, Any] = {"Events": [_row(event) for event in events[start:end]]}
        if end < len(events):
            answer["NextToken"] = str(end)
        return json.dumps(answer)

    def _found(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        attributes = asked.get("LookupAttributes", [])
        if len(attributes) > 1:
            raise RefusedError("InvalidLookupAttributesException", "One lookup attribute at most.")
        kept = time.time() - _DAYS * 24 * 3600
        first = max(float(asked.get("StartTime", 0)), kept)
        last = float(asked.get("EndTime", float("inf")))
        return [
            event
            for event in _history(self.current_account, self.region)
            if first <= _seconds(event) <= last
            and all(
                event.get(_READ_BY[each["AttributeKey"]]) == each["AttributeValue"] for each in attributes
            )
        ]


def _seconds(event: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(event["eventTime"])).astimezone(UTC).timestamp()


def _row(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "EventSource": event["eventSource"],
        "ReadOnly": str(event.get("readOnly", False)).lower(),
        "EventTime": _seconds(event),
        "Resources": [],
        "CloudTrailEvent": json.dumps(event),
    }


def install() -> None:
    """Put this in the place of moto's."""
    urls.url_paths["{0}/$"] = LookupResponse.dispatch
