"""`identity-center drift --remove`: what was added by hand goes, in order; what is for emergencies stays."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import POWER
from tests.support import calls_of_a_key
from tests.support.changed_by_hand import MODEL, READ, S3, SHOP, Instance
from tests.support.lived_in import PROVIDER, ROLE, TRUST
from tests.support.terminal import Terminal
from tools.docs.permission import Job
from tools.docs.permissions_table import actions, needed, policy

Told = Callable[..., tuple[int, str, str]]
DEVELOPMENT: Final = "555555555555"


@pytest.fixture
def remove(model: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """Run the command on the model."""

    def run(*more: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["drift", "--model", str(model), "--requests-per-second", "10000", *more])
        found = capsys.readouterr()
        return status, found.out, found.err

    return run


def _calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is written, in order."""
    found: list[str] = []
    real = boto3.Session.client

    def record(model: Any, **_more: Any) -> None:  # noqa: ANN401 - of botocore
        if model.name.startswith(("Delete", "Detach", "Untag", "Provision")):
            found.append(model.name)

    def with_record(self: boto3.Session, name: str, **more: Any) -> Any:  # noqa: ANN401 - a boto3 client
        client = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service
        client.meta.events.register("before-call.*.*", record)
        return client

    monkeypatch.setattr(boto3.Session, "client", with_record)
    return found


def test_what_was_added_by_hand_goes_and_emergencies_stay_until_named(
    instance: Instance, remove: Told
) -> None:
    """A pipeline that takes an emergency grant away in the middle of the emergency locks people out."""
    instance.change_nine_things()

    status, out, _ = remove("--remove", "--yes")

    assert status == 1
    taken = {line.partition(" [")[0] for line in out.splitlines() if line.startswith("taken away: ")}
    assert taken == {
        "taken away: customer-managed policy Reading -> /Extra",
        "taken away: inline policy Auditing: "
        + json.dumps(json.loads(S3), sort_keys=True, separators=(",", ":")),
        f"taken away: managed policy Auditing -> {POWER}",
    }
    (left,) = [line for line in out.splitlines() if line.startswith("left: member Emergency -> leo")]
    assert left.endswith("; `--break-glass leo` takes it away")
    assert "stays: permissions boundary Bounded" in out

    status, out, _ = remove("--remove", "--yes", "--break-glass", "leo")
    assert "taken away: member Emergency -> leo" in out
    assert "left: account assignment Emergency -> shop-production 444444444444 -> kim" in out

    status, out, _ = remove("--remove", "--yes", "--break-glass", "kim")
    assert "taken away: account assignment Emergency -> shop-production 444444444444 -> kim" in out
    listed = json.loads(remove("--format", "json")[1])["drift"]
    assert {each["difference"] for each in listed} == {"changed", "missing"}, listed


def test_whole_things_go_when_nothing_uses_them_any_more(
    instance: Instance, remove: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group that is deleted first leaves an assignment that nobody sees; a set in use cannot be deleted."""
    made = instance.made
    own, group, user = made.permission_set("Own"), made.group("Own"), made.user("own")
    made.sso.put_permissions_boundary_to_permission_set(
        **made.of_set(own), PermissionsBoundary={"ManagedPolicyArn": READ}
    )
    made.assign(own, group, SHOP)
    made.assign(own, user, SHOP, "USER")
    gone = made.group("Gone")
    made.assign(instance.sets["Reading"], gone, DEVELOPMENT)
    made.store.delete_group(IdentityStoreId=made.store_id, GroupId=gone)
    written = _calls(monkeypatch)

    status, out, errors = remove("--remove", "--yes")

    assert (status, errors) == (0, ""), out
    assert written == [
        *["DeleteAccountAssignment"] * 3,
        "DeletePermissionSet",
        "DeleteGroup",
        "DeleteUser",
    ]
    assert remove()[:2] == (0, "0 differences\n")


def test_a_boundary_goes_only_after_what_it_holds_back_and_a_second_run_finishes(
    instance: Instance, remove: Told, monkeypatch: pytest.MonkeyPatch, order_fault: Callable[..., None],
    no_more_faults: Callable[[], None],
) -> None:  # fmt: skip
    """Between the two, everybody in the account would have what somebody added, without its boundary."""
    made, auditing = instance.made, made_of(instance)
    instance.write(S3, "Auditing")
    made.sso.put_permissions_boundary_to_permission_set(
        **auditing, PermissionsBoundary={"ManagedPolicyArn": READ}
    )
    made.provision(instance.sets["Auditing"])
    order_fault(service="sso-admin", operation="DeleteInlinePolicyFromPermissionSet",
                code="AccessDeniedException")  # fmt: skip

    status, out, _ = remove("--remove", "--yes")

    assert status == 1
    assert "sso:DeleteInlinePolicyFromPermissionSet: AccessDeniedException" in out
    assert "NOT TAKEN AWAY: permissions boundary Auditing" in out
    assert made.sso.get_permissions_boundary_for_permission_set(**auditing)["PermissionsBoundary"]
    assert "run again to finish" in out

    no_more_faults()
    order_fault(service="sso-admin", operation="ProvisionPermissionSet", code="AccessDeniedException")
    status, out, _ = remove("--remove", "--yes")
    assert (status, "account 444444444444 has it still: sso:ProvisionPermissionSet" in out) == (1, True), out
    assert made.sso.get_permissions_boundary_for_permission_set(**auditing)["PermissionsBoundary"]

    no_more_faults()
    written = _calls(monkeypatch)
    status, out, _ = remove("--remove", "--yes")
    assert (status, written) == (
        0,
        ["ProvisionPermissionSet", "DeletePermissionsBoundaryFromPermissionSet", "ProvisionPermissionSet"],
    ), out
    assert remove()[:2] == (0, "0 differences\n")


def made_of(instance: Instance) -> dict[str, str]:
    """Return the two members that name the set Auditing."""
    return instance.made.of_set(instance.sets["Auditing"])


def test_nothing_goes_without_a_yes(
    instance: Instance, remove: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken away is not there any more, and who needed it calls in the night."""
    instance.join("leo")
    instance.made.sso.attach_managed_policy_to_permission_set(**made_of(instance), ManagedPolicyArn=POWER)
    instance.made.provision(instance.sets["Auditing"])
    written = _calls(monkeypatch)

    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    status, _, errors = remove("--remove")
    assert (status, "say --yes" in errors, written) == (2, True, [])

    for answers in ("no\nno\n", "\n\n", "YES\nLEO\n", ""):
        monkeypatch.setattr("sys.stdin", Terminal(answers))
        status, out, _ = remove("--remove")
        assert (status, written, "0 of 2 taken away" in out) == (1, [], True), out

    monkeypatch.setattr("sys.stdin", Terminal("yes\nleo\n"))
    status, out, _ = remove("--remove")
    assert (status, "2 of 2 taken away" in out) == (0, True), out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--remove", "--snapshot", "held.json"), "leave --snapshot out"),
        (("--remove", "--format", "json"), "leave --format out"),
        (("--adopt", "--state", "x"), "not allowed with"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_before_anything(
    options: tuple[str, ...], words: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A half-understood wish is not carried out."""
    try:
        status = main(["drift", "--model", str(model), *options])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert (status, words in capsys.readouterr().err) == (2, True)


def _everything_extra(instance: Instance, session: boto3.Session) -> None:
    """Add a thing of every kind that the command takes away."""
    made, sso = instance.made, instance.made.sso
    auditing = made_of(instance)
    instance.join("leo")
    instance.write(S3, "Auditing")
    made.in_account("iam", SHOP).create_policy(PolicyName="Extra", PolicyDocument=S3)
    extra = {"Name": "Extra", "Path": "/"}
    sso.attach_customer_managed_policy_reference_to_permission_set(
        **auditing, CustomerManagedPolicyReference=extra
    )
    sso.attach_managed_policy_to_permission_set(**auditing, ManagedPolicyArn=POWER)
    sso.put_permissions_boundary_to_permission_set(**auditing, PermissionsBoundary={"ManagedPolicyArn": READ})
    sso.tag_resource(InstanceArn=made.instance, ResourceArn=auditing["PermissionSetArn"],
                     Tags=[{"Key": "by", "Value": "hand"}])  # fmt: skip
    own, group = made.permission_set("Own"), made.group("Own")
    made.user("own")
    made.assign(own, group, SHOP)
    wiki = sso.create_application(InstanceArn=made.instance, ApplicationProviderArn=PROVIDER, Name="Wiki")[
        "ApplicationArn"
    ]
    sso.create_application_assignment(ApplicationArn=wiki, PrincipalId=group, PrincipalType="GROUP")
    made.in_account("iam", SHOP).create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
    access = session.client("account-access")
    source = {"identityCenter": {"instanceArn": made.instance}}
    application = access.create_application(identitySource=source)["applicationArn"]
    entitled = {"roleArn": ROLE, "principal": {"identityCenter": {"groupId": group}}}
    access.create_entitlement(applicationArn=application, entitlement={"principalRole": entitled})
    attributes = [{"Key": key, "Value": {"Source": ["${path:userName}"]}} for key in ("Team", "Extra")]
    sso.create_instance_access_control_attribute_configuration(
        InstanceArn=made.instance,
        InstanceAccessControlAttributeConfiguration={"AccessControlAttributes": attributes},
    )


def test_one_of_every_kind_goes_under_the_documented_policy(
    instance: Instance, session: boto3.Session, endpoint: str, model: Path, remove: Told
) -> None:
    """With an action too few access is left behind; with one too many a pipeline may more than it has to."""
    _everything_extra(instance, session)
    wanted = {**MODEL, "accessControlAttributes": {"Team": "${path:userName}"}}
    (model / "all.yaml").write_text(json.dumps(wanted))
    calls_of_a_key.put_under(endpoint, {"pipeline": policy(Job.REMOVE)})

    status, out, errors = remove("--remove", "--yes", "--break-glass", "leo")

    assert (status, errors) == (1, ""), out
    (left,) = [line for line in out.splitlines() if line.startswith(("NOT ", "left: ", "stays: "))]
    assert left.startswith("stays: application Wiki: the console deletes applications")
    seen = {one.action for one in needed(Job.REMOVE) if not one.unseen}
    assert seen <= set(calls_of_a_key.asked(endpoint)) <= actions(Job.REMOVE)
    assert remove()[1].splitlines() == ["in AWS and not in the code: application Wiki", "1 difference"]


def test_a_part_that_is_asked_for_alone_is_not_torn_from_what_it_is_tied_to(
    instance: Instance, remove: Told
) -> None:
    """`--only boundaries` would let loose what somebody wrote into a set; `--only users` end an emergency."""
    made = instance.made
    boss = made.user("boss")
    made.assign(instance.sets["Emergency"], boss, SHOP, "USER")
    instance.write(S3)
    made.sso.put_permissions_boundary_to_permission_set(
        **made.of_set(instance.sets["Written"]), PermissionsBoundary={"ManagedPolicyArn": READ}
    )

    status, out, _ = remove("--remove", "--yes", "--only", "boundaries", "users")

    assert (status, "0 of 1 taken away" in out) == (1, True), out
    assert "left: user boss [root-level]; `--break-glass boss` takes it away" in out
    assert "of the set its inline policy is set aside" in out
