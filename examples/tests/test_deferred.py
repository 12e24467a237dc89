"""The first Deferreds print what they are given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run


def test_a_result_calls_the_callback(run: Run) -> None:
    assert run("deferred/defer_1.py").ends().splitlines() == [
        "Your poem is served:",
        "This poem is short.",
        "Finished",
    ]


def test_a_failure_calls_the_errback(run: Run) -> None:
    assert run("deferred/defer_2.py").ends() == "No poetry for you.\nFinished\n"


def test_an_exception_becomes_a_failure(run: Run) -> None:
    first, *others = run("deferred/defer_3.py").finish().splitlines()
    assert re.fullmatch(r"<class 'sennit\.core\.failure\.[\w.]*Failure'>", first)
    assert others == [
        "[Failure instance: Traceback (failure with no frames): "
        "<class 'Exception'>: I have failed.",
        "]",
        "No poetry for you.",
    ]
