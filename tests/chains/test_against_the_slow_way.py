"""Chains beside the slow way of finding them, over organisations made up at random."""

import random
from typing import Any, Final

import pytest

from identity_guard.chains import Chains, Graph
from tests.chains.labs import NOW, Lab
from tests.chains.slow import CREDENTIALS, ROOT, WRITING, Slowly

ACTIONS: Final = (
    *CREDENTIALS,
    *(action for actions in WRITING.values() for action in actions),
    "iam:UpdateAssumeRolePolicy",
    "iam:AddUserToGroup",
    "iam:CreatePolicyVersion",
    "sts:AssumeRole",
    "iam:Create*",
    "iam:Put*",
    "iam:*Policy",
    "s3:*",
)
USERS: Final = tuple(f"user/u{number}" for number in range(4))
ROLES: Final = tuple(f"role/r{number}" for number in range(4))
GROUPS: Final = tuple(f"group/g{number}" for number in range(2))
POLICIES: Final = tuple(f"policy/p{number}" for number in range(2))
RESOURCES: Final = (
    *USERS,
    *ROLES,
    *GROUPS,
    *POLICIES,
    "user/*",
    "role/r?",
    "role/*1",
    "group/*",
    "policy/p*",
    "*",
)
CASES: Final = 80


def statement(chance: random.Random) -> list[Any]:
    """Make an Allow of few actions on few resources, or now and then a Deny."""
    actions = chance.sample(ACTIONS, chance.randint(1, 3))
    resources = chance.sample(RESOURCES, chance.randint(1, 2))
    return [actions, resources, "deny"] if chance.random() < 0.12 else [actions, resources]


def statements(chance: random.Random) -> list[list[Any]]:
    """Make a policy."""
    return [statement(chance) for _ in range(chance.randint(1, 2))]


def made_up(seed: int) -> Lab:
    """Make an organisation in which one identity is an administrator."""
    chance = random.Random(seed)  # noqa: S311 - the same organisation for the same seed
    users: list[dict[str, Any]] = [
        {
            "user": name.partition("/")[2],
            "may": statements(chance),
            "in": [group.partition("/")[2] for group in GROUPS if chance.random() < 0.3],
            "holds": [policy.partition("/")[2] for policy in POLICIES if chance.random() < 0.3],
        }
        for name in USERS
    ]
    roles: list[dict[str, Any]] = [
        {
            "role": name.partition("/")[2],
            "may": statements(chance),
            "trusts": {"AWS": chance.choice((ROOT, *USERS, *ROLES))},
        }
        for name in ROLES
    ]
    groups = [{"group": name.partition("/")[2], "may": statements(chance)} for name in GROUPS]
    boss = chance.choice((*users, *roles))
    boss["holds"] = [*boss.get("holds", ()), "AdministratorAccess"]
    policies = {name.partition("/")[2]: statements(chance) for name in POLICIES}
    return Lab(str(seed), "", [*users, *roles, *groups], policies, {}, [], {})


@pytest.mark.parametrize("seed", range(CASES))
def test_the_same_identities_become_administrators(seed: int) -> None:
    """One more than the slow way finds is a false alarm, one fewer a chain that nobody is told of."""
    organisation = made_up(seed).organisation()
    chains = Chains(Graph(organisation, NOW))

    assert {node.name for node in chains.sources()} == Slowly(organisation).becomes_administrator()
    fewer = Chains(Graph(organisation, NOW, beyond_the_strong=False))
    assert {node.name for node in fewer.sources()} == {node.name for node in chains.sources()}
    assert fewer.undecided().keys() == chains.undecided().keys()


def test_the_cases_are_worth_comparing() -> None:
    """In many of them some become administrators, and others do not."""
    counts = [
        len(Slowly(made_up(seed).organisation()).becomes_administrator()) for seed in range(0, CASES, 10)
    ]

    assert sum(1 for count in counts if 0 < count < len(USERS + ROLES + GROUPS)) > len(counts) // 2
