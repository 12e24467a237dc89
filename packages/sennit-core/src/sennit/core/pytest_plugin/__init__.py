"""Tests on a reactor: what pytest is given by having sennit-core installed.

A test that uses the `reactor` fixture or is marked ``@pytest.mark.sennit`` runs on a fresh
reactor, on a fresh loop. It may be a coroutine function, or return a Deferred. If it
passes but leaves something behind, it fails, and the line is named that made it.

Every pytest of the environment imports this, so it imports next to nothing: no
reactor, no loop. These come with the first test that wants them. Nothing is done to
tests that do not.

**Whose is a test?** Several plugins run coroutines, and none must take another's. With
``sennit_mode = strict``, the default, a test is ours if it says so: by the mark, or by the
fixture. The fixture is looked up as any other, so where a conftest has its own
``reactor`` that one is used, and the test is not ours. With ``sennit_mode = auto`` all test
functions are ours that bear no other plugin's mark. Rejected: to take coroutine
functions that nobody claims, since whether somebody does depends on what is installed.

**When is something left behind?** Once all fixtures of the test that may close it are torn
down. Where there are none, that is when the test function ends, and the test itself
fails; otherwise the end comes with the teardown, and pytest reports an error there.
What is being closed is given time to be. A test that fails anyhow is spared the list:
what it opened it had no chance to close.

**Where was it made?** Everything open enters itself into ``binding.live`` of its reactor.
For the time of a test that is a set which notes the place; Deferreds and delayed calls
note theirs by their own means. Without a test of ours all this is off, and costs
nothing.
"""

from __future__ import annotations

from sennit.core.pytest_plugin._fixtures import (
    _sennit as _sennit,
    clock as clock,
    flushLoggedErrors as flushLoggedErrors,
    memoryReactor as memoryReactor,
    reactor as reactor,
)
from sennit.core.pytest_plugin._hooks import (
    pytest_addoption as pytest_addoption,
    pytest_configure as pytest_configure,
    pytest_enter_pdb as pytest_enter_pdb,
    pytest_fixture_setup as pytest_fixture_setup,
    pytest_generate_tests as pytest_generate_tests,
    pytest_pycollect_makeitem as pytest_pycollect_makeitem,
    pytest_pyfunc_call as pytest_pyfunc_call,
)

__all__ = [
    "clock",
    "flushLoggedErrors",
    "memoryReactor",
    "reactor",
]
