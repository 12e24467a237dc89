"""``twisted.python.randbytes``: random bytes."""

from __future__ import annotations

import os
import random
import warnings
from typing import TYPE_CHECKING

__all__ = [
    "RandomFactory",
    "SecureRandomNotAvailable",
    "SourceNotAvailable",
    "insecureRandom",
    "secureRandom",
]


class SecureRandomNotAvailable(RuntimeError):
    """The system has no random bytes that nobody can guess."""


class SourceNotAvailable(RuntimeError):
    """One source of random bytes does not work here."""


class RandomFactory:
    """Makes random bytes."""

    def secureRandom(self, nbytes: int, fallback: bool = False) -> bytes:
        """Random bytes that nobody can guess, from the system.

        Args:
            nbytes: How many.
            fallback: Take others, with a warning, where the system has none.

        Raises:
            SecureRandomNotAvailable: The system has none.
        """
        try:
            return os.urandom(nbytes)
        except NotImplementedError as error:
            if not fallback:
                raise SecureRandomNotAvailable(str(error)) from error
        warnings.warn(
            "the system has no secure random bytes: these can be guessed",
            RuntimeWarning,
            stacklevel=2,
        )
        return self.insecureRandom(nbytes)

    def insecureRandom(self, nbytes: int) -> bytes:
        """Random bytes that may be guessed: for jitter and tests, not for secrets.

        Args:
            nbytes: How many.
        """
        return random.randbytes(nbytes)


_factory = RandomFactory()

if TYPE_CHECKING:

    def secureRandom(nbytes: int, fallback: bool = False) -> bytes:
        """Random bytes that nobody can guess; see `RandomFactory.secureRandom`."""

    def insecureRandom(nbytes: int) -> bytes:
        """Random bytes that may be guessed; see `RandomFactory.insecureRandom`."""

else:
    secureRandom = _factory.secureRandom
    insecureRandom = _factory.insecureRandom
