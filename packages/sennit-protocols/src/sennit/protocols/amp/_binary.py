"""BinaryBoxProtocol: boxes over a connection, and what becomes of the connection.

    NEW --a connection is made--> OPEN

    OPEN --startTLS is asked--> WAITING --they agree--> OPEN, over TLS
     |                             +-----they do not--> OPEN
     +--another protocol is asked for--> LOCKED --they agree--> SWITCHED
     |                                      +-----they do not--> OPEN
     +--something ends it--> CLOSED, from any of these

While WAITING, boxes are kept; while LOCKED or SWITCHED, none can be sent.

What is sent while boxes are being received is collected, and written in one go when the
chunk is through: mostly the answers to many questions. Whoever writes or closes in
between does so by ``transport``: it is there that what was collected goes out before.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.errors import (
    ConnectionClosed,
    ConnectionLost,
    PeerVerifyError,
    SSLError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._errors import (
    BudgetExceeded,
    OnlyOneTLS,
    ProtocolSwitched,
    TooLong,
)
from sennit.protocols.amp._passing import Descriptors
from sennit.protocols.amp._stock import is_method
from sennit.protocols.amp._wire import BoxReader, length

if TYPE_CHECKING:
    from sennit.core.contracts import ITransport
    from sennit.protocols.amp.contracts import IBoxReceiver

__all__ = ["BinaryBoxProtocol"]


class _State(enum.Enum):
    NEW = enum.auto()
    OPEN = enum.auto()
    WAITING = enum.auto()
    LOCKED = enum.auto()
    SWITCHED = enum.auto()
    CLOSED = enum.auto()


# Names of this module are found faster than those of an enumeration.
_NEW, _OPEN, _WAITING, _LOCKED, _SWITCHED, _CLOSED = _State
_OVER: Final = (_SWITCHED, _CLOSED)


class BinaryBoxProtocol(Protocol):
    """Sends boxes, and gives those that come to a receiver.

    Attributes:
        boxReceiver: What the boxes are for.
        maxKeys: How many keys a box may have. Each is an argument of some command, and
            no command has a thousand; a box of the shortest ones would otherwise fill
            memory forty times as fast as the network carries it.
        maxBoxLength: How many bytes a box may have: 4 MiB are 64 of the longest values,
            and what each connection can make us keep.
        hostCertificate: What we have shown when the connection went over to TLS.
        noPeerCertificate: Whether the other side had nothing to show then.
        innerProtocol: The protocol that the connection has switched to.
        innerProtocolClientFactory: The factory that made it, on the side that asked.
    """

    maxKeys: int = 1024
    maxBoxLength: int = 4 * 1024 * 1024

    boxReceiver: IBoxReceiver
    hostCertificate: Any = None
    noPeerCertificate: bool = False
    innerProtocol: Any = None
    innerProtocolClientFactory: Any = None

    def __init__(self, boxReceiver: IBoxReceiver) -> None:
        """Make a protocol.

        Args:
            boxReceiver: What the boxes are for.
        """
        self.boxReceiver = boxReceiver
        self._amp_prepare()

    def _amp_prepare(self) -> None:
        self._amp_wire: Any = None
        self._amp_state = _NEW
        self._amp_reader: BoxReader[Any] = BoxReader(
            AmpBox, self.maxKeys, self.maxBoxLength
        )
        # Takes a box: ours, or a plain dictionary where nobody else sees it.
        self._amp_receive: Callable[[Any], object] = self._amp_to_receiver
        self._amp_by_receiver: Any = None
        self._amp_receiving = False
        # What is sent while boxes are received, and while the two sides go over to TLS.
        self._amp_collected: list[bytes] = []
        self._amp_kept: list[bytes] = []
        self._amp_just_secured = False
        # What the other side has done wrong.
        self._amp_refused: Exception | None = None
        self._amp_descriptors = Descriptors()

    # The connection

    @property
    def transport(self) -> Any:
        """The connection; what was sent before is written before it is given out."""
        if self._amp_collected:
            self._amp_flush()
        return self._amp_wire

    @transport.setter
    def transport(self, transport: Any) -> None:
        self._amp_wire = transport

    def makeConnection(self, transport: ITransport) -> None:
        """Attach the transport; the receiver is told, then `connectionMade` called."""
        self._amp_wire = transport
        self._amp_state = _OPEN
        self.boxReceiver.startReceivingBoxes(self)
        self._amp_by_receiver = getattr(self.boxReceiver, "ampBoxReceived", None)
        quick_receiver = getattr(self.boxReceiver, "quick_receiver", None)
        quick = None if quick_receiver is None else quick_receiver()
        if quick is not None:
            self._amp_receive = quick
            self._amp_reader = BoxReader(dict, self.maxKeys, self.maxBoxLength)
        super().makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        """Give the boxes that are complete to the receiver."""
        if self._amp_state is not _OPEN and self._amp_state in _OVER:
            if self._amp_state is _SWITCHED:
                self.innerProtocol.dataReceived(data)
            return
        reader, receive = self._amp_reader, self._amp_receive
        if self._amp_by_receiver != self.boxReceiver.ampBoxReceived:
            # Somebody listens in, since we have looked.
            receive = self._amp_to_receiver
        if self._amp_receiving:
            reader.feed(data)
            return
        self._amp_receiving = True
        try:
            for box in reader.boxes(data):
                receive(box)
                if self._amp_state is not _OPEN and self._amp_state in _OVER:
                    break
        except (BudgetExceeded, TooLong) as error:
            self._amp_refuse(error)
        finally:
            self._amp_receiving = False
            collected = self._amp_collected
            if collected:
                one = len(collected) == 1
                self._amp_wire.write(collected[0] if one else b"".join(collected))
                collected.clear()
        if self._amp_state is _SWITCHED and (rest := reader.rest()):
            self.innerProtocol.dataReceived(rest)

    def _amp_to_receiver(self, box: dict[bytes, bytes]) -> None:
        self.boxReceiver.ampBoxReceived(box if isinstance(box, AmpBox) else AmpBox(box))

    def stringReceived(self, string: bytes) -> None:
        """Take a key, a value or the empty end of a box, without the length before it."""
        self.dataReceived(length(len(string)) + string)

    def clearLineBuffer(self) -> bytes:
        """What was received and not used yet; it will not be used."""
        return self._amp_reader.rest()

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        """Tell the receiver, and the protocol that the connection has switched to."""
        secured, switched = self._amp_just_secured, self._amp_state is _SWITCHED
        self._amp_state = _CLOSED
        self._amp_collected.clear()
        self._amp_reader.clear()
        self._amp_descriptors.close()
        if switched or self.innerProtocol is not None:
            self.innerProtocol.connectionLost(reason)
            if self.innerProtocolClientFactory is not None:
                self.innerProtocolClientFactory.clientConnectionLost(None, reason)
        if self._amp_refused is not None:
            reason = Failure(self._amp_refused)
        elif reason.check(SSLError) or (secured and reason.check(ConnectionClosed)):
            why = f"TLS has not come about: {reason.getErrorMessage()}"
            reason = Failure(PeerVerifyError(verify_message=why))
        self.boxReceiver.stopReceivingBoxes(reason)

    def _amp_refuse(self, error: Exception) -> None:
        """Hang up on who breaks the rules."""
        self._amp_state = _CLOSED
        self._amp_refused = error
        log.msg(
            f"{self.logPrefix()}: {self.peer_text()} breaks the rules of AMP: {error} "
            f"({type(error).__name__}); closing the connection"
        )
        self.transport.loseConnection()

    def unhandledError(self, failure: Failure) -> None:
        """Log an error that nobody has handled, and end the connection."""
        log.err(
            failure,
            f"{self.logPrefix()}: an error that nobody handles, in what {self.peer_text()} "
            "has sent or was asked; the connection ends",
        )
        if self._amp_wire is not None:
            self.transport.loseConnection()

    def peer_text(self) -> str:
        """The other side's address, for the log."""
        return "nobody" if self._amp_wire is None else str(self._amp_wire.getPeer())

    # Sending

    def sendBox(self, box: AmpBox) -> None:
        """Send a box.

        Raises:
            ProtocolSwitched: The connection speaks another protocol, or is about to.
            ConnectionLost: There is no connection.
            TooLong: A key or a value is longer than the wire can carry.
        """
        self._amp_send_wire(box.serialize())

    def quick_sender(self) -> Callable[[bytes], object] | None:
        """What sends the bytes of a box; None if `sendBox` must see the box."""
        stock = is_method(self.sendBox, BinaryBoxProtocol.sendBox)
        return self._amp_send_wire if stock else None

    def _amp_send_wire(self, data: bytes) -> None:
        if self._amp_state is not _OPEN:
            self._amp_keep(data)
        elif self._amp_receiving:
            self._amp_collected.append(data)
        else:
            self._amp_wire.write(data)

    def _amp_keep(self, data: bytes) -> None:
        if self._amp_state is _WAITING:
            self._amp_kept.append(data)
        elif self._amp_state in (_LOCKED, _SWITCHED):
            raise ProtocolSwitched("this connection speaks another protocol than AMP")
        else:
            raise ConnectionLost("AMP has no connection")

    def _amp_flush(self) -> None:
        data = b"".join(self._amp_collected)
        self._amp_collected.clear()
        self._amp_wire.write(data)

    # Another protocol

    def begin_switch(self) -> None:
        """Send no more boxes until it is clear whether the protocol is switched."""
        self._amp_state = _LOCKED

    def end_switch(self) -> None:
        """Send boxes again."""
        if self._amp_state is _LOCKED:
            self._amp_state = _OPEN

    def switch_to(self, protocol: Any, clientFactory: Any = None) -> None:
        """Go over to another protocol: all that comes from now on is for it.

        Args:
            protocol: The protocol; it is connected at once.
            clientFactory: The factory that made it, which is told of the end.
        """
        transport = self.transport
        self._amp_state = _SWITCHED
        self.innerProtocol = protocol
        self.innerProtocolClientFactory = clientFactory
        protocol.makeConnection(transport)
        if not self._amp_receiving and (rest := self._amp_reader.rest()):
            protocol.dataReceived(rest)

    # TLS

    def wait_for_tls(self) -> None:
        """Keep what is sent until the two sides agree.

        Raises:
            OnlyOneTLS: They are about it already, or the connection is over TLS.
        """
        if self._amp_state is _WAITING or self.hostCertificate is not None:
            raise OnlyOneTLS("the connection goes over to TLS already")
        self._amp_state = _WAITING

    def stop_waiting_for_tls(self) -> None:
        """Send what was kept."""
        if self._amp_state is _WAITING:
            self._amp_state = _OPEN
            kept, self._amp_kept = self._amp_kept, []
            for data in kept:
                self._amp_send_wire(data)

    def start_tls(self, certificate: Any, options: Any) -> None:
        """Go over to TLS.

        Args:
            certificate: What stands for our side, for `hostCertificate`.
            options: What ``transport.startTLS`` takes.
        """
        self.hostCertificate = certificate
        self._amp_just_secured = True
        self.transport.startTLS(options)

    def handshakeCompleted(self) -> None:
        """TLS is there."""
        self._amp_just_secured = False

    @property
    def peerCertificate(self) -> Any:
        """What the other side has shown; None if nothing, or not yet."""
        if self.noPeerCertificate or self._amp_wire is None:
            return None
        # A library's certificates know how to make one of what their transport has.
        theirs = getattr(self.hostCertificate, "peerFromTransport", None)
        if theirs is not None:
            return theirs(self._amp_wire)
        ask = getattr(self._amp_wire, "getPeerCertificate", None)
        return None if ask is None else ask()

    # Descriptors

    def fileDescriptorReceived(self, descriptor: int) -> None:
        """Keep a descriptor until the box that names it is there."""
        try:
            self._amp_descriptors.put(descriptor)
        except BudgetExceeded as error:
            self._amp_refuse(error)

    def take_descriptor(self, number: int) -> int:
        """Give the descriptor that came with this number.

        Raises:
            KeyError: It has not come, or was given already.
        """
        return self._amp_descriptors.take(number)

    def send_descriptor(self, descriptor: int) -> int:
        """Send a descriptor along with the next box; give its number."""
        return self._amp_descriptors.send(self._amp_wire, descriptor)
