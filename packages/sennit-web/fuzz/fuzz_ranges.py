"""Any bytes are ranges, conditions and codings, or a named error; never more than there is.

    pip install atheris && python packages/sennit-web/fuzz/fuzz_ranges.py [FOLDER]

The first two bytes are the size of the whole. The folder keeps what was interesting.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from sennit.web.http._codings import preferredCoding
    from sennit.web.http._conditional import ifRange, parseTags, precondition
    from sennit.web.http._ranges import (
        MAX_RANGES,
        MalformedRange,
        parseRange,
        satisfiable,
    )

OFFERED = (b"br", b"zstd", b"gzip")
ETAG, MODIFIED = b'"e"', 784_111_777
CONDITIONS = (
    b"if-match",
    b"if-none-match",
    b"if-modified-since",
    b"if-unmodified-since",
)


def check_ranges(value: bytes, size: int) -> None:
    """What is sent is within the whole, and each byte of it once."""
    try:
        specs = parseRange(value)
    except MalformedRange:
        return
    assert 1 <= len(specs) <= MAX_RANGES
    end = 0
    for span in sorted(satisfiable(specs, size)):
        assert span.offset >= end
        assert span.size > 0
        end = span.offset + span.size
    assert end <= size


def check(data: bytes) -> None:
    """Read it as the value of each field."""
    size, value = int.from_bytes(data[:2], "big"), data[2:]
    check_ranges(value, size)
    check_ranges(b"bytes=" + value, size)
    tags = parseTags(value)
    assert tags is None or all(tag in value for tag in tags)
    assert preferredCoding(value, OFFERED) in (None, *OFFERED)
    ifRange(value, ETAG, MODIFIED)
    for name in CONDITIONS:
        for method in (b"GET", b"PUT"):
            status = precondition(method, {name: value}.get, ETAG, MODIFIED)
            assert status in (None, 304, 412)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
