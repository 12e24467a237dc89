"""Call the procedures of xmlrpc_serv.py.

usage: xmlrpc_client.py [URL]     (http://127.0.0.1:7080/ unless told)
"""

import sys
from typing import Any

from sennit.core import task
from sennit.web import xmlrpc


async def main(reactor: Any, url: str = "http://127.0.0.1:7080/") -> None:
    server = xmlrpc.Proxy(url, timeout=10, reactor=reactor)
    print("methods:", ", ".join(await server.callRemote("system.listMethods")))
    print("hello:", await server.callRemote("hello"))
    print("echo:", await server.callRemote("echo", 1, "two", {"three": [4.5, True]}))
    try:
        await server.callRemote("fail")
    except xmlrpc.Fault as fault:
        print(f"fail: {fault.faultString} ({fault.faultCode})")


task.react(main, sys.argv[1:])
