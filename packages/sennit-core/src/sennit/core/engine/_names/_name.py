"""What a host's name is: an address in text, or labels that the DNS can carry.

Names with other letters than those of ASCII travel in the form of IDNA (RFC 3490), which
the standard library knows, and which its ``ssl`` compares certificates by. The few
letters that the later standard (RFC 5891) reads otherwise would lead to another host
than browsers go to: they are refused, and such a name is to be given as ``xn--…``.
"""

from __future__ import annotations

from typing import Final

from sennit.core.engine._sockets import isIPAddress, isIPv6Address

__all__ = ["isLiteral", "nameBytes", "wireName"]

# What IDNA of 2003 maps to something else or to nothing, and that of 2008 keeps
# (RFC 5894 §7.2): sharp s, final sigma, the zero-width joiner and non-joiner.
_DEVIATIONS: Final = frozenset("ß\N{GREEK SMALL LETTER FINAL SIGMA}\u200c\u200d")


def isLiteral(name: str) -> bool:
    """Whether a host is written as an IPv4 or IPv6 address, which needs no look-up."""
    return isIPAddress(name) or isIPv6Address(name)


def wireName(name: str | bytes) -> str:
    """A host's name as it goes over the wire; an address in text is its own.

    Args:
        name: The name; bytes are what goes over the wire already.

    Raises:
        ValueError: It is no name that the DNS could carry (RFC 1035 §2.3.4), or its
            meaning depends on the edition of IDNA.
        TypeError: It is neither text nor bytes.
    """
    if isinstance(name, bytes):
        text = name.decode("ascii", "replace")
    elif isinstance(name, str):
        text = name
    else:
        raise TypeError(f"a host's name is text, not {type(name).__name__}")
    if isLiteral(text):
        return text
    why = _fault(text)
    if why is None:
        try:
            return text.encode("idna").decode("ascii")
        except UnicodeError:
            why = "a label is empty, too long, or has letters that IDNA does not know"
    raise ValueError(f"invalid hostname: {text!r}: {why}")


def nameBytes(name: str) -> bytes:
    """A host's name for a `HostnameAddress`; what is no name is shown as it is."""
    try:
        return wireName(name).encode("ascii")
    except ValueError:
        return name.encode("utf-8", "backslashreplace")


def _fault(name: str) -> str | None:
    if not name:
        return "it is empty"
    if not _DEVIATIONS.isdisjoint(name):
        return "editions of IDNA differ about it; write it as xn--…"
    if "\N{REPLACEMENT CHARACTER}" in name:
        return "there are bytes in it that are no ASCII"
    if " " in name or not name.isprintable():
        return "there are blanks or control characters in it"
    return None
