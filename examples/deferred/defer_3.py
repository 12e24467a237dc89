"""A Deferred that is given an exception: it makes a Failure of it.

usage: defer_3.py
"""

from sennit.core.defer import Deferred
from sennit.core.failure import Failure


def served(poem: str) -> None:
    print("Your poem is served:")
    print(poem)


def failed(err: Failure) -> None:
    print(err.__class__)
    print(err)
    print("No poetry for you.")


d: Deferred[str] = Deferred()
d.addCallbacks(served, failed)
d.errback(Exception("I have failed."))
