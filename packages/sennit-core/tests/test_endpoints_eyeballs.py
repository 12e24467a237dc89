"""Happy Eyeballs, without a network: which address comes next, and when."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, strategies as st

from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.endpoints._eyeballs import ATTEMPT_DELAY, RESOLUTION_DELAY, Eyeballs

Address = IPv4Address | IPv6Address


def a(number: int) -> IPv4Address:
    return IPv4Address("TCP", f"192.0.2.{number}", 80)


def aaaa(number: int) -> IPv6Address:
    return IPv6Address("TCP", f"2001:db8::{number}", 80)


def order(addresses: Sequence[Address]) -> list[Address]:
    """The order in which one answer is tried, if every attempt fails at once."""
    eyeballs = Eyeballs()
    for address in addresses:
        eyeballs.found(address, 0)
    eyeballs.searched(0)
    taken: list[Address] = []
    while eyeballs.due is not None:
        taken += filter(None, [eyeballs.take(0)])
        eyeballs.failed(0)
    assert eyeballs.over
    return taken


# Which


def test_families_take_turns_beginning_with_the_first_of_the_answer() -> None:
    assert order([aaaa(1), aaaa(2), aaaa(3), a(1), a(2)]) == [
        aaaa(1),
        a(1),
        aaaa(2),
        a(2),
        aaaa(3),
    ]
    assert order([a(1), a(2), aaaa(1)]) == [a(1), aaaa(1), a(2)]


def test_one_family_alone_is_tried_in_its_order() -> None:
    assert order([a(3), a(1), a(2)]) == [a(3), a(1), a(2)]


def test_a_late_address_of_the_other_family_has_the_next_turn() -> None:
    eyeballs = Eyeballs()
    for number in (1, 2, 3):
        eyeballs.found(aaaa(number), 0)
    assert eyeballs.take(0) == aaaa(1)
    eyeballs.found(a(1), 0.1)
    assert eyeballs.take(ATTEMPT_DELAY) == a(1)


# When


def test_an_ipv6_address_is_tried_as_it_comes() -> None:
    assert Eyeballs().due is None
    eyeballs = Eyeballs()
    eyeballs.found(aaaa(1), 5)
    assert eyeballs.due == 5
    assert eyeballs.take(5) == aaaa(1)


def test_an_ipv4_address_waits_a_little_for_ipv6() -> None:
    eyeballs = Eyeballs()
    eyeballs.found(a(1), 5)
    assert eyeballs.take(5.04) is None
    assert eyeballs.due == 5 + RESOLUTION_DELAY
    eyeballs.found(aaaa(1), 5.04)
    assert eyeballs.take(5.04) == aaaa(1)


def test_it_waits_no_longer_than_that() -> None:
    eyeballs = Eyeballs()
    eyeballs.found(a(1), 0)
    assert eyeballs.take(RESOLUTION_DELAY) == a(1)
    eyeballs.found(aaaa(1), 0.1)
    assert eyeballs.due == RESOLUTION_DELAY + ATTEMPT_DELAY


def test_nothing_is_waited_for_when_the_search_is_over() -> None:
    before, after = Eyeballs(), Eyeballs()
    before.searched(0)
    before.found(a(1), 1)
    after.found(a(1), 1)
    after.searched(1.01)
    assert before.take(1) == a(1)
    assert after.take(1.01) == a(1)


def test_attempts_are_a_delay_apart() -> None:
    eyeballs = Eyeballs(2.0)
    eyeballs.found(aaaa(1), 0)
    eyeballs.found(a(1), 0)
    assert eyeballs.take(0) == aaaa(1)
    assert eyeballs.take(1.9) is None
    assert eyeballs.take(2.0) == a(1)


def test_after_a_failure_the_next_is_tried_at_once() -> None:
    eyeballs = Eyeballs()
    eyeballs.found(aaaa(1), 0)
    assert eyeballs.take(0) == aaaa(1)
    eyeballs.failed(0.01)
    assert eyeballs.due is None
    eyeballs.found(a(1), 0.02)
    assert eyeballs.take(0.02) == a(1)


# The end


def test_it_is_over_when_nothing_runs_waits_or_is_looked_for() -> None:
    eyeballs = Eyeballs()
    assert not eyeballs.over
    eyeballs.found(aaaa(1), 0)
    eyeballs.searched(0)
    assert not eyeballs.over
    eyeballs.take(0)
    assert not eyeballs.over
    eyeballs.failed(0)
    assert eyeballs.over


def test_a_name_without_addresses_is_over_at_once() -> None:
    eyeballs = Eyeballs()
    eyeballs.searched(0)
    assert eyeballs.over
    assert eyeballs.take(0) is None


# What always holds

FAMILIES = st.lists(st.sampled_from([a, aaaa]), max_size=12)
WAITS = st.floats(0, 1, allow_nan=False)


@given(FAMILIES)
def test_each_address_is_tried_once(families: list[type]) -> None:
    addresses = [make(number) for number, make in enumerate(families)]
    taken = order(addresses)
    assert sorted(map(repr, taken)) == sorted(map(repr, addresses))
    for kind in (IPv4Address, IPv6Address):
        mine = [address for address in addresses if type(address) is kind]
        assert [address for address in taken if type(address) is kind] == mine


@given(st.lists(st.tuples(WAITS, st.sampled_from(["4", "6", "failed", "searched"]))))
def test_no_attempt_comes_early_and_none_is_forgotten(
    events: list[tuple[float, str]],
) -> None:
    eyeballs, now, running, found = Eyeballs(), 0.0, 0, 0
    begun: list[float] = []
    freed = -1.0
    for wait, event in events:
        now += wait
        if event == "searched":
            eyeballs.searched(now)
        elif event == "failed" and running:
            running -= 1
            freed = now
            eyeballs.failed(now)
        elif event in "46":
            found += 1
            eyeballs.found((a if event == "4" else aaaa)(found), now)
        if eyeballs.take(now) is not None:
            running += 1
            if begun and freed < begun[-1]:
                assert now - begun[-1] >= ATTEMPT_DELAY
            begun.append(now)
    while eyeballs.due is not None:
        now = max(now, eyeballs.due)
        assert eyeballs.take(now) is not None
        begun.append(now)
    assert len(begun) == found
