"""What OpenSSL found wrong with certificates, which pyOpenSSL's errors do not tell.

The callback of a context is told a number for each certificate that is not good; the
last of a connection is kept in `_verdicts`, which only this module touches.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from OpenSSL import SSL, crypto

__all__ = ["note", "verdictOn"]

_verdicts: WeakKeyDictionary[SSL.Connection, int] = WeakKeyDictionary()

# "depth zero self signed cert" for 18.
_WORDS: Final = {
    number: name.removeprefix("ERR_").lower().replace("_", " ")
    for name, number in vars(SSL.X509VerificationCodes).items()
    if name.startswith("ERR_")
}


def note(
    connection: SSL.Connection,
    certificate: crypto.X509,
    number: int,
    depth: int,
    good: int,
) -> bool:
    """A verify callback that agrees with OpenSSL, and keeps what it said."""
    if not good:
        _verdicts[connection] = number
    return bool(good)


def verdictOn(connection: SSL.Connection) -> tuple[int, str]:
    """The number of what was wrong, and words for it; 0 and nothing if unknown."""
    number = _verdicts.get(connection, 0)
    return number, _WORDS.get(number, f"error {number}") if number else ""
