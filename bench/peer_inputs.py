"""What some checkers have to be given besides the cases: calls to try, and AWS's lists of actions."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from identity_guard.iam import Statement, Through, attach, escalation_paths, judge
from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import GUARDING_SERVICES, catalogue
from identity_guard.iam.questions.mfa import SET_UP

NOW = 1_795_000_000.0
#: So many calls stand for a root user's power when single calls are all that can be asked.
PROBES = 40
#: So many actions of a statement, and resources, are tried by themselves.
NAMED_ACTIONS, NAMED_RESOURCES = 6, 2
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
USER = "alice"
#: The user who calls, and what leads further even where a policy allows it for that user alone.
SELF = f"arn:aws:iam::111122223333:user/{USER}"
TO_ONESELF = ("iam:AttachUserPolicy", "iam:PutUserPolicy")


def write_probes(file: Path, documents: Mapping[str, Sequence[str]]) -> None:
    """Write the calls by which an engine for single calls is asked about more than one call.

    The example of each action is the one that our own witness shows. What the documents name is tried by
    itself where they speak of MFA. Paths through a role that a workload already has are no escalation in the
    labels, so they are not tried.
    """
    known = catalogue()
    guarding = [name for service in GUARDING_SERVICES for name in known.names(known.changing(service))]
    step = len(guarding) // (PROBES // 2)
    spread = [known.name_of(bit) for bit in range(0, known.known_size, known.known_size // (PROBES // 2))]
    paths = [
        [call(name, path.passed_to) for name in path.actions]
        for path in escalation_paths()
        if path.through is not Through.RUNNING_ROLE
    ]
    paths += [[{**call(name, ()), "resource": SELF}] for name in TO_ONESELF]
    root = [call(name, ()) for name in [*guarding[::step], *spread]]
    named = {
        case: [probe for text in texts for probe in _named(text)]
        for case, texts in documents.items()
        if "multifactorauth" in " ".join(texts).lower()
    }
    file.write_text(json.dumps({"root": root, "paths": paths, "named": named}), encoding="utf-8")


def call(action: str, passed_to: Sequence[str]) -> dict[str, str]:
    """Return a call of an action on a resource that it takes."""
    found = judge([attach({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})], now=NOW)
    witness = found.witness_without_mfa
    # Where AWS lists two forms of a resource's name for one type, one will do.
    resource = witness.resource.split(", ")[0] if witness is not None else "*"
    made = {"action": action, "resource": resource.replace("example-region-0", "us-east-1")}
    if action.lower() == "iam:passrole" and passed_to:
        made["passedTo"] = passed_to[0]
    if re.fullmatch("iam:attach.*policy", action, re.IGNORECASE):
        made["attached"] = ADMINISTRATOR
    return made


def _named(text: str) -> Iterator[dict[str, str]]:
    """Yield calls of what a document names, but for setting up one's own MFA, which needs none."""
    for statement in attach(text).statements:
        yield from _calls_of(statement)


def _calls_of(statement: Statement) -> Iterator[dict[str, str]]:
    known = catalogue()
    about = action_set(statement.action_patterns, ScanBudget()).certain & known.known
    names = list(known.names(about & ~known.mask_of(SET_UP)))
    for name in names[:: max(1, len(names) // NAMED_ACTIONS)]:
        yield call(name, ())
        for pattern in statement.resource_patterns[:NAMED_RESOURCES]:
            yield {"action": name, "resource": _filled(pattern)}


def _filled(pattern: str) -> str:
    """Return a resource that a pattern fits, for the user who calls."""
    return re.sub(r"[*?]", "x", re.sub(r"\$\{[^}]*\}", USER, pattern))


def write_services(folder: Path) -> None:
    """Write AWS's lists of actions as its service reference has them, out of our catalogue.

    A checker that would fetch them works without a network so, and from what we work from.
    """
    known = catalogue()
    names: dict[str, list[str]] = defaultdict(list)
    for name in known.names(known.known):
        service, action = name.split(":")
        names[service].append(action)
    services = [{"service": service, "url": f"{service}.json"} for service in names]
    (folder / "_services.json").write_text(json.dumps(services), encoding="utf-8")
    for service, actions in names.items():
        listed = {"Name": service, "Actions": [{"Name": action} for action in actions]}
        (folder / f"{service}.json").write_text(json.dumps(listed), encoding="utf-8")
