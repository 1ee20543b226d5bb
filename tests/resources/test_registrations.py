"""Everything that is said to the engine, held against what commit 688f6c0 said: no stack may notice a change.

`golden_registrations.yaml` has, of every resource that the tests' models and components make, its parent, its
inputs, what it waits for and its options. A change of it is a change of every user's stack, and stands in the
CHANGELOG: `IDENTITY_CENTER_WRITE_GOLDEN=1` writes it anew.
"""

import json
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime import rpc
from pulumi.runtime.config import set_all_config

from identity_center.model.aws.root_guard import RootTask
from identity_center.model.language.keys.choices import SignInOrigin, Switch
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa import IdentityProvider, MfaType, NoDevice, PromptMode
from identity_center.resources import (
    AccessModel,
    AccountAccess,
    AdditionalRegions,
    Application,
    Assignment,
    Directory,
    Group,
    IamMfaPolicy,
    InstanceSettings,
    MfaRequirement,
    PermissionSet,
    RoleEntitlement,
    RootGuard,
    User,
)

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
EVERYTHING = PROJECT / "tests" / "everything"
GOLDEN = HERE / "golden_registrations.yaml"
INSTANCE, STORE = "arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1234567890"
MANAGEMENT, MEMBER = "111122223333", "444444444444"
ROLES = ("role/team/Operator", "role/Auditor")
Run = Callable[..., Any]

#: The options of a registration, as the protocol names them; those that are not set are left out.
OPTIONS = (
    "protect",
    "deleteBeforeReplace",
    "replaceOnChanges",
    "retainOnDelete",
    "additionalSecretOutputs",
    "ignoreChanges",
    "importId",
)


def told(request: Any) -> dict[str, Any]:  # noqa: ANN401  # a message of the engine's protocol
    """Return what a registration says, with short URNs."""
    inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
    said: dict[str, Any] = {
        "parent": short(request.parent),
        "inputs": json.loads(json.dumps(rpc.unwrap_rpc_secret(inputs), default=str)),
        "secret": sorted(name for name, value in inputs.items() if has_secret(value)),
        "waits_for": sorted(map(short, request.dependencies)),
        "by_property": {
            name: sorted(map(short, found.urns))
            for name, found in sorted(request.propertyDependencies.items())
            if found.urns
        },
        "aliases": sorted(alias.spec.name or short(alias.urn) for alias in request.aliases),
        **{name: plain(getattr(request, name)) for name in OPTIONS},
    }
    if request.HasField("customTimeouts"):
        limits = request.customTimeouts
        said["timeouts"] = {name: getattr(limits, name) for name in ("create", "update", "delete")}
    return {name: value for name, value in said.items() if value}


def has_secret(value: Any) -> bool:  # noqa: ANN401  # any property
    """Tell whether a part of a property is a secret."""
    if rpc.is_rpc_secret(value):
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(has_secret, parts))


def plain(value: Any) -> Any:  # noqa: ANN401  # a field of the protocol
    """Make a list of what the protocol repeats."""
    return value if isinstance(value, bool | str) else sorted(value)


def short(urn: str) -> str:
    """Leave out stack, project and ancestors."""
    if not urn or "pulumi:pulumi:Stack" in urn:
        return ""
    *_, kind, name = urn.split("::", 3)
    return f"{kind.split('$')[-1]}::{name}"


def registrations(made: Any) -> dict[str, Any]:  # noqa: ANN401  # what conftest's run gives
    """Return all registrations of a run by short URN; no two of a run have the same."""
    requests = {urn: each for urn, each in made.requests.items() if "pulumi:pulumi:Stack" not in urn}
    by_name = {short(urn): told(request) for urn, request in requests.items()}
    for urn, outputs in made.outputs.items():
        if "pulumi:pulumi:Stack" not in urn:
            by_name[short(urn)]["registers"] = outputs
    assert len(by_name) == len(requests)
    return by_name


@pytest.fixture
def whole_program(run: Run, answers: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:  # noqa: ANN401  # the class of conftest
    """Return a function that runs the project's own program with the model that uses every key."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2026-11-23")
    shutil.copytree(EVERYTHING / "access", tmp_path / "access")
    (tmp_path / "organisation.json").write_text(json.dumps(organisation()), encoding="utf-8")
    answers.users = [
        user("grace", "grace.hopper@corp.example.com"),
        user("joan", "joan"),
        user("mary", "mary", displayName="Mary Example"),
        user("edsger", "edsger", externalIds=[{"issuer": "https://idp.example.com", "id": "00u1edsger"}]),
    ]
    answers.groups = [{"groupId": "id of platform", "displayName": "Platform", "identityStoreId": STORE}]
    answers.policies = {
        f"arn:aws:iam::{MANAGEMENT}:policy/team/{name}": {} for name in ("Deploy", "Boundary")
    }

    def run_program(secret_keys: tuple[str, ...] = ()) -> dict[str, Any]:
        config = yaml.safe_load((EVERYTHING / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
        config["identity-center:organisationSnapshot"] = "organisation.json"
        config["identity-center:policyLookups"] = {"memberAccounts": False}
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
        set_all_config(texts, list(secret_keys))
        monkeypatch.setattr(pulumi, "export", lambda name, value: (name, value))
        return registrations(
            run(lambda: ignored(runpy.run_path(str(PROJECT / "__main__.py"))), root=tmp_path)
        )

    yield run_program
    set_all_config({}, [])


def ignored(_value: object) -> None:
    """Give back nothing: a run awaits what its program returns."""


def user(key: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # attributes
    """Return somebody who comes from elsewhere as the provider's getUsers has them."""
    return {
        "userId": f"id of {key}",
        "userName": name,
        "displayName": name,
        "emails": [{"value": f"{key}@corp.example.com"}],
        "externalIds": [],
        "identityStoreId": STORE,
        **more,
    }


def organisation() -> dict[str, Any]:
    """Return a snapshot in which the model's selections come to one account."""
    shop = {"team": "shop", "environment": "production"}
    return {
        "format": 1,
        "takenAt": "2026-11-20T00:00:00Z",
        "managementAccountId": MANAGEMENT,
        "units": [
            {"id": "r-root", "name": "Root", "parent": None},
            {"id": "ou-work", "name": "Workloads", "parent": "r-root"},
            {"id": "ou-prod", "name": "Production", "parent": "ou-work"},
            {"id": "ou-infra", "name": "Infrastructure", "parent": "r-root"},
        ],
        "accounts": [
            account(MANAGEMENT, "Management", "r-root", {}),
            account(MEMBER, "shop-production", "ou-prod", shop),
            account("555555555555", "data-production", "ou-prod", {"team": "data"}),
        ],
    }


def account(account_id: str, name: str, unit: str, tags: dict[str, str]) -> dict[str, Any]:
    """Return an account of the snapshot."""
    return {"id": account_id, "name": name, "state": "ACTIVE", "unit": unit, "tags": tags}


PERSON: Any = {
    "user_name": "ada",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "display_name": "Ada Lovelace",
    "email": "ada@example.com",
    "email_type": "work",
    "middle_name": "King",
    "title": pulumi.Output.secret("Analyst"),
    "phone_number": {"value": "1", "primary": True},
    "address": {"postal_code": "SW1Y", "country": "GB"},
}
GRANTEE: Any = {"principal_type": PrincipalType.GROUP, "principal_key": "developers", "principal_id": "g-1"}
OTHER: Any = {"principal_type": PrincipalType.USER, "principal_key": "ada", "principal_id": "u-1"}
DENY = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}'
ROLE = "arn:aws:iam::111122223333:role/team/Auditor"


def any_args(args: Any) -> Any:  # noqa: ANN401  # arguments of any component
    """Spare the type checker arguments that are put together of parts."""
    return args


def every_component_alone() -> None:
    """Make each component with every argument that decides about a resource, and again with the least."""
    user_alone = User("ada", any_args({"identity_store_id": STORE, **PERSON}))
    group = Group(
        "developers",
        {
            "identity_store_id": STORE,
            "display_name": "Developers",
            "description": "They build",
            "members": {"ada": user_alone.user_id, "grace": "u-2"},
        },
    )
    Group("auditors", {"identity_store_id": STORE, "display_name": "Auditors"})
    Directory(
        "directory",
        any_args(
            {
                "identity_store_id": STORE,
                "users": {"linus": {**PERSON, "user_name": "linus"}},
                "groups": {"builders": {"display_name": "Builders", "members": ["linus", "grace"]}},
                "external_user_ids": {"grace": "u-2"},
                "external_group_ids": {"platform": "g-9"},
                "former_user_keys": {"linus": "torvalds"},
                "former_group_keys": {"builders": "makers"},
                "protected_users": ["linus"],
                "protected_groups": ["builders"],
                "released_users": ["grace"],
            }
        ),
    )
    power = PermissionSet(
        "power",
        any_args(
            {
                "instance_arn": INSTANCE,
                "name": "Power",
                "description": "Much",
                "session_duration": "PT4H",
                "managed_policy_arns": ["arn:aws:iam::aws:policy/PowerUserAccess"],
                "relay_state": "https://console.aws.amazon.com/",
                "customer_managed_policies": [{"name": "Deploy", "path": "/team/"}, {"name": "Read"}],
                "inline_policy": DENY,
                "permissions_boundary": {"customer_managed_policy": {"name": "Boundary"}},
                "tags": {"user_name": "kept"},
                "assignments": [
                    {
                        **GRANTEE,
                        "principal_id": group.group_id,
                        "account_ids": [MEMBER, MANAGEMENT],
                        "break_glass_account_ids": [MEMBER],
                        "former_principal_key": "builders",
                    },
                    {**OTHER, "account_ids": [MEMBER]},
                ],
            }
        ),
    )
    boundary: Any = {"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    least: Any = {"instance_arn": INSTANCE, "name": "Least", "permissions_boundary": boundary}
    PermissionSet("least", least)
    Assignment(
        "auditors-power",
        {
            "instance_arn": INSTANCE,
            "permission_set_arn": power.arn,
            "principal_type": PrincipalType.GROUP,
            "principal_id": group.group_id,
            "account_ids": [MEMBER, MANAGEMENT],
        },
    )
    _portal_and_roles()
    InstanceSettings(
        "settings", {"instance_arn": INSTANCE, "access_control_attributes": {"Team": "${path:userType}"}}
    )
    AdditionalRegions("regions", {"instance_arn": INSTANCE, "additional_regions": ["us-west-2", "eu-west-1"]})
    MfaRequirement(
        "mfa",
        {
            "identity_provider": IdentityProvider.BUILT_IN,
            "prompt_mode": PromptMode.ALWAYS_ON,
            "no_device": NoDevice.REGISTER,
            "allowed_types": [MfaType.SECURITY_KEYS],
        },
    )
    RootGuard(
        "guard",
        {"target_ids": ["ou-1234-12345678"], "instance_arn": INSTANCE, "tasks": [RootTask.AUDIT]},
    )
    RootGuard("guard-of-all", {})
    IamMfaPolicy("iam-mfa", {"groups": ["operators"], "users": ["old-hand"]})
    AccessModel(
        "model",
        any_args(
            {
                "instance_arn": INSTANCE,
                "identity_store_id": STORE,
                "users": {"eve": {**PERSON, "user_name": "eve"}},
                "permission_sets": {"set": {"name": "Set", "formerly": "before"}},
            }
        ),
    )


def _portal_and_roles() -> None:
    application: Any = {
        "instance_arn": INSTANCE,
        "name": "Wiki",
        "application_provider_arn": "arn:aws:sso::aws:applicationProvider/custom",
    }
    Application("intranet", application)
    Application(
        "wiki",
        any_args(
            {
                **application,
                "description": "What everybody should know",
                "status": Switch.DISABLED,
                "portal": {
                    "origin": SignInOrigin.APPLICATION,
                    "application_url": "https://wiki.example.com/",
                },
                "tags": {"application_url": "kept"},
                "assignments": [
                    {**GRANTEE, "break_glass": True},
                    {**OTHER, "former_principal_key": "augusta"},
                ],
            }
        ),
    )
    AccountAccess(
        "roles",
        any_args(
            {
                "instance_arn": INSTANCE,
                "tags": {"team": "platform"},
                "entitlements": [
                    {"role_arn": ROLE, **GRANTEE, "break_glass": True},
                    {"role_arn": ROLE, **OTHER, "former_principal_key": "augusta"},
                ],
            }
        ),
    )
    RoleEntitlement(
        "auditor",
        {
            "application_arn": "arn:aws:sso::1:application/a",
            "role_arn": ROLE,
            "principal_type": PrincipalType.USER,
            "principal_id": "u-1",
        },
    )


def test_no_stack_notices_what_changes_here(run: Run, answers: Any, whole_program: Run) -> None:  # noqa: ANN401  # the class of conftest
    """A changed input updates every stack; a changed name, parent or alias is a person made anew."""
    answers.organisation |= {
        "featureSet": "ALL",
        "awsServiceAccessPrincipals": ["iam.amazonaws.com"],
        "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
        "roots": [{"id": "r-root", "arn": "arn", "name": "Root", "policyTypes": []}],
    }
    kept_secret = whole_program(("identity-center:users",))
    found = {
        "the whole model": whole_program(),
        "people who are kept secret": {
            name: each for name, each in kept_secret.items() if "user:User" in name
        },
        "every component alone": registrations(run(every_component_alone)),
    }
    text = yaml.safe_dump(found, sort_keys=True, width=110, allow_unicode=True)
    if os.environ.get("IDENTITY_CENTER_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert yaml.safe_load(text) == yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
