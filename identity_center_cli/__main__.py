"""`python -m identity_center_cli` is `identity-center`."""

import sys

from identity_center_cli.main import main

if __name__ == "__main__":
    sys.exit(main())
