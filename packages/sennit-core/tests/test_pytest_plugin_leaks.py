"""A test that leaves something behind fails, and the line that made it is named."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

import pytest

from sennit.core._stacks import recording
from sennit.core._timers import DelayedCall
from sennit.core.defer import getDebugging
from sennit.core.testing import selfSigned

# After an inner run only those modules are left that were there before.
importlib.import_module("sennit.core.pytest_plugin._run")

pytest_plugins = ["pytester"]

PRELUDE = """\
import asyncio, os, sys, time, weakref
import pytest
from sennit.core import log, protocol, task
from sennit.core.defer import Deferred

class Quiet(protocol.Protocol):
    def connectionMade(self):
        self.factory.made.callback(self)

def server():
    factory = protocol.Factory.forProtocol(Quiet)
    factory.made = Deferred()
    return factory

def client():
    factory = protocol.ClientFactory.forProtocol(Quiet)
    factory.made = Deferred()
    return factory

class Fd:
    def __init__(self, fd): self.fd = fd
    def fileno(self): return self.fd
    def doRead(self): os.read(self.fd, 1)
    def doWrite(self): pass
    def connectionLost(self, reason): pass

"""

Run = Callable[[str], pytest.RunResult]


@pytest.fixture(scope="module")
def certificate() -> str:
    """A certificate and its key, made before pytester notes which modules there are."""
    pytest.importorskip("cryptography")
    return selfSigned("localhost").decode()


@pytest.fixture(params=["asyncio", "uvloop"])
def run(
    request: pytest.FixtureRequest,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:
    """Runs pytest, with this plugin alone, on test functions and on one loop."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    plugin = ("-p", "sennit.core.pytest_plugin")

    def run(source: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=PRELUDE + source)
        return pytester.runpytest(*plugin, "-o", f"sennit_loops={request.param}")

    yield run
    assert (recording.places, DelayedCall.debug, getDebugging()) == (False,) * 3


def line_of(source: str, end: str = "# here") -> int:
    """The number of the line of the test file that ends so."""
    lines = (PRELUDE + source).splitlines()
    return next(n for n, line in enumerate(lines, 1) if line.endswith(end))


LEAKS = {
    "port": """
        reactor.listenTCP(0, server(), interface="127.0.0.1")  # here
    """,
    "UDP port": """
        reactor.listenUDP(0, protocol.DatagramProtocol(), interface="127.0.0.1")  # here
    """,
    "UNIX port": """
        reactor.listenUNIX("socket", server())  # here
    """,
    "delayed call": """
        reactor.callLater(60, print)  # here
    """,
    "reader": """
        ends = os.pipe()
        reactor.addReader(Fd(ends[0]))  # here
    """,
    "writer": """
        ends = os.pipe()
        reactor.addWriter(Fd(ends[1]))  # here
    """,
    "work in a thread": """
        reactor.callInThread(time.sleep, 0.3)  # here
    """,
    "process": """
        program = [sys.executable, "-c", "import time; time.sleep(30)"]
        reactor.spawnProcess(protocol.ProcessProtocol(), program[0], program)  # here
    """,
    "logged error": """
        log.err(KeyError("oh"), "no luck")  # here
    """,
    "unhandled error of a Deferred": """
        failing = Deferred()  # here
        failing.errback(ValueError("lost"))
        failing = None
    """,
    "port of the default reactor": """
        from sennit.core import reactor as default
        default.listenTCP(0, server(), interface="127.0.0.1")  # here
    """,
    "delayed call of the default reactor": """
        from sennit.core import reactor as default
        default.callLater(60, print)  # here
    """,
    "repeated call": """
        looping = task.LoopingCall(print)
        looping.clock = reactor
        looping.start(30)  # here
    """,
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("form", ["async def", "def"])
def test_what_is_left_behind_is_named_with_its_line(
    run: Run, kind: str, form: str
) -> None:
    source = f"{form} test_it(reactor):{LEAKS[kind]}\ndef test_next(reactor): pass\n"
    result = run(source)
    result.assert_outcomes(failed=1, passed=1)
    word = {"UDP port": "port", "UNIX port": "port"}.get(kind, kind)
    word = "delayed call" if kind == "repeated call" else word.partition(" of the ")[0]
    line = line_of(source)
    told = (PRELUDE + source).splitlines()[line - 1].strip()
    result.stdout.fnmatch_lines(
        [
            f"it leaves behind: {word} (test_it.py:{line})",
            f"  {word}: *",
            f"    * at test_it.py:{line} in test_it",
            f"      {told}",
        ]
    )


CONNECTED = """
async def connected(reactor):
    listening, connecting = server(), client()
    port = reactor.listenTCP(0, listening, interface="127.0.0.1")  # port
    reactor.connectTCP("127.0.0.1", port.getHost().port, connecting)  # client
    ours, theirs = await connecting.made, await listening.made
    await port.stopListening()
    return ours, theirs
"""


def test_both_ends_of_a_connection_are_named(run: Run) -> None:
    source = f"{CONNECTED}\nasync def test_it(reactor):\n    await connected(reactor)\n"
    result = run(source)
    result.assert_outcomes(failed=1)
    port, connector = line_of(source, "# port"), line_of(source, "# client")
    for line in (
        f"    accepted by the port made at test_it.py:{port} in connected",
        "  connection: <Quiet to IPv4Address(TCP, '127.0.0.1', *)>",
        f"    made at test_it.py:{connector} in connected",
    ):
        result.stdout.fnmatch_lines([line])


def test_what_is_being_closed_is_given_the_time_to_be(run: Run) -> None:
    source = f"""{CONNECTED}
async def test_it(reactor):
    ours, theirs = await connected(reactor)
    ours.transport.write(b"x" * 1000000)
    ours.transport.loseConnection()
    reactor.callLater(0, print)
"""
    run(source).assert_outcomes(passed=1)


def test_an_attempt_to_connect_is_named(run: Run) -> None:
    source = """
class Never:
    def getHostByName(self, name, timeout=None): return Deferred()

async def test_it(reactor):
    reactor.installResolver(Never())
    reactor.connectTCP("a.invalid", 80, client())  # here

async def test_next(reactor): pass
"""
    result = run(source)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [f"it leaves behind: attempt to connect (test_it.py:{line_of(source)})"]
    )


def test_a_handshake_that_has_not_ended_is_named(
    run: Run, pytester: pytest.Pytester, certificate: str
) -> None:
    pytester.makefile(".pem", server=certificate)
    source = """
from sennit.core import tls

async def test_it(reactor):
    options = tls.serverOptions("server.pem")
    port = reactor.listenSSL(0, server(), options, interface="127.0.0.1")  # here
    reader, writer = await asyncio.open_connection("127.0.0.1", port.getHost().port)
    await port.stopListening()
    await asyncio.sleep(0.05)
    reactor.addSystemEventTrigger("before", "shutdown", writer.close)
"""
    result = run(source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"it leaves behind: TLS handshake (test_it.py:{line_of(source)})",
            f"    accepted by the port made at test_it.py:{line_of(source)} in test_it",
        ]
    )


def test_a_process_that_is_left_behind_is_ended(run: Run) -> None:
    source = """
program = [sys.executable, "-c", "import time; time.sleep(30)"]
kept = []

async def test_it(reactor):
    ended = protocol.ProcessProtocol()
    kept.append(reactor.spawnProcess(ended, program[0], program).pid)

def test_next():
    with pytest.raises(ProcessLookupError):
        for _ in range(5000):
            os.kill(kept[0], 0)
            time.sleep(0.001)
"""
    run(source).assert_outcomes(failed=1, passed=1)


def test_an_error_in_a_circle_is_found_in_its_own_test(run: Run) -> None:
    source = """
def test_it(reactor):
    failing = Deferred()  # here
    failing.itself = failing
    failing.errback(ValueError("lost"))

def test_next(reactor): pass
"""
    result = run(source)
    result.assert_outcomes(failed=1, passed=1)
    name = f"unhandled error of a Deferred (test_it.py:{line_of(source)})"
    result.stdout.fnmatch_lines([f"it leaves behind: {name}", "*ValueError: lost"])


def test_what_a_protocol_raises_is_a_failure_of_the_test(run: Run) -> None:
    source = f"""{CONNECTED}
class Broken(protocol.Protocol):
    def connectionLost(self, reason):
        raise KeyError("broken")  # here

async def test_it(reactor):
    ours, theirs = await connected(reactor)
    theirs.transport.protocol = Broken()
    ours.transport.loseConnection()
    while theirs.transport.connected:
        await asyncio.sleep(0.001)
"""
    result = run(source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "  logged error of [[]*]: a protocol has failed*",
            f'*File "*test_it.py", line {line_of(source)}, in connectionLost',
        ]
    )


def test_the_program_is_named_and_the_test_that_called_it(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(
        shop="def open_shop(reactor, f):\n    reactor.listenTCP(0, f)\n"
    )
    source = """
import shop

async def test_it(reactor):
    shop.open_shop(reactor, server())  # here
"""
    run(source).stdout.fnmatch_lines(
        [
            "it leaves behind: port (shop.py:2)",
            "    made at shop.py:2 in open_shop, called from "
            f"test_it.py:{line_of(source)} in test_it",
        ]
    )


def test_errors_that_a_test_expects_are_taken(run: Run) -> None:
    source = """
async def test_taken(reactor, flushLoggedErrors):
    log.err(KeyError("one"))
    log.err(ValueError("two"))
    dropped = Deferred()
    dropped.itself = dropped
    dropped.errback(KeyError("three"))
    del dropped
    assert [str(f.value) for f in flushLoggedErrors(KeyError)] == ["'one'", "'three'"]
    assert [f.type for f in flushLoggedErrors()] == [ValueError]
    assert flushLoggedErrors() == []

async def test_not_all_taken(reactor, flushLoggedErrors):
    log.err(KeyError("one"))
    log.err(ValueError("two"))
    flushLoggedErrors(KeyError)
"""
    result = run(source)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  logged error: ValueError: two"])
    result.stdout.no_fnmatch_line("  logged error: KeyError*")


def test_what_others_log_by_logging_is_no_failure(run: Run) -> None:
    source = """
import logging

async def test_it(reactor):
    logging.getLogger("other").error("oh")
"""
    run(source).assert_outcomes(passed=1)


CLOSED_LATER = {
    "a fixture that yields": """
@pytest.fixture
def opened():
    ports = []
    yield ports
    for port in ports:
        port.stopListening()

async def test_it(reactor, opened):
    opened.append(reactor.listenTCP(0, server()))
""",
    "an asynchronous fixture": """
@pytest.fixture
async def opened():
    ports = []
    yield ports
    for port in ports:
        await port.stopListening()

async def test_it(opened, reactor):
    opened.append(reactor.listenTCP(0, server()))
""",
    "a finalizer": """
async def test_it(request, reactor):
    request.addfinalizer(reactor.listenTCP(0, server()).stopListening)
""",
    "a method": """
class TestIt:
    def teardown_method(self):
        self.port.stopListening()

    async def test_it(self, reactor):
        self.port = reactor.listenTCP(0, server())
""",
    "an autouse fixture": """
@pytest.fixture(autouse=True)
def opened():
    ports = []
    yield ports
    for port in ports:
        port.stopListening()

async def test_it(reactor, opened):
    opened.append(reactor.listenTCP(0, server()))
""",
}


@pytest.mark.parametrize("how", CLOSED_LATER)
def test_what_a_teardown_closes_is_not_left_behind(run: Run, how: str) -> None:
    run(CLOSED_LATER[how]).assert_outcomes(passed=1)


def test_what_no_teardown_closes_is_an_error_of_the_teardown(run: Run) -> None:
    source = """
@pytest.fixture
def other(reactor):
    yield reactor.listenTCP(0, server())  # here

async def test_it(other): pass

async def test_next(reactor): pass
"""
    result = run(source)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_it*",
            f"it leaves behind: port (test_it.py:{line_of(source)})",
            f"    made at test_it.py:{line_of(source)} in other",
        ]
    )


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        ("assert False", {"failed": 1}),
        ("pytest.skip()", {"skipped": 1}),
        ("pytest.xfail()", {"xfailed": 1}),
    ],
)
def test_a_test_that_does_not_pass_is_spared_the_list(
    run: Run, ending: str, outcome: dict[str, int]
) -> None:
    source = f"""
@pytest.fixture
def other():
    yield

async def test_it(reactor, other):
    reactor.listenTCP(8750, server(), interface="127.0.0.1")
    {ending}

async def test_next(reactor):
    port = reactor.listenTCP(8750, server(), interface="127.0.0.1")
    await port.stopListening()
"""
    result = run(source)
    result.assert_outcomes(**{"passed": 1, **outcome})
    result.stdout.no_fnmatch_line("*leaves behind*")


def test_every_loose_end_is_in_one_report(run: Run) -> None:
    both = LEAKS["port"].rstrip(" ") + LEAKS["delayed call"].lstrip("\n")
    result = run(f"async def test_it(reactor):{both}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["it leaves behind: port (*), delayed call (*)"])


def test_what_is_left_is_closed_before_the_next_test(run: Run) -> None:
    source = f"""{CONNECTED}
kept = []

async def test_it(reactor):
    kept.extend(await connected(reactor))
    kept.append(reactor.callLater(30, print))

def test_next():
    ours, theirs, call = kept
    assert not ours.transport.connected
    assert not theirs.transport.connected
    assert not call.active()
"""
    run(source).assert_outcomes(failed=1, passed=1)


def test_the_watch_holds_on_to_nothing(run: Run) -> None:
    source = f"""{CONNECTED}
async def test_it(reactor):
    ours, theirs = await connected(reactor)
    gone = weakref.ref(ours.transport)
    ours.transport.loseConnection()
    while theirs.transport.connected:
        await asyncio.sleep(0.001)
    ours = theirs = None
    await asyncio.sleep(0.01)
    import gc; gc.collect()
    assert gone() is None
"""
    run(source).assert_outcomes(passed=1)
