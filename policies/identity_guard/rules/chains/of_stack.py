"""A stack as the chains see it: its identities with their documents, their accounts and what joins them.

Before a stack is made, the engine knows neither ARNs nor the account. What is not known stands under the
name that its program gives, in the account that other ARNs of the same provider tell, or that its documents
name: nobody is granted IAM of another account.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from identity_guard.chains.organisation import (
    NOTHING_KNOWN,
    Above,
    Entry,
    Kind,
    ManagedPolicy,
    Node,
    Organisation,
    scps_of,
)
from identity_guard.chains.powers import Place
from identity_guard.iam.catalogue.arn_shapes import USUAL
from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import Attachment, attach, unknown
from identity_guard.iam.evaluate.own_names import own_of
from identity_guard.iam.evaluate.statements import layered_statements_of
from identity_guard.rules.whole_access.directory import DirectoryAccess, Holding
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.identities import Identity, Key
from identity_guard.stack.judgement import Judgement
from identity_guard.stack.observe import Absent, Known, text_of
from identity_guard.stack.policy_documents import POLICY_ARN, Resolved
from identity_guard.stack.resource_types import DIRECTORY_GROUP, DIRECTORY_USER, ROLE, Content, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.trusts import TRUST
from identity_guard.stack.view import View

from .workloads import workloads_of

KINDS: Final = {IdentityKind.USER: Kind.USER, IdentityKind.ROLE: Kind.ROLE, IdentityKind.GROUP: Kind.GROUP}


@dataclass
class ChainsOfStack:
    """Puts the identities of a stack into an organisation."""

    view: View
    above: Above = NOTHING_KNOWN
    _nodes: dict[Key, Node] = field(default_factory=dict)
    _of_sets: dict[tuple[Key, str], Node] = field(default_factory=dict)
    _directory: dict[str, Node] = field(default_factory=dict)
    _held: dict[str, tuple[list[Node], list[Node]]] = field(default_factory=dict)
    _texts: dict[str, Attachment] = field(default_factory=dict)
    """By ARN of a customer-managed policy: who holds it, and who is bounded by it."""

    @cached_property
    def organisation(self) -> Organisation:
        """Everything of the stack that chains are made of."""
        for identity in self.view.identities.everyone:
            if identity.key.kind in KINDS:
                self._nodes[identity.key] = self._iam_node(identity)
        entries = list(self._entries())
        members: dict[Node, list[Node]] = {}
        for identity in self.view.identities.everyone:
            for group in identity.groups:
                if group in self._nodes and identity.key in self._nodes:
                    members.setdefault(self._nodes[group], []).append(self._nodes[identity.key])
        return Organisation(
            [*self._nodes.values(), *self._of_sets.values(), *self._directory.values()],
            tuple(self._policies()),
            members,
            tuple(workloads_of(self.view, self._nodes, self._by_urn)),
            entries,
            self.above.management_account,
        )

    @cached_property
    def place(self) -> Place:
        """The partition, and the instance and store of Identity Center, as ARNs of the stack tell them."""
        arns = [arn for each in self.view.resources.values() if (arn := text_of(each.identifier("arn")))]
        partitions = Counter(arn.split(":")[1] for arn in arns if arn.startswith("arn:aws"))
        instances = [arn.split("/")[1] for arn in arns if ":permissionSet/ssoins-" in arn]
        partition = partitions.most_common(1)[0][0] if partitions else USUAL.partition
        return Place(partition, instances[0] if instances else USUAL.instance)

    def _iam_node(self, identity: Identity) -> Node:
        account = self._account(identity.key.where)
        kind, name = KINDS[identity.key.kind], _name(identity)
        judgement = self.view.judgement(identity)
        made = identity.resource
        arn = self._arn(made, f"{kind.value}{_path(made)}{name}", account)
        node = Node(
            kind,
            name,
            arn,
            account,
            tuple(each.attachment for each in judgement.grants),
            _boundary(judgement.limits),
            _boundary_arn(judgement.limits),
            scps=scps_of(arn, self.above),
            trust=_trust(made),
            tags=_tags(made),
            secret=_is_secret(judgement),
            about=identity,
        )
        self._note(node, judgement.grants, judgement.limits)
        return node

    def _arn(self, made: Resource | None, tail: str, account: str) -> str:
        known = text_of(made.identifier("arn")) if made else None
        is_one = known is not None and known.startswith("arn:") and ":iam:" in known
        return known if known and is_one else f"arn:{self.place.partition}:iam::{account}:{tail}"

    def _note(self, node: Node, grants: tuple[Resolved, ...], limits: tuple[Resolved, ...]) -> None:
        """Remember by which policies somebody could be rewritten."""
        for which, held in ((0, grants), (1, limits)):
            for each in held:
                if (arn := self._policy_arn(each, node.account)) is not None:
                    self._held.setdefault(arn, ([], []))[which].append(node)
                    if not each.waiting and not each.open_part:
                        self._texts[arn] = each.attachment

    def _policy_arn(self, resolved: Resolved, account: str) -> str | None:
        """Return the ARN of a customer-managed policy that is held; None for all others."""
        if resolved.policy is not None:
            return self._arn_of_policy(resolved.policy, account)
        held: HeldPolicy = resolved.held
        if held.content is Content.MANAGED and (arn := text_of(held.observed)):
            found = POLICY_ARN.fullmatch(arn)
            return arn if found and found["account"] != "aws" else None
        return None

    def _arn_of_policy(self, policy: Resource, account: str) -> str:
        name = text_of(policy.identifier("name")) or policy.name
        return self._arn(policy, f"policy{_path(policy)}{name}", account)

    def _policies(self) -> Iterator[ManagedPolicy]:
        for arn, (holders, bounds) in self._held.items():
            account = arn.split(":")[4]
            yield ManagedPolicy(arn, account, tuple(holders), tuple(bounds), text=self._texts.get(arn))

    def _account(self, where: str | None) -> str:
        """Return the account that a key stands for: its own, or that of the provider which it names."""
        if where is not None and where.isdigit():
            return where
        return self._accounts.get(where) or USUAL.account

    @cached_property
    def _accounts(self) -> Mapping[str | None, str]:
        """The account of each provider: as ARNs of what it makes tell, else as documents name it."""
        found: dict[str | None, str] = {}
        documents: dict[str | None, list[Attachment]] = {}
        for identity in self.view.identities.everyone:
            arn = text_of(identity.resource.identifier("arn")) if identity.resource else None
            parts = (arn or "").split(":")
            if len(parts) > 4 and parts[2] == "iam" and parts[4].isdigit():  # noqa: PLR2004 - an ARN's parts
                found.setdefault(identity.key.where, parts[4])
            held = self.view.judgement(identity).grants
            documents.setdefault(identity.key.where, []).extend(each.attachment for each in held)
        for provider, attachments in documents.items():
            found.setdefault(provider, own_of(layered_statements_of([attachments])).account)
        return found

    def _entries(self) -> Iterator[Entry]:
        """Yield who is in which group of the directory, and who is given what where."""
        access = DirectoryAccess(self.view)
        for holding in access.holdings():
            target = self._held_node(holding)
            if target is None or holding.principal is None:
                continue
            how = f"{holding.assignment.label} lets it in"
            yield Entry(self._principal(holding.principal), target, how)
        for person in self.view.stack.of_type(DIRECTORY_USER):
            for group in access.groups_of(person.urn):
                how = "it is a member"
                yield Entry(self._principal(person.urn), self._principal(group), how)
        for group_made in self.view.stack.of_type(DIRECTORY_GROUP):
            self._principal(group_made.urn)

    def _held_node(self, holding: Holding) -> Node | None:
        if holding.identity.key.kind is not IdentityKind.PERMISSION_SET:
            return self._nodes.get(holding.identity.key)
        key = (holding.identity.key, holding.account or "")
        if key not in self._of_sets:
            self._of_sets[key] = self._set_node(holding.identity, holding.account or "")
        return self._of_sets[key]

    def _set_node(self, identity: Identity, account: str) -> Node:
        name = _name(identity)
        judgement = self.view.judgement(identity)
        arn = text_of(identity.resource.identifier("arn")) if identity.resource else identity.key.value
        place = self.place
        role = f"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{name}_0123456789abcdef"
        node = Node(
            Kind.PERMISSION_SET,
            name,
            f"arn:{place.partition}:iam::{account or USUAL.account}:{role}",
            account,
            tuple(each.attachment for each in judgement.grants),
            _boundary(judgement.limits),
            _boundary_arn(judgement.limits),
            scps=self.above.limits(account),
            permission_set=arn
            if arn and arn.startswith("arn:")
            else f"arn:{place.partition}:sso:::permissionSet/{place.instance}/{name}",
            secret=_is_secret(judgement),
            about=identity,
        )
        self._note(node, judgement.grants, judgement.limits)
        return node

    def _principal(self, urn: str) -> Node:
        found = self._directory.get(urn)
        if found is None:
            made = self.view.resources.get(urn)
            is_group = made is not None and made.type == DIRECTORY_GROUP
            kind = Kind.DIRECTORY_GROUP if is_group else Kind.PERSON
            shown, known = ("displayName", "groupId") if is_group else ("userName", "userId")
            name = (text_of(made.identifier(shown)) or made.name) if made else urn
            known_id = (text_of(made.identifier(known)) if made else urn) or name
            resource = "group" if is_group else "user"
            arn = f"arn:{self.place.partition}:identitystore:::{resource}/{known_id}"
            found = self._directory[urn] = Node(kind, name, arn, "", about=made)
        return found

    @cached_property
    def _by_urn(self) -> Mapping[str, Node]:
        """The roles by the URN of what makes them."""
        made = ((self.view.identities.by_key[key].resource, node) for key, node in self._nodes.items())
        return {each.urn: node for each, node in made if each is not None and each.type == ROLE}


def _name(identity: Identity) -> str:
    made = identity.resource
    if made is None:
        return identity.key.value
    return text_of(made.identifier("name")) or made.name


def _is_secret(judgement: Judgement) -> bool:
    return any(each.secret for each in (*judgement.grants, *judgement.limits))


def _path(made: Resource | None) -> str:
    return (made.declared.text("path") if made else None) or "/"


def _boundary(limits: tuple[Resolved, ...]) -> Attachment | None:
    """Return the boundary; of several nobody knows which will hold, so its text counts as unknown."""
    if not limits:
        return None
    if len(limits) > 1:
        return unknown("permissions boundary", "two of the stack's resources set it")
    return limits[0].attachment


def _boundary_arn(limits: tuple[Resolved, ...]) -> str | None:
    return text_of(limits[0].held.observed) if limits else None


def _trust(made: Resource | None) -> Attachment | None:
    """Return the trust policy of a role, where it has one; its text may be unknown yet."""
    observed = made.declared.get(TRUST) if made else None
    if observed is None or isinstance(observed, Absent):
        return None
    if not isinstance(observed, Known) or not isinstance(observed.value, str | dict):
        return unknown("trust policy", "it is not known yet")
    return attach(observed.value, "trust policy", kind=DocumentKind.TRUST)


def _tags(made: Resource | None) -> Mapping[str, str] | None:
    """Return the tags, with those that the provider adds where they are known; None where they are not."""
    if made is None:
        return None
    observed = made.identifier("tagsAll")
    if not isinstance(observed, Known):
        observed = made.declared.get("tags")
    if isinstance(observed, Absent):
        return {}
    if isinstance(observed, Known) and isinstance(observed.value, dict):
        return {str(key): str(value) for key, value in observed.value.items()}
    return None
