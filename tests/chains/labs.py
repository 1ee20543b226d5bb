"""Organisations written in few words, and the chains expected in them: the table `labs.json`.

Resources are short: `user/ann`, `role/deploy`, `group/ops`, `policy/own` are IAM's of the case's account. An
identity `holds` AWS-managed policies by name or the case's own ones, and `may` do what pairs of actions and
resources say, under an optional condition.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_guard.chains import Entry, Kind, ManagedPolicy, Node, Organisation, Workload
from identity_guard.iam import Attachment, DocumentKind, Origin, attach, managed_attachment

TABLE: Final = Path(__file__).with_name("labs.json")
ACCOUNT: Final = "111122223333"
NOW: Final = 1_795_000_000.0
KINDS: Final = {
    "user": Kind.USER,
    "role": Kind.ROLE,
    "group": Kind.GROUP,
    "set": Kind.PERMISSION_SET,
    "person": Kind.PERSON,
    "team": Kind.DIRECTORY_GROUP,
}
SHORT: Final = ("user/", "role/", "group/", "policy/", "saml-provider/")
INSTANCE: Final = "ssoins-7x0000000example"


@dataclass(frozen=True)
class Lab:
    """One case."""

    name: str
    source: str
    identities: Sequence[Mapping[str, Any]]
    policies: Mapping[str, Any]
    workloads: Mapping[str, str]
    given: Sequence[Sequence[str]]
    chains: Mapping[str, Sequence[str]]
    """For each who becomes an administrator the calls, step by step. Nobody else does."""

    def organisation(self) -> Organisation:
        """Make the identities of the case."""
        nodes = {name_of(each): self._node(each) for each in self.identities}
        holders: dict[str, list[Node]] = {name: [] for name in self.policies}
        bounds: dict[str, list[Node]] = {name: [] for name in self.policies}
        members: dict[Node, list[Node]] = {}
        for each in self.identities:
            node = nodes[name_of(each)]
            for held in self._held(each):
                if held in holders:
                    holders[held].append(node)
            if each.get("boundary") in bounds:
                bounds[each["boundary"]].append(node)
            for group in each.get("in", ()):
                members.setdefault(nodes[group], []).append(node)
        policies = [
            ManagedPolicy(
                arn(f"policy/{name}"),
                ACCOUNT,
                tuple(holders[name]),
                tuple(bounds[name]),
                text=self._policy(name),
            )
            for name in self.policies
        ]
        workloads = [Workload(place, place, ACCOUNT, nodes[role]) for place, role in self.workloads.items()]
        entries = [Entry(nodes[one], nodes[other], "given") for one, other in self.given]
        return Organisation(list(nodes.values()), policies, members, workloads, entries)

    def _held(self, each: Mapping[str, Any]) -> list[str]:
        """Return the names of the policies that somebody holds, through groups, too."""
        groups = {name_of(group): group for group in self.identities if "group" in group}
        own = list(each.get("holds", ()))
        return own + [held for name in each.get("in", ()) for held in groups[name].get("holds", ())]

    def _documents(self, each: Mapping[str, Any]) -> tuple[Attachment, ...]:
        groups = {name_of(group): group for group in self.identities if "group" in group}
        own = [attach(document(each["may"]), f"inline policy of {name_of(each)}")] if "may" in each else []
        own += [self._policy(held) for held in each.get("holds", ())]
        return (*own, *(found for name in each.get("in", ()) for found in self._documents(groups[name])))

    def _policy(self, name: str) -> Attachment:
        if name in self.policies:
            return attach(document(self.policies[name]), name, Origin.CUSTOMER_MANAGED)
        return managed_attachment(f"arn:aws:iam::aws:policy/{name}")

    def _node(self, each: Mapping[str, Any]) -> Node:
        kind = next(KINDS[key] for key in KINDS if key in each)
        name = name_of(each)
        boundary = each.get("boundary")
        account = each.get("account", ACCOUNT)
        return Node(
            kind,
            name,
            _arn_of(kind, name, account, each.get("path", "")),
            "" if kind in (Kind.PERSON, Kind.DIRECTORY_GROUP) else account,
            self._documents(each),
            self._policy(boundary) if boundary else None,
            arn(f"policy/{boundary}") if boundary else None,
            tuple((self._policy(name),) for name in each.get("scps", ())),
            trust=_trust(each["trusts"]) if "trusts" in each else None,
            tags=each.get("tags", {}),
            permission_set=f"arn:aws:sso:::permissionSet/{INSTANCE}/ps-{name}" if "set" in each else "",
        )


def labs() -> list[Lab]:
    """Read the table."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    return [
        Lab(
            row["name"],
            row["source"],
            row["identities"],
            row.get("policies", {}),
            row.get("workloads", {}),
            row.get("given", []),
            row["chains"],
        )
        for row in rows
    ]


def name_of(each: Mapping[str, Any]) -> str:
    """Return how an identity of the table is called."""
    return next(str(each[key]) for key in KINDS if key in each)


def arn(short: str) -> str:
    """Write out a short resource."""
    return f"arn:aws:iam::{ACCOUNT}:{short}" if short.startswith(SHORT) else short


def document(statements: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Write a policy: each statement is actions, resources, and perhaps a condition or `deny`."""
    return {"Version": "2012-10-17", "Statement": [_statement(*each) for each in statements]}


def _statement(actions: Any, resources: Any, *more: Any) -> dict[str, Any]:  # noqa: ANN401 - as the table has it
    listed = [resources] if isinstance(resources, str) else resources
    found: dict[str, Any] = {
        "Effect": "Deny" if "deny" in more else "Allow",
        "Action": actions,
        "Resource": [arn(each) for each in listed],
    }
    conditions = [each for each in more if isinstance(each, dict)]
    return {**found, "Condition": conditions[0]} if conditions else found


def _trust(principals: Any) -> Attachment:  # noqa: ANN401 - as the table has it
    statements = []
    for each in principals if isinstance(principals, list) else [principals]:
        kinds = {key: value for key, value in each.items() if key not in ("if", "do")}
        named = {key: arn(value) if isinstance(value, str) else value for key, value in kinds.items()}
        action = "sts:AssumeRoleWithSAML" if "Federated" in named else "sts:AssumeRole"
        made = {"Effect": "Allow", "Principal": named, "Action": each.get("do", action)}
        statements.append({**made, "Condition": each["if"]} if "if" in each else made)
    written = {"Version": "2012-10-17", "Statement": statements}
    return attach(written, "trust policy", kind=DocumentKind.TRUST)


def _arn_of(kind: Kind, name: str, account: str, path: str) -> str:
    if kind is Kind.PERMISSION_SET:
        reserved = "role/aws-reserved/sso.amazonaws.com"
        return f"arn:aws:iam::{account}:{reserved}/AWSReservedSSO_{name}_0123456789abcdef"
    if kind in (Kind.PERSON, Kind.DIRECTORY_GROUP):
        return f"arn:aws:identitystore:::{'user' if kind is Kind.PERSON else 'group'}/{name}"
    return f"arn:aws:iam::{account}:{kind.value}/{path}{name}"
