"""Fetch poems one after another, with blocking sockets.

usage: get_poetry.py [HOST:]PORT ...
"""

import datetime
import socket
import sys


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


def fetch(address: tuple[str, int]) -> bytes:
    poem = b""
    with socket.create_connection(address) as s:
        while True:
            piece = s.recv(1024)
            if not piece:
                return poem
            poem += piece


def main() -> None:
    addresses = [parse(arg) for arg in sys.argv[1:]]
    total = datetime.timedelta()
    for number, address in enumerate(addresses, 1):
        host, port = address
        print(f"Task {number}: get poetry from: {host}:{port}")
        begun = datetime.datetime.now()
        poem = fetch(address)
        took = datetime.datetime.now() - begun
        total += took
        print(
            f"Task {number}: got {len(poem)} bytes of poetry "
            f"from {host}:{port} in {took}"
        )
    print(f"Got {len(addresses)} poems in {total}")


if __name__ == "__main__":
    main()
