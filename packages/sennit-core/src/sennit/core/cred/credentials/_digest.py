"""The arithmetic of HTTP's Digest authentication, RFC 7616 §3.4 (and RFC 2617 §3.2.2).

Both sides calculate with it. All hashes are in hexadecimal, as they are on the wire.
"""

from __future__ import annotations

import hashlib

__all__ = ["calcHA1", "calcHA2", "calcResponse", "knows_algorithm"]

# By their names in the header, in lower case. "sha" (SHA-1) is in no RFC, but Twisted
# had it.
_HASHES = {
    b"md5": hashlib.md5,
    b"sha": hashlib.sha1,
    b"sha-256": hashlib.sha256,
}
_SESSION = b"-sess"


def knows_algorithm(algorithm: bytes) -> bool:
    """Tell whether there is an algorithm of this name, in whatever case."""
    return algorithm.lower().removesuffix(_SESSION) in _HASHES


def calcHA1(
    pszAlg: bytes,
    pszUserName: bytes | None,
    pszRealm: bytes | None,
    pszPassword: bytes | None,
    pszNonce: bytes | None,
    pszCNonce: bytes | None,
    preHA1: bytes | None = None,
) -> bytes:
    """Hash who it is: ``H(A1)``. RFC 7616 §3.4.2.

    Args:
        pszAlg: The algorithm: ``md5``, ``sha-256`` or ``sha``, perhaps with ``-sess``.
        pszUserName: The user's name.
        pszRealm: The realm, as the challenge names it.
        pszPassword: The password.
        pszNonce: The challenge's nonce, for ``-sess``.
        pszCNonce: The client's nonce, for ``-sess``.
        preHA1: The hash of ``username:realm:password``, if that is what is known; then
            the three must be None.

    Raises:
        TypeError: Both the hash and one of the three are given, or neither.
        ValueError: The algorithm is not known.
    """
    identity = (pszUserName, pszRealm, pszPassword)
    if preHA1 is None:
        hashed = _hash(pszAlg, *identity)
    elif identity == (None, None, None):
        hashed = preHA1
    else:
        raise TypeError("preHA1 takes the place of user name, realm and password")
    if pszAlg.lower().endswith(_SESSION):
        return _hash(pszAlg, hashed, pszNonce, pszCNonce)
    return hashed


def calcHA2(
    algo: bytes,
    pszMethod: bytes,
    pszDigestUri: bytes,
    pszQop: bytes | None,
    pszHEntity: bytes | None,
) -> bytes:
    """Hash what is asked for: ``H(A2)``. RFC 7616 §3.4.3.

    Args:
        algo: The algorithm.
        pszMethod: The request's method.
        pszDigestUri: The request's URI.
        pszQop: The quality of protection: ``auth``, ``auth-int`` or None.
        pszHEntity: The hash of the body, for ``auth-int``.

    Raises:
        TypeError: It is ``auth-int``, and there is no hash of the body.
        ValueError: The algorithm is not known.
    """
    if pszQop == b"auth-int":
        return _hash(algo, pszMethod, pszDigestUri, pszHEntity)
    return _hash(algo, pszMethod, pszDigestUri)


def calcResponse(
    HA1: bytes,
    HA2: bytes,
    algo: bytes,
    pszNonce: bytes | None,
    pszNonceCount: bytes | None,
    pszCNonce: bytes | None,
    pszQop: bytes | None,
) -> bytes:
    """Hash the two with the challenge's nonce: the response. RFC 7616 §3.4.1.

    Args:
        HA1: Who it is, from `calcHA1`.
        HA2: What is asked for, from `calcHA2`.
        algo: The algorithm.
        pszNonce: The challenge's nonce.
        pszNonceCount: How many times the client used that, in hexadecimal.
        pszCNonce: The client's nonce.
        pszQop: The quality of protection. Without it, and the two before it, this is
            the response of RFC 2069.

    Raises:
        ValueError: The algorithm is not known.
    """
    if pszNonceCount and pszCNonce:
        return _hash(algo, HA1, pszNonce, pszNonceCount, pszCNonce, pszQop, HA2)
    return _hash(algo, HA1, pszNonce, HA2)


def _hash(algorithm: bytes, *parts: bytes | None) -> bytes:
    make = _HASHES.get(algorithm.lower().removesuffix(_SESSION))
    if make is None:
        raise ValueError(f"no digest algorithm is called {algorithm!r}")
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        raise TypeError("a part of what the digest is made of is None")
    return make(b":".join(known)).hexdigest().encode()
