"""`identity-center check` over the forms in which people have access: places, folders, what is not read."""

import json
from typing import Any

import pytest

from tests.support.command import Command, Recorded, resource

ALL: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
    ],
}
YAML_DOCUMENT = """Version: 2012-10-17
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: '*'
  - Effect: Allow
    Action: '*'
    Resource: '*'
"""
TEMPLATE = """Resources:
  Other:
    Type: AWS::S3::Bucket
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']
"""
FORMS = {
    "policy.yaml": (YAML_DOCUMENT, 6, None),
    "policy.json": (json.dumps(ALL, indent=1), 9, None),
    "stack.template": (TEMPLATE, 4, "Deploy"),
    "list.json": (json.dumps([{"Statement": ALL["Statement"][:1]}, ALL], indent=1), 19, None),
    "role.json": (
        json.dumps({"RoleName": "r", "PolicyName": "p", "PolicyDocument": ALL}, indent=1),
        4,
        "role r",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_finding_has_file_line_and_name(command: Command, name: str) -> None:
    """Who is refused has to find the place without reading the whole file."""
    text, line, called = FORMS[name]
    ended = command("check", command.write(name, text), "--format", "json")

    assert ended.status == 1
    (result,) = [each for each in ended.json()["results"] if each["rule"] == "no-root-level-access"]
    assert (result["path"], result["line"], result["name"]) == (name, line, called)
    assert f"{name}:{line}: [mandatory]" in command("check", name).output


def test_github_shows_findings_beside_the_line(command: Command) -> None:
    """In a pull request a finding stands where it belongs, and so does what nobody looked at."""
    command.write("all/stack.yaml", TEMPLATE)
    command.write("all/main.tf", 'resource "aws_iam_role" "x" {}')
    lines = command("check", "all", "--format", "github").output.splitlines()

    assert lines[0].startswith(
        "::error file=all/stack.yaml,line=4,title=no-root-level-access::Deploy: IAM role"
    )
    assert lines[-1].startswith("::notice::all/main.tf: not checked: Terraform's language is not read")


def test_sarif_names_the_logical_id(command: Command) -> None:
    """A system that shows many tools' findings can group them by what they are about."""
    ended = command("check", command.write("stack.yaml", TEMPLATE), "--format", "sarif")
    (location,) = ended.json()["runs"][0]["results"][0]["locations"]

    assert location["logicalLocations"][0]["fullyQualifiedName"] == "Deploy"
    assert location["physicalLocation"]["region"]["startLine"] == 4


def test_a_preview_is_judged_as_the_stack_that_it_leaves(command: Command, administrators: Recorded) -> None:
    """A preview that was saved can be checked later, by others, without the program."""
    steps = [
        {"op": "create", "urn": each["urn"], "newState": each}
        for each in administrators.state()["deployment"]["resources"]
    ]
    kept = {"steps": steps, "changeSummary": {"create": len(steps)}}
    gone = {**kept, "steps": [{**each, "op": "delete", "oldState": each["newState"]} for each in steps]}
    ended = command("check", command.write("preview.json", kept), "--format", "json")

    assert [each["rule"] for each in ended.json()["results"]] == ["no-root-level-access"]
    assert command("check", command.write("gone.json", gone)).status == 0


def test_nothing_of_a_folder_is_passed_over_in_silence(command: Command) -> None:
    """A file that nobody looked at is listed with the reason: a typing error in its end must not hide it."""
    command.write("all/policy.yml", YAML_DOCUMENT)
    command.write("all/notes.md", "x")
    command.write("all/plan.tfplan", "x")
    command.write("all/.terraform/x.json", json.dumps(ALL))
    command.write("all/values.yaml", "a: 1\n---\nb: 2\n")
    command.write("all/bucket.json", json.dumps({"Statement": [{**ALL["Statement"][0], "Principal": "*"}]}))
    told = {
        each["path"]: each["why"] for each in command("check", "all", "--format", "json").json()["notChecked"]
    }

    assert told.keys() == {"all", "all/plan.tfplan", "all/.terraform", "all/values.yaml", "all/bucket.json"}
    assert "1 of .md" in told["all"]


def test_a_broken_yaml_about_access_could_not_be_read(command: Command) -> None:
    """A policy with a typing error is no file of another kind."""
    command.write("all/policy.yaml", "Version: 2012-10-17\nStatement:\n  - Effect: Allow\n   Action: '*'\n")
    ended = command("check", "all", "--format", "json")

    assert ended.status == 2
    assert "line 4" in ended.json()["couldNotRead"][0]["why"]


def test_a_model_in_a_folder_is_validated(command: Command) -> None:
    """A repository has its model beside its templates: one command checks both."""
    command.write(
        "all/access/sets.yaml", "permissionSets:\n  admins:\n    managedPolicies: [Administrator]\n"
    )
    command.write("all/stack.yaml", TEMPLATE)
    ended = command("check", "all", "--format", "json").json()

    assert {each["rule"] for each in ended["results"]} == {"access-model", "no-root-level-access"}
    assert {each["kind"] for each in ended["read"]} == {"access model", "CloudFormation template"}


def test_what_a_shell_of_windows_writes_is_read(command: Command) -> None:
    """Its redirection writes UTF-16: a policy must not be taken for a binary file."""
    (command.folder / "policy.json").write_bytes(json.dumps(ALL).encode("utf-16"))

    assert command("check", "policy.json").status == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x00\x01\x02\xff", "not UTF-8"),
        (b"PK\x03\x04\x00", "control character"),
        (b'{"Statement": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "none of what is checked"),
        (b'{"Statement": [{"Effect": "Allow"', "line 1"),
        (b"Statement: &a [*a]", "within what it stands for"),
    ],
)
def test_bad_input_ends_with_a_reason(command: Command, content: bytes, why: str) -> None:
    """No file may end the command, or be called clean because nobody could read it."""
    (command.folder / "given.json").write_bytes(content)
    ended = command("check", "given.json", "--format", "json")

    assert ended.status == 2
    assert why in ended.json()["couldNotRead"][0]["why"]


def test_a_boundary_given_as_a_grant_is_told_how_to_give_it(command: Command) -> None:
    """Whoever checks a folder of boundaries is told that all are root-level, and what to do about it."""
    ended = command("check", command.write("boundary.json", json.dumps(ALL)))

    assert "if it is a boundary or an SCP, which grants nothing:" in ended.output
    assert "identity-center check --as limit boundary.json" in ended.output, "whole, to be copied"


def test_a_policy_of_the_organisation_grants_nothing(command: Command) -> None:
    """What `aws organizations describe-policy` prints is an SCP: full access there is AWS's own default."""
    summary = {"Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY"}
    answer = {"Policy": {"PolicySummary": summary, "Content": json.dumps(ALL)}}
    broken = {"Policy": {"PolicySummary": summary, "Content": "{"}}

    assert command("check", command.write("scp.json", answer)).status == 0
    assert command("check", command.write("broken.json", broken)).status == 1


def test_a_permission_set_of_a_template_asks_for_no_declaration_of_mfa(command: Command) -> None:
    """A template cannot declare it: told as not looked at, unless the configuration declares it."""
    text = "Resources: {S: {Type: AWS::SSO::PermissionSet, Properties: {Name: s}}}"
    ended = command("check", command.write("stack.yaml", text), "--format", "json")

    assert ended.status == 0
    assert "whether people sign in with MFA" in ended.json()["notChecked"][0]["why"]


def test_the_template_in_a_state_is_read(command: Command) -> None:
    """The pack says that it reads no templates, and names this command: it has to read them."""
    made = resource("aws:cloudformation/stack:Stack", "inner", {"name": "inner", "templateBody": TEMPLATE})
    state = {"version": 3, "deployment": {"resources": [made]}}
    ended = command("check", command.write("state.json", state), "--format", "json")

    assert [(each["rule"], each["name"]) for each in ended.json()["results"]] == [
        ("no-root-level-access", "inner")
    ]


OF_A_USER = {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (
            "aws:cloudcontrol/resource:Resource",
            {"typeName": "AWS::IAM::User", "desiredState": json.dumps(OF_A_USER)},
        ),
        ("aws-native:index:ExtensionResource", {"type": "AWS::IAM::User", "properties": OF_A_USER}),
        (
            "aws-native:cloudformation:Stack",
            {"templateBody": {"Resources": {"U": {"Type": "AWS::IAM::User", "Properties": OF_A_USER}}}},
        ),
    ],
)
def test_what_cloud_control_makes_is_read(command: Command, token: str, inputs: dict[str, Any]) -> None:
    """The pack says that it does not see it, and names this command: it has to read it."""
    state = {"version": 3, "deployment": {"resources": [resource(token, "inner", inputs)]}}
    ended = command("check", command.write("state.json", state), "--format", "json")

    assert [each["rule"] for each in ended.json()["results"]] == ["no-root-level-access"]


READ_ONLY: dict[str, Any] = {**ALL, "Statement": ALL["Statement"][:1]}


@pytest.mark.parametrize("indent", [None, 1])
def test_one_value_after_another_is_read(command: Command, indent: int | None) -> None:
    """A loop of `aws iam get-policy-version` prints so: the second policy counts as the first does."""
    text = "\n".join(json.dumps(each, indent=indent) for each in (READ_ONLY, ALL))
    ended = command("check", command.write("all.jsonl", text), "--format", "json")

    assert ended.status == 1
    found = [each["line"] for each in ended.json()["results"] if each["rule"] == "no-root-level-access"]
    assert found == [2 if indent is None else text.count("\n", 0, text.index('"Action": "*"')) - 1]


def test_links_ends_in_capitals_and_files_that_quote_policies_are_told(command: Command) -> None:
    """A folder must not look clean because of how its files are called or where they lie."""
    command.write("elsewhere/policy.json", json.dumps(ALL))
    command.write("all/POLICY.JSON", json.dumps(ALL))
    command.write("all/trust", json.dumps(ALL))
    (command.folder / "all" / "link").symlink_to(command.folder / "elsewhere")
    (command.folder / "all" / "again").symlink_to(command.folder / "all")
    ended = command("check", "all", "--format", "json")

    assert [each["path"] for each in ended.json()["read"]] == ["all/POLICY.JSON"]
    assert [each["path"] for each in ended.json()["notChecked"]] == ["all/again", "all/link", "all/trust"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ({"steps": [], "changeSummary": {}, "diagnostics": [{"severity": "error"}]}, "ended with an error"),
        ({"format_version": "1.2", "planned_values": {}, "errored": True}, "ended with an error"),
        ({"format_version": "1.2", "planned_values": {}, "complete": False}, "to a later run"),
        ("AWSTemplateFormatVersion: x\nResources: {R: {Fn::Transform: {}}}", "`Fn::Transform` brings it"),
    ],
)
def test_a_file_that_does_not_show_everything_is_undecided(
    command: Command, text: str | dict[str, Any], why: str
) -> None:
    """A plan that stopped half-way is not one in which nothing was found."""
    ended = command("check", command.write("it.json", text), "--format", "json")

    assert ended.status == 2
    assert [(each["undecided"], why in each["message"]) for each in ended.json()["results"]] == [(True, True)]


@pytest.mark.parametrize(
    "broken",
    [
        {"root_module": {"resources": "x", "child_modules": 5}},
        {"root_module": {"resources": 3}},
    ],
)
def test_a_broken_plan_is_told_in_words(command: Command, broken: dict[str, Any]) -> None:
    """A file that says it is a plan and is none ends with a sentence, and not with a traceback."""
    plan = {"format_version": "1.2", "planned_values": broken, "resource_changes": 7}
    ended = command("check", command.write("plan.json", plan), "--format", "json")

    assert ended.status == 2
    assert "looks like a plan" in ended.json()["couldNotRead"][0]["why"]
