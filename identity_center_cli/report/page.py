"""A report as one HTML file that needs no network: data, style and script are in it.

A Content-Security-Policy lets nothing else run or load: the style and the script by their digests (W3C,
Content Security Policy Level 3, hash-source), nothing from anywhere.
"""

import base64
import hashlib
import html
import json
from importlib.resources import files
from typing import Final

from .contents import Report
from .page_data import page_data

#: The chapters of the script, which share one scope and are one script in the page.
_SCRIPTS: Final = ("facts.js", "rows.js", "matrix.js", "report.js")
_PLACES: Final = ("title", "style_hash", "script_hash", "style", "data", "script")


def as_html(report: Report) -> str:
    """Return the page; the same report gives the same bytes."""
    folder = files(__package__).joinpath("page")
    style = folder.joinpath("report.css").read_text(encoding="utf-8")
    chapters = [folder.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS]
    script = "\n".join(['"use strict";', "(() => {", *chapters, "})();", ""])
    filled = {
        "title": html.escape(report.title),
        "style_hash": _digest(style),
        "script_hash": _digest(script),
        "style": style,
        "script": script,
        "data": _inert(json.dumps(page_data(report), separators=(",", ":"), ensure_ascii=False)),
    }
    return _fill(folder.joinpath("report.html").read_text(encoding="utf-8"), filled)


def _fill(template: str, values: dict[str, str]) -> str:
    """Fill in each place of the template once: what a value holds is never taken for a place."""
    parts: list[str] = []
    rest = template
    while rest:
        found = min(
            ((rest.find(f"{{{name}}}"), name) for name in _PLACES if f"{{{name}}}" in rest), default=None
        )
        if found is None:
            break
        place, name = found
        parts += [rest[:place], values[name]]
        rest = rest[place + len(name) + 2 :]
    return "".join([*parts, rest])


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _inert(text: str) -> str:
    """Write JSON so that no name in it can end the script element or begin a comment (HTML, 4.12.1.3)."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
