"""Descriptions are taken apart as they were put together, and errors name the place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.endpoints import quoteStringArgument
from sennit.core.endpoints._parameters import (
    COUNT,
    FLAG,
    HOST,
    MODE,
    PORT,
    SECONDS,
    TEXT,
    Parameter,
    Signature,
    Value,
)
from sennit.core.endpoints._strings import Part, parse
from sennit.core.errors import EndpointStringError

SIGNATURE = Signature(
    Parameter("host", HOST),
    Parameter("port", PORT),
    Parameter("comment", TEXT, "none", also=("remark",)),
    positional=2,
)


def bound(description: str) -> dict[str, Any]:
    return SIGNATURE.bind(parse(description))


def fault(description: str) -> tuple[int, str]:
    with pytest.raises(EndpointStringError) as raised:
        bound(description)
    assert raised.value.description == description
    return raised.value.position, raised.value.message


# Taking apart


def test_parts_stand_between_colons() -> None:
    description = parse("tcp:example.org:80:timeout=5:bindAddress=::1")
    assert description.kind == "tcp"
    assert description.parts == (
        Part(None, "example.org", 4),
        Part(None, "80", 16),
        Part("timeout", "5", 19),
        Part("bindAddress", "", 29),
        Part(None, "", 42),
        Part(None, "1", 43),
    )
    assert description.positional == ("example.org", "80", "", "1")
    assert description.named == {"timeout": "5", "bindAddress": ""}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x", ()),
        ("x:", (Part(None, "", 2),)),
        (r"x:C\:\\temp", (Part(None, r"C:\temp", 2),)),
        (r"x:a\=b", (Part(None, "a=b", 2),)),
        ("x:a=b=c", (Part("a", "b=c", 2),)),
        (r"x:\a\\b\:=c", (Part(r"a\b:", "c", 2),)),
        ("x:=", (Part("", "", 2),)),
    ],
)
def test_a_backslash_protects_any_character(text: str, parts: Any) -> None:
    assert parse(text).parts == parts


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("tcp:80\\", 6, "a backslash protects nothing"),
        ("kind=tcp:80", 0, "a kind of endpoint is expected first, not 'kind'="),
        ("tcp:port=1:port=2", 11, "'port' is given twice"),
    ],
)
def test_what_cannot_be_taken_apart_is_an_error_with_its_place(
    text: str, position: int, message: str
) -> None:
    with pytest.raises(EndpointStringError) as raised:
        parse(text)
    assert (raised.value.position, raised.value.message) == (position, message)
    assert str(raised.value) == f"{message} (at character {position + 1} of {text!r})"


def test_the_error_is_what_a_wrong_value_or_a_wrong_call_would_be() -> None:
    for kind in (ValueError, TypeError):
        with pytest.raises(kind):
            parse("\\")


def test_bytes_are_no_description() -> None:
    text: Any = b"tcp:80"
    with pytest.raises(TypeError, match="is a str, not bytes"):
        parse(text)


@given(st.lists(st.text()), st.dictionaries(st.text(), st.text()))
def test_what_is_quoted_comes_back(
    positional: list[str], named: dict[str, str]
) -> None:
    parts = [quoteStringArgument(each) for each in positional]
    parts += [
        f"{quoteStringArgument(name)}={quoteStringArgument(text)}"
        for name, text in named.items()
    ]
    description = parse(":".join(["kind", *parts]))
    assert description.positional == tuple(positional)
    assert description.named == named


@given(st.text(alphabet=":=\\ab"))
def test_any_text_is_a_description_or_an_error_with_a_place_in_it(text: str) -> None:
    position = 0
    try:
        parse(text)
    except EndpointStringError as error:
        position = error.position
    assert 0 <= position <= len(text)


def test_quoting_leaves_plain_text_alone() -> None:
    assert quoteStringArgument("/run/web.sock") == "/run/web.sock"
    assert quoteStringArgument("C:\\a=b") == r"C\:\\a\=b"


# Meaning


@pytest.mark.parametrize(
    "description",
    [
        "x:h:1",
        "x:host=h:port=1",
        "x:port=1:host=h",
        "x:host=h:1",
        "x:h:port=1",
        "x:port=1:h",
    ],
)
def test_parts_are_given_by_position_or_by_name(description: str) -> None:
    values = {"host": "h", "port": 1, "comment": "none"}
    assert bound(description) == bound(description + ":") == values
    assert bound(description + ":comment=") == {**values, "comment": ""}


def test_a_parameter_may_have_another_name() -> None:
    assert bound("x:h:1:remark=hello")["comment"] == "hello"


def test_a_colon_at_the_end_is_no_part() -> None:
    assert Signature().bind(parse("stdio:")) == {}
    with pytest.raises(EndpointStringError, match="'' is one part too many"):
        Signature().bind(parse("stdio::"))


@pytest.mark.parametrize(
    ("description", "position", "message"),
    [
        ("x:h", 3, "port is missing, which must be a port's number, 0 to 65535"),
        ("x:h:http", 4, "port must be a port's number, 0 to 65535, not 'http'"),
        ("x:h:65536", 4, "port must be a port's number, 0 to 65535, not '65536'"),
        ("x:h:port=-1", 4, "port must be a port's number, 0 to 65535, not '-1'"),
        ("x::1", 2, "host must be a host's name or IP address, not ''"),
        (
            "x:h:1:hello",
            6,
            "'hello' is one part too many for 'x': it takes host, port, comment=",
        ),
        (
            "x:h:1:coment=a",
            6,
            "'coment' is no parameter of 'x' (did you mean 'comment'?): "
            "it takes host, port, comment=",
        ),
        ("x:h:1:comment=a:remark=b", 16, "comment is given twice"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_place(
    description: str, position: int, message: str
) -> None:
    assert fault(description) == (position, message)


@pytest.mark.parametrize(
    ("value", "good", "bad"),
    [
        (PORT, {"0": 0, "65535": 65535}, ["", "x", "1.0", "1_0", " 1", "٣", "+1"]),
        (COUNT, {"0": 0, "1000000": 1000000}, ["", "-1", "1e3"]),
        (SECONDS, {"0": 0, "2.5": 2.5}, ["", "-1", "nan", "inf", "soon"]),
        (MODE, {"666": 0o666, "0600": 0o600}, ["", "888", "-1", "10000"]),
        (FLAG, {"0": False, "1": True}, ["", "yes", "2", "01"]),
        (HOST, {"h": "h"}, [""]),
        (TEXT, {"": "", "a": "a"}, []),
    ],
)
def test_values(value: Value, good: dict[str, Any], bad: list[str]) -> None:
    assert {text: value.read(text) for text in good} == good
    for text in bad:
        description = parse(f"x:{quoteStringArgument(text)}:")
        with pytest.raises(EndpointStringError, match="it must be"):
            Signature(Parameter("it", value)).bind(description)
