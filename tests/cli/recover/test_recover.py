"""What `recover` writes into a state, and what it says; with the engine: tests/engine/bad_days."""

from typing import Any

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.recovery import Found, Operation, Outcome
from identity_center_cli.engine import interrupted_operations
from identity_center_cli.stacks.deployment import Deployment, with_taken_in
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.verbs.recover.findings import Findings
from tests.support.command import Command, Json, resource

GROUP, MEMBERSHIP = "aws:identitystore/group:Group", "aws:identitystore/groupMembership:GroupMembership"


def _group(name: str, **more: Any) -> Json:  # noqa: ANN401 - fields of an entry
    return resource(GROUP, name, {"displayName": name}, **more)


def _creating(entry: Json) -> Json:
    unmade = {name: value for name, value in entry.items() if name not in ("id", "outputs")}
    return {"resource": unmade, "type": "creating"}


def _state(resources: list[Json], pending: list[Json]) -> Deployment:
    return Deployment({"version": 3, "deployment": {"resources": resources, "pending_operations": pending}})


def test_what_is_taken_in_stands_after_what_it_depends_on() -> None:
    """The engine refuses a state in which something stands before what it needs."""
    group = _group("a")
    member = resource(MEMBERSHIP, "a/ada", {}, dependencies=[group["urn"]])
    state = _state([], [_creating(member), _creating(group)])

    taken = {urn: {**entry, "id": f"id of {urn}"} for urn, entry in state.entries().items()}
    written = with_taken_in(state, taken)["deployment"]

    assert [each["urn"] for each in written["resources"]] == [group["urn"], member["urn"]]
    assert {each["id"] for each in written["resources"]} == {f"id of {urn}" for urn in taken}
    assert "pending_operations" not in written


def test_what_is_not_there_is_nothing_that_a_state_depends_on() -> None:
    """The engine takes no state that names what it does not have, and then nothing is recovered."""
    group, gone = _group("a"), _group("gone")["urn"]
    depending = _group(
        "b", dependencies=[gone, group["urn"]], propertyDependencies={"displayName": [gone], "other": None}
    )
    state = _state([group], [_creating(depending)])

    taken = {urn: {**entry, "id": "new"} for urn, entry in state.entries().items()}
    (written,) = with_taken_in(state, taken)["deployment"]["resources"][1:]

    assert written["dependencies"] == [group["urn"]]
    assert written["propertyDependencies"] == {"displayName": [], "other": []}


def test_what_is_taken_in_brings_the_components_around_it_that_were_deleted() -> None:
    """A destruction that was stopped deletes the component, and leaves what AWS keeps."""
    outer: Json = {"urn": "urn:outer", "type": "own:index:Outer", "custom": False, "parent": "urn:stack"}
    inner: Json = {"urn": "urn:inner", "type": "own:index:Inner", "custom": False, "parent": "urn:outer"}
    kept = _group("a", parent="urn:inner")
    findings = Findings(
        _state([], []),
        {kept["urn"]: kept},
        (Found(Operation.PLANNED, GROUP, kept["urn"], Outcome.TAKEN_IN, "g-1"),),
        Existing(
            region="us-east-1",
            instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
            identity_store_id="d-1111111111",
            read_from="2026-11-30T00:00:00Z",
            read_until="2026-11-30T00:00:00Z",
        ),
        {each["urn"]: each for each in (outer, inner)},
    )

    written = with_taken_in(findings.deployment, findings.to_write)["deployment"]["resources"]

    assert [each["urn"] for each in written] == ["urn:outer", "urn:inner", kept["urn"]]
    assert [each.get("id") for each in written] == [None, None, "g-1"]


def test_what_is_replaced_is_marked_and_what_is_deleted_already_goes() -> None:
    """Two live resources of one name are no state, and the old one has still to be deleted."""
    old, deleted = _group("a", id="old"), _group("b", id="old", pendingReplacement=True)
    state = _state([old, deleted], [_creating(_group("a")), _creating(_group("b"))])

    taken = {urn: {**entry, "id": "new"} for urn, entry in state.entries().items()}
    written = with_taken_in(state, taken)["deployment"]["resources"]

    assert [(each["urn"][-1], each["id"], each.get("delete", False)) for each in written] == [
        ("a", "old", True),
        ("a", "new", False),
        ("b", "new", False),
    ]


def test_the_state_that_was_read_stays_as_it_was() -> None:
    """It is compared with what the engine says next."""
    state = _state([_group("a", id="old")], [_creating(_group("a"))])

    with_taken_in(state, {urn: {**entry, "id": "new"} for urn, entry in state.entries().items()})

    assert "delete" not in state.resources[0]
    assert len(state.pending) == 1


@pytest.mark.parametrize(
    "document", [{}, {"version": 3, "deployment": None}, {"version": 9, "deployment": {}}]
)
def test_a_state_that_cannot_be_read_is_refused(document: Json) -> None:
    """Half of a state, written back, would be all that is left."""
    with pytest.raises(UnusableStackError):
        Deployment(document)


def test_without_pulumi_the_verb_says_so(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback names no remedy."""
    monkeypatch.setenv("PATH", "")

    ended = command("recover")

    assert ended.status == 2
    assert ended.errors == "identity-center: there is no `pulumi` on PATH\n"
    with pytest.raises(OSError, match="no `pulumi` on PATH"):
        interrupted_operations("organization/own/dev")


@pytest.mark.parametrize("text", ["urn", "=id", "urn="])
def test_what_was_made_is_said_with_its_id(command: Command, text: str) -> None:
    """An empty id would be written into the state."""
    with pytest.raises(SystemExit):
        command("recover", "--made", text)
