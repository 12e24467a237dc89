"""The forms of bytes, by pyOpenSSL's numbers."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import crypto

__all__ = ["encodingOf"]


def encodingOf(form: int) -> Encoding:
    """``FILETYPE_PEM`` and ``FILETYPE_ASN1`` of `OpenSSL.crypto`.

    Raises:
        ValueError: It is neither.
    """
    if form == crypto.FILETYPE_PEM:
        return Encoding.PEM
    if form == crypto.FILETYPE_ASN1:
        return Encoding.DER
    raise ValueError(f"{form!r} is neither FILETYPE_PEM nor FILETYPE_ASN1")
