"""The basic protocols: lines, length-prefixed strings, files.

Subclass a receiver and override ``lineReceived`` or ``stringReceived``. Each limits what
it keeps for a connection, and hangs up on who exceeds that.
"""

from __future__ import annotations

from sennit.protocols.basic._files import FileSender as FileSender
from sennit.protocols.basic._lines import (
    LineOnlyReceiver as LineOnlyReceiver,
    LineReceiver as LineReceiver,
)
from sennit.protocols.basic._stringcodecs import (
    NetstringParseError as NetstringParseError,
)
from sennit.protocols.basic._strings import (
    Int8StringReceiver as Int8StringReceiver,
    Int16StringReceiver as Int16StringReceiver,
    Int32StringReceiver as Int32StringReceiver,
    IntNStringReceiver as IntNStringReceiver,
    NetstringReceiver as NetstringReceiver,
    StatefulStringProtocol as StatefulStringProtocol,
    StringTooLongError as StringTooLongError,
)

__all__ = [
    "FileSender",
    "Int16StringReceiver",
    "Int32StringReceiver",
    "Int8StringReceiver",
    "IntNStringReceiver",
    "LineOnlyReceiver",
    "LineReceiver",
    "NetstringParseError",
    "NetstringReceiver",
    "StatefulStringProtocol",
    "StringTooLongError",
]
