"""Messages of XML-RPC: ours and the standard library's read each other's."""

from __future__ import annotations

import enum
import math
import xmlrpc.client
from collections import OrderedDict
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, strategies as st

from sennit.web import xmlrpc as ours
from sennit.web.xmlrpc import Binary, DateTime, Fault, Limits
from sennit.web.xmlrpc._pieces import read_pieces, usual_text
from sennit.web.xmlrpc._scalars import scalars
from sennit.web.xmlrpc._tree import decoded, read_tree

# What XML can have (XML 1.0 §2.2), and what survives the parser of the standard library's
# text: a bare carriage return does not (§2.11).
LEGAL = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters=[
            *map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
        ],
    ),
    max_size=20,
)
WITHOUT_CR = LEGAL.map(lambda text: text.replace("\r", ""))
DATES = st.datetimes(datetime(1000, 1, 1)).map(lambda date: date.replace(microsecond=0))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.binary(max_size=40).map(Binary)
    | DATES.map(DateTime)
)


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS | texts,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
        ),
        max_leaves=12,
    )


def call(params: str, head: str = "<?xml version='1.0'?>") -> bytes:
    return (
        f"{head}<methodCall><methodName>f</methodName>{params}</methodCall>"
    ).encode()


def value(xml: str) -> Any:
    params = f"<params><param><value>{xml}</value></param></params>"
    return ours.loadCall(call(params))[1][0]


@given(st.lists(values(LEGAL), max_size=3))
def test_a_call_of_ours_is_read_by_us_and_by_the_standard_library(
    args: list[Any],
) -> None:
    data = ours.dumpCall("a.b", args, allowNone=True)
    assert ours.loadCall(data) == ("a.b", args)
    assert xmlrpc.client.loads(data) == (tuple(args), "a.b")


@given(st.lists(values(WITHOUT_CR), max_size=3))
def test_a_call_of_ours_is_that_of_the_standard_library(args: list[Any]) -> None:
    theirs = xmlrpc.client.dumps(tuple(args), "f", allow_none=True)
    assert ours.dumpCall("f", args, allowNone=True).decode() == theirs


@given(st.lists(values(WITHOUT_CR), max_size=3))
def test_a_call_of_the_standard_library_is_read_as_by_itself(args: list[Any]) -> None:
    data = xmlrpc.client.dumps(tuple(args), "a.b", allow_none=True)
    assert ours.loadCall(data.encode()) == ("a.b", args)


@given(values(WITHOUT_CR))
def test_results_are_read_in_both_directions(result: Any) -> None:
    data = ours.dumpResponse(result, allowNone=True)
    assert xmlrpc.client.loads(data) == ((result,), None)
    theirs = xmlrpc.client.dumps((result,), methodresponse=True, allow_none=True)
    assert ours.loadResponse(theirs.encode()) == result


@given(st.integers(-(2**31), 2**31 - 1), WITHOUT_CR)
def test_faults_are_read_in_both_directions(code: int, text: str) -> None:
    for data in (
        ours.dumpFault(Fault(code, text)),
        ours.dumpResponse(Fault(code, text)),
        xmlrpc.client.dumps(Fault(code, text)).encode(),
    ):
        for load in (ours.loadResponse, xmlrpc.client.loads):
            with pytest.raises(Fault) as caught:
                load(data)
            assert (caught.value.faultCode, caught.value.faultString) == (code, text)


@given(DATES)
def test_dates_become_datetime_where_that_is_wanted(date: datetime) -> None:
    data = ours.dumpResponse({"at": date})
    assert ours.loadResponse(data, useDateTime=True) == {"at": date}
    assert xmlrpc.client.loads(data, use_datetime=True)[0] == ({"at": date},)


@given(st.binary(max_size=60) | LEGAL.map(str.encode))
def test_any_bytes_are_a_named_error(data: bytes) -> None:
    with pytest.raises(ours.XMLRPCError):
        ours.loadCall(data)


TAGS = ["value", "int", "array", "data", "struct", "member", "name", "string", "x"]
TREES = st.recursive(
    st.sampled_from(["", "1", "text"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@given(TREES)
def test_any_xml_is_a_value_or_a_named_error(xml: str) -> None:
    try:
        read = value(xml)
    except ours.InvalidMessage:
        return
    assert isinstance(read, int | str | list | dict)


PARTS = [
    "<",
    ">",
    "/",
    "&lt;",
    " ",
    "\n",
    "\r",
    "]]>",
    "\xa0",
    "\0",
    "<int>",
    "</value>",
]
PARTS += ["<value>", "<!-- -->", "<![CDATA[x]]>", "a", "1", "\ufffe", "<nil/>", "x='y'"]


@given(st.lists(values(WITHOUT_CR), max_size=2), st.booleans(), st.data())
def test_what_is_read_without_a_parser_the_parser_reads_the_same(
    args: list[Any], by_us: bool, data: st.DataObject
) -> None:
    """Whatever is put into a message, or cut out of it."""
    text = xmlrpc.client.dumps(tuple(args), "f", allow_none=True)
    if by_us:
        text = ours.dumpCall("f", args, allowNone=True).decode()
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 8))
        text = text[:at] + data.draw(st.sampled_from(["", *PARTS])) + text[at + cut :]
    usual = usual_text(text.encode())
    read = None if usual is None else read_pieces(usual, 64, scalars(False))
    if read is not None:
        assert read == read_tree(decoded(text.encode()), 64, scalars(False))


def test_what_the_standard_library_writes_needs_no_parser() -> None:
    args = (1, "text", [2.5, True], {"a": {"b": [Binary(b"x")]}}, DateTime(0))
    for message in (
        xmlrpc.client.dumps(args, "f"),
        xmlrpc.client.dumps((args,), methodresponse=True),
        xmlrpc.client.dumps(Fault(1, "no")),
        ours.dumpCall("f", args).decode(),
    ):
        text = usual_text(message.encode())
        assert text is not None
        assert read_pieces(text, 64, scalars(False)) is not None


# What values look like


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ("", ""),
        ("  text ", "  text "),
        ("<string/>", ""),
        ("<string>a &lt; b &#38; c</string>", "a < b & c"),
        ("<string><![CDATA[<!DOCTYPE html><b>]]></string>", "<!DOCTYPE html><b>"),
        ("<!-- a note --><i4> 7 </i4>", 7),
        ("<i8>9223372036854775807</i8>", 2**63 - 1),
        ("<double>-1.5e3</double>", -1500.0),
        ("<bigdecimal>1.10</bigdecimal>", Decimal("1.10")),
        ("<base64>\n YWJj\n ZA== </base64>", Binary(b"abcd")),
        (
            "<dateTime.iso8601> 20030209T12:00:00 </dateTime.iso8601>",
            DateTime("20030209T12:00:00"),
        ),
        ("<array><data/></array>", []),
        ("<struct/>", {}),
        (
            "<n:nil xmlns:n='http://ws.apache.org/xmlrpc/namespaces/extensions'/>",
            None,
        ),
    ],
)
def test_a_value_is_read(xml: str, read: object) -> None:
    assert value(xml) == read


@pytest.mark.parametrize(
    "xml",
    [
        "<int/>",
        "<int>1.0</int>",
        "<int>1_000</int>",
        "<int>\u0661</int>",
        "<int>" + "9" * 5000 + "</int>",
        "<double>one</double>",
        "<double>1_0.5</double>",
        "<bigdecimal>1.2.3</bigdecimal>",
        "<boolean>true</boolean>",
        "<base64>YWJ</base64>",
        "<base64>\u00fc</base64>",
        "<nil>0</nil>",
        "<int>1</int><int>2</int>",
        "<int><b>1</b></int>",
        "<map/>",
        "<array/>",
        "<array><data/><data/></array>",
        "<array><data><int>1</int></data></array>",
        "<struct><member><name>a</name></member></struct>",
        "<struct><member><value>1</value><name>a</name></member></struct>",
        "<struct><name>a</name></struct>",
    ],
)
def test_what_is_no_value_is_refused(xml: str) -> None:
    with pytest.raises(ours.InvalidMessage):
        value(xml)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain text",
        b"<methodCall>",
        b"<methodCall/>",
        b"<methodCall><methodName/></methodCall>",
        b"<methodCall><params/></methodCall>",
        call("<param/>"),
        call("<params><value>1</value></params>"),
        call("<params><param/></params>"),
        call("<params><param><int>1</int></param></params>"),
        ours.dumpResponse(1),
        call("", "<?xml version='1.0' encoding='klingon'?>"),
        call("", "<?xml version='1.0' encoding='cp037'?>"),
        call("").decode().encode("utf-16"),
        call("\0"),
        call("\xff").replace(b"\xc3\xbf", b"\xff"),
    ],
)
def test_what_is_no_call_is_refused(data: bytes) -> None:
    with pytest.raises(ours.InvalidMessage):
        ours.loadCall(data)


@pytest.mark.parametrize(
    "xml",
    [
        "<params/>",
        "<params><param><value>1</value></param></params>" * 2,
        "<fault/>",
        "<fault><value>1</value></fault>",
        "<fault><value><struct/></value></fault>",
        "<params><param><value>1</value></param><param><value>2</value></param></params>",
    ],
)
def test_what_is_no_answer_is_refused(xml: str) -> None:
    with pytest.raises(ours.InvalidMessage):
        ours.loadResponse(f"<methodResponse>{xml}</methodResponse>".encode())


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "utf-8", "windows-1252"])
def test_the_declared_encoding_is_heard(encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?>"
    params = "<params><param><value>d\u00fc</value></param></params>"
    data = call(params, head).decode().encode(encoding)
    assert ours.loadCall(data) == ("f", ["d\u00fc"])


def test_a_byte_order_mark_does_no_harm() -> None:
    assert ours.loadCall(b"\xef\xbb\xbf" + call("")) == ("f", [])


# Budgets


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE methodCall>",
        "<?xml version='1.0'?>\n<!DOCTYPE m [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>",
        "<!-- > --><?a b?>\n<!DOCTYPE m SYSTEM 'file:///etc/passwd'>",
        "\ufeff<!DOCTYPE m>",
        "<?xml version='1.0' encoding='iso-8859-1'?><!-- --><!DOCTYPE m>",
    ],
)
def test_a_document_type_is_refused_before_it_is_read(head: str) -> None:
    with pytest.raises(ours.DocumentTypeRefused):
        ours.loadCall(call("<params/>", head))


def test_an_entity_without_a_document_type_is_no_xml() -> None:
    with pytest.raises(ours.InvalidMessage, match="undefined entity"):
        value("&a;")


def test_a_long_message_is_refused() -> None:
    data = ours.dumpCall("f", ["x" * 100])
    assert ours.loadCall(data, Limits(maxBytes=len(data)))
    with pytest.raises(ours.MessageTooLong, match=f"than {len(data) - 1} bytes"):
        ours.loadCall(data, Limits(maxBytes=len(data) - 1))


def test_many_values_are_refused() -> None:
    limits = Limits(maxValues=50)
    assert ours.loadCall(ours.dumpCall("f", range(50)), limits)[1] == list(range(50))
    with pytest.raises(ours.TooManyValues):
        ours.loadCall(ours.dumpCall("f", range(51)), limits)


def test_much_markup_without_values_is_refused() -> None:
    with pytest.raises(ours.TooManyValues):
        ours.loadCall(call("<a/>" * 1000), Limits(maxValues=50))


def test_a_struct_has_room_for_as_many_values_as_may_be() -> None:
    names = {f"name {n}": n for n in range(99)}
    assert ours.loadCall(ours.dumpCall("f", [names]), Limits(maxValues=100))


def test_nesting_is_refused_one_level_beyond_the_limit() -> None:
    """What may be sent may be read; two levels of XML more are a named error."""

    def nested(levels: int) -> str:
        return (
            "<array><data><value>" * levels + "1" + "</value></data></array>" * levels
        )

    deep = value(nested(63))
    assert ours.loadCall(ours.dumpCall("f", [deep])) == ("f", [deep])
    with pytest.raises(ours.NestedTooDeep):
        value(nested(64))
    with pytest.raises(ours.NestedTooDeep):
        ours.dumpCall("f", [[deep]])
    with pytest.raises(ours.NestedTooDeep):
        value(nested(10_000))


def test_elements_nested_without_end_take_no_stack() -> None:
    xml = "<a>" * 150_000 + "</a>" * 150_000
    with pytest.raises(ours.InvalidMessage):
        ours.loadCall(call(xml))


# What is sent


class Colour(enum.IntEnum):
    RED = 1


class Shade(enum.StrEnum):
    DARK = "dark & deep"


class Point(NamedTuple):
    x: int
    y: int


class Plain:
    def __init__(self) -> None:
        self.a = 1


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (Colour.RED, 1),
        (Shade.DARK, "dark & deep"),
        (Point(1, 2), [1, 2]),
        (OrderedDict(a=1), {"a": 1}),
        (bytearray(b"a"), Binary(b"a")),
        (b"", Binary(b"")),
        (Plain(), {"a": 1}),
        ("\r\n", "\r\n"),
        ({"<&>": "<&>"}, {"<&>": "<&>"}),
        (datetime(33, 1, 2, 3, 4, 5), DateTime("00330102T03:04:05")),
    ],
)
def test_relatives_are_sent_as_what_they_are(sent: object, read: object) -> None:
    data = ours.dumpResponse(sent)
    assert ours.loadResponse(data) == read
    assert xmlrpc.client.loads(data) == ((read,), None)


def test_what_is_no_number_is_sent_as_the_standard_library_does() -> None:
    assert math.isnan(ours.loadResponse(ours.dumpResponse(math.nan)))
    assert ours.loadResponse(ours.dumpResponse(-math.inf)) == -math.inf


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    "unsendable",
    [
        None,
        2**31,
        -(2**31) - 1,
        object(),
        int,
        {1: 2},
        "\0",
        "a\x0bb",
        "\ud800",
        "\uffff",
        [{"a": None}],
        {1, 2},
    ],
)
def test_what_has_no_form_is_not_sent(unsendable: object) -> None:
    with pytest.raises(ours.CannotSend):
        ours.dumpResponse(unsendable)


def test_what_contains_itself_is_not_sent() -> None:
    with pytest.raises(ours.NestedTooDeep):
        ours.dumpResponse(ENDLESS)
