"""Any bytes are a message of XML-RPC or a named error; what is read can be sent again.

    pip install atheris && python packages/sennit-web/fuzz/fuzz_xmlrpc.py [FOLDER]

The folder keeps what was interesting.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from sennit.web import xmlrpc

LIMITS = xmlrpc.Limits(maxBytes=10_000, maxValues=200, maxDepth=20)


def check(data: bytes) -> None:
    """Read it as a call and as an answer."""
    for useDateTime in (False, True):
        try:
            name, args = xmlrpc.loadCall(data, LIMITS, useDateTime)
        except xmlrpc.XMLRPCError:
            continue
        try:
            sent = xmlrpc.dumpCall(name, args, allowNone=True)
        except xmlrpc.CannotSend:
            # Integers that others have added, which are read and not written.
            continue
        assert xmlrpc.loadCall(sent, useDateTime=useDateTime)[0] == name
    try:
        xmlrpc.loadResponse(data, LIMITS)
    except (xmlrpc.XMLRPCError, xmlrpc.Fault):
        return


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
