"""One request decided by every policy that AWS looks at: what an identity's own cannot decide."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from identity_guard.iam import Answer, Attachment, DocumentKind, Origin, Request, attach
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.requests import beyond_policies as beyond
from identity_guard.iam.requests.caller import Caller, UnknownCallerError
from identity_guard.iam.requests.direct_call import InOrganisation, absent_from, carried, open_keys
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven, Policies, Ruling, rule

ACCOUNT, OTHER = "111122223333", "444455556666"
USER: Final = f"arn:aws:iam::{ACCOUNT}:user/team/dev"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/app/build"
SESSION: Final = f"arn:aws:sts::{ACCOUNT}:assumed-role/build/run-1"
BUCKET: Final = "arn:aws:s3:::reports"
KEY: Final = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0000"
TARGET: Final = f"arn:aws:iam::{ACCOUNT}:role/admin"
AWS_POLICY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
RESERVED: Final = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
)
SERVICE_LINKED: Final = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
Json = dict[str, Any]


def statement(effect: str, action: str = "*", **more: object) -> Json:
    """Write a statement."""
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def policy(*statements: Json, kind: DocumentKind = DocumentKind.IDENTITY) -> Attachment:
    """Make a document of statements."""
    return attach({"Version": "2012-10-17", "Statement": list(statements)}, "p", Origin.INLINE, kind)


def of_resource(*statements: Json) -> Attachment:
    """Make a resource's policy."""
    return policy(*statements, kind=DocumentKind.RESOURCE)


def lets(principal: object, condition: Json | None = None) -> Attachment:
    """Make a resource's policy that lets somebody in."""
    more = {"Condition": condition} if condition else {}
    return of_resource({**statement("Allow", Principal=principal), **more})


ALL: Final = policy(statement("Allow"))
ONLY_EC2: Final = policy(statement("Allow", "ec2:*"))


def ruled(  # noqa: PLR0913 - everything that has a say
    own: Attachment | None,
    resource: Attachment | NotGiven = NotGiven.NONE,
    *,
    caller: str = USER,
    action: str = "s3:GetObject",
    on: str = BUCKET,
    account: str | None = None,
    **more: Any,  # noqa: ANN401 - parts of Policies
) -> Ruling:
    """Decide a request."""
    policies = Policies([own] if own else [], resource=resource, **more)
    known = Caller(caller, ROLE) if caller == SESSION else Caller(caller)
    return rule(known, Request(action, on, {"aws:PrincipalArn": known.principal_arn}), policies, account)


BY_RESOURCE: Final[Mapping[str, tuple[str, Attachment, Answer]]] = {
    "a user by name": (USER, lets({"AWS": USER}), Answer.ALLOWED),
    "a session by name": (SESSION, lets({"AWS": SESSION}), Answer.ALLOWED),
    "everybody": (SESSION, lets("*"), Answer.ALLOWED),
    "everybody who has this ARN": (
        SESSION,
        lets("*", {"ArnEquals": {"aws:PrincipalArn": ROLE}}),
        Answer.ALLOWED,
    ),
    "a session's role": (SESSION, lets({"AWS": ROLE}), Answer.NOT_ALLOWED),
    "the account": (USER, lets({"AWS": ACCOUNT}), Answer.NOT_ALLOWED),
    "somebody else": (USER, lets({"AWS": f"arn:aws:iam::{ACCOUNT}:user/eve"}), Answer.NOT_ALLOWED),
}
"""Who is named, and whether that alone grants although boundary and session policy leave it out."""


@pytest.mark.parametrize("name", BY_RESOURCE)
def test_a_resources_policy_goes_as_far_as_it_names_somebody(name: str) -> None:
    """A bucket that names a role is still within the role's boundary; one that names its session is not."""
    caller, resource, answer = BY_RESOURCE[name]
    session = [ONLY_EC2] if caller == SESSION else []

    assert ruled(None, resource, caller=caller, boundary=ONLY_EC2, session=session).answer is answer


def test_a_role_that_is_named_needs_no_leave_of_its_own_within_its_limits() -> None:
    """Whoever looks only at the role's policies tells a bucket's owner that the role cannot read it."""
    assert ruled(None, lets({"AWS": ROLE}), caller=SESSION).answer is Answer.ALLOWED
    assert ruled(None, lets({"AWS": ROLE}), caller=SESSION, boundary=ALL).answer is Answer.ALLOWED


@pytest.mark.parametrize(
    ("named", "bounded", "answer"),
    [
        ([USER, ACCOUNT], False, Answer.ALLOWED),
        ([USER, ACCOUNT], True, Answer.EXPLICITLY_DENIED),
        ([USER], False, Answer.UNDECIDED),
        ([ACCOUNT], False, Answer.UNDECIDED),
        ([f"arn:aws:iam::{ACCOUNT}:user/eve"], False, Answer.EXPLICITLY_DENIED),
    ],
)
def test_a_deny_for_everybody_but_some(named: list[str], bounded: bool, answer: Answer) -> None:  # noqa: FBT001
    """By AWS's page a boundary makes NotPrincipal useless, and the account may have to be named."""
    denies = of_resource({**statement("Deny"), "NotPrincipal": {"AWS": named}})

    assert ruled(ALL, denies, boundary=ALL if bounded else None).answer is answer


@pytest.mark.parametrize("place", ["own", "boundary", "session", "scps", "rcps", "resource"])
def test_a_deny_wins_wherever_it_stands(place: str) -> None:
    """The one rule that knows no exception but calls that need no leave."""
    denies, for_all = statement("Deny", "s3:*"), {"Principal": "*"}
    own, given, more = ALL, lets("*"), dict[str, Any]()
    if place == "own":
        own = policy(statement("Allow"), denies)
    elif place == "resource":
        given = of_resource({**statement("Allow"), **for_all}, {**denies, **for_all})
    elif place == "rcps":
        more[place] = [
            Level("the root", (of_resource({**statement("Allow"), **for_all}, {**denies, **for_all}),))
        ]
    elif place == "scps":
        more[place] = [Level("the root", (policy(statement("Allow"), denies),))]
    else:
        document = policy(statement("Allow"), denies)
        more[place] = [document] if place == "session" else document

    found = ruled(own, given, **more)

    assert found.answer is Answer.EXPLICITLY_DENIED
    assert found.places[0].statement.document == "p"


def test_every_level_of_the_organisation_has_to_allow() -> None:
    """An SCP of a unit that names only EC2 takes the rest away, and the unit is named."""
    levels = [Level("the root", (ALL,)), Level("unit /Sandbox", (ONLY_EC2,))]
    found = ruled(ALL, scps=levels)

    assert found.answer is Answer.NOT_ALLOWED_BY_LIMIT
    assert "service control policies of unit /Sandbox" in found.why[0]
    assert ruled(None, lets({"AWS": USER}), scps=levels).answer is Answer.NOT_ALLOWED_BY_LIMIT
    assert ruled(ALL, scps=levels[:1]).answer is Answer.ALLOWED


def test_no_scp_limits_a_service_linked_role() -> None:
    """AWS says so; its services would stop working."""
    limits = [Level("the root", (policy(statement("Deny")),))]
    assert ruled(ALL, caller=SERVICE_LINKED, scps=limits).answer is Answer.ALLOWED


OF_KEYS: Final[Mapping[str, tuple[Attachment | None, Attachment | NotGiven, Answer]]] = {
    "not given": (ALL, NotGiven.UNKNOWN, Answer.UNDECIDED),
    # The key's policy could still name the caller; but nothing that is given says so.
    "not given, and no leave of one's own": (ONLY_EC2, NotGiven.UNKNOWN, Answer.NOT_ALLOWED),
    "names the account": (ALL, lets({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), Answer.ALLOWED),
    "names the account, and no leave of one's own": (None, lets({"AWS": ACCOUNT}), Answer.NOT_ALLOWED),
    "names the caller": (None, lets({"AWS": USER}), Answer.ALLOWED),
    "names nobody": (
        ALL,
        of_resource(statement("Deny", "kms:Other", Principal="*")),
        Answer.NOT_ALLOWED_BY_LIMIT,
    ),
}


@pytest.mark.parametrize("name", OF_KEYS)
def test_a_key_policy_has_to_allow(name: str) -> None:
    """Administrators of an account cannot use a key whose policy names neither them nor the account."""
    own, given, answer = OF_KEYS[name]
    found = ruled(own, given, action="kms:Decrypt", on=KEY)

    assert found.answer is answer
    if answer is Answer.UNDECIDED:
        assert "key policy" in found.why[0]


def test_a_trust_policy_has_to_allow_and_without_a_resource_any_is_meant() -> None:
    """`sts:AssumeRole` on `*` is no yes: each role says itself who assumes it."""
    for on in (TARGET, "*"):
        found = ruled(ALL, NotGiven.UNKNOWN, action="sts:AssumeRole", on=on)
        assert (found.answer, "trust policy" in found.why[0]) == (Answer.UNDECIDED, True)
    trusts = attach(
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "sts:AssumeRole"}
        ]},
        kind=DocumentKind.TRUST,
    )  # fmt: skip
    assert ruled(None, trusts, action="sts:AssumeRole", on=TARGET).answer is Answer.ALLOWED
    assert ruled(ALL, NotGiven.UNKNOWN, action="kms:ListKeys", on="*").answer is Answer.ALLOWED


def test_across_accounts_both_sides_have_to_allow() -> None:
    """Another account's bucket: neither the own leave nor the bucket's is enough."""
    assert ruled(ALL, NotGiven.UNKNOWN, account=OTHER).answer is Answer.UNDECIDED
    assert ruled(ALL, NotGiven.NONE, account=OTHER).answer is Answer.NOT_ALLOWED_BY_LIMIT
    assert ruled(None, lets({"AWS": USER}), account=OTHER).answer is Answer.NOT_ALLOWED
    assert ruled(ALL, lets({"AWS": ACCOUNT}), account=OTHER).answer is Answer.ALLOWED
    assert ruled(ALL, lets({"AWS": SESSION}), caller=SESSION, boundary=ONLY_EC2, account=OTHER).answer is (
        Answer.NOT_ALLOWED_BY_LIMIT
    )


def test_iam_acts_in_the_own_account_only() -> None:
    """No policy lets anybody make a user in another account."""
    other = f"arn:aws:iam::{OTHER}:user/x"
    assert ruled(ALL, NotGiven.UNKNOWN, action="iam:CreateUser", on=other, account=OTHER).answer is (
        Answer.NOT_ALLOWED
    )


def _of_other(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:{OTHER}:{resource}"


@pytest.mark.parametrize(
    ("action", "on", "answer"),
    [
        ("IAM:CreateUser", f"arn:aws:iam::{OTHER}:user/x", Answer.NOT_ALLOWED),
        ("ec2:TerminateInstances", _of_other("ec2", "instance/i-0"), Answer.NOT_ALLOWED),
        ("ec2:CreateTags", _of_other("ec2", "subnet/subnet-0"), Answer.UNDECIDED),
        ("ecs:StopTask", _of_other("ecs", "task/web/0"), Answer.NOT_ALLOWED),
        ("states:StartExecution", _of_other("states", "stateMachine:s"), Answer.NOT_ALLOWED),
        ("cloudformation:DeleteStack", _of_other("cloudformation", "stack/s/0"), Answer.NOT_ALLOWED),
        ("lambda:InvokeFunction", _of_other("lambda", "function:f"), Answer.UNDECIDED),
        ("sqs:SendMessage", _of_other("sqs", "jobs"), Answer.UNDECIDED),
    ],
)
def test_a_resource_without_a_policy_is_out_of_reach_of_other_accounts(
    action: str, on: str, answer: Answer
) -> None:
    """No policy could let the caller in, so nobody has to look for one; elsewhere it may be there."""
    assert ruled(ALL, NotGiven.UNKNOWN, action=action, on=on, account=OTHER).answer is answer
    assert ruled(ALL, NotGiven.UNKNOWN, action=action, on=on.replace(OTHER, ACCOUNT)).answer is Answer.ALLOWED


BEYOND: Final = [
    ("sts:GetCallerIdentity", "*", SESSION, Answer.ALLOWED),
    ("sts:getcalleridentity", "*", USER, Answer.ALLOWED),
    ("sts:GetSessionToken", "*", USER, Answer.ALLOWED),
    ("sts:GetSessionToken", "*", SESSION, Answer.NOT_ALLOWED),
    ("sts:GetFederationToken", f"arn:aws:sts::{ACCOUNT}:federated-user/x", SESSION, Answer.NOT_ALLOWED),
    ("sts:GetFederationToken", f"arn:aws:sts::{ACCOUNT}:federated-user/x", USER, Answer.ALLOWED),
    ("iam:ChangePassword", USER, SESSION, Answer.NOT_ALLOWED),
    ("sts:AssumeRoleWithSAML", TARGET, USER, Answer.UNDECIDED),
    ("iam:CreatePolicyVersion", AWS_POLICY, USER, Answer.NOT_ALLOWED),
    ("iam:TagPolicy", AWS_POLICY, USER, Answer.NOT_ALLOWED),
    ("iam:GetPolicy", AWS_POLICY, USER, Answer.ALLOWED),
    ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/own", USER, Answer.ALLOWED),
    ("iam:AttachRolePolicy", RESERVED, USER, Answer.NOT_ALLOWED),
    ("iam:PassRole", RESERVED, USER, Answer.NOT_ALLOWED),
    ("iam:GetRole", RESERVED, USER, Answer.ALLOWED),
    ("sts:AssumeRole", RESERVED, USER, Answer.NOT_ALLOWED),
    ("iam:PutRolePolicy", SERVICE_LINKED, USER, Answer.NOT_ALLOWED),
    ("iam:DeleteServiceLinkedRole", SERVICE_LINKED, USER, Answer.ALLOWED),
    ("iam:UpdateRoleDescription", SERVICE_LINKED, USER, Answer.ALLOWED),
    ("iam:PassRole", SERVICE_LINKED, USER, Answer.ALLOWED),
    ("kms:DeleteAlias", f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/aws/s3", USER, Answer.NOT_ALLOWED),
    ("kms:DeleteAlias", f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/own", USER, Answer.ALLOWED),
    ("organizations:DeletePolicy", "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
     USER, Answer.NOT_ALLOWED),
    ("organizations:DetachPolicy", "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
     USER, Answer.ALLOWED),
    ("ssm:UpdateDocument", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:document/AWS-RunShellScript", USER,
     Answer.NOT_ALLOWED),
    ("ssm:SendCommand", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:document/AWS-RunShellScript", USER,
     Answer.ALLOWED),
]  # fmt: skip


@pytest.mark.parametrize(("action", "on", "caller", "answer"), BEYOND)
def test_what_no_policy_decides(action: str, on: str, caller: str, answer: Answer) -> None:
    """A grant of everything does not change what AWS keeps to itself."""
    account = ACCOUNT if f":{ACCOUNT}:" in on else None
    assert ruled(ALL, NotGiven.UNKNOWN, caller=caller, action=action, on=on, account=account).answer is answer


def test_a_call_that_needs_no_leave_is_allowed_against_a_deny() -> None:
    """And what only AWS changes stays an explicit Deny where one stands."""
    denies = policy(statement("Deny"))
    assert ruled(denies, action="sts:GetCallerIdentity", on="*").answer is Answer.ALLOWED
    assert ruled(denies, action="iam:TagPolicy", on=AWS_POLICY).answer is Answer.EXPLICITLY_DENIED


def test_every_row_names_actions_that_exist_and_its_source() -> None:
    """A name that is misspelt would never match."""
    rows = [
        f"{row.service}:{name}" for row in beyond.ONLY_AWS for name in (*row.actions, *row.except_for)
    ] + [
        each.action
        for each in (*beyond.ALWAYS_ALLOWED, *beyond.NOT_FOR_SESSIONS, *beyond.WITHOUT_CREDENTIALS)
    ]
    unknown = [name for name in rows if catalogue().bit_of(name) is None]

    assert unknown == []
    assert all(
        row.source
        for row in (
            *beyond.ONLY_AWS,
            *beyond.ALWAYS_ALLOWED,
            *beyond.NOT_FOR_SESSIONS,
            *beyond.WITHOUT_CREDENTIALS,
            *beyond.HAS_TO_ALLOW,
        )
    )
    assert all(any(map(each.changes, _writes(each.service))) for each in beyond.ONLY_AWS)


def _writes(service: str) -> list[str]:
    return [name.partition(":")[2] for name in catalogue().names(catalogue().changing(service))]


@pytest.mark.parametrize(
    "arn", ["dev", "arn:aws:iam::111122223333:group/g", "arn:aws:s3:::b", "arn:aws:iam::1:user/u"]
)
def test_what_is_no_principal_does_not_call(arn: str) -> None:
    """A group calls nothing; whoever asks so is told."""
    with pytest.raises(UnknownCallerError):
        Caller(arn)


def test_a_direct_call_says_who_calls_and_what_is_open_is_named() -> None:
    """A question that leaves the Region open is told to give the Region, and nothing that is known anyway."""
    asks = policy(
        statement("Deny", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}),
        statement("Allow", Condition={"Bool": {"aws:SecureTransport": "true", "aws:ViaAWSService": "false"}}),
        statement(
            "Allow", Condition={"StringEquals": {"iam:PassedToService": "x", "aws:PrincipalAccount": "y"}}
        ),
        statement("Allow", "s3:*", Resource="arn:aws:s3:::home/${aws:PrincipalTag/team}/*"),
    )
    caller = Caller(ROLE)
    place = InOrganisation("o-1", ("r-1", "ou-1"))
    context = carried(caller, OTHER, place, place)
    found = open_keys("s3:GetObject", [asks], context, absent_from(caller, identity_center=False))

    assert found == {"aws:requestedregion", "aws:principaltag/team"}
    assert context["aws:PrincipalOrgPaths"] == ["o-1/r-1/ou-1/"]
    assert "iam:passedtoservice" in open_keys("iam:PassRole", [asks], context, frozenset())


def test_an_open_variable_leaves_open_only_what_it_could_reach() -> None:
    """`home/${aws:PrincipalTag/team}/*` may be team a's folder, and never another bucket."""
    home = policy(statement("Allow", "s3:*", Resource="arn:aws:s3:::home/${aws:PrincipalTag/team}/*"))
    answers = [
        rule(
            Caller(USER),
            Request("s3:GetObject", on, {}, frozenset({"aws:principaltag/team"})),
            Policies([home]),
        )
        for on in ("arn:aws:s3:::home/a/x", "arn:aws:s3:::other/a/x")
    ]

    assert [each.answer for each in answers] == [Answer.UNDECIDED, Answer.NOT_ALLOWED]
    assert answers[0].needs == ("aws:PrincipalTag/team",)
