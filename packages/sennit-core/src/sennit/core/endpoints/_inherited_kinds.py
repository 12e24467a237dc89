"""The kinds of endpoints for what the program was started with: sockets, its stdio."""

from __future__ import annotations

import functools
import socket
from collections.abc import Mapping
from typing import Any, Final

from sennit.core.endpoints._adopted import AdoptedStreamServerEndpoint
from sennit.core.endpoints._kinds import Kind
from sennit.core.endpoints._parameters import COUNT, TEXT, Parameter, Signature, Value
from sennit.core.endpoints._stdio import StandardIOEndpoint
from sennit.core.systemd import ListenFDs

__all__ = ["INHERITED_SERVERS"]


def _family(text: str) -> int:
    if text not in ("INET", "INET6", "UNIX"):
        raise ValueError
    family: int = getattr(socket, f"AF_{text}")
    return family


_DOMAIN: Final = Value("INET, INET6 or UNIX", _family)


@functools.cache
def _handed_over() -> ListenFDs:
    """What systemd has opened for us: it can be taken from the environment once."""
    return ListenFDs.fromEnvironment()


def _systemd(
    reactor: Any, domain: int, index: int | None, name: str | None
) -> AdoptedStreamServerEndpoint:
    if (index is None) == (name is None):
        raise ValueError("a socket of systemd is chosen by index= or by name=")
    numbers = _handed_over().inheritedDescriptors()
    names = _handed_over().inheritedNamedDescriptors()
    if name is not None:
        if name not in names:
            told = ", ".join(names) or "none at all"
            raise ValueError(f"systemd has handed over no {name!r}, but {told}")
        return AdoptedStreamServerEndpoint(reactor, names[name], domain)
    if index is None or index >= len(numbers):
        raise ValueError(f"systemd has handed over {len(numbers)} sockets, not {index}")
    return AdoptedStreamServerEndpoint(reactor, numbers[index], domain)


def _fd(reactor: Any, fileno: int, domain: int) -> AdoptedStreamServerEndpoint:
    return AdoptedStreamServerEndpoint(reactor, fileno, domain)


INHERITED_SERVERS: Final[Mapping[str, Kind]] = {
    "fd": Kind(
        Signature(
            Parameter("fileno", COUNT), Parameter("domain", _DOMAIN, socket.AF_INET)
        ),
        _fd,
    ),
    "stdio": Kind(Signature(), StandardIOEndpoint),
    "systemd": Kind(
        Signature(
            Parameter("domain", _DOMAIN),
            Parameter("index", COUNT, None),
            Parameter("name", TEXT, None),
        ),
        _systemd,
    ),
}
