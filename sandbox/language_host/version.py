"""The SDK's version, asked once: the host is of the version of the SDK that it is installed with."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("pulumi")
