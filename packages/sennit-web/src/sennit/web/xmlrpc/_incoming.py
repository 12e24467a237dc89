"""Messages that come in: bytes of XML to calls and results. No transport.

call     = methodCall > methodName, params > param* > value
response = methodResponse > params > param > value
         | methodResponse > fault > value (a struct of faultCode and faultString)
"""

from __future__ import annotations

from typing import Any, Final
from xmlrpc.client import Fault

from sennit.web.xmlrpc._errors import (
    InvalidMessage,
    MessageTooLong,
    NoValue,
    TooManyValues,
)
from sennit.web.xmlrpc._limits import LIMITS, Limits
from sennit.web.xmlrpc._pieces import Message, read_pieces, usual_text
from sennit.web.xmlrpc._scalars import scalars
from sennit.web.xmlrpc._tree import decoded, read_tree

__all__ = ["loadCall", "loadResponse"]

# A member of a struct has eight marks: <member><name></name><value><int></int></value>
# </member>. No other value has more; and a message without values has some.
_MARKS_PER_VALUE: Final = 8
_MARKS_AROUND: Final = 16


def loadCall(
    data: bytes | str, limits: Limits = LIMITS, useDateTime: bool = False
) -> tuple[str, list[Any]]:
    """Read a call.

    Args:
        data: The message, whole; text stands for its UTF-8.
        limits: How much of it is taken.
        useDateTime: Whether dates become `datetime.datetime` rather than
            `xmlrpc.client.DateTime`.

    Returns:
        The name of the procedure, and its arguments.

    Raises:
        InvalidMessage: It is no call.
        BudgetExceeded: It exceeds one of the limits.
    """
    name, _, args = _read(data, limits, useDateTime)
    if name is None:
        raise InvalidMessage("an answer in the place of a call")
    return name, args


def loadResponse(
    data: bytes | str, limits: Limits = LIMITS, useDateTime: bool = False
) -> Any:
    """Read the answer to a call.

    Args:
        data: The message, whole; text stands for its UTF-8.
        limits: How much of it is taken.
        useDateTime: As for `loadCall`.

    Returns:
        The result.

    Raises:
        Fault: The answer is one.
        InvalidMessage: It is no answer.
        BudgetExceeded: It exceeds one of the limits.
    """
    name, is_fault, results = _read(data, limits, useDateTime)
    if name is not None:
        raise InvalidMessage("a call in the place of an answer")
    if not results:
        raise NoValue("an answer without a result")
    if len(results) > 1:
        raise InvalidMessage(f"an answer with {len(results)} results")
    if not is_fault:
        return results[0]
    try:
        fault = Fault(results[0]["faultCode"], results[0]["faultString"])
    except (KeyError, TypeError):
        raise InvalidMessage("a fault without faultCode and faultString") from None
    raise fault


def _read(data: bytes | str, limits: Limits, useDateTime: bool) -> Message:
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    if len(data) > limits.maxBytes:
        raise MessageTooLong(f"a message of more than {limits.maxBytes} bytes")
    kinds = scalars(useDateTime)
    text = usual_text(data)
    if text is not None:
        _check_marks(text, limits)
        message = read_pieces(text, limits.maxDepth, kinds)
        if message is not None:
            return message
    text = decoded(data)
    _check_marks(text, limits)
    return read_tree(text, limits.maxDepth, kinds)


def _check_marks(text: str, limits: Limits) -> None:
    """See that nothing large is made of a text with more marks than values need."""
    # An element takes four characters at least: what is short has few.
    if len(text) <= 4 * limits.maxValues:
        return
    if text.count("<") > _MARKS_PER_VALUE * limits.maxValues + _MARKS_AROUND:
        raise TooManyValues(f"more markup than {limits.maxValues} values need")
    if text.count("<value") > limits.maxValues:
        raise TooManyValues(f"a message of more than {limits.maxValues} values")
