"""What `sennit.core.address` promises."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from sennit.core.address import (
    HostnameAddress,
    IPv4Address,
    IPv6Address,
    UNIXAddress,
)

MADE: list[Any] = [
    IPv4Address("TCP", "127.0.0.1", 80),
    IPv4Address("UDP", "127.0.0.1", 80),
    IPv4Address("TCP", "127.0.0.2", 80),
    IPv4Address("TCP", "127.0.0.1", 81),
    IPv6Address("TCP", "127.0.0.1", 80),
    IPv6Address("TCP", "::1", 80),
    IPv6Address("TCP", "::1", 80, flowInfo=1),
    IPv6Address("TCP", "::1", 80, scopeID="eth0"),
    HostnameAddress(b"example.com", 80),
    HostnameAddress(b"example.com", 81),
    UNIXAddress(None),
    UNIXAddress("/no/such/file"),
    UNIXAddress("/no/such/other"),
    UNIXAddress(b"\0abstract"),
]


@pytest.mark.parametrize("address", MADE)
def test_an_address_equals_only_its_like(address: Any) -> None:
    copy = pickle.loads(pickle.dumps(address))

    assert copy is not address
    assert copy == address
    assert hash(copy) == hash(address)
    assert [other for other in MADE if other == address] == [address]
    assert address != repr(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (IPv4Address("TCP", "127.0.0.1", 8750), "IPv4Address(TCP, '127.0.0.1', 8750)"),
        (IPv6Address("UDP", "::1", 53), "IPv6Address(UDP, '::1', 53)"),
        (
            IPv6Address("TCP", "fe80::1", 80, 0, 2),
            "IPv6Address(TCP, 'fe80::1', 80, flowInfo=0, scopeID=2)",
        ),
        (HostnameAddress(b"a.org", 80), "HostnameAddress(b'a.org', 80)"),
        (UNIXAddress(b"/run/s"), "UNIXAddress('/run/s')"),
        (UNIXAddress(None), "UNIXAddress(None)"),
    ],
)
def test_the_repr_has_the_seeds_form(address: Any, shown: str) -> None:
    assert repr(address) == shown
    assert "%s" % address == shown  # noqa: UP031 - it must not be taken for a tuple


def test_the_fields_are_what_was_given() -> None:
    address = IPv6Address("UDP", "::1", 53, 3, "lo")

    assert (address.type, address.host, address.port) == ("UDP", "::1", 53)
    assert (address.flowInfo, address.scopeID) == (3, "lo")
    assert HostnameAddress(b"a.org", 80).hostname == b"a.org"
    assert UNIXAddress("/tmp/ö").name == os.fsencode("/tmp/ö")
    assert UNIXAddress(Path("/run/s")).name == b"/run/s"


@pytest.mark.parametrize("address", MADE)
def test_the_fields_cannot_be_set(address: Any) -> None:
    for name in ("port", "name"):
        with pytest.raises(AttributeError):
            setattr(address, name, 1)


@pytest.mark.parametrize("kind", [IPv4Address, IPv6Address])
def test_another_type_than_tcp_and_udp_is_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match="'SCTP'"):
        kind("SCTP", "::1", 1)


def test_addresses_of_a_kind_can_be_sorted() -> None:
    low, high = IPv4Address("TCP", "10.0.0.1", 1), IPv4Address("TCP", "10.0.0.1", 2)

    assert sorted([high, low]) == [low, high]
    with pytest.raises(TypeError):
        sorted([low, UNIXAddress("x")])


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_unix_addresses_are_equal_when_they_lead_to_the_same_file(
    tmp_path: Path,
) -> None:
    file, link = tmp_path / "socket", tmp_path / "link"
    file.touch()
    link.symlink_to(file)

    assert UNIXAddress(file) == UNIXAddress(link)
    assert hash(UNIXAddress(file)) == hash(UNIXAddress(link))
    assert UNIXAddress(file) != UNIXAddress(None)
