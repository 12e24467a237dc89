"""Boxes on the wire: right and wrong, in any pieces."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pytest
from hypothesis import given, strategies as st

from sennit.protocols import amp
from sennit.protocols.amp._wire import BoxReader

KEYS = st.binary(min_size=1, max_size=20)
VALUES = st.binary(max_size=300)
BOXES = st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=6)
CUTS = st.lists(st.integers(0, 4000), max_size=12)


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False) if a < b]


def read(
    parts: Iterable[bytes], maxKeys: int = 100, maxBytes: int = 100_000
) -> list[amp.AmpBox]:
    reader = BoxReader(amp.AmpBox, maxKeys, maxBytes)
    return [box for part in parts for box in reader.boxes(part)]


@given(BOXES, CUTS)
def test_what_was_sent_is_read_however_it_is_cut(
    sent: list[dict[bytes, bytes]], cuts: list[int]
) -> None:
    data = b"".join(amp.AmpBox(each).serialize() for each in sent)
    assert read(pieces(data, cuts)) == sent


@given(st.binary(max_size=2000), CUTS)
def test_any_bytes_are_boxes_or_a_named_error(data: bytes, cuts: list[int]) -> None:
    """Cut anywhere, they are the same boxes, and the same error."""

    def outcome(parts: list[bytes]) -> tuple[list[amp.AmpBox], type | None]:
        reader = BoxReader(amp.AmpBox, 5, 600)
        boxes: list[amp.AmpBox] = []
        try:
            for part in parts:
                boxes.extend(reader.boxes(part))
        except amp.AmpError as error:
            return boxes, type(error)
        return boxes, None

    whole, error = outcome([data])
    cut, cut_error = outcome(pieces(data, cuts))
    assert cut[: len(whole)] == whole
    # What cannot fit any more is refused before it has come.
    if cut_error is not amp.BoxTooLong:
        assert error in (cut_error, amp.TooManyKeys)


@given(BOXES, st.binary(min_size=1, max_size=50))
def test_who_stops_after_a_box_is_given_the_rest(
    sent: list[dict[bytes, bytes]], rest: bytes
) -> None:
    data = b"".join(amp.AmpBox(each).serialize() for each in sent)
    first = amp.AmpBox({b"first": b"1"}).serialize()
    reader = BoxReader(amp.AmpBox, 100, 100_000)
    for box in reader.boxes(first + data + rest):
        assert box == {b"first": b"1"}
        break
    assert reader.rest() == data + rest


def test_a_long_value_byte_by_byte_is_copied_once() -> None:
    """Two hundred thousand bytes, one at a time, take no quadratic time."""
    data = amp.AmpBox({b"k": b"v" * 65535, b"l": b"w" * 65535}).serialize()
    assert len(read([data[at : at + 1] for at in range(len(data))], 10, 200_000)) == 1


def test_a_key_of_more_than_255_bytes_is_no_amp() -> None:
    with pytest.raises(amp.TooLong, match="remote key too long: 256 bytes") as caught:
        read([b"\x01\x00" + b"k" * 256])
    assert (caught.value.isKey, caught.value.isLocal) == (True, False)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_box_has_no_more_keys_than_it_may(size: int) -> None:
    box = amp.AmpBox({b"%d" % n: b"" for n in range(11)}).serialize()
    parts = [box[at : at + size] for at in range(0, len(box), size)]
    with pytest.raises(amp.TooManyKeys, match="more than 10 keys"):
        read(parts, maxKeys=10)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_box_has_no_more_bytes_than_it_may(size: int) -> None:
    box = amp.AmpBox({b"key": b"v" * 500}).serialize()
    parts = [box[at : at + size] for at in range(0, len(box), size)]
    with pytest.raises(amp.BoxTooLong, match="more than 500 bytes"):
        read(parts, maxBytes=500)


def test_a_value_that_will_be_too_long_is_not_waited_for() -> None:
    with pytest.raises(amp.BoxTooLong):
        read([b"\0\1k\xff\xff"], maxBytes=500)


@pytest.mark.parametrize(
    ("box", "which"),
    [
        ({b"k" * 256: b""}, "local key too long: 256 bytes"),
        ({b"k": b"v" * 65536}, "local value of b'k' too long: 65536 bytes"),
    ],
)
def test_what_no_box_has_room_for_is_not_sent(
    box: dict[bytes, bytes], which: str
) -> None:
    with pytest.raises(amp.TooLong, match=which):
        amp.AmpBox(box).serialize()


def test_an_empty_key_would_end_the_box() -> None:
    with pytest.raises(amp.MalformedAmpBox):
        amp.AmpBox({b"": b"x"}).serialize()


def test_a_value_must_be_bytes() -> None:
    with pytest.raises(TypeError, match="b'k' is str"):
        amp.AmpBox(k="text").serialize()  # type: ignore[arg-type]


def test_names_may_be_text() -> None:
    assert amp.AmpBox({"a": b"1"}, b=b"2") == {b"a": b"1", b"b": b"2"}


def test_a_copy_is_a_box_of_its_own() -> None:
    box = amp.AmpBox(a=b"1")
    other = box.copy()
    other[b"b"] = b"2"
    assert (type(other), box) == (amp.AmpBox, {b"a": b"1"})


def test_keys_are_sent_in_the_order_of_the_alphabet() -> None:
    data = amp.AmpBox(b=b"2", a=b"1").serialize()
    assert data == b"\0\1a\0\0011\0\1b\0\0012\0\0"


def test_parse_reads_whole_boxes_only() -> None:
    data = amp.AmpBox(a=b"1").serialize() * 2
    assert amp.parseString(data + b"\0\1x") == [{b"a": b"1"}] * 2
    assert amp.parse(BytesIO(data)) == [{b"a": b"1"}] * 2


def test_parse_says_what_is_no_amp() -> None:
    with pytest.raises(amp.MalformedAmpBox, match="after 1 boxes"):
        amp.parseString(amp.AmpBox(a=b"1").serialize() + b"GET / HTTP/1.1")
