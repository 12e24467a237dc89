"""What SOCKS clients say, in any pieces, right and wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.protocols.socks import SOCKSError
from sennit.protocols.socks._wire import (
    Login,
    Request,
    readLogin,
    readMethods,
    readRequest4,
    readRequest5,
)

V6 = socket.inet_pton(socket.AF_INET6, "2001:db8::1")

MESSAGES: list[tuple[Callable[[bytes], Any], bytes, Any]] = [
    (
        readRequest4,
        b"\4\1\0\x50\1\2\3\4joe\0",
        Request(1, "1.2.3.4", 80, b"joe"),
    ),
    (readRequest4, b"\4\2\0\x50\0\0\0\0\0", Request(2, "0.0.0.0", 80)),
    (
        readRequest4,
        b"\4\1\0\x50\0\0\0\1joe\0example.org\0",
        Request(1, "example.org", 80, b"joe", True),
    ),
    (readMethods, b"\5\2\0\2", b"\0\2"),
    (readMethods, b"\5\0", b""),
    (readLogin, b"\1\3joe\4word", Login(b"joe", b"word")),
    (readLogin, b"\1\0\0", Login(b"", b"")),
    (readRequest5, b"\5\1\0\1\1\2\3\4\0\x50", Request(1, "1.2.3.4", 80)),
    (
        readRequest5,
        b"\5\1\0\3\x0bexample.org\0\x50",
        Request(1, "example.org", 80, isName=True),
    ),
    (readRequest5, b"\5\2\0\4" + V6 + b"\1\xbb", Request(2, "2001:db8::1", 443)),
]


@pytest.mark.parametrize(("read", "data", "message"), MESSAGES)
def test_a_message_is_read_when_it_is_all_there(
    read: Callable[[bytes], Any], data: bytes, message: Any
) -> None:
    """What follows is not touched."""
    for end in range(len(data)):
        assert read(data[:end]) is None
    assert read(data) == (message, len(data))
    assert read(data + b"more") == (message, len(data))


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (readRequest4, b"\5"),
        (readRequest4, b"\4\1\0\x50\1\2\3\4" + b"x" * 256),
        (readRequest4, b"\4\1\0\x50\0\0\0\1\0" + b"x" * 256),
        (readRequest4, b"\4\1\0\x50\0\0\0\1\0\xff\0"),
        (readMethods, b"\4"),
        (readLogin, b"\5"),
        (readRequest5, b"\4"),
        (readRequest5, b"\5\1\0\2\0"),
        (readRequest5, b"\5\1\0\3\1\xff\0\x50"),
    ],
)
def test_who_breaks_the_rules_is_told_by_a_named_error(
    read: Callable[[bytes], Any], data: bytes
) -> None:
    """As soon as it is known."""
    with pytest.raises(SOCKSError):
        read(data)


@settings(deadline=None)
@given(
    read=st.sampled_from([readRequest4, readMethods, readLogin, readRequest5]),
    begin=st.sampled_from([b"", b"\4", b"\5", b"\1", b"\5\1\0\3"]),
    rest=st.binary(max_size=600),
)
def test_any_bytes_are_a_message_or_not(
    read: Callable[[bytes], Any], begin: bytes, rest: bytes
) -> None:
    """Or a named error; and never are more than 520 waited for."""
    try:
        found = read(begin + rest)
    except SOCKSError:
        return
    assert found is not None or len(begin + rest) <= 520
