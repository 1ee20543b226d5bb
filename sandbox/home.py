"""Where one checkout's sandbox keeps its files."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

#: Names another folder for the sandbox than `.sandbox` in the checkout; tests and second sandboxes use it.
HOME_VARIABLE = "IDENTITY_CENTER_SANDBOX_HOME"

#: The checkout that this package was installed from.
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one sandbox: what its server said of itself, its commands, and what Pulumi keeps.

    The files of Pulumi's backend belong to one life of the server: they describe resources in an AWS that
    ends with it.
    """

    path: Path

    @classmethod
    def of_this_checkout(cls) -> "Home":
        """`.sandbox` in the checkout, or the folder that IDENTITY_CENTER_SANDBOX_HOME names."""
        return cls(Path(os.environ.get(HOME_VARIABLE) or CHECKOUT / ".sandbox").absolute())

    @property
    def server_record(self) -> Path:
        """JSON that the running server wrote of itself: id, process id, ports."""
        return self.path / "server.json"

    @property
    def server_log(self) -> Path:
        """What the server printed."""
        return self.path / "server.log"

    @property
    def lock(self) -> Path:
        """Held while a server is started or stopped, so that two commands do not start two."""
        return self.path / "lock"

    @property
    def commands(self) -> Path:
        """The folder that comes first on PATH inside the sandbox."""
        return self.path / "bin"

    @property
    def backend(self) -> Path:
        """Pulumi's file backend: the state of every stack made in this sandbox."""
        return self.path / "backend"

    @property
    def outputs(self) -> Path:
        """What stack dev put out, for a command that reads its state as well."""
        return self.path / "outputs.json"

    @property
    def tokens(self) -> Path:
        """Where people are kept signed in: beside the user's own tokens, which stay as they are."""
        return self.path / "sso-cache"

    @property
    def pulumi_home(self) -> Path:
        """Pulumi's own folder (PULUMI_HOME): the user's log-in and plugins are neither used nor changed."""
        return self.path / "pulumi-home"


def interpreter() -> str:
    """Return the Python that runs the sandbox; `.venv/bin/python` where `make` was used.

    Not resolved: the link inside a virtual environment is what selects the environment.
    """
    return sys.executable
