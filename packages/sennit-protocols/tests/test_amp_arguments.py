"""Types of arguments: every value comes back, and what is none is refused by name."""

from __future__ import annotations

import datetime
import decimal
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.filepath import FilePath
from sennit.protocols import amp
from sennit.protocols.amp.interfaces import IArgumentType

ZONES = st.integers(-1439, 1439).map(
    lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
)

EVERY: list[tuple[amp.Argument, st.SearchStrategy[Any]]] = [
    (amp.Integer(), st.integers()),
    (amp.String(), st.binary(max_size=100)),
    (amp.Unicode(), st.text(max_size=100)),
    (amp.Float(), st.floats(allow_nan=False)),
    (amp.Boolean(), st.booleans()),
    (amp.Decimal(), st.decimals(allow_nan=False)),
    (amp.DateTime(), st.datetimes(timezones=ZONES)),
    (amp.ListOf(amp.Integer()), st.lists(st.integers(), max_size=20)),
    (amp.ListOf(amp.ListOf(amp.Unicode())), st.lists(st.lists(st.text(max_size=9)))),
    (
        amp.AmpList([("a", amp.Integer()), (b"b", amp.Unicode(optional=True))]),
        st.lists(
            st.fixed_dictionaries(
                {"a": st.integers(), "b": st.none() | st.text(max_size=9)}
            ),
            max_size=9,
        ),
    ),
]


@pytest.mark.parametrize(
    ("kind", "values"), EVERY, ids=lambda each: type(each).__name__
)
@given(data=st.data())
def test_every_value_comes_back(
    kind: amp.Argument, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(values)
    string = kind.toStringProto(value, None)
    assert isinstance(string, bytes)
    back = kind.fromStringProto(string, None)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("kind", [kind for kind, _ in EVERY], ids=repr)
@given(string=st.binary(max_size=60))
def test_any_bytes_are_a_value_or_an_error_by_name(
    kind: amp.Argument, string: bytes
) -> None:
    with suppress(ValueError, TypeError, KeyError, decimal.DecimalException):
        kind.fromStringProto(string, None)


@pytest.mark.parametrize("text", ["Infinity", "-Infinity", "NaN", "1E+400"])
def test_decimals_may_be_infinite_or_none(text: str) -> None:
    value = amp.Decimal().fromString(amp.Decimal().toString(decimal.Decimal(text)))
    assert str(value) == text


def test_a_moment_is_written_with_its_distance_to_utc() -> None:
    zone = datetime.timezone(-datetime.timedelta(hours=1, minutes=23))
    moment = datetime.datetime(2012, 1, 23, 12, 34, 56, 54321, zone)
    assert amp.DateTime().toString(moment) == b"2012-01-23T12:34:56.054321-01:23"


def test_a_path_comes_back() -> None:
    path = FilePath("/tmp/ü")
    assert amp.Path().toString(path) == "/tmp/ü".encode()
    assert amp.Path().fromString("/tmp/ü".encode()) == path


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (amp.Integer(), "1", TypeError),
        (amp.String(), "text", TypeError),
        (amp.Unicode(), b"bytes", TypeError),
        (amp.Float(), "1.0", ValueError),
        (amp.Decimal(), 1.0, ValueError),
        (amp.DateTime(), datetime.datetime(2000, 1, 1), ValueError),
        (amp.ListOf(amp.Integer()), 7, TypeError),
        (amp.ListOf(amp.String()), [b"x" * 65536], amp.TooLong),
    ],
)
def test_a_value_of_another_kind_is_refused(
    kind: amp.Argument, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        kind.toStringProto(value, None)


@pytest.mark.parametrize(
    ("kind", "string"),
    [
        (amp.ListOf(amp.String()), b"\0\5abc"),
        (amp.ListOf(amp.String()), b"\0"),
        (amp.AmpList([]), b"\0\1a\0\1"),
        (amp.AmpList([]), b"\0\1a\0\2\0\0"),
    ],
)
def test_a_list_ends_where_its_value_does(kind: amp.Argument, string: bytes) -> None:
    with pytest.raises(amp.MalformedAmpBox):
        kind.fromStringProto(string, None)


def tree() -> amp.AmpList:
    fields: list[tuple[str, amp.Argument]] = []
    kind = amp.AmpList(fields, optional=True)
    fields.append(("children", kind))
    return kind


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [{"children": value}]
    return value


def test_lists_may_contain_themselves_but_not_too_deep() -> None:
    kind, below = tree(), nested(amp.MAX_DEPTH - 1)
    string = kind.toStringProto(below, None)
    assert kind.fromStringProto(string, None) == below
    deeper = amp.AmpBox(children=string).serialize()
    with pytest.raises(amp.NestedTooDeep, match=f"more than {amp.MAX_DEPTH} levels"):
        kind.fromStringProto(deeper, None)
    with pytest.raises(amp.NestedTooDeep):
        kind.toStringProto(nested(amp.MAX_DEPTH), None)
    # Nothing is left of that.
    assert kind.fromStringProto(string, None) == below


def test_an_optional_argument_may_be_missing() -> None:
    kind = amp.Integer(optional=True)
    box, objects = amp.AmpBox(), dict[str, Any]()
    kind.toBox(b"a", box, {"a": None}, None)
    kind.fromBox(b"a", box, objects, None)
    assert (box, objects) == ({}, {"a": None})


def test_a_needed_argument_may_not_be_missing() -> None:
    with pytest.raises(KeyError):
        amp.Integer().fromBox(b"a", amp.AmpBox(), {}, None)
    with pytest.raises(TypeError):
        amp.Integer().toBox(b"a", amp.AmpBox(), {"a": None}, None)


def test_an_argument_provides_its_interface() -> None:
    assert IArgumentType.providedBy(amp.Integer())  # type: ignore[attr-defined]


def test_who_overrides_nothing_is_told_so() -> None:
    with pytest.raises(NotImplementedError, match="Argument has no toString"):
        amp.Argument().toString(1)
