"""The identities between which chains are looked for, and what belongs to them.

An organisation here is whatever is in sight: one account or many, with or without a directory. What is not
in it is not looked at, and nothing is assumed about it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from identity_guard.iam.evaluate.attachment import Attachment

Layers = tuple[tuple[Attachment, ...], ...]
"""The identity's own documents, then its boundary and each level of SCPs, as `judge` takes them."""


def _no_limits(_: str) -> Layers:
    return ()


@dataclass(frozen=True)
class Above:
    """What an organisation says of its accounts: which one governs it, and what its SCPs leave of each."""

    management_account: str | None = None
    """None where it is not known."""
    limits: Callable[[str], Layers] = _no_limits
    """The levels of SCPs above an account, from the root down; none where none holds, or none is known."""


NOTHING_KNOWN: Final = Above()


def new_in(account: str, nodes: Iterable["Node"]) -> "Node":
    """Return what stands for any identity that somebody makes in an account, beside those that are there."""
    limited = (node.scps for node in nodes if ":role/aws-service-role/" not in node.arn)
    return Node(Kind.NEW, "", f"arn:aws:iam::{account}:new", account, scps=next(limited, ()), tags={})


class Kind(Enum):
    """What a node is, as messages call it."""

    USER = "user"
    ROLE = "role"
    GROUP = "group"
    PERMISSION_SET = "permission set"
    """A permission set in one account: the role that Identity Center keeps for it there."""
    PERSON = "person"
    DIRECTORY_GROUP = "directory group"
    NEW = "new identity"
    """A user or role that is not there yet, and that somebody could make."""


@dataclass(frozen=True, eq=False)
class Node:
    """One identity with all that it holds."""

    kind: Kind
    name: str
    arn: str
    """Of a person or a directory group that of the identity store; of a permission set that of its role."""
    account: str
    """Its account's id; empty where the directory is meant."""
    documents: tuple[Attachment, ...] = ()
    """Of a user those of its groups, too."""
    boundary: Attachment | None = None
    boundary_arn: str | None = None
    scps: Layers = ()
    trust: Attachment | None = None
    """The trust policy of a role."""
    tags: Mapping[str, str] | None = None
    """None where they are not known."""
    permission_set: str = ""
    """The ARN of the permission set that a node of that kind is of."""
    secret: bool = False
    """Whether nothing of what its documents name may be told."""
    about: object = None
    """What the node stands for where it comes from, for whoever put it in."""

    @property
    def layers(self) -> Layers:
        """Its documents and what limits them."""
        return (self.documents, *(((self.boundary,),) if self.boundary else ()), *self.scps)

    @property
    def label(self) -> str:
        """How messages name it: user `dev`."""
        if self.kind is Kind.NEW:
            return f"a {self.kind.value}"
        where = f" in {self.account}" if self.kind is Kind.PERMISSION_SET and self.account else ""
        return f"{self.kind.value} `{self.name}`{where}"

    @property
    def is_changeable(self) -> bool:
        """Whether IAM lets anybody change it.

        Service-linked roles and those of permission sets are AWS's own to change (IAM User Guide,
        using-service-linked-roles; IAM Identity Center User Guide, referencingpermissionsets).
        """
        return ":role/aws-service-role/" not in self.arn and ":role/aws-reserved/" not in self.arn


def scps_of(arn: str, above: Above) -> Layers:
    """Return the SCPs that hold for an identity; none does for a service-linked role."""
    account = arn.split(":")[4]
    return () if ":role/aws-service-role/" in arn else above.limits(account)


@dataclass(frozen=True, eq=False)
class ManagedPolicy:
    """A customer-managed policy: who holds it, and whom it only limits."""

    arn: str
    account: str
    holders: tuple[Node, ...] = ()
    bounds: tuple[Node, ...] = ()
    older: tuple[Attachment, ...] | None = None
    """Its versions that are not in force; None where they are not known."""
    text: Attachment | None = None
    """The version in force; None where it is not known."""


@dataclass(frozen=True, eq=False)
class Workload:
    """Something that runs with a role: a function, an instance, a project."""

    name: str
    arn: str
    account: str
    role: Node

    @property
    def label(self) -> str:
        """How messages name it: the resource part of its ARN."""
        return self.arn.split(":", 5)[-1]


@dataclass(frozen=True, eq=False)
class Entry:
    """A step that is given already: a membership, an assignment, an entitlement."""

    source: Node
    target: Node
    how: str
    """What gives it, in words."""


@dataclass(frozen=True)
class Organisation:
    """Everything in sight."""

    nodes: Sequence[Node]
    policies: Sequence[ManagedPolicy] = ()
    members: Mapping[Node, Sequence[Node]] = field(default_factory=dict)
    """The users of each IAM group."""
    workloads: Sequence[Workload] = ()
    entries: Sequence[Entry] = ()
    management_account: str | None = None
    """The account from which Identity Center is governed; None where it is not known."""
    unknown: Sequence[str] = ()
    """What is in sight in part only, in words."""
