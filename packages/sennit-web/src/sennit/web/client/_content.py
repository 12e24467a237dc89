"""What a request is to carry, made into a producer and a type."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sennit.web.client._bodies import BytesProducer, FileBodyProducer, IterableProducer
from sennit.web.client._multipart import multipart

if TYPE_CHECKING:
    from sennit.web.client.contracts import IBodyProducer

__all__ = ["bodyOf"]

_FORM = b"application/x-www-form-urlencoded"


def bodyOf(
    data: Any = None, json: Any = None, files: Any = None
) -> tuple[IBodyProducer | None, bytes | None]:
    """Make a body.

    Args:
        data: Bytes; text; a mapping or a list of pairs, which are a form's fields; an
            open file; an iterable of bytes, async or not; an `IBodyProducer`.
        json: What is sent as JSON.
        files: Files of a form, whose fields are *data*.

    Returns:
        What writes it, and its type; None and None without a body.

    Raises:
        TypeError: It is nothing of that.
        ValueError: There is both JSON and something else.
    """
    if json is not None:
        if data is not None or files is not None:
            raise ValueError("a request has one body: json, or data and files")
        return BytesProducer(_dumped(json)), b"application/json"
    if files is not None:
        return multipart(() if data is None else data, files)
    if data is None:
        return None, None
    return _body_of(data)


def _dumped(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _body_of(data: Any) -> tuple[IBodyProducer, bytes | None]:
    if isinstance(data, bytes | bytearray | memoryview):
        return BytesProducer(bytes(data)), None
    if isinstance(data, str):
        return BytesProducer(data.encode()), b"text/plain; charset=utf-8"
    if hasattr(data, "startProducing"):
        return data, None
    if isinstance(data, Mapping) or _are_pairs(data):
        return BytesProducer(urlencode(data, True).encode()), _FORM
    if hasattr(data, "read"):
        return FileBodyProducer(data), None
    if isinstance(data, AsyncIterable | Iterable):
        return IterableProducer(data), None
    raise TypeError(f"{data!r} is no body of a request")


def _are_pairs(data: Any) -> bool:
    return isinstance(data, list | tuple) and all(
        isinstance(each, tuple) and len(each) == 2 for each in data
    )
