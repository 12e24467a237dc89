"""The reactor of the main thread: importing this gives the object, not a module.

It is a `sennit.core.engine.Reactor` like any other, made when it is first asked for;
no loop is made or chosen by that.
"""

from __future__ import annotations

import sys

from sennit.core.engine import Reactor

__all__: list[str] = []

sys.modules[__name__] = Reactor()  # type: ignore[assignment]
