"""Serve one poem, slowly, to one reader at a time: sockets only, no reactor.

usage: slowpoetry.py [--port N] [--iface HOST] [--delay SECONDS] [--num-bytes N] POEM
"""

import argparse
import socket
import time
from pathlib import Path


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="a slow, blocking poetry server")
    parser.add_argument("poem", type=Path, metavar="POEM", help="the file to serve")
    parser.add_argument(
        "--port", type=int, default=0, help="where to listen (any free port)"
    )
    parser.add_argument("--iface", default="localhost")
    parser.add_argument(
        "--delay", type=float, default=0.1, help="seconds between two pieces"
    )
    parser.add_argument("--num-bytes", type=int, default=10, help="bytes in one piece")
    return parser.parse_args()


def recite(conn: socket.socket, text: bytes, size: int, delay: float) -> None:
    for start in range(0, len(text), size):
        piece = text[start : start + size]
        try:
            conn.sendall(piece)
        except OSError:
            print("The reader went away.")
            return
        print(f"Sent {len(piece)} bytes")
        time.sleep(delay)


def main() -> None:
    told = options()
    text = told.poem.read_bytes()
    listener = socket.create_server((told.iface, told.port))
    port = listener.getsockname()[1]
    print(f"Serving {told.poem} on port {port}.", flush=True)
    while True:
        conn, addr = listener.accept()
        print("A reader at {}:{}".format(*addr[:2]))
        with conn:
            recite(conn, text, told.num_bytes, told.delay)


if __name__ == "__main__":
    main()
