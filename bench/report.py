"""How fast the report's page is written, shown and scrolled, in headless Chromium.

    python -m bench.report [--grants 10000]

3,000 people, 200 permission sets and 500 accounts. Measured are the file's size, the seconds until it is
written, those until the page shows its first row (from the navigation on), and the time between two frames
while the list and the matrix are scrolled from end to end. Exit status 1 where a page takes more than two
seconds to show, or where one of ten frames takes more than 50 milliseconds.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from identity_center_cli.report.page import as_html
from tests.report.conftest import launched
from tests.report.sample_reports import sample

MOST_SECONDS: Final = 2.0
MOST_MILLISECONDS: Final = 50.0
FRAMES: Final = 120
FIRST_ROW: Final = """
() => new Promise((found) => {
  const shown = () => document.querySelector("tbody tr[aria-rowindex]");
  const look = () => (shown() ? found(performance.now()) : requestAnimationFrame(look));
  look();
})
"""
SCROLL: Final = """
(frames) => new Promise((found) => {
  const place = document.querySelector(".scroll");
  const step = (place.scrollHeight - place.clientHeight) / frames;
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
    table = Table("view", "seconds to the first row", "median frame", "9 of 10 frames within")
    met = [written <= MOST_SECONDS]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "report.html"
        file.write_text(text, encoding="utf-8")
        browser = launched(driver)
        for view in ("access", "matrix", "people"):
            seconds, frames = _shown(browser, f"{file.as_uri()}#view={view}")
            slow = statistics.quantiles(frames, n=10)[-1]
            met += [seconds <= MOST_SECONDS, slow <= MOST_MILLISECONDS]
            table.add_row(view, f"{seconds:.2f}", f"{statistics.median(frames):.0f} ms", f"{slow:.0f} ms")
        browser.close()
    console = Console()
    console.print(f"{len(report.grants):,} grants: {len(text) / 1e6:.1f} MB, written in {written:.2f} s")
    console.print(table)
    return 0 if all(met) else 1


def _shown(browser: Browser, address: str) -> tuple[float, list[float]]:
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    page.goto(address)
    shown: float = page.evaluate(FIRST_ROW)
    frames: list[float] = page.evaluate(SCROLL, FRAMES)
    page.close()
    return shown / 1000, frames


if __name__ == "__main__":
    sys.exit(main())
