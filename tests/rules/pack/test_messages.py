"""What the pack says: one reviewed message of every rule, and what holds of every message."""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.pack.all_rules import EVERY
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tests.rules.pack.stacks_with_findings import ACCOUNT, PERSON, STACKS

Run = Callable[..., list[Told]]
GOLDEN: Final = Path(__file__).with_name("golden_messages.txt")
REASON: Final = re.compile(r", without which | and is attached to nothing|, by the pack's configuration,")
"""How a claim of one line says why."""


ORGANISATION: Final = "o-abcdefghij"
PLAIN: Final = [name for name, (made, _) in STACKS.items() if UNKNOWN not in str(made)]
CANARY: Final = "qv7-do-not-show"
"""Stands in properties that no message has a reason to show."""


def configured(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Write a configuration as the runners take it."""
    return {rule.replace("-", "_"): given for rule, given in configuration.items()}


def told_of(name: str, run: Run) -> list[Told]:
    """Return what is told of a stack, each of its resources with properties that are nobody's business."""
    made, configuration = deepcopy(STACKS[name])
    for each in made:
        quiet = {"description": CANARY, "tags": {"team": CANARY}, "forceDestroy": CANARY}
        each.inputs = {**each.inputs, **quiet}
        each.outputs = None if each.outputs is None else {**each.outputs, **quiet}
    return run(*made, **configured(configuration))


def write_saved(folder: Path, name: str, kind: str, **content: object) -> str:
    """Write a file as the command line saves it, and return its name."""
    head = {"kind": f"identity-center/{kind}", "version": 1, "organizationId": ORGANISATION}
    (folder / name).write_text(json.dumps({**head, **content}), encoding="utf-8")
    return name


def told_of_files(run: Run, folder: Path) -> list[Told]:
    """Return what is told of a stack whose saved reports have bad news, by the rules that read them."""
    read_at = "2026-11-19T10:00:00Z"
    account = {"readAt": read_at, "accessKeyPresent": True, "passwordPresent": True, "mfa": False}
    audit = write_saved(folder, "audit.json", "root-audit", accounts={ACCOUNT: account})
    people = {"id": {"userName": "ada", "evidence": "without MFA"}}
    evidence = write_saved(folder, "evidence.json", "mfa-evidence", people=people, readAt=read_at)
    return run(
        PERSON,
        Made("aws:ssoadmin/accountAssignment:AccountAssignment", "people", {"targetId": ACCOUNT}),
        root_users={"auditFile": audit, "organizationId": ORGANISATION},
        mfa_evidence={"evidenceFile": evidence, "organizationId": ORGANISATION},
    )


def test_one_message_of_every_rule_reads_as_it_was_reviewed(
    preview: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are what people read: a change of them is to be read as a whole, by a reviewer too."""
    monkeypatch.chdir(tmp_path)
    first: dict[str, Told] = {}
    for told in (*(told_of(name, preview) for name in STACKS), told_of_files(preview, tmp_path)):
        for each in told:
            first.setdefault(each.policy, each)
    assert set(first) == {rule.name for rule in EVERY}
    blocks = [
        f"{each.level} {each.policy} of {each.urn.split('::', 2)[-1]}\n{each.message}\n"
        for each in (first[rule.name] for rule in EVERY)
    ]
    actual = "\n".join(blocks)
    file = tmp_path / GOLDEN.name
    file.write_text(actual, encoding="utf-8")

    assert actual == GOLDEN.read_text(encoding="utf-8"), f"if the new words are meant: cp {file} {GOLDEN}"


@pytest.mark.parametrize("name", STACKS)
def test_every_message_says_what_why_and_what_to_do(name: str, preview: Run, update: Run, audit: Run) -> None:
    """Who is refused without a reason and a way out turns the rule off."""
    urns = {made.urn for made in STACKS[name][0]}
    for told in (*told_of(name, preview), *told_of(name, update), *told_of(name, audit)):
        _, claim, *details = told.message.splitlines()
        labels = [line.strip().partition(": ")[0] for line in details]
        assert told.urn in urns or not told.urn, (
            "the engine points at a resource of the stack, or at the stack"
        )
        assert re.search(r"`[^`]+`|\b[0-9]{12}\b", claim) or not told.urn, f"names nothing: {claim}"
        assert labels[-1:] == ["to do"], f"no way out: {told.message}"
        assert len(labels) > 1 or REASON.search(claim), f"no reason: {told.message}"


@pytest.mark.parametrize("name", STACKS)
def test_no_message_shows_the_value_of_a_property(name: str, preview: Run, update: Run, audit: Run) -> None:
    """A property may hold a secret, and what the engine prints lands in the logs of a pipeline."""
    for told in (*told_of(name, preview), *told_of(name, update), *told_of(name, audit)):
        assert CANARY not in told.message
        assert "4dabf18193072939515e22adb298388d" not in told.message
        assert "Version" not in told.message, "a document is not quoted"


@pytest.mark.parametrize("name", PLAIN)
def test_an_audit_says_what_the_preview_said(name: str, preview: Run, audit: Run) -> None:
    """Where every value was known, an audit that says something else means that one of the two is wrong."""
    assert told_of(name, audit) == told_of(name, preview)


@pytest.mark.parametrize("name", STACKS)
def test_an_update_refuses_only_what_the_preview_refused(name: str, preview: Run, update: Run) -> None:
    """An update that stops half-way over something that the preview passed leaves half a stack."""
    refused = {(each.policy, each.urn) for each in told_of(name, preview) if each.level == "mandatory"}
    again = {(each.policy, each.urn) for each in told_of(name, update) if each.level == "mandatory"}
    assert again <= refused
    assert bool(again) == bool(refused)
