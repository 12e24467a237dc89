"""A reactor that greets once, and then runs until Ctrl-C.

usage: hello.py
"""

from sennit.core import reactor


def greet() -> None:
    print("Hello from the reactor loop!")
    print("Lately I feel like I'm stuck in a rut.", flush=True)


reactor.callWhenRunning(greet)
print("Starting the reactor.")
reactor.run()
