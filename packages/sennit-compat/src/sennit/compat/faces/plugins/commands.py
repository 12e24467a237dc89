"""``twisted.plugins.twisted_core``: the commands of ``twistd`` that are always there."""

from __future__ import annotations

from sennit.compat.faces.application.service import ServiceMaker

__all__ = ["inetd", "portforward", "procmon", "socks"]

_FACES = "sennit.compat.faces"

inetd: ServiceMaker = ServiceMaker(
    "inetd", f"{_FACES}.runner.inetdtap", "An inetd(8) replacement.", "inetd"
)
portforward: ServiceMaker = ServiceMaker(
    "Port forwarding",
    f"{_FACES}.tap.portforward",
    "Forwards connections to another host.",
    "portforward",
)
procmon: ServiceMaker = ServiceMaker(
    "Process monitor",
    f"{_FACES}.runner.procmontap",
    "Keeps a command running.",
    "procmon",
)
socks: ServiceMaker = ServiceMaker(
    "SOCKS", f"{_FACES}.tap.socks", "A proxy as of SOCKS, version 4.", "socks"
)
