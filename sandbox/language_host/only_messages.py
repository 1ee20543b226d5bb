"""Pulumi's gRPC messages alone, for a process that starts twice in every preview.

`import pulumi.runtime.proto` runs `pulumi` and `pulumi.runtime` first, which load the whole SDK: half of what
the host's start costs, for nothing that it uses.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

#: The packages above the messages, which import what a program needs and a host does not.
_ABOVE = ("pulumi", "pulumi.runtime")


def without_the_sdk() -> None:
    """Let `pulumi.runtime.proto` be imported from here on without what stands above it.

    For a process of its own: `import pulumi` gives an empty package afterwards. Raises ImportError where the
    SDK is not installed, and RuntimeError where it has been imported already.
    """
    if already := [name for name in _ABOVE if name in sys.modules]:
        raise RuntimeError(f"imported already: {', '.join(already)}")
    found = importlib.util.find_spec("pulumi")
    if found is None or found.origin is None:
        raise ImportError("the Pulumi SDK is not installed", name="pulumi")
    root = Path(found.origin).parent
    for name in _ABOVE:
        package = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
