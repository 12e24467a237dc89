"""Who asks, and whom: addresses, names, and what basic authentication tells."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sennit.core.address import IPv4Address, IPv6Address
from sennit.web.http._incoming import Incoming

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["Parties"]


class Parties(Incoming):
    """The two sides of a request."""

    # What was asked for already, or was set.
    _peer: IAddress | None = None
    _host: Any = None
    _transport: Any = None
    _force_secure: bool = False
    _user: tuple[bytes, bytes] | None = None

    @property
    def transport(self) -> Any:
        """The transport of the connection; what was written before is handed over."""
        if self._transport is not None:
            return self._transport
        hand_over = getattr(self._wire, "handOver", None)
        if hand_over is not None:
            hand_over()
        return self._wire.transport

    @transport.setter
    def transport(self, transport: Any) -> None:
        self._transport = transport

    @property
    def client(self) -> Any:
        """The client's address."""
        if self._peer is None:
            self._peer = self._wire.getPeer()
        return self._peer

    @client.setter
    def client(self, address: Any) -> None:
        self._peer = address

    @property
    def host(self) -> Any:
        """Our own address, or what `setHost` has made of it."""
        if self._host is None:
            self._host = self._wire.getHost()
        return self._host

    @host.setter
    def host(self, address: Any) -> None:
        self._host = address

    def getClientAddress(self) -> IAddress:
        """The address of the other side of the connection: the client, or a proxy."""
        address: IAddress = self.client
        return address

    def getClientIP(self) -> str | None:
        """The client's IP address as text; None if the connection is none of IP."""
        if isinstance(self.client, IPv4Address | IPv6Address):
            return self.client.host
        return None

    def getHost(self) -> Any:
        """Our own address, as the client sees it."""
        return self.host

    def setHost(self, host: bytes, port: int, ssl: bool | int = 0) -> None:
        """Say as what the client sees us: for a server behind a proxy.

        Args:
            host: The name.
            port: The port.
            ssl: Whether it is over TLS.
        """
        self._force_secure = bool(ssl)
        usual = 443 if self.isSecure() else 80
        value = host if port == usual else b"%b:%d" % (host, port)
        self._authority = None
        self.requestHeaders.setRawHeaders(b"host", [value])
        self.host = IPv4Address("TCP", host, port)  # type: ignore[arg-type]

    def getRequestHostname(self) -> bytes:
        """The name by which the client calls us, without the port.

        Returns:
            What target or Host header say, an IPv6 address without its brackets; our
            own address if they say nothing.
        """
        named = self._authority or self.getHeader(b"host")
        if named:
            # What is in brackets has colons of its own (RFC 3986 §3.2.2).
            if named.startswith(b"["):
                return bytes(named[1:].partition(b"]")[0])
            return bytes(named.partition(b":")[0])
        own: bytes = getattr(self.getHost(), "host", "").encode("ascii")
        return own

    def isSecure(self) -> bool:
        """Whether the connection is over TLS, or `setHost` says that it is."""
        if self._force_secure:
            return True
        secure = getattr(self.channel, "isSecure", None)
        return bool(secure is not None and secure())

    def _credentials(self) -> tuple[bytes, bytes]:
        """User and password of basic authentication (RFC 7617)."""
        if self._user is None:
            self._user = (b"", b"")
            scheme, _, coded = (self.getHeader(b"authorization") or b"").partition(b" ")
            if scheme.lower() == b"basic":
                try:
                    user, _, password = base64.b64decode(coded).partition(b":")
                except ValueError:
                    # Who sends no base64 has told neither.
                    pass
                else:
                    self._user = (user, password)
        return self._user

    def getUser(self) -> bytes:
        """The user of basic authentication; empty if there is none."""
        return self._credentials()[0]

    def getPassword(self) -> bytes:
        """The password of basic authentication; empty if there is none."""
        return self._credentials()[1]
