"""The oldest way: objects that are asked for a context, to be made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from OpenSSL import SSL
from zope.interface import implementer

from sennit.core.interfaces import IOpenSSLContextFactory

__all__ = ["ClientContextFactory", "ContextFactory", "DefaultOpenSSLContextFactory"]

# Older TLS is broken (RFC 8996); who needs it says so by another method.
_NO_OLD: Final = SSL.OP_NO_SSLv2 | SSL.OP_NO_SSLv3 | SSL.OP_NO_TLSv1 | SSL.OP_NO_TLSv1_1


@implementer(IOpenSSLContextFactory)
class ContextFactory:
    """Is asked for a context for each connection; a subclass gives it.

    Attributes:
        isClient: Whether the contexts are for clients.
    """

    isClient: int = 0

    def getContext(self) -> SSL.Context:
        """The context."""
        raise NotImplementedError(f"{type(self).__name__} lacks getContext")


class DefaultOpenSSLContextFactory(ContextFactory):
    """A server's context, of a key and a certificate in two files.

    Args:
        privateKeyFileName: The PEM file with the key.
        certificateFileName: The PEM file with the certificate.
        sslmethod: A method of `OpenSSL.SSL`; ``TLS_METHOD`` is TLS 1.2 or newer.

    Raises:
        OpenSSL.SSL.Error: A file cannot be read, or they are not of each other.
    """

    _context: SSL.Context | None = None

    def __init__(
        self,
        privateKeyFileName: str,
        certificateFileName: str,
        sslmethod: int = SSL.TLS_METHOD,
        _contextFactory: Callable[[int], Any] = SSL.Context,
    ) -> None:
        self.privateKeyFileName = privateKeyFileName
        self.certificateFileName = certificateFileName
        self.sslmethod = sslmethod
        self._contextFactory = _contextFactory
        # What is wrong with the files is told at once.
        self.cacheContext()

    def cacheContext(self) -> None:
        """Make the context, if it is not made yet."""
        if self._context is not None:
            return
        context = _context(self._contextFactory, self.sslmethod)
        context.use_certificate_file(self.certificateFileName)
        context.use_privatekey_file(self.privateKeyFileName)
        self._context = context

    def getContext(self) -> SSL.Context:
        """The context, the same for all connections."""
        assert self._context is not None
        return self._context


class ClientContextFactory(ContextFactory):
    """A client's contexts, which verify nothing.

    Attributes:
        method: A method of `OpenSSL.SSL`; ``TLS_METHOD`` is TLS 1.2 or newer.
    """

    isClient: int = 1
    method: int = SSL.TLS_METHOD
    _contextFactory: Callable[[int], Any] = SSL.Context

    def getContext(self) -> SSL.Context:
        """A new context."""
        context: SSL.Context = _context(self._contextFactory, self.method)
        return context


def _context(make: Callable[[int], Any], method: int) -> Any:
    context = make(method)
    if method == SSL.TLS_METHOD:
        context.set_options(_NO_OLD)
    return context
