"""Rebuild the snapshot of AWS-managed policies from a JSON export.

The export maps each policy's name to an object with `Path`, `Document`, `DefaultVersionId` and
`UpdateDate`: the shape that moto ships and that `aws iam list-policies --scope AWS` with
`get-policy-version` gives. Two ways to get one:

    python -m tools.refresh_managed_policies --from-moto
    python -m tools.refresh_managed_policies --source "iam:GetPolicyVersion" --date 2026-11-23 EXPORT.json
"""

import argparse
import datetime as dt
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.packed_json import DATA_FOLDER, write_packed


def main() -> int:
    """Write the snapshot and say how many policies it holds."""
    arguments = _parser().parse_args()
    if arguments.from_moto:
        export, source = _moto_export()
        date = max(entry["UpdateDate"][:10] for entry in export.values())
    else:
        export = json.loads(arguments.export.read_text())
        source, date = arguments.source, arguments.date
    size = write_packed(DATA_FOLDER / "managed_policies.json.gz", snapshot(export, source, date))
    sys.stderr.write(f"managed_policies.json.gz: {len(export)} policies, {size} bytes\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Rebuild the snapshot of AWS-managed policies.")
    parser.add_argument("export", type=Path, nargs="?", help="a JSON export as described above")
    parser.add_argument("--from-moto", action="store_true", help="take the documents that moto ships")
    parser.add_argument("--source", default="JSON export", help="where the export comes from")
    parser.add_argument("--date", default=dt.datetime.now(tz=dt.UTC).date().isoformat())
    return parser


def _moto_export() -> tuple[dict[str, Any], str]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - 5 MB, only for this

    return json.loads(aws_managed_policies_data), f"moto {version('moto')} (make aws_managed_policies)"


def snapshot(export: dict[str, Any], source: str, date: str) -> dict[str, Any]:
    """Return the documents as JSON texts by path and name, so that each is decoded only when asked for."""
    return {
        "source": source,
        "date": date,
        "policies": {
            f"{entry['Path'].strip('/')}/{name}".lstrip("/"): [
                entry["DefaultVersionId"],
                json.dumps(entry["Document"], sort_keys=True, separators=(",", ":")),
            ]
            for name, entry in export.items()
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
