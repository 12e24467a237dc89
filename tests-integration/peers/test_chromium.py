"""Chromium shows what people are to see: folders, wide and narrow, by day and by night."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Serve = Callable[..., list[str]]

FILES = """
from sennit.web.server import Site
from sennit.web.static import File

serve(reactor.listenTCP(0, Site(File(sys.argv[1])), interface="127.0.0.1"))
"""

# The id by which WebDriver names an element (W3C WebDriver, §12.2).
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """A Chromium that is told what to do by WebDriver."""

    def __init__(self, driver: str) -> None:
        self._driver = driver
        options = {
            "binary": shutil.which("chromium"),
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu"],
        }
        wanted = {"alwaysMatch": {"goog:chromeOptions": options}}
        begun = self._send("POST", "/session", {"capabilities": wanted})
        self._session = f"/session/{begun['sessionId']}"

    def _send(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        asked = urllib.request.Request(self._driver + path, body, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)["value"]

    def tell(self, command: str, **data: Any) -> Any:
        return self._send("POST", f"{self._session}/{command}", data)

    def run(self, script: str) -> Any:
        """What a script in the page returns."""
        return self.tell("execute/sync", script=f"return {script}", args=[])

    def go(self, url: str) -> None:
        self.tell("url", url=url)

    def click(self, text: str) -> None:
        """Click the link of a text."""
        found = self.tell("element", using="link text", value=text)
        self.tell(f"element/{found[ELEMENT]}/click")

    def be(self, width: int, height: int, scheme: str = "light") -> None:
        """Be of a size, at day or at night."""
        for command, settings in {
            "setDeviceMetricsOverride": {
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": False,
            },
            "setEmulatedMedia": {
                "features": [{"name": "prefers-color-scheme", "value": scheme}]
            },
        }.items():
            self.tell("goog/cdp/execute", cmd=f"Emulation.{command}", params=settings)

    def close(self) -> None:
        self._send("DELETE", self._session)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    command = ["chromedriver", "--port=0"]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    port = None
    while port is None:
        line = driver.stdout.readline()
        assert line, "chromedriver has ended"
        port = re.search(r"on port (\d+)\.", line)
    made = Browser(f"http://127.0.0.1:{port[1]}")
    yield made
    made.close()
    driver.terminate()
    driver.communicate(timeout=10)


ATTACK = "<img src=x onerror=document.title='owned'>"


@pytest.fixture
def folder(serve: Serve, tmp_path: Path) -> str:
    """The URL of a folder with entries of many kinds."""
    (tmp_path / "pictures" / "of the sea").mkdir(parents=True)
    (tmp_path / "pictures" / "of the sea" / "wave.txt").write_text("a wave")
    for at, (name, size) in enumerate(
        {
            "README.md": 3000,
            "photo.jpg": 1_000_000,
            "song.flac": 2_000_000,
            "film.mp4": 12_000_000,
            "backup-2026-11-24.tar.gz": 500_000,
            "a-very-long-name-" * 12 + ".pdf": 70_000,
            "unbroken" * 25: 0,
            ATTACK: 0,
            "grüße.txt": 0,
        }.items()
    ):
        with open(tmp_path / name, "w") as file:
            file.write(name)
            file.truncate(max(size, len(name)))
        seconds = 1_790_000_000 + 100_000 * at
        os.utime(tmp_path / name, (seconds, seconds))
    (port,) = serve(FILES, str(tmp_path))
    return f"http://127.0.0.1:{port}/"


def names(browser: Browser) -> list[str]:
    found: list[str] = browser.run(
        "[...document.querySelectorAll('tbody td:first-child a')].map(a => a.innerText)"
    )
    return found


def shown(browser: Browser, column: int) -> bool:
    """Whether a column is to be seen in the row of the photo."""
    width = browser.run(
        "[...document.querySelectorAll('tr.image td')]"
        f"[{column}].getBoundingClientRect().width"
    )
    return bool(width > 0)


@pytest.mark.parametrize("width", [320, 400, 700, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_folder_fits_into_every_window(
    browser: Browser, folder: str, width: int, scheme: str
) -> None:
    """Nothing sticks out, whatever the names; what is not needed gives way."""
    browser.be(width, 900, scheme)
    browser.go(folder)
    assert browser.run("document.documentElement.scrollWidth") <= width
    wide = browser.run(
        "[...document.querySelectorAll('td, h1, nav, footer')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth).length"
    )
    assert wide == 0
    assert [shown(browser, column) for column in range(4)] == [
        True,
        True,
        width > 704,
        True,
    ]
    brightness = browser.run(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (sum(brightness) < 300) == (scheme == "dark")


def test_one_finds_ones_way_by_clicking(browser: Browser, folder: str) -> None:
    browser.be(1200, 900)
    browser.go(folder)
    assert browser.run("document.title") == "Directory listing for /"
    assert names(browser)[0] == "pictures/"
    browser.click("Size")
    assert names(browser)[-1] == "film.mp4"
    browser.click("Size")
    assert names(browser)[:2] == ["pictures/", "film.mp4"]
    browser.click("Modified")
    assert names(browser)[1] == "README.md"
    browser.click("pictures/")
    assert names(browser) == ["Parent folder", "of the sea/"]
    browser.click("of the sea/")
    assert (
        browser.run("document.title") == "Directory listing for /pictures/of the sea/"
    )
    browser.click("wave.txt")
    assert browser.run("document.body.innerText") == "a wave"
    browser.tell("back")
    browser.click("pictures")
    assert browser.run("location.pathname") == "/pictures/"
    browser.click("Parent folder")
    assert browser.run("location.pathname") == "/"


def test_a_name_does_nothing_but_be_shown(browser: Browser, folder: str) -> None:
    browser.go(folder)
    assert ATTACK in names(browser)
    assert browser.run("document.images.length") == 0
    assert browser.run("document.title") == "Directory listing for /"
    browser.click("grüße.txt")
    assert browser.run("decodeURI(location.pathname)") == "/grüße.txt"


def test_nothing_is_wrong_in_the_browsers_eyes(browser: Browser, folder: str) -> None:
    """No policy is broken, and the page is one of today's HTML."""
    browser.go(folder)
    assert browser.run("document.compatMode") == "CSS1Compat"
    assert browser.run("document.characterSet") == "UTF-8"
    masks = browser.run(
        "getComputedStyle(document.querySelector('tr.folder a'), '::before').maskImage"
    )
    assert masks.startswith('url("data:image/svg+xml')
