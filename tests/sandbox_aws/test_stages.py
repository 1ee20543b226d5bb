"""Stages of AWS that many tests begin with: one that is not what it was would let a test lie."""

import pytest

from sandbox.aws.accounts.surroundings import Surroundings
from tests.support.aws_in_process import Stages


@pytest.fixture
def made(around: Surroundings, stages: Stages) -> list[str]:
    """Tell which stages were made, in order; begin with the first day, which has no group."""
    assert _groups(around) == []
    assert stages.is_on_first_day
    return []


def _groups(around: Surroundings) -> list[str]:
    groups = around.store.list_groups(IdentityStoreId=around.store_id)["Groups"]
    return sorted(each["DisplayName"] for each in groups)


def _at(stages: Stages, around: Surroundings, made: list[str], name: str) -> str:
    """Be at a stage that makes a group of its name; return the group."""

    def make() -> str:
        made.append(name)
        return around.group(name)

    return stages.at(name, make)


def test_a_stage_is_made_once_and_given_back_whole(
    around: Surroundings, stages: Stages, made: list[str]
) -> None:
    """What a test changes, it changes for itself."""
    first = _at(stages, around, made, "A")
    around.store.delete_group(IdentityStoreId=around.store_id, GroupId=first)
    around.group("by the test")

    stages.first_day()
    again = _at(stages, around, made, "A")

    assert (made, again, _groups(around)) == (["A"], first, ["A"])


def test_a_stage_upon_another_is_not_the_one_upon_none(
    around: Surroundings, stages: Stages, made: list[str]
) -> None:
    """A fixture that two others make use of begins where each of them left off."""
    _at(stages, around, made, "C")
    _at(stages, around, made, "D")
    stages.first_day()
    _at(stages, around, made, "D")
    alone = _groups(around)
    stages.first_day()
    _at(stages, around, made, "C")
    _at(stages, around, made, "D")

    assert (made, alone, _groups(around)) == (["C", "D", "D"], ["D"], ["C", "D"])
