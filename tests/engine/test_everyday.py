"""docs/everyday.md on one stack: each of its changes is made, and AWS is as the page says."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.project import Project
from tests.engine.test_targets import unit_id
from tools.docs.everyday import NOW, PAGE, Block, blocks, patched

pytestmark = pytest.mark.engine

AFTER_FOUR = "2026-11-30T16:05:00Z"
SHOP, DATA, STAGING = "444444444444", "555555555555", "666666666666"


def sections() -> Iterator[tuple[str, list[Block]]]:
    """Yield the title and the pieces of each section of the page; the first one is the model at the start."""
    title, pieces = "", list[Block]()
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.kind == "text" and block.lines[0].startswith("## "):
            yield title, pieces
            title, pieces = block.lines[0].removeprefix("## "), []
        pieces.append(block)
    yield title, pieces


class Walk:
    """The page's project in the sandbox."""

    def __init__(self, project: Project, session: boto3.Session) -> None:
        self.project, self._session = project, session
        self.sections = dict(sections())
        self.walked: list[str] = []
        self.at(NOW)

    def at(self, moment: str) -> None:
        """Set the clock."""
        self.project.environment["IDENTITY_CENTER_TODAY"] = moment

    def take(self, title: str) -> None:
        """Do what a section says to files and to AWS."""
        self.walked.append(title)
        for block in self.sections[title]:
            path = self.project.folder / block.argument
            if block.kind == "yaml":
                path.parent.mkdir(exist_ok=True)
                path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
            elif block.kind == "diff":
                path.write_text(patched(path.read_text(encoding="utf-8"), block.lines), encoding="utf-8")
            for account, unit in block.moves:
                self._move(account, unit)

    def commands(self, title: str, *, engine: bool = False) -> list[list[str]]:
        """Return the commands of a section, each with the lines that it prints."""
        found: list[list[str]] = []
        for block in self.sections[title]:
            if block.kind == "console" and (block.argument == "engine") is engine:
                for line in block.lines:
                    if line.startswith("$ "):
                        found.append([])
                    found[-1].append(line)
        return found

    def snapshot(self) -> None:
        """Take the snapshot of the organisation anew."""
        taken = self.project.run(
            "identity-center", "organisation", "snapshot", "--output", "organisation.json"
        )
        assert taken.status == 0, taken.output

    def _move(self, account: str, unit: str) -> None:
        organizations = self._session.client("organizations")
        (parent,) = organizations.list_parents(ChildId=account)["Parents"]
        organizations.move_account(
            AccountId=account,
            SourceParentId=parent["Id"],
            DestinationParentId=unit_id(self._session, unit),
        )
        self.snapshot()

    def reached(self) -> set[tuple[str, str, str]]:
        """Return who signs in with what to where, as the API has it."""
        return {
            (one.person, one.permission_set, one.account_id) for one in read_access(self._session).sign_ins
        }


def everybody(people: str, permission_set: str, *accounts: str) -> set[tuple[str, str, str]]:
    """Return the sign-ins of some people."""
    return {(person, permission_set, account) for person in people.split() for account in accounts}


@pytest.fixture
def walk(program: Project, session: boto3.Session) -> Walk:
    """Make the page's model at the start."""
    made = Walk(program, session)
    program.write_config({"aws:region": "us-east-1", "identity-center:modelFolder": "access"})
    made.take("")
    made.snapshot()
    program.up()
    return made


@pytest.mark.thorough
def test_the_ten_changes_do_what_the_page_says(walk: Walk) -> None:
    """Who copies a page's line into production trusts that somebody has run it."""
    assert walk.reached() == everybody("ada bob", "Deploying", SHOP, DATA) | everybody(
        "eve", "Reading", SHOP, DATA
    )

    for title in ("Somebody joins", "Somebody moves to another team", "Somebody leaves"):
        walk.take(title)
    walk.take("A group gets another name")
    people = walk.project.up().output
    assert walk.reached() == everybody("cid", "Deploying", SHOP, DATA) | everybody(
        "bob eve", "Reading", SHOP, DATA
    )
    assert "replaced" not in people

    walk.take("A permission set gets another name")
    allowed = walk.project.folder / "access" / "this-update.yaml"
    text = allowed.read_text(encoding="utf-8")
    allowed.unlink()
    refused = walk.project.pulumi("preview")
    _insist(refused.output, walk.commands("A permission set gets another name", engine=True))
    assert refused.status != 0

    allowed.write_text(text, encoding="utf-8")
    for title in ("An account joins a unit", "A session gets shorter", "A boundary changes"):
        walk.take(title)
    told = walk.project.up().output
    allowed.unlink()
    assert "session 4 h -> 1 h" in told
    assert "boundary PowerUserAccess -> ReadOnlyAccess" in told
    everywhere = everybody("bob eve", "Reading", SHOP, DATA, STAGING)
    everywhere |= everybody("cid", "ShopDeploying", SHOP, DATA, STAGING)
    assert walk.reached() == everywhere

    _grant_and_expire(walk, everywhere)
    walk.take("A review")
    assert walk.walked == [*walk.sections]


def _grant_and_expire(walk: Walk, everywhere: set[tuple[str, str, str]]) -> None:
    title = "An incident needs access for four hours"
    walk.take(title)
    (grant, *_), *_ = walk.commands(title)
    assert walk.project.run("bash", "-c", grant.removeprefix("$ ")).status == 0
    walk.project.up()
    assert walk.reached() == everywhere | {("bob", "ShopDeploying", SHOP)}

    early = walk.project.run("identity-center", "expire")
    assert (early.status, early.output) == (0, "nothing is over\n")

    walk.at(AFTER_FOUR)
    late = walk.project.run("identity-center", "expire")
    _insist(late.output, walk.commands(title, engine=True))
    assert late.status == 0
    assert walk.reached() == everywhere
    assert walk.project.up("--expect-no-changes").status == 0


def _insist(output: str, commands: list[list[str]]) -> None:
    """See that all lines which the page shows are in what was printed, whatever stands around them."""
    said = " ".join(output.split())
    for _, *lines in commands:
        assert lines
        for line in lines:
            assert " ".join(line.split()) in said


def test_the_page_has_ten_changes() -> None:
    """One that is taken out would not be missed by the walk."""
    assert len([*sections()]) == 11
    assert Path(PAGE).name == "everyday.md"
