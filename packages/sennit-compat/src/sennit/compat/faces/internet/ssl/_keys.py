"""Keys: the half that everybody may know, and how pyOpenSSL's are made and read."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from OpenSSL import crypto

__all__ = ["PublicKey", "dumpKey", "generateKey", "loadKey"]


class PublicKey:
    """The public half of a pair: it can be told from others.

    Attributes:
        original: The key, as pyOpenSSL has keys.
    """

    def __init__(self, osslpkey: crypto.PKey) -> None:
        self.original = osslpkey

    def matches(self, otherKey: PublicKey) -> bool:
        """Whether the other key is this one, or a pair with this one in it."""
        return self.keyHash() == otherKey.keyHash()

    def keyHash(self) -> str:
        """A digest of the public half in hexadecimal, which tells keys apart."""
        key: Any = self.original.to_cryptography_key()
        public = key.public_key() if hasattr(key, "public_key") else key
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        # Twisted's digest, for who has kept some; nothing is secured by it.
        return hashlib.md5(der, usedforsecurity=False).hexdigest()

    def inspect(self) -> str:
        """A sentence on the key, for people to read."""
        return f"Public Key with Hash: {self.keyHash()}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.keyHash()}>"


def generateKey(kind: int, size: int) -> crypto.PKey:
    """Make a new key.

    Args:
        kind: ``TYPE_RSA``, ``TYPE_DSA`` or ``TYPE_EC`` of `OpenSSL.crypto`.
        size: Bits; for ``TYPE_EC`` those of the NIST curve: 256, 384 or 521.

    Raises:
        ValueError: There is no such kind, or it has no such size.
    """
    key: Any
    if kind == crypto.TYPE_RSA:
        key = rsa.generate_private_key(public_exponent=65537, key_size=size)
    elif kind == crypto.TYPE_DSA:
        key = dsa.generate_private_key(key_size=size)
    elif kind == crypto.TYPE_EC:
        curves = {256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}
        if size not in curves:
            raise ValueError(f"there is no curve of {size} bits")
        key = ec.generate_private_key(curves[size])
    else:
        raise ValueError(f"{kind!r} is no kind of key")
    return crypto.PKey.from_cryptography_key(key)


def dumpKey(key: crypto.PKey, encoding: Encoding) -> bytes:
    """A private key as bytes: PKCS #8 in PEM, the traditional form in DER."""
    private: Any = key.to_cryptography_key()
    shape = PrivateFormat.PKCS8
    if encoding is Encoding.DER and not hasattr(private, "private_bytes_raw"):
        shape = PrivateFormat.TraditionalOpenSSL
    dumped: bytes = private.private_bytes(encoding, shape, NoEncryption())
    return dumped


def loadKey(data: bytes, encoding: Encoding) -> crypto.PKey:
    """A private key of bytes.

    Raises:
        OpenSSL.crypto.Error: It is none, or it is encrypted.
    """
    load: Any = (
        load_pem_private_key if encoding is Encoding.PEM else load_der_private_key
    )
    try:
        return crypto.PKey.from_cryptography_key(load(data, password=None))
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise crypto.Error(str(error)) from error
