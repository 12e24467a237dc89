"""A Deferred that is given a Failure: its errback is called.

usage: defer_2.py
"""

from sennit.core.defer import Deferred
from sennit.core.failure import Failure


def served(poem: str) -> None:
    print("Your poem is served:")
    print(poem)


def failed(err: Failure) -> None:
    print("No poetry for you.")


d: Deferred[str] = Deferred()
d.addCallbacks(served, failed)
d.errback(Failure(Exception("I have failed.")))
print("Finished")
