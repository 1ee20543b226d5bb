"""`python -m cli` is `identity-center`."""

import sys

from cli.main import main

if __name__ == "__main__":
    sys.exit(main())
