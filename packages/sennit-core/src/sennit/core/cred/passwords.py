"""Passwords as they may be stored: hashed, with a salt, at a cost.

A hash is text that tells how it was made: ``$scrypt$ln=14,r=8,p=5$salt$hash``, or
``$argon2id$…``. This is the form of the PHC strings, which passlib, argon2-cffi and other
languages write as well. So hashes of different age and strength live side by side, and
`verifyPassword` needs nothing but the hash.

scrypt comes with Python; for argon2, install ``argon2-cffi``. bcrypt and the ``crypt``
function were left out: the one silently cuts passwords at 72 bytes, the other has left
the standard library.

To hash takes time, which is its purpose: a reactor must not wait for it. The checkers in
`sennit.core.cred.checkers` and `sennit.core.cred.sql` do it in threads.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import os
import re
from dataclasses import dataclass
from typing import Any, Protocol

from sennit.core.cred.error import PasswordHashError

__all__ = ["Argon2", "PasswordHasher", "Scrypt", "hashPassword", "verifyPassword"]

# Bytes. Longer than every pass phrase that somebody types, and short enough that the
# work which a stranger can ask of us does not grow with what they send.
_LONGEST = 1024

# Bytes of memory for one hash: four times what the strongest customary parameters of
# scrypt (ln=17, r=8) take, so that a damaged hash cannot ask for all there is.
_MEMORY = 512 * 2**20

# Bytes: 128 bits tell apart the salts of all users there will ever be; a hash twice
# that long is not guessed. NIST SP 800-132 §5.1 asks for as much of a salt.
_SALT = 16
_HASH = 32

_SCRYPT = re.compile(
    r"\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,3}),p=([1-9]\d{0,3})"
    r"\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)",
    re.ASCII,
)


class PasswordHasher(Protocol):
    """Makes hashes to store; ``argon2.PasswordHasher`` is one, too."""

    def hash(self, password: bytes) -> str:
        """Hash a password with a new salt."""
        ...


@dataclass(frozen=True)
class Scrypt:
    """Hashes passwords with scrypt (RFC 7914).

    The defaults are a choice of OWASP's Password Storage Cheat Sheet: 16 MiB of memory
    and, on the machine this was written on, 0.2 s for a hash.

    Attributes:
        n: The cost, a power of two; it takes ``128 * n * r`` bytes of memory.
        r: The size of a block.
        p: How many times the work is done.
    """

    n: int = 2**14
    r: int = 8
    p: int = 5

    def hash(self, password: bytes) -> str:
        """Hash a password with a new salt.

        Raises:
            ValueError: The password is longer than 1024 bytes, or the parameters are
                none of scrypt's.
        """
        _refuse_long(password)
        salt = os.urandom(_SALT)
        made = _scrypt(password, salt, self.n, self.r, self.p, _HASH)
        cost = f"ln={self.n.bit_length() - 1},r={self.r},p={self.p}"
        return f"$scrypt${cost}${_encode(salt)}${_encode(made)}"


class Argon2:
    """Hashes passwords with argon2id (RFC 9106), by the library argon2-cffi.

    The defaults are the library's, the second choice of RFC 9106 §4.
    """

    def __init__(
        self, timeCost: int = 3, memoryCost: int = 65536, parallelism: int = 4
    ) -> None:
        """Choose the cost.

        Args:
            timeCost: How many times it goes over the memory.
            memoryCost: Memory, in KiB.
            parallelism: Threads.

        Raises:
            ModuleNotFoundError: argon2-cffi is not installed.
        """
        self._hasher: Any = _argon2().PasswordHasher(
            time_cost=timeCost, memory_cost=memoryCost, parallelism=parallelism
        )

    def hash(self, password: bytes) -> str:
        """Hash a password with a new salt.

        Raises:
            ValueError: The password is longer than 1024 bytes.
        """
        _refuse_long(password)
        return str(self._hasher.hash(password))


def hashPassword(password: bytes) -> str:
    """Hash a password, to be stored, with `Scrypt` at its default cost.

    Raises:
        ValueError: The password is longer than 1024 bytes.
    """
    return Scrypt().hash(password)


def verifyPassword(password: bytes, stored: str | bytes) -> bool:
    """Find out whether a stored hash was made of this password.

    Args:
        password: The password that was given.
        stored: The hash.

    Raises:
        PasswordHashError: What is stored is no hash of a kind that is known.
        ModuleNotFoundError: It was made with argon2, and argon2-cffi is not installed.
    """
    text = stored if isinstance(stored, str) else stored.decode("ascii", "replace")
    if len(password) > _LONGEST:
        return False
    if text.startswith("$argon2"):
        return _verify_argon2(password, text)
    return _verify_scrypt(password, text)


def _verify_scrypt(password: bytes, stored: str) -> bool:
    parts = _SCRYPT.fullmatch(stored)
    if parts is None:
        raise PasswordHashError("what is stored is no password hash that is known")
    n, r, p = 2 ** int(parts[1]), int(parts[2]), int(parts[3])
    try:
        salt, expected = _decode(parts[4]), _decode(parts[5])
        made = _scrypt(password, salt, n, r, p, len(expected))
    except ValueError as error:
        raise PasswordHashError(f"a stored scrypt hash is damaged: {error}") from None
    return hmac.compare_digest(made, expected)


def _scrypt(password: bytes, salt: bytes, n: int, r: int, p: int, size: int) -> bytes:
    memory = 128 * r * (n + p + 2)
    if memory > _MEMORY:
        raise ValueError(f"scrypt would take {memory} bytes of memory")
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=size)


def _verify_argon2(password: bytes, stored: str) -> bool:
    argon2 = _argon2()
    try:
        return bool(argon2.PasswordHasher().verify(stored, password))
    except argon2.exceptions.VerifyMismatchError:
        return False
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHash):
        raise PasswordHashError("a stored argon2 hash is damaged") from None


def _argon2() -> Any:
    try:
        return importlib.import_module("argon2")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "hashing passwords with argon2 needs a library: pip install argon2-cffi",
            name=error.name,
        ) from error


def _refuse_long(password: bytes) -> None:
    if len(password) > _LONGEST:
        raise ValueError(f"a password may have {_LONGEST} bytes, not {len(password)}")


def _encode(octets: bytes) -> str:
    return base64.b64encode(octets).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
