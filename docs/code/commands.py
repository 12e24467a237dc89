"""Commands: what they write, how they end, and what is done when they take too long."""

from sennit.core import task
from sennit.core.defer import TimeoutError
from sennit.core.engine import Reactor
from sennit.core.process import (
    UnexpectedErrorOutput,
    getProcessOutput,
    getProcessOutputAndValue,
)


async def main(reactor: Reactor) -> None:
    print(await getProcessOutput("/bin/echo", ["good morning"], reactor=reactor))

    script = "tr a-z A-Z; echo not quite >&2; exit 3"
    out, err, code = await getProcessOutputAndValue(
        "/bin/sh", ["-c", script], None, reactor=reactor, stdinBytes=b"shout"
    )
    print(out, err, code)

    try:
        await getProcessOutput("/bin/sh", ["-c", "echo no >&2"], reactor=reactor)
    except UnexpectedErrorOutput as complaint:
        print(complaint)
    try:
        await getProcessOutput("/bin/nothing", reactor=reactor)
    except FileNotFoundError as missing:
        print(missing)

    slow = getProcessOutput("/bin/sleep", ["60"], reactor=reactor)
    try:
        await slow.addTimeout(0.1, reactor)
    except TimeoutError:
        print("it took too long, and was killed")


task.react(main)
