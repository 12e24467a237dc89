"""``twisted.copyright``: the version, and whose work this is."""

from __future__ import annotations

from sennit.compat.faces import root

__all__ = ["copyright", "disclaimer", "longversion", "version"]

#: The version of Twisted that is answered for.
version: str = root.__version__

longversion: str = str(root.version)

copyright: str = "Copyright (c) 2026 The Sennit authors.\nSee LICENSE for details."

disclaimer: str = f"""
Sennit, which answers here for the API of Twisted {version}
{copyright}

It comes under the MIT license, without warranty of any kind.
"""
