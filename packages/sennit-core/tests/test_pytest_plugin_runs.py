"""Tests that wait run on a reactor of their own, and all that pytest does stays true."""

from __future__ import annotations

import importlib
import importlib.metadata
import subprocess
import sys
from collections.abc import Callable

import pytest

# After an inner run only those modules are left that were there before.
importlib.import_module("sennit.core.pytest_plugin._run")
importlib.import_module("hypothesis")

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "sennit.core.pytest_plugin")

PRELUDE = """\
import asyncio, contextvars, os, signal
import pytest
from sennit.core import defer, protocol, task, threads
from sennit.core.defer import Deferred, inlineCallbacks

"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest, with this plugin alone, on test functions."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(source: str, *options: str, input: str | None = None) -> pytest.RunResult:
        pytester.makepyfile(test_it=PRELUDE + source)
        if input is None:
            return pytester.runpytest(*PLUGIN, *options)
        command = (sys.executable, "-m", "pytest", *PLUGIN, *options)
        return pytester.run(*command, stdin=input.encode(), timeout=60)

    return run


# What waits


def test_each_kind_of_test_that_waits_is_waited_for(run: Run) -> None:
    source = """
seen = []

async def test_coroutine(reactor):
    await task.deferLater(reactor, 0.001)
    await asyncio.sleep(0)
    assert reactor.loop is asyncio.get_running_loop()
    seen.append("coroutine")

@inlineCallbacks
def test_generator(reactor):
    yield task.deferLater(reactor, 0.001)
    yield Deferred.fromCoroutine(asyncio.sleep(0))
    seen.append("generator")

def test_deferred(reactor):
    return task.deferLater(reactor, 0.001, seen.append, "deferred")

def test_reactor_that_is_run(reactor):
    reactor.callLater(0, seen.append, "run")
    reactor.callLater(0, reactor.stop)
    reactor.run()

def test_fixtures_are_what_is_asked_for(reactor, clock, memoryReactor):
    memoryReactor.listenTCP(80, None)
    clock.callLater(3, seen.append, "clock")
    clock.advance(3)
    assert memoryReactor.tcpServers

def test_all():
    assert seen == ["coroutine", "generator", "deferred", "run", "clock"]
"""
    run(source).assert_outcomes(passed=6)


def test_each_kind_of_test_fails_with_its_own_line(run: Run) -> None:
    source = """
async def test_coroutine(reactor):
    await asyncio.sleep(0)
    assert [1] == [2]

@inlineCallbacks
def test_generator(reactor):
    yield task.deferLater(reactor, 0.001)
    assert [3] == [4]

def test_deferred(reactor):
    def late():
        assert [5] == [6]
    return task.deferLater(reactor, 0.001, late)
"""
    result = run(source)
    result.assert_outcomes(failed=3)
    for left in (1, 3, 5):
        result.stdout.fnmatch_lines(
            [
                f">*assert [[]{left}[]] == [[]{left + 1}[]]",
                f"E*At index 0 diff: {left} != {left + 1}",
            ]
        )
    result.stdout.no_fnmatch_line("*sennit*/*.py*")


def test_outcomes_parameters_and_classes_are_those_of_pytest(run: Run) -> None:
    source = """
pytestmark = pytest.mark.sennit

async def test_skip():
    pytest.skip("not today")

@pytest.mark.xfail(raises=KeyError)
async def test_xfail():
    raise KeyError

@pytest.mark.xfail(strict=True)
async def test_passes_though(): pass

@pytest.mark.parametrize("n", [1, 2, 3])
async def test_parameter(n):
    await asyncio.sleep(0)
    assert n < 3

class TestClass:
    @pytest.fixture
    async def given(self):
        self.made = "here"
        return 5

    async def test_method(self, given):
        assert (self.made, given) == ("here", 5)

    @staticmethod
    async def test_static(given):
        assert given == 5
"""
    result = run(source, "-rs")
    result.assert_outcomes(passed=4, failed=2, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["SKIPPED [[]1[]] test_it.py:10: not today"])


def test_after_the_first_failure_the_run_may_end(run: Run) -> None:
    source = """
async def test_one(reactor):
    reactor.callLater(60, print)

async def test_two(reactor): pass
"""
    result = run(source, "-x")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*stopping after 1 failures*"])


def test_hypothesis_calls_a_test_that_waits(run: Run) -> None:
    source = """
from hypothesis import HealthCheck, given, settings, strategies

seen = []

@pytest.mark.sennit
@settings(max_examples=5, database=None)
@given(strategies.integers())
async def test_it(n):
    await asyncio.sleep(0)
    seen.append(n)

def test_next():
    assert len(seen) == 5
"""
    result = run(source, "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)


# Whose tests


FORMS = {
    "a coroutine": "async def test_it():\n    await asyncio.sleep(0)\n",
    "a Deferred": "def test_it():\n    return defer.succeed(1)\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_in_strict_mode_a_test_has_to_say_that_it_is_ours(run: Run, form: str) -> None:
    run(FORMS[form]).assert_outcomes(failed=1)
    run(f"@pytest.mark.sennit\n{FORMS[form]}").assert_outcomes(passed=1)
    run(f"pytestmark = pytest.mark.sennit\n{FORMS[form]}").assert_outcomes(passed=1)


@pytest.mark.parametrize("form", FORMS)
def test_in_auto_mode_all_tests_are_ours(run: Run, form: str) -> None:
    auto = ("-o", "sennit_mode=auto")
    run(FORMS[form], *auto).assert_outcomes(passed=1)
    others = f"@pytest.mark.asyncio\n{FORMS[form]}"
    run(others, *auto, "-o", "markers=asyncio").assert_outcomes(failed=1)


def test_a_deferred_for_which_nobody_waits_is_a_failure(run: Run) -> None:
    result = run(FORMS["a Deferred"])
    result.stdout.fnmatch_lines(["it returns a Deferred, for which nobody waits: *"])


def test_the_mark_on_a_class_is_for_its_own_tests_alone(run: Run) -> None:
    source = """
class Base:
    async def test_it(self):
        await asyncio.sleep(0)

@pytest.mark.sennit
class TestOurs(Base): pass

class TestNobodys(Base): pass
"""
    run(source).assert_outcomes(passed=1, failed=1)


def test_a_fixture_of_the_programs_own_comes_before_ours(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        "import pytest\n@pytest.fixture\ndef reactor(): return 'its own'\n"
    )
    source = """
import sys

def test_it(reactor):
    assert reactor == "its own"

def test_none_is_made(request):
    assert "_sennit" not in request.fixturenames
"""
    run(source).assert_outcomes(passed=2)


# Time


HANGING = """
async def test_it(reactor):
    await outer()

async def outer():
    await inner()

@inlineCallbacks
def inner():
    yield Deferred.fromCoroutine(innermost())

async def innermost():
    async for _ in never(): pass

async def never():
    yield 1
    await promised()

def promised():
    return Deferred()
"""


def test_a_test_that_hangs_fails_with_the_lines_where_it_does(run: Run) -> None:
    result = run(HANGING, "-o", "sennit_timeout=0.1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "it has not ended in 0.1 seconds; it hangs here:",
            "  File *, line 8, in test_it",
            "    await outer()",
            "    await inner()",
            "    yield Deferred.fromCoroutine(innermost())",
            "    async for _ in never(): pass",
            "    await promised()",
            "It waits for <Deferred at 0x*>, made at *test_it.py:25 in promised",
        ],
        consecutive=False,
    )


def test_the_mark_says_how_long(run: Run) -> None:
    source = """
@pytest.mark.sennit(timeout=0.1)
class TestIt:
    async def test_short(self):
        await asyncio.sleep(30)

    @pytest.mark.sennit(timeout=0)
    async def test_long(self):
        await asyncio.sleep(0.3)

    @pytest.mark.sennit(loop="asyncio")
    def test_deferred(self):
        return Deferred()
"""
    result = run(source)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*await asyncio.sleep(30)", "It waits for <Deferred*"])


def test_a_test_that_does_not_heed_its_cancellation_is_given_up(run: Run) -> None:
    source = """
@pytest.mark.sennit(timeout=0.1)
async def test_it():
    for _ in range(2):
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            pass
"""
    result = run(source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["it has not ended in 0.1 seconds; it hangs here:"])


def test_a_fixture_that_hangs_is_named(run: Run) -> None:
    source = """
@pytest.fixture
async def slow():
    await asyncio.sleep(30)

@pytest.mark.sennit(timeout=0.1)
async def test_it(slow): pass
"""
    result = run(source)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the fixture slow has not ended in 0.1 seconds*"])


# Loops


def test_each_test_runs_once_on_each_loop(run: Run) -> None:
    source = """
def name(loop):
    return type(loop).__module__.partition(".")[0]

async def test_both(reactor):
    assert name(asyncio.get_running_loop()) == name(reactor.loop)
    seen.append(name(reactor.loop))

@pytest.mark.sennit(loop="uvloop")
async def test_one(reactor):
    seen.append(name(reactor.loop))

@pytest.mark.sennit(loop=["asyncio", "asyncio:new_event_loop"])
@pytest.mark.parametrize("n", [1, 2])
async def test_others(reactor, n):
    seen.append(n)

def test_all():
    assert seen == ["asyncio", "uvloop", "uvloop", 1, 2, 1, 2]

seen = []
"""
    result = run(source, "-v", "-o", "sennit_loops=asyncio uvloop")
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(
        [
            "*::test_both[[]asyncio[]] PASSED*",
            "*::test_both[[]uvloop[]] PASSED*",
            "*::test_one PASSED*",
            "*::test_others[[]*asyncio:new_event_loop*[]] PASSED*",
        ]
    )


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        ("5", "the mark sennit takes timeout=SECONDS and loop=NAME*, not 5"),
        ("patience=5", "the mark sennit takes timeout=SECONDS and *, not patience"),
        ("timeout='long'", "the timeout of the mark sennit is 'long': it takes sec*"),
        ("loop=5", "the loop of the mark sennit is 5: it takes asyncio, uvloop, *"),
    ],
)
def test_a_mark_that_has_no_meaning_is_refused(
    run: Run, mark: str, complaint: str
) -> None:
    result = run(f"@pytest.mark.sennit({mark})\nasync def test_it(): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{complaint}"])


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("sennit_mode=all", "sennit_mode is 'all': it takes strict or auto"),
        ("sennit_timeout=-1", "sennit_timeout is '-1': it takes seconds, or 0 *"),
        ("sennit_timeout=nan", "sennit_timeout is 'nan': it takes seconds, or 0 *"),
    ],
)
def test_a_setting_that_has_no_meaning_is_refused(
    run: Run, setting: str, complaint: str
) -> None:
    result = run("", "-o", setting)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {complaint}"])


# Fixtures


def test_fixtures_run_on_the_loop_of_the_test_from_first_to_last(run: Run) -> None:
    source = """
variable = contextvars.ContextVar("variable", default="as it was")
order = []

@pytest.fixture
async def outer(reactor):
    order.append(asyncio.get_running_loop())
    variable.set("set")
    yield "outer"
    await asyncio.sleep(0)
    order.append("outer ends")

@pytest.fixture
@inlineCallbacks
def inner(outer):
    yield Deferred.fromCoroutine(asyncio.sleep(0))
    order.append("inner")
    return outer + " and inner"

@pytest.fixture
def plain(inner):
    yield inner
    order.append("plain ends")

async def test_it(plain, reactor):
    assert plain == "outer and inner"
    assert variable.get() == "set"
    assert order == [asyncio.get_running_loop(), "inner"]

def test_next():
    assert order[2:] == ["plain ends", "outer ends"]
    assert variable.get() == "as it was"
"""
    run(source).assert_outcomes(passed=2)


def test_a_plain_test_may_use_a_fixture_that_waits(run: Run) -> None:
    source = """
@pytest.fixture
async def waited():
    await asyncio.sleep(0)
    return 5

@pytest.mark.sennit
def test_it(waited):
    assert waited == 5
"""
    run(source).assert_outcomes(passed=1)


def test_what_a_fixture_raises_is_its_error(run: Run) -> None:
    source = """
@pytest.fixture
async def broken():
    raise KeyError("at the beginning")

@pytest.fixture
async def broken_later():
    yield
    raise KeyError("at the end")

@pytest.fixture
async def twice():
    yield
    yield

@pytest.mark.sennit
def test_first(broken): pass

@pytest.mark.sennit
def test_second(broken_later): pass

@pytest.mark.sennit
def test_third(twice): pass
"""
    result = run(source)
    result.assert_outcomes(passed=2, errors=3)
    for line in ("E*'at the beginning'", "E*'at the end'", "twice yields twice"):
        result.stdout.fnmatch_lines([line])


# The default reactor


def test_the_default_reactor_is_on_the_loop_of_each_test(run: Run) -> None:
    source = """
pytestmark = pytest.mark.sennit

async def test_it():
    from sennit.core import reactor
    assert await threads.deferToThread(lambda: 5) == 5
    assert reactor.loop is asyncio.get_running_loop()

async def test_it_again():
    await test_it()

def test_it_is_let_go_of():
    from sennit.core import reactor
    assert reactor.loop is None
    assert not reactor.running
"""
    run(source).assert_outcomes(passed=3)


def test_a_program_may_stop_its_reactor(run: Run) -> None:
    source = """
async def test_it(reactor):
    ended = Deferred()
    reactor.addSystemEventTrigger("before", "shutdown", ended.callback, None)
    reactor.listenTCP(0, protocol.Factory())
    reactor.stop()
    await ended
    while reactor.running:
        await asyncio.sleep(0.001)

async def test_it_does_not_wait(reactor):
    reactor.stop()
"""
    run(source).assert_outcomes(passed=2)


# People


def test_an_interrupt_ends_the_run_at_once(run: Run) -> None:
    # Where these tests run in the background, the signal is ignored from the start.
    source = """
signal.signal(signal.SIGINT, signal.default_int_handler)

async def test_it(reactor):
    reactor.callLater(0.1, os.kill, os.getpid(), signal.SIGINT)
    await Deferred()

async def test_never(reactor): pass
"""
    for loop in ("asyncio", "uvloop"):
        result = run(source, "-o", f"sennit_loops={loop}", input="")
        assert result.ret == pytest.ExitCode.INTERRUPTED
        result.stdout.fnmatch_lines(["*KeyboardInterrupt*", "*no tests ran in *"])


def test_the_debugger_opens_where_the_test_has_failed(run: Run) -> None:
    source = """
async def test_it(reactor):
    secret = "opened"
    await asyncio.sleep(0)
    assert secret == "closed"
"""
    result = run(source, "--pdb", input="p secret + ' here'\nc\n")
    result.stdout.fnmatch_lines(["*(Pdb) 'opened here'*"])


def test_whoever_debugs_has_all_the_time(run: Run) -> None:
    source = """
@pytest.mark.sennit(timeout=0.2)
async def test_it():
    breakpoint()
    await asyncio.sleep(0.01)
"""
    wait = "import time; time.sleep(0.4)\nc\n"
    run(source, input=wait).assert_outcomes(passed=1)


# By itself


def test_pytest_finds_it_by_itself() -> None:
    (found,) = importlib.metadata.entry_points(group="pytest11", name="sennit")
    assert found.value == "sennit.core.pytest_plugin"


def test_nothing_is_imported_for_tests_that_are_not_ours(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            ours = {name for name in sys.modules if name.startswith("sennit.")}
            plugin = {name for name in ours if "pytest_plugin" in name}
            assert ours - plugin == {"sennit.core"}
            assert not {"asyncio", "uvloop", "zope"} & set(sys.modules)
        """
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGIN],
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
