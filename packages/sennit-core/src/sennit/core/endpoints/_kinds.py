"""The kinds of endpoints that descriptions know without any plug-in, but for TLS.

A kind is a signature, and what makes the endpoint of a reactor and the values that the
signature reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from sennit.core.endpoints._parameters import (
    COUNT,
    FLAG,
    HOST,
    MODE,
    PATH,
    PORT,
    SECONDS,
    TEXT,
    Parameter,
    Signature,
    Value,
)
from sennit.core.endpoints._tcp import (
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
)
from sennit.core.endpoints._unix import UNIXClientEndpoint, UNIXServerEndpoint
from sennit.core.engine._names._name import isLiteral

__all__ = ["BACKLOG", "BIND_ADDRESS", "CLIENTS", "SERVERS", "TIMEOUT", "Kind"]


class Kind(NamedTuple):
    """A kind of endpoint.

    Attributes:
        signature: Reads the parts of a description.
        make: Makes an endpoint of a reactor and the values; raises ``ValueError`` for
            values that do not fit each other.
    """

    signature: Signature
    make: Callable[..., Any]


def _ours(text: str) -> tuple[str, int]:
    if not isLiteral(text):
        raise ValueError
    return (text, 0)


BACKLOG: Final = Parameter("backlog", COUNT, 50)
TIMEOUT: Final = Parameter("timeout", SECONDS, 30)
BIND_ADDRESS: Final = Parameter(
    "bindAddress", Value("an IP address of this host", _ours), None
)


def _unix_server(
    reactor: Any, address: str, mode: int, backlog: int, lockfile: bool
) -> UNIXServerEndpoint:
    return UNIXServerEndpoint(reactor, address, backlog, mode, wantPID=lockfile)


def _unix_client(
    reactor: Any, path: str, timeout: float, lockfile: bool
) -> UNIXClientEndpoint:
    return UNIXClientEndpoint(reactor, path, timeout, checkPID=lockfile)


SERVERS: Final[Mapping[str, Kind]] = {
    "tcp": Kind(
        Signature(Parameter("port", PORT), Parameter("interface", TEXT, ""), BACKLOG),
        TCP4ServerEndpoint,
    ),
    "tcp6": Kind(
        Signature(Parameter("port", PORT), Parameter("interface", TEXT, "::"), BACKLOG),
        TCP6ServerEndpoint,
    ),
    "unix": Kind(
        Signature(
            Parameter("address", PATH, also=("path",)),
            Parameter("mode", MODE, 0o666),
            BACKLOG,
            Parameter("lockfile", FLAG, True),
        ),
        _unix_server,
    ),
}

CLIENTS: Final[Mapping[str, Kind]] = {
    "tcp": Kind(
        Signature(
            Parameter("host", HOST),
            Parameter("port", PORT),
            TIMEOUT,
            BIND_ADDRESS,
            positional=2,
        ),
        TCP4ClientEndpoint,
    ),
    "unix": Kind(
        Signature(
            Parameter("path", PATH, also=("address",)),
            TIMEOUT,
            Parameter("lockfile", FLAG, False, also=("checkPID",)),
            positional=1,
        ),
        _unix_client,
    ),
}
