"""`identity-center explain`: yes or no and through what, by a recorded state alone."""

import json
from typing import Any, Protocol

import pytest

from tests.support.command import Command, Ended, Recorded

ACCOUNT = "444444444444"


class Ask(Protocol):
    """Asks about the stack of readers."""

    def __call__(self, *arguments: str) -> Ended:
        """Run `identity-center explain`."""


def statement(effect: str, action: str, resource: str, **more: object) -> dict[str, Any]:
    """Write a document of one statement."""
    made = {"Sid": "Only", "Effect": effect, "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": made}


@pytest.fixture
def ask(command: Command, readers: Recorded) -> Ask:
    """Ask about the stack of readers, and return what was answered."""

    def asked(*arguments: str) -> Ended:
        path = command.write("state.json", readers.state())
        return command("explain", "--state", path, "--format", "json", *arguments)

    return asked


def test_a_yes_names_every_link_of_the_chain(ask: Ask) -> None:
    """Before anyone signs in it is known through which group, assignment, set, document and statement."""
    ended = ask("--who", "ada", "--can", "s3:GetObject", "--in", ACCOUNT)

    assert ended.status == 0
    (way,) = ended.json()["ways"]
    assert (way["person"], way["through"]) == ("ada", "group Developers")
    assert way["holds"] == "permission set Builders"
    assert (way["assignment"], way["account"]) == ("AccountAssignment `devs-builders`", ACCOUNT)
    assert way["statements"][0]["document"] == "ReadOnlyAccess"
    assert way["statements"][0]["statement"] == "ReadOnlyActionsGroup2"
    assert "builders-managed" in way["statements"][0]["through"]


def test_the_same_is_said_to_people(command: Command, readers: Recorded) -> None:
    """And from standard input, as `pulumi stack export` pipes it."""
    given = json.dumps(readers.state())
    ended = command("explain", "--who", "ada", "--can", "s3:GetObject", "--in", ACCOUNT, given=given)

    assert ended.status == 0
    assert ended.output.startswith("yes: ada, s3:GetObject on some resource in account 444444444444\n")
    assert "group Developers" in ended.output
    assert "by ReadOnlyAccess, ReadOnlyActionsGroup2" in ended.output
    assert "service control policies" in ended.output


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("--can", "s3:PutObject", "--in", ACCOUNT), "not allowed by any statement"),
        (("--can", "s3:GetObject", "--in", "555555555555"), "only in 444444444444"),
    ],
)
def test_a_no_says_what_is_missing(ask: Ask, arguments: tuple[str, ...], missing: str) -> None:
    """Whoever lacks access learns which link to add."""
    ended = ask("--who", "ada", *arguments)
    found = ended.json()

    assert (ended.status, found["answer"]) == (1, "no")
    assert missing in str([*found["missing"], *(way["why"] for way in found["ways"])])


def test_a_boundary_that_withholds_it_is_named(ask: Ask, readers: Recorded) -> None:
    """Whoever reads "a boundary or an SCP" looks in two places."""
    inputs = {
        "permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111",
        "permissionsBoundary": {"managedPolicyArn": "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"},
    }
    token = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"
    urn = f"urn:pulumi:dev::own::{token}::builders"
    readers.extra.append({"urn": urn, "type": token, "inputs": inputs, "outputs": inputs})

    found = ask("--who", "ada", "--can", "s3:GetObject", "--in", ACCOUNT).json()

    assert found["answer"] == "no"
    assert found["ways"][0]["why"] == [
        (
            "allowed by the identity's policies, but not by its boundary AmazonEC2ReadOnlyAccess "
            "(PermissionsBoundaryAttachment `builders`)"
        )
    ]


def test_whoever_is_in_no_group_is_told_so(ask: Ask, readers: Recorded) -> None:
    """The most common missing link."""
    readers.extra.append(
        {
            "urn": "urn:pulumi:dev::own::aws:identitystore/user:User::bob",
            "type": "aws:identitystore/user:User",
            "inputs": {"userName": "bob"},
            "outputs": {"userName": "bob", "userId": "u-2"},
        }
    )
    found = ask("--who", "bob", "--can", "s3:GetObject").json()

    assert found["answer"] == "no"
    assert found["missing"][0] == "bob is in no group of this stack"


DOCUMENTS = {
    "one bucket": (statement("Allow", "s3:PutObject", "arn:aws:s3:::one/*"), (), "yes", "arn:aws:s3:::one/*"),
    "that bucket": (
        statement("Allow", "s3:PutObject", "arn:aws:s3:::one/*"),
        ("--on", "arn:aws:s3:::one/key"),
        "yes",
        "arn:aws:s3:::one/key",
    ),
    "another bucket": (
        statement("Allow", "s3:PutObject", "arn:aws:s3:::one/*"),
        ("--on", "arn:aws:s3:::two/key"),
        "no",
        "not allowed by any statement",
    ),
    "a condition of which nothing is known": (
        statement("Allow", "s3:PutObject", "*", Condition={"StringEquals": {"aws:RequestedRegion": "x"}}),
        (),
        "undecided",
        "condition cannot be decided",
    ),
    "MFA, which no session of Identity Center has": (
        statement("Allow", "s3:PutObject", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        (),
        "no",
        "not allowed by any statement",
    ),
    "a policy variable": (
        statement("Allow", "s3:PutObject", "arn:aws:s3:::one/${aws:PrincipalTag/team}"),
        ("--on", "arn:aws:s3:::one/ada"),
        "undecided",
        "without aws:PrincipalTag/team",
    ),
    "a policy variable, and any resource": (
        statement("Allow", "s3:PutObject", "arn:aws:s3:::one/${aws:PrincipalTag/team}"),
        (),
        "undecided",
        "without aws:PrincipalTag/team",
    ),
    "a variable that no session of Identity Center has": (
        statement("Allow", "s3:PutObject", "arn:aws:s3:::one/${aws:username}"),
        ("--on", "arn:aws:s3:::one/ada"),
        "no",
        "not allowed by any statement",
    ),
    "no document": ({"Statement": [{}]}, (), "undecided", "cannot be read"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_answer_is_the_documents(ask: Ask, readers: Recorded, name: str) -> None:
    """What only a signed-in person could tell is undecided, never yes and never no."""
    document, arguments, answer, said = DOCUMENTS[name]
    readers.inline = document
    found = ask("--who", "ada", "--can", "s3:PutObject", *arguments).json()

    assert found["answer"] == answer
    assert said in str(found["ways"])


def test_a_deny_is_named(ask: Ask, readers: Recorded) -> None:
    """A Deny of everything is a no with its statement, a Deny of a part is told beside the yes."""
    readers.inline = statement("Deny", "s3:*", "*")
    found = ask("--who", "ada", "--can", "s3:GetObject").json()
    assert found["answer"] == "no"
    assert found["ways"][0]["statements"][0]["statement"] == "Only"

    readers.inline = statement("Deny", "s3:*", "arn:aws:s3:::secret/*")
    found = ask("--who", "ada", "--can", "s3:GetObject").json()
    assert found["answer"] == "yes"
    assert "not on arn:aws:s3:::secret/*" in found["ways"][0]["why"][0]


def test_a_policy_that_is_not_at_hand_leaves_it_undecided(ask: Ask, readers: Recorded) -> None:
    """It may allow it, and it may deny it."""
    readers.managed.append("NotInAnySnapshotOfAws")

    assert ask("--who", "ada", "--can", "s3:PutObject").status == 2


def test_members_out_of_sight_leave_a_no_undecided(ask: Ask, readers: Recorded) -> None:
    """A group of elsewhere may have anybody in it."""
    (assignment,) = [each for each in readers.state()["deployment"]["resources"] if "Account" in each["type"]]
    inputs = {**assignment["inputs"], "principalId": "g-elsewhere", "targetId": "666666666666"}
    readers.extra.append({**assignment, "urn": assignment["urn"] + "-2", "inputs": inputs, "outputs": inputs})

    found = ask("--who", "ada", "--can", "s3:GetObject", "--in", "666666666666")
    assert found.status == 2
    assert "g-elsewhere" in str(found.json()["notKnown"])
    assert ask("--who-can", "s3:GetObject", "--in", "666666666666").status == 2
    assert ask("--who", "ada", "--can", "s3:PutObject", "--in", "666666666666").status == 1


def test_everybody_who_can_is_named(ask: Ask) -> None:
    """The other way round, for one account."""
    ended = ask("--who-can", "s3:GetObject", "--in", ACCOUNT)

    assert ended.status == 0
    assert [way["person"] for way in ended.json()["ways"] if way["answer"] == "yes"] == ["ada"]
    assert ask("--who-can", "s3:GetObject", "--in", "555555555555").status == 1
    assert ask("--who-can", "s3:PutObject", "--in", ACCOUNT).status == 1


def test_an_iam_role_is_asked_by_its_name(ask: Ask, readers: Recorded) -> None:
    """Not everybody is a person of Identity Center."""
    inputs = {"name": "ci", "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
    readers.extra.append(
        {
            "urn": "urn:pulumi:dev::own::aws:iam/role:Role::ci",
            "type": "aws:iam/role:Role",
            "inputs": inputs,
            "outputs": {**inputs, "arn": f"arn:aws:iam::{ACCOUNT}:role/ci"},
        }
    )

    assert ask("--who", "ci", "--can", "s3:GetObject", "--in", ACCOUNT).status == 0
    assert ask("--who", "ci", "--can", "s3:GetObject", "--in", "555555555555").status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--who", "adda", "--can", "s3:GetObject"), "did you mean `ada`?"),
        (("--who", "ada", "--can", "s3:*"), "no single action"),
        (
            ("--who", "ada", "--can", "s3:GetObjekt"),
            "no action `s3:GetObjekt` is known; did you mean `s3:GetObject`?",
        ),
        (("--who-can", "s33:GetObjekt", "--in", ACCOUNT), "did you mean `s3:GetObject`?"),
        (
            ("--who", "ada", "--can", "cloudwatchlogs:CreateLogGroup"),
            "did you mean `logs:CreateLogGroup`?",
        ),
        (
            ("--who", "ada", "--can", "s3:FryAnEgg"),
            "no action `s3:FryAnEgg` is known; is it spelt as AWS does?",
        ),
        (("--who", "ada"), "belong together"),
        (("--who-can", "s3:GetObject"), "needs --in"),
        (("--who", "ada", "--can", "s3:GetObject", "--in", "dev"), "12 digits"),
    ],
)
def test_a_question_without_an_answer_is_refused(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    """A misspelt name must not read as `no`."""
    ended = ask(*arguments)

    assert ended.status == 2
    assert said in ended.errors


def test_a_state_that_cannot_be_read_answers_nothing(command: Command) -> None:
    """Neither yes nor no."""
    for given in ("{", "[]", '{"version": 3}'):
        assert command("explain", "--who", "a", "--can", "s3:GetObject", given=given).status == 2
