"""``twisted.runner.inetdtap``: the command ``twistd inetd``."""

from __future__ import annotations

from typing import Any, ClassVar

from sennit.app.internet import TCPServer
from sennit.app.service import MultiService
from sennit.compat.faces.python import usage
from sennit.compat.faces.runner.inetd import InetdFactory, internalProtocols
from sennit.compat.faces.runner.inetdconf import InetdConf, InetdService
from sennit.core import log
from sennit.core.protocol import ServerFactory

__all__ = ["Options", "makeService"]


class Options(usage.Options):
    """What its command line says: which file."""

    optParameters: ClassVar[list[Any]] = [
        ["rpc", "r", "/etc/rpc", "Accepted; there are no services of RPC."],
        ["file", "f", "/etc/inetd.conf", "The file that names the services."],
    ]
    optFlags: ClassVar[list[Any]] = [
        ["nointernal", "i", "Leave out those that inetd has itself."]
    ]


def makeService(config: Options) -> MultiService:
    """The services that a file names; what cannot be served is logged and left out.

    Raises:
        InvalidConfError: The file is not as it should be.
        UnknownService: A service has a name whose port is not known.
    """
    conf = InetdConf()
    with open(config["file"], encoding="utf-8") as file:
        conf.parseFile(file)
    services = MultiService()
    for each in conf.services:
        why = _why_not(each, bool(config["nointernal"]))
        if why is None:
            server: Any = TCPServer(each.port, _factory(each))
            server.setServiceParent(services)
        else:
            log.msg(f"inetd: no service for {each.name} ({each.protocol}): {why}")
    return services


def _why_not(service: InetdService, nointernal: bool) -> str | None:
    """Why a service cannot be served; None if it can."""
    if service.protocol != "tcp" or service.socketType != "stream":
        return "only streams over TCP are served"
    if not service.wait.startswith("nowait"):
        return "only 'nowait' is served"
    if service.program == "internal":
        if nointernal:
            return "internal services were switched off"
        if service.name not in internalProtocols:
            return "there is no such internal service"
    return None


def _factory(service: InetdService) -> ServerFactory:
    if service.program == "internal":
        internal = ServerFactory()
        internal.protocol = internalProtocols[service.name]
        return internal
    # Not on Windows, where there is no inetd either.
    import grp
    import pwd

    factory = InetdFactory(service)
    user = pwd.getpwnam(service.user)
    factory.uid, factory.gid = user.pw_uid, user.pw_gid
    if service.group is not None:
        factory.gid = grp.getgrnam(service.group).gr_gid
    return factory
