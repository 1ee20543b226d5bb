"""The bench of chains beside a simulator: what the peer is asked is what the labs say."""

from collections.abc import Iterator

from bench import chains_beside_peers as bench
from identity_guard.iam import Attachment, DocumentKind, Statement, attach
from tests.chains.labs import Lab, labs

NAMED = {lab.name: lab for lab in labs()}


def documents(lab: Lab) -> Iterator[Attachment]:
    """Go through every document of a lab."""
    for node in lab.organisation().nodes:
        yield from (*node.documents, *(each for level in node.scps for each in level))
        yield from (each for each in (node.boundary, node.trust) if each is not None)


def test_documents_are_written_as_they_were_read() -> None:
    """A statement lost on the way to the peer, and it would vouch for something else."""
    seen = 0
    for each in (found for lab in labs() for found in documents(lab)):
        kind = DocumentKind.TRUST if each.statements[0].principals else DocumentKind.IDENTITY
        again = attach(bench.written(each), each.name, kind=kind)

        assert [meant(one) for one in again.statements] == [meant(one) for one in each.statements]
        seen += 1
    assert seen >= 200


def meant(statement: Statement) -> tuple[object, ...]:
    """Return what a statement says, without the order in which principals stand and without its Sid."""
    principals = statement.principals
    named = (set(principals.named), principals.excluded) if principals else None
    return (
        *(statement.effect, tuple(statement.action_patterns), statement.actions_excluded),
        *(tuple(statement.resource_patterns), statement.resources_excluded, named, statement.condition),
    )


def test_who_is_reached_is_who_reaches_somebody_strong_by_what_is_allowed() -> None:
    """A closure that forgets the second step makes the peer worse than it is; one too wide, better."""
    asked = bench.ask(NAMED["key of a named user"])
    on_boss = {n for n, (_, target, _) in enumerate(asked.probes) if target.endswith("user/boss")}
    of_ben = {
        n
        for n, (source, target, _) in enumerate(asked.probes)
        if source.endswith("user/ben") and target.endswith("user/ann")
    }
    of_ann = {n for n in on_boss if asked.probes[n][0].endswith("user/ann")}

    assert bench.reached(asked, of_ann) == {"ann"}
    assert bench.reached(asked, of_ann | of_ben) == {"ann", "ben"}
    assert bench.reached(asked, of_ben) == set()


def test_a_step_of_ours_is_asked_by_whoever_takes_it() -> None:
    """Asked in another's name, the peer would refuse a good step or allow a false one."""
    asked = bench.ask(NAMED["key of a named user"])

    assert asked.found == {"ann": ("iam:CreateAccessKey on user/boss",)}
    (call,) = asked.steps
    assert call.asked()["principal"].endswith("user/ann")
    assert (call.action, call.resource.rpartition(":")[2]) == ("iam:CreateAccessKey", "user/boss")
