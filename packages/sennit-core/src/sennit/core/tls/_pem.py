"""PEM into contexts, with errors that say which file is at fault."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeAlias

from sennit.core.errors import CertificateError

__all__ = ["Source", "loadChain", "loadTrust"]

Source: TypeAlias = str | os.PathLike[str] | bytes
"""Where PEM text comes from: a file's path, or the text itself as bytes."""


def loadChain(
    context: ssl.SSLContext,
    certificate: Source,
    key: Source | None,
    password: str | bytes | None,
) -> None:
    """Give a context its own certificate and key.

    Raises:
        CertificateError: They cannot be read, or are not of each other.
    """
    # Without one OpenSSL would ask at the terminal, and the loop would wait.
    secret = _no_password if password is None else password
    told = _named(certificate) + ("" if key is None else f" with {_named(key)}")
    private = nullcontext() if key is None else _as_file(key)
    with _as_file(certificate) as chain, private as other:
        try:
            context.load_cert_chain(chain, other, secret)
        except (OSError, ValueError) as error:
            # "[SSL] PEM lib (_ssl.c:3900)" says nothing to anybody.
            missing = "no certificate and key in PEM form are in it"
            if password is not None:
                missing += ", or the password is wrong"
            raise CertificateError(f"{told}: {_explained(error, missing)}") from error


def loadTrust(context: ssl.SSLContext, trustRoot: Source) -> None:
    """Let a context trust whom these certificates vouch for.

    Raises:
        CertificateError: They cannot be read, or there are none.
    """
    told = _named(trustRoot)
    missing = "no certificate in PEM form is in it"
    try:
        if isinstance(trustRoot, bytes):
            # Between certificates there may be comments, in any language.
            text = trustRoot.decode("ascii", "ignore")
            context.load_verify_locations(cadata=text)
        elif os.path.isdir(trustRoot):
            for name in sorted(os.listdir(trustRoot)):
                if name.endswith((".pem", ".crt", ".cer")):
                    told = _named(os.path.join(trustRoot, name))
                    context.load_verify_locations(os.path.join(trustRoot, name))
        else:
            context.load_verify_locations(trustRoot)
    except (OSError, ValueError) as error:
        raise CertificateError(f"{told}: {_explained(error, missing)}") from error
    if not context.cert_store_stats()["x509"]:
        raise CertificateError(f"{told}: {missing}")


def _no_password() -> str:
    raise ValueError("the key is encrypted, and no password was given")


@contextmanager
def _as_file(source: Source) -> Iterator[str]:
    """The path of PEM text: OpenSSL reads its own certificates from files only."""
    if not isinstance(source, bytes):
        yield os.fspath(source)
        return
    # A slow module, which those who have their PEM in files need not wait for.
    from tempfile import mkstemp

    descriptor, path = mkstemp(suffix=".pem")  # 0600: for our eyes only
    try:
        with open(descriptor, "wb") as file:
            file.write(source)
        yield path
    finally:
        os.unlink(path)


def _named(source: Source) -> str:
    if isinstance(source, bytes):
        return "PEM text"
    path = os.fspath(source)
    if "-----BEGIN" in path:  # a key, perhaps, and nothing for an error to show
        raise CertificateError("PEM text is given as bytes, not as str")
    return repr(path)


def _explained(error: Exception, missing: str) -> str:
    reason = getattr(error, "reason", None)
    if reason == "KEY_VALUES_MISMATCH":
        return "the key is not that of the certificate"
    if isinstance(error, ssl.SSLError):
        return missing
    return getattr(error, "strerror", None) or str(error)
