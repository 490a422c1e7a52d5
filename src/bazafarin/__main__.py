"""``python -m bazafarin`` is the command ``bazafarin``."""

import sys

from bazafarin.cli import main

if __name__ == "__main__":
    sys.exit(main())
