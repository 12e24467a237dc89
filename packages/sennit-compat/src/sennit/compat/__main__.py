"""``python -m sennit.compat program.py args`` in the place of ``python program.py``."""

from __future__ import annotations

import sys

from sennit.compat._run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
