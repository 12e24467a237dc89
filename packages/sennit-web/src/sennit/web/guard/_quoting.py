"""Texts in headers of authentication. RFC 9110 §5.6.4."""

from __future__ import annotations

import re

__all__ = ["quoted"]

_CONTROL = re.compile(rb"[\0-\x08\x0a-\x1f\x7f]")
_SPECIAL = re.compile(rb'([\\"])')


def quoted(text: bytes) -> bytes:
    r"""Write a text in quotes, with a backslash before what would end it.

    Raises:
        ValueError: It has a line break, or another control character.
    """
    if _CONTROL.search(text):
        raise ValueError(f"a control character in a header: {text!r}")
    return b'"' + _SPECIAL.sub(rb"\\\1", text) + b'"'
