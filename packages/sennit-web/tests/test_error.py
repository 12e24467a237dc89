"""Errors say what has happened."""

from __future__ import annotations

import pytest

from sennit.web import error


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (error.Error(404), "404 Not Found"),
        (error.Error(b"404", b"gone away"), "404 gone away"),
        (error.Error(799), "799"),
        (error.PageRedirect(301), "301 Moved Permanently"),
        (
            error.InfiniteRedirection(301, location=b"/x"),
            "301 Moved Permanently to /x",
        ),
        (error.RedirectWithNoLocation(301, b"Moved", b"/x"), "301 Moved to /x"),
        (error.UnsupportedMethod([b"GET"]), "the resource answers GET only"),
    ],
)
def test_an_error_has_its_words(made: Exception, text: str) -> None:
    assert str(made) == text


def test_an_error_has_what_it_was_made_with() -> None:
    made = error.Error(400, b"what?", b"body")
    assert (made.status, made.message, made.response) == (b"400", b"what?", b"body")
    assert error.RedirectWithNoLocation(301, None, b"/x").uri == b"/x"
    assert error.PageRedirect(301, location=b"/y").location == b"/y"


@pytest.mark.parametrize("methods", ["GET", b"GET", 7])
def test_the_methods_are_a_sequence(methods: object) -> None:
    with pytest.raises(TypeError, match="must be a sequence of methods"):
        error.UnsupportedMethod(methods)  # type: ignore[arg-type]
