"""A chain of callbacks and errbacks: what each one gets, and gives."""

from sennit.core.defer import Deferred
from sennit.core.failure import Failure


def show(number: int) -> int:
    print("a number:", number)
    return number


def divide(number: int) -> float:
    return 10 / number


def mend(failure: Failure) -> float:
    failure.trap(ZeroDivisionError)
    print("mended:", failure.getErrorMessage())
    return 0.0


for text in ("5", "0"):
    d: Deferred[str] = Deferred()
    d.addCallback(int).addCallback(show).addCallback(divide)
    d.addErrback(mend)
    d.addCallback(print)
    d.callback(text)
