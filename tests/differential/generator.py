"""Random documents and requests that meet often enough for a comparison to mean something.

It imports nothing from the project. Everything comes from one seed.
"""

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

ACTIONS = [
    "iam:PutRolePolicy",
    "iam:PassRole",
    "iam:ListUsers",
    "sts:AssumeRole",
    "s3:GetObject",
    "s3:PutObject",
    "s3:ListAllMyBuckets",
    "ec2:RunInstances",
    "ec2:DescribeInstances",
    "lambda:CreateFunction",
    "sso:CreateAccountAssignment",
]
ACTION_PATTERNS = [
    *ACTIONS,
    "*",
    "*:*",
    "iam:*",
    "IAM:P*",
    "s3:*Object",
    "s3:?etObject",
    "ec2:*Instances",
    "*:*Role*",
    "lambda:C*n",
    "s3*",
    "sts:assumerole",
    "sso:?*",
    "nosuch:*",
]
RESOURCES = [
    "*",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::111122223333:role/team/admin",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:s3:::reports/2026/a.csv",
    "arn:aws:s3:::home/alice/notes.txt",
    "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123",
    "arn:aws-cn:iam::111122223333:role/app",
]
RESOURCE_PATTERNS = [
    *RESOURCES,
    "arn:*",
    "arn:aws:*",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::111122223333:role/????",
    "arn:aws:s3:::reports/*",
    "arn:aws:s3:::home/${aws:username}/*",
    "arn:aws:s3:::home/${aws:PrincipalTag/team, 'nobody'}/*",
    "arn:aws:s3:::*/${*}",
    "arn:*:iam::*:user/${aws:username}",
    "?*",
    "**",
]
STRINGS = ["eu-west-1", "us-east-1", "EU-WEST-1", "team-a", "alice", "x*y", ""]
STRING_PATTERNS = [
    *STRINGS,
    "*",
    "eu-*",
    "?????-?",
    "team-${aws:username}",
    "${aws:username}",
    "x${*}y",
    "*a*",
]
NUMBERS = ["0", "1", "42", "42.0", "3600", "-7", "900"]
DATES = [
    "2015-01-01T00:00:00Z",
    "2026-11-23",
    "2026-11-23T12:00:00+02:00",
    "1760000000",
    "2099-01-01T00:00:00Z",
]
BOOLS = ["true", "false", "TRUE"]
BINARIES = ["QmluYXJ5", "b3RoZXI="]
ADDRESSES = ["203.0.113.7", "198.51.100.10", "2001:db8::1", "10.0.0.1"]
RANGES = ["203.0.113.0/24", "0.0.0.0/0", "::/0", "198.51.100.10", "2001:db8::/32", "10.0.0.0/8"]
ARNS = [
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:sts::111122223333:assumed-role/app/session:1",
    "not-an-arn",
]
ARN_PATTERNS = [
    *ARNS,
    "arn:*:*:*:*:*",
    "arn:aws:iam::*:role/*",
    "arn:*:iam::1111*:user/${aws:username}",
    "*",
    "arn:aws:*",
]

Family = tuple[list[str], list[str], list[str], list[str]]

FAMILIES: dict[str, Family] = {
    "String": (
        [
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
        ["aws:RequestedRegion", "aws:PrincipalTag/team", "aws:username", "aws:TagKeys"],
        STRING_PATTERNS,
        STRINGS,
    ),
    "Numeric": (
        [
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        ["aws:MultiFactorAuthAge", "s3:max-keys"],
        NUMBERS,
        [*NUMBERS, "many"],
    ),
    "Date": (
        [
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        ["aws:CurrentTime", "aws:TokenIssueTime"],
        DATES,
        [*DATES, "soon"],
    ),
    "Bool": (
        ["Bool"],
        ["aws:MultiFactorAuthPresent", "aws:SecureTransport", "aws:ViaAWSService"],
        BOOLS,
        BOOLS,
    ),
    "Binary": (["BinaryEquals"], ["s3:signature"], BINARIES, BINARIES),
    "IpAddress": (
        ["IpAddress", "NotIpAddress"],
        ["aws:SourceIp", "aws:VpcSourceIp"],
        RANGES,
        [*ADDRESSES, "here"],
    ),
    "Arn": (
        ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        ["aws:PrincipalArn", "aws:SourceArn"],
        ARN_PATTERNS,
        ARNS,
    ),
}
"""For each family its operators, keys, values of policies and values of requests."""

BOUNDARIES, LEVELS, WIDE_LIMITS = 0.4, (0, 0, 0, 1, 1, 2), 0.8
"""How often there is a boundary, how many levels of SCPs, and how often either allows what it does not deny.

With the next they keep each answer above a fifth of all cases."""
STARS = {"Allow": 0.5, "Deny": 0.15}
"""How often a statement is about every action, or every resource, before anything else is drawn."""


@dataclass(frozen=True)
class Vocabulary:
    """What documents and requests are made of."""

    calls: list[tuple[str, str]] = field(default_factory=lambda: list(itertools.product(ACTIONS, RESOURCES)))
    """Actions, each with a resource that it is called on."""
    action_patterns: list[str] = field(default_factory=lambda: ACTION_PATTERNS)
    resource_patterns: list[str] = field(default_factory=lambda: RESOURCE_PATTERNS)
    families: dict[str, Family] = field(default_factory=lambda: FAMILIES)

    @property
    def operators(self) -> list[str]:
        """Return every operator; Null belongs to all families."""
        return [operator for operators, *_ in self.families.values() for operator in operators] + ["Null"]

    @property
    def keys(self) -> list[tuple[str, list[str]]]:
        """Return every key with the values of requests."""
        return [(key, values) for _, keys, _, values in self.families.values() for key in keys]


class Generator:
    """Makes cases from one random source."""

    def __init__(self, seed: int, vocabulary: Vocabulary | None = None) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point
        self.vocabulary = vocabulary or Vocabulary()
        # Read once: a case asks for them many times.
        self.operators, self.keys = self.vocabulary.operators, self.vocabulary.keys

    def case(self) -> dict[str, Any]:
        """Return documents, a boundary or none, levels of SCPs, and one request about them."""
        context = self.context()
        action, resource = self.random.choice(self.vocabulary.calls)
        return {
            "documents": [self.document(context) for _ in range(self.random.choice((1, 1, 2)))],
            "boundary": self.limit(context) if self.random.random() < BOUNDARIES else None,
            "scps": [self.level(context) for _ in range(self.random.choice(LEVELS))],
            "action": self.case_of(action),
            "resource": resource,
            "context": context,
        }

    def level(self, context: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the SCPs of one level: one of them has to allow."""
        return [self.limit(context) for _ in range(self.random.choice((1, 1, 2)))]

    def document(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return a document of one to four statements."""
        statements = [self.statement(context) for _ in range(self.random.choice((1, 2, 2, 3, 4)))]
        document: dict[str, Any] = {"Statement": statements}
        if len(statements) == 1 and self.random.random() < 0.5:
            document["Statement"] = statements[0]
        version = self.random.choice(("2012-10-17",) * 8 + ("2008-10-17", None))
        return document if version is None else {"Version": version, **document}

    def limit(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return a boundary or SCP: mostly one that lets something through."""
        wide = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document = self.document(context)
        if self.random.random() < WIDE_LIMITS:
            statements = document["Statement"]
            document["Statement"] = [wide, *(statements if isinstance(statements, list) else [statements])]
        return document

    def statement(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return a statement; what it names is often what requests ask for."""
        statement: dict[str, Any] = {"Effect": "Deny" if self.random.random() < 0.4 else "Allow"}
        stars = STARS[statement["Effect"]]
        statement["NotAction" if self.random.random() < 0.2 else "Action"] = self.some(
            self.vocabulary.action_patterns, stars
        )
        statement["NotResource" if self.random.random() < 0.2 else "Resource"] = self.some(
            self.vocabulary.resource_patterns, stars
        )
        if self.random.random() < 0.65:
            statement["Condition"] = self.condition(context)
        return statement

    def some(self, pool: list[str], stars: float) -> str | list[str]:
        """Return a bare star so often, and else one pattern or a list of them."""
        if self.random.random() < stars:
            return "*"
        chosen = [self.random.choice(pool) for _ in range(self.random.choice((1, 1, 2, 3)))]
        return chosen[0] if len(chosen) == 1 and self.random.random() < 0.6 else chosen

    def condition(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return one or two operators with their keys."""
        block: dict[str, Any] = {}
        for _ in range(self.random.choice((1, 1, 1, 2))):
            operator = self.random.choice(self.operators)
            if operator == "Null":
                key, _ = self.random.choice(self.keys)
                block[operator] = {self.case_of(key): self.random.choice(("true", "false", True, ["false"]))}
                continue
            family = next(row for row in self.vocabulary.families.values() if operator in row[0])
            prefix = self.random.choice(("", "", "ForAllValues:", "ForAnyValue:"))
            suffix = self.random.choice(("", "", "IfExists"))
            key = self.random.choice(family[1])
            values = [self.random.choice(family[2]) for _ in range(self.random.choice((1, 1, 2)))]
            held = context.get(key)
            if (
                held is not None
                and self.random.random() < 0.3
                and isinstance(held, str)
                and held in family[2]
            ):
                values.append(held)
            value: Any = values[0] if len(values) == 1 else values
            block[f"{prefix}{operator}{suffix}"] = {self.case_of(key): value}
        return block

    def context(self) -> dict[str, Any]:
        """Return a request's context; each key is there half the time, some with several values."""
        context: dict[str, Any] = {}
        for key, values in self.keys:
            if self.random.random() < 0.55:
                several = key == "aws:TagKeys" or self.random.random() < 0.05
                chosen = [
                    self.random.choice(values) for _ in range(self.random.choice((0, 1, 2)) if several else 1)
                ]
                context[key] = chosen if several else chosen[0]
        return context

    def case_of(self, name: str) -> str:
        """Return a name in its own, lower or upper case: action names and keys have none."""
        return self.random.choice((name, name, name.lower(), name.upper()))
