"""Hands on what a process prints while it prints it."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import IO, Literal

Stream = Literal["stdout", "stderr"]
_CHUNK_BYTES = 64 * 1024


def stream_output(child: subprocess.Popen[bytes]) -> Iterator[tuple[Stream, bytes]]:
    """Yield (`stdout` or `stderr`, bytes) in the order they come, until both streams have ended."""
    chunks: queue.Queue[tuple[Stream, bytes]] = queue.Queue()
    streams: list[tuple[Stream, IO[bytes] | None]] = [("stdout", child.stdout), ("stderr", child.stderr)]
    for name, stream in streams:
        threading.Thread(target=_pump, args=(name, stream, chunks), daemon=True).start()
    open_streams = len(streams)
    while open_streams:
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            open_streams -= 1


def _pump(name: Stream, stream: IO[bytes] | None, chunks: queue.Queue[tuple[Stream, bytes]]) -> None:
    """Put what comes; an empty chunk says that the stream has ended."""
    while stream is not None and (chunk := stream.read1(_CHUNK_BYTES)):  # type: ignore[attr-defined]  # buffered
        chunks.put((name, chunk))
    chunks.put((name, b""))
