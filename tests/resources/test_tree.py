"""The tree of components and the names in it: whoever changes it recreates people and assignments."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa import IdentityProvider, NoDevice, PromptMode
from identity_center.resources import AccessModel
from identity_center.resources.arguments.access_model_args import AccessModelArgs

GOLDEN = Path(__file__).with_name("golden_urns.txt")
DENY = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}'
STACK = "urn:pulumi:dev::identity-center::"


def person(key: str) -> dict[str, str]:
    """Return the attributes of a made-up person."""
    return {
        "user_name": key,
        "given_name": key.title(),
        "family_name": "Example",
        "display_name": f"{key.title()} Example",
        "email": f"{key}@example.com",
    }


def model(**changes: Any) -> AccessModelArgs:  # noqa: ANN401  # parts of the arguments, as a test changes them
    """Return a small model that has every kind of resource."""
    args: dict[str, Any] = {
        "instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "identity_store_id": "d-1234567890",
        "users": {"ada": person("ada"), "grace": person("grace")},
        "groups": {
            "developers": {"display_name": "Developers", "members": ["ada", "grace"]},
            "auditors": {"display_name": "Auditors"},
        },
        "permission_sets": {
            "power-user": {
                "name": "PowerUser",
                "managed_policy_arns": ["arn:aws:iam::aws:policy/PowerUserAccess"],
                "assignments": [
                    {
                        "principal_type": PrincipalType.GROUP,
                        "principal": "developers",
                        "account_ids": ["111122223333", "444455556666"],
                    },
                    {
                        "principal_type": PrincipalType.USER,
                        "principal": "ada",
                        "account_ids": ["111122223333"],
                    },
                ],
            },
            "nothing-yet": {"name": "NothingYet"},
        },
        "mfa_requirement": {
            "prompt_mode": PromptMode.ALWAYS_ON,
            "no_device": NoDevice.REGISTER,
            "identity_provider": IdentityProvider.BUILT_IN,
        },
    }
    return {**args, **changes}  # type: ignore[typeddict-item]  # a test's parts are as loose as its words


@pytest.fixture
def urns(run: Callable[..., Any]) -> Callable[[AccessModelArgs], set[str]]:
    """Return the URNs of a model, without the stack's own part."""

    def of(args: AccessModelArgs) -> set[str]:
        made = run(lambda: AccessModel("identity-center", args).user_ids)
        return {urn.removeprefix(STACK) for urn in made.requests if "pulumi:pulumi:Stack" not in urn}

    return of


def test_the_tree_is_the_one_that_stacks_were_made_with(urns: Callable[[AccessModelArgs], set[str]]) -> None:
    """A URN that changes is a resource that is deleted and made anew: people lose their access for minutes.

    A deliberate move ships aliases, and a test that they show no change, before this file is changed.
    """
    assert sorted(urns(model())) == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_neither_order_nor_labels_are_in_a_name(urns: Callable[[AccessModelArgs], set[str]]) -> None:
    """Sorting the file or renaming a group for its readers recreates nothing."""
    before = model()
    relabelled = model(
        users={key: {**person(key), "display_name": "Someone Else"} for key in ("grace", "ada")},
        groups={
            "auditors": {"display_name": "Reviewers"},
            "developers": {"display_name": "Builders", "members": ["grace", "ada"]},
        },
        permission_sets=dict(reversed(before["permission_sets"].items())),
    )

    assert urns(relabelled) == urns(before)


def test_one_more_account_adds_one_assignment_and_changes_no_other(
    urns: Callable[[AccessModelArgs], set[str]],
) -> None:
    """Peers' users lost all assignments when one was added."""
    before = model()
    after = model()
    after["permission_sets"]["power-user"]["assignments"][0]["account_ids"].insert(0, "000011112222")

    (added,) = urns(after) - urns(before)
    assert added.endswith("AccountAssignment::power-user/group/developers/000011112222")
    assert urns(before) - urns(after) == set()


def test_a_user_and_a_group_of_the_same_key_are_kept_apart(
    urns: Callable[[AccessModelArgs], set[str]],
) -> None:
    """Both may be called `ada`; their assignments and their resources are still two."""
    args = model(groups={"ada": {"display_name": "Ada's friends", "members": ["ada"]}})
    args["permission_sets"]["power-user"]["assignments"] = [
        {"principal_type": kind, "principal": "ada", "account_ids": ["111122223333"]}
        for kind in PrincipalType
    ]

    names = {urn.split("::")[-1] for urn in urns(args) if "AccountAssignment" in urn}

    assert names == {"power-user/user/ada/111122223333", "power-user/group/ada/111122223333"}


def everything() -> AccessModelArgs:
    """Return a model that has every kind of resource there is, beside those of `model`."""
    args = model()
    args["permission_sets"]["power-user"] |= {
        "customer_managed_policies": [{"name": "Deploy", "path": "/team/"}, {"name": "Read"}],
        "inline_policy": DENY,
        "permissions_boundary": {"customer_managed_policy": {"name": "Boundary"}},
    }
    grantee: Any = {"principal_type": PrincipalType.GROUP, "principal": "developers"}
    args["applications"] = {
        "wiki": {
            "name": "Wiki",
            "application_provider_arn": "arn:aws:sso::aws:applicationProvider/custom",
            "assignments": [grantee],
        }
    }
    auditor: Any = {"role_arn": "arn:aws:iam::111122223333:role/team/Auditor", **grantee}
    args["role_entitlements"] = [auditor]
    args["access_control_attributes"] = {"Team": "${path:userType}"}
    args["additional_regions"] = ["us-west-2", "eu-west-1"]
    return args


def test_the_tree_of_a_whole_model_is_the_one_that_stacks_were_made_with(
    urns: Callable[[AccessModelArgs], set[str]],
) -> None:
    """As above, for policies of the accounts, boundaries, applications, entitlements and settings."""
    golden = Path(__file__).with_name("golden_urns_of_everything.txt").read_text(encoding="utf-8")

    assert urns(everything()) > urns(model())
    assert sorted(urns(everything()) - urns(model())) == golden.splitlines()


def test_policies_of_a_set_are_attached_one_after_the_other_and_before_its_assignments(
    run: Callable[..., Any],
) -> None:
    """Two changes of one permission set at once are a conflict, and nobody signs in to half a set."""
    made = run(lambda: AccessModel("identity-center", everything()).user_ids)
    order = [
        made.urn("PermissionsBoundaryAttachment", "power-user"),
        made.urn("ManagedPolicyAttachmentsExclusive", "power-user"),
        made.urn("CustomerManagedPolicyAttachment", "power-user/team/Deploy"),
        made.urn("CustomerManagedPolicyAttachment", "power-user/Read"),
        made.urn("PermissionSetInlinePolicy", "power-user"),
    ]
    assignment = made.requests[made.urn("AccountAssignment", "power-user/user/ada/111122223333")]

    for before, after in pairwise(order):
        assert before in made.requests[after].dependencies
    assert order[-1] in assignment.dependencies


def test_former_keys_are_aliases_of_everything_that_bears_the_key(run: Callable[..., Any]) -> None:
    """A key in a name that has no alias is a person who is deleted and made anew."""
    args = everything()
    args["former_user_keys"], args["former_group_keys"] = {"ada": "augusta"}, {"developers": "builders"}
    args["permission_sets"]["power-user"]["formerly"] = "power"
    args["applications"]["wiki"]["formerly"] = "handbook"
    made = run(lambda: AccessModel("identity-center", args).user_ids)

    def former(kind: str, name: str) -> set[str]:
        aliases = made.requests[made.urn(kind, name)].aliases
        return {alias.spec.name or alias.urn.split("::")[-1] for alias in aliases}

    assert "augusta" in former("user:User", "ada")
    assert "builders" in former("group:Group", "developers")
    assert {"builders/ada", "developers/augusta", "builders/augusta"} <= former(
        "GroupMembership", "developers/ada"
    )
    assert "power" in former("index:PermissionSet", "power-user")
    assert "handbook" in former("index:Application", "wiki")
    assert "power-user/group/builders/111122223333" in former(
        "AccountAssignment", "power-user/group/developers/111122223333"
    )
    assert "111122223333/team/Auditor/group/builders" in former(
        "Entitlement", "111122223333/team/Auditor/group/developers"
    )
