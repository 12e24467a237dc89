"""``twisted.tap.socks``: the command ``twistd socks``."""

from __future__ import annotations

from typing import Any, ClassVar

from sennit.app.internet import TCPServer
from sennit.compat.faces.python import usage
from sennit.protocols.socks import SOCKSv4Factory

__all__ = ["Options", "makeService"]


class Options(usage.Options):
    """What its command line says: where it listens."""

    synopsis = "[-i <interface>] [-p <port>] [-l <file>]"
    longdesc: str | None = "A proxy as of SOCKS, version 4."
    optParameters: ClassVar[list[Any]] = [
        ["interface", "i", "127.0.0.1", "The address to listen at."],
        ["port", "p", 1080, "The port to listen at.", int],
        ["log", "l", None, "Accepted; what is sent is not kept."],
    ]


def makeService(config: Options) -> Any:
    """The service that options describe."""
    factory = SOCKSv4Factory(config["log"])
    return TCPServer(config["port"], factory, interface=config["interface"])
