from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sennit.web.urlpath import URLPath

BASE = "http://example.com/foo/bar?yes=no#foot"


class TestMaking:
    def test_a_text_has_five_parts(self) -> None:
        url = URLPath.fromString(BASE)
        parts = (url.scheme, url.netloc, url.path, url.query, url.fragment)
        assert parts == (b"http", b"example.com", b"/foo/bar", b"yes=no", b"foot")
        assert str(url) == BASE

    def test_without_a_word_it_is_the_local_host(self) -> None:
        assert str(URLPath()) == "http://localhost/"
        assert str(URLPath("https", "h", "/p", "q", "f")) == "https://h/p?q#f"

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("http://h", "http://h/"),
            ("http://h:80/x", "http://h/x"),
            ("https://h:443/x", "https://h/x"),
            ("http://h:81/x", "http://h:81/x"),
            ("http://[::1]:81/x", "http://[::1]:81/x"),
            ("http://user:secret@h/", "http://user:@h/"),
            ("http://ü.example/é?ü=1", "http://xn--tda.example/%C3%A9?%C3%BC=1"),
            ("http://h/a b%20c", "http://h/a%20b%20c"),
            ("/rooted", "/rooted"),
            ("rel?q", "rel?q"),
            ("", ""),
        ],
    )
    def test_texts_come_out_in_the_form_that_is_sent(
        self, given: str, shown: str
    ) -> None:
        assert str(URLPath.fromString(given)) == shown

    def test_bytes_and_texts_each_have_their_constructor(self) -> None:
        assert str(URLPath.fromBytes(b"http://h/\xff")) == "http://h/%FF"
        with pytest.raises(ValueError, match="must be bytes"):
            URLPath.fromBytes("http://h/")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="must be a str"):
            URLPath.fromString(b"http://h/")  # type: ignore[arg-type]

    def test_a_request_tells_where_it_got_to(self) -> None:
        class Request:
            def prePathURL(self) -> bytes:
                return b"http://h/pre"

        assert str(URLPath.fromRequest(Request())) == "http://h/pre"

    def test_the_representation_makes_the_same_again(self) -> None:
        url = URLPath.fromString(BASE)
        again: URLPath = eval(repr(url))
        assert str(again) == BASE

    @given(st.binary())
    def test_what_was_quoted_is_not_quoted_again(self, path: bytes) -> None:
        url = URLPath(path=b"/" + path)
        assert URLPath.fromString(str(URLPath(path=url.path))).path == url.path


class TestWalking:
    @pytest.mark.parametrize(
        ("base", "here", "parent", "child", "sibling"),
        [
            ("http://h/a/b", "/a/", "/", "/a/b/c", "/a/c"),
            ("http://h/a/b/", "/a/b/", "/a/", "/a/b/c", "/a/b/c"),
            ("http://h/a", "/", "/", "/a/c", "/c"),
            ("http://h/", "/", "/", "/c", "/c"),
            ("http://h", "/", "/", "/c", "/c"),
        ],
    )
    def test_ways_lead_to_folders_and_names(
        self, base: str, here: str, parent: str, child: str, sibling: str
    ) -> None:
        url = URLPath.fromString(base)
        found = (url.here(), url.parent(), url.child(b"c"), url.sibling(b"c"))
        assert [each.path.decode() for each in found] == [here, parent, child, sibling]

    def test_the_query_is_kept_only_if_asked_for(self) -> None:
        url = URLPath.fromString(BASE)
        assert str(url.child(b"c")) == "http://example.com/foo/bar/c"
        assert str(url.child(b"c", True)) == "http://example.com/foo/bar/c?yes=no"
        assert url.here(True).query == url.parent(True).query == b"yes=no"

    def test_a_name_stays_one_name(self) -> None:
        url = URLPath.fromString("http://h/")
        assert url.child(b"a/b?c").path == b"/a%2Fb%3Fc"
        assert url.child(b"a b").pathList() == [b"", b"a%20b"]
        assert url.child(b"a b").pathList(unquote=True) == [b"", b"a b"]

    @pytest.mark.parametrize(
        ("link", "leads"),
        [
            (b"new", "http://example.com/foo/new"),
            (b"/new page", "http://example.com/new%20page"),
            (b"../up", "http://example.com/up"),
            (b"http://other/x", "http://other/x"),
            (b"//net/x", "http://net/x"),
            (b"?q", "http://example.com/foo/bar?q"),
            (b"#f", "http://example.com/foo/bar?yes=no#f"),
            (b"", BASE),
        ],
    )
    def test_a_click_leads_where_a_browser_goes(self, link: bytes, leads: str) -> None:
        assert str(URLPath.fromString(BASE).click(link)) == leads

    def test_parts_can_be_set(self) -> None:
        url = URLPath.fromString(BASE)
        url.path = b"/a b"
        url.query = "é"
        assert str(url) == "http://example.com/a%20b?%C3%A9#foot"

    def test_a_class_of_its_own_makes_its_own(self) -> None:
        class Mine(URLPath):
            pass

        assert type(Mine.fromString(BASE).child(b"c").click(b"d")) is Mine
