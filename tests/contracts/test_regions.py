"""The table of partitions says what botocore says, and the model's copy is the pack's table."""

import re
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from identity_center.model.aws.partitions import PARTITIONS, other_regions, partition_of_region
from identity_guard.iam.catalogue import partitions as owner
from tools.docs import partition_table

BY_NAME = {each.name: each for each in PARTITIONS}
EVERY = pytest.mark.parametrize("name", BY_NAME)


def botocore_partitions() -> Mapping[str, Any]:
    """Return botocore's rows by name."""
    data = botocore.session.get_session().get_component("data_loader").load_data("partitions")
    return {row["id"]: row for row in data["partitions"]}


def test_the_table_has_every_partition_of_botocore() -> None:
    """In a partition that is missing, ARNs are refused or made wrong."""
    assert set(BY_NAME) == set(botocore_partitions())


@EVERY
def test_a_row_is_what_botocore_knows(name: str) -> None:
    """A misspelt Region could never be asked, and a wrong suffix would name hosts that do not exist."""
    row, known = BY_NAME[name], botocore_partitions()[name]

    assert set(row.regions) <= set(known["regions"])
    assert row.dns_suffix == known["outputs"]["dnsSuffix"]
    for region in [each for each in known["regions"] if not each.endswith("-global")]:
        assert re.fullmatch(row.region_pattern, region)
        assert partition_of_region(region).name == name
    assert partition_of_region("eu-somewhere-9").name == "aws", "a Region that is newer than the table"


@EVERY
def test_identity_center_is_in_every_region_that_is_looked_in(name: str) -> None:
    """A Region without Identity Center would be one more that cannot be asked, in every run."""
    looked_in = BY_NAME[name].identity_center_regions
    available = botocore.session.get_session().get_available_regions("sso-admin", name)

    assert set(looked_in) <= set(available)
    assert bool(looked_in) == bool(available)
    for region in looked_in:
        assert {region, *other_regions(region)} == set(looked_in)


def test_the_models_copy_is_the_packs_table() -> None:
    """The pack runs alone, so there are two files; two tables that differ would give two answers."""
    assert partition_table.COPY.read_text(encoding="utf-8") == partition_table.copied()
    assert [each.name for each in owner.PARTITIONS] == list(BY_NAME)
