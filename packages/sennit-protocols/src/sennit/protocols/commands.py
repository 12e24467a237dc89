"""What this part adds to the command ``sennit``: servers that need only a command line.

Each is a function of the entry points ``sennit.commands``: its parameters are options.
"""

from __future__ import annotations

from hmac import compare_digest

from sennit.core.protocol import Factory
from sennit.protocols.portforward import ProxyFactory
from sennit.protocols.socks import SOCKSv5Factory

__all__ = ["portforward", "socks"]


def portforward(
    host: str,
    port: int,
    *,
    listen: list[str] = ["tcp:6666:interface=127.0.0.1"],  # noqa: B006
) -> Factory:
    """Forward connections to PORT of HOST.

    Args:
        host: A name or an IP address.
        port: The number of the port.
        listen: Where connections come from: an endpoint.
    """
    return ProxyFactory(host, port)


def socks(
    *,
    listen: list[str] = ["tcp:1080:interface=127.0.0.1"],  # noqa: B006
    user: str | None = None,
    password: str | None = None,
) -> Factory:
    """Be a SOCKS proxy, of version 5.

    Args:
        listen: Where clients connect: an endpoint.
        user: The one who may; anybody if nobody is named.
        password: Theirs. Who else is on this machine can see it.
    """
    if user is None:
        return SOCKSv5Factory()
    right = (user.encode(), (password or "").encode())

    def check(*given: bytes) -> bool:
        return all(map(compare_digest, given, right))

    return SOCKSv5Factory(check)
