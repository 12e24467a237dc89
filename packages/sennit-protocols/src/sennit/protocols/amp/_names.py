"""Names: on the wire they are bytes, in Python identifiers."""

from __future__ import annotations

from typing import Final

__all__ = ["PYTHON_KEYWORDS", "identifier", "wire_name"]

PYTHON_KEYWORDS: Final = [
    *("and", "as", "assert", "async", "await", "break", "class", "continue", "def"),
    *("del", "elif", "else", "except", "exec", "finally", "for", "from", "global"),
    *("if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "print"),
    *("raise", "return", "try", "while", "with", "yield"),
]
"""Names that an argument cannot have in Python: there they begin with a capital.

``exec`` and ``print`` are none any more, and stay for peers that were written when they
were; ``as``, ``async``, ``await``, ``nonlocal`` and ``with`` could not be written at all.
"""


def wire_name(name: str | bytes) -> bytes:
    """The name as bytes.

    Raises:
        TypeError: It is neither ``str`` nor ``bytes``.
        UnicodeEncodeError: It has other characters than those of ASCII.
    """
    if isinstance(name, bytes):
        return name
    if isinstance(name, str):
        return name.encode("ascii")
    raise TypeError(f"a name is str or bytes, not {type(name).__name__}: {name!r}")


def identifier(name: bytes) -> str:
    """The name that a value has in Python: ``in`` is ``In``, ``a-b`` is ``a_b``."""
    python = name.decode("ascii").replace("-", "_")
    return python.title() if python in PYTHON_KEYWORDS else python
