"""The header Via: the way that a request took, and its answer goes back.

RFC 3261 section 20.42, and RFC 3581 for the parameter rport.
"""

from __future__ import annotations

from sennit.protocols.sip._errors import MalformedMessage
from sennit.protocols.sip._urls import PORT, number

__all__ = ["Via", "parseViaHeader"]


class Via:
    """One station of a request's way.

    Args:
        host: the station's own name or address.
        port: where it wants its answers.
        transport: such as ``UDP``.
        ttl: of datagrams to many.
        hidden: of classic SIP.
        received: the address that the request really came from.
        rport: True asks for, and a number is, the port it really came from.
        branch: which tells transactions apart.
        maddr: the address of many.
        other: further parameters; None for one without a value.

    Attributes:
        rportRequested: whether the port is asked for and not yet told.
        rportValue: the port as it was told; else None.
        otherParams: further parameters.
    """

    def __init__(
        self,
        host: str,
        port: int = PORT,
        transport: str = "UDP",
        ttl: int | None = None,
        hidden: bool = False,
        received: str | None = None,
        rport: int | bool | None = False,
        branch: str | None = None,
        maddr: str | None = None,
        **other: str | None,
    ) -> None:
        self.transport = transport
        self.host = host
        self.port = port
        self.ttl = ttl
        self.hidden = hidden
        self.received = received
        # Asked for by True; and by None, as the field has it.
        self.rportRequested: bool = rport is True or rport is None
        self.rportValue = None if isinstance(rport, bool) else rport
        self.branch = branch
        self.maddr = maddr
        self.otherParams = other

    @property
    def rport(self) -> int | bool | None:
        """The port that was told; True while it is asked for; else None."""
        return True if self.rportRequested else self.rportValue

    @rport.setter
    def rport(self, value: int | None) -> None:
        self.rportRequested = False
        self.rportValue = value

    def toString(self) -> str:
        """Write it."""
        written = [f"SIP/2.0/{self.transport} {self.host}:{self.port}"]
        if self.hidden:
            written.append("hidden")
        for name in ("ttl", "branch", "maddr", "received"):
            value = getattr(self, name)
            if value is not None:
                written.append(f"{name}={value}")
        if self.rportRequested:
            written.append("rport")
        elif self.rportValue is not None:
            written.append(f"rport={self.rportValue}")
        written.extend(
            name if value is None else f"{name}={value}"
            for name, value in sorted(self.otherParams.items())
        )
        return ";".join(written)


def parseViaHeader(value: str) -> Via:
    """Read one station.

    Raises:
        MalformedMessage: It is none, or of another version than SIP/2.0.
    """
    # A comment ends a header of classic SIP.
    stations, *parameters = value.partition("(")[0].split(";")
    protocol, _, place = stations.strip().rpartition(" ")
    name, _, rest = protocol.partition("/")
    version, _, transport = rest.partition("/")
    if (name.strip(), version.strip()) != ("SIP", "2.0") or not transport.strip():
        raise MalformedMessage(f"a Via that is not of SIP/2.0: {value!r:.60}")
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        host, port = place, str(PORT)
    made = Via(host, number(port, "the port of a Via"), transport.strip())
    for parameter in parameters:
        _take_parameter(made, parameter)
    return made


def _take_parameter(via: Via, parameter: str) -> None:
    name, equals, value = (each.strip() for each in parameter.partition("="))
    match name:
        case "ttl":
            via.ttl = number(value, "the ttl of a Via")
        case "hidden":
            via.hidden = True
        case "rport" if not equals:
            via.rportRequested = True
        case "rport":
            via.rport = number(value, "the rport of a Via")
        case "branch" | "maddr" | "received":
            setattr(via, name, value)
        case "":
            pass
        case _:
            via.otherParams[name] = value if equals else None
