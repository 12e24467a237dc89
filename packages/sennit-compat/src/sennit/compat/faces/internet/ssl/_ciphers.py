"""Ciphers, and the parameters of a key exchange by Diffie and Hellman."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from OpenSSL import SSL
from zope.interface import implementer

from sennit.core.interfaces import IAcceptableCiphers, ICipher

if TYPE_CHECKING:
    from sennit.core import contracts

__all__ = [
    "AcceptableCiphers",
    "Cipher",
    "DiffieHellmanParameters",
    "setCiphers",
]

# Forward secrecy and authenticated encryption first; keys exchanged with RSA last, for
# servers that know nothing else; nothing without certificates, no MD5, no DSA.
_DEFAULT: Final = (
    "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:DHE+AES:"
    "RSA+AESGCM:RSA+AES:!aNULL:!eNULL:!MD5:!DSS"
)


@implementer(ICipher)
class Cipher:
    """A cipher.

    Attributes:
        fullName: Its name, as OpenSSL spells it.
    """

    def __init__(self, fullName: str) -> None:
        self.fullName = fullName

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cipher) and other.fullName == self.fullName

    def __hash__(self) -> int:
        return hash(self.fullName)

    def __repr__(self) -> str:
        return f"Cipher({self.fullName!r})"


@implementer(IAcceptableCiphers)
class AcceptableCiphers:
    """The ciphers of a list, the most wanted first."""

    def __init__(self, ciphers: Sequence[contracts.ICipher]) -> None:
        self._ciphers = tuple(ciphers)

    def selectCiphers(
        self, availableCiphers: Sequence[contracts.ICipher]
    ) -> tuple[contracts.ICipher, ...]:
        """Those of the list that there are."""
        available = set(availableCiphers)
        return tuple(cipher for cipher in self._ciphers if cipher in available)

    @classmethod
    def fromOpenSSLCipherString(cls, cipherString: str) -> AcceptableCiphers:
        """The ciphers that a cipher string of OpenSSL's names.

        Args:
            cipherString: As in ``man 1 openssl-ciphers``: ``ECDHE+AESGCM:!aNULL``.
        """
        return cls(_expanded(cipherString))


class DiffieHellmanParameters:
    """The parameters of a key exchange, in a file."""

    def __init__(self, parameters: Any) -> None:
        self._file = parameters

    @classmethod
    def fromFile(cls, filePath: Any) -> DiffieHellmanParameters:
        """Those of a file that ``openssl dhparam`` has written.

        Args:
            filePath: Its path, or a ``FilePath``.
        """
        return cls(filePath)

    def load(self, context: SSL.Context) -> None:
        """Let a server's context use them.

        Raises:
            OpenSSL.SSL.Error: The file is not there, or has none in it.
        """
        context.load_tmp_dh(os.fspath(getattr(self._file, "path", self._file)))


def setCiphers(
    context: SSL.Context, acceptable: contracts.IAcceptableCiphers | None
) -> None:
    """Let a context use what is acceptable.

    Raises:
        ValueError: Nothing of it is there.
    """
    if acceptable is None:
        context.set_cipher_list(_DEFAULT.encode("ascii"))
        return
    chosen = [cipher.fullName for cipher in acceptable.selectCiphers(_expanded("ALL"))]
    if not chosen:
        raise ValueError("none of the acceptable ciphers is there on this platform")
    new = [name for name in chosen if name.startswith("TLS_")]
    old = [name for name in chosen if not name.startswith("TLS_")]
    # Those of TLS 1.3 are a list of their own, and on by default.
    context.set_tls13_ciphersuites(":".join(new).encode("ascii"))
    if old:
        context.set_cipher_list(":".join(old).encode("ascii"))
    else:
        context.set_min_proto_version(SSL.TLS1_3_VERSION)


def _expanded(cipherString: str) -> tuple[Cipher, ...]:
    context = SSL.Context(SSL.TLS_METHOD)
    try:
        context.set_cipher_list(cipherString.encode("ascii"))
    except SSL.Error:
        return ()  # no cipher is of that name
    names = SSL.Connection(context, None).get_cipher_list()
    return tuple(Cipher(name) for name in names)
