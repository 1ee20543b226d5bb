"""What binds root users stays, as far as a stack shows it."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.rules.root_stays_bound import NAME
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
ROOT = {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}


def features(*names: str) -> Made:
    """Make the organisation's features of IAM."""
    token = "aws:iam/organizationsFeatures:OrganizationsFeatures"
    return Made(token, "central", {"enabledFeatures": list(names)})


def deny(condition: Any = None, **more: Any) -> Made:  # noqa: ANN401 - as JSON
    """Make a service control policy that is meant to deny root."""
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition or ROOT, **more}
    document = {"Version": "2012-10-17", "Statement": {k: v for k, v in statement.items() if v}}
    return Made("aws:organizations/policy:Policy", "no-root", {"content": json.dumps(document)})


def attached(policy: Made) -> Made:
    """Attach it."""
    inputs = {"policyId": UNKNOWN, "targetId": "r-ab12"}
    token = "aws:organizations/policyAttachment:PolicyAttachment"
    return Made(token, "everywhere", inputs, inputs, {"policyId": [policy]})


def organisation(**inputs: Any) -> Made:  # noqa: ANN401 - as a program gives them
    """Make the organisation itself."""
    return Made("aws:organizations/organization:Organization", "org", inputs)


def levels(told: list[Told]) -> list[tuple[str, str]]:
    """Return policy and level of each."""
    return [(each.policy, each.level) for each in told]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("RootCredentialsManagement", "RootSessions"), []),
        (("RootSessions",), [(NAME, "mandatory")]),
        ((), [(NAME, "mandatory")]),
        (("RootCredentialsManagement",), [("identity-advice", "advisory")]),
    ],
)
def test_features_that_are_reduced_are_told(
    preview: Run, names: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    """Who takes a feature out of the list leaves every member account's root user unguarded."""
    assert levels(preview(features(*names))) == expected


def test_features_that_are_reduced_are_refused_in_the_update(update: Run) -> None:
    """Also with --skip-preview."""
    assert levels(update(features("RootSessions"))) == [(NAME, "mandatory")]


def test_features_not_known_yet_are_undecided(preview: Run) -> None:
    """Neither fine nor refused."""
    assert levels(preview(features(UNKNOWN))) == [("undecided", "advisory")]


DENIALS: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = {
    "AWS's example": (ROOT, {}, []),
    "with the exception of root sessions": (
        {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}, "Null": {"aws:AssumedRoot": "true"}},
        {},
        [],
    ),
    "an operator that takes no wildcard": (
        {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
        {},
        [(NAME, "mandatory")],
    ),
    "another account's root": (
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::999999999999:root"}},
        {},
        [(NAME, "mandatory")],
    ),
    "another partition": ({"ArnLike": {"aws:PrincipalArn": "arn:aws-cn:iam::*:root"}}, {}, []),
    "one service only": (ROOT, {"Action": "s3:*"}, [("identity-advice", "advisory")]),
    "all but one service": (
        ROOT,
        {"Action": None, "NotAction": "kms:*"},
        [("identity-advice", "advisory")],
    ),
    "a condition of which nothing is known": (
        {**ROOT, "StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {},
        [("undecided", "advisory")],
    ),
}


@pytest.mark.parametrize("name", DENIALS)
def test_a_policy_that_denies_root_is_judged_by_what_it_does(preview: Run, name: str) -> None:
    """A policy that only looks as if it denied root is worse than none."""
    condition, more, expected = DENIALS[name]
    policy = deny(condition, **more)

    assert levels(preview(policy, attached(policy))) == expected


def test_a_policy_that_has_been_detached_is_told(preview: Run, audit: Run) -> None:
    """It may be attached elsewhere, so it is an advice; with its id it is joined, too."""
    assert levels(preview(deny())) == [("identity-advice", "advisory")]
    policy = deny()
    policy.outputs = {
        **policy.inputs,
        "arn": "arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1",
    }
    joined = Made("aws:organizations/policyAttachment:PolicyAttachment", "a", {"policyId": "p-1"})
    assert audit(policy, joined) == []


def test_other_policies_of_the_organisation_are_left_alone(preview: Run) -> None:
    """An SCP for Regions, and a tag policy, have nothing to do with root."""
    regions = deny({"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}})
    tags = Made("aws:organizations/policy:Policy", "tags", {"content": "{}", "type": "TAG_POLICY"})

    assert preview(regions, tags) == []


def test_an_organisation_that_lets_it_count_no_more_is_told(preview: Run) -> None:
    """Features without trusted access, and policies of a type that is off, do nothing."""
    policy = deny()
    both = ("RootCredentialsManagement", "RootSessions")
    whole = organisation(
        awsServiceAccessPrincipals=["iam.amazonaws.com"], enabledPolicyTypes=["SERVICE_CONTROL_POLICY"]
    )
    assert preview(whole, features(*both), policy, attached(policy)) == []
    assert levels(preview(organisation(awsServiceAccessPrincipals=[]), features(*both))) == [
        (NAME, "mandatory")
    ]
    assert levels(preview(organisation(enabledPolicyTypes=[]), policy, attached(policy))) == [
        (NAME, "mandatory")
    ]
    assert levels(preview(organisation(featureSet="CONSOLIDATED_BILLING"))) == [(NAME, "mandatory")]
    assert preview(organisation()) == []


def test_what_a_stack_has_to_keep_is_missed(preview: Run) -> None:
    """A pack never sees a deletion, so the configuration says what must not go."""
    keeps = {"keeps": ["RootCredentialsManagement", "RootSessions", "deny-root"]}
    policy = deny()
    both = ("RootCredentialsManagement", "RootSessions")

    assert preview(features(*both), policy, attached(policy), root_stays_bound=keeps) == []
    gone = preview(root_stays_bound=keeps)
    assert levels(gone) == [(NAME, "mandatory")] * 3
    detached = preview(features(*both), policy, root_stays_bound=keeps)
    assert (NAME, "mandatory") in levels(detached)
    assert "`deny-root`" in detached[0].message


BOTH: Final = ("RootCredentialsManagement", "RootSessions")
KEEPS_DENY: Final = {"root_stays_bound": {"keeps": ["deny-root"]}}
MISSING: Final = "this stack has to keep `deny-root`"


def attaching(policy_id: str, *depends: Made) -> Made:
    """Attach a policy by its id."""
    token = "aws:organizations/policyAttachment:PolicyAttachment"
    inputs = {"policyId": policy_id, "targetId": "r-ab12"}
    return Made(token, "somewhere", inputs, inputs, {"policyId": [*depends]})


def other(**inputs: Any) -> Made:  # noqa: ANN401 - as a program gives them
    """Make another policy of the organisation."""
    return Made("aws:organizations/policy:Policy", "other", inputs)


TAGS: Final = other(content="{}", type="TAG_POLICY")
S3_ONLY: Final = deny(Action="s3:*")


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        ([deny(), attached(deny())], False),
        ([deny()], True),
        ([S3_ONLY, attached(S3_ONLY)], True),
        ([TAGS, attached(TAGS)], True),
        ([deny(), attaching("p-elsewhere")], True),
        ([deny(), TAGS, attaching(UNKNOWN, TAGS)], True),
        ([deny(), attaching(UNKNOWN)], False),
        ([other(content=UNKNOWN)], False),
        ([other(content=UNKNOWN, type=UNKNOWN)], False),
        ([other(content=UNKNOWN, type="SERVICE_CONTROL_POLICY")], False),
        ([other(content=UNKNOWN, type="TAG_POLICY")], True),
        ([other(content="{}", type=UNKNOWN)], True),
        ([deny(), Made(deny().type, "no-root", {**deny().inputs, "targetIds": ["r-ab12"]})], False),
    ],
)
def test_the_denial_that_a_stack_has_to_keep_is_one_that_denies_and_is_attached(
    preview: Run, made: list[Made], *, missing: bool
) -> None:
    """Anything that only looks like it would pass for it; what is not known yet may be it."""
    told = preview(*made, **KEEPS_DENY)

    assert [MISSING in each.message for each in told if each.policy == NAME and MISSING in each.message] == (
        [True] * missing
    )


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        ([features(*BOTH)], []),
        ([features("RootCredentialsManagement")], ["RootSessions"]),
        ([features(UNKNOWN)], []),
        ([other(content=UNKNOWN)], ["RootCredentialsManagement", "RootSessions"]),
        ([], ["RootCredentialsManagement", "RootSessions"]),
    ],
)
def test_each_feature_that_a_stack_has_to_keep_is_missed_by_itself(
    preview: Run, made: list[Made], missing: list[str]
) -> None:
    """A policy that is not known yet can bring no feature."""
    told = preview(*made, root_stays_bound={"keeps": list(BOTH)})

    assert [each.message.split("`")[1] for each in told if "has to keep" in each.message] == missing


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("arn:aws:iam::*:root", []),
        ("arn:aws-cn:iam::*:root", []),
        ("arn:aws-us-gov:iam::*:root", []),
        ("arn:aws*:iam::*:root", []),
        ("arn:aws-*:iam::*:root", [(NAME, "mandatory")]),
        (["*", "arn:aws:iam::*:root"], []),
        (["arn:aws:iam::*:user/x", "arn:aws:iam::*:root"], []),
        (["arn:aws-cn:iam::*:root", "arn:aws:iam::*:root"], []),
        ("arn:aws:iam::111122223333:root", []),
        ("arn:aws:iam::999999999999:root", [(NAME, "mandatory")]),
        ("arn:aws:iam::*:user/root", []),
        ("*", []),
    ],
)
def test_root_is_asked_about_in_the_partition_that_the_policy_names(
    preview: Run, named: str | list[str], expected: list[tuple[str, str]]
) -> None:
    """A policy for China denies nobody elsewhere, and is right there; what names no root is not judged."""
    for key in ("aws:PrincipalArn", "AWS:principalarn"):
        policy = deny({"ArnLike": {key: named}})

        assert levels(preview(policy, attached(policy))) == expected


def test_an_allow_for_root_is_no_denial(preview: Run) -> None:
    """Only a Deny is meant to bind."""
    assert preview(deny(Effect="Allow")) == []


def test_a_denial_is_told_with_its_statement_and_not_with_the_others(preview: Run) -> None:
    """Whoever repairs it looks at that one, and sees a call that it spares."""
    allow = {"Sid": "Rest", "Effect": "Allow", "Action": "*", "Resource": "*"}
    denial = {
        "Sid": "Root",
        "Effect": "Deny",
        "Action": ["s3:*", "iam:*"],
        "Resource": "*",
        "Condition": ROOT,
    }
    document = {"Version": "2012-10-17", "Statement": [allow, denial]}
    policy = Made("aws:organizations/policy:Policy", "partly", {"content": json.dumps(document)})
    (told,) = preview(policy, attached(policy))

    assert "place: `Root`\n" in told.message
    assert "the root user of a member account may call kms:PutKeyPolicy" in told.message


def test_nothing_of_a_secret_policy_is_told(preview: Run) -> None:
    """Not even the name of its statement."""
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    content = S3_ONLY.inputs["content"].replace('"Effect"', '"Sid": "hunter2", "Effect"')
    policy = Made("aws:organizations/policy:Policy", "kept", {"content": {**secret, "value": content}})
    told = preview(policy)

    assert len(told) == 2
    assert "hunter2" not in repr(told)


@pytest.mark.parametrize("name", ["id", "arn"])
def test_a_policy_is_joined_with_its_attachment_by_id_and_arn(audit: Run, name: str) -> None:
    """A state shows both, and no dependency may tell."""
    arn = "arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1"
    value = {"id": "p-1", "arn": arn}[name]
    policy = deny()
    policy.outputs = {**policy.inputs, name: value}

    assert audit(policy, attaching(value)) == []
    assert levels(audit(policy, attaching("p-2"))) == [("identity-advice", "advisory")]
