"""`identity-center drift` of a model against a snapshot: each form of its answer says every difference."""

import csv
import io
import json
from typing import Any, Final

from identity_center.model.existing.drift import WORDS
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    Email,
    User,
)
from identity_center.model.existing.parts import Part, Unread, not_asked
from identity_center.model.existing.snapshot_file import write_existing
from identity_center.model.language.ignored_drift import Difference
from tests.support.command import Command, Ended
from tests.support.recorded_instance import (
    EQUAL,
    EXTRA,
    SHOP,
    set_with,
)

MODEL: Final = {
    "users": {
        "ada": {"userName": "ada", "givenName": "Ada", "familyName": "L", "displayName": "Ada L",
                "email": "ada@example.com"}
    },
    "groups": {"devs": {"displayName": "Developers", "members": ["ada"]}},
    "permissionSets": {"builders": {"name": "Builders", "managedPolicies": ["ReadOnlyAccess"]}},
    "assignments": [{"group": "devs", "permissionSets": ["builders"], "accounts": [SHOP]}],
}  # fmt: skip
SESSION: Final = {"session_duration": "PT1H"}
#: With all that the model says of her.
ADA: Final = User(
    id="u-1",
    user_name="ada",
    given_name="Ada",
    family_name="L",
    display_name="Ada L",
    emails=(Email(value="ada@example.com", primary=True),),
)


def _model(command: Command, existing: Existing, *options: str, **more: Any) -> Ended:  # noqa: ANN401 - of a model
    command.write("access/all.yaml", json.dumps({**MODEL, **more}, indent=1))
    users = tuple(ADA if each.id == ADA.id else each for each in existing.users)
    file = command.write("held.json", write_existing(existing.model_copy(update={"users": users})))
    return command("drift", "--model", "access", "--snapshot", file, *options)


def test_accounts_that_are_not_known_hide_no_grant_and_make_none_extra(command: Command) -> None:
    """A grant by a unit would be told as extra where the organisation was not read."""
    existing = EQUAL.model_copy(update=set_with(**SESSION))
    by_name = [{"group": "devs", "permissionSets": ["builders"], "accounts": ["shop"]}]
    existing = existing.model_copy(update={"unread": (not_asked(Part.ORGANISATION),)})
    ended = _model(command, existing, "--only", "assignments", assignments=by_name)

    assert "NOT COMPARED: the code: builders for devs: the accounts of" in ended.errors
    assert (ended.status, "account assignment" in ended.output) == (2, False), ended.output


def test_each_form_says_every_difference(command: Command) -> None:
    """Whoever reads one form alone has to learn all."""
    existing = EXTRA.model_copy(update=set_with(**SESSION, managed_policies=()))
    human = _model(command, existing).output.splitlines()[:-1]
    as_json = _model(command, existing, "--format", "json").json()
    markdown = _model(command, existing, "--format", "markdown").output
    results = _model(command, existing, "--format", "sarif").json()["runs"][0]["results"]

    assert len(human) == 3
    assert [each["message"]["text"] for each in results] == human
    assert [f"{WORDS[Difference(each['difference'])]}: {each['text']}" for each in as_json["drift"]] == human
    for line in human:
        difference, _, what = line.partition(": ")
        assert f"| {difference} | {what} |" in markdown
    listed = list(csv.DictReader(io.StringIO(_model(command, existing, "--format", "csv").output)))
    assert [(each["difference"], each["kind"]) for each in listed] == [
        (each["difference"], each["kind"]) for each in as_json["drift"]
    ]
    assert all(each["name"] in line for each, line in zip(listed, human, strict=True))
    assert as_json["drift"][1] == {
        "difference": "extra",
        "kind": "account assignment",
        "names": ["Builders", SHOP, "USER", "kim"],
        "wanted": "",
        "found": "",
        "strength": "nothing",
        "text": f"account assignment Builders -> {SHOP} -> kim [nothing]",
    }


def test_sarif_has_what_its_schema_and_code_scanning_require(command: Command) -> None:
    """A log that an uploader refuses shows nobody anything; one that points nowhere is read by nobody."""
    existing = EXTRA.model_copy(
        update={
            **set_with(**SESSION, managed_policies=()),
            "unread": (Unread(part="tags", of="", operation="sso:ListTagsForResource", why="Denied"),),
        }
    )
    ended = _model(command, existing, "--format", "sarif")
    log = ended.json()
    assert (ended.status, log["version"], len(log["runs"])) == (2, "2.1.0", 1)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "access/all.yaml"
        text = (command.folder / "access/all.yaml").read_text().splitlines()
        assert text[physical["region"]["startLine"] - 1].strip().startswith(PLACES[result["ruleId"]])
    prints = [result["partialFingerprints"]["drift/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints) == 3
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "sso:ListTagsForResource" in invocation["toolExecutionNotifications"][0]["message"]["text"]


#: With what the line begins that a result of each kind points to.
PLACES: Final = {"missing": '"builders"', "extra": ('"users"', '"assignments"')}
