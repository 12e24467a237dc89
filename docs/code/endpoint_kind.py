"""A kind of endpoint of our own: ``local:NAME``, a socket in a folder of ours."""

from pathlib import Path
from typing import Any

from sennit.core.contracts import IStreamClientEndpoint, IStreamServerEndpoint
from sennit.core.endpoints import (
    clientFromString,
    quoteStringArgument,
    serverFromString,
)
from sennit.core.protocol import Factory
from sennit.core.testing import MemoryReactorClock

FOLDER = Path("/run/ours")


class Local:
    prefix = "local"

    def parseStreamServer(self, reactor: Any, name: str) -> IStreamServerEndpoint:
        path = quoteStringArgument(str(FOLDER / name))
        return serverFromString(reactor, f"unix:{path}:mode=660")

    def parseStreamClient(
        self, reactor: Any, name: str, timeout: str = "5"
    ) -> IStreamClientEndpoint:
        path = quoteStringArgument(str(FOLDER / name))
        return clientFromString(reactor, f"unix:{path}:timeout={timeout}")


if __name__ == "__main__":
    reactor = MemoryReactorClock()
    Local().parseStreamServer(reactor, "web").listen(Factory())
    Local().parseStreamClient(reactor, "web").connect(Factory())
    print(reactor.unixServers[0][0], reactor.unixClients[0][0])
