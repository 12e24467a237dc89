"""A folder of certificates, as certbot and its kin keep: each serves its own names.

A file holds a certificate, those that vouch for it, and the key; or the key of
``NAME.pem`` is in ``NAME.key``, and that of ``fullchain.pem`` in ``privkey.pem``. The
names are those in the certificates. The folder is looked at again as handshakes come,
so that renewed certificates are used without a restart.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from sennit.core import log
from sennit.core.errors import CertificateError
from sennit.core.tls._names import chooseBy, lookUp
from sennit.core.tls._options import ServerOptions, serverOptions

__all__ = ["directoryOfPEMs"]

# Seconds between two looks at the folder, at the least: a look costs a handshake some
# ten microseconds a file, and certificates are renewed days before they expire.
_LOOK_EVERY: Final = 5.0

# When a file was changed, and how long it is; None for one that is not there.
_Stamp: TypeAlias = tuple[int, int] | None


def directoryOfPEMs(path: str | Path) -> ServerOptions:
    """Options for a server whose certificates lie in a folder.

    The first file in the order of names serves clients that ask for a name nobody has,
    or for none. A file that cannot be used is logged and left out; one that could be
    used before it was changed serves as it was.

    Args:
        path: The folder. It may hold folders with a ``fullchain.pem`` each.

    Raises:
        CertificateError: It is no folder, or has no certificate that can be used.
        ImportError: ``cryptography`` is not installed, which reads the names.
    """
    if not Path(path).is_dir():
        raise CertificateError(f"{str(path)!r} is no folder")
    folder = _Folder(Path(path))
    first = folder.choose("")
    if first is None:
        raise CertificateError(f"no certificate that can be used is in {str(path)!r}")
    return chooseBy(first, folder.choose)


class _Served(NamedTuple):
    """What was read from a file, and the names that it is for."""

    options: ServerOptions
    names: list[str]


class _Folder:
    """What was found in a folder when it was looked at last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._look_at = time.monotonic()
        self._stamps: dict[Path, tuple[_Stamp, _Stamp]] = {}
        self._served: dict[Path, _Served] = {}
        self._by_name: dict[str, ServerOptions] = {}
        self._first: ServerOptions | None = None

    def choose(self, name: str) -> ServerOptions | None:
        """The options for a name, looking at the folder again in time."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            self._look()
        return lookUp(self._by_name, name) or self._first

    def _look(self) -> None:
        found = [*self._path.glob("*.pem"), *self._path.glob("*/fullchain.pem")]
        files = sorted(file for file in found if file.name != "privkey.pem")
        stamps = {file: (_stamp(file), _stamp(_key_of(file))) for file in files}
        if stamps == self._stamps:
            return
        served: dict[Path, _Served] = {}
        for file in files:
            held = self._served.get(file)
            if stamps[file] != self._stamps.get(file):
                held = _read(file) or held
            if held is not None:
                served[file] = held
        self._stamps = stamps
        if served:  # an empty folder is one that is being filled anew
            self._serve(served)

    def _serve(self, served: dict[Path, _Served]) -> None:
        self._served = served
        self._first = next(iter(served.values())).options
        self._by_name = {}
        for options, names in served.values():
            for name in names:
                self._by_name.setdefault(name, options)


def _stamp(file: Path) -> _Stamp:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _key_of(file: Path) -> Path:
    """Where the key of a certificate is, unless it is in the same file."""
    if file.name == "fullchain.pem":
        return file.with_name("privkey.pem")
    return file.with_suffix(".key")


def _read(file: Path) -> _Served | None:
    key = _key_of(file)
    try:
        options = serverOptions(file, key if key.exists() else None)
        return _Served(options, _names_in(file))
    except (CertificateError, OSError) as error:
        log.msg(f"a certificate is left out: {error}")
        return None


def _names_in(file: Path) -> list[str]:
    """The DNS names of the first certificate in a file."""
    try:
        # Optional: who has one certificate needs nobody to read its names.
        from cryptography import x509
    except ImportError as error:
        raise ImportError(
            "a folder of certificates needs: pip install cryptography"
        ) from error
    try:
        names = (
            x509.load_pem_x509_certificate(file.read_bytes())
            .extensions.get_extension_for_class(x509.SubjectAlternativeName)
            .value.get_values_for_type(x509.DNSName)
        )
    except x509.ExtensionNotFound:
        return []
    except Exception as error:  # it is stricter than OpenSSL, in many ways
        raise CertificateError(f"{str(file)!r}: {error}") from error
    return [name.lower() for name in names]
