"""Pictures of the report's page for the documentation, at three sizes: the second half of `make docs`.

Of a made-up organisation. Pictures differ a little from one version of Chromium to the next, so that no test
compares them; without a browser they stay as they are.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from identity_center_cli.report.page import as_html
from tests.report.conftest import browser_path, launched
from tests.report.sample_reports import sample

FOLDER: Final = Path(__file__).parents[2] / "docs" / "images"
#: By file: the view, the width and height in pixels, and whether it is dark.
PICTURES: Final = {
    "report-phone.png": ("access", 390, 700, False),
    "report-tablet.png": ("overview", 1024, 700, False),
    "report-wide.png": ("matrix", 1440, 800, True),
}


def main() -> None:
    """Take them."""
    if browser_path() is None:
        sys.stderr.write("there is no Chromium: the pictures of the report stay as they are\n")
        return
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "report.html"
        file.write_text(as_html(sample(300, sets=20)), encoding="utf-8")
        browser = launched(driver)
        for name, (view, width, height, dark) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
            )
            page.goto(f"{file.as_uri()}#view={view}")
            page.screenshot(path=str(FOLDER / name))
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
