"""Log files that make room for themselves."""

from __future__ import annotations

import io
import logging
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sennit.core import log
from sennit.core.logfile import BaseLogFile, DailyLogFile, LogFile, LogReader
from sennit.core.logger import Logger, textFileLogObserver

Logged = list[log.EventDict]


def content(folder: Path) -> dict[str, str]:
    """What is in each file of a folder."""
    return {each.name: each.read_text() for each in sorted(folder.iterdir())}


def mode(path: Path) -> int:
    """A file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


class Days(DailyLogFile):
    """A daily file in a world where `day` is today."""

    day = (2021, 3, 4)

    def toDate(self, *args: float) -> tuple[int, int, int]:
        return super().toDate(*args) if args else self.day

    def _openFile(self) -> None:
        super()._openFile()
        self.lastDate = self.day


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a function of `os` fail (tests may run as root, to whom all is allowed)."""

    def fail(name: str) -> None:
        def refusing(*args: object, **how: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, name, refusing)

    return fail


def test_text_and_bytes_are_written(tmp_path: Path) -> None:
    """Text as UTF-8; each is with the system at once."""
    file = LogFile("x.log", str(tmp_path))
    file.write("caf\xe9 \ud800\n")
    file.write(b"\xff\n")
    file.flush()
    assert (tmp_path / "x.log").read_bytes() == b"caf\xc3\xa9 \\ud800\n\xff\n"
    assert file.size == 15
    file.close()


def test_a_long_file_is_rotated_before_the_next_write(tmp_path: Path) -> None:
    """The old ones' numbers grow; what is written at once stays together."""
    file = LogFile("x.log", str(tmp_path), rotateLength=10)
    for text in ("1234567", "89012", "abcdefghijklmn", "z"):
        file.write(text)
    assert content(tmp_path) == {
        "x.log": "z",
        "x.log.1": "abcdefghijklmn",
        "x.log.2": "123456789012",
    }
    assert file.listLogs() == [1, 2]
    file.rotate()
    assert file.listLogs() == [1, 2, 3]
    file.close()


def test_only_so_many_old_files_are_kept(tmp_path: Path) -> None:
    """The oldest goes."""
    file = LogFile("x.log", str(tmp_path), rotateLength=1, maxRotatedFiles=2)
    for text in "abcdef":
        file.write(text)
    assert content(tmp_path) == {"x.log": "f", "x.log.1": "e", "x.log.2": "d"}
    file.close()


def test_without_a_length_nothing_is_rotated(tmp_path: Path) -> None:
    """Until somebody does it."""
    file = LogFile("x.log", str(tmp_path), rotateLength=None)
    file.write("x" * 2_000_000)
    file.write("y")
    assert file.listLogs() == []
    file.close()


def test_a_file_is_continued(tmp_path: Path) -> None:
    """With the length it has, which counts."""
    (tmp_path / "x.log").write_text("12345678")
    file = LogFile.fromFullPath(str(tmp_path / "x.log"), rotateLength=10)
    assert (file.size, file.name, file.directory) == (8, "x.log", str(tmp_path))
    file.write("90")
    file.write("next")
    assert content(tmp_path) == {"x.log": "next", "x.log.1": "1234567890"}
    file.close()


def test_only_files_of_ours_are_counted(tmp_path: Path) -> None:
    """Names that look alike are left alone, and names with odd letters are no patterns."""
    names = [
        "[x].log.1.gz",
        "[x].log.07",
        "[x].log.0",
        "[x].log.",
        "x.log.5",
        "[x].log.²",
    ]
    for name in names:
        (tmp_path / name).write_text("theirs")
    file = LogFile("[x].log", str(tmp_path), rotateLength=1)
    file.write("a")
    file.write("b")
    assert file.listLogs() == [1]
    assert all((tmp_path / name).read_text() == "theirs" for name in names)
    file.close()


def test_old_files_can_be_read(tmp_path: Path) -> None:
    """By their numbers, some lines at once; what is no text is shown by number."""
    file = LogFile("x.log", str(tmp_path), rotateLength=1)
    file.write(b"one\ntwo\n\xff")
    file.write("current\n")
    reader = file.getLog(1)
    assert reader.readLines(2) == ["one\n", "two\n"]
    assert reader.readLines() == ["\\xff"]
    assert reader.readLines() == []
    reader.close()
    now = file.getCurrentLog()
    assert now.readLines(0) == []
    assert now.readLines() == ["current\n"]
    now.close()
    with pytest.raises(ValueError, match=r"x\.log\.9"):
        file.getLog(9)
    with pytest.raises(FileNotFoundError):
        LogReader(str(tmp_path / "nosuch"))
    file.close()


def test_permissions_are_kept(tmp_path: Path) -> None:
    """Those that were told, or those of the file that was there, for all that follow."""
    path = tmp_path / "x.log"
    file = LogFile("x.log", str(tmp_path), defaultMode=0o640)
    file.write("a")
    file.rotate()
    assert mode(path) == mode(tmp_path / "x.log.1") == 0o640
    file.close()
    path.chmod(0o604)
    kept = LogFile("x.log", str(tmp_path))
    kept.rotate()
    assert kept.defaultMode == mode(path) == 0o604
    kept.close()
    told = LogFile("x.log", str(tmp_path), defaultMode=0o600)
    assert mode(path) == 0o600
    told.close()


def test_what_is_no_regular_file_is_only_written_to() -> None:
    """Nobody moves /dev/null away, or changes its permissions."""
    before = mode(Path("/dev/null"))
    file = LogFile.fromFullPath("/dev/null", rotateLength=1, defaultMode=0o600)
    file.write("xx")
    file.write("xx")
    assert mode(Path("/dev/null")) == before
    file.close()


@pytest.mark.parametrize("kind", [LogFile, DailyLogFile])
def test_a_file_that_is_closed_is_closed(
    tmp_path: Path, kind: type[BaseLogFile]
) -> None:
    """Whatever is wanted of it; closing it twice does nothing."""
    file = kind("x.log", str(tmp_path))
    file.close()
    file.close()
    assert file.closed
    for wanted in (file.flush, file.reopen, file.rotate, lambda: file.write("x")):
        with pytest.raises(ValueError, match=r"x\.log is closed"):
            wanted()
    assert content(tmp_path) == {"x.log": ""}


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """At once."""
    with pytest.raises(FileNotFoundError):
        LogFile("x.log", str(tmp_path / "nosuch"))


def test_a_file_that_others_have_moved_is_opened_anew(tmp_path: Path) -> None:
    """By reopen; what was written before is where they have put it."""
    file = LogFile("x.log", str(tmp_path))
    file.write("one\n")
    (tmp_path / "x.log").rename(tmp_path / "moved")
    file.write("two\n")
    file.reopen()
    file.write("three\n")
    assert content(tmp_path) == {"moved": "one\ntwo\n", "x.log": "three\n"}
    assert file.size == 6
    file.close()


def test_a_file_that_others_have_moved_is_not_moved_again(tmp_path: Path) -> None:
    """When its time has come it is opened anew: what lies there now is not ours."""
    file = LogFile("x.log", str(tmp_path), rotateLength=3)
    file.write("one")
    (tmp_path / "x.log").rename(tmp_path / "moved")
    file.write("two")
    assert content(tmp_path) == {"moved": "one", "x.log": "two"}
    (tmp_path / "x.log").rename(tmp_path / "again")
    (tmp_path / "x.log").write_text("theirs ")
    file.write("six")
    assert content(tmp_path) == {"again": "two", "moved": "one", "x.log": "theirs six"}
    file.close()


def test_a_file_that_others_have_cut_is_not_rotated(tmp_path: Path) -> None:
    """Its true length counts (logrotate's copytruncate)."""
    file = LogFile("x.log", str(tmp_path), rotateLength=5)
    file.write("12345")
    os.truncate(tmp_path / "x.log", 0)
    file.write("678")
    assert content(tmp_path) == {"x.log": "678"}
    file.close()


def test_reopening_that_fails_leaves_the_old_file(
    tmp_path: Path, refuse: Callable[[str], None]
) -> None:
    """The error is the caller's; nothing that is written is lost."""
    file = LogFile("x.log", str(tmp_path))
    refuse("open")
    with pytest.raises(PermissionError):
        file.reopen()
    file.write("x")
    assert content(tmp_path) == {"x.log": "x"}
    file.close()


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (LogFile, "listdir"),
        (LogFile, "rename"),
        (LogFile, "open"),
        (Days, "rename"),
        (Days, "open"),
    ],
)
def test_what_cannot_be_rotated_is_written_on(
    tmp_path: Path,
    kind: type[BaseLogFile],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
    refuse: Callable[[str], None],
    logged: Logged,
) -> None:
    """The log says so once, and it is tried again after a minute."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    file = kind("x.log", str(tmp_path))
    monkeypatch.setattr(file, "shouldRotate", lambda: True)
    refuse(what)
    for text in ("one ", "two ", "three "):
        file.write(text)
    now[0] += 61
    file.write("four ")
    monkeypatch.undo()
    assert content(tmp_path) == {"x.log": "one two three four "}
    texts = [str(log.textFromEventDict(event)) for event in logged]
    assert len(texts) == 1
    assert texts[0].startswith(f"{file.path} cannot be rotated: ")
    assert logged[0]["logLevel"] == logging.ERROR
    file.rotate()
    file.write("five")
    assert content(tmp_path)["x.log"] == "five"
    file.close()


def test_a_file_that_is_read_only_is_not_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    """Somebody has wanted it so; the log says so, also where nobody writes."""
    file = LogFile("x.log", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *args: False)
    file.rotate()
    assert file.listLogs() == []
    assert "read-only" in str(log.textFromEventDict(logged[0]))
    file.close()


def test_a_log_can_be_written_to_it(
    tmp_path: Path, refuse: Callable[[str], None]
) -> None:
    """By either log, with what it says itself of its troubles."""
    file = LogFile("x.log", str(tmp_path), rotateLength=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging.getLogger("sennit"), "propagate", False)
        classic = log.FileLogObserver(file)
        log.addObserver(classic.emit)
        refuse("rename")
        for _ in range(10):
            log.msg("x" * 30)
        log.removeObserver(classic.emit)
    text = (tmp_path / "x.log").read_text()
    assert text.count("x" * 30) == 10
    assert text.count("cannot be rotated") == 1
    structured = textFileLogObserver(file)
    Logger("n", observer=structured).info("structured")
    assert "[n#info] structured\n" in (tmp_path / "x.log").read_text()
    file.close()


def test_threads_do_not_mix_what_they_write(tmp_path: Path) -> None:
    """Nor is anything lost while files are rotated."""
    file = LogFile("x.log", str(tmp_path), rotateLength=1000)

    def write(letter: str) -> None:
        for _ in range(200):
            file.write(letter * 20 + "\n")

    threads = [threading.Thread(target=write, args=(each,)) for each in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    lines = "".join(content(tmp_path).values()).splitlines()
    assert len(lines) == 800
    assert {len(set(line)) for line in lines} == {1}
    assert len(file.listLogs()) > 10


def test_handlers_of_logging_can_write_to_it(tmp_path: Path) -> None:
    """It is a stream."""
    file = LogFile("x.log", str(tmp_path), rotateLength=10)
    handler = logging.StreamHandler(file)
    for n in range(3):
        handler.handle(logging.makeLogRecord({"msg": f"message {n} of three"}))
    handler.close()
    assert file.listLogs() == [1, 2]
    file.close()


def test_a_daily_file_is_rotated_when_the_day_is_over(tmp_path: Path) -> None:
    """The name of the old one tells its day."""
    file = Days("x.log", str(tmp_path))
    file.write("one\n")
    assert not file.shouldRotate()
    file.day = (2021, 3, 5)
    file.write("two\n")
    file.write("three\n")
    file.day = (2021, 12, 31)
    file.write("four\n")
    assert content(tmp_path) == {
        "x.log": "four\n",
        "x.log.2021_3_4": "one\n",
        "x.log.2021_3_5": "two\nthree\n",
    }
    file.close()


def test_old_days_can_be_read(tmp_path: Path) -> None:
    """By any moment of the day."""
    file = Days("x.log", str(tmp_path))
    file.write("one\n")
    file.day = (2021, 3, 5)
    file.write("two\n")
    noon = time.mktime((2021, 3, 4, 12, 0, 0, 0, 0, -1))
    reader = file.getLog(noon)
    assert reader.readLines() == ["one\n"]
    reader.close()
    reader = file.getLog(noon + 86400)
    assert reader.readLines() == ["two\n"]
    reader.close()
    with pytest.raises(ValueError, match="2021_3_3"):
        file.getLog(noon - 86400)
    assert file.suffix(noon) == file.suffix((2021, 3, 4)) == "2021_3_4"
    file.close()


def test_the_day_of_a_file_is_that_of_its_last_write(tmp_path: Path) -> None:
    """So that what is of yesterday is rotated today; an empty file has no day."""
    path = tmp_path / "x.log"
    noon = time.mktime((2021, 3, 4, 12, 0, 0, 0, 0, -1))
    path.write_text("old\n")
    os.utime(path, (noon, noon))
    file = DailyLogFile("x.log", str(tmp_path))
    assert file.lastDate == (2021, 3, 4)
    file.write("new\n")
    assert content(tmp_path) == {"x.log": "new\n", "x.log.2021_3_4": "old\n"}
    assert file.lastDate == file.toDate() == tuple(time.localtime()[:3])
    file.close()
    path.write_text("")
    os.utime(path, (noon, noon))
    empty = DailyLogFile("x.log", str(tmp_path))
    assert not empty.shouldRotate()
    empty.close()


def test_a_day_is_not_overwritten(tmp_path: Path, logged: Logged) -> None:
    """Where there is a file of that name, the day goes on in this one."""
    (tmp_path / "x.log.2021_3_4").write_text("theirs")
    file = Days("x.log", str(tmp_path))
    file.write("one\n")
    file.day = (2021, 3, 5)
    file.write("two\n")
    assert content(tmp_path) == {"x.log": "one\ntwo\n", "x.log.2021_3_4": "theirs"}
    assert "there is a file of that day" in str(log.textFromEventDict(logged[0]))
    file.close()


def test_a_file_of_ones_own_kind_says_when_and_how(tmp_path: Path) -> None:
    """The base never rotates by itself."""
    file = BaseLogFile("x.log", str(tmp_path))
    file.write("x")
    file.rotate()
    assert not file.shouldRotate()
    assert content(tmp_path) == {"x.log": "x"}
    assert isinstance(file._file, io.FileIO)
    file.close()


@pytest.mark.parametrize(
    "wrong", [{"rotateLength": -1}, {"maxRotatedFiles": -1}], ids=str
)
def test_a_number_below_zero_is_a_value_error(
    wrong: dict[str, int], tmp_path: Path
) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} is 0 or more, not -1"):
        LogFile("x.log", str(tmp_path), **wrong)
    assert not list(tmp_path.iterdir())
