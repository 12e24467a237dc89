"""Banana: expressions of bytes, numbers and lists, as bytes.

`encode` and `decode` are for whole expressions, `Decoder` for bytes that come in any
pieces, and the protocol `Banana` for connections.
"""

from __future__ import annotations

from sennit.spread.banana._budgets import (
    DEFAULT_LIMITS as DEFAULT_LIMITS,
    SIZE_LIMIT as SIZE_LIMIT,
    Limits as Limits,
)
from sennit.spread.banana._decode import Decoder as Decoder
from sennit.spread.banana._errors import (
    BananaError as BananaError,
    Incomplete as Incomplete,
    ItemTooLong as ItemTooLong,
    MalformedBanana as MalformedBanana,
    MessageTooLong as MessageTooLong,
    NestedTooDeep as NestedTooDeep,
    NumberTooLong as NumberTooLong,
    TooManyItems as TooManyItems,
    UnknownWord as UnknownWord,
    Unsendable as Unsendable,
)
from sennit.spread.banana._protocol import (
    Banana as Banana,
    decode as decode,
    encode as encode,
    setPrefixLimit as setPrefixLimit,
)
from sennit.spread.banana._tokens import (
    FLOAT as FLOAT,
    INT as INT,
    LIST as LIST,
    LONGINT as LONGINT,
    LONGNEG as LONGNEG,
    NEG as NEG,
    STRING as STRING,
    VOCAB as VOCAB,
    b1282int as b1282int,
    int2b128 as int2b128,
)

__all__ = [
    "Banana",
    "BananaError",
    "DEFAULT_LIMITS",
    "Decoder",
    "FLOAT",
    "INT",
    "Incomplete",
    "ItemTooLong",
    "LIST",
    "LONGINT",
    "LONGNEG",
    "Limits",
    "MalformedBanana",
    "MessageTooLong",
    "NEG",
    "NestedTooDeep",
    "NumberTooLong",
    "SIZE_LIMIT",
    "STRING",
    "TooManyItems",
    "UnknownWord",
    "Unsendable",
    "VOCAB",
    "b1282int",
    "decode",
    "encode",
    "int2b128",
    "setPrefixLimit",
]

# The name that a traceback shows, and that goes over the wire, is the one to import by.
for _name in __all__:
    _kind = globals().get(_name)
    if isinstance(_kind, type) and issubclass(_kind, BaseException):
        _kind.__module__ = __name__
