"""What comes into a folder is told, also in folders that come to be in it."""

import tempfile
from pathlib import Path

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.filepath import FilePath
from sennit.core.inotify import IN_CLOSE_WRITE, IN_CREATE, INotify, humanReadableMask


async def main(reactor: Reactor) -> None:
    arrived: Deferred[FilePath[str]] = Deferred()

    def changed(ignored: object, path: FilePath[str], mask: int) -> None:
        print(path.basename(), humanReadableMask(mask))
        if mask & IN_CLOSE_WRITE and not arrived.called:
            arrived.callback(path)

    with tempfile.TemporaryDirectory() as folder:
        notifier = INotify(reactor)
        notifier.startReading()
        notifier.watch(
            FilePath(folder),
            mask=IN_CREATE | IN_CLOSE_WRITE,
            callbacks=[changed],
            autoAdd=True,
            recursive=True,
        )

        inbox = Path(folder, "inbox")
        inbox.mkdir()
        inbox.joinpath("letter").write_text("good morning")

        path = await arrived
        print(path.getContent().decode())
        notifier.loseConnection()


task.react(main)
