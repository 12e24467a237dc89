"""Messages that go out: calls and results to bytes of XML. No transport.

Each type has its own template, found by ``type(value)``. The XML is that of the standard
library, to the letter, but for two things. A carriage return is written as a reference, since a parser reads a bare one
as a newline (XML 1.0 §2.11); and base64 is in one line. A character that XML cannot have
(§2.2) is refused, for no peer could read the message.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias
from xmlrpc.client import Binary, DateTime, Fault

from sennit.web.xmlrpc._errors import CannotSend, NestedTooDeep
from sennit.web.xmlrpc._limits import LIMITS

__all__ = ["dumpCall", "dumpFault", "dumpResponse"]

_Write: TypeAlias = Callable[[Any, int, bool], str]

MAX_INT: Final = 2**31 - 1
MIN_INT: Final = -(2**31)

_DECLARATION: Final = "<?xml version='1.0'?>\n"
_CALL: Final = _DECLARATION + "<methodCall>\n<methodName>"
_CALL_PARAMS: Final = "</methodName>\n<params>\n"
_CALL_END: Final = "</params>\n</methodCall>\n"
_RESPONSE: Final = _DECLARATION + "<methodResponse>\n<params>\n<param>\n"
_RESPONSE_END: Final = "</param>\n</params>\n</methodResponse>\n"
_FAULT: Final = _DECLARATION + "<methodResponse>\n<fault>\n"
_FAULT_END: Final = "</fault>\n</methodResponse>\n"

_SPECIAL = re.compile("[\0-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MAX_DEPTH: Final = LIMITS.maxDepth


def dumpCall(method: str, args: Iterable[Any], allowNone: bool = False) -> bytes:
    """Write a call.

    Args:
        method: The name of the procedure.
        args: Its arguments.
        allowNone: Whether None may be sent, as the ``nil`` that not every peer knows.

    Raises:
        CannotSend: An argument has no form in XML-RPC.
        NestedTooDeep: One has more than 64 levels, or contains itself.
    """
    params = "".join(
        [f"<param>\n{_write(arg, _MAX_DEPTH, allowNone)}</param>\n" for arg in args]
    )
    return (_CALL + _escaped(method) + _CALL_PARAMS + params + _CALL_END).encode()


def dumpResponse(result: Any, allowNone: bool = False) -> bytes:
    """Write the result of a call.

    Args:
        result: It may be a fault.
        allowNone: As for `dumpCall`.

    Raises:
        CannotSend: The result has no form in XML-RPC.
        NestedTooDeep: It has more than 64 levels, or contains itself.
    """
    if isinstance(result, Fault):
        return dumpFault(result)
    value = _write(result, _MAX_DEPTH, allowNone)
    return (_RESPONSE + value + _RESPONSE_END).encode()


def dumpFault(fault: Fault) -> bytes:
    """Write a fault as the answer to a call.

    Raises:
        CannotSend: Its code or its text has no form in XML-RPC.
    """
    members = {"faultCode": fault.faultCode, "faultString": fault.faultString}
    return (_FAULT + _struct(members, _MAX_DEPTH, True) + _FAULT_END).encode()


def _write(value: Any, left: int, nil: bool) -> str:
    """Write a value, which may be nested as deep as is left."""
    kind = type(value)
    write = _WRITERS.get(kind)
    if write is None:
        write = _find_writer(kind, value)
    return write(value, left, nil)


def _find_writer(kind: type, value: Any) -> _Write:
    """Find the way of a type that is a relative of those that are known."""
    for base in kind.__mro__[1:]:
        if base in _WRITERS:
            return _relative(base)
    if hasattr(value, "__dict__") and not isinstance(value, type):
        # As the standard library does: an object is a struct of its attributes.
        return _instance
    raise CannotSend(f"XML-RPC has no {kind.__name__}")


def _relative(base: type) -> _Write:
    """Write a subclass as its base: a member of an IntEnum is its number."""
    write, plain = _WRITERS[base], _PLAIN.get(base)
    if plain is None:
        return write
    return lambda value, left, nil: write(plain(value), left, nil)


def _escaped(text: str) -> str:
    """Write a text for an element. Mostly nothing in it is special: ask before."""
    if forbidden := _FORBIDDEN.search(text):
        raise CannotSend(f"XML has no {forbidden[0]!r}: send it as Binary")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def _string(value: str, left: int, nil: bool) -> str:
    if _SPECIAL.search(value):
        value = _escaped(value)
    return f"<value><string>{value}</string></value>\n"


def _integer(value: int, left: int, nil: bool) -> str:
    if not MIN_INT <= value <= MAX_INT:
        raise CannotSend("an int of XML-RPC has 32 bits: send a larger one as text")
    return f"<value><int>{value}</int></value>\n"


def _boolean(value: bool, left: int, nil: bool) -> str:
    if value:
        return "<value><boolean>1</boolean></value>\n"
    return "<value><boolean>0</boolean></value>\n"


def _double(value: float, left: int, nil: bool) -> str:
    return f"<value><double>{value!r}</double></value>\n"


def _nil(value: None, left: int, nil: bool) -> str:
    if not nil:
        raise CannotSend("None is sent only where allowNone is set")
    return "<value><nil/></value>"


def _binary(value: Binary, left: int, nil: bool) -> str:
    return _bytes(value.data, left, nil)


def _bytes(value: bytes | bytearray, left: int, nil: bool) -> str:
    encoded = b2a_base64(value).decode("ascii") if value else ""
    return f"<value><base64>\n{encoded}</base64></value>\n"


def _date(value: DateTime, left: int, nil: bool) -> str:
    text = _escaped(str(value))
    return f"<value><dateTime.iso8601>{text}</dateTime.iso8601></value>\n"


def _datetime(value: datetime, left: int, nil: bool) -> str:
    # The year by hand: what strftime makes of years before 1000 depends on the platform.
    text = f"{value.year:04d}{value:%m%dT%H:%M:%S}"
    return f"<value><dateTime.iso8601>{text}</dateTime.iso8601></value>\n"


def _array(value: Iterable[Any], left: int, nil: bool) -> str:
    left = _deeper(left)
    find = _WRITERS.get
    values = "".join([(find(type(each)) or _write)(each, left, nil) for each in value])
    return f"<value><array><data>\n{values}</data></array></value>\n"


def _struct(value: Mapping[str, Any], left: int, nil: bool) -> str:
    left = _deeper(left)
    find = _WRITERS.get
    members = []
    for name, each in value.items():
        if not isinstance(name, str):
            raise CannotSend(f"the names in a struct are str: {name!r}")
        escaped = name if name.isidentifier() else _escaped(name)
        written = (find(type(each)) or _write)(each, left, nil)
        members.append(f"<member>\n<name>{escaped}</name>\n{written}</member>\n")
    return f"<value><struct>\n{''.join(members)}</struct></value>\n"


def _instance(value: Any, left: int, nil: bool) -> str:
    return _struct(value.__dict__, left, nil)


def _deeper(left: int) -> int:
    if left <= 1:
        raise NestedTooDeep("a value that is nested too deep, or contains itself")
    return left - 1


_WRITERS: Final[dict[type, _Write]] = {
    bool: _boolean,
    bytearray: _bytes,
    bytes: _bytes,
    datetime: _datetime,
    dict: _struct,
    float: _double,
    int: _integer,
    list: _array,
    str: _string,
    tuple: _array,
    Binary: _binary,
    DateTime: _date,
    type(None): _nil,
}

# What makes of a relative the value itself, where its own text may be another.
_PLAIN: Final[dict[type, Callable[[Any], Any]]] = {
    float: float,
    int: int,
    str: str.__str__,
}
