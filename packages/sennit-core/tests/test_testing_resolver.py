"""The resolver in memory tells what the test says, when the test says it."""

from __future__ import annotations

from typing import Any

from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.testing import MemoryResolver


class Receiver:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self.told.append(resolutionInProgress.name)

    def addressResolved(self, address: Any) -> None:
        self.told.append(address)

    def resolutionComplete(self) -> None:
        self.told.append("complete")


def test_a_name_that_it_knows_is_complete_at_once() -> None:
    receiver = Receiver()
    resolver = MemoryResolver({"a.example": ["192.0.2.1", "2001:db8::1"]})
    resolver.resolveHostName(receiver, "a.example", 53, transportSemantics="UDP")
    assert receiver.told == [
        "a.example",
        IPv4Address("UDP", "192.0.2.1", 53),
        IPv6Address("UDP", "2001:db8::1", 53),
        "complete",
    ]


def test_a_name_that_it_does_not_know_is_in_the_hand_of_the_test() -> None:
    receiver = Receiver()
    resolver = MemoryResolver()
    search = resolver.resolveHostName(receiver, "a.example", 80, [IPv4Address])
    assert resolver.searches == [search]
    assert (search.name, search.portNumber) == ("a.example", 80)
    assert (search.addressTypes, search.transportSemantics) == ([IPv4Address], "TCP")
    assert receiver.told == ["a.example"]

    search.tell("192.0.2.1")
    search.complete()
    assert receiver.told[1:] == [IPv4Address("TCP", "192.0.2.1", 80), "complete"]


def test_giving_a_search_up_is_noted() -> None:
    search = MemoryResolver().resolveHostName(Receiver(), "a.example")
    assert not search.cancelled
    search.cancel()
    assert search.cancelled
