"""Organisations that nobody would make on purpose: all name all, circles, documents at AWS's size limits.

Each is small here, and what is worked out is counted; bench/chains.py has the same shapes at size, with
seconds and memory.
"""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from identity_guard.chains import Chains, Graph, Kind, Node, Organisation, authorization_details, powers
from identity_guard.chains.afar import MOST_STEPS, Reaching
from identity_guard.chains.authorization_details import organisation_of
from identity_guard.chains.steps import Edge, Proof
from identity_guard.chains.taking import joining
from identity_guard.iam import DocumentKind, attach, managed_attachment
from identity_guard.iam.questions.reach import Reach
from tests.chains.labs import ACCOUNT, NOW, arn, document

INLINE_OF_ROLE, MANAGED, TRUST = 10_240, 6_144, 4_096
"""Characters at most, without white space: of all inline policies of a role, of a managed policy, of a trust
policy whose quota was raised (IAM User Guide, reference_iam-quotas)."""
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
BOSS: Final = Node(
    Kind.USER, "boss", arn("user/boss"), ACCOUNT, (managed_attachment(ADMINISTRATOR),), tags={}
)


def user(name: str, *resources: str) -> Node:
    """Make a user who makes keys of others."""
    may = (attach(document([["iam:CreateAccessKey", list(resources)]])),) if resources else ()
    return Node(Kind.USER, name, arn(f"user/{name}"), ACCOUNT, may, tags={})


def counted(graph: Graph) -> list[int]:
    """Return the targets for which a step is proved from now on."""
    proved: list[int] = []

    def of(edge: Edge) -> Edge:
        def prove(target: int) -> Proof | None:
            proved.append(target)
            return edge.prove(target)

        return replace(edge, prove=prove)

    graph.__dict__["edges"] = tuple(map(of, graph.edges))
    return proved


def becoming(graph: Graph) -> dict[str, int]:
    """Return who becomes an administrator, and in how many steps."""
    chains = Chains(graph)
    found = {node.name: chain for node in chains.sources() if (chain := chains.of(node))}
    return {name: len(chain.steps) for name, chain in found.items()}


def test_where_all_may_act_as_all_each_is_one_step_away_and_proved_once() -> None:
    """Ninety thousand pairs of three hundred users; looked at one by one they would take minutes."""
    users = [user(f"u{number}", "user/*") for number in range(300)]
    graph = Graph(Organisation([*users, BOSS]), NOW)
    proved = counted(graph)

    assert becoming(graph) == {each.name: 1 for each in users}
    assert len(proved) == len(users)


@pytest.mark.parametrize("way_out", [True, False], ids=["an administrator within reach", "nobody strong"])
def test_circles_come_to_an_end(*, way_out: bool) -> None:
    """Two who name each other, one who names itself, and a circle of all: once around is enough."""
    size = 60
    names = [f"u{number}" for number in range(size)]
    users = [user(name, f"user/{names[(n + 1) % size]}", f"user/{name}") for n, name in enumerate(names)]
    pair = [user("one", "user/other"), user("other", "user/one", *(["user/boss"] if way_out else []))]
    graph = Graph(Organisation([*users, *pair, BOSS]), NOW)

    assert becoming(graph) == ({"one": 2, "other": 1} if way_out else {})


def at_the_limit(size: int, **last: Any) -> dict[str, Any]:  # noqa: ANN401 - a statement's elements
    """Write a policy of many statements that ends with one, as long as AWS takes it."""
    statements: list[dict[str, Any]] = [{"Effect": "Allow", **last}]
    number = 0
    while True:
        more = {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": arn(f"user/nobody-{number}")}
        written = {"Version": "2012-10-17", "Statement": [more, *statements]}
        if len(json.dumps(written, separators=(",", ":"))) > size:
            return {"Version": "2012-10-17", "Statement": statements}
        statements.insert(0, more)
        number += 1


def test_documents_at_the_size_limits_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one statement that matters may be the last; every name in a long trust is a caller."""
    asked: list[object] = []
    within = Reach.within

    def counting(self: Reach, *given: Any) -> object:  # noqa: ANN401 - whatever it is called with
        asked.append(given)
        return within(self, *given)

    names = [f"caller-{number}" for number in range((TRUST - 200) // 50)]
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [arn(f"user/{name}") for name in names]},
        "Action": "sts:AssumeRole",
    }
    trust = {"Version": "2012-10-17", "Statement": statement}
    assert TRUST * 0.8 < len(json.dumps(trust)) <= TRUST
    inline = at_the_limit(INLINE_OF_ROLE, Action="iam:CreateAccessKey", Resource=arn("user/boss"))
    managed = at_the_limit(MANAGED, Action="s3:GetObject", Resource="arn:aws:s3:::b/*")
    role = Node(
        *(Kind.ROLE, "keeper", arn("role/keeper"), ACCOUNT, (attach(inline), attach(managed, "own"))),
        trust=attach(trust, "trust policy", kind=DocumentKind.TRUST),
        tags={},
    )
    monkeypatch.setattr(Reach, "within", counting)
    graph = Graph(Organisation([*map(user, names), role, BOSS]), NOW)

    assert becoming(graph) == {"keeper": 1, **dict.fromkeys(names, 2)}
    # A question for each statement or each caller, and not for each pair of them.
    assert len(asked) <= 4 * len(inline["Statement"]) + 4 * len(names)


def details(roles: int) -> dict[str, Any]:
    """Write an account's answer in which all roles have the same managed policy and the same trust."""
    trusting = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    arn_of_own = arn("policy/own")
    return {
        "UserDetailList": [{"UserName": "ann", "Arn": arn("user/ann"), "Tags": []}],
        "GroupDetailList": [],
        "RoleDetailList": [
            {
                "RoleName": f"r{number}",
                "Arn": arn(f"role/r{number}"),
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": trusting},
                "RolePolicyList": [
                    {
                        "PolicyName": "next",
                        "PolicyDocument": document([["sts:AssumeRole", f"role/r{number + 1}"]]),
                    }
                ],
                "AttachedManagedPolicies": [
                    {"PolicyName": "own", "PolicyArn": arn_of_own},
                    *([{"PolicyName": "x", "PolicyArn": ADMINISTRATOR}] if number == roles - 1 else []),
                ],
            }
            for number in range(roles)
        ],
        "Policies": [
            {
                "PolicyName": "own",
                "Arn": arn_of_own,
                "PolicyVersionList": [
                    {
                        "Document": at_the_limit(MANAGED, Action="s3:*", Resource="*"),
                        "VersionId": "v1",
                        "IsDefaultVersion": True,
                    }
                ],
            }
        ],
    }


def test_an_account_of_many_roles_is_read_once_document_by_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,500 roles with one policy of six kilobytes were read 3,000 times."""
    read: list[str] = []

    def counting(text: Any, name: str, *rest: Any) -> object:  # noqa: ANN401 - whatever it is called with
        read.append(name)
        return attach(text, name, *rest)

    monkeypatch.setattr(authorization_details, "attach", counting)
    size = 40
    graph = Graph(organisation_of([details(size)]), NOW)

    assert sorted(set(read)) == ["inline policy `next`", "own", "trust policy"]
    assert (read.count("own"), read.count("trust policy"), len(read)) == (1, 1, size + 2)
    assert becoming(graph) == {f"r{number}": size - 1 - number for number in range(size - 1)}


def test_beyond_the_limit_of_parts_a_step_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of many statements apply to which target is then not worked out, so nothing is certain."""
    monkeypatch.setattr(powers, "MOST_REGIONS", 1)
    near = [user("near")]
    writer = user("ann", *[node.arn for node in [BOSS, *near]])
    chains = Chains(Graph(Organisation([BOSS, writer, *near]), NOW))

    assert "ann" not in {node.name for node in chains.sources()}
    assert "ann" in {node.name for node in chains.undecided()}


@pytest.mark.parametrize("is_one_free", [True, False])
def test_of_many_users_the_one_that_nothing_limits_is_found(
    monkeypatch: pytest.MonkeyPatch, *, is_one_free: bool
) -> None:
    """Whoever takes any user over takes that one; where there is none, those not looked at stay open."""
    monkeypatch.setattr(joining, "MOST_USERS", 2)
    group = Node(
        *(Kind.GROUP, "admins", arn("group/admins"), ACCOUNT, (managed_attachment(ADMINISTRATOR),)), tags={}
    )
    may: list[list[Any]] = [["iam:AddUserToGroup", group.arn], ["iam:CreateAccessKey", [arn("user/*")]]]
    deploy = Node(Kind.ROLE, "deploy", arn("role/deploy"), ACCOUNT, (attach(document(may)),), tags={})
    shut = attach(document([["*", "*", "deny"]]))
    others = [
        Node(Kind.USER, name, arn(f"user/{name}"), ACCOUNT, () if is_free else (shut,), tags={})
        for name, is_free in [*((f"a{n}", False) for n in range(5)), ("z", is_one_free)]
    ]
    chains = Chains(Graph(Organisation([group, deploy, *others]), NOW))

    found = {node.name for node in (chains.sources() if is_one_free else chains.undecided())}
    assert "deploy" in found


@pytest.mark.parametrize(
    "principal", ["arn:aws:sts::111122223333", "AWSReservedSSO_x", "arn:aws:iam:AWSReservedSSO_x", ":::::"]
)
def test_a_trust_of_half_an_arn_is_read_on_past(principal: str) -> None:
    """IAM would refuse it, a state or a template has it all the same: the others' chains are wanted."""
    half, whole = (
        Node(
            *(Kind.ROLE, name, arn(f"role/{name}"), ACCOUNT, (managed_attachment(ADMINISTRATOR),)),
            trust=attach(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}],
                },
                "trust policy",
                kind=DocumentKind.TRUST,
            ),
            tags={},
        )
        for name, who in (("half", principal), ("whole", arn("user/ann")))
    )
    ann = user("ann", arn("user/other"))
    session = Node(Kind.ROLE, "AWSReservedSSO_x", arn("role/AWSReservedSSO_x"), ACCOUNT, (), tags={})

    assert becoming(Graph(Organisation([half, whole, ann, session]), NOW)) == {"ann": 1}


def test_beyond_the_limit_a_step_is_left_open_and_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes too long to find out is undecided: left out, it would be told as safe."""
    assert MOST_STEPS == 500_000
    monkeypatch.setattr(Reaching, "_forward", lambda _self, _source: None)
    writer = Node(
        *(Kind.USER, "ann", arn("user/ann"), ACCOUNT),
        (attach(document([["iam:PutRolePolicy", "role/far"], ["sts:AssumeRole", "role/near"]])),),
        tags={},
    )
    near, far = (
        Node(
            *(Kind.ROLE, name, arn(f"role/{name}"), ACCOUNT, documents),
            trust=attach(
                {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": trusted},
                        "Action": "sts:AssumeRole",
                    },
                },
                "trust policy",
                kind=DocumentKind.TRUST,
            ),
            tags={},
        )
        for name, trusted, documents in (
            ("near", arn("user/ann"), (attach(document([["sts:AssumeRole", "role/far"]])),)),
            ("far", arn("role/near"), ()),
        )
    )
    chains = Chains(Graph(Organisation([writer, near, far]), NOW))

    assert not list(chains.sources())
    assert [node.name for node in chains.undecided()] == ["ann"]
