"""Ranges: what is asked for, what there is of it, and how it is told."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sennit.web.http._ranges import (
    MAX_RANGES,
    MalformedRange,
    RangeSpec,
    Span,
    TooManyRanges,
    contentRange,
    parseRange,
    partEnd,
    partHead,
    satisfiable,
    unsatisfied,
)

POSITIONS = st.integers(0, 200)
SPECS = st.one_of(
    st.tuples(POSITIONS, st.none()),
    st.tuples(st.none(), POSITIONS),
    st.tuples(POSITIONS, st.integers(0, 100)).map(lambda t: (t[0], t[0] + t[1])),
)


def written(specs: list[RangeSpec]) -> bytes:
    def number(n: int | None) -> bytes:
        return b"" if n is None else b"%d" % n

    return b"bytes=" + b",".join(number(a) + b"-" + number(b) for a, b in specs)


@pytest.mark.parametrize(
    ("value", "specs"),
    [
        (b"bytes=0-499", [(0, 499)]),
        (b"bytes=500-", [(500, None)]),
        (b"bytes=-500", [(None, 500)]),
        (b"bytes=0-0,-1", [(0, 0), (None, 1)]),
        # RFC 9110 §14.1: units mind no case; §5.6.1.2: lists have spaces and gaps.
        (b"Bytes= 0-1 ,\t2-3, ,", [(0, 1), (2, 3)]),
        (b"bytes=007-008", [(7, 8)]),
        # A number beyond any file is a number all the same.
        (b"bytes=0-" + b"9" * 5000, [(0, (1 << 63) - 1)]),
        (b"bytes=-" + b"9" * 20, [(None, (1 << 63) - 1)]),
    ],
)
def test_a_list_of_ranges_is_read(value: bytes, specs: list[RangeSpec]) -> None:
    assert parseRange(value) == specs


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"bytes",
        b"bytes=",
        b"bytes=,",
        b"bytes=-",
        b"bytes=a-b",
        b"bytes=1",
        b"bytes=1-2-3",
        b"bytes=--1",
        b"bytes=+1-2",
        b"bytes=1-2;3-4",
        b"bytes=5-4",
        b"bytes=0-1,5-4",
        b"bytes=0 - 1",
        b"lines=0-1",
        b"0-1",
        b"bytes=\xb2-3",
        b"bytes=1_0-20",
    ],
)
def test_what_is_no_list_of_ranges_is_refused(value: bytes) -> None:
    """One that is malformed makes the whole list so (RFC 9110 §14.1.1)."""
    with pytest.raises(MalformedRange):
        parseRange(value)


def test_more_ranges_than_anybody_needs_are_refused() -> None:
    some = b",".join([b"0-0"] * MAX_RANGES)
    assert len(parseRange(b"bytes=" + some)) == MAX_RANGES
    with pytest.raises(TooManyRanges):
        parseRange(b"bytes=" + some + b",0-0")
    with pytest.raises(TooManyRanges):
        parseRange(b"bytes=" + b"," * 100_000)


@pytest.mark.parametrize(
    ("specs", "spans"),
    [
        ([(0, 4)], [(0, 5)]),
        ([(5, None)], [(5, 5)]),
        ([(None, 3)], [(7, 3)]),
        ([(None, 30)], [(0, 10)]),
        ([(8, 100)], [(8, 2)]),
        ([(10, None)], []),
        ([(None, 0)], []),
        ([(20, 30), (2, 3)], [(2, 2)]),
        # Those that touch or overlap are one, in the place of the first of them.
        ([(0, 1), (2, 3)], [(0, 4)]),
        ([(8, 9), (0, 1), (7, 8)], [(7, 3), (0, 2)]),
        ([(5, 6), (0, None), (1, 1)], [(0, 10)]),
        ([(6, 7), (3, 4), (0, 1)], [(6, 2), (3, 2), (0, 2)]),
    ],
)
def test_of_ten_bytes_there_is_what_there_is(
    specs: list[RangeSpec], spans: list[tuple[int, int]]
) -> None:
    assert satisfiable(specs, 10) == [Span(*each) for each in spans]


def positions(specs: list[RangeSpec], size: int) -> set[int]:
    """The bytes that are asked for, one by one."""
    found: set[int] = set()
    for first, last in specs:
        if first is None:
            found |= set(range(max(0, size - (last or 0)), size))
        else:
            found |= set(range(first, size if last is None else min(last + 1, size)))
    return found


@given(st.lists(SPECS, min_size=1, max_size=8), st.integers(0, 150))
def test_each_byte_that_is_asked_for_is_sent_once(
    specs: list[RangeSpec], size: int
) -> None:
    spans = satisfiable(parseRange(written(specs)), size)
    sent = [at for span in spans for at in range(span.offset, span.offset + span.size)]
    assert len(sent) == len(set(sent)) <= size
    assert set(sent) == positions(specs, size)
    assert all(span.size for span in spans)


@given(st.binary(max_size=200))
def test_any_bytes_are_ranges_or_a_named_error(value: bytes) -> None:
    for field in (value, b"bytes=" + value):
        try:
            specs = parseRange(field)
        except MalformedRange:
            continue
        assert 1 <= len(specs) <= MAX_RANGES
        assert sum(span.size for span in satisfiable(specs, 1000)) <= 1000


def test_which_part_it_is_is_told() -> None:
    """RFC 9110 §14.4 and §14.6."""
    span = Span(5, 10)
    assert contentRange(span, 100) == b"bytes 5-14/100"
    assert unsatisfied(100) == b"bytes */100"
    assert partHead(b"B", b"text/plain", span, 100) == (
        b"\r\n--B\r\nContent-type: text/plain\r\nContent-range: bytes 5-14/100\r\n\r\n"
    )
    assert partEnd(b"B") == b"\r\n--B--\r\n"
