"""`live.organisation` and `identity-center organisation snapshot`: the organisation as the API says it is."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import AccountState, PolicyKind, UnreadOrganisationError
from identity_center.model.organisation.snapshot import read_snapshot
from identity_center_cli.aws.organisation import read_organisation
from identity_center_cli.main import main

MANAGEMENT, SHOP = "123456789012", "444444444444"
FAST = 10_000.0
ACCOUNTS = frozenset({Reading.ACCOUNTS})
EVERYTHING = frozenset(Reading)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the operations that are asked for, in order."""
    asked: list[str] = []
    take = "identity_center_cli.aws.token_bucket.TokenBucket.keep"

    def keep(_bucket: object, client: Any) -> None:  # noqa: ANN401  # any service's client
        def note(event_name: str, **_of_the_request: object) -> None:
            asked.append(event_name.rsplit(".", maxsplit=1)[-1])

        client.meta.events.register("before-send.*.*", note)

    monkeypatch.setattr(take, keep)
    return asked


@pytest.mark.usefixtures("session")
def test_accounts_units_and_tags_are_as_the_api_says() -> None:
    """A target that is resolved in a wrong tree gives access to the wrong accounts."""
    read = read_organisation(AwsSettings(), EVERYTHING, FAST)

    accounts = read.accounts or {}
    shop = accounts[SHOP]
    assert read.management_account_id == MANAGEMENT
    assert len(accounts) == 8
    assert (shop.name, shop.state) == ("shop-production", AccountState.ACTIVE)
    assert shop.tags == {"environment": "production", "team": "shop"}
    assert read.unit_paths[shop.unit_id or ""] == "/Workloads/Production"
    assert sorted(read.unit_paths.values()) == [
        "/",
        "/Infrastructure",
        "/Sandbox",
        "/Security",
        "/Workloads",
        "/Workloads/Production",
        "/Workloads/Staging",
    ]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("needed", "asked"),
    [
        (ACCOUNTS, {"DescribeOrganization", "ListAccounts"}),
        (
            ACCOUNTS | {Reading.UNITS},
            {
                "DescribeOrganization",
                "ListAccounts",
                "ListRoots",
                "ListOrganizationalUnitsForParent",
                "ListAccountsForParent",
            },
        ),
        (ACCOUNTS | {Reading.TAGS}, {"DescribeOrganization", "ListAccounts", "ListTagsForResource"}),
    ],
    ids=["accounts", "units", "tags"],
)
def test_only_what_is_needed_is_asked_for(
    needed: frozenset[Reading], asked: set[str], requests: list[str]
) -> None:
    """Tags of 500 accounts are 500 requests, in every preview."""
    read = read_organisation(AwsSettings(), needed, FAST)

    assert set(requests) == asked
    assert read.has_units is (Reading.UNITS in needed)
    assert read.has_tags is (Reading.TAGS in needed)


def test_all_pages_are_read(session: boto3.Session, requests: list[str]) -> None:
    """Units of a second page that nobody asks for are accounts that silently get no access."""
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    for number in range(105):
        organizations.create_account(AccountName=f"more-{number:03}", Email=f"more-{number}@example.com")
    deep = root
    for number in range(5):
        deep = organizations.create_organizational_unit(ParentId=deep, Name=f"level-{number}")[
            "OrganizationalUnit"
        ]["Id"]
    for number in range(30):
        organizations.create_organizational_unit(ParentId=deep, Name=f"unit-{number:02}")

    read = read_organisation(AwsSettings(), ACCOUNTS | {Reading.UNITS}, FAST)

    assert len(read.accounts or {}) == 113
    assert requests.count("ListAccounts") > 1
    assert "/level-0/level-1/level-2/level-3/level-4/unit-29" in read.unit_paths.values()
    assert all(account.unit_id is not None for account in (read.accounts or {}).values())


def test_a_closed_account_is_not_in_use(session: boto3.Session) -> None:
    """Closing takes 90 days, in which the account is still listed."""
    session.client("organizations").close_account(AccountId=SHOP)

    read = read_organisation(AwsSettings(), EVERYTHING, FAST)

    assert (read.accounts or {})[SHOP].state is AccountState.OTHER
    assert SHOP not in {account.account_id for account in read.members}


@pytest.mark.usefixtures("session")
def test_a_refusal_says_which_actions_are_needed(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty organisation would take everybody's access away."""
    monkeypatch.setattr("identity_center_cli.aws.organisation.ADAPTIVE", Config(retries={"max_attempts": 0}))
    settings = AwsSettings(endpoints={"organizations": f"{endpoint}/nowhere"}, region="us-east-1")

    with pytest.raises(UnreadOrganisationError, match="organizations:ListTagsForResource") as caught:
        read_organisation(settings, EVERYTHING, FAST)

    assert "AWS did not say what the organisation looks like" in caught.value.problem


@pytest.mark.usefixtures("session")
def test_the_settings_of_the_provider_decide_who_asks_and_where(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack of one organisation must not be resolved in the organisation of the shell that runs it."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    settings = AwsSettings(
        region="us-east-1", access_key="sandbox", secret_key="sandbox", endpoints={"organizations": endpoint}
    )

    assert read_organisation(settings, ACCOUNTS, FAST).management_account_id == MANAGEMENT
    assert "sandbox" not in repr(settings)


@pytest.mark.usefixtures("session")
def test_a_profile_that_is_not_there_is_said() -> None:
    """It would otherwise end in a traceback."""
    with pytest.raises(UnreadOrganisationError, match="nobody"):
        read_organisation(AwsSettings(profile="nobody"), ACCOUNTS, FAST)


@pytest.mark.usefixtures("session")
def test_the_command_writes_a_snapshot_that_is_the_same_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A committed file that changes without a reason hides the changes that have one."""
    monkeypatch.setattr(
        "identity_center_cli.aws.clock.now", lambda: datetime.fromisoformat("2026-11-23T10:00:00Z")
    )
    files = [tmp_path / name for name in ("a.json", "b.json")]

    for file in files:
        arguments = ["organisation", "snapshot", "--output", str(file), "--requests-per-second", "10000"]
        assert main(arguments) == 0

    texts = [file.read_text(encoding="utf-8") for file in files]
    assert texts[0] == texts[1]
    assert "@" not in texts[0]
    assert json.loads(texts[0])["takenAt"] == "2026-11-23T10:00:00Z"
    assert read_snapshot(texts[0]).unit_paths == read_organisation(AwsSettings(), EVERYTHING, FAST).unit_paths
    assert "8 accounts (0 not in use) and 7 units" in capsys.readouterr().out


@pytest.mark.usefixtures("session")
def test_a_snapshot_without_tags_has_none_rather_than_empty_ones(tmp_path: Path) -> None:
    """Empty tags would say that no account has any."""
    file = tmp_path / "organisation.json"
    assert main(["organisation", "snapshot", "--without-tags", "--output", str(file)]) == 0

    assert not read_snapshot(file.read_text(encoding="utf-8")).has_tags


def test_the_policies_that_limit_access_are_read_with_their_places(
    session: boto3.Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`explain` answers by them; one whose place is wrong denies what AWS allows."""
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}}'
    made = organizations.create_policy(
        Content=text, Description="none", Name="no-queues", Type="SERVICE_CONTROL_POLICY"
    )["Policy"]["PolicySummary"]["Id"]
    enabled = {each["Type"] for each in organizations.list_roots()["Roots"][0]["PolicyTypes"]}
    if "SERVICE_CONTROL_POLICY" not in enabled:
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    organizations.attach_policy(PolicyId=made, TargetId=SHOP)
    file = tmp_path / "organisation.json"

    assert main(["organisation", "snapshot", "--with-policies", "--output", str(file)]) == 0

    read = read_snapshot(file.read_text(encoding="utf-8"))
    limits = read.limits
    assert limits is not None
    assert limits.enabled >= {PolicyKind.SCP}
    (found,) = (each for each in limits.policies if each.policy_id == made)
    assert (found.name, found.targets) == ("no-queues", frozenset({SHOP}))
    assert json.loads(found.text) == json.loads(text)
    assert limits.attached_to(root, PolicyKind.SCP)
    assert (read.path_to(SHOP) or ())[0] == root
    assert (read.organisation_id or "").startswith("o-")
    assert "policies that limit them" in capsys.readouterr().out


@pytest.mark.usefixtures("session")
def test_policies_are_read_only_where_somebody_asks_for_them(requests: list[str]) -> None:
    """Previews read the organisation, and need no leave for its policies."""
    assert read_organisation(AwsSettings(), ACCOUNTS, FAST).limits is None
    assert "ListPolicies" not in requests
