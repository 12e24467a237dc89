"""The errors of pyOpenSSL and of users' callbacks, by the names that Sennit has.

Old programs catch `OpenSSL.SSL.Error`, or what their own callback has raised; the
engine, and newer programs, `sennit.core.errors.SSLError`. What is raised is both, by a
class that derives from both.
"""

from __future__ import annotations

import functools
import ssl
from typing import Any

from OpenSSL import SSL

from sennit.compat.faces.internet.ssl._identity import VerificationError
from sennit.compat.faces.internet.ssl._verdicts import verdictOn
from sennit.core.engine._tls._errors import named
from sennit.core.errors import SSLError, VerifyError

__all__ = ["byOurName"]


def byOurName(error: BaseException, connection: SSL.Connection | None) -> SSLError:
    """What the engine calls an error of pyOpenSSL's, or of a callback."""
    if isinstance(error, SSLError):
        return error
    ours = _ours(error, connection)
    both: Any = _both((type(ours), type(error)))
    if isinstance(ours, VerifyError):
        made: SSLError = both(ours.verify_code, ours.verify_message)
    else:
        made = both(ours.osError, ours.strerror)
    vars(made).update(vars(error))
    made.args = error.args
    made.__cause__ = error
    return made


def _ours(error: BaseException, connection: SSL.Connection | None) -> SSLError:
    if isinstance(error, VerificationError):
        return VerifyError(0, "; ".join(map(str, error.errors)))
    if not isinstance(error, SSL.Error):
        return SSLError(string=f"{type(error).__name__}: {error}")
    reason = _reason(error)
    if reason == "certificate verify failed" and connection is not None:
        number, words = verdictOn(connection)
        return VerifyError(number, words or reason)
    plain: Any = ssl.SSLError(1, reason)
    plain.reason = reason.upper().replace(" ", "_")
    return named(plain)


def _reason(error: SSL.Error) -> str:
    """The last of OpenSSL's reasons, which is the most general."""
    try:
        return str(error.args[0][-1][2])
    except (IndexError, TypeError):
        return str(error)


@functools.cache
def _both(bases: tuple[type, type]) -> type:
    ours = bases[0]
    try:
        return type(ours.__name__, bases, {"__module__": ours.__module__})
    except TypeError:
        # Some of Python's own errors cannot be joined with others.
        return ours
