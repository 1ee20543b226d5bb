"""YAML, read and written by libyaml where it is there: tests do so by the thousand, and in each worker.

What the product reads, it reads itself; this is for what tests make and hold it against.
"""

from typing import Any, Final

import yaml

# As pyyaml's documentation advises: the same, ten times as fast.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def yaml_text(value: Any) -> str:  # noqa: ANN401 - JSON
    """Write a value in block style, its keys in their order."""
    text: str = yaml.dump(value, Dumper=_DUMPER, sort_keys=False)
    return text


def yaml_value(text: str) -> Any:  # noqa: ANN401 - JSON
    """Read a value."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
