"""Chromium shows the pages that tell of errors, and sends a form with a file."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Served

Serve = Callable[..., list[str]]

# Once is enough: what a browser sees is the same on each loop.
one_loop = pytest.mark.parametrize("site", ["asyncio"], indirect=True)

PAGES = """
from sennit.web.pages import errorPage
from sennit.web.router import Router
from sennit.web.server import Site

router = Router()
WORDS = "</style><script>document.title = 'taken'</script><img src=x>" + "unbroken" * 40

@router.get("/own/{code:int}")
def own(request, code):
    return errorPage(code, WORDS, WORDS)

@router.get("/fail")
def fail(request):
    raise ValueError(WORDS)

serve(
    reactor.listenTCP(0, Site(router), interface="127.0.0.1"),
    reactor.listenTCP(0, Site(router, displayTracebacks=True), interface="127.0.0.1"),
)
"""


def chromium(url: str, folder: Path, *options: str) -> str:
    """Show a page; give what has become of it, scripts and all."""
    command = [
        *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
        *(f"--user-data-dir={folder}", "--dump-dom", *options, url),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Opens a page in a frame of a width, and has the title tell how much sticks out of it.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><iframe srcdoc="{page}"
style="width:{width}px;height:800px;border:0" onload="
const seen = this.contentDocument.documentElement;
document.title = seen.scrollWidth - seen.clientWidth">
</iframe>"""


def sticks_out(page: str, width: int, folder: Path) -> int:
    """How many pixels a page is wider than a window."""
    file = folder / f"frame{width}.html"
    file.write_text(FRAME.format(page=html.escape(page), width=width))
    return int(title(chromium(f"file://{file}", folder)))


def title(page: str) -> str:
    """The title of a page."""
    found = re.search("<title>(.*?)</title>", page)
    assert found is not None
    return html.unescape(found[1])


@pytest.fixture
def pages(serve: Serve) -> tuple[str, str]:
    """The URLs of a site that fails, and of one that shows its tracebacks."""
    one, other = serve(PAGES)
    return f"http://127.0.0.1:{one}", f"http://127.0.0.1:{other}"


def test_what_an_error_says_is_shown_and_nothing_else(
    pages: tuple[str, str], tmp_path: Path
) -> None:
    """No markup of it counts, no script runs, and no picture is asked for."""
    quiet, telling = pages
    for url in (f"{quiet}/own/503", f"{telling}/fail"):
        page = chromium(url, tmp_path)
        assert title(page) != "taken"
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;document.title" in page
    assert title(chromium(f"{quiet}/own/503", tmp_path)).startswith("503 - </style>")


def test_a_failure_tells_nothing_of_itself(
    pages: tuple[str, str], tmp_path: Path
) -> None:
    page = chromium(f"{pages[0]}/fail", tmp_path)
    assert title(page) == "500 - Processing Failed"
    for secret in ("unbroken", "ValueError", "Traceback", ".py"):
        assert secret not in page
    page = chromium(f"{pages[1]}/fail", tmp_path)
    assert "Traceback" in page


def test_what_is_not_there_is_a_page(pages: tuple[str, str], tmp_path: Path) -> None:
    page = chromium(f"{pages[0]}/%3Cb%3E/nothing", tmp_path)
    assert title(page) == "404 - No Such Resource"
    assert "<b>/nothing" not in page


@pytest.mark.parametrize("width", [320, 1200])
def test_error_pages_fit_into_every_window(
    pages: tuple[str, str], tmp_path: Path, width: int
) -> None:
    """Words without an end are broken, and a traceback is scrolled by itself."""
    for url in (f"{pages[0]}/own/503", f"{pages[1]}/fail", f"{pages[0]}/nothing"):
        page = chromium(url, tmp_path)
        assert sticks_out(page, width, tmp_path) == 0


@one_loop
def test_a_form_is_sent_with_its_file(site: Served, tmp_path: Path) -> None:
    """Text that is no ASCII, line breaks as CR LF, and a file of 300,000 bytes."""
    page = chromium(f"{site.url}/form?send", tmp_path, "--virtual-time-budget=10000")
    told = re.search("{.*}", page)
    assert told is not None, page
    assert json.loads(html.unescape(told[0])) == {
        "send": [""],
        "word": ["<grün>"],
        "text": ["one\r\ntwo"],
        "file": [hashlib.sha256(b"\7" * 300_000).hexdigest()],
    }
