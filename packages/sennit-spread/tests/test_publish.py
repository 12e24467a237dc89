"""Published objects: their state is kept in a file, and sent only when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import Deferred, succeed
from sennit.spread import pb, publish

Join = Callable[..., Any]


class News(publish.Publishable):
    asked = 0
    text = "first"

    def getStateToPublish(self) -> dict[str, Any]:
        News.asked += 1
        return {"text": self.text}


class RemoteNews(publish.RemotePublished):
    text: str
    was_activated = 0

    def activated(self) -> None:
        self.was_activated += 1


pb.setUnjellyableForClass(News, RemoteNews)


class Root(pb.Root):
    def __init__(self, name: str) -> None:
        self.news = News(name)

    def remote_news(self) -> News:
        return self.news


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(News, "asked", 0)
    return tmp_path


def get(joined: Any) -> RemoteNews:
    ready: Deferred[Any] = publish.whenReady(joined.root.callRemote("news"))
    news: RemoteNews = joined.outcome(ready)
    return news


def test_the_state_comes_once_and_is_kept(join: Join) -> None:
    """Another connection finds it in the file; a change has it come anew."""
    root = Root("a/../../x")
    news = get(join(root))
    assert (news.text, news.was_activated) == ("first", 1)
    assert Path(news.getFileName()).parent == Path(".")
    assert get(join(root)).text == "first"
    assert News.asked == 1
    root.news.text = "second"
    root.news.republish()
    assert get(join(root)).text == "second"
    assert News.asked == 2


def test_a_file_that_is_none_is_passed_over(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """It is reported, and the state comes anew."""
    root = Root("x")
    joined = join(root)
    name = get(joined).getFileName()
    Path(name).write_bytes(b"\x05\x80")
    assert get(join(root)).text == "first"
    assert name in logged[0]["why"]


def test_waiting_may_fail() -> None:
    """As the call does."""
    failures: list[Any] = []
    failing: Deferred[Any] = Deferred()
    publish.whenReady(failing).addErrback(failures.append)
    failing.errback(ZeroDivisionError())
    assert failures[0].check(ZeroDivisionError)


def test_what_is_active_needs_no_waiting() -> None:
    """It is there at once."""
    news = RemoteNews()
    news.isActivated = True
    found: list[Any] = []
    publish.whenReady(succeed(news)).addCallback(found.append)
    assert found == [news]
