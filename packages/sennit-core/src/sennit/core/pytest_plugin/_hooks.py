"""What pytest calls: whose a test is, and how it and its fixtures are called.

This is imported by every pytest of the environment: nothing else of ours is, until a
test is ours.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Generator
from functools import wraps
from typing import TYPE_CHECKING, Any

import pytest

from sennit.core.pytest_plugin._kinds import isAsynchronous
from sennit.core.pytest_plugin._settings import (
    AUTO,
    FIXTURE,
    MARK,
    Settings,
    checkSettings,
    modeOf,
)

if TYPE_CHECKING:
    from sennit.core.pytest_plugin._run import Run

__all__ = [
    "CURRENT",
    "pytest_addoption",
    "pytest_configure",
    "pytest_enter_pdb",
    "pytest_fixture_setup",
    "pytest_generate_tests",
    "pytest_pycollect_makeitem",
    "pytest_pyfunc_call",
]

# The marks by which other plugins claim a coroutine.
_OTHERS = frozenset(["anyio", "asyncio", "tornasync", "trio", "twisted"])

# Whether a test has fixtures that may still close what it leaves.
CLOSERS = pytest.StashKey[bool]()

# The test of ours that is being run.
CURRENT = pytest.StashKey["Run"]()

# Seconds. A connection is given up after 30 by itself, with an error that says more
# than ours would: let it come first.
_TIMEOUT = "60"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the ini file."""
    parser.addini(
        "sennit_mode",
        "whose tests run on a reactor of sennit: strict (those that use its reactor "
        "fixture or its mark) or auto (all that no other plugin claims)",
        default="strict",
    )
    parser.addini(
        "sennit_timeout",
        "seconds after which a test on a reactor of sennit is given up; 0 for never",
        default=_TIMEOUT,
    )
    parser.addini(
        "sennit_loops",
        "the loops that each test on a reactor of sennit runs on, such as: "
        "asyncio uvloop",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Describe the mark; refuse settings that have no meaning."""
    config.addinivalue_line(
        "markers",
        "sennit(timeout=SECONDS, loop=NAME): run on a fresh reactor of sennit; the "
        "loop is asyncio, uvloop, package.module:factory, or a list of these",
    )
    checkSettings(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> None:
    """Give the fixture that makes a test ours to those that are to be."""
    if inspect.isclass(obj) or not collector.istestfunction(obj, name):
        return
    use: pytest.MarkDecorator = pytest.mark.usefixtures(FIXTURE)
    marks = {mark.name for mark in getattr(obj, "pytestmark", ())}
    if MARK in marks:
        use(obj)
        return
    for node in collector.listchain():
        if any(mark.name == MARK for mark in node.own_markers):
            if use.mark not in node.own_markers:
                node.add_marker(use)
            return
    marks.update(mark.name for mark in collector.iter_markers())
    if modeOf(collector.config) == AUTO and not marks & _OTHERS:
        use(obj)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of ours once on each of its loops."""
    if FIXTURE not in metafunc.fixturenames:
        return
    _put_before_others(metafunc)
    loops = Settings.of(metafunc.definition).loops
    if len(loops) > 1:
        metafunc.parametrize(FIXTURE, loops, indirect=True, ids=map(str, loops))


def _put_before_others(metafunc: pytest.Metafunc) -> None:
    """Have our fixture outlive the test's others, which may close what it watches.

    But not those of a wider scope, which outlive it.
    """
    names = metafunc.fixturenames
    known = getattr(metafunc, "_arg2fixturedefs", {})
    names.remove(FIXTURE)
    for index, name in enumerate(names):
        if name in known and known[name][-1].scope == "function":
            names.insert(index, FIXTURE)
            return
    names.append(FIXTURE)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Run the asynchronous fixtures of a test of ours on its reactor."""
    function = fixturedef.func
    item = request.node
    ours = FIXTURE in getattr(item, "fixturenames", ())
    if not ours or fixturedef.scope != "function":
        return (yield)
    if _may_close(fixturedef):
        item.stash[CLOSERS] = True
    if not isAsynchronous(function) or _is_of_pytest_asyncio(function):
        return (yield)
    run: Run = request.getfixturevalue(FIXTURE)
    replaced: Any = fixturedef
    replaced.func = run.drive.fixture(_bound(function, request.instance))
    try:
        return (yield)
    finally:
        replaced.func = function


def _may_close(fixturedef: pytest.FixtureDef[Any]) -> bool:
    """Whether something may happen in the teardown of a fixture of the program's."""
    module = str(getattr(fixturedef.func, "__module__", ""))
    if module.startswith("sennit.core.pytest_plugin"):
        return False
    # Of pytest's own fixtures, those call teardown_method and teardown_function.
    if module.startswith("_pytest.") and module != "_pytest.python":
        return False
    if "request" in fixturedef.argnames:
        return True
    function = fixturedef.func
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


def _is_of_pytest_asyncio(function: object) -> bool:
    """Whether a fixture was made by ``pytest_asyncio.fixture``: its loop is not ours."""
    return getattr(function, "_force_asyncio_fixture", False)


def _bound(function: Any, instance: object) -> Any:
    """Bind the fixture of a test class, whose instance it has is not that of the test."""
    if inspect.ismethod(function) and isinstance(instance, type(function.__self__)):
        return function.__func__.__get__(instance)
    return function


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(
    pyfuncitem: pytest.Function,
) -> Generator[None, object, object]:
    """Wait for what a test of ours returns; then see what it leaves behind."""
    run: Any = pyfuncitem.funcargs.get(FIXTURE)
    # Hypothesis keeps the function that it calls within the one that pytest calls, and
    # itself complains of what that returns.
    handle = getattr(pyfuncitem.obj, "hypothesis", None)
    if run is None and (handle or "sennit.core.defer" not in sys.modules):
        return (yield)
    holder, name = (pyfuncitem, "obj") if handle is None else (handle, "inner_test")
    function = called = getattr(holder, name)
    if run is not None and type(pyfuncitem).__module__.startswith("pytest_asyncio"):
        # In its auto mode it has taken this test too; what it would call is within.
        called = function.__wrapped__
    setattr(holder, name, _refusing(called) if run is None else run.drive.test(called))
    try:
        result = yield
    finally:
        setattr(holder, name, function)
    if run is not None:
        if not _is_cleaned_up(pyfuncitem):
            run.judge()
        run.passed = True
    return result


def _refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a test fail that returns a Deferred and is not ours: nobody waits for it."""
    if isAsynchronous(function):
        return function
    from sennit.core.defer import Deferred  # there already, or this is not called

    @wraps(function)
    def test(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        result = function(*args, **kwargs)
        if isinstance(result, Deferred):
            pytest.fail(
                "it returns a Deferred, for which nobody waits: use the reactor fixture "
                "of sennit, or mark it @pytest.mark.sennit, or set sennit_mode = auto",
                pytrace=False,
            )
        return result

    return test


def _is_cleaned_up(item: pytest.Function) -> bool:
    """Whether something may still close, in a teardown, what a test has opened."""
    own = inspect.signature(item.function).parameters
    return item.stash.get(CLOSERS, False) or "request" in own


def pytest_enter_pdb(config: pytest.Config) -> None:
    """Give a test as much time as the person at the debugger takes."""
    run: Run | None = config.stash.get(CURRENT, None)
    if run is not None:
        run.drive.takeYourTime()
