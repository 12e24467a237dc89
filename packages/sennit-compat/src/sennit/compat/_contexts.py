"""Old programs' objects for TLS, taken wherever TLS options are.

They are known by their methods: what has ``getContext``, or makes pyOpenSSL's
connections. pyOpenSSL itself is imported when the first one comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sennit.core.tls import registerContext

if TYPE_CHECKING:
    from sennit.core.tls import TLSOptions

__all__ = ["takeContexts"]


@runtime_checkable
class _ContextFactory(Protocol):
    def getContext(self) -> Any: ...


@runtime_checkable
class _ServerCreator(Protocol):
    def serverConnectionForTLS(self, tlsProtocol: Any) -> Any: ...


@runtime_checkable
class _ClientCreator(Protocol):
    def clientConnectionForTLS(self, tlsProtocol: Any) -> Any: ...


def takeContexts() -> None:
    """Have the engine take them from now on."""
    for kind in (_ServerCreator, _ClientCreator, _ContextFactory):
        registerContext(kind, _adapt)


def _adapt(given: Any, server: bool, hostname: str | None) -> TLSOptions:
    # Optional, and slow to import: for programs that do have such an object.
    from sennit.compat.faces.internet.ssl._pyopenssl import adapt

    return adapt(given, server, hostname)
