"""Serve the language host: print the port, answer the engine, end with it."""

import argparse
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import grpc
from pulumi.runtime.proto import language_pb2_grpc

from sandbox.language_host.children import Children
from sandbox.language_host.runtime import LanguageHost

#: Requests that run for as long as a program or a plugin runs each hold a thread.
THREADS = 32
#: gRPC refuses messages above 4 MB by default; the engine's own limit is 400 MB.
LIMITS = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]
#: How often to look whether the engine is still there.
SECONDS_BETWEEN_LOOKS = 1.0


def serve() -> None:
    """Run until the engine cancels, ends, or a signal comes."""
    arguments = _parse(sys.argv[1:])
    ended = threading.Event()
    children = Children()
    server = grpc.server(ThreadPoolExecutor(THREADS), options=LIMITS)
    host = LanguageHost(arguments.engine, arguments.launcher, children, on_cancel=ended.set)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _wait(ended)
    # The engine waits for a host that lingers, so the children get their short grace and nothing else does.
    children.end_all()
    os._exit(0)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pulumi-language-python", description=__doc__)
    parser.add_argument("--launcher", type=Path, required=True, help="upstream's script that runs a program")
    parser.add_argument("engine", nargs="?", default="", help="the engine's address, host:port")
    # The engine adds options of upstream's host (tracing, root, typechecker …); none changes what runs here.
    known, _ignored = parser.parse_known_args(arguments)
    return known


def _wait(ended: threading.Event) -> None:
    """Wait for the end, or for the engine's death: a killed engine must leave nothing running."""
    engine = os.getppid()
    while not ended.wait(SECONDS_BETWEEN_LOOKS):
        if os.getppid() != engine:
            return
