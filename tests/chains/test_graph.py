"""Steps between identities: what takes one away, what cannot be decided, and what holds of every graph."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_guard.chains import Chains, Entry, Graph, Kind, Node, Organisation
from identity_guard.chains.names import Names, numbers_in
from identity_guard.chains.out_of_sight import out_of_sight
from identity_guard.chains.steps import Edge, Proof
from identity_guard.chains.taking import tagging
from identity_guard.iam import attach, unknown
from identity_guard.iam.text.wildcard import matches
from tests.chains.labs import ACCOUNT, NOW, Lab, arn, labs

LABS: Final = labs()


def case(*identities: dict[str, Any], **more: Any) -> Organisation:  # noqa: ANN401 - as the table has it
    """Make an organisation in the words of the table."""
    lab = Lab("", "", identities, more.get("policies", {}), more.get("workloads", {}), (), {})
    return lab.organisation()


def becoming(organisation: Organisation) -> dict[str, list[str]]:
    """Return who becomes an administrator, with the calls."""
    chains = Chains(Graph(organisation, NOW))
    return {
        node.name: [step.told for step in chain.steps]
        for node in chains.sources()
        if (chain := chains.of(node)) and not chains.graph.strength(chains.graph.number_of(node))
    }


def undecided(organisation: Organisation) -> set[str]:
    """Return of whom it could not be decided."""
    return {node.name for node in Chains(Graph(organisation, NOW)).undecided()}


BOSS: Final = {"user": "boss", "holds": ["AdministratorAccess"]}


@pytest.mark.parametrize("lab", [lab for lab in LABS if lab.chains], ids=lambda lab: str(lab.name))
def test_a_step_is_gone_where_its_call_is_denied(lab: Lab) -> None:
    """Who takes a step away as the rule says has to see the chain gone, and no other step in its place."""
    chains = Chains(Graph(lab.organisation(), NOW))
    for name in lab.chains:
        node = next(each for each in chains.graph.sight.nodes if each.name == name)
        chain = chains.of(node)
        assert chain is not None
        if not chain.steps[0].calls:
            continue
        denied = with_denial(lab, name, *((call.action, call.resource) for call in chain.steps[0].calls))
        first = becoming(denied).get(name, [None])[0]
        assert first != chain.steps[0].told


def with_denial(lab: Lab, name: str, *calls: tuple[str, str]) -> Organisation:
    """Return a case in which somebody is denied some calls."""
    denials = [[action, resource, "deny"] for action, resource in calls]
    identities = [
        {**each, "may": [*each.get("may", []), *denials]} if name in each.values() else each
        for each in lab.identities
    ]
    return Lab("", "", identities, lab.policies, lab.workloads, lab.given, {}).organisation()


def test_a_session_policy_of_the_boundary_takes_a_step_away() -> None:
    """A boundary that does not allow the call is as good as a Deny."""
    dev = {"user": "dev", "may": [["iam:CreateAccessKey", "user/boss"]]}
    policies = {"narrow": [["s3:*", "*"]], "wide": [["*", "*"]]}

    assert becoming(case(BOSS, {**dev, "boundary": "wide"}, policies=policies))
    assert not becoming(case(BOSS, {**dev, "boundary": "narrow"}, policies=policies))


def test_the_role_of_a_permission_set_may_be_named_with_its_region() -> None:
    """Its ARN has the Region of Identity Center in it but for us-east-1 (referencingpermissionsets)."""
    reserved = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Tools_*"
    may = [["iam:CreateAccessKey", "user/boss", {"ArnLike": {"aws:PrincipalArn": reserved}}]]

    assert set(becoming(case(BOSS, {"set": "Tools", "may": may}, {"set": "Reads", "may": may}))) == {"Tools"}


def test_leave_for_a_service_that_may_be_there_is_undecided() -> None:
    """Who may create functions unless a boundary that nobody shows says no is not told as safe."""
    may = [["iam:PassRole", "role/admin"], [["lambda:CreateFunction", "lambda:InvokeFunction"], "*"]]
    free = case({"user": "dev", "may": may}).nodes[0]
    bound = replace(free, boundary=unknown("limit", "its text is not in this stack"))
    admin = case(
        {"role": "admin", "holds": ["AdministratorAccess"], "trusts": {"Service": "lambda.amazonaws.com"}}
    )

    assert becoming(Organisation([*admin.nodes, free]))
    assert not becoming(Organisation([*admin.nodes, bound]))
    assert undecided(Organisation([*admin.nodes, bound])) == {"dev"}


def test_a_limit_that_is_not_known_leaves_a_step_undecided() -> None:
    """Nothing is said for certain where a boundary's text is not at hand; nor is it passed over."""
    dev = Node(
        Kind.USER,
        "dev",
        arn("user/dev"),
        ACCOUNT,
        (attach({"Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": arn("user/boss")}}),),
        unknown("limit", "its text is not in this stack"),
        tags={},
    )
    organisation = case(BOSS)
    both = Organisation([*organisation.nodes, dev])

    assert becoming(both) == {}
    assert undecided(both) == {"dev"}


@pytest.mark.parametrize("of", ["Resource", "Principal"])
@pytest.mark.parametrize("may_tag", [True, False])
def test_a_tag_beyond_those_that_are_tried_leaves_a_step_undecided(
    monkeypatch: pytest.MonkeyPatch, of: str, *, may_tag: bool
) -> None:
    """Who may set any tag is not told as safe because a policy names more of them than are tried."""
    monkeypatch.setattr(tagging, "MOST_TRIED", 1)
    tried, beyond = ({"StringEquals": {f"aws:{of}Tag/{key}": "yes"}} for key in ("a", "b"))
    may = [["iam:CreateAccessKey", "user/none", tried], ["iam:CreateAccessKey", "user/boss", beyond]]
    sets = [["iam:TagUser", "user/boss" if of == "Resource" else "user/dev"]] if may_tag else []
    together = case({**BOSS, "tags": {}}, {"user": "dev", "may": [*may, *sets], "tags": {}})

    assert not becoming(together)
    assert undecided(together) == ({"dev"} if may_tag else set())


KNOWN_OF_TARGETS: Final = (
    ("StringLike", "aws:ResourceTag/team", "core-*", "core-1", "web"),
    ("StringNotLike", "iam:ResourceTag/team", "core-*", "web", "core-1"),
    ("StringNotEquals", "aws:ResourceTag/team", "core", "web", "core"),
    ("StringEqualsIgnoreCase", "aws:ResourceTag/team", "CORE", "core", "web"),
    ("StringLike", "aws:ResourceTag/team", ["core-*", "*-1"], "web-1", "web"),
)


@pytest.mark.parametrize(("operator", "key", "asked", "lets_in", "keeps_out"), KNOWN_OF_TARGETS)
def test_what_a_target_has_is_compared_as_the_condition_says(
    operator: str, key: str, asked: object, lets_in: str, keeps_out: str
) -> None:
    """A tag that no policy spells out, but matches, is no less a way to the target; and the call shows it."""
    dev = {"user": "dev", "may": [["iam:CreateAccessKey", "user/boss", {operator: {key: asked}}]]}
    chains = Chains(Graph(case({**BOSS, "tags": {"team": lets_in}}, dev), NOW))
    (source,) = (node for node in chains.sources() if node.name == "dev")
    chain = chains.of(source)

    assert chain is not None
    shown = {each.lower(): value for each, value in chain.steps[0].calls[0].context.items()}
    assert shown[key.lower()] == lets_in
    kept_out = case({**BOSS, "tags": {"team": keeps_out}}, dev)
    assert not becoming(kept_out)
    assert not undecided(kept_out)


def test_a_tag_like_none_that_is_tried_leaves_a_step_undecided() -> None:
    """Two patterns match it, and the evaluator tries a value for each: neither answers for this one."""
    one, other = ({"StringLike": {"aws:ResourceTag/team": each}} for each in ("core-*", "*-1"))
    may = [["iam:CreateAccessKey", "user/boss", one], ["iam:CreateAccessKey", "*", "deny", other]]
    dev = {"user": "dev", "may": may}

    assert undecided(case({**BOSS, "tags": {"team": "core-1"}}, dev)) == {"dev"}
    assert not becoming(case({**BOSS, "tags": {"team": "core-1"}}, dev))
    assert becoming(case({**BOSS, "tags": {"team": "core-2"}}, dev))
    assert not undecided(case({**BOSS, "tags": {"team": "web-1"}}, dev))


@pytest.mark.parametrize(
    ("condition", "is_a_way"),
    [
        ({"StringNotEquals": {"aws:ResourceAccount": "444455556666"}}, True),
        ({"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}}, False),
        ({"StringLike": {"aws:ResourceAccount": "1111*"}}, True),
        ({"ArnNotLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/other"}}, True),
        ({"ArnLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/wi*"}}, True),
        ({"ArnLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/no*"}}, False),
    ],
)
def test_account_and_boundary_of_a_target_are_compared_as_the_condition_says(
    condition: dict[str, Any], *, is_a_way: bool
) -> None:
    """As its tags are."""
    may = [["iam:CreateAccessKey", "user/low"], ["iam:PutUserPolicy", "user/low", condition]]
    low = {"user": "low", "boundary": "wide", "may": [["s3:GetObject", "*"]]}
    together = case(low, {"user": "dev", "may": may}, policies={"wide": [["*", "*"]]})

    assert bool(becoming(together)) is is_a_way
    assert not undecided(together)


def test_a_deny_that_may_perhaps_be_taken_off_leaves_a_step_undecided() -> None:
    """Whether one may detach it hangs on a tag of one's own that nobody shows."""
    off = ["iam:DetachUserPolicy", "user/dev", {"StringEquals": {"aws:ResourceTag/team": "core"}}]
    dev = {"user": "dev", "holds": ["guard"], "may": [["iam:CreateAccessKey", "user/boss"], off]}
    policies = {"guard": [["iam:CreateAccessKey", "*", "deny"]]}

    assert undecided(case(BOSS, {**dev, "tags": None}, policies=policies)) == {"dev"}
    assert not becoming(case(BOSS, {**dev, "tags": None}, policies=policies))
    assert becoming(case(BOSS, {**dev, "tags": {"team": "core"}}, policies=policies))
    assert not undecided(case(BOSS, {**dev, "tags": {"team": "web"}}, policies=policies))


def test_tags_that_are_not_known_leave_a_step_undecided() -> None:
    """A condition on a tag of the target is decided by its tags, and by nothing else."""
    condition = {"StringEquals": {"iam:ResourceTag/team": "core"}}
    dev = {"user": "dev", "may": [["iam:CreateAccessKey", "user/boss", condition]]}

    assert becoming(case({**BOSS, "tags": {"team": "core"}}, dev))
    assert not becoming(case({**BOSS, "tags": {"team": "other"}}, dev))
    assert undecided(case({**BOSS, "tags": {"team": "other"}}, dev)) == set()
    assert undecided(case({**BOSS, "tags": None}, dev)) == {"dev"}


def test_an_older_version_of_a_policy_is_undecided() -> None:
    """Whether an older version says more no policy shows."""
    dev = {"user": "dev", "holds": ["own"]}
    made = case(dev, policies={"own": [["iam:SetDefaultPolicyVersion", "policy/own"]]})

    assert (becoming(made), undecided(made)) == ({}, {"dev"})


def test_roles_that_are_aws_own_are_not_changed() -> None:
    """IAM refuses to change service-linked roles: a policy on one leads nowhere."""
    linked = {
        "role": "AWSServiceRoleForThings",
        "path": "aws-service-role/things.amazonaws.com/",
        "holds": ["AdministratorAccess"],
        "trusts": {"Service": "things.amazonaws.com"},
    }
    dev = {"user": "dev", "may": [["iam:UpdateAssumeRolePolicy", "role/*"]]}

    assert becoming(case(linked, dev)) == {}
    assert becoming(case({**linked, "path": ""}, dev)).keys() == {"dev"}


def test_the_directory_is_governed_from_the_management_account() -> None:
    """Identity Center does not obey a member account, unless it is a delegated administrator."""
    everything = {"set": "Everything", "holds": ["AdministratorAccess"]}
    desk = {"set": "Desk", "may": [["sso:CreateAccountAssignment", "*"]]}
    made = case(everything, desk)
    elsewhere = Organisation(made.nodes, management_account="444455556666")

    assert becoming(made).keys() == {"Desk"}
    assert becoming(elsewhere) == {}
    assert undecided(elsewhere) == {"Desk"}


def test_of_two_chains_the_shortest_is_told() -> None:
    """Who reads three steps where one is enough mends the wrong place."""
    middle = {"role": "middle", "may": [["iam:CreateAccessKey", "user/boss"]], "trusts": {"AWS": "user/dev"}}
    dev = {"user": "dev", "may": [["iam:CreateAccessKey", "user/boss"]]}

    assert becoming(case(BOSS, middle, dev))["dev"] == ["iam:CreateAccessKey on user/boss"]


def test_only_targets_out_of_sight_that_could_matter_are_told() -> None:
    """A name of elsewhere is told; one in sight, one that may only be read and one that is denied are not."""
    dev = {
        "user": "dev",
        "may": [
            ["sts:AssumeRole", "arn:aws:iam::444455556666:role/far"],
            ["iam:GetUser", "user/read"],
            ["iam:CreateAccessKey", ["user/dev", "user/away", "user/kept"]],
            ["iam:CreateAccessKey", "user/kept", "deny"],
            ["iam:PassRole", "role/unused"],
        ],
    }
    found = out_of_sight(Chains(Graph(case(dev), NOW)))

    assert [(each.action, each.arn.rpartition(":")[2]) for each in found] == [
        ("sts:AssumeRole", "role/far"),
        ("iam:CreateAccessKey", "user/away"),
    ]


def test_who_becomes_an_administrator_is_not_asked_for_names_of_elsewhere() -> None:
    """It would change nothing."""
    dev = {"user": "dev", "may": [["iam:CreateAccessKey", ["user/boss", "user/away"]]]}

    assert list(out_of_sight(Chains(Graph(case(BOSS, dev), NOW)))) == []


def test_the_chains_to_one_identity() -> None:
    """A path to a role that is no administrator is a question, too."""
    reader = {"role": "reader", "may": [["s3:GetObject", "*"]], "trusts": {"AWS": "user/dev"}}
    graph = Graph(case(reader, {"user": "dev", "may": [["s3:GetObject", "*"]]}), NOW)
    chains = Chains.to(graph, [graph.sight.nodes[0]])
    (node,) = chains.sources()
    chain = chains.of(node)

    assert chain is not None
    assert [step.told for step in chain.steps] == ["sts:AssumeRole on role/reader"]
    assert chain.strength is None


def test_identities_that_name_each_other_come_to_an_end() -> None:
    """Of a circle that leads nowhere nothing is told, and of one that leads somewhere the way out."""
    size = 60
    ring = [
        {"user": f"u{n}", "may": [["iam:CreateAccessKey", [f"user/u{(n + 1) % size}", f"user/u{n - 1}"]]]}
        for n in range(size)
    ]
    assert becoming(case(*ring)) == {}

    found = becoming(case(BOSS, *ring[1:], {**ring[0], "may": [["iam:CreateAccessKey", "user/boss"]]}))
    assert len(found) == size
    assert max(len(steps) for steps in found.values()) == size // 2 + 1


def test_a_graph_with_very_many_edges_is_searched_in_bounded_time() -> None:
    """Everybody may make everybody's key but the administrator's: 300 times 300 steps, and none leads up."""
    denied = [["iam:CreateAccessKey", "user/*"], ["iam:CreateAccessKey", "user/boss", "deny"]]
    everybody = [{"user": f"u{n}", "may": denied} for n in range(300)]
    graph = Graph(case(BOSS, *everybody), NOW)
    chains = Chains(graph)

    assert not [node for node in chains.sources() if node.name != "boss"]
    assert sum(edge.targets.bit_count() for edge in graph.edges) > 80_000
    assert len(graph.edges) < 2_000


def test_a_given_step_needs_no_call() -> None:
    """Who is assigned a permission set has it: nothing has to be called for that."""
    made = case({"set": "Everything", "holds": ["AdministratorAccess"]}, {"person": "ann"})
    everything, ann = made.nodes
    chains = Chains(Graph(Organisation(made.nodes, entries=[Entry(ann, everything, "is assigned it")]), NOW))
    chain = chains.of(ann)

    assert chain is not None
    assert [(step.calls, step.told) for step in chain.steps] == [((), "is assigned it")]


PIECES: Final = st.sampled_from(
    ["arn:aws:iam::1:user/", "arn:aws:iam::2:user/", "*", "?", "a", "ab", "b", "/"]
)
WRITTEN: Final = st.lists(PIECES, min_size=1, max_size=5).map("".join)


@given(st.lists(WRITTEN.filter(lambda text: not {"*", "?"} & set(text)), min_size=1, unique=True), WRITTEN)
@settings(max_examples=300)
def test_names_are_found_as_comparing_one_by_one_finds_them(arns: list[str], pattern: str) -> None:
    """The index only saves comparisons: one target left out would be a step that nobody is told of."""
    names = Names(arns)

    found = {names.by_number[number] for number in numbers_in(names.matching(pattern))}
    assert found == {each for each in arns if matches(pattern, each)}


@pytest.mark.parametrize("first", [None, "user/u0"], ids=["a line", "a circle with a way out"])
def test_every_step_is_proved_once_however_long_the_chain(first: str | None) -> None:
    """Five thousand users in a line took hours: each level looked at every step again."""
    size = 120
    users = [
        {"user": f"u{number}", "may": [["iam:CreateAccessKey", f"user/u{number + 1}"]]}
        for number in range(size - 1)
    ]
    ends = [["iam:CreateAccessKey", "user/boss"], *([["iam:CreateAccessKey", first]] if first else [])]
    graph = Graph(case(*users, {"user": f"u{size - 1}", "may": ends}, BOSS), NOW)
    proved: list[int] = []

    def counted(edge: Edge) -> Edge:
        def prove(target: int) -> Proof | None:
            proved.append(target)
            return edge.prove(target)

        return replace(edge, prove=prove)

    graph.__dict__["edges"] = tuple(map(counted, graph.edges))
    chains = Chains(graph)
    found = [chain for node in graph.sight.nodes if (chain := chains.of(node))]

    assert sorted(len(chain.steps) for chain in found) == list(range(1, size + 1))
    assert len(proved) == size


def test_a_changed_thumbprint_is_undecided() -> None:
    """It opens a role to whoever holds the provider's host name as well, which no policy shows."""
    trusts = {
        "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example.com",
        "do": "sts:AssumeRoleWithWebIdentity",
    }
    keeper = {"role": "keeper", "holds": ["AdministratorAccess"], "trusts": trusts}
    ann = {"user": "ann", "may": [["iam:UpdateOpenIDConnectProviderThumbprint", "*"]]}
    ben = {"user": "ben", "may": [["iam:AddClientIDToOpenIDConnectProvider", "*"]]}
    organisation = case(keeper, ann, ben)

    assert not becoming(organisation)
    assert undecided(organisation) == {"ann"}


def test_tags_of_a_session_are_undecided() -> None:
    """Whoever assumes a role that lets session tags in chooses them; whether it may is another question."""
    trusts = {"AWS": f"arn:aws:iam::{ACCOUNT}:root", "do": ["sts:AssumeRole", "sts:TagSession"]}
    key = ["iam:CreateAccessKey", "user/boss", {"StringEquals": {"aws:PrincipalTag/team": "ops"}}]
    boss = {"user": "boss", "holds": ["AdministratorAccess"]}
    organisation = case(boss, {"role": "work", "may": [key], "trusts": trusts})

    assert not becoming(organisation)
    assert undecided(organisation) == {"work"}


def test_a_profile_on_an_instance_needs_a_way_in() -> None:
    """Another profile on an instance is of use to whoever gets in there, which this policy does not say."""
    trusts = {"Service": "ec2.amazonaws.com"}
    worker = {"role": "worker", "holds": ["AdministratorAccess"], "trusts": trusts}
    handed = [["iam:PassRole", "role/worker"], ["ec2:AssociateIamInstanceProfile", "*"]]
    organisation = case(
        worker, {"user": "ann", "may": [*handed, ["ssm:StartSession", "*"]]}, {"user": "ben", "may": handed}
    )

    assert list(becoming(organisation)) == ["ann"]
    assert undecided(organisation) == {"ben"}


def test_of_many_boundaries_the_one_that_leaves_everything_is_found() -> None:
    """Who has to take one of a list takes the widest, wherever in the list it stands."""
    narrow = [f"arn:aws:iam::111122223333:policy/b{number:02}" for number in range(70)]
    bounded = {
        "StringEquals": {"iam:PermissionsBoundary": [*narrow, "arn:aws:iam::aws:policy/AdministratorAccess"]}
    }
    makes = [["iam:CreateRole", "iam:PutRolePolicy"], "*", bounded]

    assert set(becoming(case({"user": "u", "may": [makes]}))) == {"u"}
