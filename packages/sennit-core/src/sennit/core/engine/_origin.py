"""Where a connection comes from, as the connection sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from sennit.core.engine._binding import Binding
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IProtocol
    from sennit.core.engine._stream import Connection
    from sennit.core.tls import TLSOptions

__all__ = ["Origin"]


class Origin(Protocol):
    """Where a connection comes from: a port that accepted it, or a connector."""

    binding: Binding
    address: Callable[[Any], IAddress]

    @property
    def accepts(self) -> bool:
        """Whether its connections were begun by others."""

    @property
    def expected(self) -> Any:
        """The socket's name of whom we connect to; None for whoever comes."""

    @property
    def tls(self) -> TLSOptions | None:
        """What connections are served over TLS by; None for those in the open."""

    def build(self, connection: Connection, peer: Any) -> IProtocol | None:
        """The protocol for a new connection; None to refuse it."""

    def made_by(self) -> str:
        """The log's system while the connection is being made."""

    def served_by(self, connection: Connection) -> str:
        """The log's system while the connection is served."""

    def describe_connection(self, connection: Connection) -> str:
        """What tells this connection from others, for people to read."""

    def lost(self, connection: Connection, reason: Failure) -> None:
        """A connection for which `build` was called is over."""

    def start_tls(self, connection: Connection, given: Any, normal: bool) -> None:
        """Let a connection go over to TLS, with whatever the user gave for options."""

    def handshake_failed(self, error: BaseException, peername: Any) -> None:
        """What came has not come to be a connection: TLS has failed before."""
