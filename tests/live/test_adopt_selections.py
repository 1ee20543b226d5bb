"""`identity-center adopt --selections`: a list of accounts becomes a selection where somebody takes it."""

import sys
from pathlib import Path

import pytest
import yaml

from tests.support.adopting import adopt, folder, model
from tests.support.aws_in_process import Stages
from tests.support.lived_in import MANAGEMENT, SHOP, LivedIn
from tests.support.terminal import Terminal

__all__ = ["folder"]


DATA, STAGING = "555555555555", "666666666666"


@pytest.fixture
def producers(lived_in: LivedIn, stages: Stages) -> LivedIn:
    """Give an instance in which a group has a set in the management account and in all of a unit."""

    def assign() -> None:
        group = lived_in.made.group("Producers")
        for account in (MANAGEMENT, SHOP, DATA):
            lived_in.made.assign(lived_in.sets["Billing"], group, account)

    stages.at("producers", assign)
    return lived_in


def accounts_of(folder: Path, group: str) -> list[object]:
    """Return what the model says of where a group has something."""
    (entry,) = [each for each in model(folder)["assignments"] if each.get("group") == group]
    return list(entry["accounts"])


def test_a_selection_is_written_only_where_somebody_took_it_from_the_file(
    producers: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A unit that fits today opens tomorrow's account: somebody decides on it who read what that means."""
    file = folder.parent / "selections.yaml"
    assert adopt(folder, "--selections", str(file)) == 0
    assert not folder.exists(), capsys.readouterr().out
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))["selections"]
    (unit,) = [row for row in rows if row["write"] == {"unit": "Workloads/Production"}]
    assert unit["today"] == [f"{SHOP} shop-production", f"{DATA} data-production"]
    assert unit["later"] == "every account that is made in it or moved into it"
    assert unit["for"] == ["group producers: billing"]
    assert not any(row["take"] for row in rows)

    unit["take"] = True
    file.write_text(yaml.safe_dump({"selections": rows}), encoding="utf-8")
    assert adopt(folder, "--selections", str(file)) == 0, capsys.readouterr().err

    assert producers.groups
    assert accounts_of(folder, "producers") == [MANAGEMENT, {"unit": "Workloads/Production"}]
    assert accounts_of(folder, "platform-engineers") == [SHOP], "one account is no list"


def test_a_file_that_is_no_longer_true_writes_nothing(
    producers: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the question and the answer somebody was given an account more."""
    file = folder.parent / "selections.yaml"
    assert adopt(folder, "--selections", str(file)) == 0
    text = file.read_text(encoding="utf-8").replace("take: false", "take: true")
    file.write_text(text, encoding="utf-8")
    group = next(
        row["GroupId"]
        for row in producers.made.store.list_groups(IdentityStoreId=producers.made.store_id)["Groups"]
        if row["DisplayName"] == "Producers"
    )
    producers.made.assign(producers.sets["Billing"], group, STAGING)

    assert adopt(folder, "--selections", str(file)) == 2
    assert "does not reach what new entries list any more" in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize("answer", ["y\n", "\n"])
def test_selections_are_asked_for_one_by_one(
    producers: LivedIn,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    """Whoever only presses return gets the list of accounts."""
    assert producers.groups
    assert adopt(folder, "--selections") == 2
    assert "there is nobody to ask" in capsys.readouterr().err

    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert adopt(folder, "--selections") == 0

    question = capsys.readouterr().out
    assert "1 of 1: unit Workloads/Production\n" in question
    assert "later: every account that is made in it or moved into it" in question
    taken = [MANAGEMENT, {"unit": "Workloads/Production"}]
    wanted = taken if answer == "y\n" else [MANAGEMENT, SHOP, DATA]
    assert accounts_of(folder, "producers") == wanted
