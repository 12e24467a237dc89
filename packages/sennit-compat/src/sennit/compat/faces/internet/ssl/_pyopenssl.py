"""pyOpenSSL under Sennit's engine: its connections behave as `ssl.SSLObject` does.

The engine puts what came from the other side into one buffer, takes what is for the
other side out of another, and calls the object between them. pyOpenSSL has such buffers
inside of its connections, so bytes are moved. Those that came are moved a record at a
time, when more is asked for: the engine looks into its buffer to know whether it has
seen everything.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from OpenSSL import SSL, crypto

from sennit.compat.faces.internet.ssl._errors import byOurName
from sennit.compat.faces.internet.ssl._negotiation import accept, letChoose
from sennit.core.failure import Failure
from sennit.core.tls import optionsFor, registerContext

if TYPE_CHECKING:
    from sennit.core.tls import TLSOptions

__all__ = [
    "ContextOptions",
    "PyOpenSSLConnection",
    "PyOpenSSLOptions",
    "TLSProtocol",
    "adapt",
]

# Bytes of a record's head, the last two of which say how long the rest is (RFC 8446
# §5.1, the same in all versions).
_HEAD: Final = 5

# Bytes taken from pyOpenSSL's buffer at once: four full records.
_PIECE: Final = 65536


class TLSProtocol:
    """What makers of connections are given for the protocol that one is for.

    Attributes:
        refused: Why the other side was refused; None if it was not.
    """

    def __init__(self) -> None:
        self.refused: BaseException | None = None

    def failVerification(self, reason: Failure) -> None:
        """Refuse the other side: the connection ends with this reason."""
        self.refused = reason.value


class PyOpenSSLConnection:
    """One side of one TLS connection, with the methods of an `ssl.SSLObject`."""

    def __init__(
        self,
        connection: SSL.Connection,
        protocol: TLSProtocol,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
    ) -> None:
        self._connection: Any = connection
        self._protocol = protocol
        self._incoming = incoming
        self._outgoing = outgoing
        # Bytes that the record whose beginning has been moved still lacks.
        self._lacking = 0
        self._head = b""

    # As the standard library's object

    def do_handshake(self) -> None:
        """Go on with the handshake.

        Raises:
            ssl.SSLWantReadError: More of the other side is needed.
            SSLError: It has failed.
        """
        self._call(self._connection.do_handshake)

    def read(self, size: int) -> bytes:
        """Read plain text, what is in one record at the most.

        Raises:
            ssl.SSLWantReadError: More of the other side is needed.
            ssl.SSLZeroReturnError: No more will come.
            SSLError: What came is no TLS.
        """
        if not self._connection.pending():
            self._move_record()
        data: bytes = self._call(self._connection.recv, size)
        return data

    def write(self, data: Any) -> int:
        """Write plain text.

        Raises:
            TypeError: It is no bytes, which pyOpenSSL would encode.
            SSLError: Nothing can be written any more.
        """
        if isinstance(data, str):
            raise TypeError("bytes are written, not str: encode it")
        written: int = self._call(self._connection.send, data)
        return written

    def unwrap(self) -> None:
        """Say that no more will be written.

        Raises:
            ssl.SSLWantReadError: The other side has not said so yet.
            SSLError: There is nothing to end.
        """
        if not self._call(self._connection.shutdown):
            raise ssl.SSLWantReadError("the other side may go on")

    def selected_alpn_protocol(self) -> str | None:
        """The protocol that was agreed on; None if none was."""
        name: bytes = self._connection.get_alpn_proto_negotiated()
        return name.decode("ascii") or None

    def version(self) -> str:
        """``TLSv1.3``."""
        name: str = self._connection.get_protocol_version_name()
        return name

    def getpeercert(self, binary_form: bool = False) -> Any:
        """What the other side has shown, in DER; as a dictionary it is empty."""
        shown = self.getPeerCertificate()
        if shown is None or not binary_form:
            return None if shown is None else {}
        return crypto.dump_certificate(crypto.FILETYPE_ASN1, shown)

    # What it has beyond

    def getPeerCertificate(self) -> crypto.X509 | None:
        """What the other side has shown, as pyOpenSSL has it."""
        shown: crypto.X509 | None = self._connection.get_peer_certificate()
        return shown

    def getHandle(self) -> SSL.Connection:
        """The connection of pyOpenSSL."""
        connection: SSL.Connection = self._connection
        return connection

    def _call(self, f: Callable[..., Any], *args: Any) -> Any:
        """Call into pyOpenSSL, feeding it until it is through, or wants more."""
        while True:
            try:
                done = f(*args)
            except SSL.WantReadError:
                if self._protocol.refused is None and self._move_record():
                    continue
                self._end_call()
                raise ssl.SSLWantReadError("more of the other side is needed") from None
            except SSL.ZeroReturnError:
                self._end_call()
                raise ssl.SSLZeroReturnError("no more will come") from None
            except Exception as error:
                self._end_call()
                raise byOurName(error, self._connection) from error
            self._end_call()
            return done

    def _end_call(self) -> None:
        """Let what was written leave, or nothing more if the other side is refused."""
        refused = self._protocol.refused
        if refused is not None:
            raise byOurName(refused, self._connection) from refused
        while True:
            try:
                data = self._connection.bio_read(_PIECE)
            except SSL.WantReadError:
                return
            self._outgoing.write(data)
            if len(data) < _PIECE:
                return

    def _move_record(self) -> bool:
        """Move one record, or what there is of it; whether there was anything."""
        piece = b""
        if not self._lacking:
            self._head += self._incoming.read(_HEAD - len(self._head))
            if len(self._head) < _HEAD:
                return False
            piece, self._head = self._head, b""
            self._lacking = int.from_bytes(piece[-2:])
        body = self._incoming.read(self._lacking)
        self._lacking -= len(body)
        piece += body
        if piece:
            self._connection.bio_write(piece)
        return bool(piece)


class PyOpenSSLOptions:
    """TLS options that make pyOpenSSL's connections.

    Attributes:
        handshakeTimeout: Seconds that a handshake may take.
        shutdownTimeout: Seconds that the other side may take to agree that it is over.
        tellsEarly: Whether a protocol's ``connectionMade`` comes before the handshake,
            which is how old programs know it.
    """

    # As for Sennit's own options.
    handshakeTimeout: float = 60.0
    shutdownTimeout: float = 30.0
    tellsEarly: bool = True

    def __init__(
        self, make: Callable[[TLSProtocol], SSL.Connection], server: bool
    ) -> None:
        """Take what makes the connections.

        Args:
            make: Makes one, given what stands for its protocol.
            server: Whether they are for the side that was connected to.
        """
        self._make = make
        self._server = server
        self._offered: Sequence[bytes] | None = None

    def offer(self, protocols: Sequence[bytes]) -> None:
        """Offer these protocols, whatever the context offers."""
        self._offered = list(protocols)

    def begin(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> Any:
        """Begin one connection: a `PyOpenSSLConnection`.

        Raises:
            SSLError: There is no context, or it is not good.
        """
        protocol = TLSProtocol()
        try:
            connection = self._make(protocol)
            if self._offered is not None:
                accept(connection, self._server, self._offered)
        except Exception as error:
            raise byOurName(error, None) from error
        if self._server:
            connection.set_accept_state()
        else:
            connection.set_connect_state()
        return PyOpenSSLConnection(connection, protocol, incoming, outgoing)


class ContextOptions(PyOpenSSLOptions):
    """TLS options that ask for a context for each connection."""

    def __init__(self, give: Callable[[], SSL.Context], server: bool) -> None:
        """Take what gives the contexts."""
        super().__init__(self._connect, server)
        self._give = give

    def _connect(self, protocol: TLSProtocol) -> SSL.Connection:
        context = self._give()
        if self._server and self._offered is not None:
            letChoose(context)
        connection = SSL.Connection(context, None)
        connection.set_app_data(protocol)
        return connection


def adapt(given: Any, server: bool, hostname: str | None) -> TLSOptions:
    """Options of what old programs have for them.

    Args:
        given: An object with ``serverConnectionForTLS`` or ``clientConnectionForTLS``,
            or else with ``getContext``, which is asked for each connection; or a
            context of pyOpenSSL's.
        server: Whether they are for the side that was connected to.
        hostname: The host that is connected to, for contexts of other kinds.

    Raises:
        TypeError: It is none of these, or for the other side.
    """
    if isinstance(given, SSL.Context):
        return ContextOptions(lambda: given, server)
    side = "server" if server else "client"
    creator = getattr(given, f"{side}ConnectionForTLS", None)
    if creator is not None:
        return PyOpenSSLOptions(creator, server)
    if not hasattr(given, "getContext"):
        raise TypeError(f"{given!r} makes no connections for the {side}'s side of TLS")
    # What is wrong with it is told now, rather than in the first handshake.
    context = given.getContext()
    if not isinstance(context, SSL.Context):
        return optionsFor(context, server, hostname)
    return ContextOptions(given.getContext, server)


registerContext(SSL.Context, adapt)
