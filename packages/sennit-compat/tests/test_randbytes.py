from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from sennit.compat.faces.python import randbytes


@pytest.mark.parametrize("make", [randbytes.secureRandom, randbytes.insecureRandom])
def test_as_many_bytes_come_as_asked_for_and_others_each_time(
    make: Callable[[int], bytes],
) -> None:
    assert [len(make(number)) for number in (0, 1, 16)] == [0, 1, 16]
    assert make(16) != make(16)


def test_a_system_without_secure_bytes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(nbytes: int) -> bytes:
        raise NotImplementedError("no source")

    monkeypatch.setattr(os, "urandom", refuse)
    with pytest.raises(randbytes.SecureRandomNotAvailable, match="no source"):
        randbytes.secureRandom(4)
    with pytest.warns(RuntimeWarning, match="can be guessed") as caught:
        assert len(randbytes.secureRandom(4, fallback=True)) == 4
    assert caught[0].filename == __file__
