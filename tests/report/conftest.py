"""A headless Chromium, started once for each module of tests, that may ask no server for anything."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from identity_center_cli.report.contents import Report
from identity_center_cli.report.page import as_html

Open = Callable[..., Page]
#: `make test` runs a short choice of what is slow here; `make browser` runs all of it.
EVERYTHING: Final = os.environ.get("BROWSER_TESTS") == "all"
#: Without these a browser looks for updates, and each look-up waits on a machine without a network.
QUIET: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str | None:
    """Return the Chromium to use: CHROMIUM, or the one that the system or the checkout has."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    own = Path(__file__).parents[2] / ".browser" / "chromium"
    return next(
        (found for name in (str(own), "chromium", "google-chrome") if (found := shutil.which(name))), None
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser; in CI a missing one is a failure, elsewhere its tests are left out.

    It ends with the module: as long as it lives its event loop counts as running in this process, and a
    program of Pulumi that a later test runs would wait for ever.
    """
    path = browser_path()
    if path is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium: install Debian's package `chromium`, or name one in CHROMIUM")
    assert path, "there is no Chromium here, and CI=true asks for one"
    with sync_playwright() as driver:
        started = launched(driver)
        yield started
        started.close()


def launched(driver: Playwright) -> Browser:
    """Start the browser that this machine has."""
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return driver.chromium.launch(executable_path=browser_path(), args=[*QUIET, *as_root])


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open the page of a report as a file from a mail; what it asks for or complains of fails the test."""
    pages: list[Page] = []
    asked: list[str] = []
    complaints: list[str] = []

    def opened(report: Report, fragment: str = "", **options: object) -> Page:
        file = tmp_path / "report.html"
        file.write_text(as_html(report), encoding="utf-8")
        page = browser.new_page(**options)  # type: ignore[arg-type]  # options of Playwright's
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{file.as_uri()}{fragment}")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
