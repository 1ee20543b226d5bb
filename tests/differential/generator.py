"""Random documents and requests that meet often enough for a comparison to mean something.

It imports nothing from the project. Everything comes from one seed.
"""

import random
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
    "l*:C*n",
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

FAMILIES: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
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

OPERATORS = [operator for operators, *_ in FAMILIES.values() for operator in operators] + ["Null"]
KEYS = [(key, values) for _, keys, _, values in FAMILIES.values() for key in keys]


class Generator:
    """Makes cases from one random source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point

    def case(self) -> dict[str, Any]:
        """Return documents, limits and one request about them."""
        context = self.context()
        documents = [self.document(context) for _ in range(self.random.choice((1, 1, 2)))]
        limits = [[self.limit(context)] for _ in range(self.random.choice((0, 0, 1, 1, 2)))]
        return {
            "documents": documents,
            "limits": limits,
            "action": self.case_of(self.random.choice(ACTIONS)),
            "resource": self.random.choice(RESOURCES),
            "context": context,
        }

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
        if self.random.random() < 0.6:
            statements = document["Statement"]
            document["Statement"] = [wide, *(statements if isinstance(statements, list) else [statements])]
        return document

    def statement(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return a statement; what it names is often what requests ask for."""
        statement: dict[str, Any] = {"Effect": "Deny" if self.random.random() < 0.4 else "Allow"}
        wide = statement["Effect"] == "Allow"
        statement["NotAction" if self.random.random() < 0.2 else "Action"] = self.some(
            ACTION_PATTERNS, wide=wide
        )
        statement["NotResource" if self.random.random() < 0.2 else "Resource"] = self.some(
            RESOURCE_PATTERNS, wide=wide
        )
        if self.random.random() < 0.65:
            statement["Condition"] = self.condition(context)
        return statement

    def some(self, pool: list[str], *, wide: bool) -> str | list[str]:
        """Return one pattern or a list of them, sometimes with another case."""
        if wide and self.random.random() < 0.5:
            return "*"
        chosen = [self.random.choice(pool) for _ in range(self.random.choice((1, 1, 2, 3)))]
        return chosen[0] if len(chosen) == 1 and self.random.random() < 0.6 else chosen

    def condition(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return one or two operators with their keys."""
        block: dict[str, Any] = {}
        for _ in range(self.random.choice((1, 1, 1, 2))):
            operator = self.random.choice(OPERATORS)
            if operator == "Null":
                key, _ = self.random.choice(KEYS)
                block[operator] = {self.case_of(key): self.random.choice(("true", "false", True, ["false"]))}
                continue
            family = next(row for row in FAMILIES.values() if operator in row[0])
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
        for key, values in KEYS:
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
