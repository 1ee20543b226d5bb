"""Gets Identity Center's sign-in events: from CloudTrail's event history, or from exported log files.

The event history holds 90 days of the Region and account that is asked, in pages of 50, and takes two
requests a second (CloudTrail API reference, LookupEvents). Sign-in events are in the Region of the instance
and in the management account. A trail's log files are gzipped JSON with a list `Records` (CloudTrail user
guide, "CloudTrail log file examples"), in a folder or in a bucket.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3

from live.pace import PATIENT, Pace
from live.sign_in_evidence import EVENTS, SOURCE

REQUESTS_PER_SECOND: Final = 2.0
HISTORY_DAYS: Final = 90


class UnusableLogError(Exception):
    """A log file that cannot be read: what is in it is unknown, so that no report can be made."""


def from_history(
    session: boto3.Session, since: datetime, until: datetime, requests_per_second: float = REQUESTS_PER_SECOND
) -> Iterator[dict[str, Any]]:
    """Yield the sign-in events of a time. Raises botocore's errors: a page that is missing is an error."""
    client: Any = session.client("cloudtrail", config=PATIENT)
    Pace(requests_per_second).keep(client)
    for name in EVENTS:
        pages = client.get_paginator("lookup_events").paginate(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
            StartTime=since,
            EndTime=until,
        )
        for page in pages:
            for event in page["Events"]:
                if event.get("EventSource") == SOURCE:
                    yield json.loads(event["CloudTrailEvent"])


def from_files(place: str, session: boto3.Session) -> Iterator[dict[str, Any]]:
    """Yield the events of a trail's log files, in a folder or below `s3://BUCKET/PREFIX`.

    Raises UnusableLogError for a file that is no log, and where there is none at all.
    """
    files = _from_bucket(place, session) if place.startswith("s3://") else _from_folder(Path(place))
    count = 0
    for name, content in files:
        count += 1
        yield from _records(name, content)
    if count == 0:
        raise UnusableLogError(f"{place} holds no log file (*.json or *.json.gz)")


def _from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*.json*")):
        if file.name.endswith((".json", ".json.gz")):
            yield str(file), file.read_bytes()


def _from_bucket(place: str, session: boto3.Session) -> Iterator[tuple[str, bytes]]:
    parts = urlsplit(place)
    client: Any = session.client("s3", config=PATIENT)
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=parts.netloc, Prefix=parts.path.lstrip("/")
    )
    for page in pages:
        for found in page.get("Contents", ()):
            if found["Key"].endswith((".json", ".json.gz")):
                body = client.get_object(Bucket=parts.netloc, Key=found["Key"])["Body"]
                yield f"s3://{parts.netloc}/{found['Key']}", body.read()


def _records(name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        text = gzip.decompress(content) if name.endswith(".gz") else content
        records = json.loads(text)["Records"]
        return [dict(record) for record in records]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UnusableLogError(f"{name} is no CloudTrail log file ({type(error).__name__})") from error
