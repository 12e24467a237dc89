"""``twisted.tap.portforward``: the command ``twistd portforward``."""

from __future__ import annotations

from typing import Any, ClassVar

from sennit.app import strports
from sennit.app.internet import StreamServerEndpointService
from sennit.compat.faces.python import usage
from sennit.protocols.portforward import ProxyFactory

__all__ = ["Options", "makeService"]


class Options(usage.Options):
    """What its command line says: from where to where."""

    synopsis = "[options]"
    longdesc: str | None = "Forwards connections to another host."
    optParameters: ClassVar[list[Any]] = [
        ["port", "p", "tcp:6666", "The endpoint to listen at."],
        ["host", "h", "localhost", "The host to connect to."],
        ["dest_port", "d", 6665, "The port to connect to.", int],
    ]


def makeService(config: Options) -> StreamServerEndpointService:
    """The service that options describe.

    Raises:
        EndpointStringError: The endpoint cannot be understood.
    """
    factory = ProxyFactory(config["host"], config["dest_port"])
    return strports.service(config["port"], factory)
