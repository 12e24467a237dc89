"""Caches: state goes once, changes follow, and the end is noticed."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest

from sennit.spread import pb

Join = Callable[..., Any]


class Board(pb.Cacheable):
    def __init__(self) -> None:
        self.lines = ["welcome"]
        self.observers: list[pb.RemoteCacheObserver] = []
        self.stopped: list[Any] = []

    def post(self, line: str) -> list[Any]:
        self.lines.append(line)
        return [each.callRemote("posted", line) for each in self.observers]

    def getStateToCacheAndObserveFor(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> dict[str, Any]:
        self.observers.append(observer)
        return {"lines": list(self.lines)}

    def stoppedObserving(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> None:
        self.observers.remove(observer)
        self.stopped.append(perspective)


class BoardCache(pb.RemoteCache):
    lines: list[str]

    def setCopyableState(self, state: Any) -> None:
        self.lines = state["lines"]

    def observe_posted(self, line: str) -> int:
        self.lines.append(line)
        return len(self.lines)


class Early(pb.Cacheable):
    """Tells of a change before its state has gone."""

    def getStateToCacheAndObserveFor(self, perspective: Any, observer: Any) -> Any:
        observer.callRemote("changed", 2)
        return {"value": 1}


class EarlyCache(pb.RemoteCache):
    value: int

    def observe_changed(self, value: int) -> None:
        self.value = value


class Broken(pb.Cacheable):
    def getStateToCacheAndObserveFor(self, perspective: Any, observer: Any) -> Any:
        return {"value": object()}


class Odd(Board):
    def stoppedObserving(self, perspective: Any, observer: Any) -> None:
        raise ZeroDivisionError


pb.setUnjellyableForClass(Board, BoardCache)
pb.setUnjellyableForClass(Odd, BoardCache)
pb.setUnjellyableForClass(Early, EarlyCache)


class Hall(pb.Root):
    def __init__(self) -> None:
        self.board = Board()
        self.early = Early()

    def remote_board(self) -> Board:
        return self.board

    def remote_early(self) -> Any:
        return self.early

    def remote_broken(self) -> Any:
        return [self.board, Broken()]

    def remote_two(self) -> Any:
        return self.board, self.board

    def remote_same(self, value: Any) -> Any:
        return value

    def remote_is_mine(self, board: Any) -> bool:
        return board is self.board


def test_a_cache_is_told_of_changes(join: Join) -> None:
    """And answers, as any method does."""
    hall = Hall()
    joined = join(hall)
    board = joined.call("board")
    assert type(board) is BoardCache
    (told,) = hall.board.post("one")
    assert joined.outcome(told) == 2
    assert board.lines == ["welcome", "one"]
    method = hall.board.observers[0].remoteMethod("posted")
    assert joined.outcome(method("two")) == 3


def test_a_cache_is_one_object_however_often_it_comes(join: Join) -> None:
    """Its state goes once."""
    hall = Hall()
    joined = join(hall)
    board = joined.call("board")
    assert joined.call("board") is board
    assert joined.call("two") == (board, board)
    assert len(hall.board.observers) == 1
    joined.collect()
    assert hall.board.observers


def test_a_cache_that_goes_home_is_the_original(join: Join) -> None:
    """To another side it does not go."""
    joined, other = join(Hall()), join(Hall())
    board = joined.call("board")
    assert joined.call("is_mine", board)
    assert joined.call("same", board) is board
    with pytest.raises(pb.NotSerializable, match="only to the side"):
        other.call("same", board)


def test_when_nobody_holds_the_cache_the_original_is_told(join: Join) -> None:
    """By the very observer that it was given; then nothing more is sent."""
    hall = Hall()
    joined = join(hall)
    boards = [joined.call("board"), joined.call("board")]
    (observer,) = hall.board.observers
    boards.clear()
    joined.collect()
    assert hall.board.observers == []
    assert hall.board.stopped == [None]
    assert not joined.server.remotelyCachedObjects
    assert not joined.client.locallyCachedObjects
    with pytest.raises(pb.DeadReferenceError):
        joined.outcome(observer.callRemote("posted", "nobody sees this"))


def test_two_viewers_have_two_observers(join: Join) -> None:
    """Each is removed for itself, whatever observers are compared by."""
    hall = Hall()
    one, two = join(hall), join(hall)
    boards = [one.call("board"), two.call("board")]
    first, second = hall.board.observers
    assert first != second
    assert first == first
    assert first != "other"
    assert len({first, second}) == 2
    boards.pop(0)
    gc.collect()
    one.flush()
    assert hall.board.observers == [second]
    for told in hall.board.post("x"):
        assert two.outcome(told) == 2
    assert boards[0].lines == ["welcome", "x"]


def test_a_cache_that_comes_again_while_it_dies_lives(join: Join) -> None:
    """It was sent without its state before the other side knew that it had died."""
    hall = Hall()
    joined = join(hall)
    board = joined.call("board")
    asked = joined.root.callRemote("board")
    # Both are under way: the answer here, the death there.
    joined.pump.pump()
    del board
    gc.collect()
    board = joined.outcome(asked)
    assert board.lines == ["welcome"]
    for told in hall.board.post("still there"):
        assert joined.outcome(told) == 2
    assert joined.call("board") is board


def test_a_change_reaches_a_cache_that_has_just_died(join: Join) -> None:
    """Nobody sees it, and nothing is left of it."""
    hall = Hall()
    joined = join(hall)
    board = joined.call("board")
    (told,) = hall.board.post("late")
    del board
    gc.collect()
    assert joined.outcome(told) == 2
    joined.collect()
    assert not hall.board.observers
    assert not joined.client.locallyCachedObjects


def test_what_is_told_while_the_state_is_made_arrives_after_it(join: Join) -> None:
    """The cache is there when the change comes."""
    assert join(Hall()).call("early").value == 2


def test_when_the_connection_ends_the_original_is_told(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """Changes that are under way are no errors then."""
    hall = Hall()
    joined = join(hall)
    board = joined.call("board")
    hall.board.post("lost")
    joined.server.transport.abortConnection()
    joined.flush()
    gc.collect()
    assert hall.board.observers == []
    assert hall.board.stopped == [None]
    assert board.lines == ["welcome"]
    assert not logged


def test_a_cache_whose_message_is_not_sent_does_not_count(join: Join) -> None:
    """Something else in it could not travel."""
    hall = Hall()
    joined = join(hall)
    with pytest.raises(pb.RemoteError):
        joined.call("broken")
    assert not joined.server.remotelyCachedObjects
    assert joined.call("board").lines == ["welcome"]


def test_an_original_that_fails_at_the_end_is_reported(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """And nothing else is kept from ending."""
    hall = Hall()
    hall.board = Odd()
    joined = join(hall)
    board = joined.call("board")
    assert board
    del board
    joined.collect()
    assert "stoppedObserving" in logged[0]["why"]
    assert joined.call("same", 1) == 1


def test_a_cache_of_an_unknown_kind_fails_its_call_only(
    join: Join, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, Any]]
) -> None:
    """Whatever the other side says of it later."""
    hall = Hall()
    monkeypatch.delitem(pb.copyTags, f"{__name__}.Board".encode())
    joined = join(hall)
    for _ in range(2):
        with pytest.raises(Exception, match=r"not allowed|there is none"):
            joined.call("board")
    (told,) = hall.board.post("x")
    with pytest.raises(pb.RemoteError, match="Invalid Object ID"):
        joined.outcome(told)
    assert joined.call("same", 1) == 1
