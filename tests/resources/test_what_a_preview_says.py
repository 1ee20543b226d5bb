"""What a whole run tells, with a state of the last update behind it: the program without an engine."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import grpc
import pulumi
import pytest
from pulumi.runtime import rpc
from pulumi.runtime.config import set_all_config

from identity_center.model.access.change_sentences import FILE
from identity_center.program import preflight
from identity_center.program.first_steps import say_first_steps
from identity_center.program.lookups.readers import Readers
from identity_center.program.run import run
from tests.resources import conftest
from tests.support.answers import MANAGEMENT, MEMBER, Answers, account
from tests.support.refused import run_refused

Runs = Callable[..., Any]
Model = dict[str, Any]
TODAY: Final = "2026-11-23"
READING: Final = {"name": "Reading", "managedPolicies": ["ReadOnlyAccess"]}
MODEL: Final[Model] = {
    "users": {
        key: {
            "userName": key,
            "givenName": key.title(),
            "familyName": "Nobody",
            "displayName": f"{key.title()} Nobody",
            "email": f"{key}@example.com",
        }
        for key in ("ada", "bob")
    },
    "groups": {"crew": {"displayName": "Crew", "members": ["ada", "bob"]}},
    "permissionSets": {"reading": READING},
    "assignments": [{"group": "crew", "permissionSets": ["reading"], "accounts": ["management", MEMBER]}],
    "mfaRequirement": {
        "promptMode": "always-on",
        "allowedTypes": ["security-keys"],
        "noDevice": "register",
        "identityProvider": "built-in",
        "confirmedBy": "identity team",
        "validUntil": "2027-02-15",
    },
}
#: The portal, the Region, two ids, and eight that are secret: `test_the_outputs_say_who_may_do_what_where`.
OUTPUTS: Final = 12
STACK: Final = "urn:pulumi:dev::identity-center::pulumi:pulumi:Stack::identity-center-dev"


@pytest.fixture
def preview(run: Runs, answers: Answers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Runs]:
    """Return a function that runs the program with a model, and gives the state that this would leave."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", TODAY)
    answers.policies = {
        f"arn:aws:iam::aws:policy/{name}": {"arn": f"arn:aws:iam::aws:policy/{name}"}
        for name in ("ReadOnlyAccess", "PowerUserAccess")
    }
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)

    def previewed(model: Model, *, update: bool = False) -> dict[str, Any]:
        set_all_config({f"identity-center:{key}": json.dumps(value) for key, value in model.items()}, [])

        def main() -> pulumi.Output[dict[str, Any]]:
            program(Readers())
            return pulumi.Output.all(**exported)

        made = run(main, preview=not update, root=tmp_path)
        return {**_state(made), STACK: {"type": "pulumi:pulumi:Stack", "outputs": made.result}}

    yield previewed
    set_all_config({}, [])


program = run
"""The program; `run` is the fixture that runs it."""


def _state(made: Any) -> dict[str, Any]:  # noqa: ANN401  # what conftest's run gives
    """Return what the resources that a run registered leave in the state."""
    return {
        urn: {
            "type": request.type,
            "outputs": {**rpc.deserialize_properties(request.object), **made.outputs.get(urn, {})},
        }
        for urn, request in made.requests.items()
    }


@pytest.fixture
def updated(preview: Runs, answers: Answers, messages: pytest.LogCaptureFixture) -> dict[str, Any]:
    """Give a stack that an update has made of the model; what was told until then is forgotten."""
    answers.last_update = preview(MODEL, update=True)
    messages.clear()
    return answers.last_update


def changed(**parts: Any) -> Model:  # noqa: ANN401  # any part of a model
    """Return the model with some parts otherwise."""
    return {**copy.deepcopy(MODEL), **parts}


def machine(folder: Path) -> dict[str, Any]:
    """Read the file for machines."""
    read: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return read


def urn_of(state: dict[str, Any], end: str) -> str:
    """Return the only URN with such an end."""
    (found,) = [urn for urn in state if urn.endswith(end)]
    return found


def test_what_never_changes_is_told_once(
    preview: Runs, answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """Eleven lines that stand in every run are why nobody reads the twelfth."""
    answers.last_update = preview(MODEL, update=True)
    first = messages.text
    messages.clear()

    preview(MODEL)

    assert "MFA settings have no API" in first
    assert "Each new person: open https://" in first
    assert [each.message for each in messages.records if "IDENTITY_CENTER" not in each.message][:-1] == [
        "Access, compared with the last update:\n  nobody gains or loses anything"
    ]


def test_new_settings_of_the_console_are_told_again(
    preview: Runs, updated: dict[str, Any], messages: pytest.LogCaptureFixture
) -> None:
    """They have no API: what changes has to be set by hand."""
    assert updated
    preview(changed(mfaRequirement={**MODEL["mfaRequirement"], "noDevice": "block"}))

    assert "Block their sign-in" in messages.text
    assert "an administrator registers an MFA device for the person" in messages.text


def test_who_is_new_is_told_where_the_first_sign_in_is_described(
    preview: Runs, updated: dict[str, Any], messages: pytest.LogCaptureFixture
) -> None:
    """They have no password, and whoever invited them does not know it."""
    assert updated
    preview(
        changed(users={**MODEL["users"], "zoe": {**MODEL["users"]["ada"], "userName": "zoe", "email": "z@e"}})
    )

    assert "new: zoe. How they sign in for the first time: pulumi stack output first_sign_in" in messages.text
    assert "Set a password of your own" not in messages.text


def test_what_a_refresh_found_is_what_is_compared_with(
    preview: Runs,
    updated: dict[str, Any],
    answers: Answers,
    messages: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """A repair gives access and takes it: `nobody` was said of two people who get an account back."""
    found = copy.deepcopy(updated)
    del found[urn_of(found, f"AccountAssignment::reading/group/crew/{MEMBER}")]
    policies = found[urn_of(found, "ManagedPolicyAttachmentsExclusive::reading")]["outputs"]
    policies["managedPolicyArns"] = [
        *policies["managedPolicyArns"],
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ]
    answers.refreshed = found

    preview(MODEL)

    assert "compared with what AWS has of the last update" in messages.text
    assert "`identity-center drift` sees what is none" in messages.text
    assert "without PowerUserAccess; is no longer able to give itself more; keeps 8 of " in messages.text
    assert (
        f"2 people gain Reading in 1 account through group crew: ada, bob (Production {MEMBER})"
        in messages.text
    )
    assert [each["change"] for each in machine(tmp_path)["changes"]] == ["gains", "gains"]
    assert "uncertain" not in messages.text


def test_a_refresh_of_some_targets_is_not_taken_for_one_of_all(
    preview: Runs,
    updated: dict[str, Any],
    answers: Answers,
    messages: pytest.LogCaptureFixture,
) -> None:
    """What nobody looked at is not gone."""
    answers.refreshed = {
        urn: each for urn, each in updated.items() if "ssoadmin/permissionSet" in urn or "Directory" in urn
    }

    preview(MODEL)

    assert "nobody gains or loses anything" in messages.text


def test_an_engine_that_fails_is_not_taken_for_one_that_found_everything_gone(
    preview: Runs,
    updated: dict[str, Any],
    messages: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of them gain it all, would be said of a connection that broke."""
    assert updated
    monkeypatch.setattr(conftest, "_known_resource", _broken)

    preview(MODEL)

    assert "what a refresh found is not told: the engine did not say it (connection reset)" in messages.text
    assert "nobody gains or loses anything" in messages.text


def _broken(*_given: object) -> None:
    raise grpc.RpcError("connection reset")


def test_a_refused_run_says_so_to_machines(preview: Runs, updated: dict[str, Any], tmp_path: Path) -> None:
    """The comment on a pull request would tell of the last run that went well."""
    assert updated
    preview(changed(groups={"crew": {"displayName": "Crew", "members": ["ada"]}}))
    assert machine(tmp_path)["comparison"] == "compared"

    with run_refused("1 mistake"):
        preview(changed(permissionSets={"reading": {**READING, "sessionDuration": "PT13H"}}))

    told = machine(tmp_path)
    assert (told["comparison"], told["problem"]) == ("refused", "1 mistake; nothing was changed")
    assert "sessionDuration" in told["mistakes"][0]
    assert "changes" not in told


def test_what_the_brake_refuses_stands_beside_the_refusal(
    preview: Runs, updated: dict[str, Any], tmp_path: Path
) -> None:
    """Whoever has to allow it wants to see whom it takes what from."""
    assert updated
    with run_refused("2 of 2 assignments would go"):
        preview(changed(assignments=[], allowRemovals={"assignments": 1}))

    told = machine(tmp_path)
    assert told["comparison"] == "refused"
    assert {(each["change"], each["person"]) for each in told["changes"]} == {
        ("loses", "ada"),
        ("loses", "bob"),
    }


def test_a_file_of_an_earlier_run_does_not_outlive_the_next(
    preview: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever ends a run, what it left is not what another one said."""
    (tmp_path / FILE).write_text('{"comparison": "compared"}', encoding="utf-8")
    monkeypatch.setattr(preflight, "assemble", _killed)

    with pytest.raises(_KilledError):
        preview(MODEL)

    assert not (tmp_path / FILE).exists()


class _KilledError(Exception):
    """The end of a process, as far as a test can stand it."""


def _killed(*_given: object) -> None:
    raise _KilledError


def test_a_line_each_for_what_needs_a_look(
    preview: Runs,
    updated: dict[str, Any],
    messages: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """An end, a review, a group that lets nobody in: each is easily missed among resources."""
    assert updated
    grant = MODEL["assignments"][0]
    sets = {key: {"name": key.title()} for key in ("ending", "due", "empty")}
    preview(
        changed(
            permissionSets={**MODEL["permissionSets"], **sets},
            groups={**MODEL["groups"], "nobody": {"displayName": "Nobody"}},
            assignments=[
                grant,
                {**grant, "permissionSets": ["ending"], "expires": "2026-12-01"},
                {**grant, "permissionSets": ["due"], "reviewBy": "2026-11-01"},
                {**grant, "permissionSets": ["empty"], "group": "nobody"},
            ],
        )
    )

    for line in (
        "assignments[1]: the access of group `crew` ends after 2026-12-01; write a later `expires`",
        "assignments[2]: the access of group `crew` was to be reviewed by 2026-11-01",
        "groups.nobody: the group is assigned in 2 accounts and has no member, so that nobody has",
    ):
        assert messages.text.count(line) == 1
    assert [each["subject"] for each in machine(tmp_path)["notices"]] == ["ends", "review", "nobody"]


def test_many_of_a_kind_are_counted(
    preview: Runs, messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A hundred reviews that are due hide the one grant that ends."""
    grant = {"group": "crew", "accounts": ["management"], "reviewBy": "2026-11-01"}
    sets = {f"set-{number}": {"name": f"Set{number}"} for number in range(30)}

    preview(changed(permissionSets=sets, assignments=[{**grant, "permissionSets": [key]} for key in sets]))

    told = [
        each.message
        for each in messages.records
        if "reviewed by" in each.message or "reviews" in each.message
    ]
    assert len(told) == 5
    assert told[-1] == "and 26 more reviews are due: access-changes.json has all of them"
    assert len(machine(tmp_path)["notices"]) == 30


def test_a_first_preview_of_five_thousand_assignments_is_read_to_its_end(
    run: Runs, answers: Answers, messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """It printed two thousand lines at a thousand: nobody found the five that mattered."""
    accounts = [str(300000000000 + number) for number in range(50)]
    answers.organisation["accounts"] += [account(each, f"account-{each}") for each in accounts]
    groups = {f"g{number}": {"displayName": f"Group {number}", "members": ["ada"]} for number in range(50)}
    groups["g0"]["members"] = []
    sets = {f"s{number}": {"name": f"Set{number}"} for number in range(50)}
    grants = [
        {
            "group": f"g{number}",
            "permissionSets": [f"s{number}", f"s{(number + 1) % 50}"],
            "accounts": accounts[: 50 - number % 2],
            "expires": "2026-12-01",
            "reviewBy": "2026-11-01",
        }
        for number in range(50)
    ]
    model = changed(groups=groups, permissionSets=sets, assignments=grants)
    set_all_config({f"identity-center:{key}": json.dumps(value) for key, value in model.items()}, [])

    checked = run(lambda: [_checked_and_told()], preview=True, root=tmp_path).result[0]

    lines = [line for each in messages.records for line in each.getMessage().splitlines()]
    assert len(checked.access.grants) == 4950
    # Besides there is a line for each output: what grows is kept as a secret.
    assert len(lines) + OUTPUTS < 60
    assert sum("access-changes.json has all of them" in line for line in lines) == 3
    given = {(one.permission_set, one.account_id) for one in checked.access.grants if one.principal != "g0"}
    assert len(machine(tmp_path)["changes"]) == len(given)


def _checked_and_told() -> preflight.Checked:
    checked = preflight.check_stack()
    say_first_steps(checked)
    return checked


def test_a_new_user_name_is_said_to_be_a_new_person(
    preview: Runs,
    updated: dict[str, Any],
    messages: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """Who signs in by another name from Monday on is locked out from Monday on."""
    assert updated
    preview(changed(users={**MODEL["users"], "bob": {**MODEL["users"]["bob"], "userName": "bobby"}}))

    assert (
        "password and MFA device are gone, and `first_sign_in` says how this one begins: bob" in messages.text
    )
    assert "nobody gains or loses anything" not in messages.text
    assert machine(tmp_path)["newPeople"] == ["bob"]


def test_long_outputs_are_kept_from_the_engines_list(preview: Runs) -> None:
    """One moved account printed 654 lines of other people's assignments."""
    outputs = preview(MODEL)[STACK]["outputs"]

    assert outputs["assignments"] == {
        f"reading/group/crew/{MANAGEMENT}": f"group crew -> Reading -> Management {MANAGEMENT} (management)",
        f"reading/group/crew/{MEMBER}": f"group crew -> Reading -> Production {MEMBER}",
    }
