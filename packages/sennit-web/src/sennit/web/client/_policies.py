"""Whom to trust over TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core.tls import ClientOptions, clientOptions

if TYPE_CHECKING:
    from pathlib import Path

    from sennit.web.client.contracts import IPolicyForHTTPS

__all__ = ["BrowserLikePolicyForHTTPS", "HostnameCachingHTTPSPolicy"]

# What servers that speak several protocols are told that we speak (RFC 7301).
_PROTOCOLS: Final = (b"http/1.1",)


class BrowserLikePolicyForHTTPS:
    """Trusts a server whose certificate is good, and is for its name."""

    def __init__(self, trustRoot: str | bytes | Path | None = None) -> None:
        """Say who vouches for servers.

        Args:
            trustRoot: As a PEM file or a folder of them, or PEM text; None for all that
                the platform trusts.
        """
        self._trust_root: Any = trustRoot
        # Reading what the platform trusts takes some milliseconds: once is enough.
        self._options: ClientOptions | None = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give TLS options for a server.

        Raises:
            ValueError: It is no name of a host.
        """
        name = hostname.decode("ascii")
        if self._options is None:
            self._options = clientOptions(
                name, trustRoot=self._trust_root, acceptableProtocols=_PROTOCOLS
            )
        return ClientOptions(self._options.context, name)


class HostnameCachingHTTPSPolicy:
    """Remembers what another policy has said of the last hosts."""

    def __init__(self, policyforHTTPS: IPolicyForHTTPS, cacheSize: int = 20) -> None:
        """Stand before another policy.

        Args:
            policyforHTTPS: The policy.
            cacheSize: How many hosts to remember: those that were asked for last.
        """
        self._policy = policyforHTTPS
        self._size = cacheSize
        self._remembered: dict[bytes, Any] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give what the policy gave for this host, or gives now."""
        found = self._remembered.pop(hostname, None)
        if found is None:
            found = self._policy.creatorForNetloc(hostname, port)
        self._remembered[hostname] = found
        if len(self._remembered) > self._size:
            del self._remembered[next(iter(self._remembered))]
        return found
