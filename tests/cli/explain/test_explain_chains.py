"""`identity-center explain`: who becomes whom, of a recorded stack or of authorization details."""

import json
from typing import Any, Final

import pytest

from identity_center.model.organisation.organisation import PolicyKind
from tests.support.command import Command, Recorded, resource
from tests.support.organisation_snapshots import ACCOUNT, OTHER, deny, limit, snapshot

HERE: Final = "arn:aws:iam::111122223333"


def text(action: str, on: str) -> str:
    """Write a policy of one Allow."""
    statement = {"Effect": "Allow", "Action": action, "Resource": on}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(who: str) -> str:
    """Write a trust policy."""
    statement = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user(name: str, **policy: str) -> list[dict[str, Any]]:
    """Record a user, with a policy where it has one."""
    own = resource("aws:iam/user:User", name, {"name": name}, outputs={"arn": f"{HERE}:user/{name}"})
    held = [
        resource("aws:iam/userPolicy:UserPolicy", f"{name}-{key}", {"user": name, "policy": value})
        for key, value in policy.items()
    ]
    return [own, *held]


@pytest.fixture
def place(command: Command) -> str:
    """Record a stack in which dev gets to the administrator through a role."""
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    middle = {
        "name": "middle",
        "assumeRolePolicy": trust(f"{HERE}:root"),
        "inlinePolicies": [{"name": "keys", "policy": text("iam:CreateAccessKey", f"{HERE}:user/boss")}],
    }
    made = [
        *user("boss"),
        resource(
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            "all",
            {"user": "boss", "policyArn": everything},
        ),
        *user("dev", own=text("sts:AssumeRole", f"{HERE}:role/middle")),
        *user("reader", own=text("s3:GetObject", "*")),
        *user("far", own=text("sts:AssumeRole", "arn:aws:iam::444455556666:role/elsewhere")),
        resource("aws:iam/role:Role", "middle", middle, outputs={"arn": f"{HERE}:role/middle"}),
    ]
    return command.write("state.json", Recorded([], extra=made).state())


def test_the_chain_of_one_user_is_shown_step_by_step(command: Command, place: str) -> None:
    """Before anybody tries it: each step, its call, and the statement that allows it."""
    ended = command("explain", "--state", place, "--who", "dev", "--becomes", "administrator")

    assert ended.status == 0
    assert ended.output.splitlines() == [
        "yes: dev becomes administrator",
        "  user `dev` -> root-level",
        (
            "    user `dev` becomes role `middle`: sts:AssumeRole on role/middle "
            "(by inline policy, Statement[0]; trust policy, Statement[0])"
        ),
        (
            "    role `middle` becomes user `boss`: iam:CreateAccessKey on user/boss "
            "(by inline policy `keys`, Statement[0])"
        ),
    ]


def test_who_does_not_become_one_is_told_so(command: Command, place: str) -> None:
    """A plain no has the exit status of a no."""
    ended = command("explain", "--state", place, "--who", "reader", "--becomes", "administrator")

    assert (ended.status, ended.output) == (1, "no: reader becomes administrator\n")


def test_a_role_of_elsewhere_leaves_it_open(command: Command, place: str) -> None:
    """Nothing is known of it but its name: that is no no."""
    ended = command("explain", "--state", place, "--who", "far", "--becomes", "administrator")

    assert ended.status == 2
    assert ended.output.startswith("undecided: far becomes administrator\n")
    assert "user `far` may call sts:AssumeRole on arn:aws:iam::444455556666:role/elsewhere" in ended.output


def test_everybody_who_becomes_one_in_an_account(command: Command, place: str) -> None:
    """For the account's owner, as a program reads it, with the context of each call."""
    asked = ("--who-becomes", "administrator", "--in", "111122223333", "--format", "json")
    found = command("explain", "--state", place, *asked).json()

    assert [each["name"] for each in found["already"]] == ["boss"]
    assert [each["source"]["name"] for each in found["chains"]] == ["dev", "middle"]
    assert [each["way"] for each in found["chains"][0]["steps"]] == ["assume-role", "create-key"]
    call = found["chains"][0]["steps"][1]["calls"][0]
    assert (call["action"], call["resource"]) == ("iam:CreateAccessKey", f"{HERE}:user/boss")
    assert call["context"]["aws:PrincipalArn"] == f"{HERE}:role/middle"


def test_in_another_account_nobody_does(command: Command, place: str) -> None:
    """The account is that of the administrator, not of who becomes one."""
    ended = command("explain", "--state", place, "--who-becomes", "administrator", "--in", "444455556666")

    assert ended.output.splitlines()[0] == "0 become administrator in account 444455556666"


def test_the_path_to_a_role_is_a_picture_too(command: Command, place: str) -> None:
    """Mermaid is drawn where people write their documentation."""
    asked = ("--who", "dev", "--path-to", "middle", "--format", "mermaid")
    ended = command("explain", "--state", place, *asked)

    assert ended.status == 0
    assert ended.output.splitlines() == [
        "flowchart LR",
        '  n0["user dev"]',
        '  n1["role middle"]',
        '  n0 -->|"sts:AssumeRole"| n1',
    ]


def test_the_authorization_details_of_an_account_are_read(command: Command) -> None:
    """For whoever has no stack yet."""
    details = {
        "UserDetailList": [
            {
                "UserName": "ann",
                "Arn": f"{HERE}:user/ann",
                "UserPolicyList": [
                    {
                        "PolicyName": "own",
                        "PolicyDocument": json.loads(text("iam:PutUserPolicy", f"{HERE}:user/ann")),
                    }
                ],
            }
        ],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
    }
    path = command.write("account.json", details)
    asked = ("--who", "ann", "--becomes", "administrator", "--format")
    ended = command("explain", "--authorization-details", path, *asked, "dot")

    assert ended.status == 0
    assert 'label="iam:PutUserPolicy"' in ended.output
    assert (
        ">iam:PutUserPolicy</text>"
        in command("explain", "--authorization-details", path, *asked, "svg").output
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--becomes", "administrator"), "--becomes administrator needs --who NAME"),
        (("--who", "dve", "--becomes", "administrator"), "did you mean `dev`?"),
        (("--who", "dev", "--who-becomes", "administrator"), "leave --who away"),
        (("--who", "dev", "--becomes", "administrator", "--path-to", "boss"), "ask one of"),
        (("--who", "dev", "--becomes", "administrator", "--can", "s3:GetObject"), "another question"),
        (("--who-becomes", "administrator", "--in", "12"), "12 digits"),
        (("--who", "dev", "--can", "s3:GetObject", "--format", "dot"), "pictures"),
        (("--who-becomes", "administrator", "--authorization-details", "a.json"), "give one of"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    command: Command, place: str, arguments: tuple[str, ...], says: str
) -> None:
    """A misspelt name is no clean bill."""
    ended = command("explain", "--state", place, *arguments)

    assert ended.status == 2
    assert says in ended.errors


@pytest.mark.parametrize("written", [[], {}, {"UserDetailList": [{}]}, "text"])
def test_a_file_that_is_no_answer_of_iam_is_named(command: Command, written: object) -> None:
    """What cannot be read is not fine."""
    path = command.write("account.json", written if isinstance(written, str) else json.dumps(written))
    ended = command("explain", "--authorization-details", path, "--who-becomes", "administrator")

    assert ended.status == 2
    assert "account.json" in ended.errors


def test_service_control_policies_take_steps_away(command: Command) -> None:
    """A chain that an SCP of the account forbids is none; one of another account forbids nothing."""
    here = f"arn:aws:iam::{ACCOUNT}"
    everything = {"user": "boss", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    keys = {"user": "dev", "policy": text("iam:CreateAccessKey", f"{here}:user/boss")}
    users = [
        resource("aws:iam/user:User", name, {"name": name}, outputs={"arn": f"{here}:user/{name}"})
        for name in ("boss", "dev")
    ]
    attached = resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", "all", everything)
    own = resource("aws:iam/userPolicy:UserPolicy", "keys", keys)
    place = command.write("state.json", Recorded([], extra=[*users, attached, own]).state())
    asked = ("explain", "--state", place, "--who", "dev", "--becomes", "administrator", "--organisation")

    for target, status in ((ACCOUNT, 1), ("ou-ab12-work", 1), (OTHER, 0)):
        limits = [limit(PolicyKind.SCP, target, "NoKeys", deny("iam:CreateAccessKey"))]
        assert command(*asked, snapshot(command, limits)).status == status


def test_who_makes_a_new_administrator_is_told_without_a_name(command: Command) -> None:
    """What is made has no ARN yet: none is invented, and nobody can ask for the way to it by name."""
    making = user("maker", own=text("iam:*", f"{HERE}:role/app-*"))
    place = command.write("state.json", Recorded([], extra=making).state())
    asked = ("explain", "--state", place)
    ended = command(*asked, "--who-becomes", "administrator", "--format", "json")
    (chain,) = json.loads(ended.output)["chains"]

    assert ended.status == 0
    assert chain["goal"] == {"kind": "new identity", "name": "", "arn": "", "account": "111122223333"}
    assert command(*asked, "--path-to", f"{HERE}:new").status == 2
