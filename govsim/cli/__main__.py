"""``python -m govsim.cli``."""

import sys

from govsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
