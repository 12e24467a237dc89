"""The load of load.c, for machines without a C compiler: same arguments and output."""

from __future__ import annotations

import selectors
import socket
import sys
import time


class One:
    """One connection, and the message that is under way on it."""

    def __init__(self, load: Load) -> None:
        """Connect."""
        self.load = load
        self.number = 0
        self.open()

    def open(self) -> None:
        """Connect anew."""
        kind = socket.SOCK_DGRAM if self.load.mode == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        # Sources rotate, else churn runs out of ports in TIME_WAIT.
        self.load.made += 1
        self.socket.bind((f"127.0.1.{self.load.made % 200 + 1}", 0))
        self.socket.connect(("127.0.0.1", self.load.port))
        self.load.selector.register(self.socket, selectors.EVENT_READ, self)
        self.got = b""

    def send(self) -> None:
        """Send the next message."""
        text = f"{self.number:010} {self.socket.fileno():04} "
        self.message = text.encode().ljust(self.load.size, b".")
        self.socket.sendall(self.message)

    def receive(self) -> None:
        """Take what is there; when it is all, look at it and go on."""
        self.got += self.socket.recv(65536)
        if not self.message.startswith(self.got) or not self.got:
            sys.exit(f"message {self.number} came back as {self.got!r}")
        if len(self.got) == len(self.message):
            self.load.done += 1
            self.number += 1
            self.got = b""
            if self.load.mode == "churn":
                self.load.selector.unregister(self.socket)
                self.socket.close()
                self.open()
            self.send()


class Load:
    """All connections, and what they have done."""

    def __init__(self, mode: str, port: int, connections: int, size: int) -> None:
        """Connect them."""
        self.mode, self.port, self.size = mode, port, size
        self.selector = selectors.DefaultSelector()
        self.done = self.made = 0
        self.all = [One(self) for _ in range(connections)]

    def run(self, seconds: float) -> float:
        """Play for so long, and return how long it was."""
        begun = time.monotonic()
        for one in self.all:
            one.send()
        while (took := time.monotonic() - begun) < seconds:
            events = self.selector.select(5)
            if not events:
                sys.exit("no answer in 5 s")
            for key, _ in events:
                key.data.receive()
        return took


def main() -> None:
    """Do as the arguments say."""
    mode, port, connections, *more = sys.argv[1:]
    load = Load(mode, int(port), int(connections), int(more[0]) if more else 0)
    if mode == "idle":
        sys.stdout.write(f'{{"connections": {connections}}}\n')
        sys.stdout.flush()
        sys.stdin.read()
    else:
        took = load.run(float(more[1]))
        sys.stdout.write(f'{{"operations": {load.done}, "seconds": {took:.6f}}}\n')


if __name__ == "__main__":
    main()
