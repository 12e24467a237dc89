"""TLS in pyOpenSSL's terms, which third parties' code may still speak.

Our own TLS is the standard library's ``ssl``, with `sennit.core.tls` for options;
what is given these contracts' objects instead is pyOpenSSL's, by `sennit.compat`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = [
    "IAcceptableCiphers",
    "ICipher",
    "IOpenSSLClientConnectionCreator",
    "IOpenSSLContextFactory",
    "IOpenSSLServerConnectionCreator",
]


class IOpenSSLContextFactory(Protocol):
    """Makes contexts."""

    def getContext(self) -> Any:
        """Give the context for the next connection."""


class IOpenSSLServerConnectionCreator(Protocol):
    """Makes connections for servers."""

    def serverConnectionForTLS(self, tlsProtocol: Any) -> Any:
        """Give the connection object for a connection that was accepted."""


class IOpenSSLClientConnectionCreator(Protocol):
    """Makes connections for clients."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> Any:
        """Give the connection object for a connection that was made."""


class ICipher(Protocol):
    """A cipher."""

    @property
    def fullName(self) -> str:
        """Its name, as OpenSSL spells it."""
        ...


class IAcceptableCiphers(Protocol):
    """Says which ciphers may be used."""

    def selectCiphers(self, availableCiphers: Sequence[ICipher]) -> Sequence[ICipher]:
        """Choose from what there is, the most wanted first."""
        ...
