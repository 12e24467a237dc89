"""One search for a name's addresses, and what its receiver is told of it.

The rules, whoever searches: the receiver is told that it began, of each address of the
kinds that are wanted, and that it is over, once; nothing after `cancel`; and an error
that the receiver raises is logged, and is no reason to tell it less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, cast

from sennit.core import log
from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.engine._names._name import isLiteral, wireName
from sennit.core.engine._sockets import addressMaker, familyOf, inetName
from sennit.core.errors import DNSLookupError, DNSTimeoutError

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IHostResolution, IResolutionReceiver

__all__ = ["Resolution", "lookupError"]

_BOTH: tuple[type[IAddress], ...] = (IPv4Address, IPv6Address)


class Resolution:
    """A search that goes on.

    Attributes:
        name: What is looked for, as it was given.
        wanted: The kinds of addresses that are of use: `IPv4Address`, `IPv6Address`.
        kind: What they are for: ``"TCP"`` or ``"UDP"``.
        over: Whether the receiver hears nothing any more.
        error: Why nothing was found; None if that is not known.
    """

    def __init__(
        self,
        receiver: IResolutionReceiver,
        hostName: str,
        portNumber: int,
        addressTypes: Sequence[type[IAddress]] | None,
        transportSemantics: str,
    ) -> None:
        """Take what ``resolveHostName`` was given.

        Raises:
            TypeError: The name is no text.
            ValueError: The semantics are neither TCP's nor UDP's.
        """
        if not isinstance(hostName, str):
            raise TypeError(f"a host's name is a str, not {type(hostName).__name__}")
        if transportSemantics not in ("TCP", "UDP"):
            raise ValueError(
                f"semantics are 'TCP' or 'UDP', not {transportSemantics!r}"
            )
        self.name = hostName
        self.wanted: list[type[IAddress]] = [
            t for t in _BOTH if addressTypes is None or t in addressTypes
        ]
        self.kind = cast(Literal["TCP", "UDP"], transportSemantics)
        self.over: bool = False
        self.error: Exception | None = None
        self._port = portNumber
        self._receiver = receiver
        self._give_up: Callable[[], object] | None = None

    def begin(self) -> str | None:
        """Tell the receiver that the search begins.

        Returns:
            The name to ask for, as it goes over the wire; None if there is nothing to
            ask, because the name is an address, or no name, or no kind is wanted.
        """
        self._tell(self._receiver.resolutionBegan, self)
        if self.wanted and not self.over:
            try:
                if not isLiteral(self.name):
                    return wireName(self.name)
                self.found(self.name)
            except (OSError, ValueError) as error:
                self.error = error
        self.complete()
        return None

    def searching(self, giveUp: Callable[[], object]) -> None:
        """Let *giveUp* be called by `cancel`."""
        self._give_up = giveUp

    def found(self, host: str) -> None:
        """Tell of an address in text, with the zone that it may have.

        Raises:
            OSError: It is no address, or its zone is unknown here.
        """
        name = inetName(host, self._port)
        address = addressMaker(familyOf(host), self.kind)(name)
        if not self.over and type(address) in self.wanted:
            self._tell(self._receiver.addressResolved, address)

    def complete(self, error: Exception | None = None) -> None:
        """Tell that it is over; *error* says why there is nothing more."""
        if not self.over:
            self.over = True
            self.error = self.error or error
            self._tell(self._receiver.resolutionComplete)

    def cancel(self) -> None:
        """Give the search up: the receiver is told nothing more."""
        if self.over:
            return
        self.over = True
        if self._give_up is not None:
            self._give_up()

    def _tell(self, tell: Callable[..., None], *args: object) -> None:
        try:
            tell(*args)
        except Exception:
            log.err(None, f"{self._receiver!r} has failed in resolving {self.name!r}")

    def __repr__(self) -> str:
        return f"<Resolution of {self.name!r}>"


def lookupError(name: str, resolution: IHostResolution | None) -> DNSLookupError:
    """The error of a search that has found nothing.

    Args:
        name: What was looked for.
        resolution: The search; if it knows why (`Resolution.error`), so does the error.
    """
    cause = getattr(resolution, "error", None)
    if isinstance(cause, DNSLookupError):
        return cause
    late = isinstance(cause, TimeoutError)
    why = getattr(cause, "strerror", None) or cause or "no address was found"
    error = (DNSTimeoutError if late else DNSLookupError)(f"{name!r}: {why}")
    error.__cause__ = cause
    return error
