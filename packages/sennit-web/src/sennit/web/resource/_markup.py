"""The pages that are made for people when something is wrong, as bytes of HTML.

Each is a file of its own: nothing is loaded beside it. Whatever is put in is escaped.
"""

from __future__ import annotations

from html import escape
from typing import Final

__all__ = ["HTML", "error_page", "traceback_page"]

HTML: Final = b"text/html; charset=utf-8"
"""The content type of the pages."""

STYLE: Final = """\
:root{color-scheme:light dark;--ink:#1c2530;--dim:#5b6875;--line:#d9dfe5;--page:#f7f8fa}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaee;--dim:#98a4b0;--line:#323c46;\
--page:#14191f}}
body{margin:0;padding:clamp(1.5rem,9vh,7rem) clamp(1rem,6vw,5rem);background:var(--page);\
color:var(--ink);font:1rem/1.6 system-ui,sans-serif}
main{max-width:38rem;margin:auto}
main.wide{max-width:64rem}
b{color:var(--dim);font-weight:500;letter-spacing:.06em}
h1{margin:.2em 0 .6em;font-size:clamp(1.5rem,5vw,2.25rem);line-height:1.2;\
overflow-wrap:anywhere}
p{margin:0;color:var(--dim);overflow-wrap:anywhere}
pre{margin:1.5rem 0 0;padding-top:1.5rem;border-top:1px solid var(--line);overflow-x:auto;\
font:.875rem/1.5 ui-monospace,monospace}"""

PAGE: Final = f"""\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
<style>
{STYLE.replace("%", "%%")}
</style></head>
<body><main%(width)s><b>%(over)s</b>
<h1>%(brief)s</h1>
<p>%(detail)s</p>%(more)s
</main></body></html>
"""


def error_page(code: int, brief: str, detail: str) -> bytes:
    """The page that tells of an error.

    Args:
        code: The status.
        brief: What is wrong, in a few words.
        detail: What is wrong, in a sentence.
    """
    return _page(f"{code} - {brief}", str(code), brief, detail)


def traceback_page(kind: str, message: str, traceback: str) -> bytes:
    """The page that shows a programmer where a renderer has failed.

    Args:
        kind: The name of the exception's class.
        message: What the exception says.
        traceback: The whole of it.
    """
    more = f"\n<pre>{escape(traceback)}</pre>"
    return _page(f"500 - {kind}", "500", kind, message, more, ' class="wide"')


def _page(
    title: str, over: str, brief: str, detail: str, more: str = "", width: str = ""
) -> bytes:
    parts = {"title": title, "over": over, "brief": brief, "detail": detail}
    escaped = {name: escape(text) for name, text in parts.items()}
    page = PAGE % {**escaped, "more": more, "width": width}
    # Of all encodings alike, and even of what is no character.
    return page.encode("ascii", "xmlcharrefreplace")
