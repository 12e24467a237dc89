"""Arguments that say the same in different ways."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ["exclusive"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def exclusive(
    *pairs: tuple[str, str],
) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Refuse a call that is given both arguments of a pair, whatever their values.

    Raises:
        TypeError: By the function, for such a call.
    """

    def decorate(f: Callable[_P, _T]) -> Callable[_P, _T]:
        signature = inspect.signature(f)

        @functools.wraps(f)
        def checked(*args: _P.args, **kw: _P.kwargs) -> _T:
            given = signature.bind(*args, **kw).arguments
            for one, other in pairs:
                if one in given and other in given:
                    raise TypeError(
                        f"the arguments {one!r} and {other!r} are mutually exclusive"
                    )
            return f(*args, **kw)

        return checked

    return decorate
