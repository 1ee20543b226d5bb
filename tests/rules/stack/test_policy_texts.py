"""Which text an attachment means: by ARN, by name and path, by dependency, or none that is at hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
QUIET: Final = {
    "privilege_escalation": "disabled",
    "mfa_requirement": "disabled",
    "identity_advice": "disabled",
}
OWN: Final = "arn:aws:iam::111122223333:policy"


def text(action: str) -> str:
    """Allow one action."""
    return json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}}
    )


def policy(label: str, action: str = "*", **more: Any) -> Made:  # noqa: ANN401 - any property
    """Make a customer-managed policy; its ARN is an output."""
    arn = more.pop("arn", UNKNOWN)
    inputs = {"policy": text(action), **more}
    return Made("aws:iam/policy:Policy", label, inputs, {**inputs, "arn": arn})


def attached(arn: object, *depends: Made) -> Made:
    """Attach it to a role of elsewhere."""
    given = {"role": "deploy", "policyArn": arn}
    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    return Made(token, "it", given, depends={"policyArn": [*depends]})


def referenced(**reference: Any) -> Made:  # noqa: ANN401 - also what no program should give
    """Attach it by name and path to a permission set of elsewhere."""
    given = {
        "permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-2",
        "customerManagedPolicyReference": reference,
    }
    token = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment"
    return Made(token, "it", given)


def there(made: Made) -> list[Made]:
    """Make a policy in the account where the permission set of elsewhere is used."""
    account = "444455556666"
    given = {
        "permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-2",
        "targetId": account,
        "principalType": "GROUP",
        "principalId": "g-1",
    }
    settings = {"assumeRoles": [{"roleArn": f"arn:aws:iam::{account}:role/deploy"}]}
    return [
        replace(made, provider="urn:of-the-account", provider_settings=settings),
        Made("aws:ssoadmin/accountAssignment:AccountAssignment", "use", given),
    ]


def outcome(told: list[Told]) -> str:
    """Return what is refused, or why it is open, in one word or line; empty where all is fine."""
    if any(each.policy == RULE for each in told):
        return "refused"
    return "; ".join(
        line.partition("because: ")[2]
        for each in told
        for line in each.message.splitlines()
        if "because: " in line
    )


EVERYTHING, READING = policy("all", name="Everything"), policy("some", "s3:List*", name="Reading")
IN_TEAM: Final = policy("team", name="Everything", path="/team/")
NAMELESS: Final = policy("nameless", arn=f"{OWN}/nameless-1a2b")
NOT_HERE: Final = "its text is not in this stack"

SITUATIONS: Final[dict[str, tuple[list[Made], str]]] = {
    "by its ARN": ([NAMELESS, attached(f"{OWN}/nameless-1a2b")], "refused"),
    "by the name in an ARN": ([EVERYTHING, attached(f"{OWN}/Everything")], "refused"),
    "by path and name in an ARN": ([IN_TEAM, attached(f"{OWN}/team/Everything")], "refused"),
    "a name below another path": ([IN_TEAM, attached(f"{OWN}/Everything")], f"Everything: {NOT_HERE}"),
    "one of two of a name, by its path": (
        [policy("other", "s3:List*", name="Everything"), IN_TEAM, attached(f"{OWN}/Everything")],
        "",
    ),
    "one of two of a name and path": (
        [EVERYTHING, policy("again", "s3:List*", name="Everything"), attached(f"{OWN}/Everything")],
        "Everything: 2 policies of this stack are called that",
    ),
    "one of no other": ([READING, attached(f"{OWN}/Everything")], f"Everything: {NOT_HERE}"),
    "what is no ARN of a policy": (
        [EVERYTHING, attached("arn:aws:s3:::Everything")],
        "a managed policy: its ARN cannot be read as one of a policy",
    ),
    "by the only policy that it depends on": ([EVERYTHING, attached(UNKNOWN, EVERYTHING)], "refused"),
    "by the only policy among what it depends on": (
        [
            NAMELESS,
            Made("aws:iam/role:Role", "r", {}),
            attached(UNKNOWN, Made("aws:iam/role:Role", "r", {}), NAMELESS),
        ],
        "refused",
    ),
    "by one of two that it depends on": (
        [EVERYTHING, READING, attached(UNKNOWN, EVERYTHING, READING)],
        "`policyArn` of RolePolicyAttachment `it` is not known yet",
    ),
    "by nothing that it depends on": (
        [EVERYTHING, attached(UNKNOWN)],
        "`policyArn` of RolePolicyAttachment `it` is not known yet",
    ),
    "an ARN that is no text": ([attached(7)], "a policy: it cannot be read as a policy"),
    "a reference by name": ([*there(EVERYTHING), referenced(name="Everything")], "refused"),
    "a reference by name and path": (
        [*there(IN_TEAM), referenced(name="Everything", path="/team/")],
        "refused",
    ),
    "a reference to another path": (
        [EVERYTHING, referenced(name="Everything", path="/team/")],
        f"Everything: {NOT_HERE}",
    ),
    "a reference without a name": (
        [EVERYTHING, referenced(path="/")],
        "a policy: it cannot be read as a policy",
    ),
    "a text that is not known yet": (
        [policy("late", name="Late", policy=UNKNOWN), attached(f"{OWN}/Late")],
        "`policy` of Policy `late` is not known yet",
    ),
    "a policy without a text": (
        [Made("aws:iam/policy:Policy", "none", {"name": "None"}), attached(f"{OWN}/None")],
        "None: it has no text",
    ),
    "a text that is none": (
        [policy("list", name="List", policy=["x"]), attached(f"{OWN}/List")],
        "List: it is neither a text nor an object",
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_an_attachment_means_one_text_or_is_told(preview: Run, name: str) -> None:
    """Another policy's text in its place would refuse what is fine, or let everything through."""
    made, expected = SITUATIONS[name]

    assert outcome(preview(*made, **QUIET)) == expected


def test_a_policy_that_is_asked_about_again_is_one_policy(update: Run) -> None:
    """A replacement is asked about twice under one URN."""
    made = [EVERYTHING, policy("all", "s3:List*", name="Everything"), attached(f"{OWN}/Everything")]

    assert outcome(update(*made, undecided="mandatory", **QUIET)) == ""


def test_a_managed_policy_of_aws_is_known_and_another_of_its_name_is_none(preview: Run) -> None:
    """Only the account says whose it is."""
    aws = attached("arn:aws:iam::aws:policy/AdministratorAccess")
    of_aws = attached("arn:aws:iam::aws:policy/NoSuchPolicyOfAws")

    assert outcome(preview(aws, **QUIET)) == "refused"
    assert (
        outcome(preview(attached(f"{OWN}/AdministratorAccess"), **QUIET))
        == f"AdministratorAccess: {NOT_HERE}"
    )
    assert "NoSuchPolicyOfAws" in outcome(preview(of_aws, **QUIET))
