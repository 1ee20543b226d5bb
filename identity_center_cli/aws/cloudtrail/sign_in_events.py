"""Gets Identity Center's sign-in events: from CloudTrail's event history, or from exported log files.

The event history holds 90 days of the Region and account that is asked, in pages of 50, and takes two
requests a second (CloudTrail API reference, LookupEvents). Sign-in events are in the Region of the instance
and in the management account. A trail's log files are gzipped JSON with a list `Records` (CloudTrail user
guide, "CloudTrail log file examples"), in a folder or in a bucket; their names hold the day of their
delivery, and digests, which hold no events, may lie beside them ("Finding your CloudTrail log files").
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3

from identity_center_cli.aws.answers import part
from identity_center_cli.aws.cloudtrail.sign_in_evidence import EVENTS, SOURCE
from identity_center_cli.aws.retries import PATIENT
from identity_center_cli.aws.token_bucket import TokenBucket

REQUESTS_PER_SECOND: Final = 2.0
HISTORY_DAYS: Final = 90
_DELIVERED: Final = re.compile(r"/CloudTrail/[a-z0-9-]+/(\d{4})/(\d{2})/(\d{2})/[^/]+$")
_DIGESTS: Final = "/CloudTrail-Digest/"


File = tuple[str, Callable[[], bytes]]
"""The name of a file, and how to read it."""


class UnusableLogError(Exception):
    """A log file that cannot be read: what is in it is unknown, so that no report can be made."""


def from_history(
    session: boto3.Session, since: datetime, until: datetime, requests_per_second: float = REQUESTS_PER_SECOND
) -> Iterator[dict[str, Any]]:
    """Yield the sign-in events of a time.

    Raises botocore's errors and BrokenAnswerError: a page that is missing is an error.
    """
    client: Any = session.client("cloudtrail", config=PATIENT)
    TokenBucket(requests_per_second, burst=1).keep(client)
    for name in EVENTS:
        pages = client.get_paginator("lookup_events").paginate(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
            StartTime=since,
            EndTime=until,
        )
        for page in pages:
            for event in part(page, "Events"):
                if event.get("EventSource") == SOURCE:
                    yield json.loads(event["CloudTrailEvent"])


def from_files(place: str, session: boto3.Session, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield the events of a trail's log files, in a folder or below `s3://BUCKET/PREFIX`.

    Files that were delivered before `since` are not read. Raises UnusableLogError for a file that is no log,
    and where there is none at all.
    """
    files = _from_bucket(place, session) if place.startswith("s3://") else _from_folder(Path(place))
    # Events come within minutes; a day more costs little.
    first = since.date() - timedelta(days=1)
    count = 0
    for name, read in files:
        if _DIGESTS in name or not name.endswith((".json", ".json.gz")):
            continue
        count += 1
        delivered = _delivered(name)
        if delivered is None or delivered >= first:
            yield from _records(name, read())
    if count == 0:
        raise UnusableLogError(f"{place} holds no log file (*.json or *.json.gz)")


def _from_folder(folder: Path) -> Iterator[File]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.as_posix(), file.read_bytes


def _from_bucket(place: str, session: boto3.Session) -> Iterator[File]:
    parts = urlsplit(place)
    client: Any = session.client("s3", config=PATIENT)
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=parts.netloc, Prefix=parts.path.lstrip("/")
    )
    for page in pages:
        for found in page.get("Contents", ()):
            yield f"s3://{parts.netloc}/{found['Key']}", partial(_fetch, client, parts.netloc, found["Key"])


def _fetch(client: Any, bucket: str, key: str) -> bytes:  # noqa: ANN401 - boto3 makes its classes
    content: bytes = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


def _delivered(name: str) -> date | None:
    found = _DELIVERED.search(name)
    return date(*map(int, found.groups())) if found else None


def _records(name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        text = gzip.decompress(content) if name.endswith(".gz") else content
        records = json.loads(text)["Records"]
        return [dict(record) for record in records]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UnusableLogError(f"{name} is no CloudTrail log file ({type(error).__name__})") from error
