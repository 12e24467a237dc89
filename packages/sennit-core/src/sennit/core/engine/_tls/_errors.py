"""The errors of OpenSSL, by the names that a user can act on."""

from __future__ import annotations

import ssl

from sennit.core.errors import PeerVerifyError, SSLError, VerifyError

__all__ = ["named"]

# What the alerts are called by which the other side refuses our certificate, or says
# that it wants one (RFC 8446 §6.2), as OpenSSL spells them after "…_ALERT_".
_OF_OURS = (
    "BAD_CERTIFICATE",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REQUIRED",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "UNSUPPORTED_CERTIFICATE",
)


def named(error: ssl.SSLError | ValueError) -> SSLError:
    """Translate an error of the standard library's ``ssl``."""
    found: SSLError
    reason = getattr(error, "reason", None) or ""
    _, alert, kind = reason.rpartition("_ALERT_")
    if isinstance(error, ssl.SSLCertVerificationError):
        found = VerifyError(error.verify_code, error.verify_message)
    elif alert and kind in _OF_OURS:
        found = PeerVerifyError(0, _words(kind))
    elif alert:
        found = SSLError(string=f"the other side has sent the alert: {_words(kind)}")
    else:
        found = SSLError(string=_words(reason) if reason else error)
    found.__cause__ = error.with_traceback(None)  # its frames hold the codec
    return found


def _words(constant: str) -> str:
    return constant.lower().replace("_", " ")
