"""`identity-center explain` with the call's context and policies of organisation, resource and session."""

import json
from typing import Protocol

import pytest

from identity_center.model.organisation.organisation import PolicyKind
from tests.support.command import Command, Ended, Recorded, resource
from tests.support.organisation_snapshots import ACCOUNT, OTHER, allow, deny, document, limit, snapshot

BUCKET = "arn:aws:s3:::reports"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0000"


class Ask(Protocol):
    """Asks about the stack of readers."""

    def __call__(self, *arguments: str, form: str = "json") -> Ended:
        """Run `identity-center explain`."""


@pytest.fixture
def ask(command: Command, readers: Recorded) -> Ask:
    """Ask about ada, who holds the set Builders in one account."""

    def asked(*arguments: str, form: str = "json") -> Ended:
        path = command.write("state.json", readers.state())
        return command("explain", "--state", path, "--format", form, *arguments)

    return asked


ADA = ("--who", "ada", "--can")


def test_a_condition_is_answered_by_the_context_that_is_asked_for(ask: Ask, readers: Recorded) -> None:
    """Whoever reads "undecided" is told which key to give, and then gets the answer."""
    readers.inline = document(
        allow("sqs:SendMessage", Condition={"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "x"]}})
    )
    asked = (*ADA, "sqs:SendMessage", "--in", ACCOUNT)
    before = ask(*asked).json()

    assert (before["answer"], before["contextNeeded"]) == ("undecided", ["aws:RequestedRegion"])
    assert "--context aws:RequestedRegion=VALUE" in ask(*asked, form="human").output
    assert ask(*asked, "--context", "aws:requestedregion=eu-central-1").status == 0
    assert ask(*asked, "--context", "aws:RequestedRegion=us-east-1").status == 1
    assert ask(*asked, "--without-key", "aws:RequestedRegion").status == 1


def test_a_key_with_several_values_is_given_several_times(ask: Ask, readers: Recorded) -> None:
    """`aws:TagKeys` carries a list."""
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]}}
    readers.inline = document(allow("s3:PutBucketTagging", Condition=condition))
    asked = (*ADA, "s3:PutBucketTagging", "--on", BUCKET)

    assert ask(*asked, "--context", "aws:TagKeys=team", "aws:TagKeys=cost").status == 0
    assert ask(*asked, "--context", "aws:TagKeys=team", "aws:TagKeys=other").status == 1


def test_who_calls_is_known_without_being_asked(ask: Ask, readers: Recorded) -> None:
    """A permission set's account and organisation are in the record; nobody has to type them."""
    readers.inline = document(
        allow("sqs:SendMessage", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        allow("sqs:PurgeQueue", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-other"}}),
    )
    assert ask(*ADA, "sqs:SendMessage", "--in", ACCOUNT).status == 0
    assert ask(*ADA, "sqs:PurgeQueue", "--in", ACCOUNT).json()["contextNeeded"] == ["aws:PrincipalOrgID"]


def test_the_policies_of_every_unit_above_the_account_count(
    ask: Ask, command: Command, readers: Recorded
) -> None:
    """A yes by the permission set alone sends people into AccessDenied that an SCP of a unit says."""
    readers.inline = document(allow("sqs:*"))
    region = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
    name = snapshot(
        command,
        [
            limit(PolicyKind.SCP, "ou-ab12-work", "NoPurge", deny("sqs:PurgeQueue")),
            limit(PolicyKind.SCP, "r-ab12", "RegionLock", deny("sqs:*", Condition=region)),
        ],
    )
    asked = ("--in", "shop", "--organisation", name)
    purge = ask(*ADA, "sqs:PurgeQueue", *asked, "--context", "aws:RequestedRegion=eu-central-1").json()

    assert purge["answer"] == "no"
    assert "NoPurge" in purge["ways"][0]["why"][0]
    assert "unit /Workloads" in purge["ways"][0]["why"][0]
    assert purge["ways"][0]["accountName"] == "shop"
    assert ask(*ADA, "sqs:SendMessage", *asked).json()["contextNeeded"] == ["aws:RequestedRegion"]
    assert ask(*ADA, "sqs:SendMessage", *asked, "--context", "aws:RequestedRegion=eu-central-1").status == 0
    assert f"in account {ACCOUNT} (shop)" in ask(*ADA, "sqs:SendMessage", *asked, form="human").output


def test_a_unit_that_allows_less_takes_the_rest_away(ask: Ask, command: Command, readers: Recorded) -> None:
    """An SCP that lists what is allowed denies without a Deny; each level has to allow."""
    readers.inline = document(allow("sqs:*"))
    limits = [limit(PolicyKind.SCP, ACCOUNT, "OnlyEc2", allow("ec2:*"))]
    name = snapshot(command, [])
    full = json.loads((command.folder / name).read_text())
    attached = full["policies"]["attached"]
    for each in attached:
        each["targets"] = [t for t in each["targets"] if (t, each["kind"]) != (ACCOUNT, PolicyKind.SCP.value)]
    attached.append(
        {
            "id": "p-x",
            "name": "OnlyEc2",
            "kind": PolicyKind.SCP.value,
            "document": json.loads(limits[0].text),
            "targets": [ACCOUNT],
        }
    )
    command.write(name, full)
    found = ask(*ADA, "sqs:SendMessage", "--in", ACCOUNT, "--organisation", name).json()

    assert found["answer"] == "no"
    assert f"the service control policies of account {ACCOUNT} (shop)" in found["ways"][0]["why"][0]


def test_resource_control_policies_of_the_resources_account_count(
    ask: Ask, command: Command, readers: Recorded
) -> None:
    """They limit what may be done to the resource, whoever calls."""
    readers.inline = document(allow("s3:*"))
    name = snapshot(command, [limit(PolicyKind.RCP, ACCOUNT, "NoDelete", deny("s3:DeleteObject"))])
    asked = ("--on", f"{BUCKET}/x", "--organisation", name)

    found = ask(*ADA, "s3:DeleteObject", *asked).json()
    assert (found["answer"], "NoDelete" in found["ways"][0]["why"][0]) == ("no", True)
    assert ask(*ADA, "s3:GetObject", *asked).status == 0
    policy = command.write("bucket.json", document(allow("s3:*", Principal={"AWS": ACCOUNT})))
    elsewhere = ("--resource-account", "archive", "--resource-policy", policy)
    assert ask(*ADA, "s3:DeleteObject", *asked, *elsewhere).status == 0


def test_what_was_not_given_is_named_with_its_option(ask: Ask, command: Command, readers: Recorded) -> None:
    """Nobody takes an answer for more than it is; a snapshot without policies is told apart from none."""
    readers.inline = document(allow("sqs:*"))
    told = ask(*ADA, "sqs:SendMessage").json()["notLookedAt"]
    assert ["--organisation" in told[0], "--organisation" in told[1]] == [True, True]
    assert "--resource-policy" in told[2]
    assert "--session-policy" in told[3]
    without = ask(*ADA, "sqs:SendMessage", "--organisation", snapshot(command, None)).json()["notLookedAt"]
    assert "--with-policies" in without[0]
    with_all = ask(*ADA, "sqs:SendMessage", "--organisation", snapshot(command, [])).json()["notLookedAt"]
    assert [each for each in with_all if "control policies" in each] == []
    alien = resource(
        "aws:iam/user:User",
        "eve",
        {"name": "eve"},
        outputs={"name": "eve", "arn": "arn:aws:iam::999988887777:user/eve"},
    )
    readers.extra.append(alien)
    told = ask("--who", "eve", "--can", "s3:GetObject", "--organisation", snapshot(command, [])).json()
    assert "above account 999988887777" in str(told["notLookedAt"])


def test_a_key_and_another_accounts_bucket_need_their_own_policy(
    ask: Ask, command: Command, readers: Recorded
) -> None:
    """A yes that the resource's policy has not confirmed is none."""
    readers.inline = document(allow())
    for asked in (
        ("kms:Decrypt", "--on", KEY),
        ("kms:Decrypt",),
        ("s3:PutObject", "--on", f"{BUCKET}/x", "--resource-account", OTHER),
    ):
        found = ask(*ADA, *asked, "--in", ACCOUNT)
        assert (found.status, "has to allow" in found.json()["ways"][0]["why"][0]) == (2, True)
    key = command.write("key.json", document(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})))
    assert ask(*ADA, "kms:Decrypt", "--on", KEY, "--resource-policy", key).status == 0
    nobody = command.write("key.json", document(allow(Principal={"AWS": f"arn:aws:iam::{OTHER}:root"})))
    assert ask(*ADA, "kms:Decrypt", "--on", KEY, "--resource-policy", nobody).status == 1


def test_a_resource_policy_that_names_the_sets_role_is_about_it(ask: Ask, command: Command) -> None:
    """A set has one role in an account, whatever AWS drew for the end of its name."""
    for drawn, status in (("Builders_00aa11bb22cc33dd", 0), ("Others_00aa11bb22cc33dd", 1)):
        role = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{drawn}"
        policy = command.write("queue.json", document(allow("sqs:*", Principal={"AWS": role})))
        on = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:jobs"
        assert ask(*ADA, "sqs:PurgeQueue", "--on", on, "--resource-policy", policy).status == status


def test_a_session_policy_leaves_what_both_allow(ask: Ask, command: Command, readers: Recorded) -> None:
    """A broker that hands out narrower sessions is asked as it hands them out."""
    readers.inline = document(allow("sqs:*"))
    narrow = command.write("session.json", document(allow("sqs:SendMessage")))

    assert ask(*ADA, "sqs:SendMessage", "--session-policy", narrow).status == 0
    assert ask(*ADA, "sqs:PurgeQueue", "--session-policy", narrow).status == 1


def test_the_trust_of_a_role_in_the_stack_is_looked_at(ask: Ask, readers: Recorded) -> None:
    """Nobody has to give a file for what the record has."""
    readers.inline = document(allow("sts:AssumeRole"))
    arns = {name: f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("open", "closed")}
    for name, principal in (("open", {"AWS": ACCOUNT}), ("closed", {"Service": "ec2.amazonaws.com"})):
        trust = json.dumps(document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}))
        given = {"name": name, "assumeRolePolicy": trust}
        readers.extra.append(resource("aws:iam/role:Role", name, given, outputs={"arn": arns[name]}))
    answers = {name: ask(*ADA, "sts:AssumeRole", "--on", arn).status for name, arn in arns.items()}

    assert answers == {"open": 0, "closed": 1}
    elsewhere = f"arn:aws:iam::{ACCOUNT}:role/elsewhere"
    assert ask(*ADA, "sts:AssumeRole", "--on", elsewhere).status == 2


def test_what_only_aws_changes_is_told(ask: Ask, readers: Recorded) -> None:
    """A grant of iam:* attaches no policy to a role of Identity Center, and says so of any role."""
    readers.inline = document(allow("iam:*"))
    reserved = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_0123456789abcdef"
    found = ask(*ADA, "iam:AttachRolePolicy", "--on", reserved).json()

    assert (found["answer"], "only AWS" in found["ways"][0]["why"][0]) == ("no", True)
    anywhere = ask(*ADA, "iam:AttachRolePolicy").json()
    assert anywhere["answer"] == "yes"
    assert any("aws-reserved" in why for why in anywhere["ways"][0]["why"])
    assert ask(*ADA, "iam:CreatePolicyVersion", "--on", "arn:aws:iam::aws:policy/X").status == 1


def test_a_call_that_needs_no_leave_is_allowed_against_a_deny(ask: Ask, readers: Recorded) -> None:
    """sts:GetCallerIdentity answers everybody."""
    readers.inline = document(deny())
    assert ask(*ADA, "sts:GetCallerIdentity").status == 0


WRONG = {
    "both organisations": (("--organisation", "o.json", "--live"), "either --organisation or --live"),
    "a resource's policy without a resource": (("--resource-policy", "x.json"), "belongs to --on"),
    "no pair": (("--context", "eu-central-1"), "expected KEY=VALUE"),
    "given and absent": (
        ("--context", "aws:SourceIp=1.1.1.1", "--without-key", "aws:sourceip"),
        "contradict each other about aws:sourceip",
    ),
    "an account's name without an organisation": (("--in", "shop"), "its name with --organisation"),
    "no resource": (("--on", "one/key"), "`one/key` is no ARN"),
    "half an ARN": (("--on", "arn:aws:s3"), "is no ARN"),
    "another service's resource": (
        ("--on", "arn:aws:iam::444455556666:role/r"),
        "s3:GetObject is called on no resource of iam, but on such as arn:aws:s3:::",
    ),
    "another kind of resource of the same service": (
        ("--on", "arn:aws:s3:eu-west-1:444455556666:job/j"),
        "s3:GetObject is called on no resource such as arn:aws:s3:eu-west-1:444455556666:job/j, but on",
    ),
    "a bucket where an object is meant": (
        ("--on", "arn:aws:s3:::reports"),
        "s3:GetObject is called on no resource such as arn:aws:s3:::reports, but on such as arn:aws:s3:::",
    ),
    "no file": (("--session-policy", "none.json"), "none.json cannot be read"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_options_are_told(ask: Ask, name: str) -> None:
    """A question with a mistake is not answered as another question."""
    arguments, told = WRONG[name]
    ended = ask(*ADA, "s3:GetObject", *arguments)

    assert ended.status == 2
    assert told in ended.errors


def test_a_policy_that_iam_refuses_is_told_with_its_place(ask: Ask, command: Command) -> None:
    """A bucket policy without a principal lets nobody in, and nobody means it."""
    broken = command.write("bucket.json", document(allow()))
    ended = ask(*ADA, "s3:GetObject", "--on", f"{BUCKET}/x", "--resource-policy", broken)

    assert ended.status == 2
    assert "bucket.json: Statement[0]: expected one of `Principal`" in ended.errors


def test_an_account_that_the_organisation_does_not_have_is_told(ask: Ask, command: Command) -> None:
    """A name that is misspelt is no account without limits."""
    name = snapshot(command, [])
    ended = ask(*ADA, "s3:GetObject", "--in", "shopp", "--organisation", name)

    assert ended.status == 2
    assert "--in: no account is called `shopp`; did you mean `shop`?" in ended.errors
