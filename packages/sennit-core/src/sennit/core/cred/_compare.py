"""Secrets are compared here, in a time that does not tell where they differ."""

from __future__ import annotations

import hmac

__all__ = ["same"]


def same(given: bytes | str, expected: bytes | str) -> bool:
    """Compare two secrets; text, which old programs use, stands for its UTF-8."""
    return hmac.compare_digest(_octets(given), _octets(expected))


def _octets(secret: bytes | str) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret
