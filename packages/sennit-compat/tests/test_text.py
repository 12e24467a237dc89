from __future__ import annotations

import io

import pytest
from hypothesis import given, strategies as st

from sennit.compat.faces.python import text


def test_lines_are_filled_with_words() -> None:
    assert text.greedyWrap("the  quick\nbrown fox", 10) == ["the quick", "brown fox"]
    assert text.wordWrap("much-too-long a", 5) == ["much-too-long", "a"]
    assert text.greedyWrap("") == []


def test_paragraphs_end_with_an_empty_line_if_there_are_several() -> None:
    assert text.greedyWrap("a\nb\n\nc", 10) == ["a b", "", "c", ""]


@given(st.text(alphabet="ab \n"), st.integers(3, 20))
def test_no_word_is_lost(string: str, width: int) -> None:
    assert " ".join(text.greedyWrap(string, width)).split() == string.split()


def test_blank_lines_around_a_text_go() -> None:
    assert text.removeLeadingBlanks(["", " ", "a", ""]) == ["a", ""]
    assert text.removeLeadingBlanks([" "]) == []
    assert text.removeLeadingTrailingBlanks("\n \n a\n\nb\n\n") == " a\n\nb\n"


@pytest.mark.parametrize(
    ("string", "words"),
    [
        ('the "hairy monkey" likes pie', ["the", "hairy monkey", "likes", "pie"]),
        ("it's a 'b c'", ["it's", "a", "b c"]),
        ("\"it's\" ''", ["it's", ""]),
        ("'a'b'c'", ["a'b'c"]),
        ('a "b c', ["a", '"b', "c"]),
        ("  ", []),
    ],
)
def test_what_stands_in_quotes_is_one_word(string: str, words: list[str]) -> None:
    assert text.splitQuoted(string) == words


def test_a_text_is_found_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "CHUNK", 3)
    assert text.strFile("bcde", io.StringIO("abcdef"))
    assert text.strFile(b"BC", io.BytesIO(b"abc"), caseSensitive=False)
    assert not text.strFile("BC", io.StringIO("abc"))
    assert text.strFile("", io.StringIO(""))


def test_lists_and_mappings_are_shown_over_several_lines() -> None:
    shown = text.stringyString({"a": 1, "b": [1, ("x", "y")]}, "> ")
    assert shown.splitlines() == [
        "> {a: 1",
        ">  b:",
        ">    [1,",
        ">     (x,",
        ">      y,),]}",
    ]
    assert text.stringyString([]) == "[]"
    assert text.stringyString(5) == "5"


def test_lines_are_told_from_texts() -> None:
    assert text.isMultiline("a\nb")
    assert not text.isMultiline("a")
    assert text.endsInNewline("a\n")
    assert not text.endsInNewline("a")
