"""The public API changes only together with the list that is kept of it."""

from __future__ import annotations

from public_api import changes


def test_the_public_names_are_those_of_the_list() -> None:
    """A difference is meant or it is not: ``nox -s api`` writes the list anew."""
    difference = changes("sennit.app")
    assert not difference, difference
