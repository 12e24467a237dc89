"""The poetry servers and clients print what the tutorial shows."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Program, Run

POETRY = Path(__file__).resolve().parents[1] / "poetry"
POEMS = [
    POETRY / "poems" / name
    for name in ("ecstasy.txt", "fascination.txt", "science.txt")
]
# The whole of the longest in about half a second: the tasks must take turns.
PIECES = ("--num-bytes", 100, "--delay", 0.015)


@pytest.fixture
def servers(run: Run) -> list[int]:
    """The ports of three servers, each with a poem."""
    programs: list[Program] = [
        run("poetry/blocking_server/slowpoetry.py", *PIECES, poem) for poem in POEMS
    ]
    return [int(each.wait_for(r"^Serving .* on port (\d+)\.$")[1]) for each in programs]


def sizes(printed: str) -> list[str]:
    """Return the lines that sum up."""
    return re.findall(r"^Task \d: \d+ bytes of poetry$", printed, re.MULTILINE)


ALL = [
    "Task 1: 3003 bytes of poetry",
    "Task 2: 623 bytes of poetry",
    "Task 3: 653 bytes of poetry",
]


def test_blocking_client_gets_one_poem_after_another(
    run: Run, servers: list[int]
) -> None:
    printed = run("poetry/blocking_client/get_poetry.py", *servers).ends()
    shown = re.findall(
        r"^Task (\d): got (\d+) bytes of poetry from .* in 0:00", printed, re.MULTILINE
    )
    assert shown == [("1", "3003"), ("2", "623"), ("3", "653")]
    assert re.search(r"^Got 3 poems in 0:00:0\d\.\d+$", printed, re.MULTILINE)


@pytest.mark.parametrize("client", ["client_1", "client_2"])
def test_the_tasks_of_a_reactor_take_turns(
    run: Run, servers: list[int], client: str
) -> None:
    printed = run(f"poetry/{client}/get_poetry.py", *servers).ends()
    pieces = re.findall(r"^Task (\d): got \d+ bytes", printed, re.MULTILINE)
    # A protocol's task is numbered when its connection is made, whichever is first.
    got, wanted = sizes(printed), ALL
    if client == "client_2":
        got, wanted = (
            sorted(line.partition(":")[2] for line in lines) for lines in (got, ALL)
        )
    assert got == wanted
    turns = sum(one != other for one, other in itertools.pairwise(pieces))
    assert turns > 5, printed
    assert re.search(r"^Got 3 poems in 0:00:0\d\.\d+$", printed, re.MULTILINE)


def test_a_protocol_s_peer_prints_as_its_address(run: Run, servers: list[int]) -> None:
    printed = run("poetry/client_2/get_poetry.py", servers[1]).ends()
    peer = f"from IPv4Address(TCP, '127.0.0.1', {servers[1]})"
    assert all(peer in line for line in printed.splitlines() if " got " in line)


def test_blocking_sockets_hold_up_the_reactor(run: Run, servers: list[int]) -> None:
    printed = run("poetry/client_1/get_poetry_broken.py", *servers).ends()
    assert len(re.findall(r"^Task \d: got (?:3003|623|653) bytes", printed, re.M)) == 3
    assert sizes(printed) == ALL


def test_the_stack_leads_from_the_program_over_the_reactor_to_the_protocol(
    run: Run, servers: list[int]
) -> None:
    printed = run("poetry/client_2/get_poetry_stack.py", servers[1]).ends()
    at = [
        printed.index(words)
        for words in (
            "in <module>",
            "poetry_main()",
            "reactor.run()",
            "in dataReceived",
            "traceback.print_stack()",
        )
    ]
    assert at == sorted(at)


@pytest.mark.parametrize("client", ["get_poetry", "get_poetry_1"])
def test_a_callback_is_given_each_poem(
    run: Run, servers: list[int], client: str
) -> None:
    printed = run(f"poetry/client_3/{client}.py", *servers).ends()
    for poem in POEMS:
        assert poem.read_text() in printed


def test_an_errback_is_given_the_failure(run: Run, free_port: int) -> None:
    printed = run("poetry/client_3/get_poetry_1.py", free_port).finish()
    assert re.fullmatch(
        r"Poem failed: \[Failure instance: Traceback \(failure with no frames\): "
        r"<class '[\w.]+\.ConnectionRefusedError'>: Connection was refused by other "
        r"side: 111: Connection refused\.\n\]\n",
        printed,
    )


def test_one_poem_that_is_missing_does_not_cost_the_others(
    run: Run, servers: list[int], free_port: int
) -> None:
    client = run("poetry/client_3/get_poetry_1.py", servers[1], free_port)
    printed = client.finish()
    assert "Poem failed: " in printed
    assert POEMS[1].read_text() in printed


def test_basic_hello_greets_once_and_runs_on(run: Run) -> None:
    program = run("poetry/basic/hello.py")
    program.wait_for("^Lately")
    assert program.interrupt().splitlines() == [
        "Starting the reactor.",
        "Hello from the reactor loop!",
        "Lately I feel like I'm stuck in a rut.",
    ]


def test_basic_stack_begins_in_the_program(run: Run) -> None:
    program = run("poetry/basic/stack.py")
    program.wait_for(r"traceback\.print_stack\(\)")
    lines = program.interrupt().splitlines()
    assert lines[0] == "The python stack:"
    assert lines[2].strip() == "reactor.run()"
    assert lines[-1].strip() == "traceback.print_stack()"


def test_basic_countdown_counts_and_stops(run: Run) -> None:
    assert run("poetry/basic/countdown.py", 0.05).ends().splitlines() == [
        "Start!",
        "5 ...",
        "4 ...",
        "3 ...",
        "2 ...",
        "1 ...",
        "Stop!",
    ]
