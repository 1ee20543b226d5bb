"""Every file that a page names is there: a page that leads nowhere is not trusted in the rest either."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]
PAGES: Final = sorted(
    page
    for page in (*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"))
    if page.name != "CHANGELOG.md"  # it tells of what was
)
#: A path with a folder, in backquotes, that ends like one of the project's own files.
NAMED: Final = re.compile(r"`([\w.-]+(?:/[\w.*-]+)+\.(?:py|json|yaml|toml|jsonl|txt|md|sh))(?:::\w+)?`")


@pytest.fixture(scope="module")
def files() -> frozenset[str]:
    """List what git has, or would have."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 # git of the PATH
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split("\n")
    return frozenset(name for name in listed if (CHECKOUT / name).is_file())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_the_files_that_a_page_names_are_there(page: Path, files: frozenset[str]) -> None:
    """A path is the checkout's, or the end of one that is."""
    named = set(NAMED.findall(page.read_text(encoding="utf-8")))
    ends = {"/" + name for name in files}

    assert (
        sorted(
            name
            for name in named
            if name.partition("/")[0] in TOP and not any(each.endswith("/" + name) for each in ends)
        )
        == []
    )


#: A link to a file, relative to the page; one to an address in the net has a colon.
LINK: Final = re.compile(r"\]\(([^):#\s]+)(?:#[^)]*)?\)")


def links_of(page: Path) -> set[Path]:
    """Return the files that a page links to."""
    return {(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_links_lead_to_what_is_there(page: Path) -> None:
    """Whoever follows a link that leads nowhere stops reading."""
    assert [link for link in sorted(links_of(page)) if not link.exists()] == []


def test_every_page_is_found_from_the_readme_or_contributing() -> None:
    """A page that no index names is read by nobody, however good it is."""
    listed = links_of(CHECKOUT / "README.md") | links_of(CHECKOUT / "CONTRIBUTING.md")

    assert set((CHECKOUT / "docs").glob("*.md")) - listed == set()


#: A test in backquotes: its file, its function, and the case of it, as the function's table names it.
TEST: Final = re.compile(r"`(tests/[\w./]+\.py)::(\w+)(?:\[([^\]]+)\])?`")
#: Pages beside the tests name them one by one.
PAGES_OF_TESTS: Final = [
    page for page in CHECKOUT.glob("tests/**/*.md") if TEST.search(page.read_text("utf-8"))
]


@pytest.mark.parametrize("page", PAGES_OF_TESTS, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_the_tests_that_a_page_names_are_there(page: Path) -> None:
    """A demand that is said to be held by a test which nobody runs is held by nothing."""
    named = set(TEST.findall(page.read_text(encoding="utf-8")))

    assert len(named) > 1
    assert [each for each in sorted(named) if not _is_there(*each)] == []


def _is_there(file: str, function: str, case: str) -> bool:
    if not (CHECKOUT / file).is_file():
        return False
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    return f"def {function}(" in text and (not case or f'"{case}": ' in text)


#: Other paths are of a user's project, such as `policies-of-mine/x.json`.
TOP: Final = frozenset(
    {
        "components",
        "policies",
        "identity_center_cli",
        "sandbox",
        "tests",
        "tools",
        "bench",
        "docs",
        "iam",
        "model",
    }
)
