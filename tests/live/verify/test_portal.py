"""What the access portal offers one person, beside what the code grants."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.aws.portal.offered import OfferedRole
from identity_center_cli.main import main
from identity_center_cli.verbs.verify.portal import spread
from sandbox.aws.portal import access_portal
from sandbox.settings import REGION
from tests.support.changed_by_hand import MODEL, SHOP, Instance
from tests.support.signed_in import keep_token, portal_url, sign_in

from .asked import EXPECT, PORTAL, WHERE, Fault, Run, unassign

MANAGEMENT: Final = "123456789012"
#: An hour has passed and ten minutes more, within which botocore renews a token.
ALMOST: Final = 300


def _widen(model: Path, given: dict[str, Any], **more: Any) -> None:  # noqa: ANN401 - parts of a model
    """Write one more assignment into the model."""
    wider: dict[str, Any] = {**json.loads(json.dumps(MODEL)), **more}
    wider["assignments"].append(given)
    (model / "all.yaml").write_text(json.dumps(wider), encoding="utf-8")


def test_the_portal_of_whoever_signed_in_is_compared(run: Run, kim: dict[str, Any]) -> None:
    """Who has signed in sees what they may use, and that it works; no secret of theirs is shown."""
    status, out, err = run(*EXPECT, *PORTAL)

    assert (status, err) == (0, "")
    assert "the portal offers kim 5 of the 5 roles that the code grants, and 0 more; " in out
    assert "STS answered as it should for 3 of the 3 that were tried" in out
    assert f"arn:aws:sts::{SHOP}:assumed-role/AWSReservedSSO_Auditing_" in out
    assert f"{SHOP} shop-production" in out
    secrets = [kim[name] for name in ("accessToken", "refreshToken", "clientSecret")]
    assert not [secret for secret in [*secrets, "ASIA"] if secret in out + err]


def test_the_same_is_there_for_machines(run: Run, kim: dict[str, Any]) -> None:
    """A check of one's own starts from JSON."""
    status, out, _ = run(*EXPECT, *PORTAL, "--all", "--format", "json")

    found = json.loads(out)["portal"]
    assert status == 0
    assert found["person"] == "kim"
    assert {one["permissionSet"] for one in found["roles"]} == {
        "Auditing", "Bounded", "Emergency", "Reading", "Written",
    }  # fmt: skip
    assert all(one["offered"] and one["granted"] for one in found["roles"])
    assert all(one["session"].endswith("/kim") and one["problem"] is None for one in found["roles"])
    assert kim["accessToken"] not in out


def test_the_same_is_there_for_a_spreadsheet(run: Run, kim: dict[str, Any], instance: Instance) -> None:
    """Who signs an update off keeps a row for each assignment and each role."""
    unassign(instance)

    status, out, _ = run(*EXPECT, *PORTAL, "--all", "--format", "csv")

    rows = [*csv.DictReader(io.StringIO(out))]
    assert kim
    assert status == 1
    assert {row["asked"] for row in rows} == {"instance", "portal"}
    (listed,) = [row for row in rows if row["asked"] == "instance" and row["name"] == "Reading"]
    assert listed == {
        "asked": "instance",
        "principalType": "group",
        "principal": "emergency",
        "kind": "permissionSet",
        "name": "Reading",
        "accountId": SHOP,
        "standing": "not in the instance",
        "session": "",
    }
    offered = {row["name"]: (row["standing"], row["session"]) for row in rows if row["asked"] == "portal"}
    assert offered["Reading"] == ("not offered", "")
    standing, session = offered["Emergency"]
    assert standing == "offered, granted"
    assert session.startswith(f"arn:aws:sts::{SHOP}:assumed-role/AWSReservedSSO_Emergency_")


@pytest.mark.usefixtures("kim")
def test_what_is_granted_and_not_offered_is_a_failure(run: Run, instance: Instance) -> None:
    """Somebody who cannot reach what was written for them waits, and nobody knows why."""
    unassign(instance)

    status, out, err = run(
        *EXPECT[:0], *PORTAL, "--start-url", portal_url(instance.made), "--sso-region", REGION
    )

    assert status == 1
    assert err == f"NOT OFFERED: Reading in {SHOP} shop-production, which the code grants kim\n"
    assert "4 of the 5 roles" in out


@pytest.mark.usefixtures("kim")
def test_what_is_offered_and_not_granted_is_named(run: Run, instance: Instance) -> None:
    """Access that somebody gave by hand shows in the portal of whoever got it first."""
    instance.made.assign(instance.sets["Reading"], instance.users["kim"], "222222222222", "USER")

    status, out, err = run(*EXPECT, *PORTAL)
    assert status == 0
    assert err == "not granted by the code: Reading in 222222222222 security-tooling\n"
    assert "5 of the 5 roles that the code grants, and 1 more" in out
    assert run(*EXPECT, *PORTAL, "--exactly")[0] == 1


@pytest.mark.usefixtures("kim")
def test_what_a_group_from_elsewhere_may_give_is_not_called_foreign(
    run: Run, instance: Instance, model: Path
) -> None:
    """Who is in it is said in the company's own directory: neither granted nor not."""
    group = instance.made.group("Platform")
    instance.made.store.create_group_membership(
        IdentityStoreId=instance.made.store_id, GroupId=group, MemberId={"UserId": instance.users["kim"]}
    )
    instance.made.assign(instance.sets["Reading"], group, MANAGEMENT)
    given = {"group": "platform", "permissionSets": ["reading"], "accounts": [MANAGEMENT]}
    _widen(model, given, externalGroups={"platform": {"displayName": "Platform"}})

    status, out, err = run(*EXPECT, *PORTAL, "--exactly")

    assert status == 0
    assert "offered, by a group perhaps" in out
    assert err.startswith("note: whether they are in group Platform is not known")


def test_a_person_without_roles_has_to_be_named(run: Run, instance: Instance, tmp_path: Path) -> None:
    """No session says who has signed in; a guess would compare with somebody else's access."""
    keep_token(tmp_path / "cache", instance.made, sign_in(instance.made, "leo"))

    status, _, err = run(*EXPECT, *PORTAL)
    assert status == 2
    assert "it is not known who has signed in (no role was tried): say it with --person" in err
    status, out, _ = run(*EXPECT, *PORTAL, "--person", "leo")
    assert status == 0
    assert "offers leo 0 of the 0 roles" in out


@pytest.mark.usefixtures("kim")
@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("leo", "who has signed in for sso-session `identity-center` is kim, and not leo"),
        ("leon", "nobody is called `leon`; did you mean `leo`?"),
    ],
)
def test_another_person_is_refused(run: Run, person: str, says: str) -> None:
    """One person's portal beside another one's access says that everything is wrong."""
    status, out, err = run(*PORTAL, "--person", person, *WHERE)

    assert (status, out) == (2, "")
    assert says in err


def _no_token(instance: Instance, cache: Path) -> None:
    assert instance.users
    assert not cache.exists()


def _ended(instance: Instance, cache: Path) -> None:
    keep_token(cache, instance.made, sign_in(instance.made, "kim", scopes=()), lasts=-1)


def _unreadable(instance: Instance, cache: Path) -> None:
    file = keep_token(cache, instance.made, sign_in(instance.made, "kim"))
    file.write_text(json.dumps({"accessToken": "a secret token", "expiresAt": "soon"}), encoding="utf-8")


def _logged_out(instance: Instance, cache: Path) -> None:
    token = sign_in(instance.made, "kim")
    keep_token(cache, instance.made, token)
    boto3.client("sso").logout(accessToken=token["accessToken"])


def _left(instance: Instance, cache: Path) -> None:
    keep_token(cache, instance.made, sign_in(instance.made, "kim"))
    instance.made.store.delete_user(IdentityStoreId=instance.made.store_id, UserId=instance.users["kim"])


@pytest.mark.parametrize("happened", [_no_token, _ended, _unreadable, _logged_out, _left])
def test_without_a_token_that_holds_the_way_to_one_is_told(
    run: Run, instance: Instance, tmp_path: Path, happened: Callable[[Instance, Path], None]
) -> None:
    """A table of nothing offered would say that all access is gone."""
    happened(instance, tmp_path / "cache")

    status, out, err = run(*EXPECT, *PORTAL)

    assert (status, out) == (2, "")
    assert "sign in with `aws sso login --sso-session identity-center`" in err
    assert "a secret token" not in err


def test_a_token_that_is_about_to_end_is_renewed_and_kept(
    run: Run, instance: Instance, tmp_path: Path
) -> None:
    """The AWS CLI signs people in once a day and renews the token every hour; so does this."""
    token = sign_in(instance.made, "kim")
    file = keep_token(tmp_path / "cache", instance.made, token, lasts=ALMOST)

    assert run(*EXPECT, *PORTAL)[0] == 0

    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["accessToken"] != token["accessToken"]
    assert kept["refreshToken"] != token["refreshToken"]


@pytest.mark.usefixtures("kim")
def test_the_session_that_profiles_writes_is_the_one_that_is_found(run: Run, tmp_path: Path) -> None:
    """Who runs the two commands of the page one after the other must not have to name the session twice."""
    files = ("--outputs", f"{tmp_path}/outputs.json", "--write", f"{tmp_path}/config")
    assert main(["profiles", "--model", f"{tmp_path}/access", "--for", "kim", *files]) == 0

    status, out, _ = run(*PORTAL)

    assert status == 0
    assert "the portal offers kim 5 of the 5 roles" in out
    written = (tmp_path / "config").read_text(encoding="utf-8")
    (tmp_path / "config").write_text(written + "[sso-session identity-center]\n", encoding="utf-8")
    status, out, err = run(*PORTAL)
    assert (status, out) == (2, "")
    assert "config" in err, "a file with a section twice is named, and not taken for an empty one"


@pytest.mark.usefixtures("kim")
def test_all_pages_are_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page of a portal looks like all of it."""
    monkeypatch.setattr(access_portal, "_PAGE", 2)

    assert "5 of the 5 roles" in run(*EXPECT, *PORTAL)[1]


@pytest.mark.usefixtures("kim")
@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        (
            {
                "service": "sso",
                "operation": "GetRoleCredentials",
                "code": "ForbiddenException",
                "status": 403,
            },
            1,
            "NOT USABLE: Auditing in 444444444444 shop-production: GetRoleCredentials: ForbiddenException",
        ),
        (
            {"service": "sts", "operation": "GetCallerIdentity", "code": "AccessDenied"},
            2,
            "NOT READ: Auditing in 444444444444 shop-production: GetCallerIdentity: AccessDenied",
        ),
        (
            {
                "service": "sso",
                "operation": "ListAccounts",
                "code": "TooManyRequestsException",
                "status": 429,
            },
            0,
            "",
        ),
    ],
)
def test_a_role_that_does_not_work_and_one_that_was_not_tried_are_told_apart(
    run: Run, order_fault: Fault, fault: dict[str, Any], status: int, says: str
) -> None:
    """A role that is offered and gives nothing is broken; a service that is busy says nothing of it."""
    order_fault(**fault, times=1)

    found, _, err = run(*EXPECT, *PORTAL, "--person", "kim")

    assert (found, err.strip()) == (status, says)


@pytest.mark.usefixtures("kim")
def test_grants_that_the_code_does_not_place_are_not_verified(run: Run, model: Path) -> None:
    """Which accounts a unit has is not known without the organisation: the comparison is of a part."""
    _widen(model, {"group": "emergency", "permissionSets": ["reading"], "accounts": [{"unit": "Shop"}]})

    status, _, err = run(*EXPECT, *PORTAL)

    assert status == 2
    assert "NOT READ: what the code grants: " in err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "give --expect, --portal or both"),
        (("--portal",), "give --model or --state"),
        (("--model", "access", *EXPECT), "belong to --portal"),
        (PORTAL, "it is not said where people sign in"),
    ],
)
def test_half_a_question_is_refused(run: Run, options: tuple[str, ...], says: str) -> None:
    """A verification of nothing would end as a success."""
    status, out, err = run(*options)

    assert (status, out) == (2, "")
    assert says in err


def test_a_sample_is_spread_over_the_accounts() -> None:
    """The first three roles are all of one account, and the portal's fault may be in another."""
    offered = [OfferedRole(f"{number}" * 12, name) for number in range(4) for name in "abc"]

    assert [one.account_id[0] for one in spread(offered, 4)] == ["0", "1", "2", "3"]
    assert spread(offered, 0) == []
    assert spread(offered, 100) == offered
