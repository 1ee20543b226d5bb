"""Write a data file so that the same content always gives the same bytes."""

import gzip
import json
from pathlib import Path

DATA_FOLDER = Path(__file__).parent.parent / "policies" / "identity_guard" / "iam" / "catalogue" / "data"
"""Where the evaluator reads its snapshots."""


def write_packed(path: Path, content: object) -> int:
    """Write `content` as compressed JSON without a time stamp and return its size in bytes."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    path.write_bytes(packed)
    return len(packed)
