"""Reference counting: nothing is let go too early, and nothing stays for ever."""

from __future__ import annotations

import gc
import threading
from collections import deque
from itertools import count
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from sennit.spread.pb._errors import ProtocolError, TooManyReferences
from sennit.spread.pb._tables import Borrowed, Lent


class Thing:
    def processUniqueID(self) -> int:
        return id(self)


class Reference:
    """What stands for a thing on the borrower's side."""


def lent(limit: int = 10) -> Lent:
    return Lent(limit, count(1).__next__)


def test_a_thing_that_is_sent_twice_has_one_number() -> None:
    """And is let go when it was given back twice."""
    table, thing = lent(), Thing()
    luid = table.lend(thing)
    assert table.lend(thing) == luid
    assert table.give_back(luid) is None
    assert table.find(luid) is thing
    gone = table.give_back(luid)
    assert gone is not None
    assert gone.object is thing
    assert table.find(luid) is None
    assert not table.objects
    assert not table.luids


def test_a_thing_that_comes_back_has_a_new_number() -> None:
    """A number of something gone is never used again: who has it must not hit another."""
    table, thing = lent(), Thing()
    luid = table.lend(thing)
    table.give_back(luid)
    assert table.lend(thing) != luid


@pytest.mark.parametrize("luid", [7, b"root", b"nobody"])
def test_what_was_not_lent_cannot_be_given_back(luid: int | bytes) -> None:
    """A named thing counts nothing, and one that is not there has nothing to count."""
    table = lent()
    table.name(b"root", Thing())
    with pytest.raises(ProtocolError):
        table.give_back(luid)
    assert table.find(b"root") is not None


def test_there_is_a_limit_to_what_is_lent() -> None:
    """The root is there besides; what is lent already may be lent again."""
    table = lent(limit=3)
    table.name(b"root", Thing())
    things = [Thing() for _ in range(4)]
    luids = [table.lend(thing) for thing in things[:3]]
    with pytest.raises(TooManyReferences):
        table.lend(things[3])
    assert table.lend(things[0]) == luids[0]
    table.give_back(luids[1])
    table.lend(things[3])


def test_letting_all_go_tells_what_was_lent() -> None:
    """What has a name is not among it."""
    table, thing = lent(), Thing()
    table.name(b"root", Thing())
    table.lend(thing)
    assert [local.object for local in table.clear()] == [thing]
    assert table.find(b"root") is None


def test_a_death_in_another_thread_is_only_noted() -> None:
    """The table is changed by its owner alone, when it asks what is to be given back."""
    told: list[int] = []
    table: Borrowed[Reference] = Borrowed(lambda: told.append(threading.get_ident()))
    held = [Reference()]
    table.add(5, 5, held[0])
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert told == [thread.ident]
    assert len(table) == 1
    assert list(table.to_give_back()) == [5]
    assert len(table) == 0


def test_a_number_that_comes_again_after_a_death_is_counted_for_itself() -> None:
    """The one that died is given back, the new one is not touched by that."""
    table: Borrowed[Reference] = Borrowed(lambda: None)
    table.add(5, 5, Reference())
    gc.collect()
    assert table.get(5) is None
    new = Reference()
    table.add(5, 5, new)
    assert list(table.to_give_back()) == [5]
    assert table.get(5) is new


THINGS = 4


class TwoSides(RuleBasedStateMachine):
    """A lender and a borrower, with any number of messages under way between them."""

    def __init__(self) -> None:
        super().__init__()
        self.things = [Thing() for _ in range(THINGS)]
        self.lent = lent(limit=THINGS)
        self.borrowed: Borrowed[Reference] = Borrowed(lambda: None)
        self.held: dict[int, Reference] = {}
        self.to_borrower: deque[int] = deque()
        self.to_lender: deque[Any] = deque()
        # What each number stood for, for all time.
        self.meaning: dict[int, Thing] = {}

    @rule(index=st.integers(0, THINGS - 1))
    def send(self, index: int) -> None:
        thing = self.things[index]
        luid = self.lent.lend(thing)
        assert self.meaning.setdefault(luid, thing) is thing
        self.to_borrower.append(luid)

    @precondition(lambda self: self.to_borrower)
    @rule(keep=st.booleans())
    def receive(self, keep: bool) -> None:
        luid = self.to_borrower.popleft()
        reference = self.borrowed.get(luid)
        if reference is None:
            reference = Reference()
            self.borrowed.add(luid, luid, reference)
        else:
            self.borrowed.again(luid)
        if keep:
            self.held[luid] = reference

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_die(self, data: st.DataObject) -> None:
        luid = data.draw(st.sampled_from(sorted(self.held)))
        del self.held[luid]

    @rule()
    def tell_of_deaths(self) -> None:
        self.to_lender.extend(self.borrowed.to_give_back())

    @precondition(lambda self: self.to_lender)
    @rule()
    def take_back(self) -> None:
        self.lent.give_back(self.to_lender.popleft())

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def send_home(self, data: st.DataObject) -> None:
        luid = data.draw(st.sampled_from(sorted(self.held)))
        # It overtakes nothing: what was given back before is given back first.
        self.tell_of_deaths()
        while self.to_lender:
            self.take_back()
        assert self.lent.find(luid) is self.meaning[luid]

    @invariant()
    def what_is_held_or_under_way_is_there(self) -> None:
        for luid in [*self.held, *self.to_borrower]:
            assert self.lent.find(luid) is self.meaning[luid]

    @invariant()
    def both_tables_agree(self) -> None:
        assert set(self.lent.luids.values()) == set(self.lent.objects)

    def teardown(self) -> None:
        while self.to_borrower:
            self.receive(False)
        self.held.clear()
        self.tell_of_deaths()
        while self.to_lender:
            self.take_back()
        assert not self.lent.objects
        assert not self.lent.luids
        assert not len(self.borrowed)


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
