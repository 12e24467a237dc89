"""Procedures that are called over HTTP.

usage: xmlrpc_serv.py [PORT]     (7080 unless told; 0 for any that is free)
"""

import sys
from typing import Any

from sennit.core import defer, reactor
from sennit.web import server, xmlrpc


class Echoer(xmlrpc.XMLRPC):
    def xmlrpc_echo(self, *args: Any) -> Any:
        """Return all passed args."""
        return args

    def xmlrpc_hello(self) -> str:
        """Return 'hello, world!'."""
        return "hello, world!"

    def xmlrpc_defer(self) -> defer.Deferred[str]:
        """Show how procedures can return a Deferred."""
        return defer.succeed("hello")

    def xmlrpc_defer_fail(self) -> defer.Deferred[Any]:
        """Show what a Deferred that fails looks like to the caller."""
        return defer.fail(ValueError(12))

    async def xmlrpc_wait(self) -> str:
        """Show how procedures can be coroutines."""
        return await self.xmlrpc_defer()

    def xmlrpc_fail(self) -> xmlrpc.Fault:
        """Show how we can return a failure code."""
        return xmlrpc.Fault(7, "Out of cheese.")


if __name__ == "__main__":
    resource = Echoer()
    xmlrpc.addIntrospection(resource)
    number = int(sys.argv[1]) if sys.argv[1:] else 7080
    port = reactor.listenTCP(number, server.Site(resource))
    print("XML-RPC on TCP port", port.getHost().port, flush=True)
    reactor.run()
