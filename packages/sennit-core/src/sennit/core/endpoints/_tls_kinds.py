"""The kinds of endpoints that speak TLS: ``ssl:`` with files, ``tls:`` with a folder.

The certificates are read when the description is: what is wrong with them is a
`CertificateError` at once.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any, Final

from sennit.core.endpoints._hostname import HostnameEndpoint
from sennit.core.endpoints._kinds import BACKLOG, BIND_ADDRESS, TIMEOUT, Kind
from sennit.core.endpoints._parameters import (
    HOST,
    PATH,
    PORT,
    TEXT,
    Parameter,
    Signature,
    Value,
)
from sennit.core.endpoints._tls import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    wrapClientTLS,
)
from sennit.core.engine._names._name import wireName
from sennit.core.errors import CertificateError
from sennit.core.tls import clientOptions, directoryOfPEMs, serverOptions

__all__ = ["TLS_CLIENTS", "TLS_SERVERS", "tlsClient"]

# OpenSSL's names for what to speak, and the newest version that each allows. What each
# is older than 1.2 nobody should speak (RFC 8996).
_METHODS: Final = {
    "SSLv23_METHOD": ssl.TLSVersion.MAXIMUM_SUPPORTED,
    "TLS_METHOD": ssl.TLSVersion.MAXIMUM_SUPPORTED,
    "TLSv1_2_METHOD": ssl.TLSVersion.TLSv1_2,
}


def _method(text: str) -> ssl.TLSVersion:
    if text not in _METHODS:
        raise ValueError
    return _METHODS[text]


_METHOD: Final = Value("TLS_METHOD or TLSv1_2_METHOD, as TLS is 1.2 at least", _method)


def _ssl_server(
    reactor: Any,
    port: int,
    privateKey: str,
    certKey: str | None,
    sslmethod: ssl.TLSVersion,
    interface: str,
    backlog: int,
    extraCertChain: str | None,
    dhParameters: str | None,
) -> SSL4ServerEndpoint:
    certificate = certKey or privateKey
    if extraCertChain is None:
        options = serverOptions(certificate, privateKey if certKey else None)
    else:
        chain = b"\n".join(map(_content, (certificate, extraCertChain)))
        options = serverOptions(chain, privateKey)
    options.context.maximum_version = sslmethod
    if dhParameters is not None:
        try:
            options.context.load_dh_params(dhParameters)
        except OSError as error:
            told = f"{dhParameters!r}: no Diffie-Hellman parameters are in it"
            raise CertificateError(told) from error
    return SSL4ServerEndpoint(reactor, port, options, backlog, interface)


def _tls_server(
    reactor: Any, directory: str, port: int, interface: str, backlog: int
) -> SSL4ServerEndpoint:
    options = directoryOfPEMs(directory)
    return SSL4ServerEndpoint(reactor, port, options, backlog, interface)


def _ssl_client(
    reactor: Any,
    host: str,
    port: int,
    privateKey: str | None,
    certKey: str | None,
    caCertsDir: str | None,
    hostname: str | None,
    bindAddress: tuple[str, int] | None,
    timeout: float,
) -> SSL4ClientEndpoint:
    options = clientOptions(
        wireName(hostname or host),
        trustRoot=caCertsDir,
        certificate=certKey or privateKey,
        key=privateKey if certKey else None,
    )
    return SSL4ClientEndpoint(reactor, host, port, options, timeout, bindAddress)


def tlsClient(
    reactor: Any,
    host: str,
    port: int,
    timeout: float,
    bindAddress: tuple[str, int] | None,
    certificate: str | None,
    privateKey: str | None,
    trustRoots: str | None,
    endpoint: Any,
) -> Any:
    """Speak TLS with a host, over another endpoint if there is one."""
    options = clientOptions(
        wireName(host),
        trustRoot=trustRoots,
        certificate=certificate or privateKey,
        key=privateKey if certificate else None,
    )
    if endpoint is None:
        endpoint = HostnameEndpoint(reactor, host, port, timeout, bindAddress)
    return wrapClientTLS(options, endpoint)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CertificateError(f"{path!r}: {error.strerror}") from error


TLS_SERVERS: Final[Mapping[str, Kind]] = {
    "ssl": Kind(
        Signature(
            Parameter("port", PORT),
            Parameter("privateKey", PATH, "server.pem"),
            Parameter("certKey", PATH, None),
            Parameter("sslmethod", _METHOD, ssl.TLSVersion.MAXIMUM_SUPPORTED),
            Parameter("interface", TEXT, ""),
            BACKLOG,
            Parameter("extraCertChain", PATH, None),
            Parameter("dhParameters", PATH, None),
        ),
        _ssl_server,
    ),
    "tls": Kind(
        Signature(
            Parameter("directory", PATH),
            Parameter("port", PORT, 443),
            Parameter("interface", TEXT, "::"),
            BACKLOG,
        ),
        _tls_server,
    ),
}

TLS_CLIENTS: Final[Mapping[str, Kind]] = {
    "ssl": Kind(
        Signature(
            Parameter("host", HOST),
            Parameter("port", PORT),
            Parameter("privateKey", PATH, None),
            Parameter("certKey", PATH, None),
            Parameter("caCertsDir", PATH, None),
            Parameter("hostname", HOST, None),
            BIND_ADDRESS,
            TIMEOUT,
            positional=2,
        ),
        _ssl_client,
    ),
}
