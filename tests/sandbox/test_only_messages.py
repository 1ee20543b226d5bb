"""The language host starts twice in each preview, so it loads Pulumi's messages and not its SDK."""

import subprocess
import sys

import pytest

from sandbox.language_host.only_messages import without_the_sdk


def test_the_host_loads_its_messages_and_not_the_sdk() -> None:
    """A preview is a third of a second shorter for it; nothing but the time would tell that it is lost."""
    program = (
        "from sandbox.language_host.only_messages import without_the_sdk; without_the_sdk(); "
        "import sandbox.language_host.serving, sys; from pulumi.runtime.proto import language_pb2; "
        "assert language_pb2.RunResponse(bail=True).bail; "
        "print(sorted(name for name in sys.modules if name.startswith('pulumi.') and '.proto' not in name))"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True, text=True)
    assert ended.stdout.strip() == "['pulumi.runtime']"


def test_a_process_that_has_the_sdk_keeps_it() -> None:
    """Else a program that imports it later has an empty package, and says something odd far from here."""
    import pulumi  # noqa: PLC0415  # what is imported already is the test

    with pytest.raises(RuntimeError, match=r"imported already: pulumi, pulumi\.runtime"):
        without_the_sdk()
    assert sys.modules["pulumi"] is pulumi
