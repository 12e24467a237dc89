"""A Deferred that is given a result: its callback is called.

usage: defer_1.py
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
d.callback("This poem is short.")
print("Finished")
