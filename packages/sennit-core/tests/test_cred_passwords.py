"""Hashes of passwords: made, checked, and refused when they are none."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from sennit.core.cred.error import PasswordHashError
from sennit.core.cred.passwords import (
    Argon2,
    Scrypt,
    hashPassword,
    verifyPassword,
)

QUICK = Scrypt(n=2, r=1, p=1)

# The example of passlib's documentation.
PASSLIB = "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"


def test_a_hash_is_right_for_the_password_it_was_made_of() -> None:
    stored = QUICK.hash(b"sesame")

    assert stored.startswith("$scrypt$ln=1,r=1,p=1$")
    assert verifyPassword(b"sesame", stored)
    assert verifyPassword(b"sesame", stored.encode())
    assert not verifyPassword(b"sesam", stored)
    assert not verifyPassword(b"", stored)


def test_each_hash_has_a_salt_of_its_own() -> None:
    assert QUICK.hash(b"sesame") != QUICK.hash(b"sesame")


def test_a_password_is_hashed_at_the_cost_that_is_advised() -> None:
    """OWASP's Password Storage Cheat Sheet: N=2^14, r=8, p=5."""
    stored = hashPassword(b"sesame")

    assert stored.startswith("$scrypt$ln=14,r=8,p=5$")
    assert verifyPassword(b"sesame", stored)


def test_a_hash_of_passlib_is_understood() -> None:
    assert verifyPassword(b"password", PASSLIB)
    assert not verifyPassword(b"Password", PASSLIB)


def test_a_password_has_a_limit() -> None:
    assert verifyPassword(b"x" * 1024, QUICK.hash(b"x" * 1024))
    assert not verifyPassword(b"x" * 1025, QUICK.hash(b"x"))
    with pytest.raises(ValueError, match="1025"):
        QUICK.hash(b"x" * 1025)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "sesame",
        b"\xff",
        "$6$salt$hash",
        "$scrypt$ln=1,r=1,p=1$salt",
        "$scrypt$ln=0,r=1,p=1$salt$hash",
        "$scrypt$ln=1,r=1,p=1$s$hash",
        "$scrypt$ln=1,r=1,p=1$salt$hash\n",
        # As much memory as there is.
        "$scrypt$ln=40,r=8,p=1$salt$hash",
        "$scrypt$ln=1,r=9999,p=9999$salt$hash",
    ],
)
def test_what_is_no_hash_is_an_error_that_does_not_tell_it(stored: str | bytes) -> None:
    with pytest.raises(PasswordHashError) as raised:
        verifyPassword(b"sesame", stored)
    assert "$" not in str(raised.value)


def test_parameters_that_scrypt_does_not_have_are_an_error() -> None:
    with pytest.raises(ValueError, match="power of 2"):
        Scrypt(n=3).hash(b"sesame")
    with pytest.raises(ValueError, match="bytes of memory"):
        Scrypt(n=2**22).hash(b"sesame")


def test_argon2_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "argon2", None)
    for use in (Argon2, lambda: verifyPassword(b"", "$argon2id$v=19$m=8,t=1,p=1$a$b")):
        with pytest.raises(ModuleNotFoundError, match="pip install argon2-cffi"):
            use()


@pytest.mark.skipif(
    importlib.util.find_spec("argon2") is None, reason="argon2-cffi is not installed"
)
def test_argon2_hashes_where_its_library_is() -> None:
    hasher = Argon2(timeCost=1, memoryCost=8, parallelism=1)
    stored = hasher.hash(b"sesame")

    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert verifyPassword(b"sesame", stored)
    assert not verifyPassword(b"sesam", stored)
    with pytest.raises(PasswordHashError):
        verifyPassword(b"sesame", "$argon2id$v=19$nonsense")
    with pytest.raises(ValueError, match="1025"):
        hasher.hash(b"x" * 1025)
