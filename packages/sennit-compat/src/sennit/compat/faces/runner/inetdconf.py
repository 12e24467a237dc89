"""``twisted.runner.inetdconf``: the files ``/etc/services`` and ``/etc/inetd.conf``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

__all__ = [
    "InetdConf",
    "InetdService",
    "InvalidConfError",
    "InvalidInetdConfError",
    "InvalidServicesConfError",
    "ServicesConf",
    "SimpleConfFile",
    "UnknownService",
]


class InvalidConfError(Exception):
    """A file is not as it should be."""


class InvalidInetdConfError(InvalidConfError):
    """A line of ``inetd.conf`` is not as it should be."""


class InvalidServicesConfError(InvalidConfError):
    """A line of ``services`` is not as it should be."""


class UnknownService(Exception):
    """A service has a name whose port is not known."""


class SimpleConfFile:
    """A file whose lines have fields, with spaces between them.

    Attributes:
        commentChar: What begins a comment, up to the end of the line.
        defaultFilename: The file that is read unless another is given.
    """

    commentChar: str = "#"
    defaultFilename: str | None = None

    def parseFile(self, file: IO[str] | None = None) -> None:
        """Read a file's lines.

        Args:
            file: The file, which stays open; if None, `defaultFilename` is read.

        Raises:
            InvalidConfError: A line is not as it should be.
            OSError: The file cannot be read.
            ValueError: There is no file to read.
        """
        if file is not None:
            self._parse(file)
        elif self.defaultFilename is None:
            raise ValueError(f"{type(self).__name__} has no file of its own")
        else:
            with open(self.defaultFilename, encoding="utf-8") as own:
                self._parse(own)

    def _parse(self, lines: Iterable[str]) -> None:
        for each in lines:
            line = each.partition(self.commentChar)[0].strip()
            if line:
                self.parseLine(line)

    def parseLine(self, line: str) -> None:
        """Take a line, without comments: by its fields unless overridden."""
        self.parseFields(*line.split())

    def parseFields(self, *fields: str) -> None:
        """Take the fields of a line; nothing is done with them unless overridden."""


class InetdService:
    """A service of ``inetd.conf``.

    Attributes:
        name: What it is called; ``unknown`` if only its port is said.
        port: The number of its port; None if it has none, as those of RPC.
        socketType: ``stream`` or ``dgram``.
        protocol: ``tcp`` or ``udp``, or ``rpc/`` and one of these.
        wait: ``nowait``, or ``wait`` if one process serves all who come.
        user: As whom it runs.
        group: Likewise its group; None for the user's own.
        program: The path of the program; ``internal`` for one of inetd itself.
        programArgs: The program's arguments, its name the first.
    """

    def __init__(
        self,
        name: str,
        port: int | None,
        socketType: str,
        protocol: str,
        wait: str,
        user: str,
        group: str | None,
        program: str,
        programArgs: tuple[str, ...],
    ) -> None:
        self.name = name
        self.port = port
        self.socketType = socketType
        self.protocol = protocol
        self.wait = wait
        self.user = user
        self.group = group
        self.program = program
        self.programArgs = programArgs


class ServicesConf(SimpleConfFile):
    """The file ``/etc/services``.

    Attributes:
        services: The ports, by the names and protocols (``tcp``, ``udp``) of services.
    """

    defaultFilename: str | None = "/etc/services"

    def __init__(self) -> None:
        self.services: dict[tuple[str, str], int] = {}

    def parseFields(self, *fields: str) -> None:
        """Take a line: a name, a port as ``80/tcp``, further names.

        Raises:
            InvalidServicesConfError: It is not that.
        """
        name, where, *aliases = fields if len(fields) > 1 else (*fields, "")
        port, _, protocol = where.partition("/")
        if not (port.isdecimal() and protocol):
            raise InvalidServicesConfError(f"Invalid port/protocol: {where!r}")
        for each in (name, *aliases):
            self.services[each, protocol] = int(port)


class InetdConf(SimpleConfFile):
    """The file ``/etc/inetd.conf``.

    Attributes:
        services: Its services, in its order.
        knownServices: The ports of names.
    """

    defaultFilename: str | None = "/etc/inetd.conf"

    def __init__(self, knownServices: ServicesConf | None = None) -> None:
        self.services: list[InetdService] = []
        if knownServices is None:
            knownServices = ServicesConf()
            knownServices.parseFile()
        self.knownServices = knownServices

    def parseFields(self, *fields: str) -> None:
        """Take a line: service, type, protocol, wait, user, program and its arguments.

        Raises:
            InvalidInetdConfError: It has less fields than these.
            UnknownService: The service's port is not known.
        """
        if len(fields) < 6:
            raise InvalidInetdConfError(
                f"a service has 6 fields at least: {' '.join(fields)!r}"
            )
        name, kind, protocol, wait, user, program, *arguments = fields
        port: int | None
        if protocol.startswith("rpc/"):
            port = None
        elif name.isdecimal():
            name, port = "unknown", int(name)
        else:
            port = self._port(name, protocol)
        user, *groups = user.split(".")
        group = groups[0] if groups else None
        service = InetdService(
            name, port, kind, protocol, wait, user, group, program, tuple(arguments)
        )
        self.services.append(service)

    def _port(self, name: str, protocol: str) -> int:
        try:
            return self.knownServices.services[name, protocol]
        except KeyError:
            raise UnknownService(f"Unknown service: {name} ({protocol})") from None
