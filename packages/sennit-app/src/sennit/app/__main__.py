"""``python -m sennit.app``: the command ``sennit``, by this interpreter."""

from __future__ import annotations

from sennit.app.cli import main

if __name__ == "__main__":
    main()
