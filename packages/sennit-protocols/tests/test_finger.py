"""Who is that?"""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.testing import StringTransport
from sennit.protocols.finger import Finger


def asked(line: bytes, kind: type[Finger] = Finger) -> Any:
    """The transport after a question."""
    finger, transport = kind(), StringTransport()
    finger.makeConnection(transport)
    finger.dataReceived(line + b"\r\n")
    return transport


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"moshez", b"Login: moshez\nNo such user\n"),
        (b"/W moshez", b"Login: moshez\nNo such user\n"),
        (b"moshez@example.com", b"Finger forwarding service denied\n"),
        (b"/w a@b@c", b"Finger forwarding service denied\n"),
        (b"", b"Finger online list denied\n"),
        (b"/W", b"Finger online list denied\n"),
    ],
)
def test_nothing_is_told_unless_it_is_meant_to_be(line: bytes, answer: bytes) -> None:
    """And the connection ends."""
    transport = asked(line)
    assert transport.value() == answer
    assert transport.disconnecting


def test_a_question_is_read_into_its_parts() -> None:
    """The last host is the one to be asked, about all before it."""
    seen: list[Any] = []

    class Telling(Finger):
        def forwardQuery(self, slash_w: bool, user: bytes, host: bytes) -> None:
            seen.append((slash_w, user, host))

        def getUser(self, slash_w: bool, user: bytes) -> None:
            seen.append((slash_w, user))

        def getDomain(self, slash_w: bool) -> None:
            seen.append(slash_w)

    for line in (b"/W a@b@c", b"a", b"/W"):
        asked(line, Telling)
    assert seen == [(True, b"a@b", b"c"), (False, b"a"), True]
