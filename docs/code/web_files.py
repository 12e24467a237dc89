"""A folder is served: a part of a file, what is new, a compressed form, and no way out."""

import gzip
import tempfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request as Asked, urlopen

from sennit.core import task, threads
from sennit.core.engine import Reactor
from sennit.web.server import Site
from sennit.web.static import File

folder = Path(tempfile.mkdtemp())
script = folder / "poem.js"
script.write_text("// A rose is a rose is a rose.\n" * 20)
(folder / "poem.js.gz").write_bytes(gzip.compress(script.read_bytes(), mtime=0))
(folder / "passwords").symlink_to("/etc/passwd")

root = File(str(folder))


def fetch(url: str, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Asked(url, headers=named)) as answer:
            coding = answer.headers["Content-Encoding"]
            etags["last"] = answer.headers["ETag"]
            return f"{answer.status}, {len(answer.read())} bytes, coding {coding}"
    except HTTPError as answer:
        return f"{answer.status}"


etags: dict[str, str] = {}


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(root), interface="127.0.0.1").getHost().port
    url = f"http://127.0.0.1:{port}/poem.js"

    async def show(what: str, url: str = url, **headers: str) -> None:
        print(f"{what}:", await threads.deferToThread(fetch, url, **headers))

    await show("the file")
    await show("again", If_None_Match=etags["last"])
    await show("a part", Range="bytes=3-30")
    await show("compressed", Accept_Encoding="gzip")
    await show("a link out", f"http://127.0.0.1:{port}/passwords")


task.react(main)
