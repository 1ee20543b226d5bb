"""Roles handed to services: calls that are only possible, and calls that have to be about one thing."""

from typing import Any, Final

import pytest

from identity_guard.chains import Graph
from identity_guard.chains.services import Calls, Somewhere
from identity_guard.iam.catalogue.actions import catalogue
from tests.chains.labs import NOW
from tests.chains.test_graph import becoming, case, undecided

ANY: Final = "*"
UNTOLD: Final = {"IpAddress": {"aws:SourceIp": "${aws:PrincipalTag/network}"}}
"""Whether it holds nobody can say: an address is compared with a text."""
DEFINITION: Final = "arn:aws:batch:*:*:job-definition/"
QUEUE: Final = "arn:aws:batch:*:*:job-queue/*"


def admin(service: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as the table of labs has it
    """Return an administrator's role that a service may take."""
    return {"role": "admin", "holds": ["AdministratorAccess"], "trusts": {"Service": service, **more}}


def user(*may: list[Any]) -> dict[str, Any]:
    """Return a user who may pass that role, and do something else."""
    return {"user": "u", "may": [["iam:PassRole", "role/admin"], *may]}


def test_calls_in_a_service_that_are_only_possible_are_neither_a_chain_nor_none() -> None:
    """A chain alleged without proof is a false alarm; one left out is a way to the top waved through."""
    calls = ["lambda:CreateFunction", "lambda:InvokeFunction"]
    doubted = case(admin("lambda.amazonaws.com"), user([calls, "*", UNTOLD]))
    half = case(admin("lambda.amazonaws.com"), user([calls[0], "*"], [calls[1], "*", UNTOLD]))

    assert (becoming(doubted), undecided(doubted)) == ({}, {"u"})
    assert (becoming(half), undecided(half)) == ({}, {"u"})


def test_what_is_only_possible_is_never_said_to_be_certain() -> None:
    """Said to be certain, with no resource at hand, it would count in every chain that goes on from there."""
    organisation = case(user(["lambda:CreateFunction", "*"], ["lambda:InvokeFunction", "*", UNTOLD]))
    graph = Graph(organisation, NOW)
    powers = graph.takes_of(graph.position(0)).powers
    asked = [[f"lambda:{name}Function" for name in names] for names in (["Create"], ["Create", "Invoke"])]
    masks = [catalogue().mask_of(actions) for actions in asked]
    somewhere = Somewhere(powers, masks[1])

    assert somewhere.callable(asked[0], masks[0]) == Calls(certain=True, on={"lambda:CreateFunction": ANY})
    assert somewhere.callable(asked[1], masks[1]) == Calls(certain=False, on={})
    assert (
        somewhere.callable(["lambda:DeleteFunction"], catalogue().mask_of(["lambda:DeleteFunction"])) is None
    )


def test_an_entitlement_that_is_only_possible_is_left_open() -> None:
    """Its calls are asked about by themselves: what cannot be decided of them has to be told."""
    trusted = ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"]
    chief = admin("account-access.amazonaws.com", do=trusted)
    doubted = case(chief, {"user": "u", "may": [["account-access:CreateEntitlement", "*", UNTOLD]]})

    assert (becoming(doubted), undecided(doubted)) == ({}, {"u"})


@pytest.mark.parametrize(
    ("registered", "submitted", "is_open"),
    [
        ("a", "a:*", True),
        ("a*", "a*", True),
        ("a*", "ab:7", True),
        ("a", "b:*", False),
        ("a-*", "b-*", False),
        ("a", "a", False),
    ],
)
def test_a_job_definition_is_submitted_under_the_name_that_it_got(
    registered: str, submitted: str, *, is_open: bool
) -> None:
    """A submission is checked on the queue and on the definition with its revision (AWS Batch User Guide)."""
    asked = case(
        admin("ecs-tasks.amazonaws.com"),
        user(
            ["batch:RegisterJobDefinition", DEFINITION + registered],
            ["batch:SubmitJob", [DEFINITION + submitted, QUEUE]],
        ),
    )

    assert becoming(asked) == {}
    assert undecided(asked) == ({"u"} if is_open else set())


@pytest.mark.parametrize(
    ("made", "started", "is_open"),
    [("a-*", "*-x", True), ("a-*", "b-*", False), ("*-x", "*-y", False)],
)
def test_a_name_that_two_patterns_share_is_not_overlooked(made: str, started: str, *, is_open: bool) -> None:
    """The one pattern's example is not in the other one, and yet a job can have a name that is in both."""
    job = "arn:aws:glue:*:*:job/"
    asked = case(
        admin("glue.amazonaws.com"), user(["glue:CreateJob", job + made], ["glue:StartJobRun", job + started])
    )

    assert becoming(asked) == {}
    assert undecided(asked) == ({"u"} if is_open else set())
