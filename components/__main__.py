"""Serves the components to programs in any Pulumi language."""

import sys

from pulumi.provider import main

from identity_center.resources import COMPONENTS
from identity_center.resources.serving import ServedComponents

if __name__ == "__main__":
    main(ServedComponents(list(COMPONENTS), "identity-center"), sys.argv[1:])
