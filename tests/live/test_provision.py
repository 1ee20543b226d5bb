"""`identity-center provision`: accounts with an older form of a permission set are brought up to date."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from identity_center_cli.aws.outdated_sets import OutdatedReader
from identity_center_cli.aws.provisioning import Outcome, Provisioner
from identity_center_cli.main import main
from sandbox import pace
from sandbox.aws.accounts.surroundings import ANY_POLICY, Surroundings
from tests.support import calls_of_a_key
from tests.support.aws_in_process import Stages

MANAGEMENT, SHOP, DATA = "123456789012", "444444444444", "222222222222"
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"


class Instance:
    """Two permission sets, the first in two accounts, the second in one."""

    def __init__(self, made: Surroundings) -> None:
        """Make them, up to date."""
        self.made = made
        self.group = made.group("Engineers")
        self.sets = {name: made.permission_set(name) for name in ("Deploying", "Reading")}
        for name, account in (("Deploying", MANAGEMENT), ("Deploying", SHOP), ("Reading", SHOP)):
            made.assign(self.sets[name], self.group, account)

    def change(self, name: str) -> None:
        """Change a set as a run does whose provisioning was never asked for."""
        self.made.sso.attach_managed_policy_to_permission_set(
            **self.made.of_set(self.sets[name]), ManagedPolicyArn=READ
        )

    def need(self, policy: str, *accounts: str) -> None:
        """Let the set Deploying have a policy that only some accounts have."""
        for account in accounts:
            self.made.in_account("iam", account).create_policy(PolicyName=policy, PolicyDocument=ANY_POLICY)
        self.made.sso.attach_customer_managed_policy_reference_to_permission_set(
            **self.made.of_set(self.sets["Deploying"]), CustomerManagedPolicyReference={"Name": policy}
        )

    def outdated(self) -> list[str]:
        """Return what AWS says is outdated."""
        reader = OutdatedReader(self.made.sso, self.made.instance)
        return [str(one) for one in reader.of((), ())]

    def outputs(self) -> str:
        """Return what a stack lists that made the first set."""
        one = {
            "principalType": "GROUP",
            "principalId": self.group,
            "principal": "engineers",
            "permissionSetArn": self.sets["Deploying"],
            "permissionSet": "Deploying",
            "accountId": SHOP,
        }
        return json.dumps({"account_assignments": [one]})


@pytest.fixture
def instance(around: Surroundings, stages: Stages) -> Instance:
    """Give the instance."""
    return stages.at("with a set in two accounts", lambda: Instance(around))


@pytest.fixture
def slow() -> Iterator[None]:
    """Let AWS take two seconds for each request."""
    undo = pace.current.fix(replace(pace.OFF, provisioning=2.0))
    yield
    undo()


def _actions(endpoint: str) -> dict[str, int]:
    return calls_of_a_key.asked(endpoint)


def test_where_nothing_is_outdated_nothing_is_asked_for(
    instance: Instance, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may stand in every pipeline."""
    calls_of_a_key.count(endpoint)

    assert instance.sets
    assert main(["provision"]) == 0

    assert capsys.readouterr().out == "every account has its permission sets in their latest form\n"
    assert not [action for action in _actions(endpoint) if calls_of_a_key.is_write(action)]


def test_a_whole_set_is_one_request_and_each_account_is_told(
    instance: Instance, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """500 accounts are no 500 requests, of which AWS takes three at a time."""
    instance.change("Deploying")
    assert instance.outdated() == [f"Deploying in {MANAGEMENT}", f"Deploying in {SHOP}"]
    calls_of_a_key.count(endpoint)

    assert main(["provision"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert sorted(line.partition(": ")[2] for line in told[:2]) == [
        f"Deploying in {MANAGEMENT}: up to date",
        f"Deploying in {SHOP}: up to date",
    ]
    assert told[0].startswith("1 of 2: ")
    assert told[2] == "2 provisioned, 0 not"
    assert _actions(endpoint)["sso:ProvisionPermissionSet"] == 1
    assert instance.outdated() == []


def test_one_account_that_fails_says_why_and_the_others_are_brought_up_to_date(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    """One reason for a whole set names one account, and leaves the others to be guessed."""
    instance.change("Reading")
    instance.need("Deploy", MANAGEMENT)

    assert main(["provision", "--format", "json"]) == 1

    shown = capsys.readouterr()
    accounts = json.loads(shown.out)["accounts"]
    assert {(one["permissionSet"], one["accountId"]): one["upToDate"] for one in accounts} == {
        ("Deploying", MANAGEMENT): True,
        ("Deploying", SHOP): False,
        ("Reading", SHOP): True,
    }
    (problem,) = [one["problem"] for one in accounts if "problem" in one]
    assert f"arn:aws:iam::{SHOP}:policy/Deploy" in problem
    assert f"Deploying in {SHOP}: NOT PROVISIONED: " in shown.err
    assert instance.outdated() == [f"Deploying in {SHOP}"]


def test_what_to_run_again_is_named(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    """After the policy is made in the account, one line finishes the work."""
    instance.need("Deploy", MANAGEMENT)
    assert main(["provision", "--set", "Deploying"]) == 1
    again = f"identity-center provision --set Deploying --account {SHOP}"
    assert f"again: {again}" in capsys.readouterr().out.splitlines()

    instance.made.in_account("iam", SHOP).create_policy(PolicyName="Deploy", PolicyDocument=ANY_POLICY)

    assert main(again.split()[1:]) == 0
    assert instance.outdated() == []


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--set", "Reading"], [f"Deploying in {MANAGEMENT}", f"Deploying in {SHOP}"]),
        (["--account", SHOP], [f"Deploying in {MANAGEMENT}"]),
        (["--account", "shop-production"], [f"Deploying in {MANAGEMENT}"]),
        (["--account", "Shop-Production", "--account", MANAGEMENT], []),
        (["--set", "Deploying", "--account", SHOP], [f"Deploying in {MANAGEMENT}", f"Reading in {SHOP}"]),
        (["--set", "Deploying", "--set", "Reading"], []),
    ],
    ids=" ".join,
)
def test_sets_and_accounts_are_chosen(instance: Instance, options: list[str], left: list[str]) -> None:
    """A change that waits for its day in production is not brought there by the way."""
    instance.change("Deploying")
    instance.change("Reading")

    assert main(["provision", *options]) == 0
    assert instance.outdated() == left


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--set", "Reeding"],
            "the instance has no permission set named `Reeding`; did you mean `Reading`?",
        ),
        (
            ["--account", "shop-prodction"],
            "no account is called `shop-prodction`; did you mean `shop-production`?",
        ),
        (["--account", DATA], f"no permission set is provisioned in account {DATA}"),
    ],
)
def test_what_is_not_there_is_no_success(
    instance: Instance, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the pen would be told that everything is up to date."""
    assert instance.sets
    assert main(["provision", *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--timeout", "soon"], ["--timeout", "5s"]])
def test_wrong_options_are_refused(options: list[str]) -> None:
    """Before AWS is asked for anything."""
    with pytest.raises(SystemExit) as ended:
        main(["provision", *options])
    assert ended.value.code == 2


def _provisioner(instance: Instance, seconds: float, told: Callable[[Outcome], None]) -> Provisioner:
    return Provisioner(instance.made.sso, instance.made.instance, seconds, told)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("whole_sets", [True, False])
def test_whoever_waits_too_short_is_told_so(instance: Instance, *, whole_sets: bool) -> None:
    """A command that says that all is well while AWS is at work is believed."""
    instance.change("Deploying")
    outdated = OutdatedReader(instance.made.sso, instance.made.instance).of((), ())

    outcomes = _provisioner(instance, 0.3, lambda _: None).provision(outdated, whole_sets=whole_sets)

    assert len(outcomes) == 2
    assert all("AWS is not done after the time to wait" in one.problem for one in outcomes)


@pytest.mark.usefixtures("slow")
def test_a_set_that_is_busy_is_waited_for(instance: Instance) -> None:
    """Somebody else's update ends in a moment; a conflict is no reason to give up."""
    instance.change("Reading")
    instance.made.sso.provision_permission_set(
        **instance.made.of_set(instance.sets["Reading"]), TargetType="AWS_ACCOUNT", TargetId=SHOP
    )
    told: list[Outcome] = []
    outdated = OutdatedReader(instance.made.sso, instance.made.instance).of((), ())

    outcomes = _provisioner(instance, 60, told.append).provision(outdated, whole_sets=False)

    assert [one.problem for one in outcomes] == [""]
    assert told == outcomes


@pytest.mark.parametrize(
    "action",
    [
        "sso:ProvisionPermissionSet",
        "sso:DescribePermissionSetProvisioningStatus",
        "sso:ListPermissionSets",
        "sso:ListAccountsForProvisionedPermissionSet",
        "sso:DescribePermissionSet",
        "sso:ListInstances",
    ],
)
def test_a_refusal_names_the_action(
    instance: Instance, endpoint: str, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is what has to be put into the policy of whoever runs it."""
    instance.change("Reading")
    document: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "NotAction": action, "Resource": "*"}],
    }
    calls_of_a_key.put_under(endpoint, {"all but one": document})

    assert main(["provision"]) in {1, 2}

    shown = capsys.readouterr()
    assert action in shown.out + shown.err


def test_access_that_is_expected_and_outdated_is_a_failure(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The assignment is there, and lets people do what the set no longer grants."""
    instance.change("Deploying")
    instance.change("Reading")
    monkeypatch.setattr("sys.stdin", io.StringIO(instance.outputs()))

    assert main(["access", "--expect", "-"]) == 1

    said = capsys.readouterr().err.splitlines()
    again = "identity-center provision --set Deploying --account"
    assert said == [
        f"OUTDATED: the account has an older form of Deploying in {account}; run {again} {account}"
        for account in (MANAGEMENT, SHOP)
    ], "the other set is none of the stack's"

    assert main(["provision"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(instance.outputs()))
    assert main(["access", "--expect", "-", "--format", "json"]) == 0
