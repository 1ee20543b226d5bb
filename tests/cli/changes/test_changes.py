"""`identity-center changes`: who gains and loses what, of a preview, two models, commits or states."""

import copy
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import yaml
from markdown_it import MarkdownIt

from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center.model.plan.planned import REGION
from identity_center_cli.verbs.changes.markdown import LONGEST
from tests.cli.report.test_report import ACCOUNT, model
from tests.support.command import SET_ARN, Command, Json, resource

from .conftest import OTHER

MODEL_URN: Final = "identity-center:index:AccessModel$identity-center:index:PermissionSet$"


def test_two_models_are_compared_in_the_words_of_a_preview(command: Command, sides: tuple[str, str]) -> None:
    """Who reads the pull request decides by these sentences, long before anything runs."""
    ended = command("changes", "--before", sides[0], "--after", sides[1])

    assert ended.status == 0
    assert "S4 (1 person, 1 account): inline policy changed; " in ended.output
    assert "writes for the first time; gains s3:PutObject" in ended.output
    assert f"1 person gains S0 in 1 account through group readers: ada ({OTHER})" in ended.output
    assert f"1 person loses S0 in 1 account through group readers: bob ({ACCOUNT})" in ended.output


def test_the_same_model_twice_changes_nothing(command: Command, sides: tuple[str, str]) -> None:
    """A comment on each pull request that says something would be read by nobody."""
    ended = command("changes", "--before", sides[0], "--after", sides[0])

    assert "nobody gains or loses anything" in ended.output
    assert (
        "Nobody gains or loses access"
        in command("changes", "--before", sides[0], "--after", sides[0], "--format", "markdown").output
    )


def test_a_region_that_comes_or_goes_is_named(command: Command) -> None:
    """A line that is taken out shuts a door for everybody: the comment said that nobody loses anything."""
    before = command.write("before/all.yaml", "additionalRegions: [eu-west-1]\n")
    after = command.write("after/all.yaml", "additionalRegions: [eu-west-2]\n")
    urn = "urn:pulumi:dev::own::identity-center:index:AccessModel$identity-center:index:AdditionalRegions$"
    inputs = {"instanceArn": "arn:aws:sso:::instance/ssoins-1", "regionName": "eu-west-1"}
    made = {"urn": f"{urn}{REGION}::eu-west-1", "custom": True, "id": "missing ID", "type": REGION}
    state = command.write("state.json", {
        "version": 3, "deployment": {"resources": [{**made, "inputs": inputs, "outputs": inputs}]}
    })  # fmt: skip

    for old in (str(Path(before).parent), state):
        ended = command("changes", "--before", old, "--after", str(Path(after).parent))

        assert ended.status == 0, ended.errors
        assert "people can sign in at another Region (eu-west-2), once AWS has copied" in ended.output
        assert "nobody can sign in at eu-west-1 any more, nor use what is deployed there" in ended.output


def test_what_a_preview_wrote_is_said_as_the_preview_said_it(
    command: Command, sides: tuple[str, str]
) -> None:
    """The comment and the log of the same run must not differ in a word."""
    document = command("changes", "--before", sides[0], "--after", sides[1], "--format", "json").json()
    command.write("access-changes.json", document)

    again = command("changes", "--format", "json").json()
    said = command("changes").output

    assert again == document
    assert said == command("changes", "--before", sides[0], "--after", sides[1]).output


def test_a_pattern_that_is_gained_and_a_set_that_nobody_keeps_outlive_the_file(
    command: Command, sides: tuple[str, str]
) -> None:
    """What the preview knew of a set is not in its list of actions."""
    after = copy.deepcopy(model())
    after["permissionSets"]["s4"]["inlinePolicy"]["Statement"][0]["Action"] = ["s3:GetObject", "ec2:*Vpn*"]
    after["assignments"][0]["permissionSets"].remove("s4")
    later = str(Path(command.write("later/all.yaml", yaml.safe_dump(after))).parent)
    asked = ("changes", "--before", sides[0], "--after", later)
    command.write("access-changes.json", command(*asked, "--format", "json").json())

    said = command("changes").output

    assert said == command(*asked).output
    assert (
        "S4 (assigned to nobody any more): inline policy changed; writes for the first time; gains 4" in said
    )
    assert " actions of ec2:*Vpn*" in said


def test_accounts_are_called_as_the_snapshot_calls_them_that_the_model_names(
    command: Command, sides: tuple[str, str]
) -> None:
    """Two numbers of twelve digits tell a reviewer nothing, and the file that names them is in the model."""
    names = {"123456789012": "management", ACCOUNT: "shop", OTHER: "books"}
    accounts = [MemberAccount(number, name, AccountState.ACTIVE) for number, name in names.items()]
    snapshot = write_snapshot(Organisation.of("123456789012", accounts), datetime(2026, 11, 19, tzinfo=UTC))
    command.write("organisation.json", snapshot)
    command.write("Pulumi.yaml", "name: access\nruntime: python\n")
    for side in sides:
        command.write(f"{side}/organisation.yaml", "organisationSnapshot: organisation.json\n")

    said = command("changes", "--before", sides[0], "--after", sides[1]).output

    assert f"1 person gains S0 in 1 account through group readers: ada (books {OTHER})" in said
    assert f"S4 (1 person, shop {ACCOUNT}): inline policy changed; " in said


def test_two_commits_are_compared_without_touching_the_working_tree(
    command: Command, sides: tuple[str, str], tmp_path: Path
) -> None:
    """Reviewers have work of their own in the tree."""

    def git(*arguments: str) -> None:
        named = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 # git of the PATH

    git("init", "-q")
    (tmp_path / "access").mkdir()
    for side, message in zip(sides, ("first", "second"), strict=True):
        text = Path(tmp_path, side, "all.yaml").read_text(encoding="utf-8")
        (tmp_path / "access" / "all.yaml").write_text(text, encoding="utf-8")
        git("add", "access")
        git("commit", "-q", "-m", message)
    (tmp_path / "access" / "all.yaml").write_text("users: 3\n", encoding="utf-8")

    ended = command("changes", "--before", "HEAD~1:access", "--after", "HEAD:access")
    unknown = command("changes", "--before", "nowhere:access", "--after", "HEAD:access")

    assert f"1 person loses S0 in 1 account through group readers: bob ({ACCOUNT})" in ended.output
    assert (tmp_path / "access" / "all.yaml").read_text(encoding="utf-8") == "users: 3\n"
    assert unknown.status == 2
    assert "commit `nowhere` cannot be read" in unknown.errors


def state(members: list[str], policy: str, *, accounts: tuple[str, ...] = (ACCOUNT,)) -> Json:
    """Write the state of a stack of the model, as the engine names its resources."""
    inline = {"inlinePolicy": policy, "permissionSetArn": SET_ARN}
    role = {"principalRole": {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/Operator"}}
    made: list[tuple[str, str, Json]] = [
        ("aws:ssoadmin/permissionSet:PermissionSet", "s", {"name": "Reading", "sessionDuration": "PT1H"}),
        ("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "s", inline),
        ("aws:identitystore/group:Group", "readers", {"displayName": "Readers"}),
        *(("aws:identitystore/groupMembership:GroupMembership", f"readers/{each}", {}) for each in members),
        *(
            ("aws:ssoadmin/accountAssignment:AccountAssignment", f"s/group/{group}/{each}", {})
            for each in accounts
            for group in ("readers", "elsewhere")
        ),
        ("aws:ssoadmin/applicationAssignment:ApplicationAssignment", "wiki/group/readers", {}),
        (
            "aws:accountaccess/entitlement:Entitlement",
            f"{ACCOUNT}/Operator/user/ada",
            {"entitlement": role},
        ),
    ]
    resources = [resource(MODEL_URN + kind, name, held) for kind, name, held in made]
    return {"version": 3, "deployment": {"manifest": {}, "resources": resources}}


def test_two_states_are_compared_by_what_they_have(command: Command) -> None:
    """An auditor has two exports and no code."""
    statement = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:%s","Resource":"*"}]}'
    before = command.write("before.json", state(["ada", "bob"], statement % "GetObject"))
    after = command.write("after.json", state(["bob"], statement % "PutObject", accounts=(ACCOUNT, OTHER)))

    said = command("changes", "--before", before, "--after", after).output

    assert "Reading (1 person and whoever is in 1 group from elsewhere, 1 account)" in said
    assert "gains s3:PutObject; loses s3:GetObject" in said
    assert f"everybody in a group from elsewhere gains Reading in 1 account: elsewhere ({OTHER})" in said
    assert "1 person loses application wiki through group readers: ada" in said
    assert "role arn" not in said


def test_accounts_that_nobody_resolved_make_the_comparison_uncertain(command: Command) -> None:
    """`nobody gains` of accounts that were not looked at would be believed."""
    after = copy.deepcopy(model())
    after["assignments"].append({"group": "readers", "permissionSets": ["s0"], "accounts": ["shop"]})
    before = command.write("a/all.yaml", yaml.safe_dump(model()))
    later = command.write("b/all.yaml", yaml.safe_dump(after))

    ended = command("changes", "--before", str(Path(before).parent), "--after", str(Path(later).parent))

    assert "uncertain: the accounts of s0 for readers are not known (shop)" in ended.output


def test_the_comment_says_who_what_where_and_through_what(command: Command, sides: tuple[str, str]) -> None:
    """A reviewer reads the comment and not the log."""
    accounts = [
        MemberAccount(number, name, AccountState.ACTIVE)
        for number, name in (("123456789012", "management"), (ACCOUNT, "shop"), (OTHER, "books"))
    ]
    snapshot = write_snapshot(Organisation.of("123456789012", accounts), datetime(2026, 11, 19, tzinfo=UTC))
    named = command.write("organisation.json", snapshot)
    asked = ("changes", "--before", sides[0], "--after", sides[1], "--format", "markdown")
    text = command(*asked, "--organisation", named).output
    lines = text.splitlines()

    assert lines[0] == "<!-- identity-center changes of before _ after -->"
    assert "**1 person gains access, 1 person loses access, 1 permission set changes**" in text
    assert f"| gains | ada | S0 | books ({OTHER}) | group readers |" in lines
    assert f"| loses | bob | S0 | shop ({ACCOUNT}) | group readers |" in lines


HOSTILE: Final = (
    "<img src=x onerror=alert(1)> | @acme/admins #1 [x](https://evil.example) \u202egpj **b** -->"
)


def hostile(rows: int) -> Json:
    """Write what a preview wrote, with names that people chose badly."""
    one = {"change": "gains", "person": HOSTILE, "permissionSet": "s", "permissionSetName": HOSTILE}
    return {
        "stack": HOSTILE,
        "comparison": "uncertain",
        "problem": HOSTILE,
        "changes": [{**one, "accountId": f"{n:012}", "through": ["directly"]} for n in range(rows)],
        "replacedPermissionSets": [],
        "assignments": {"before": 0, "added": [], "removed": []},
        "permissions": [],
        "other": [HOSTILE],
        "accountNames": {"000000000000": HOSTILE},
    }


def test_names_are_shown_as_they_are_and_call_nobody(command: Command) -> None:
    """A name with HTML would be markup in the comment, and `@admins` a message to everybody in it."""
    command.write("access-changes.json", hostile(1))

    text = command("changes", "--format", "markdown").output
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(text)

    assert text.partition("\n")[0].count("-->") == 1
    assert "<img" not in shown
    assert "<a " not in shown
    assert "<strong>b" not in shown
    assert "@acme" not in shown
    assert "#1 " not in shown
    assert "\u202e" not in text
    assert "U+202E" in text
    assert shown.count("<td>") == 5


def test_a_long_comment_is_cut_with_a_count_where_forges_refuse_it(command: Command) -> None:
    """A comment that is refused for its length is a pull request without one."""
    command.write("access-changes.json", hostile(2000))

    text = command("changes", "--format", "markdown").output

    assert len(text) < LONGEST + 1000
    assert "more; all of it is in access-changes.json" in text
    assert text.rstrip().endswith("</details>")


def test_sarif_has_a_result_for_each_change_with_a_name_of_its_own(
    command: Command, sides: tuple[str, str]
) -> None:
    """An uploader refuses a log without places, and closes and opens results that it does not know again."""
    log = command("changes", "--before", sides[0], "--after", sides[1], "--format", "sarif").json()

    (run,) = log["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    prints = [each["partialFingerprints"]["change/v1"] for each in run["results"]]
    assert log["version"] == "2.1.0"
    assert {each["ruleId"] for each in run["results"]} == {
        "access-gained",
        "access-lost",
        "permissions-changed",
    }
    assert len(set(prints)) == len(prints) > 10
    for each in run["results"]:
        assert rules[each["ruleIndex"]] == each["ruleId"]
        assert each["message"]["text"]
        assert each["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
        assert each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is not JSON"),
        ("[]", "is not what a preview of this version writes"),
        ("{}", "is not what a preview of this version writes"),
        ('{"stack": "s", "comparison": "compared", "changes": [{}]}', "is not what a preview"),
        (
            '{"version": 3, "deployment": {}}',
            "it is what `pulumi stack export` printed); two models, commits",
        ),
    ],
)
def test_a_file_of_something_else_is_refused_in_one_line(command: Command, text: str, says: str) -> None:
    """Taken for no changes, it would be a comment that says that nobody gains anything."""
    command.write("access-changes.json", text)

    ended = command("changes")

    assert ended.status == 2
    assert says in ended.errors
    assert len(ended.errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "access-changes.json is not there: a preview writes it"),
        (("--before", "x"), "--before and --after belong together"),
        (("--before", "x", "--after", "y"), "x cannot be read"),
    ],
)
def test_a_question_without_an_answer_says_what_is_missing(
    command: Command, options: tuple[str, ...], says: str
) -> None:
    """Nothing to compare is not nothing that changes."""
    ended = command("changes", *options)

    assert ended.status == 2
    assert says in ended.errors


def test_a_run_that_was_not_compared_says_so_and_is_no_success(command: Command) -> None:
    """A job that goes on after `nobody knows` merges what nobody looked at."""
    unknown = {"stack": "prod", "comparison": "not-compared", "problem": "the last update kept no model"}
    command.write("access-changes.json", unknown)

    ended = command("changes", "--format", "markdown")

    assert ended.status == 2
    assert "> Nobody knows who gains or loses access: the last update kept no model." in ended.output
    assert "Nobody gains" not in ended.output
