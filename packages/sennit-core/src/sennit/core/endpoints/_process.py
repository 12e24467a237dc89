"""A child process as the other side of a connection.

What the protocol writes the child reads from its standard input, what the child writes
to its standard output the protocol receives. The connection is over when the child has
ended. So whatever runs as a program is a way to somewhere: ``ssh host nc …``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import ProcessAddress
from sennit.core.defer import Deferred, execute
from sennit.core.engine._system import prefixOf
from sennit.core.errors import (
    ConnectionAborted,
    ConnectionDone,
    NoProtocol,
    ProcessDone,
)
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IProcessTransport,
        IProtocol,
        IProtocolFactory,
        IPullProducer,
        IPushProducer,
        IReactorProcess,
    )

__all__ = ["ProcessConnection", "ProcessEndpoint", "StandardErrorBehavior"]


class StandardErrorBehavior(enum.Enum):
    """What is done with what the child writes to its standard error."""

    LOG = "log"
    DROP = "drop"


class ProcessEndpoint:
    """Starts a child process for each connection."""

    def __init__(
        self,
        reactor: IReactorProcess,
        executable: str | bytes,
        args: Sequence[str | bytes] = (),
        env: Mapping[str, str] | Mapping[bytes, bytes] | None = MappingProxyType({}),
        path: str | bytes | None = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: bool | int | tuple[int, int, str] = 0,
        childFDs: Mapping[int, int | str] | None = None,
        errFlag: StandardErrorBehavior = StandardErrorBehavior.LOG,
    ) -> None:
        """Describe the program; for most see ``reactor.spawnProcess``.

        Args:
            reactor: What starts it.
            executable: The program's file.
            args: Its arguments, of which the first is its name.
            env: Its variables, none unless told; None for ours.
            path: The folder it runs in; None for ours.
            uid: The user it runs as; None for ours.
            gid: The group it runs as; None for ours.
            usePTY: Whether it gets a terminal instead of pipes.
            childFDs: Its descriptors, if others are wanted than the standard streams.
            errFlag: What to do with what it writes to its standard error.
        """
        self._reactor = reactor
        self._executable = executable
        self._how: dict[str, Any] = {
            "args": args,
            "env": env,
            "path": path,
            "uid": uid,
            "gid": gid,
            "usePTY": usePTY,
            "childFDs": childFDs,
        }
        self._err_flag = errFlag

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Start the program, and connect a protocol with it.

        Returns:
            A Deferred of the protocol, which is connected; it fails with an OSError if
            the program cannot be started.
        """
        return execute(self._start, protocolFactory)

    def _start(self, factory: IProtocolFactory) -> IProtocol:
        address = ProcessAddress(self._executable)
        protocol = factory.buildProtocol(address)
        if protocol is None:
            raise NoProtocol(f"{factory!r} built no protocol for {address!r}")
        connection = ProcessConnection(protocol)
        child = _Child(connection, self._executable, self._err_flag)
        self._reactor.spawnProcess(child, self._executable, **self._how)
        return protocol


class ProcessConnection:
    """The transport of a protocol whose other side is a child process.

    Attributes:
        protocol: The protocol served; may be replaced at any time.
        disconnecting: Whether we have begun to close it.
    """

    def __init__(self, protocol: Any) -> None:
        self.protocol: Any = protocol
        self.disconnecting: bool = False
        # Why we end it, where that is not told by how the child ends.
        self.reason: Exception | None = None
        self._process: Any = None

    def begin(self, process: IProcessTransport) -> None:
        """The child runs: connect the protocol."""
        self._process = process
        self.protocol.makeConnection(self)

    def write(self, data: bytes) -> None:
        """Write to the child's standard input.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """
        self._process.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write pieces, as if they were joined; otherwise as `write`."""
        self._process.writeSequence(data)

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write; see `sennit.core.contracts.IConsumer`."""
        self._process.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through; a close that waited for it goes on."""
        self._process.unregisterProducer()

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`: a child that writes on will wait."""
        self._process.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on."""
        self._process.resumeProducing()

    def stopProducing(self) -> None:
        """Whoever consumed what arrives wants no more: close."""
        self.loseConnection()

    def loseConnection(self) -> None:
        """Close the standard streams, when everything is written.

        A child that does not end by that keeps the connection up.
        """
        self.disconnecting = True
        self._process.loseConnection()

    def loseWriteConnection(self) -> None:
        """Close the child's standard input, when everything is written; read on."""
        self._process.closeStdin()

    def abortConnection(self) -> None:
        """Kill the child; what is not written is dropped."""
        if self.reason is None:
            self.reason = ConnectionAborted()
        with suppress(OSError):
            self._process.signalProcess("KILL")
        self.loseConnection()

    def getPeer(self) -> IAddress:
        """The child's address."""
        address: IAddress = self._process.getPeer()
        return address

    def getHost(self) -> IAddress:
        """Our own address: the child's, as there is no other."""
        return self.getPeer()


class _Child(ProcessProtocol):
    """Passes on to a protocol what happens on the standard streams."""

    def __init__(
        self,
        connection: ProcessConnection,
        executable: str | bytes,
        errFlag: StandardErrorBehavior,
    ) -> None:
        self._connection = connection
        self._executable = executable
        self._err_flag = errFlag

    def makeConnection(self, transport: Any) -> None:
        """Connect the protocol."""
        super().makeConnection(transport)
        self._connection.begin(transport)

    def outReceived(self, data: bytes) -> None:
        """Pass it on; a protocol that fails loses its connection."""
        try:
            self._connection.protocol.dataReceived(data)
        except Exception as error:
            self._connection.reason = error
            self._connection.loseConnection()
            raise

    def errReceived(self, data: bytes) -> None:
        """Log it, or not."""
        if self._err_flag is StandardErrorBehavior.LOG:
            log.msg(
                format="Process %(executable)r wrote stderr unhandled by "
                "%(protocol)s: %(data)r",
                executable=self._executable,
                protocol=self._connection.protocol,
                data=data,
            )

    def inConnectionLost(self) -> None:
        """Nothing can be written any more; what the child writes may still come."""
        told = getattr(self._connection.protocol, "writeConnectionLost", None)
        if told is not None and not self._connection.disconnecting:
            told()

    def outConnectionLost(self) -> None:
        """Nothing more will come: close, unless the protocol may go on."""
        told = getattr(self._connection.protocol, "readConnectionLost", None)
        if told is None:
            # What comes by standard error is still of interest.
            self._connection.disconnecting = True
            self._connection.loseWriteConnection()
        elif not self._connection.disconnecting:
            told()

    def processEnded(self, reason: Failure) -> None:
        """It is over."""
        if self._connection.reason is not None:
            reason = Failure(self._connection.reason)
        elif reason.check(ProcessDone):
            reason = Failure(ConnectionDone())
        self._connection.protocol.connectionLost(reason)

    def logPrefix(self) -> str:
        """The protocol's."""
        return prefixOf(self._connection.protocol)
