"""Who becomes an administrator in labs, beside a simulator that is asked call by call.

    .venv/bin/python -m bench.chains_beside_peers [--peers .peers]

The labs are those of tests/chains/labs.json, published ones written anew with neutral names and others like
them; each says who becomes an
administrator, and nobody else does. Two things are asked of iam-simulate, which knows no chains:

- every call of every step that we report: a step that it refuses may be false;
- every call by which one identity takes another over, or changes itself, for every pair of identities of a
  lab. What it allows makes a graph, and its closure is what such a simulator finds. Whoever it finds and the
  lab does not name, we have missed or it reports falsely.

PMapper, the graph tool that the labs' authors used, is started as it is; where it ends with an error, that is
what is written. iam-lens and Yams are in none of the registries that the locked peers come from.

Exit status 1 where one of our chains is missing, false or refused by the peer. The table goes to
bench/results/chains_beside_peers.md.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from identity_guard.chains import Chains, Graph, Kind, Node
from identity_guard.iam import Attachment, Effect, Statement
from identity_guard.iam.questions.proof import Witness
from tests.chains.labs import NOW, Lab, labs, name_of

RESULT: Final = Path(__file__).parent / "results" / "chains_beside_peers.md"
PEER: Final = Path(__file__).parents[1] / "tests" / "differential" / "peer.mjs"
PACKAGE: Final = ("iam-simulate", "node_modules", "@cloud-copilot", "iam-simulate")
ALLOWED: Final = "Allowed"
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
OF_EVERY_CALL: Final = {
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": "false",
    "aws:RequestedRegion": "us-east-1",
    "aws:CurrentTime": "2026-11-18T00:00:00Z",
    "aws:EpochTime": "1795000000",
    "aws:SourceIp": "198.51.100.10",
    "aws:MultiFactorAuthPresent": "true",
}
"""What an ordinary call carries; what a step's proof says besides goes first."""
TAKES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.USER: ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    Kind.ROLE: ("sts:AssumeRole",),
    Kind.PERMISSION_SET: ("sts:AssumeRole",),
    Kind.GROUP: ("iam:AddUserToGroup",),
}
"""Calls that are enough, each alone, to act as somebody (IAM API Reference)."""
CHANGES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.USER: ("iam:PutUserPolicy", "iam:AttachUserPolicy"),
    Kind.ROLE: ("iam:PutRolePolicy", "iam:AttachRolePolicy"),
}
"""Calls on oneself that are enough, each alone, to be allowed everything."""

OTHERWISE_PROVED: Final[Mapping[str, str]] = {
    "command by a document that runs anything": "the peer takes no call on the document alone",
    "the denying policy may be detached, and no other": "it is asked with the policy still attached",
    "permission set named by a pattern in another account's trust": (
        "the role is put to it by the ARN that it has in us-east-1, which has no Region"
    ),
    "trust in a session of a bounded role": "it is asked as the role, and the trust names a session",
}
"""Labs of which a call cannot be put to the peer as it happens, and why; tests/chains/test_labs.py holds each
of them against the slow evaluator."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call that is asked of the peer, and what it is about."""

    caller: Node
    target: Node | None
    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)

    def asked(self) -> Json:
        """Write it as the peer takes it."""
        trust = self.target.trust if self.target and self.action.startswith("sts:Assume") else None
        known = {"aws:PrincipalArn": self.caller.arn, "aws:PrincipalAccount": self.caller.account}
        name = {"aws:username": self.caller.name} if self.caller.kind is Kind.USER else {}
        return {
            "principal": _principal(self.caller),
            "action": self.action,
            "resource": self.resource,
            "account": self.target.account if self.target and self.target.account else self.caller.account,
            "context": {**OF_EVERY_CALL, **known, **name, **_ordinary(self.context)},
            "documents": [written(each) for each in self.caller.documents],
            "boundary": written(self.caller.boundary) if self.caller.boundary else None,
            "scps": [[written(each) for each in level] for level in self.caller.scps],
            "resourcePolicy": written(trust) if trust else None,
        }


def _principal(node: Node) -> str:
    if node.kind is Kind.USER:
        return node.arn
    return f"arn:aws:sts::{node.account}:assumed-role/{node.arn.rpartition('/')[2]}/session"


def _ordinary(context: Mapping[str, Any]) -> Json:
    return {key: value for key, value in context.items() if value != []}


def written(attachment: Attachment) -> Json:
    """Write a document out as JSON has it."""
    return {"Version": "2012-10-17", "Statement": [_written(each) for each in attachment.statements]}


def _written(statement: Statement) -> Json:
    found: Json = {"Effect": "Allow" if statement.effect is Effect.ALLOW else "Deny"}
    found["NotAction" if statement.actions_excluded else "Action"] = list(statement.action_patterns)
    if statement.condition:
        found["Condition"] = {name: dict(block) for name, block in statement.condition.items()}
    if statement.principals is None:
        found["NotResource" if statement.resources_excluded else "Resource"] = list(
            statement.resource_patterns
        )
        return found
    named: dict[str, list[str]] = {}
    for kind, name in statement.principals.named:
        named.setdefault(kind.value, []).append(name)
    return found | {"NotPrincipal" if statement.principals.excluded else "Principal": named}


@dataclass(frozen=True)
class Asked:
    """One lab: what we report, what the peer is asked, and who can act at all."""

    lab: Lab
    found: Mapping[str, tuple[str, ...]]
    steps: tuple[Call, ...]
    probes: tuple[tuple[str, str, Call], ...]
    """Who would become whom by a call; `changed` for whoever changes itself."""
    names: Mapping[str, str]
    """The name of everybody, by ARN."""
    strong: frozenset[str]
    seconds: float


CHANGED: Final = "changed"


def ask(lab: Lab) -> Asked:
    """Look for the chains of a lab, and write down what the peer is asked."""
    began = time.process_time()
    graph = Graph(lab.organisation(), NOW)
    chains = Chains(graph)
    reported = {node: chain for node in chains.sources() if (chain := chains.of(node))}
    seconds = time.process_time() - began
    nodes = list(graph.sight.nodes)
    strong = frozenset(node.arn for node in nodes if graph.strength(graph.number_of(node)))
    weak = {node: chain for node, chain in reported.items() if node.arn not in strong}
    by_arn = {node.arn: node for node in nodes}
    calls = [
        _of_proof(step.source, call, by_arn)
        for chain in weak.values()
        for step in chain.steps
        for call in step.calls
    ]
    told = {node.name: tuple(step.told for step in chain.steps) for node, chain in weak.items()}
    names = {node.arn: node.name for node in nodes}
    return Asked(lab, told, tuple(calls), tuple(_probes(lab, nodes)), names, strong, seconds)


def _of_proof(source: Node, call: Witness, nodes: Mapping[str, Node]) -> Call:
    caller = nodes.get(str(call.context.get("aws:PrincipalArn")), source)
    return Call(caller, nodes.get(call.resource), call.action, call.resource, call.context)


def _probes(lab: Lab, nodes: list[Node]) -> Iterator[tuple[str, str, Call]]:
    groups = {name_of(each): each.get("in", ()) for each in lab.identities}
    callers = [node for node in nodes if node.kind in (Kind.USER, Kind.ROLE, Kind.PERMISSION_SET)]
    for caller in callers:
        for action in CHANGES.get(caller.kind, ()):
            context = {"iam:PolicyARN": ADMINISTRATOR} if "Attach" in action else {}
            yield caller.arn, CHANGED, Call(caller, caller, action, caller.arn, context)
        for group in (node for node in nodes if node.name in groups.get(caller.name, ())):
            yield caller.arn, CHANGED, Call(caller, group, "iam:PutGroupPolicy", group.arn)
        for target in nodes:
            if target is caller or (target.kind is Kind.GROUP and caller.kind is not Kind.USER):
                continue
            for action in TAKES.get(target.kind, ()):
                yield caller.arn, target.arn, Call(caller, target, action, target.arn)


def answers(calls: list[Call], package: Path) -> tuple[list[str], float]:
    """Return the peer's answers, and its seconds."""
    given = "".join(json.dumps(call.asked()) + "\n" for call in calls)
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own
        ["node", str(PEER), str(package)],  # noqa: S607 - as everywhere in the bench
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines(), time.perf_counter() - began


def reached(asked: Asked, allowed: set[int]) -> set[str]:
    """Return who becomes strong by the calls that the peer allows, one after the other."""
    steps = [(source, target) for n, (source, target, _) in enumerate(asked.probes) if n in allowed]
    there = {*asked.strong, CHANGED}
    while new := {source for source, target in steps if target in there} - there:
        there |= new
    return {asked.names[arn] for arn in there - asked.strong - {CHANGED}}


def pmapper(peers: Path) -> str:
    """Start PMapper, and return the last line of its error."""
    command = [str(peers / "pmapper" / "bin" / "pmapper"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode == 0:
        return "it starts: compare with it"
    return done.stderr.strip().splitlines()[-1].split(" (/", 1)[0]


@dataclass
class Counts:
    """What was found over all labs."""

    wanted: int = 0
    ours: int = 0
    ours_false: int = 0
    peers: int = 0
    peers_false: list[str] = field(default_factory=list)
    calls: int = 0
    refused: list[str] = field(default_factory=list)
    otherwise_proved: list[str] = field(default_factory=list)
    seconds: float = 0.0
    peer_seconds: float = 0.0
    questions: int = 0


def count(package: Path) -> Counts:
    """Go through the labs."""
    found = Counts()
    every = [ask(lab) for lab in labs()]
    calls = [call for asked in every for call in (*asked.steps, *(call for _, _, call in asked.probes))]
    said, found.peer_seconds = answers(calls, package)
    found.questions = len(calls)
    place = 0
    for asked in every:
        of_steps = said[place : place + len(asked.steps)]
        place += len(asked.steps)
        of_probes = said[place : place + len(asked.probes)]
        place += len(asked.probes)
        _note(found, asked, of_steps, {n for n, answer in enumerate(of_probes) if answer == ALLOWED})
    return found


def _note(found: Counts, asked: Asked, of_steps: list[str], allowed: set[int]) -> None:
    wanted = {name: tuple(steps) for name, steps in asked.lab.chains.items()}
    by_peer = reached(asked, allowed)
    found.wanted += len(wanted)
    found.ours += sum(asked.found.get(name) == steps for name, steps in wanted.items())
    found.ours_false += len(asked.found.keys() - wanted.keys())
    found.peers += len(by_peer & wanted.keys())
    found.peers_false += [f"{asked.lab.name}: {name}" for name in sorted(by_peer - wanted.keys())]
    found.calls += len(asked.steps)
    refused = [
        f"{asked.lab.name}: {call.action} on {call.resource} by {call.caller.name}: {answer}"
        for call, answer in zip(asked.steps, of_steps, strict=True)
        if answer != ALLOWED
    ]
    why = OTHERWISE_PROVED.get(asked.lab.name)
    if why is None:
        found.refused += refused
    else:
        found.otherwise_proved += [f"{each} ({why})" for each in refused]
    found.seconds += asked.seconds


def table(found: Counts, error: str) -> str:
    """Write what was found."""
    becoming = (
        f"{len(labs())} labs, published ones written anew and others like them, in which {found.wanted} "
        "identities become administrators and the others do not. Seconds of a processor for us, of the clock "
        "for the peer."
    )
    ours = f"{found.ours} of {found.wanted} | {found.ours_false} | {found.seconds:.1f}"
    peers = f"{found.peers} of {found.wanted} | {len(found.peers_false)} | {found.peer_seconds:.1f}"
    allowed = found.calls - len(found.refused) - len(found.otherwise_proved)
    lines = [
        f"# Chains beside peers\n\n{becoming}\n",
        "| checker | become administrators | false | seconds |",
        "|---|---:|---:|---:|",
        f"| identity_guard, chains | {ours} |",
        f"| iam-simulate, asked {found.questions} calls, with the closure of what it allows | {peers} |\n",
        f"Of the {found.calls} calls of our steps iam-simulate allows {allowed}.\n",
        *(f"- refused: {each}" for each in found.refused),
        *(f"- not asked as it happens: {each}" for each in found.otherwise_proved),
        *(f"- by the closure of iam-simulate's answers alone: {each}" for each in found.peers_false),
        f"\nPMapper 1.1.5 on Python {sys.version.split()[0]}: `{error}`.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path, default=Path(".peers"), help="where they are installed")
    peers = parser.parse_args().peers.absolute()
    found = count(peers.joinpath(*PACKAGE))
    text = table(found, pmapper(peers))
    sys.stdout.write(text)
    RESULT.write_text(text, encoding="utf-8")
    return 0 if found.ours == found.wanted and not found.ours_false and not found.refused else 1


if __name__ == "__main__":
    raise SystemExit(main())
