"""Conditions: what a client has already decides what it is answered."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sennit.web.http._codings import MAX_CODINGS, parseCodings, preferredCoding
from sennit.web.http._conditional import ifRange, parseTags, precondition

NOW = 784_111_777
DATE = b"Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = b"Sun, 06 Nov 1994 08:49:36 GMT"
AFTER = b"Sun, 06 Nov 1994 08:49:38 GMT"
ETAG = b'"a-1"'


def asked(method: bytes = b"GET", **fields: bytes) -> int | None:
    named = {name.replace("_", "-").encode(): value for name, value in fields.items()}
    return precondition(method, named.get, ETAG, NOW)


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (b'"a"', [b'"a"']),
        (b'"a", W/"b" ,"c,d"', [b'"a"', b'W/"b"', b'"c,d"']),
        (b', "a",,', [b'"a"']),
        (b'""', [b'""']),
        (b" * ", None),
        (b"", []),
        (b"a", []),
        (b'"a" "b"', []),
        (b'w/"a"', []),
        (b'"a', []),
        (b'"a\x01b"', []),
        (b'"a", *', []),
    ],
)
def test_a_list_of_tags_is_read_whole_or_not_at_all(
    value: bytes, tags: list[bytes] | None
) -> None:
    assert parseTags(value) == tags


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, None),
        # RFC 9110 §13.1.2: compared weakly.
        ({"if_none_match": ETAG}, 304),
        ({"if_none_match": b"W/" + ETAG}, 304),
        ({"if_none_match": b'"x", ' + ETAG}, 304),
        ({"if_none_match": b"*"}, 304),
        ({"if_none_match": b'"x"'}, None),
        ({"if_none_match": b"a-1"}, None),
        # §13.1.3: a tag counts more than a date; what is no date is not there.
        ({"if_modified_since": DATE}, 304),
        ({"if_modified_since": AFTER}, 304),
        ({"if_modified_since": BEFORE}, None),
        ({"if_modified_since": b"yesterday"}, None),
        ({"if_none_match": b'"x"', "if_modified_since": AFTER}, None),
        # §13.1.1: compared strongly.
        ({"if_match": ETAG}, None),
        ({"if_match": b"*"}, None),
        ({"if_match": b"W/" + ETAG}, 412),
        ({"if_match": b'"x"'}, 412),
        ({"if_match": b"nonsense"}, 412),
        # §13.1.4
        ({"if_unmodified_since": DATE}, None),
        ({"if_unmodified_since": AFTER}, None),
        ({"if_unmodified_since": BEFORE}, 412),
        ({"if_unmodified_since": b"yesterday"}, None),
        ({"if_match": ETAG, "if_unmodified_since": BEFORE}, None),
        # §13.2.2: what is not to be done at all comes first.
        ({"if_match": b'"x"', "if_none_match": ETAG}, 412),
        ({"if_match": ETAG, "if_none_match": ETAG}, 304),
        ({"if_unmodified_since": DATE, "if_modified_since": DATE}, 304),
    ],
)
def test_conditions_are_looked_at_in_their_order(
    fields: dict[str, bytes], status: int | None
) -> None:
    assert asked(**fields) == status


def test_who_changes_something_is_told_412() -> None:
    """If-None-Match of a method that is no reading: nothing may be there."""
    assert asked(b"PUT", if_none_match=b"*") == 412
    assert asked(b"PUT", if_none_match=ETAG) == 412
    assert asked(b"PUT", if_none_match=b'"x"') is None
    assert asked(b"PUT", if_modified_since=AFTER) is None
    assert asked(b"HEAD", if_none_match=ETAG) == 304


def test_what_has_no_tag_or_date_has_no_condition() -> None:
    """But that something is there is known."""
    for fields, status in (
        ({b"if-none-match": ETAG}, None),
        ({b"if-none-match": b"*"}, 304),
        ({b"if-match": ETAG}, 412),
        ({b"if-match": b"*"}, None),
        ({b"if-modified-since": AFTER}, None),
        ({b"if-unmodified-since": BEFORE}, None),
    ):
        assert precondition(b"GET", fields.get, None, None) == status


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        (ETAG, True),
        (b" " + ETAG + b" ", True),
        (b"W/" + ETAG, False),
        (b'"x"', False),
        (DATE, True),
        (BEFORE, False),
        (AFTER, False),
        (b"yesterday", False),
        (b"", False),
    ],
)
def test_parts_are_sent_of_the_very_same_only(value: bytes, holds: bool) -> None:
    """RFC 9110 §13.1.5."""
    assert ifRange(value, ETAG, NOW) is holds
    assert not ifRange(value, b"W/" + ETAG, None)


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_no_bytes_in_a_condition_are_an_error(value: bytes, other: bytes) -> None:
    for name in ("if_match", "if_none_match", "if_modified_since"):
        assert asked(**{name: value, "if_unmodified_since": other}) in (None, 304, 412)
    assert ifRange(value, ETAG, NOW) in (False, True)


OFFERED = (b"br", b"zstd", b"gzip")


@pytest.mark.parametrize(
    ("value", "coding"),
    [
        (None, None),
        (b"", None),
        (b"gzip", b"gzip"),
        (b"gzip, deflate, br", b"br"),
        (b"x-gzip", b"gzip"),
        (b"GZIP;Q=1", b"gzip"),
        (b"gzip;q=0.8, br;q=0.5", b"gzip"),
        (b"gzip;q=0, br;q=0", None),
        (b"*", b"br"),
        (b"*;q=0.5, gzip", b"gzip"),
        (b"*, br;q=0", b"zstd"),
        (b"identity", None),
        (b"identity, gzip;q=0.5", None),
        (b"identity;q=0.5, gzip", b"gzip"),
        (b"identity, gzip", b"gzip"),
        (b"deflate", None),
        (b"gzip;q=2", None),
        (b"gzip;level=9", None),
        (b"nonsense here, gzip", b"gzip"),
    ],
)
def test_the_coding_that_a_client_likes_best_is_chosen(
    value: bytes | None, coding: bytes | None
) -> None:
    """RFC 9110 §12.5.3; of those that it likes alike, the one that we like best."""
    assert preferredCoding(value, OFFERED) == coding


def test_no_more_codings_are_looked_at_than_there_may_be() -> None:
    many = b",".join(b"c%d" % n for n in range(100_000))
    assert len(parseCodings(many)) == MAX_CODINGS
    assert preferredCoding(many + b",gzip", OFFERED) is None


@given(st.binary(max_size=200))
def test_any_bytes_choose_a_coding_or_none(value: bytes) -> None:
    assert preferredCoding(value, OFFERED) in (None, *OFFERED)
