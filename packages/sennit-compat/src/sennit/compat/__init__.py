"""Twisted's names over Sennit's modules: unmodified programs run on Sennit.

``python -m sennit.compat program.py`` runs a program; `install` is the way in for
a program that runs already. No package ``twisted`` is shipped: the real one may
stay installed beside it.
"""

from __future__ import annotations

from sennit.compat._finder import (
    install as install,
    installed as installed,
    uninstall as uninstall,
)

__all__ = ["install", "installed", "uninstall"]
