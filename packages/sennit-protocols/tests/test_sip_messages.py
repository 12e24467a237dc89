"""The text of SIP: URLs, addresses, Via headers, and messages in any pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sennit.protocols import sip

INVITE = (
    b"INVITE sip:joe@server.com SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.0.0.1:5060\r\n"
    b"From: <sip:a@b>\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"abcd"
)


def read(*pieces: bytes, done: bool = True, **limits: int) -> list[sip.Message]:
    """Return the messages that a parser makes of pieces."""
    messages: list[sip.Message] = []
    parser = sip.MessagesParser(messages.append)
    for name, value in limits.items():
        setattr(parser, name, value)
    for piece in pieces:
        parser.dataReceived(piece)
    if done:
        parser.dataDone()
    return messages


@pytest.mark.parametrize(
    "text",
    [
        "sip:h",
        "sip:u@h",
        "sip:u:p:q@h:5060",
        "sip:u@[::1]:5060",
        "sip:@h",
        "sip:u@h;user=phone;transport=udp;ttl=3;maddr=m;method=INVITE;tag=t;lr;a=b",
        "sip:u@h?subject=project&priority=urgent",
    ],
)
def test_a_url_is_written_as_it_was_read(text: str) -> None:
    assert str(sip.parseURL(text)) == text


def test_a_url_has_its_parts() -> None:
    url = sip.parseURL("sip:joe:secret@h:99;transport=TCP;user=phone;ttl=5;lr?a=b")
    assert (url.username, url.password, url.host, url.port) == (
        "joe",
        "secret",
        "h",
        99,
    )
    assert (url.transport, url.usertype, url.ttl) == ("TCP", "phone", 5)
    assert (url.other, url.headers) == (["lr"], {"a": "b"})


@pytest.mark.parametrize(
    "text", ["", "h", "tel:5", "sip:h:x", "sip:h;ttl=x", "sip:h:-5", "sip:h?novalue"]
)
def test_what_is_no_url_is_a_named_error(text: str) -> None:
    with pytest.raises(sip.MalformedMessage):
        sip.parseURL(text)


def test_host_and_port_may_be_others_than_are_written() -> None:
    assert str(sip.parseURL("sip:u@inside:1", host="out", port=2)) == "sip:u@out:2"


@pytest.mark.parametrize(
    ("text", "name", "url", "parameters"),
    [
        ("<sip:u@h>", "", "sip:u@h", {}),
        ("sip:u@h;tag=x", "", "sip:u@h;tag=x", {}),
        ('"A. G. Bell" <sip:u@h>;tag=a48s', "A. G. Bell", "sip:u@h", {"tag": "a48s"}),
        ("Anonymous <sip:u@h>", "Anonymous", "sip:u@h", {}),
        ('"<b>" <sip:u@h;lr> ; q=0.7', "<b>", "sip:u@h;lr", {"q": "0.7"}),
    ],
)
def test_an_address_is_a_name_a_url_and_parameters(
    text: str, name: str, url: str, parameters: dict[str, str]
) -> None:
    found = sip.parseAddress(text)
    assert (found[0], str(found[1]), found[2]) == (name, url, parameters)


@pytest.mark.parametrize("text", ["joe", "<sip:u@h", '"x', "bell sip:a@b", "*"])
def test_what_is_no_address_is_a_named_error(text: str) -> None:
    with pytest.raises(sip.MalformedMessage):
        sip.parseAddress(text)


def test_a_via_is_written_with_what_it_has() -> None:
    text = "SIP/2.0/TCP h:5;hidden;ttl=3;branch=b;maddr=m;received=1.2.3.4;rport=7;x=y"
    assert sip.parseViaHeader(text).toString() == text


def test_a_comment_behind_a_via_is_not_part_of_it() -> None:
    via = sip.parseViaHeader("SIP/2.0/UDP first.example.com:4000;ttl=16 (Acme server)")
    assert (via.host, via.port, via.ttl) == ("first.example.com", 4000, 16)


def test_rport_is_asked_for_until_it_is_told() -> None:
    via = sip.parseViaHeader("SIP/2.0/UDP h;rport")
    assert via.rport is True
    via.rport = 7
    assert via.toString() == "SIP/2.0/UDP h:5060;rport=7"


@pytest.mark.parametrize(
    "text", ["junk", "SIP/1.0/UDP h", "SIP/2.0/UDP h:zz", "SIP/2.0/UDP h;ttl=x"]
)
def test_what_is_no_via_is_a_named_error(text: str) -> None:
    with pytest.raises(sip.MalformedMessage):
        sip.parseViaHeader(text)


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_messages_come_in_any_pieces(size: int) -> None:
    data = INVITE * 3
    messages = read(*(data[at : at + size] for at in range(0, len(data), size)))
    assert [message.body for message in messages] == ["abcd"] * 3
    assert messages[0].headers["via"] == ["SIP/2.0/UDP 10.0.0.1:5060"]


def test_a_message_without_length_ends_with_its_datagram() -> None:
    data = INVITE.replace(b"Content-Length: 4\r\n", b"")
    assert read(data, done=False) == []
    assert read(data)[0].body == "abcd"


def test_the_length_of_a_body_counts_bytes() -> None:
    (message,) = read(INVITE.replace(b"abcd", "éé".encode()))
    assert message.body == "éé"


def test_a_folded_header_is_one_line() -> None:
    (message,) = read(b"SIP/2.0 200 OK\r\nA:\r\n b\r\n\tc\r\n ;d\r\nl: 0\r\n\r\n")
    assert message.headers["a"] == ["b c;d"]


def test_what_is_written_is_read_again() -> None:
    response = sip.Response(200)
    response.addHeader("cseq", "1 INVITE")
    response.addHeader("i", "7@h")
    response.addHeader("content-length", 2)
    response.bodyDataReceived("hi")
    text = "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nCall-ID: 7@h\r\nContent-Length: 2\r\n\r\nhi"
    assert response.toString() == text
    assert [message.toString() for message in read(text.encode())] == [text]


@pytest.mark.parametrize(
    "data",
    [
        b"junk\r\n\r\n",
        b"INVITE sip:foo SIP/1.0\r\n\r\n",
        b"INVITE tel:foo SIP/2.0\r\n\r\n",
        b"SIP/2.0 abc OK\r\n\r\n",
        b"SIP/2.0 200\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
        b"SIP/2.0 200 OK\r\nnocolon\r\n\r\n",
        b"SIP/2.0 200 OK\r\n folded\r\n\r\n",
        b"SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n",
        b"SIP/2.0 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"SIP/2.0 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xff",
        b"SIP/2.0 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * 65536,
        b"SIP/2.0 200 OK\r\n\r\n" + b"x" * 65536,
        b"SIP/2.0 200 OK\r\nA: " + b"x" * 20000 + b"\r\n\r\n",
        b"SIP/2.0 200 OK\r\nA: x\r\n" + b" x\r\n" * 20000 + b"\r\n",
        b"SIP/2.0 200 OK\r\n" + b"A: x\r\n" * 501 + b"\r\n",
    ],
    ids=lambda data: data[:40],
)
def test_what_is_no_message_is_dropped_and_the_next_is_read(data: bytes) -> None:
    messages: list[sip.Message] = []
    parser = sip.MessagesParser(messages.append)
    parser.dataReceived(data)
    parser.dataDone()
    assert messages == []
    parser.dataReceived(INVITE)
    assert [message.body for message in messages] == ["abcd"]


def test_only_what_is_accepted_is_read() -> None:
    assert read(INVITE, acceptRequests=False) == []
    assert read(b"SIP/2.0 200 OK\r\nl: 0\r\n\r\n", acceptResponses=False) == []


@given(st.lists(st.binary(max_size=40), max_size=5), st.binary(max_size=30))
def test_any_bytes_are_messages_or_dropped(pieces: list[bytes], more: bytes) -> None:
    """Never an exception; and what follows a datagram does not suffer from it."""
    messages: list[sip.Message] = []
    parser = sip.MessagesParser(messages.append)
    for piece in (INVITE[:50], *pieces, more):
        parser.dataReceived(piece)
    parser.dataDone()
    messages.clear()
    parser.dataReceived(INVITE)
    assert len(messages) == 1
