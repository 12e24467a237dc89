"""AMP: typed calls, both ways over one connection, with answers in any order.

Declare a `Command`, answer it with a method of an `AMP` protocol, ask it with
``callRemote``. Both sides are alike; each may ask at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.protocols.amp._arguments import (
    Argument as Argument,
    Boolean as Boolean,
    Decimal as Decimal,
    Float as Float,
    Integer as Integer,
    Path as Path,
    String as String,
    Unicode as Unicode,
)
from sennit.protocols.amp._binary import BinaryBoxProtocol as BinaryBoxProtocol
from sennit.protocols.amp._boxes import (
    ANSWER as ANSWER,
    ASK as ASK,
    COMMAND as COMMAND,
    ERROR as ERROR,
    ERROR_CODE as ERROR_CODE,
    ERROR_DESCRIPTION as ERROR_DESCRIPTION,
    AmpBox as AmpBox,
    Box as Box,
    QuitBox as QuitBox,
    parse as parse,
    parseString as parseString,
)
from sennit.protocols.amp._commands import Command as Command
from sennit.protocols.amp._depth import MAX_DEPTH as MAX_DEPTH
from sennit.protocols.amp._descriptors import Descriptor as Descriptor
from sennit.protocols.amp._dispatch import BoxDispatcher as BoxDispatcher
from sennit.protocols.amp._errors import (
    PROTOCOL_ERRORS as PROTOCOL_ERRORS,
    TOO_LONG_ERROR_CODE as TOO_LONG_ERROR_CODE,
    UNHANDLED_ERROR_CODE as UNHANDLED_ERROR_CODE,
    UNKNOWN_ERROR_CODE as UNKNOWN_ERROR_CODE,
    AmpError as AmpError,
    BadLocalReturn as BadLocalReturn,
    BoxTooLong as BoxTooLong,
    BudgetExceeded as BudgetExceeded,
    IncompatibleVersions as IncompatibleVersions,
    InvalidSignature as InvalidSignature,
    MalformedAmpBox as MalformedAmpBox,
    NestedTooDeep as NestedTooDeep,
    NoBigValues as NoBigValues,
    NoEmptyBoxes as NoEmptyBoxes,
    OnlyOneTLS as OnlyOneTLS,
    ProtocolSwitched as ProtocolSwitched,
    RemoteAmpError as RemoteAmpError,
    TooLong as TooLong,
    TooManyCalls as TooManyCalls,
    TooManyKeys as TooManyKeys,
    UnhandledCommand as UnhandledCommand,
    UnknownRemoteError as UnknownRemoteError,
)
from sennit.protocols.amp._lists import AmpList as AmpList, ListOf as ListOf
from sennit.protocols.amp._locate import (
    CommandLocator as CommandLocator,
    SimpleStringLocator as SimpleStringLocator,
)
from sennit.protocols.amp._names import PYTHON_KEYWORDS as PYTHON_KEYWORDS
from sennit.protocols.amp._protocol import AMP as AMP
from sennit.protocols.amp._records import Record as Record
from sennit.protocols.amp._switch import ProtocolSwitchCommand as ProtocolSwitchCommand
from sennit.protocols.amp._times import DateTime as DateTime, utc as utc
from sennit.protocols.amp._tls import StartTLS as StartTLS
from sennit.protocols.amp._wire import (
    MAX_KEY_LENGTH as MAX_KEY_LENGTH,
    MAX_VALUE_LENGTH as MAX_VALUE_LENGTH,
)

if TYPE_CHECKING:
    from sennit.protocols.amp.contracts import (
        IArgumentType as IArgumentType,
        IBoxReceiver as IBoxReceiver,
        IBoxSender as IBoxSender,
        IResponderLocator as IResponderLocator,
    )

__all__ = [
    "AMP",
    "ANSWER",
    "ASK",
    "AmpBox",
    "AmpError",
    "AmpList",
    "Argument",
    "BadLocalReturn",
    "BinaryBoxProtocol",
    "Boolean",
    "Box",
    "BoxDispatcher",
    "BoxTooLong",
    "BudgetExceeded",
    "COMMAND",
    "Command",
    "CommandLocator",
    "DateTime",
    "Decimal",
    "Descriptor",
    "ERROR",
    "ERROR_CODE",
    "ERROR_DESCRIPTION",
    "Float",
    "IArgumentType",
    "IBoxReceiver",
    "IBoxSender",
    "IResponderLocator",
    "IncompatibleVersions",
    "Integer",
    "InvalidSignature",
    "ListOf",
    "MAX_DEPTH",
    "MAX_KEY_LENGTH",
    "MAX_VALUE_LENGTH",
    "MalformedAmpBox",
    "NestedTooDeep",
    "NoBigValues",
    "NoEmptyBoxes",
    "OnlyOneTLS",
    "PROTOCOL_ERRORS",
    "PYTHON_KEYWORDS",
    "Path",
    "ProtocolSwitchCommand",
    "ProtocolSwitched",
    "QuitBox",
    "Record",
    "RemoteAmpError",
    "SimpleStringLocator",
    "StartTLS",
    "String",
    "TOO_LONG_ERROR_CODE",
    "TooLong",
    "TooManyCalls",
    "TooManyKeys",
    "UNHANDLED_ERROR_CODE",
    "UNKNOWN_ERROR_CODE",
    "UnhandledCommand",
    "Unicode",
    "UnknownRemoteError",
    "parse",
    "parseString",
    "utc",
]

# The interfaces are made when somebody asks for them: zope is slow to import.
_INTERFACES = ("IArgumentType", "IBoxReceiver", "IBoxSender", "IResponderLocator")


def __getattr__(name: str) -> Any:
    if name in _INTERFACES:
        from sennit.protocols.amp import interfaces

        return getattr(interfaces, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
