"""The tokens of Banana, for codecs that write and read them without expressions."""

from __future__ import annotations

from sennit.spread.banana._encode import (
    NO_TOKENS as NO_TOKENS,
    PB_TOKENS as PB_TOKENS,
    encode_expression as encode_expression,
)
from sennit.spread.banana._tokens import (
    SMALL_INTS as SMALL_INTS,
    float_token as float_token,
    int_token as int_token,
    list_token as list_token,
    string_token as string_token,
)
from sennit.spread.banana._vocabulary import (
    INCOMING as INCOMING,
    NO_WORDS as NO_WORDS,
    OUTGOING as OUTGOING,
)

__all__ = [
    "INCOMING",
    "NO_TOKENS",
    "NO_WORDS",
    "OUTGOING",
    "PB_TOKENS",
    "SMALL_INTS",
    "encode_expression",
    "float_token",
    "int_token",
    "list_token",
    "string_token",
]
