"""The program that fetches URLs tells what came of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run

LOCAL = "127.0.0.1"


def test_get_tells_what_came_of_each_url(run: Run, free_port: int) -> None:
    server = run("web/web_serv.py", 0)
    url = f"http://{LOCAL}:{server.port('a site on TCP')}"
    nobody = f"http://{LOCAL}:{free_port}/"
    said = run("web/get.py", url, url + "/nothing", nobody, "ftp://x/").ends()
    lines = said.splitlines()
    assert lines[0] == f"200 OK, 11 bytes of text/plain: {url}/"
    assert lines[1].startswith("404 Not Found, ")
    assert lines[2] == (
        f"{nobody}: Connection was refused by other side: 111: Connection refused."
    )
    assert lines[3] == "ftp://x/: Unsupported scheme: 'ftp'"
    server.interrupt()
