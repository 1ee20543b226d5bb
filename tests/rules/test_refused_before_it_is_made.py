"""What a rule refuses in an update is refused with its resource: at the end of an update it is too late."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made

ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
ORGANISATION: Final = "o-abcdefghij"
ACCOUNT: Final = "111122223333"
WEAK: Final = {
    "promptMode": "disabled",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "identity team",
    "validUntil": "2027-01-15",
}
DECLARED: Final = {"mfa-requirement": {"declared": {**WEAK, "promptMode": "always-on"}}}
ASSIGNMENT: Final = Made(
    "aws:ssoadmin/accountAssignment:AccountAssignment",
    "people",
    {
        "permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-2",
        "principalType": "GROUP",
        "principalId": "g-1",
        "targetId": ACCOUNT,
    },
)
GROUP: Final = Made("aws:identitystore/group:Group", "crew", {"displayName": "Crew"})
PERSON: Final = Made("aws:identitystore/user:User", "ada", {"userName": "ada"})
KEY: Final = Made("aws:iam/accessKey:AccessKey", "key", {"user": "eve"})


def role(principal: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role that a principal may assume."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": trust, **inputs})


def user_with(policy: str) -> Made:
    """Attach a policy of AWS to a user of elsewhere."""
    given = {"user": "eve", "policyArn": f"arn:aws:iam::aws:policy/{policy}"}
    return Made("aws:iam/userPolicyAttachment:UserPolicyAttachment", policy, given)


FOLDER: Final = "FOLDER"
SITUATIONS: Final[dict[str, tuple[str, list[Made], dict[str, Any]]]] = {
    "a role with everything": (
        "no-root-level-access",
        [role(f"arn:aws:iam::{ACCOUNT}:role/x", managedPolicyArns=[ADMIN])],
        {},
    ),
    "a role of anybody": ("no-public-trust", [role("*")], {}),
    "a role of a user without MFA": ("iam-mfa", [role(f"arn:aws:iam::{ACCOUNT}:user/eve")], {}),
    "a key of a user without MFA": ("iam-mfa", [user_with("ReadOnlyAccess"), KEY], {}),
    "a policy of a user with a key": ("iam-mfa", [KEY, user_with("ReadOnlyAccess")], {}),
    "a way to more access": (
        "privilege-escalation",
        [user_with("IAMFullAccess")],
        {"privilege-escalation": "mandatory"},
    ),
    "a weak declaration": (
        "mfa-requirement",
        [Made("identity-center:index:MfaRequirement", "mfa", WEAK)],
        {},
    ),
    "anything below a weak declaration of the pack": (
        "mfa-requirement",
        [GROUP],
        {"mfa-requirement": {"declared": WEAK}},
    ),
    "an assignment without a declaration": ("mfa-requirement", [GROUP, ASSIGNMENT], {}),
    "a feature less": (
        "root-stays-bound",
        [Made("aws:iam/organizationsFeatures:OrganizationsFeatures", "central", {"enabledFeatures": []})],
        {},
    ),
    "an account with a bad root user": (
        "root-users",
        [ASSIGNMENT],
        {"root-users": {"auditFile": FOLDER, "organizationId": ORGANISATION}, **DECLARED},
    ),
    "a person who signed in without MFA": (
        "mfa-evidence",
        [PERSON],
        {"mfa-evidence": {"evidenceFile": FOLDER, "organizationId": ORGANISATION}, **DECLARED},
    ),
}
REPORTS: Final[dict[str, dict[str, Any]]] = {
    "root-users": {
        "kind": "identity-center/root-audit",
        "accounts": {
            ACCOUNT: {
                "readAt": "2026-11-19T10:00:00Z",
                "accessKeyPresent": True,
                "passwordPresent": False,
                "mfa": True,
            }
        },
    },
    "mfa-evidence": {
        "kind": "identity-center/mfa-evidence",
        "readAt": "2026-11-19T10:00:00Z",
        "people": {"id": {"userName": "Ada", "evidence": "without MFA"}},
    },
}


def configured(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Write the reports that a configuration names."""
    for rule, content in REPORTS.items():
        whole = {"version": 1, "organizationId": ORGANISATION, **content}
        (folder / f"{rule}.json").write_text(json.dumps(whole), encoding="utf-8")
    return {
        rule: {
            name: str(folder / f"{rule}.json") if value == FOLDER else value for name, value in each.items()
        }
        if isinstance(each, dict)
        else each
        for rule, each in given.items()
    }


@pytest.mark.parametrize("name", SITUATIONS)
def test_it_is_refused_before_it_is_made(name: str, tmp_path: Path) -> None:
    """With its own resource and not before; what was made stays made."""
    rule, made, given = SITUATIONS[name]
    engine = InProcessEngine(Phase.UPDATE, configured(given, tmp_path))
    told = [(each.policy, each.level, each.urn) for resource in made for each in engine.one(resource)]

    assert told == [(rule, "mandatory", made[-1].urn)]


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_preview_asks_about_no_resource_by_itself(name: str, tmp_path: Path) -> None:
    """There the whole is at hand, and each finding would be told twice."""
    _, made, given = SITUATIONS[name]
    for phase in (Phase.PREVIEW, Phase.AUDIT):
        engine = InProcessEngine(phase, configured(given, tmp_path))
        assert [told for resource in made for told in engine.one(resource)] == []
