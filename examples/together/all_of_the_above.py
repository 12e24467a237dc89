"""Hello, echo over TCP and echo over UDP: three services in one process.

usage: all_of_the_above.py [HELLO-PORT [ECHO-PORT [ECHO-UDP-PORT]]]

9001, 9002 and 9002 unless told; 0 for any that is free.
"""

import sys
from pathlib import Path

from sennit.core import reactor

EXAMPLES = Path(__file__).resolve().parents[1]
sys.path += [str(EXAMPLES / topic) for topic in ("hello", "echo", "udp")]

from echo_serv_tcp import EchoFactory  # noqa: E402
from echo_serv_udp import EchoUDP  # noqa: E402
from hello_serv import HelloFactory  # noqa: E402

if __name__ == "__main__":
    told = [int(word) for word in sys.argv[1:]]
    ports = told + [9001, 9002, 9002][len(told) :]
    hello = reactor.listenTCP(ports[0], HelloFactory())
    print("hello on TCP port", hello.getHost().port)
    echo = reactor.listenTCP(ports[1], EchoFactory())
    print("echo on TCP port", echo.getHost().port)
    udp = reactor.listenUDP(ports[2], EchoUDP())
    print("echo on UDP port", udp.getHost().port, flush=True)
    reactor.run()
