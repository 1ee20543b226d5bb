"""How fast the report's page is written, shown and scrolled, in headless Chromium.

    python -m bench.report [--grants 10000]

3,000 people, 200 permission sets and 500 accounts. Measured are the file's size, the seconds until it is
written, those until the page shows its first row (from the navigation on), and what a frame costs while the
list and the matrix are scrolled: with a wheel, and by the bar from end to end, so that every frame shows
other rows. What a frame costs is the time of the processor of the page's main thread (script, style, layout,
painting), which other programs of the machine change little; the time between two frames is beside it. Exit
status 1 where a page takes more than two seconds to show, where a frame of the wheel costs more than the 16
milliseconds of a screen's, or one of the bar more than 50, from which on a task counts as long (W3C, Long
Tasks API).
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, CDPSession, sync_playwright
from rich.console import Console
from rich.table import Table

from identity_center_cli.report.page import as_html
from tests.report.conftest import launched
from tests.report.sample_reports import sample

MOST_SECONDS: Final = 2.0
FRAMES: Final = 120
#: By way of scrolling: the pixels of a step (none: a share of all), and the most milliseconds of a frame.
WAYS: Final = {"wheel": (240, 16.0), "bar": (0, 50.0)}
FIRST_ROW: Final = """
() => new Promise((found) => {
  const shown = () => document.querySelector("tbody tr[aria-rowindex]");
  const look = () => (shown() ? found(performance.now()) : requestAnimationFrame(look));
  look();
})
"""
SCROLL: Final = """
([frames, pixels]) => new Promise((found) => {
  const place = document.querySelector(".scroll");
  place.scrollTop = 0;
  const step = pixels || (place.scrollHeight - place.clientHeight) / frames;
  const times = [];
  let before = performance.now();
  const next = (now) => {
    times.push(now - before);
    before = now;
    place.scrollTop += step;
    if (times.length > frames) found(times.slice(1));
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})
"""


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--grants", type=int, default=10_000)
    grants: int = parser.parse_args().grants
    report = sample(grants, people=3000, sets=200, accounts=500)
    began = time.process_time()
    text = as_html(report)
    written = time.process_time() - began
    table = Table("view", "first row", "of the processor", "scrolled by", "a frame costs", "median frame")
    met = [written <= MOST_SECONDS]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "report.html"
        file.write_text(text, encoding="utf-8")
        browser = launched(driver)
        for view in ("access", "matrix", "people"):
            shown = _shown(browser, f"{file.as_uri()}#view={view}")
            first = (f"{shown.seconds:.2f} s", f"{shown.of_the_processor:.2f} s")
            met.append(shown.seconds <= MOST_SECONDS)
            for way, (_, most) in WAYS.items():
                cost, frame = shown.frames[way]
                met.append(cost <= most)
                table.add_row(view, *first, way, f"{cost:.1f} ms", f"{frame:.0f} ms")
        browser.close()
    console = Console()
    console.print(f"{len(report.grants):,} grants: {len(text) / 1e6:.1f} MB, written in {written:.2f} s")
    console.print(table)
    return 0 if all(met) else 1


@dataclass(frozen=True)
class Shown:
    """What a view costs: seconds to its first row, and by way of scrolling the milliseconds of a frame."""

    seconds: float
    of_the_processor: float
    frames: dict[str, tuple[float, float]]


def _shown(browser: Browser, address: str) -> Shown:
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    seconds = page.evaluate(FIRST_ROW) / 1000
    spent = _busy(tools)
    frames: dict[str, tuple[float, float]] = {}
    for way, (pixels, _) in WAYS.items():
        before = _busy(tools)
        times: list[float] = page.evaluate(SCROLL, [FRAMES, pixels])
        frames[way] = ((_busy(tools) - before) * 1000 / FRAMES, statistics.median(times))
    page.close()
    return Shown(seconds, spent, frames)


def _busy(tools: CDPSession) -> float:
    """Return the seconds of a processor that the page's main thread has taken."""
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


if __name__ == "__main__":
    sys.exit(main())
