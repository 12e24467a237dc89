"""To connect to a host by its name, over whichever of its addresses answers first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, fail
from sennit.core.endpoints._eyeballs import ATTEMPT_DELAY, Eyeballs
from sennit.core.endpoints._race import Race
from sennit.core.engine._names._name import wireName
from sennit.core.engine._sockets import isIPv6Address

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory
    from sennit.core.endpoints._race import NamingReactor

__all__ = ["HostnameEndpoint"]


class HostnameEndpoint:
    """Connects to a TCP port of a host, over IPv6 or IPv4, whichever works.

    Its addresses are tried one shortly after the other, and the first connection wins
    (Happy Eyeballs, RFC 8305).
    """

    def __init__(
        self,
        reactor: NamingReactor,
        host: str | bytes,
        port: int,
        timeout: float = 30,
        bindAddress: tuple[str, int] | str | None = None,
        attemptDelay: float | None = None,
    ) -> None:
        """Describe the other side.

        Args:
            reactor: What finds the name, connects and counts the time.
            host: A name, which may have letters of all languages (IDNA), or an IP
                address; bytes are a name as it goes over the wire.
            port: The port's number.
            timeout: Seconds that each attempt may take, and that are waited for the
                name's addresses; 0 for as long as the system and the resolver do.
            bindAddress: Our own IP address, or ``(address, port)``: addresses of the
                other family are not tried then.
            attemptDelay: Seconds between the beginnings of two attempts; 0.25 if None.

        Raises:
            ValueError: A number of seconds is negative.
        """
        if timeout < 0 or (attemptDelay or 0) < 0:
            raise ValueError(
                f"seconds cannot be negative: {min(timeout, attemptDelay or 0)}"
            )
        self._reactor = reactor
        self._port = port
        self._timeout = timeout
        self._attempt_delay = ATTEMPT_DELAY if attemptDelay is None else attemptDelay
        if isinstance(bindAddress, str):
            bindAddress = (bindAddress, 0)
        self._bind_address = bindAddress
        self._fault: ValueError | None = None
        try:
            self._host = wireName(host)
        except ValueError as error:
            self._host = host if isinstance(host, str) else repr(host)[2:-1]
            self._fault = error

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect.

        Returns:
            A Deferred of the protocol, which is connected. It fails with
            `DNSLookupError` for a name without addresses, and with ``ValueError`` for
            what is no name. If no address can be connected to, it fails with the last
            error that tells of the other side (its notes name all), or with the last of
            all where none does: a host without IPv6 has no more to say than that.
            Cancelling gives all attempts up.
        """
        if self._fault is not None:
            return fail(self._fault)
        race = Race(
            self._reactor,
            self._host,
            self._port,
            self._timeout,
            self._bind_address,
            Eyeballs(self._attempt_delay),
            protocolFactory,
        )
        race.start()
        return race.made

    def __repr__(self) -> str:
        host = f"[{self._host}]" if isIPv6Address(self._host) else self._host
        return f"<HostnameEndpoint {host}:{self._port}>"
