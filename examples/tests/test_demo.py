"""The demo talks to every service it serves, and can be left running to try."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Call, Run

SERVICES = [
    *("hello", "echo, TCP", "echo, TLS", "echo, UDP", "quote of the day", "chat"),
    *("sums over AMP", "counting over AMP", "registration over AMP", "boxes of AMP"),
    "objects over PB",
    *("web site", "XML-RPC"),
]


def test_demo_shows_what_was_said_and_how_long_it_took(run: Run) -> None:
    printed = run("demo").ends(60)
    for name in SERVICES:
        row = rf"^{name} +\d+ +\S.*\S +[\d.]+ (us|ms) \(median of \d+\)$"
        assert re.search(row, printed, re.MULTILINE), printed
    assert "FAILED" not in printed
    assert "Hello, World!" in printed


def test_demo_serves_until_it_is_interrupted(run: Run, call: Call) -> None:
    demo = run("demo", "--serve")
    demo.wait_for("Ctrl-C")
    port = int(demo.wait_for(r"^hello +(\d+) +nc 127\.0\.0\.1 \1$")[1])
    connection = call(port)
    assert connection.recv(100) == b"Hello, World!\n"
    assert demo.interrupt().endswith("All closed.\n")


def test_the_runner_serves_the_demo(run: Run, call: Call) -> None:
    demo = run("-m", "sennit.app", "run", "demo/demo.tac")
    connection = call(int(demo.wait_for(r"\] hello: nc 127\.0\.0\.1 (\d+)$")[1]))
    assert connection.recv(100) == b"Hello, World!\n"
    for name in SERVICES:
        demo.wait_for(rf"\[-\] {name}: ")
    assert demo.interrupt().endswith("Server Shut Down.\n")
