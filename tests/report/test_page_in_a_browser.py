"""The report's page as people use it, in a real browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from identity_center_cli.report.contents import Group, Person, Report

from .conftest import EVERYTHING
from .sample_reports import sample

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

SMALL: Final = sample(300)
LARGE: Final = sample(10_000, people=3000, sets=200, accounts=500)
VIEWS: Final = ("overview", "access", "matrix", "people", "groups", "sets", "accounts", "others", "posture")
MOST_ROWS: Final = 80
"""More rows than any screen shows; a page with all ten thousand would crawl."""

SHOWN_AT: Final = """
(text) => {
  const walker = document.createTreeWalker(document.querySelector("tbody"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(text);
    if (start < 0) continue;
    return [...text].map((_, number) => {
      const range = document.createRange();
      range.setStart(node, start + number);
      range.setEnd(node, start + number + 1);
      return range.getBoundingClientRect().left;
    });
  }
  return [1, 0];
}
"""
"""Where each letter of a text stands from the left; read from left to right the places go up."""


def rows(page: Page) -> list[str]:
    """Return the text of the rows that are in the page."""
    return page.locator("tbody tr[aria-rowindex]").all_inner_texts()


def count(page: Page) -> str:
    """Return what the page says it shows."""
    return page.locator("#count").inner_text()


def test_a_search_shows_what_fits_all_words(open_report: Open) -> None:
    """Who looks for one person's access must not read three hundred rows."""
    page = open_report(SMALL, "#view=access")

    page.keyboard.press("/")
    page.keyboard.type("team set0")

    assert re.match(r"\d+ grants of 283", count(page))
    assert rows(page)
    assert all("Set0" in row for row in rows(page))
    assert "q=team" in page.url


def test_a_filter_stays_in_the_address(open_report: Open) -> None:
    """A lead sends the link of what they see, and the other one sees the same."""
    page = open_report(SMALL, "#view=access")
    page.get_by_label("Strength", exact=True).select_option("root-level")
    shown, address = rows(page), page.url

    again = open_report(SMALL, "#" + address.partition("#")[2])

    assert shown
    assert all("root-level" in row for row in shown)
    assert rows(again) == shown
    assert again.get_by_label("Strength", exact=True).input_value() == "root-level"


def test_a_link_leads_to_the_same_person_in_the_report_of_another_day(open_report: Open) -> None:
    """By a number in a list the lead would see somebody else's access as soon as a colleague joins."""
    joined = Person("aaa", "Aaron First", "aaron.first@example.com")
    person = SMALL.people[0]
    page = open_report(SMALL, "#view=people")
    page.get_by_role("link", name=person.name, exact=True).click()
    page.wait_for_selector(".about")
    shown, address = rows(page), page.url

    later = open_report(replace(SMALL, people=(joined, *SMALL.people)), "#" + address.partition("#")[2])

    assert shown
    assert rows(later) == shown
    assert later.locator(".about h2").inner_text() == person.name


def test_who_has_left_is_not_mistaken_for_somebody_without_access(open_report: Open) -> None:
    """`Nothing fits` would read as: this person has no access."""
    page = open_report(SMALL, "#view=access&person=long-gone")

    assert "This report knows no person “long-gone”." in page.locator("#view").inner_text()


def test_one_of_thousands_is_chosen_by_typing(open_report: Open) -> None:
    """A list of three thousand names to scroll through is no choice, and slows the page down."""
    page = open_report(LARGE, "#view=access")
    person = LARGE.people[17]
    before = page.locator("option").count()
    field = page.get_by_label("Person", exact=True)
    field.focus()
    offered = page.locator("#names-person option").count()
    field.fill(person.name)
    field.press("Enter")

    assert before < 50
    assert offered == len(LARGE.people)
    assert f"person={person.key}" in page.url
    assert page.locator(".about h2").inner_text() == person.name


def test_a_person_is_found_through_the_groups(open_report: Open) -> None:
    """Access through a group is access: a list of direct grants alone would call somebody powerless."""
    member = SMALL.groups[0].members[0]
    person = next(each for each in SMALL.people if each.key == member)
    page = open_report(SMALL, "#view=people")
    page.get_by_label("Search (/)").fill(person.name)
    page.get_by_role("link", name=person.name, exact=True).click()
    page.wait_for_selector(".about")

    expected = [
        grant
        for grant in SMALL.grants
        if grant.principal == member
        or any(grant.principal == group.key and member in group.members for group in SMALL.groups)
    ]
    assert count(page).startswith(f"{len(expected)} grants of")
    assert any("group of " in row for row in rows(page))


def test_a_column_sorts_both_ways_and_says_so(open_report: Open) -> None:
    """Somebody who cannot see the arrow hears it."""
    page = open_report(SMALL, "#view=access")
    page.get_by_role("button", name="Account").click()
    up = rows(page)[0]
    page.get_by_role("button", name="Account").click()

    assert page.locator("th[data-column=account]").get_attribute("aria-sort") == "descending"
    assert "100000000000" in up
    assert "100000000014" in rows(page)[0]


@pytest.mark.parametrize(
    "view", ["access", "people", "accounts", "matrix"] if EVERYTHING else ["access", "matrix"]
)
def test_ten_thousand_grants_keep_few_rows_in_the_page(open_report: Open, view: str) -> None:
    """All rows at once take seconds, and the page stutters."""
    page = open_report(LARGE, f"#view={view}")

    first = rows(page)
    page.locator(".scroll").evaluate("place => { place.scrollTop = place.scrollHeight; }")
    page.wait_for_function(
        "() => [...document.querySelectorAll('tbody tr[aria-rowindex]')].at(-1)"
        "?.getAttribute('aria-rowindex') === document.querySelector('table').getAttribute('aria-rowcount')"
    )

    assert 0 < len(first) <= MOST_ROWS
    assert 0 < len(rows(page)) <= MOST_ROWS
    assert rows(page) != first


def test_paper_has_every_row(open_report: Open) -> None:
    """An auditor prints it: what is not in sight counts as well."""
    page = open_report(SMALL, "#view=access")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert len(rows(page)) == len(SMALL.grants)
    assert page.locator("#filters").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(rows(page)) <= MOST_ROWS


def test_a_matrix_on_paper_is_cut_into_parts_that_fit(open_report: Open) -> None:
    """Two hundred columns beside each other run off the page, and an auditor files a tenth of the access."""
    page = open_report(LARGE, "#view=matrix")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.locator(".paper td").evaluate_all(
        "cells => cells.filter((cell) => cell.textContent).length"
    )
    widest = page.locator(".paper thead tr").evaluate_all(
        "all => Math.max(...all.map((row) => row.cells.length))"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    assert printed == len({(grant.account, grant.permission_set) for grant in LARGE.grants})
    assert widest <= 25
    assert page.locator(".paper").count() == 0


def test_a_matrix_of_500_by_200_keeps_few_cells_in_the_page(open_report: Open) -> None:
    """A hundred thousand cells take seconds to lay out and stutter for ever."""
    page = open_report(LARGE, "#view=matrix")
    in_page = page.locator("tbody td").count()
    names = page.locator("thead th").all_inner_texts()
    page.locator(".scroll").evaluate("place => { place.scrollLeft = place.scrollWidth; }")
    page.wait_for_function(
        "() => document.querySelector('thead th:last-child').getAttribute('aria-colindex') === '201'"
    )

    assert 0 < in_page < 1000
    assert 1 < len(names) < 80
    assert names[1:] != page.locator("thead th").all_inner_texts()[1:]


def test_the_arrow_keys_reach_what_is_not_in_the_page(open_report: Open) -> None:
    """The walk must not end where the rows in sight end."""
    page = open_report(LARGE, "#view=matrix")
    page.locator("tbody th a").first.focus()
    page.keyboard.press("Control+End")

    assert page.evaluate("document.activeElement.closest('tr').getAttribute('aria-rowindex')") == "501"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.closest('th').getAttribute('aria-colindex')") == "1"


def test_the_matrix_is_walked_with_the_arrow_keys(open_report: Open) -> None:
    """Without a mouse 500 by 200 cells cannot be reached with Tab."""
    page = open_report(SMALL, "#view=matrix")
    page.locator("tbody td a").first.focus()
    here = page.evaluate("document.activeElement.title")
    page.keyboard.press("ArrowDown")

    below = page.evaluate("document.activeElement.title")
    assert below != here
    assert below.split(" in ")[0].split(": ")[1] == here.split(" in ")[0].split(": ")[1]
    page.keyboard.press("Enter")
    page.wait_for_selector(".listed")
    assert "view=access" in page.url
    assert rows(page)


@pytest.mark.parametrize("scheme", ["light", "dark"] if EVERYTHING else ["dark"])
def test_axe_finds_nothing(open_report: Open, scheme: str) -> None:
    """People with a screen reader, without a mouse or with weak eyes review access, too."""
    page = open_report(SMALL, color_scheme=scheme)
    for view in VIEWS if EVERYTHING else ("overview", "access", "matrix"):
        page.evaluate(f"location.hash = 'view={view}'")
        page.wait_for_function(
            f"() => document.querySelector('nav a[aria-current]')?.hash === '#view={view}'"
        )

        found = Axe().run(page)
        assert found.violations_count == 0, f"{view}: {found.generate_report()}"


def test_names_are_text_and_nothing_else(open_report: Open) -> None:
    """A display name comes from whoever may edit a directory: it must not run in a reviewer's browser."""
    name = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    right_to_left = "\u202egnimmargorp \U0001f680 قسم"
    report = replace(
        SMALL,
        title="A & B </title>",
        groups=(replace(SMALL.groups[0], name=name), Group("x", right_to_left, ()), *SMALL.groups[1:]),
    )
    page = open_report(report, "#view=groups")

    assert page.title() == "A & B </title>"
    assert page.get_by_role("link", name=name, exact=True).count() == 1
    assert any("\U0001f680" in row for row in rows(page))
    assert page.locator("img").count() == 0


def test_a_name_from_right_to_left_turns_nothing_beside_it(open_report: Open) -> None:
    """An override in one display name would show the next member's name backwards."""
    turned = replace(SMALL.people[0], name="Aa \u202egnimmargorp")
    group = replace(SMALL.groups[0], members=(turned.key, SMALL.people[1].key))
    report = replace(SMALL, people=(turned, *SMALL.people[1:]), groups=(group, *SMALL.groups[1:]))
    page = open_report(report, f"#view=groups&q={group.name.replace(' ', '+')}")
    places = page.evaluate(SHOWN_AT, SMALL.people[1].name)

    assert places == sorted(places)


def test_a_report_of_nothing_says_so(open_report: Open) -> None:
    """An empty table looks like a page that failed."""
    page = open_report(Report("Nothing", "of nothing", (), (), (), (), ()), "#view=access")

    assert "There is nothing of this kind." in page.locator("#view").inner_text()
    for view in VIEWS:
        page.evaluate(f"location.hash = 'view={view}'")


def test_a_small_screen_scrolls_inside_the_table_alone(open_report: Open) -> None:
    """A page that is wider than the phone is read by nobody."""
    page = open_report(SMALL, "#view=access", viewport={"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.get_by_label("Account", exact=True).is_visible()
    page.get_by_role("button", name="Filters").click()
    assert page.get_by_label("Account", exact=True).is_visible()
