"""The report as a page, as JSON and as a table, without a browser."""

import csv
import io
import json
from dataclasses import replace

from identity_center_cli.report.contents import Report
from identity_center_cli.report.page import as_html
from identity_center_cli.report.page_data import as_json
from identity_center_cli.report.table import COLUMNS, as_csv

from .sample_reports import sample


def shuffled(report: Report) -> Report:
    """Return the same report, read in another order."""
    return replace(
        report,
        people=report.people[::-1],
        groups=report.groups[::-1],
        permission_sets=report.permission_sets[::-1],
        accounts=report.accounts[::-1],
        grants=report.grants[::-1],
    )


def test_the_same_access_is_the_same_bytes_in_whatever_order_it_was_read() -> None:
    """A report that differs without a reason hides the differences that have one."""
    report = sample(200)

    assert as_html(report) == as_html(shuffled(report))
    assert as_json(report) == as_json(shuffled(report))
    assert as_csv(report) == as_csv(shuffled(report))


def test_a_cell_that_a_spreadsheet_would_calculate_is_made_harmless() -> None:
    """A display name such as =HYPERLINK(...) would run on the auditor's machine."""
    report = sample(5)
    bad = replace(report.people[0], name="=1+1", user_name="@sum")
    told = as_csv(replace(report, people=(bad, *report.people[1:])))

    cells = {cell for row in csv.reader(io.StringIO(told)) for cell in row}
    assert {"'=1+1", "'@sum"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]


def test_the_table_has_one_line_for_each_way_of_a_person() -> None:
    """Whoever filters the table for a person sees all of their access, through groups as well."""
    report = sample(50)
    members = {group.key: len(group.members) for group in report.groups}
    told = list(csv.DictReader(io.StringIO(as_csv(report))))

    assert list(told[0]) == list(COLUMNS)
    assert len(told) == sum(
        1 if grant.kind == "user" else members[grant.principal] for grant in report.grants
    )


def test_the_json_form_names_its_version_and_what_is_not_known() -> None:
    """A program that reads it must notice another form, and that something was not seen."""
    document = json.loads(as_json(sample(5)))

    assert document["version"] == 2
    assert document["notes"] == ["last sign-ins of a third of the people are not known"]
