"""`identity-center check`: the pack's rules over files, and nothing that was not read called clean."""

import json
from typing import Any

import pytest

from identity_guard.pack.all_rules import EVERY
from identity_guard.pack.configuration import WORDS
from tests.support.command import SECRET_MARK, Command, Ended, Recorded

ALLOW_ALL = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
READ = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}'
)
ANYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    }
)
BUCKET = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
    }
)


def rules_told(ended: Ended) -> list[tuple[str, str]]:
    """Return rule and level of each result in a JSON output."""
    return [(each["rule"], each["level"]) for each in ended.json()["results"]]


@pytest.mark.parametrize(
    ("name", "text", "status", "told"),
    [
        ("root-level", ALLOW_ALL, 1, [("no-root-level-access", "mandatory")]),
        ("harmless", READ, 0, []),
        ("trust of anybody", ANYBODY, 1, [("no-public-trust", "mandatory")]),
        (
            "no IAM document",
            '{"Statement": {"Effect": "Allow", "Acton": "*", "Resource": "*"}}',
            1,
            [("no-root-level-access", "mandatory")],
        ),
        (
            "key given twice",
            '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}',
            1,
            [("no-root-level-access", "mandatory")],
        ),
    ],
)
def test_a_policy_document_is_judged_by_the_rules(
    command: Command, name: str, text: str, status: int, told: list[tuple[str, str]]
) -> None:
    """A pipeline stops where the pack would stop a stack, before there is a stack."""
    ended = command("check", command.write(f"{name}.json", text), "--format", "json")

    assert (ended.status, rules_told(ended)) == (status, told)


def test_a_boundary_is_no_grant(command: Command) -> None:
    """A boundary or an SCP that allows everything gives nothing; one that IAM would not read is told."""
    assert command("check", "--as", "limit", command.write("boundary.json", ALLOW_ALL)).status == 0
    assert command("check", "--as", "limit", command.write("broken.json", '{"Statement": [{}]}')).status == 1


@pytest.mark.parametrize("kind", ["state", "events", "standard input"])
def test_a_recorded_stack_is_judged_whole(command: Command, administrators: Recorded, kind: str) -> None:
    """Attachment and permission set are joined: nobody gets a report on half of an identity."""
    text = administrators.events() if kind == "events" else json.dumps(administrators.state())
    path = "-" if kind == "standard input" else command.write("record.json", text)
    ended = command("check", path, "--format", "json", given=text)

    assert ended.status == 1
    assert rules_told(ended) == [("no-root-level-access", "mandatory")]
    (result,) = ended.json()["results"]
    assert "AdministratorAccess" in result["message"]
    assert result["urn"].endswith("::builders-managed")


@pytest.mark.parametrize("kind", ["state", "events"])
def test_a_stack_with_nothing_wrong_is_clean(command: Command, readers: Recorded, kind: str) -> None:
    """A false alarm would be the end of a check that nobody is forced to run."""
    path = command.write("record.json", readers.events() if kind == "events" else readers.state())
    ended = command("check", path, "--format", "json")

    assert ended.status == 0, ended.output
    assert ended.json()["results"] == []


UNREAD = {
    "no JSON": ("{", "not JSON"),
    "empty": ("", "empty"),
    "a resource's policy": (BUCKET, "policy of a resource"),
    "something else": ('{"a": 1}', "none of what is checked"),
    "a state without a deployment": ('{"version": 3, "deployment": null}', "no deployment"),
    "a state of another layout": ('{"version": 9, "deployment": {}}', "another version"),
    "a state of no resources": ('{"version": 3, "deployment": {"resources": [1]}}', "no URN"),
    "an interrupted update": (
        '{"version": 3, "deployment": {"resources": [], "pending_operations": [{}]}}',
        "interrupted",
    ),
    "a stream that breaks off": ('{"sequence": 0, "preludeEvent": {}}\n', "breaks off"),
    "a broken line": ('{"sequence": 0, "preludeEvent": {}}\n{"seq', "line 2"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_is_said_and_is_not_clean(command: Command, name: str) -> None:
    """A truncated upload that passes would vouch for what nobody has seen."""
    text, why = UNREAD[name]
    ended = command("check", command.write("given.json", text), "--format", "json")

    assert ended.status == 2
    assert why in ended.json()["couldNotRead"][0]["why"]
    assert "COULD NOT BE READ" in command("check", "given.json").output


def test_a_file_that_is_not_there_or_not_text_is_said(command: Command) -> None:
    """A misspelt path must not pass."""
    (command.folder / "binary.json").write_bytes(b"\xff\xfe\x00")
    ended = command("check", "misspelt.json", "binary.json", "--format", "json")

    assert ended.status == 2
    assert [each["path"] for each in ended.json()["couldNotRead"]] == ["misspelt.json", "binary.json"]


def test_a_folder_is_searched_to_its_bottom(command: Command) -> None:
    """What lies in a folder of a folder counts; other JSON is passed over and named; nothing is no answer."""
    command.write("policies/team/admin.json", ALLOW_ALL)
    command.write("policies/package.json", '{"name": "x"}')
    command.write("policies/.git/admin.json", ALLOW_ALL)
    ended = command("check", "policies", "--format", "json")

    assert [each["path"] for each in ended.json()["results"]] == ["policies/team/admin.json"]
    assert [each["path"] for each in ended.json()["notChecked"]] == ["policies/.git", "policies/package.json"]
    (command.folder / "empty").mkdir()
    assert command("check", "empty").status == 2
    command.write("others/package.json", '{"name": "x"}')
    assert command("check", "others").status == 2


def test_violations_are_told_beside_what_cannot_be_read(command: Command) -> None:
    """One broken file must hide nothing of the others."""
    ended = command("check", command.write("broken.json", "{"), command.write("admin.json", ALLOW_ALL))

    assert ended.status == 1
    assert "COULD NOT BE READ" in ended.output
    assert "[mandatory] no-root-level-access" in ended.output


def test_an_encrypted_policy_is_undecided(command: Command, secret_inline: Recorded) -> None:
    """What a state keeps secret was not seen, and so is not clean."""
    ended = command("check", command.write("state.json", secret_inline.state()), "--format", "json")

    assert ended.status == 2
    assert ("undecided", "advisory") in rules_told(ended)
    assert "AAAA" not in ended.output


def test_a_decrypted_policy_is_judged_and_not_shown(command: Command, secret_inline: Recorded) -> None:
    """`pulumi stack export --show-secrets` makes the check whole; a document's text stays out of it."""
    text = ALLOW_ALL.replace('"Statement"', '"Id": "hush-hush", "Statement"')
    secret_inline.inline = {**SECRET_MARK, "plaintext": json.dumps(text)}
    ended = command("check", command.write("state.json", secret_inline.state()), "--format", "json")

    assert rules_told(ended) == [("no-root-level-access", "mandatory")]
    assert "hush-hush" not in ended.output


def test_a_hidden_value_of_a_stream_is_undecided(command: Command, readers: Recorded) -> None:
    """Events never hold a secret."""
    readers.inline = "[secret]"
    ended = command("check", command.write("events.jsonl", readers.events()), "--format", "json")

    assert ended.status == 2
    assert ("undecided", "advisory") in rules_told(ended)


def test_what_the_pack_told_in_a_run_is_taken_over(command: Command, readers: Recorded) -> None:
    """In a run the pack sees dependencies that events do not have, so its word counts there."""
    told = {
        "policyEvent": {
            "resourceUrn": "urn:pulumi:dev::own::a:b:C::d",
            "message": f"{EVERY[0].description}\nit has all\n",
            "policyName": "no-root-level-access",
            "policyPackName": "identity-guard",
            "enforcementLevel": "mandatory",
        }
    }
    summary = {"policyAnalyzeStackSummaryEvent": {"policyPackName": "identity-guard"}}
    text = readers.events(told, summary, result="failed")
    ended = command("check", command.write("events.jsonl", text), "--format", "json")

    assert ended.status == 1
    (result,) = ended.json()["results"]
    assert (result["message"], result["urn"]) == ("it has all", "urn:pulumi:dev::own::a:b:C::d")


def test_a_failed_run_is_not_the_whole_stack(command: Command, readers: Recorded) -> None:
    """A program that crashed halfway showed the engine half of its resources."""
    path = command.write("events.jsonl", readers.events(result="failed"))

    assert command("check", path).status == 2


def test_what_is_deleted_or_only_read_is_not_judged(command: Command, readers: Recorded) -> None:
    """A state keeps what waits for its deletion, and what a program reads."""
    for mark in ("delete", "external"):
        administrator = {
            "urn": f"urn:pulumi:dev::own::aws:iam/role:Role::{mark}",
            "type": "aws:iam/role:Role",
            "inputs": {"name": mark, "managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
            mark: True,
        }
        readers.extra.append(administrator)

    assert command("check", command.write("state.json", readers.state())).status == 0


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "misspelt rule": ({"privilege-escalatoin": "mandatory"}, "did you mean `privilege-escalation`"),
    "misspelt property": ({"mfa-requirement": {"declred": {}}}, "unknown name `declred`"),
    "no level": ({"undecided": "mandatroy"}, "a level is one of"),
    "wrong type": ({"mfa-requirement": {"maxDaysAhead": "7"}}, "expected a number"),
    "no such choice": ({"mfa-requirement": {"declared": {"promptMode": "off"}}}, "expected one of"),
    "no account": ({"no-root-level-access": {"managementAccount": "12"}}, "managementAccount"),
    "exception": ({"no-public-trust": {"exceptions": [{"resource": "a*"}]}}, "exceptions"),
    "all with settings": ({"all": {"enforcementLevel": "advisory", "x": 1}}, "a level only"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_in_the_packs_configuration_is_told(command: Command, name: str) -> None:
    """The engine takes a misspelt name silently; whoever checks the file first learns of it."""
    given, said = MISTAKES[name]
    ended = command("check", command.write("config.json", given), "--format", "json")

    assert ended.status == 1
    assert any(said in each["message"] for each in ended.json()["results"]), ended.output
    judged_by = command("check", "--config", "config.json", command.write("a.json", READ))
    assert judged_by.status == 2
    assert said in judged_by.errors


def test_a_right_configuration_is_clean_and_is_judged_by(command: Command, readers: Recorded) -> None:
    """Levels and settings count as in a run."""
    config = command.write("config.json", {"no-root-level-access": "advisory"})
    ended = command("check", "--config", config, config, command.write("admin.json", ALLOW_ALL))

    assert ended.status == 0
    assert "[advisory] no-root-level-access" in ended.output
    off = command.write("off.json", {"all": "disabled"})
    assert command("check", "--config", off, "admin.json", "--format", "json").json()["results"] == []
    readers.mfa = "disabled"
    assert command("check", command.write("state.json", readers.state())).status == 1


def test_the_values_of_every_setting_can_be_checked() -> None:
    """A word of JSON Schema that the check does not know would let every value pass."""

    def words(schema: Any) -> set[str]:  # noqa: ANN401 - a JSON schema
        found = set(schema)
        for each in (schema.get("items"), *schema.get("properties", {}).values()):
            found |= words(each) if isinstance(each, dict) else set()
        return found

    assert {word for rule in EVERY for each in rule.settings for word in words(each.schema)} <= WORDS


def test_sarif_has_what_its_schema_requires(command: Command, administrators: Recorded) -> None:
    """A log that an uploader refuses shows nobody anything."""
    administrators.inline = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    state = command.write("a state.json", administrators.state())
    log = command("check", state, "missing.json", "--format", "sarif").json()

    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    assert len({each["id"] for each in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    for result in run["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "open" if result["level"] == "none" else "kind" not in result
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20state.json"
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert "could not be read" in notification["message"]["text"]


def test_sarif_rules_come_from_the_rules(command: Command) -> None:
    """Whoever reads the finding elsewhere gets the same remedy and references."""
    log = command("check", command.write("a.json", READ), "--format", "sarif").json()
    rules = {each["id"]: each for each in log["runs"][0]["tool"]["driver"]["rules"]}

    for rule in EVERY:
        assert rules[rule.name]["help"]["text"] == rule.remediation
        assert rules[rule.name]["helpUri"] == rule.url
        assert len(rules[rule.name]["properties"]["tags"]) == 1 + len(rule.references)


def test_a_rule_that_crashes_is_named_and_nothing_is_clean(
    command: Command, readers: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a rule did not finish looking at is not fine, and its error may quote a secret."""

    def crash(*_: object) -> None:
        raise LookupError("hush-hush")

    monkeypatch.setattr(type(EVERY[0].judge), "whole", crash)
    ended = command("check", command.write("state.json", readers.state()))

    assert ended.status == 2
    assert EVERY[0].name in ended.errors
    assert "hush-hush" not in ended.errors


def test_all_ways_to_more_access_are_listed_for_whoever_asks(command: Command) -> None:
    """A message names the worst three and says where the others are: here."""
    statement = {"Effect": "Allow", "Action": ["iam:*", "sts:*", "lambda:*"], "Resource": "*"}
    path = command.write("power.json", json.dumps({"Version": "2012-10-17", "Statement": statement}))
    short, long = command("check", path).output, command("check", "--all", path).output

    assert "identity-center check --all" in short
    assert "all: " not in short
    (found,) = [each for each in command("check", path, "--format", "json").json()["results"] if each["all"]]
    assert len(found["all"]) > 3
    assert all(f"all: {way}" in long for way in found["all"])


def test_ways_through_workloads_weigh_what_their_roles_give(command: Command) -> None:
    """Every open way is told, those through a running workload too; they refuse nothing."""
    statement = {
        "Effect": "Allow",
        "Action": ["ssm:SendCommand", "lambda:UpdateFunctionCode"],
        "Resource": "*",
    }
    path = command.write("operator.json", json.dumps({"Version": "2012-10-17", "Statement": statement}))
    plain, everything = command("check", path), command("check", "--all", path)

    assert (plain.status, everything.status) == (0, 0)
    assert "0 advised" in plain.output
    told = " ".join(everything.output.split())
    assert "can use the role of a workload that runs already, where there is one: 2 ways" in told
    assert "all: " in everything.output
