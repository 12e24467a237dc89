"""How the page of a folder looks: wide and narrow, by day and by night."""

from __future__ import annotations

from typing import Final

__all__ = ["STYLE"]


def _picture(paths: str) -> str:
    """A picture of 16 by 16, in the colour of the text around it: used as a mask."""
    return (
        "url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' "
        "viewBox='0 0 16 16' fill='none' stroke='black' stroke-width='1.3' "
        f"stroke-linecap='round' stroke-linejoin='round'>{paths}</svg>\")"
    )


_SHEET: Final = "<path d='M3.5 1.6h5.6l3.4 3.4v9.4h-9zM9 1.8V5h3.3'/>"
_PICTURES: Final = {
    "file": _SHEET,
    "text": _SHEET + "<path d='M5.7 7.7h4.6M5.7 9.9h4.6M5.7 12.1h2.8'/>",
    "folder": "<path d='M1.7 12.9V3.4h4.4l1.5 1.8h6.7v7.7z' fill='black'/>",
    "image": "<path d='M1.8 2.8h12.4v10.4H1.8zM2 11l3.5-3.4 2.7 2.6 2-1.8 3.8 3.4'/>"
    "<circle cx='10.6' cy='5.8' r='1'/>",
    "audio": "<path d='M6 12V3.2l7-1.4v8.6'/><circle cx='4.3' cy='12' r='1.7'/>"
    "<circle cx='11.3' cy='10.4' r='1.7'/>",
    "video": "<path d='M1.8 3.4h12.4v9.2H1.8zM6.6 6v4l3.4-2z'/>",
    "up": "<path d='M3.4 7.2 8 2.6l4.6 4.6M8 2.8v10.6'/>",
}

_MASKS: Final = "".join(
    f".{name} a::before{{mask-image:{_picture(paths)}}}\n"
    for name, paths in _PICTURES.items()
)

STYLE: Final = (
    """\
:root{color-scheme:light dark;--ink:#1c2530;--dim:#5b6875;--line:#d9dfe5;--page:#f7f8fa;
--card:#fff;--over:#eef3f8;--link:#1a5fb4;--folder:#c98a1b}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaee;--dim:#98a4b0;--line:#323c46;
--page:#14191f;--card:#1a2027;--over:#222b34;--link:#8ab8f5;--folder:#e0b05a}}
*{box-sizing:border-box}
body{margin:0;padding:clamp(1rem,5vh,3.5rem) clamp(.75rem,4vw,3rem);
background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:auto}
h1{margin:0;font-size:clamp(1.15rem,3.5vw,1.6rem);font-weight:600;line-height:1.3;
overflow-wrap:anywhere}
nav{margin-top:.35rem;color:var(--dim);overflow-wrap:anywhere}
nav a,nav b{unicode-bidi:isolate;font-weight:500;padding:.15rem .1rem}
nav b{color:var(--ink)}
nav i{margin:0 .35em;font-style:normal}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
table{width:100%;margin-top:1.25rem;border-collapse:separate;border-spacing:0;background:var(--card);
border:1px solid var(--line);border-radius:10px;overflow:hidden}
th,td{padding:.5rem .9rem;text-align:left;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover{background:var(--over)}
th{font-size:.8125rem;font-weight:600;color:var(--dim);white-space:nowrap}
th a{color:inherit}
th[aria-sort]{color:var(--ink)}
th[aria-sort] a::after{content:" \\2191"}
th[aria-sort=descending] a::after{content:" \\2193"}
td{color:var(--dim);font-size:.875rem;vertical-align:baseline}
td:first-child{width:100%;font-size:1rem}
td:first-child a{display:block;padding-left:1.75rem;position:relative;
overflow-wrap:anywhere;unicode-bidi:isolate}
td:nth-child(2),th:nth-child(2){text-align:right}
td:nth-child(2),td:nth-child(4){white-space:nowrap;font-variant-numeric:tabular-nums}
td:nth-child(3){max-width:14rem;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap}
td a::before{content:"";position:absolute;left:0;top:.2em;width:1.1rem;height:1.1rem;
background:var(--dim);mask:center/contain no-repeat}
.folder a::before{background:var(--folder)}
.folder a{font-weight:500}
footer{margin:1rem .25rem 0;color:var(--dim);font-size:.875rem}
footer a{margin-left:.75rem}
@media(max-width:44rem){
th:nth-child(3),td:nth-child(3){display:none}
}
@media(max-width:34rem){
th,td{padding:.6rem .7rem}
thead tr{display:flex;justify-content:space-between}
thead th:first-child{flex:1}
tbody tr{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line)}
tbody tr:last-child{border-bottom:0}
td{border:0;font-size:.8125rem}
td:first-child{grid-column:1/3;padding-bottom:0}
td:nth-child(4){grid-row:2;grid-column:1;padding-left:2.45rem;padding-top:.1rem}
td:nth-child(2){grid-row:2;grid-column:2;padding-top:.1rem}
td:empty{display:none}
.up td:first-child,td:only-child{padding-bottom:.6rem}
}
"""
    + _MASKS
)
