"""`INotify` tells what happens to files and folders, and misses nothing in new ones."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import sennit.core
from sennit.core import inotify
from sennit.core.engine import Reactor
from sennit.core.filepath import FilePath
from sennit.core.inotify import (
    IN_ATTRIB,
    IN_CLOSE_WRITE,
    IN_CREATE,
    IN_DELETE,
    IN_DELETE_SELF,
    IN_IGNORED,
    IN_ISDIR,
    IN_MODIFY,
    IN_MOVE_SELF,
    IN_MOVED_FROM,
    IN_MOVED_TO,
    IN_ONESHOT,
    IN_Q_OVERFLOW,
    IN_WATCH_MASK,
    INotify,
    INotifyError,
    humanReadableMask,
)
from sennit.core.inotify._events import Event, decodeEvents

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="inotify is a facility of Linux"
)


class Watcher:
    """Watches a folder, and notes what it is told: names below it, and masks."""

    def __init__(self, reactor: Reactor, folder: Path) -> None:
        self.reactor = reactor
        self.folder = folder
        self.told: list[tuple[str, int]] = []
        self.notifier = INotify(reactor)
        self.notifier.startReading()

    def watch(self, name: str = "", **options: Any) -> int:
        return self.notifier.watch(
            FilePath(str(self.folder / name)), callbacks=[self.note], **options
        )

    def note(self, ignored: object, path: FilePath[Any], mask: int) -> None:
        self.told.append((os.path.relpath(path.path, self.folder), mask))

    async def until(self, *expected: tuple[str, int]) -> None:
        """Wait until all of these were told."""
        while not set(expected) <= set(self.told):
            await asyncio.sleep(0.001)

    async def quiet(self) -> None:
        """Wait until everything that has happened was told."""
        mark = self.folder.parent / f"mark-{id(self)}"
        told: list[int] = []
        mark.touch()
        self.notifier.watch(
            FilePath(str(mark)), IN_ATTRIB, callbacks=[lambda *_: told.append(1)]
        )
        mark.touch()
        while not told:
            await asyncio.sleep(0.001)
        self.notifier.ignore(FilePath(str(mark)))
        await asyncio.sleep(0.002)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "watched"
    made.mkdir()
    return made


@pytest.fixture
def watcher(reactor: Reactor, folder: Path) -> Watcher:
    return Watcher(reactor, folder)


def test_a_folder_tells_of_what_is_in_it(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch()

    async def main() -> None:
        (folder / "a").write_text("text")
        (folder / "a").chmod(0o600)
        (folder / "a").rename(folder / "b")
        (folder / "b").unlink()
        (folder / "c").mkdir()
        (folder / "c").rmdir()
        folder.rmdir()
        await watcher.until((".", IN_DELETE_SELF))

    drive(main)
    assert watcher.told == [
        ("a", IN_CREATE),
        ("a", IN_MODIFY),
        ("a", IN_ATTRIB),
        ("a", IN_MOVED_FROM),
        ("b", IN_MOVED_TO),
        ("b", IN_DELETE),
        ("c", IN_CREATE | IN_ISDIR),
        ("c", IN_DELETE | IN_ISDIR),
        (".", IN_DELETE_SELF),
    ]


def test_only_what_is_wanted_is_told_and_the_end_of_the_path(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch(mask=IN_CLOSE_WRITE)

    async def main() -> None:
        (folder / "a").write_text("text")
        (folder / "a").unlink()
        folder.rmdir()
        await watcher.until((".", IN_DELETE_SELF))

    drive(main)
    assert watcher.told == [("a", IN_CLOSE_WRITE), (".", IN_DELETE_SELF)]


def test_a_file_can_be_watched_and_told_of_once(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    file = folder / "file"
    file.touch()
    watcher.watch("file", mask=IN_ATTRIB | IN_ONESHOT | IN_IGNORED)

    async def main() -> None:
        file.touch()
        await watcher.until(("file", IN_IGNORED))
        file.touch()
        await watcher.quiet()
        with pytest.raises(KeyError):
            watcher.notifier.ignore(FilePath(str(file)))

    drive(main)
    assert watcher.told == [("file", IN_ATTRIB), ("file", IN_IGNORED)]


def test_what_is_ignored_is_told_no_more(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch()

    async def main() -> None:
        (folder / "a").touch()
        await watcher.until(("a", IN_CREATE))
        watcher.notifier.ignore(FilePath(str(folder)))
        with pytest.raises(KeyError, match="not watched"):
            watcher.notifier.ignore(FilePath(str(folder)))
        (folder / "b").touch()
        await watcher.quiet()

    drive(main)
    assert {name for name, _ in watcher.told} == {"a"}


def test_watching_again_adds_to_what_is_watched(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    others: list[int] = []

    def other(ignored: object, path: FilePath[Any], mask: int) -> None:
        others.append(mask)

    path = FilePath(str(folder))
    number = watcher.watch(mask=IN_CREATE)
    assert watcher.watch(mask=IN_CREATE) == number
    assert watcher.notifier.watch(path, IN_DELETE, callbacks=[other]) == number

    async def main() -> None:
        (folder / "a").touch()
        (folder / "a").unlink()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [("a", IN_CREATE), ("a", IN_DELETE)]
    assert others == [IN_CREATE, IN_DELETE]


def test_two_paths_to_one_folder_are_both_told(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    assert watcher.watch("real", mask=IN_CREATE) == watcher.watch(
        "link", mask=IN_DELETE
    )

    async def main() -> None:
        (folder / "real" / "a").touch()
        await watcher.until(("real/a", IN_CREATE))
        watcher.notifier.ignore(FilePath(str(folder / "real")))
        (folder / "real" / "a").unlink()
        await watcher.until(("link/a", IN_DELETE))

    drive(main)
    assert watcher.told == [("real/a", IN_CREATE), ("link/a", IN_DELETE)]


@pytest.mark.parametrize("kind", [str, os.fsencode])
def test_paths_have_the_type_of_what_is_watched(
    reactor: Reactor, folder: Path, drive: Drive, kind: Callable[[str], Any]
) -> None:
    told: list[FilePath[Any]] = []
    odd = os.fsdecode(b"caf\xe9 \xff")

    async def main() -> None:
        notifier = INotify(reactor)
        notifier.startReading()
        path = FilePath(kind(str(folder)))
        notifier.watch(path, IN_CREATE, callbacks=[lambda _, p, mask: told.append(p)])
        (folder / odd).touch()
        while not told:
            await asyncio.sleep(0.001)
        assert told[0] == path.child(kind(odd))
        notifier.loseConnection()

    drive(main)


def test_a_callback_that_fails_is_logged_and_the_others_are_called(
    reactor: Reactor, folder: Path, drive: Drive, logged: Logged
) -> None:
    told: list[str] = []

    def bad(ignored: object, path: FilePath[Any], mask: int) -> None:
        raise ValueError("bad")

    async def main() -> None:
        notifier = INotify(reactor)
        notifier.startReading()
        notifier.watch(
            FilePath(str(folder)),
            IN_CREATE,
            callbacks=[bad, lambda _, path, mask: told.append(path.basename())],
        )
        (folder / "a").touch()
        (folder / "b").touch()
        while len(told) < 2:
            await asyncio.sleep(0.001)

    drive(main)
    assert told == ["a", "b"]
    assert [e["failure"].type for e in logged if e["isError"]] == [ValueError] * 2


# Trees


def test_recursively_the_folders_that_are_there_are_watched(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "outside").symlink_to("/")
    watcher.watch(mask=IN_CREATE, recursive=True)

    async def main() -> None:
        (folder / "a" / "b" / "file").touch()
        (folder / "c").mkdir()
        await watcher.quiet()
        (folder / "c" / "file").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [("a/b/file", IN_CREATE), ("c", IN_CREATE | IN_ISDIR)]


def test_a_new_folder_is_watched_with_all_that_came_to_be_in_it_before(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    """Everything is told once, whether it was there before the watch or not."""
    watcher.watch(mask=IN_CREATE, autoAdd=True)
    made: set[tuple[str, int]] = set()

    async def main() -> None:
        for top in range(10):
            path = ""
            for deep in range(5):
                path = os.path.join(path, f"d{top}-{deep}")
                (folder / path).mkdir()
                (folder / path / "file").touch()
                made.add((path, IN_CREATE | IN_ISDIR))
                made.add((os.path.join(path, "file"), IN_CREATE))
            if top % 3 == 0:
                await asyncio.sleep(0)
        await watcher.until(*made)
        await watcher.quiet()

    drive(main)
    assert sorted(watcher.told) == sorted(made)


def test_nothing_is_missed_while_another_process_makes_folders(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch(mask=IN_CREATE, autoAdd=True)
    program = (
        "import os, sys\n"
        "for i in range(200):\n"
        "    path = f'{sys.argv[1]}/{i}/x/y'\n"
        "    os.makedirs(path)\n"
        "    open(path + '/file', 'w').close()\n"
    )

    async def main() -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(folder)
        )
        await child.wait()
        files = {(f"{number}/x/y/file", IN_CREATE) for number in range(200)}
        await watcher.until(*files)
        await watcher.quiet()

    drive(main)
    assert len(watcher.told) == len(set(watcher.told)) == 800


def test_a_file_in_a_new_folder_is_told_as_closed_as_well(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch(mask=IN_CLOSE_WRITE, autoAdd=True)

    async def main() -> None:
        (folder / "d").mkdir()
        (folder / "d" / "file").write_text("text")
        await watcher.until(("d/file", IN_CLOSE_WRITE))

    drive(main)
    assert set(watcher.told) == {("d/file", IN_CLOSE_WRITE)}


def test_without_autoAdd_new_folders_are_not_watched(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch(recursive=True)

    async def main() -> None:
        (folder / "d").mkdir()
        await watcher.until(("d", IN_CREATE | IN_ISDIR))
        (folder / "d" / "file").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [("d", IN_CREATE | IN_ISDIR)]


def test_a_folder_that_moves_in_the_tree_has_its_new_path(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    for name in ("one/deep/deeper", "two"):
        (folder / name).mkdir(parents=True)
    watcher.watch(mask=IN_CREATE, recursive=True, autoAdd=True)

    async def main() -> None:
        (folder / "one" / "deep").rename(folder / "two" / "moved")
        (folder / "two" / "moved" / "deeper" / "file").touch()
        await watcher.quiet()
        (folder / "two" / "moved" / "deeper").rename(folder / "deeper")
        (folder / "deeper" / "file2").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [
        ("two/moved/deeper/file", IN_CREATE),
        ("deeper/file2", IN_CREATE),
    ]


def test_a_folder_that_replaces_a_watched_one_is_the_watched_one(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    (folder / "old").mkdir()
    (folder / "new" / "deep").mkdir(parents=True)
    watcher.watch(mask=IN_CREATE, recursive=True, autoAdd=True)

    async def main() -> None:
        (folder / "new").rename(folder / "old")
        (folder / "old" / "deep" / "file").touch()
        (folder / "old" / "file").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [("old/deep/file", IN_CREATE), ("old/file", IN_CREATE)]


def test_a_folder_that_moves_to_another_tree_tells_those_who_watch_that(
    reactor: Reactor, folder: Path, tmp_path: Path, drive: Drive
) -> None:
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    (folder / "d").mkdir()
    watcher = Watcher(reactor, folder)
    watcher.watch(mask=IN_CREATE, recursive=True, autoAdd=True)
    told: list[str] = []
    watcher.notifier.watch(
        FilePath(str(other_folder)),
        IN_CREATE | IN_DELETE,
        autoAdd=True,
        callbacks=[lambda _, path, mask: told.append(path.path)],
    )

    async def main() -> None:
        (folder / "d").rename(other_folder / "d")
        (other_folder / "d" / "file").touch()
        await watcher.quiet()
        (other_folder / "d" / "file").unlink()
        await watcher.quiet()

    drive(main)
    assert watcher.told == []
    assert told == [str(other_folder / "d" / "file")] * 2


def test_a_folder_that_leaves_the_tree_is_watched_no_more(
    watcher: Watcher, folder: Path, tmp_path: Path, drive: Drive
) -> None:
    (folder / "d" / "deep").mkdir(parents=True)
    watcher.watch(recursive=True, autoAdd=True)

    async def main() -> None:
        (folder / "d").rename(tmp_path / "gone")
        await watcher.until(("d", IN_MOVED_FROM | IN_ISDIR))
        await watcher.quiet()
        watcher.told.clear()
        (tmp_path / "gone" / "deep" / "file").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == []


def test_a_folder_that_comes_from_elsewhere_is_watched_and_its_content_is_no_news(
    watcher: Watcher, folder: Path, tmp_path: Path, drive: Drive
) -> None:
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "old").touch()
    watcher.watch(mask=IN_CREATE | IN_MOVED_TO, autoAdd=True)

    async def main() -> None:
        (tmp_path / "elsewhere").rename(folder / "here")
        await watcher.until(("here", IN_MOVED_TO | IN_ISDIR))
        (folder / "here" / "deep" / "new").touch()
        await watcher.quiet()

    drive(main)
    assert watcher.told == [
        ("here", IN_MOVED_TO | IN_ISDIR),
        ("here/deep/new", IN_CREATE),
    ]


def test_a_folder_that_is_made_anew_is_watched_anew(
    watcher: Watcher, folder: Path, drive: Drive
) -> None:
    watcher.watch(mask=IN_CREATE, autoAdd=True)

    async def main() -> None:
        for turn in range(20):
            (folder / "d").mkdir()
            (folder / "d" / f"file{turn}").touch()
            if turn % 2:
                await watcher.quiet()
            (folder / "d" / f"file{turn}").unlink()
            (folder / "d").rmdir()
        (folder / "d").mkdir()
        await watcher.quiet()
        (folder / "d" / "last").touch()
        await watcher.quiet()

    drive(main)
    assert [each for each in watcher.told if each[0] == "d/last"] == [
        ("d/last", IN_CREATE)
    ]


def test_a_callback_may_ignore_close_and_remove_what_it_is_told_of(
    reactor: Reactor, folder: Path, drive: Drive, logged: Logged
) -> None:
    told: list[str] = []

    def removing(ignored: object, path: FilePath[Any], mask: int) -> None:
        told.append(path.basename())
        if mask & IN_ISDIR:
            path.remove()
        if len(told) == 3:
            notifier.loseConnection()

    notifier = INotify(reactor)
    notifier.startReading()
    notifier.watch(FilePath(str(folder)), IN_CREATE, autoAdd=True, callbacks=[removing])

    async def main() -> None:
        for name in "abc":
            (folder / name / "x").mkdir(parents=True)
        while notifier.fileno() != -1:
            await asyncio.sleep(0.001)

    drive(main)
    assert told == ["a", "b", "c"]
    assert not any(event["isError"] for event in logged)


def test_the_moving_of_a_watched_path_itself_is_told(
    watcher: Watcher, folder: Path, tmp_path: Path, drive: Drive
) -> None:
    watcher.watch()

    async def main() -> None:
        folder.rename(tmp_path / "elsewhere")
        await watcher.until((".", IN_MOVE_SELF))

    drive(main)


def test_lost_events_are_told_and_new_folders_found_all_the_same(
    watcher: Watcher, folder: Path, drive: Drive, logged: Logged
) -> None:
    with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as file:
        limit = int(file.read())
    (folder / "goes").mkdir()
    watcher.watch(recursive=True, autoAdd=True)

    async def main() -> None:
        for number in range(limit // 2 + 10):
            path = folder / f"{number % 2}"
            path.touch()
            path.unlink()
        (folder / "goes").rmdir()
        (folder / "new" / "deep").mkdir(parents=True)
        await watcher.until((".", IN_Q_OVERFLOW))
        (folder / "new" / "deep" / "file").touch()
        await watcher.until(("new/deep/file", IN_CREATE))
        with pytest.raises(KeyError):
            watcher.notifier.ignore(FilePath(str(folder / "goes")))

    drive(main)
    assert any("events were lost" in str(event["message"]) for event in logged)


# Beginning and end


def test_what_cannot_be_watched_has_a_named_error(
    watcher: Watcher, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(INotifyError, match="No such file") as raised:
        watcher.watch("nothing")
    assert raised.value.filename == str(folder / "nothing")
    assert isinstance(raised.value, OSError)
    watcher.notifier.loseConnection()
    watcher.notifier.loseConnection()
    with pytest.raises(INotifyError, match="Bad file descriptor"):
        watcher.watch()
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(INotifyError, match="Linux"):
        INotify(watcher.reactor)


def test_the_reactor_closes_it_and_no_descriptor_is_left(
    reactor: Reactor, folder: Path, drive: Drive
) -> None:
    notifiers: list[INotify] = []
    before = len(os.listdir("/proc/self/fd"))

    async def main() -> None:
        for _ in range(3):
            notifier = INotify(reactor)
            notifier.startReading()
            notifier.watch(FilePath(str(folder)))
            notifiers.append(notifier)
        notifiers[0].stopReading()
        notifiers[0].loseConnection()

    drive(main)
    assert [notifier.fileno() for notifier in notifiers] == [-1] * 3
    assert len(os.listdir("/proc/self/fd")) <= before


def test_its_reactor_is_the_global_one_unless_told(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sennit.core, "reactor", reactor, raising=False)
    notifier = INotify()
    assert notifier.reactor is reactor
    assert notifier.logPrefix() == "INotify"
    notifier.loseConnection()


def test_a_mask_can_be_read() -> None:
    assert humanReadableMask(IN_CREATE | IN_ISDIR) == ["create", "is_dir"]
    assert humanReadableMask(0) == []
    words = humanReadableMask(0xFFFFFFFF)
    names = {name for name in inotify.__all__ if name.startswith("IN_")}
    several = {"IN_CLOSE", "IN_MOVED", "IN_CHANGED", "IN_WATCH_MASK"}
    assert len(words) == len(set(words)) == len(names - several)
    assert humanReadableMask(IN_WATCH_MASK) == [
        "modify",
        "attrib",
        "moved_from",
        "moved_to",
        "create",
        "delete",
        "delete_self",
        "move_self",
        "unmount",
    ]


# The kernel's bytes


def encoded(event: Event, padding: int) -> bytes:
    """An event as the kernel writes it."""
    name = event.name + bytes(padding) if event.name else b""
    head = struct.pack("@iIII", event.watch, event.mask, event.cookie, len(name))
    return head + name


_events = st.builds(
    Event,
    watch=st.integers(-1, 2**31 - 1),
    mask=st.integers(0, 2**32 - 1),
    cookie=st.integers(0, 2**32 - 1),
    name=st.binary(max_size=255).map(lambda name: name.replace(b"\0", b"")),
)


@given(st.lists(st.tuples(_events, st.integers(1, 16))))
def test_events_are_read_as_they_were_written(many: list[tuple[Event, int]]) -> None:
    data = b"".join(encoded(event, padding) for event, padding in many)
    assert decodeEvents(data) == [event for event, _ in many]


@given(st.binary(max_size=200))
def test_any_bytes_are_events_or_a_named_error(data: bytes) -> None:
    told = ""
    events: list[Event] = []
    try:
        events = decodeEvents(data)
    except ValueError as error:
        told = str(error)
    assert "cut off" in told or len(events) * 16 <= len(data)
    assert sum(16 + len(event.name) for event in events) <= len(data)
