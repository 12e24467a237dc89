"""The programs of Perspective Broker: what the two sides print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run


def test_echo_with_a_login(run: Run) -> None:
    server = run("spread/echo_server.py", 0)
    port = server.port("echo on")
    assert run("spread/echo_client.py", port).ends().splitlines() == [
        "Message received: hello world",
        "error received: <class 'echo_server.DefinedError'> exception!",
    ]
    server.wait_for("logged out")
    assert run("spread/echo_client.py", port, "wrong").ends() == "login refused\n"
    server.wait_for("was not let in as b'guest'")
    assert server.text.count("logged out") == 1


def test_references_both_ways(run: Run) -> None:
    server = run("spread/counters_server.py", 0)
    client = run("spread/counters_client.py", server.port("counters on"))
    assert client.ends().splitlines() == [
        "apples: 2",
        "apples: 5",
        "same reference: True",
        "name: apples",
        *("tick 1", "tick 2", "tick 3"),
        "last answer: 30",
        "No such method: remote_peel",
    ]
    server.wait_for("apples is now 5\ncame home: True\n")


def test_a_copy_has_a_life_of_its_own(run: Run) -> None:
    server = run("spread/weather_station.py", "serve", 0)
    client = run("spread/weather_station.py", "read", server.port("weather on"))
    assert client.ends().splitlines() == [
        "4 C in Oslo ['degrees', 'place', 'unit']",
        "the station has 5",
        "the copy still says 4 C in Oslo",
    ]
    server.interrupt()


def test_a_cache_is_kept_up_to_date(run: Run) -> None:
    server = run("spread/board.py", "serve", 0)
    client = run("spread/board.py", "look", server.port("board on"))
    assert client.ends().splitlines() == [
        "first: ['welcome']",
        *("update: one", "update: two"),
        "now: ['welcome', 'one', 'two']",
        "it is one object: True",
    ]
    assert "observers: 1\nobservers: 0\n" in server.interrupt()
