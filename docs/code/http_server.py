"""A server below resources: it answers requests by itself, within its budgets."""

import socket

from sennit.core import task, threads
from sennit.core.defer import ensureDeferred
from sennit.core.engine import Reactor
from sennit.web import http


class Upload(http.Request):
    def wantsBodyStream(self) -> bool:
        return self.method == b"PUT"

    def process(self) -> None:
        if self.wantsBodyStream():
            ensureDeferred(self.take())
        else:
            self.setHeader(b"content-type", b"text/plain")
            self.respond(b"PUT something\n")

    async def take(self) -> None:
        size = 0
        async for piece in self.stream:
            size += len(piece)
        self.setResponseCode(http.CREATED)
        self.respond(b"%d bytes\n" % size)


def say(port: int, *pieces: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port)) as client:
        for piece in pieces:
            client.sendall(piece)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    status, _, rest = answer.partition(b"\r\n")
    body = rest.partition(b"\r\n\r\n")[2]
    return f"{status.decode()} {body.decode()}".strip()


HEAD = (
    b"PUT / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
)


async def main(reactor: Reactor) -> None:
    factory = http.HTTPFactory(maxBody=1_000_000, headTimeout=0.2)
    factory.requestFactory = Upload
    port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port
    for pieces in (
        [HEAD % 300_000, bytes(300_000)],
        [HEAD % 2_000_000],
        [b"PUT / HTTP/1.1\r\nContent-Length : 3\r\n\r\n"],
        [b"GET / HT"],
    ):
        print(await threads.deferToThread(say, port, *pieces))


task.react(main)
