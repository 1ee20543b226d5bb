"""Serves the components to programs in any Pulumi language."""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("identity_center") is None:
    # In an installed package this folder is inside of it, and Pulumi starts the folder with an environment of
    # the folder's own, which has only what requirements.txt names.
    sys.path.append(str(Path(__file__).resolve().parents[2]))

from pulumi.provider import main

from identity_center.resources import COMPONENTS
from identity_center.resources.serving import ServedComponents

if __name__ == "__main__":
    main(ServedComponents(list(COMPONENTS), "identity-center"), sys.argv[1:])
