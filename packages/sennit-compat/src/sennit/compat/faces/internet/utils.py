"""``twisted.internet.utils``: commands, and calls whose warnings are not shown."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sennit.core.defer import Deferred
from sennit.core.process import (
    getProcessOutput as getProcessOutput,
    getProcessOutputAndValue as getProcessOutputAndValue,
    getProcessValue as getProcessValue,
)

__all__ = [
    "getProcessOutput",
    "getProcessOutputAndValue",
    "getProcessValue",
    "runWithWarningsSuppressed",
    "suppressWarnings",
]

# The arguments of one call of `warnings.filterwarnings`.
_Filter = tuple[tuple[Any, ...], Mapping[str, Any]]


def runWithWarningsSuppressed(
    suppressedWarnings: Iterable[_Filter], f: Callable[..., Any], *a: Any, **kw: Any
) -> Any:
    """Call ``f(*a, **kw)`` with other filters of warnings.

    Args:
        suppressedWarnings: Arguments and keywords for `warnings.filterwarnings`.
        f: What is called; if it returns a Deferred, the filters stay until that fires.
        *a: For the call.
        **kw: For the call.
    """
    added = []
    for args, kwargs in suppressedWarnings:
        warnings.filterwarnings(*args, **kwargs)
        added.append(warnings.filters[0])

    def restore(result: Any = None) -> Any:
        for each in added:
            if each in warnings.filters:
                warnings.filters.remove(each)  # type: ignore[attr-defined]
        return result

    try:
        result = f(*a, **kw)
    except BaseException:
        restore()
        raise
    return result.addBoth(restore) if isinstance(result, Deferred) else restore(result)


def suppressWarnings(
    f: Callable[..., Any], *suppressedWarnings: _Filter
) -> Callable[..., Any]:
    """Make a function of which warnings are not shown; see above."""

    @functools.wraps(f)
    def wrapped(*a: Any, **kw: Any) -> Any:
        return runWithWarningsSuppressed(suppressedWarnings, f, *a, **kw)

    return wrapped
