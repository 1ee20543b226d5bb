"""Workloads that somebody uses by calls of which not all are on the workload itself."""

from typing import Any, Final

import pytest

from tests.chains.test_graph import becoming, case, undecided

INSTANCE: Final = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0"
WORKER: Final[dict[str, Any]] = {
    "role": "worker",
    "holds": ["AdministratorAccess"],
    "trusts": {"Service": "ec2.amazonaws.com"},
}
UNTOLD: Final = {"IpAddress": {"aws:SourceIp": "${aws:PrincipalTag/network}"}}
"""Whether it holds nobody can say: an address is compared with a text."""
SEND, FIND = "ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"


@pytest.mark.parametrize(
    ("more", "answer"),
    [([[FIND, "*"]], "chain"), ([[FIND, "*", UNTOLD]], "undecided"), ([], "none")],
    ids=["allowed", "perhaps allowed", "not allowed"],
)
def test_the_calls_beside_the_workload_count_as_well(more: list[list[Any]], answer: str) -> None:
    """A call that may be refused, told as certain, is a false alarm; a chain left out is waved through."""
    user = {"user": "u", "may": [[SEND, INSTANCE], *more]}
    asked = case(WORKER, user, workloads={INSTANCE: "worker"})

    assert set(becoming(asked)) == ({"u"} if answer == "chain" else set())
    assert undecided(asked) == ({"u"} if answer == "undecided" else set())
