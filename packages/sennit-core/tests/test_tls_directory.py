"""A folder of certificates: each serves its names, and renewed ones are seen."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.errors import CertificateError
from sennit.core.testing import CertificateAuthority
from sennit.core.tls import _directory
from sennit.core.tls._directory import _Folder

AUTHORITY = CertificateAuthority()
Logged = list[dict[str, Any]]


class Time:
    """The time that the folder sees."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def pass_by(self) -> None:
        """Let so much pass that the folder is looked at again."""
        self.now += _directory._LOOK_EVERY


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    passing = Time()
    monkeypatch.setattr(_directory, "time", passing)
    return passing


def apart(pem: bytes) -> tuple[bytes, bytes]:
    """The certificate and the key."""
    at = pem.index(b"-----BEGIN PRIVATE KEY")
    return pem[:at], pem[at:]


def chosen(folder: _Folder, name: str) -> int | None:
    """What tells the certificate that a name gets from all others."""
    options = folder.choose(name)
    return None if options is None else id(options.context)


def test_each_file_serves_the_names_in_its_certificate(
    tmp_path: Path, logged: Logged
) -> None:
    certificate, key = apart(AUTHORITY.issue("c.example"))
    (tmp_path / "1.pem").write_bytes(AUTHORITY.issue("a.example", "Also.example"))
    (tmp_path / "2.pem").write_bytes(AUTHORITY.issue("*.b.example"))
    (tmp_path / "3.pem").write_bytes(certificate)
    (tmp_path / "3.key").write_bytes(key)
    folder = _Folder(tmp_path)
    served = {
        name: chosen(folder, name)
        for name in ("a.example", "also.example", "x.b.example", "c.example")
    }
    assert served["a.example"] == served["also.example"]
    assert len(set(served.values())) == 3
    # The first is for all others.
    for name in ("", "nobody.example", "b.example"):
        assert chosen(folder, name) == served["a.example"]
    assert logged == []


def test_certbots_folder_is_one(tmp_path: Path, logged: Logged) -> None:
    for name in ("a.example", "b.example"):
        certificate, key = apart(AUTHORITY.issue(name))
        archive, live = (tmp_path / each / name for each in ("archive", "live"))
        archive.mkdir(parents=True)
        live.mkdir(parents=True)
        for kind, pem in (
            ("cert", certificate),
            ("chain", AUTHORITY.pem),
            ("fullchain", certificate + AUTHORITY.pem),
            ("privkey", key),
        ):
            (archive / f"{kind}1.pem").write_bytes(pem)
            (live / f"{kind}.pem").symlink_to(archive / f"{kind}1.pem")
    (tmp_path / "live" / "README").write_text("certbot puts one there")
    folder = _Folder(tmp_path / "live")
    assert chosen(folder, "a.example") != chosen(folder, "b.example")
    assert logged == []


def test_what_cannot_be_used_is_left_out_and_logged_once(
    tmp_path: Path, time: Time, logged: Logged
) -> None:
    certificate, _ = apart(AUTHORITY.issue("a.example"))
    (tmp_path / "a.pem").write_bytes(certificate)
    (tmp_path / "b.pem").write_bytes(b"garbage")
    (tmp_path / "c.pem").mkdir()
    (tmp_path / "d.pem").write_bytes(AUTHORITY.issue("d.example"))
    folder = _Folder(tmp_path)
    for _ in range(3):
        assert chosen(folder, "a.example") == chosen(folder, "d.example")
        time.pass_by()
    told = [event["message"][0] for event in logged]
    assert [line.partition(": ")[0] for line in told] == [
        "a certificate is left out"
    ] * 3
    for line, name in zip(told, "abc", strict=True):
        assert repr(str(tmp_path / f"{name}.pem")) in line


def test_a_folder_without_a_certificate_is_an_error(
    tmp_path: Path, logged: Logged
) -> None:
    told = f"no certificate that can be used is in {str(tmp_path)!r}"
    with pytest.raises(CertificateError) as caught:
        tls.directoryOfPEMs(tmp_path)
    assert str(caught.value) == told
    (tmp_path / "a.pem").write_bytes(b"garbage")
    with pytest.raises(CertificateError) as caught:
        tls.directoryOfPEMs(str(tmp_path))
    assert str(caught.value) == told


def test_a_certificate_for_an_address_serves_who_asks_for_no_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.pem").write_bytes(AUTHORITY.issue("127.0.0.1"))
    assert chosen(_Folder(tmp_path), "") is not None


# Renewal


def test_a_renewed_certificate_is_used_for_all_that_the_old_one_was(
    tmp_path: Path, time: Time
) -> None:
    file = tmp_path / "a.pem"
    file.write_bytes(AUTHORITY.issue("a.example"))
    folder = _Folder(tmp_path)
    old = chosen(folder, "a.example")
    file.write_bytes(AUTHORITY.issue("a.example", "new.example"))
    assert chosen(folder, "a.example") == old  # nobody has looked yet
    time.pass_by()
    new = chosen(folder, "")
    assert new != old
    assert new == chosen(folder, "a.example") == chosen(folder, "new.example")


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, time: Time) -> None:
    (tmp_path / "a.pem").write_bytes(AUTHORITY.issue("a.example"))
    (tmp_path / "b.pem").write_bytes(AUTHORITY.issue("b.example"))
    folder = _Folder(tmp_path)
    old = chosen(folder, "a.example"), chosen(folder, "b.example")
    (tmp_path / "b.pem").write_bytes(AUTHORITY.issue("b.example"))
    time.pass_by()
    new = chosen(folder, "a.example"), chosen(folder, "b.example")
    assert new[0] == old[0]
    assert new[1] != old[1]


def test_a_renewal_seen_half_way_leaves_the_old_certificate_in_use(
    tmp_path: Path, time: Time, logged: Logged
) -> None:
    """Certificate and key are two files: one is always written first."""
    certificate, key = apart(AUTHORITY.issue("a.example"))
    (tmp_path / "a.pem").write_bytes(certificate)
    (tmp_path / "a.key").write_bytes(key)
    folder = _Folder(tmp_path)
    old = chosen(folder, "a.example")
    certificate, key = apart(AUTHORITY.issue("a.example"))
    (tmp_path / "a.pem").write_bytes(certificate)
    time.pass_by()
    assert chosen(folder, "a.example") == old
    assert "the key is not that of the certificate" in logged[0]["message"][0]
    (tmp_path / "a.key").write_bytes(key)
    time.pass_by()
    assert chosen(folder, "a.example") != old


def test_files_come_and_go(tmp_path: Path, time: Time) -> None:
    (tmp_path / "b.pem").write_bytes(AUTHORITY.issue("b.example"))
    folder = _Folder(tmp_path)
    only = chosen(folder, "")
    (tmp_path / "a.pem").write_bytes(AUTHORITY.issue("a.example"))
    time.pass_by()
    assert chosen(folder, "") == chosen(folder, "a.example") != only
    (tmp_path / "a.pem").unlink()
    time.pass_by()
    assert chosen(folder, "a.example") == only
    (tmp_path / "b.pem").unlink()
    os.rmdir(tmp_path)
    time.pass_by()
    assert chosen(folder, "b.example") == only


def test_the_folder_is_looked_at_now_and_then_only(tmp_path: Path, time: Time) -> None:
    (tmp_path / "a.pem").write_bytes(AUTHORITY.issue("a.example"))
    folder = _Folder(tmp_path)
    looks = []
    look = folder._look
    folder._look = lambda: looks.append(time.now) or look()  # type: ignore[func-returns-value, method-assign]
    for _ in range(100):
        folder.choose("a.example")
        time.now += 1.0
    assert len(looks) == 100 / _directory._LOOK_EVERY


def test_without_cryptography_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pem").write_bytes(AUTHORITY.issue("a.example"))
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ImportError, match="pip install cryptography"):
        tls.directoryOfPEMs(tmp_path)


def test_a_folder_that_is_not_there_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="nowhere' is no folder"):
        tls.directoryOfPEMs(tmp_path / "nowhere")
