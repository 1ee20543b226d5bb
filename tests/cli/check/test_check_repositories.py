"""`identity-center check` over whole repositories: much that is about nothing, and nothing lost among it."""

import json

import pytest

from tests.support.command import Command

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [READ]})


def _folder(command: Command, **files: str) -> None:
    for name, text in {"policy.json": POLICY, **files}.items():
        command.write(f"repository/{name}", text)


def test_many_files_about_nothing_are_one_line(command: Command) -> None:
    """Thousands of equal lines hide the one that matters; `--all` has them."""
    _folder(command, **{f"package-{number}.json": '{"name": "x"}' for number in range(30)})

    usual = command("check", "repository")
    every = command("check", "--all", "repository")

    assert usual.status == every.status == 0
    assert usual.output.count("holds none of what is checked\n") == 10
    assert "20 more files: not checked: it holds none of what is checked (`--all` lists them)" in usual.output
    assert every.output.count("holds none of what is checked\n") == 30
    assert usual.output.count("checked are: IAM policy document") == 1


@pytest.mark.parametrize(
    "text",
    ['{\n  // how we compile\n  "compilerOptions": {"strict": true,},\n}\n', '{"a": 1,}', "{{ mustache }}"],
)
def test_json_of_other_tools_that_is_none_stops_nobody(command: Command, text: str) -> None:
    """A `tsconfig.json` with comments is no reason to fail the check of a repository."""
    _folder(command, **{"tsconfig.json": text})

    ran = command("check", "repository")

    assert ran.status == 0, ran.output
    assert "tsconfig.json: not checked: it " in ran.output
    named = command("check", "repository/tsconfig.json")
    assert named.status == 2, "who names a file wants it read"


@pytest.mark.parametrize(
    "text",
    [
        POLICY[:-2],
        '{"version": 3, "deployment": {"resources": [',
        '{"planned_values": {"root_module": ',
        '{"AttachedPolicies": [{"x": ',
        '{"Arn": "arn:aws:iam::111122223333:role/x", ',
        '{"Resources": {"A": {"Type": "AWS::IAM::Role"',
    ],
)
def test_a_broken_file_about_access_could_not_be_read(command: Command, text: str) -> None:
    """Lose this, and a policy with a comma too many is passed over, and the pipeline is green."""
    _folder(command, **{"broken.json": text})

    ran = command("check", "repository")

    assert ran.status == 2
    assert "broken.json: COULD NOT BE READ" in ran.output


def test_statements_in_a_form_of_ones_own_are_told(command: Command) -> None:
    """Lose this, and a folder of guardrails in some tool's form looks as if it held nothing."""
    _folder(
        command,
        **{
            "guardrail.json": json.dumps({"Name": "x", "Policy": {"Rules": [READ]}}),
            "set.json": json.dumps(
                {"Name": "x", "Policies": {"Of": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
            ),
            "bucket.json": json.dumps({"Rules": [{"Statement": [READ | {"Principal": "*"}]}]}),
        },
    )

    output = command("check", "repository").output

    assert "guardrail.json: not checked: it holds statements or names of policies in a form" in output
    assert "set.json: not checked: it holds statements or names of policies in a form" in output
    assert "bucket.json: not checked: it holds none of what is checked" in output


def test_a_mistake_of_a_document_has_its_line(command: Command) -> None:
    """Who is told that IAM would refuse the document has to find the statement."""
    broken = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "nothing"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [READ, broken]}, indent=1)
    _folder(command, **{"broken.json": text})

    line = 1 + text.splitlines().index("  {", 5)
    assert f"broken.json:{line}: [mandatory]" in command("check", "repository").output


def test_a_template_is_told_in_words_of_templates(command: Command) -> None:
    """A file has no preview after which more is known."""
    group = (
        "Parameters: {Who: {Type: String}}\n"
        "Resources:\n"
        "  Own: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: x, Roles: [!Ref Who], "
        "PolicyDocument: {Statement: [{Effect: Allow, Action: 'iam:*', Resource: '*'}]}}}\n"
    )
    _folder(command, **{"stack.yaml": group})

    output = command("check", "repository").output

    assert "undecided: to which IAM role" in output
    assert "preview" not in output.partition("checked are")[0]


def test_an_empty_file_stops_nobody_who_did_not_name_it(command: Command) -> None:
    """Repositories have empty files; a pipeline that lost the text of a policy has to notice."""
    _folder(command, **{"empty.yaml": "", "empty.json": " \n"})

    ran = command("check", "repository")

    assert ran.status == 0
    assert "empty.yaml: not checked: it is empty" in ran.output
    assert command("check", "repository/empty.json").status == 2
