"""Show who calls a function that the reactor was asked to call.

usage: stack.py
"""

import traceback

from sennit.core import reactor


def stack() -> None:
    print("The python stack:", flush=True)
    traceback.print_stack()


reactor.callWhenRunning(stack)
reactor.run()
