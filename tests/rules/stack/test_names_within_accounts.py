"""Names join only within their account: a permission set's policies are those of where it is used."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from identity_center_cli.stacks.recorded import resources_of_state, view_of
from identity_guard.rules.root_level import RULE as ROOT_LEVEL_RULE
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tests.rules.access_parts import (
    ADMIN,
    EVERYTHING,
    NO_IAM,
    SET_ARN,
    WORKLOAD,
    assigned,
    existing_set,
    in_account,
    managed,
    policy,
    role,
    sso,
)

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
OTHER: Final = "555566667777"
QUIET: Final = dict.fromkeys(
    ("mfa_requirement", "privilege_escalation", "identity_advice", "chains_to_administrators"), "disabled"
)
READING: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}}
)
SET: Final = existing_set()
KNOWN: Final = {"permissionSetArn": SET_ARN}


def references(name: str = "Company") -> Made:
    """Give the set a customer-managed policy of the accounts."""
    given = {"customerManagedPolicyReference": {"name": name, "path": "/"}, **KNOWN}
    return sso("CustomerManagedPolicyAttachment", "own", SET, **given)


def limited(name: str = "Company") -> Made:
    """Limit the set by a customer-managed policy of the accounts."""
    given = {"permissionsBoundary": {"customerManagedPolicyReference": {"name": name, "path": "/"}}}
    return sso("PermissionsBoundaryAttachment", "limit", SET, **given, **KNOWN)


def waiting_for(made: Made) -> Made:
    """Give the set a customer-managed policy whose name is known once it is made."""
    given = {"customerManagedPolicyReference": {"name": UNKNOWN, "path": "/"}, **KNOWN}
    attached = sso("CustomerManagedPolicyAttachment", "own", SET, **given)
    return replace(attached, depends={"customerManagedPolicyReference": [made]})


def used(*accounts: str) -> list[Made]:
    """Assign the set."""
    return [assigned(SET, account, **KNOWN) for account in accounts]


def company(document: str, account: str | None = WORKLOAD) -> Made:
    """Make the policy, in an account that is known or not."""
    made = policy("Company", document)
    if account is None:
        return made
    return replace(in_account(made, account), name=f"Company-{account}")


def by(settings: dict[str, Any], document: str = EVERYTHING) -> Made:
    """Make the policy by a provider with some settings."""
    made = policy("Company", document)
    return replace(made, provider="urn:of-some-account", provider_settings=settings)


ROLE_IN: Final = f"arn:aws:iam::{WORKLOAD}:role/deploy"
ADMINISTERS: Final = managed(SET, ADMIN, **KNOWN)

SITUATIONS: Final[dict[str, tuple[list[Made], str]]] = {
    "made where it is used": ([company(EVERYTHING), references(), *used(WORKLOAD)], RULE),
    "harmless where it is used": ([company(READING), references(), *used(WORKLOAD)], ""),
    "made elsewhere, everything": ([company(EVERYTHING, OTHER), references(), *used(WORKLOAD)], "undecided"),
    "made elsewhere, harmless": ([company(READING, OTHER), references(), *used(WORKLOAD)], "undecided"),
    "made in one of two accounts": ([company(READING), references(), *used(WORKLOAD, OTHER)], "undecided"),
    "made in both": (
        [company(READING), company(READING, OTHER), references(), *used(WORKLOAD, OTHER)],
        "",
    ),
    "the worse of two accounts": (
        [company(READING), company(EVERYTHING, OTHER), references(), *used(WORKLOAD, OTHER)],
        RULE,
    ),
    "an account of the maker that nobody says": (
        [company(READING, None), references(), *used(WORKLOAD)],
        "undecided",
    ),
    "by a name that is not known yet": (
        [company(EVERYTHING), waiting_for(company(EVERYTHING)), *used(WORKLOAD)],
        RULE,
    ),
    "by a name that is not known yet, made elsewhere": (
        [company(EVERYTHING, OTHER), waiting_for(company(EVERYTHING, OTHER)), *used(WORKLOAD)],
        "undecided",
    ),
    "by a name that is not known yet, used nowhere": (
        [company(EVERYTHING), waiting_for(company(EVERYTHING))],
        "undecided",
    ),
    "used nowhere in this stack": ([company(READING), references()], "undecided"),
    "used in an account that is not known yet": (
        [company(READING), references(), *used(UNKNOWN)],
        "undecided",
    ),
    "by the role that its provider assumes": (
        [by({"assumeRoles": [{"roleArn": ROLE_IN}]}), references(), *used(WORKLOAD)],
        RULE,
    ),
    "by the last of several roles": (
        [
            by(
                {
                    "assumeRoles": json.dumps(
                        [{"roleArn": ROLE_IN.replace(WORKLOAD, OTHER)}, {"roleArn": ROLE_IN}]
                    )
                }
            ),
            references(),
            *used(WORKLOAD),
        ],
        RULE,
    ),
    "by a web identity's role": (
        [by({"assumeRoleWithWebIdentity": {"roleArn": ROLE_IN}}), references(), *used(WORKLOAD)],
        RULE,
    ),
    "by the only account that its provider allows": (
        [by({"allowedAccountIds": [WORKLOAD]}), references(), *used(WORKLOAD)],
        RULE,
    ),
    "of several accounts that its provider allows": (
        [by({"allowedAccountIds": [WORKLOAD, OTHER]}, READING), references(), *used(WORKLOAD)],
        "undecided",
    ),
    "a provider whose account is not known yet": (
        [by({"allowedAccountIds": UNKNOWN}, READING), references(), *used(WORKLOAD)],
        "undecided",
    ),
    "by its own ARN": (
        [
            replace(
                policy("Company", EVERYTHING),
                outputs={
                    "name": "Company",
                    "path": "/",
                    "policy": EVERYTHING,
                    "arn": f"arn:aws:iam::{WORKLOAD}:policy/Company",
                },
            ),
            references(),
            *used(WORKLOAD),
        ],
        RULE,
    ),
    "a boundary made where it is used": ([company(READING), limited(), ADMINISTERS, *used(WORKLOAD)], ""),
    "a boundary made elsewhere limits nobody": (
        [company(READING, OTHER), limited(), ADMINISTERS, *used(WORKLOAD)],
        "undecided",
    ),
    "a boundary whose text is nowhere": ([limited(), ADMINISTERS, *used(WORKLOAD)], "undecided"),
    "a boundary that withholds in one account only": (
        [
            company(READING),
            company(EVERYTHING, OTHER),
            limited(),
            ADMINISTERS,
            *used(WORKLOAD, OTHER),
        ],
        RULE,
    ),
    "a Deny made elsewhere takes nothing back": (
        [company(NO_IAM, OTHER), references(), ADMINISTERS, *used(WORKLOAD)],
        RULE,
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_set_holds_what_its_accounts_have(preview: Run, name: str) -> None:
    """The text of another account under the same name would vouch for one that nobody has seen."""
    made, policy_told = SITUATIONS[name]

    assert [each.policy for each in preview(SET, *made, **QUIET)] == ([policy_told] if policy_told else [])


def iam_attached(arn: str, account: str | None) -> list[Made]:
    """Attach a policy to a role, both by providers of one account, or by one that says none."""
    made = [
        role(),
        Made("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "it", {"role": "deploy", "policyArn": arn}),
    ]
    return made if account is None else [in_account(each, account) for each in made]


OF_WORKLOAD: Final = f"arn:aws:iam::{WORKLOAD}:policy/Company"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([company(EVERYTHING), *iam_attached(OF_WORKLOAD, WORKLOAD)], RULE),
        ([company(READING), *iam_attached(OF_WORKLOAD, WORKLOAD)], ""),
        ([company(READING, OTHER), *iam_attached(OF_WORKLOAD, WORKLOAD)], "undecided"),
        ([company(EVERYTHING, None), *iam_attached(OF_WORKLOAD, None)], RULE),
        ([company(READING, None), *iam_attached(OF_WORKLOAD, WORKLOAD)], "undecided"),
    ],
    ids=["same", "same, harmless", "another", "one provider that says nothing", "only one says it"],
)
def test_a_role_holds_policies_of_its_own_account(preview: Run, made: list[Made], expected: str) -> None:
    """An ARN names its account; a policy of that name in another one is another policy."""
    assert [each.policy for each in preview(*made, **QUIET)] == ([expected] if expected else [])


def test_equally_named_roles_of_two_accounts_are_two(preview: Run) -> None:
    """A boundary of one must not be counted for the other."""
    held = in_account(role(permissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess"), OTHER)
    free = replace(in_account(role()), name="free")
    attachment = Made(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "it", {"role": "deploy", "policyArn": ADMIN}
    )

    (told,) = preview(held, free, in_account(attachment), **QUIET)

    assert "IAM role `free` has root-level access" in told.message


def test_two_providers_of_one_account_mean_one_role(preview: Run) -> None:
    """The half that one provider attaches and the half of the other come to one access."""
    attachment = Made(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "it",
        {"role": "deploy", "policyArn": ADMIN},
        provider="urn:another-provider-of-the-account",
        provider_settings={"assumeRoles": [{"roleArn": ROLE_IN}]},
    )
    limit = in_account(role(permissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess"))

    assert preview(limit, attachment, **QUIET) == []


def test_an_entitlement_means_the_role_of_its_account(preview: Run) -> None:
    """People let into `deploy` of another account use another role than this stack makes."""
    of = {
        "roleArn": f"arn:aws:iam::{OTHER}:role/deploy",
        "principal": {"identityCenter": {"userId": "u-1"}},
    }
    let_in = in_account(
        Made("aws:accountaccess/entitlement:Entitlement", "let-in", {"entitlement": {"principalRole": of}})
    )

    told = preview(in_account(role(managedPolicyArns=[ADMIN])), let_in, **QUIET)

    (refused,) = [each for each in told if each.policy == RULE]
    assert "people of Identity Center" not in refused.message
    assert any("made elsewhere" in each.message for each in told if each.policy == "undecided")


def test_an_unknown_boundary_leaves_every_question_open(preview: Run) -> None:
    """Neither absent nor harmless: a boundary that nobody has read may withhold all of it, or nothing."""
    rewrites = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Put*", "Resource": "*"}}
    )
    held = role(
        permissionsBoundary=f"arn:aws:iam::{OTHER}:policy/nowhere",
        inlinePolicies=[{"name": "p", "policy": rewrites}],
    )

    told = preview(
        held, mfa_requirement="disabled", identity_advice="disabled", chains_to_administrators="disabled"
    )

    assert [each.policy for each in told] == ["undecided"]
    assert "nowhere: its text is not in this stack" in told[0].message


def test_a_recorded_state_knows_the_accounts_of_its_providers() -> None:
    """`check` on an export of several accounts must not leave all of them undecided."""
    provider = "urn:pulumi:dev::p::pulumi:providers:aws::workload"
    entries = [
        {"urn": provider, "type": "pulumi:providers:aws", "inputs": {"allowedAccountIds": f'["{WORKLOAD}"]'}},
        *(
            {
                "urn": made.urn,
                "type": made.type,
                "inputs": dict(made.inputs),
                "outputs": dict(made.outputs or made.inputs),
                "provider": f"{provider}::1234",
            }
            for made in (SET, company(EVERYTHING), references(), *used(WORKLOAD))
        ),
    ]
    state = {"version": 3, "deployment": {"resources": entries}}
    view = view_of(resources_of_state(state), {})
    settings = ROOT_LEVEL_RULE.read_settings({})

    claims = [each.message for each in ROOT_LEVEL_RULE.judge.whole(view, settings)]
    assert any("permission set `power` has root-level access" in claim for claim in claims)
