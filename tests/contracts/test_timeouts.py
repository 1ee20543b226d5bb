"""The time-outs that a plan says, held against what the provider takes."""

import re
from pathlib import Path

import pytest

from identity_center.model.plan import planned
from identity_center.model.plan.timeouts import WAITING, Given
from sandbox.provider.rows.schema import Built
from sandbox.provider.table import RESOURCES

PAGE = (Path(__file__).parents[2] / "docs" / "timeouts.md").read_text(encoding="utf-8")
PLANNED = sorted(
    value for name, value in vars(planned).items() if name.isupper() and str(value).startswith("aws:")
)


@pytest.mark.parametrize("token", PLANNED)
def test_every_type_that_takes_a_time_out_is_told_one_the_way_it_heeds(token: str) -> None:
    """The provider ignores the wrong way without a word, and waits as short as before."""
    row = RESOURCES[token]
    waiting = WAITING.get(token)

    assert (waiting is None) == (not row.timeouts)
    if waiting is not None:
        assert set(waiting.operations) == set(row.timeouts)
        assert waiting.given is (Given.OPTION if row.built_on is Built.SDK else Given.INPUT)
        assert waiting.source in row.source


@pytest.mark.parametrize("token", PLANNED)
def test_the_page_tells_of_each_type(token: str) -> None:
    """A user whose update timed out looks there for the type that failed."""
    name = token.split("/", maxsplit=1)[0].removeprefix("aws:") + ":" + token.rpartition(":")[2]
    row = RESOURCES[token]

    line = re.search(rf"^\| `{name}` \|.*$", PAGE, re.MULTILINE)
    assert line is not None
    told = {"create", "update", "delete"} & set(re.findall(r"\w+", line[0].split("|")[2]))
    assert told == set(row.timeouts)
