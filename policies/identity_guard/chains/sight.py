"""What is in sight, under numbers: identities, policies, permission sets, workloads and who trusts whom.

Sets of identities are masks, in which identity 3 is bit 3. After the identities as they are come the same
ones rewritten: see `Form`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntFlag
from functools import cached_property
from itertools import groupby
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import union
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.resource_reach import takers_of

from .names import Names, mask_of, numbers_in
from .organisation import Kind, ManagedPolicy, Node, Organisation, Workload, new_in
from .own_documents import has_deny
from .powers import Target
from .principals import account_named, arns_in, for_service, providers_in, services_in
from .services import admits
from .taking.tagging import Tags, of_callers
from .taking.versions import gives_everything, leads_back
from .ways import ENTITLED, ENTITLING, On


class Form(IntFlag):
    """What somebody has made of an identity."""

    AS_IT_IS = 0
    WRITTEN = 1
    """With a policy of somebody's choosing."""
    UNBOUND = 2
    """Without its boundary."""
    UNDENIED = 4
    """Without the documents that deny it something."""


_KINDS = {
    On.USER: Kind.USER,
    On.ROLE: Kind.ROLE,
    On.GROUP: Kind.GROUP,
    On.DIRECTORY_GROUP: Kind.DIRECTORY_GROUP,
}


PROVIDERS: Final = {On.SAML_PROVIDER: ":saml-provider/", On.OIDC_PROVIDER: ":oidc-provider/"}
"""How the ARNs of identity providers are told apart."""


class Sight:
    """An organisation with numbers for everything in it."""

    def __init__(self, organisation: Organisation) -> None:
        """Give each identity its number."""
        self.organisation = organisation
        self.nodes = (*organisation.nodes, *_new(organisation.nodes))
        self.number = {node: place for place, node in enumerate(self.nodes)}
        self.size = len(self.nodes)
        self._holders: dict[tuple[int, bool], int] = {}
        self._of_sets: dict[int, int] = {}
        self._names: dict[tuple[On, str], Names] = {}
        self._leads_back: dict[int, bool | None] = {}
        self._wide: dict[str, tuple[str, ...]] = {}
        self._admitting: dict[str, Mapping[bool, int]] = {}

    def numbers(self, nodes: Iterable[Node]) -> int:
        """Return a mask of identities."""
        return mask_of(self.number[node] for node in nodes)

    def own_bit(self, node: Node) -> int:
        """Return the mask of one identity; 0 of one that is not in sight as it is, as with other tags."""
        number = self.number.get(node)
        return 0 if number is None else 1 << number

    def of_kind(self, *kinds: Kind) -> int:
        """Return all identities of some kinds."""
        return self.numbers(node for node in self.nodes if node.kind in kinds)

    @cached_property
    def new(self) -> Mapping[str, int]:
        """For each account whatever identity somebody makes there."""
        return {node.account: 1 << n for n, node in enumerate(self.nodes) if node.kind is Kind.NEW}

    @cached_property
    def _by_kind_and_account(self) -> Mapping[tuple[Kind, str], list[Node]]:
        found: dict[tuple[Kind, str], list[Node]] = {}
        for node in self.nodes:
            found.setdefault((node.kind, node.account), []).append(node)
        return found

    def names(self, on: On, account: str) -> Names:
        """Return the targets of one kind that a call from an account may be made on."""
        found = self._names.get((on, account))
        if found is None:
            found = self._names[on, account] = self._named(on, account)
        return found

    def _named(self, on: On, account: str) -> Names:
        if on is On.POLICY:
            every = enumerate(self.policies)
            own = [(number, each.arn) for number, each in every if each.account == account]
        elif on is On.PERMISSION_SET:
            own = list(enumerate(self.permission_sets))
        elif on in PROVIDERS:
            every_provider = enumerate(self.providers(on))
            own = [(number, arn) for number, arn in every_provider if arn.split(":")[4] == account]
        else:
            kind = _KINDS[on]
            place = "" if kind is Kind.DIRECTORY_GROUP else account
            nodes = self._by_kind_and_account.get((kind, place), ())
            own = [(self.number[node], node.arn) for node in nodes if node.is_changeable or on is not On.ROLE]
        return Names([arn for _, arn in own], [number for number, _ in own])

    @cached_property
    def every_role(self) -> Names:
        """The roles of all accounts, which may be assumed from any."""
        roles = [node for node in self.nodes if node.kind is Kind.ROLE]
        return Names([node.arn for node in roles], [self.number[node] for node in roles])

    @cached_property
    def policies(self) -> tuple[ManagedPolicy, ...]:
        """The customer-managed policies."""
        return tuple(self.organisation.policies)

    def leads_back(self, policy: int, now: float) -> bool | None:
        """Say whether an older version of a policy gives everything; None where that is not known."""
        if policy not in self._leads_back:
            self._leads_back[policy] = leads_back(self.policies[policy], now)
        return self._leads_back[policy]

    def wide_policies(self, account: str, now: float) -> tuple[str, ...]:
        """Return an account's policies that make an administrator of whom they are attached to."""
        if account not in self._wide:
            self._wide[account] = tuple(
                each.arn
                for each in self.policies
                if each.account == account and each.text is not None and gives_everything(each.text, now)
            )
        return self._wide[account]

    def holders(self, policies: int, *, bounded: bool) -> int:
        """Return who holds some of the policies, or who is bounded by them."""
        found = 0
        for number in numbers_in(policies):
            if (number, bounded) not in self._holders:
                policy = self.policies[number]
                nodes = policy.bounds if bounded else policy.holders
                self._holders[number, bounded] = self.numbers(nodes)
            found |= self._holders[number, bounded]
        return found

    @cached_property
    def permission_sets(self) -> tuple[str, ...]:
        """The ARNs of permission sets."""
        return tuple(dict.fromkeys(node.permission_set for node in self.nodes if node.permission_set))

    @cached_property
    def _nodes_of_sets(self) -> Mapping[str, int]:
        return {
            arn: self.numbers(node for node in self.nodes if node.permission_set == arn)
            for arn in self.permission_sets
        }

    def of_sets(self, sets: int) -> int:
        """Return the identities of permission sets, one for each account."""
        if sets not in self._of_sets:
            found = 0
            for number in numbers_in(sets):
                found |= self._nodes_of_sets[self.permission_sets[number]]
            self._of_sets[sets] = found
        return self._of_sets[sets]

    @cached_property
    def accounts_of_sets(self) -> Mapping[str, int]:
        """For each account the permission sets in it, as identities."""
        nodes = sorted((n for n in self.nodes if n.permission_set), key=lambda node: node.account)
        return {
            account: self.numbers(members) for account, members in groupby(nodes, lambda node: node.account)
        }

    def providers(self, on: On) -> tuple[str, ...]:
        """Return the identity providers of one kind that roles trust."""
        return tuple(arn for arn in self._trusting_providers if PROVIDERS[on] in arn)

    @cached_property
    def _trusting_providers(self) -> Mapping[str, int]:
        return self._trusting(providers_in)

    def trusting_providers(self, on: On, providers: int) -> int:
        """Return the roles that trust some of the identity providers of one kind."""
        every = self.providers(on)
        return union(self._trusting_providers[every[number]] for number in numbers_in(providers))

    @cached_property
    def trusting_services(self) -> Mapping[str, int]:
        """For each service the roles whose trust policy names it."""
        return self._trusting(services_in)

    def admitting(self, service: str) -> Mapping[bool, int]:
        """Return the roles that let a service in, under True, and those of which that cannot be said."""
        if service not in self._admitting:
            self._admitting[service] = self._letting_in(
                service, lambda trust, role: admits(trust, role.account)
            )
        return self._admitting[service]

    @cached_property
    def entitling(self) -> Mapping[bool, int]:
        """The roles that let account access manager in, which calls for the management account."""
        account = self.organisation.management_account
        return self._letting_in(ENTITLING, lambda trust, _: admits(trust, account, ENTITLED))

    def _letting_in(
        self, service: str, truth_of: Callable[[Attachment | None, Node], bool | None]
    ) -> Mapping[bool, int]:
        answers: dict[bool, list[int]] = {True: [], False: []}
        for number in numbers_in(self.trusting_services.get(service, 0)):
            node = self.nodes[number]
            truth = truth_of(for_service(node.trust, service), node) if node.trust else False
            if truth is not False:
                answers[truth is True].append(number)
        answers[False] += numbers_in(self.untold_trusts)
        return {sure: mask_of(numbers) for sure, numbers in answers.items()}

    @cached_property
    def untold_trusts(self) -> int:
        """The roles that have a trust policy whose text is not known."""
        return self.numbers(node for node in self.nodes if node.trust and node.trust.document is None)

    @cached_property
    def trusting_principals(self) -> Mapping[str, int]:
        """For each principal, as it is written, the roles whose trust policy names it."""
        return self._trusting(arns_in)

    @cached_property
    def trusting_accounts(self) -> Mapping[str, int]:
        """For each account the roles whose trust policy names it as a whole."""
        found: dict[str, int] = {}
        for name, roles in self.trusting_principals.items():
            if (account := account_named(name)) is not None:
                found[account] = found.get(account, 0) | roles
        return found

    @cached_property
    def trusting_everybody(self) -> int:
        """The roles whose trust policy names `*`, or everybody but some."""
        excluding = (
            node
            for node in self.nodes
            if node.trust and any(s.principals and s.principals.excluded for s in node.trust.statements)
        )
        return self.trusting_principals.get("*", 0) | self.numbers(excluding)

    @cached_property
    def trusting_sessions(self) -> Mapping[tuple[str, str], int]:
        """For account and name of a role: who trusts it by one of its sessions or as a permission set's."""
        found: dict[tuple[str, str], int] = {}
        for name, roles in self.trusting_principals.items():
            parts = name.split(":", 5)
            if len(parts) > 5 and ("AWSReservedSSO_" in name or parts[2] == "sts"):  # noqa: PLR2004 - an ARN's parts
                key = (parts[4], _role_in(parts[5]))
                found[key] = found.get(key, 0) | roles
        return found

    @cached_property
    def tags_of_callers(self) -> Tags:
        """The tags of callers that trust policies ask for."""
        return of_callers(s for node in self.nodes if node.trust for s in node.trust.statements)

    def _trusting(self, named_in: Callable[[Attachment], Iterable[str]]) -> Mapping[str, int]:
        numbers: dict[str, list[int]] = {}
        for number, node in enumerate(self.nodes):
            for name in named_in(node.trust) if node.trust else ():
                numbers.setdefault(name, []).append(number)
        return {name: mask_of(found) for name, found in numbers.items()}

    def candidates_by_name(self, node: Node) -> int:
        """Return the roles whose trust policy may name an identity itself."""
        found = self.trusting_principals.get(node.arn, 0) | self.trusting_everybody
        return found | self.trusting_sessions.get((node.account, node.name), 0)

    @cached_property
    def people(self) -> int:
        """Whoever signs in through the directory: people and groups."""
        return self.of_kind(Kind.PERSON, Kind.DIRECTORY_GROUP)

    @cached_property
    def workloads(self) -> Mapping[str, tuple["AlikeWorkloads", ...]]:
        """For each account its workloads, those together that the same actions take."""
        found: dict[tuple[str, int], list[Workload]] = {}
        for each in self.organisation.workloads:
            found.setdefault((each.account, takers_of(each.arn)), []).append(each)
        by_account: dict[str, tuple[AlikeWorkloads, ...]] = {}
        for (account, takers), alike in found.items():
            roles = tuple(self.number[each.role] for each in alike)
            row = AlikeWorkloads(takers, Names([each.arn for each in alike]), roles)
            by_account[account] = (*by_account.get(account, ()), row)
        return by_account

    @cached_property
    def bounded(self) -> int:
        """The identities that have a boundary."""
        return self.numbers(node for node in self.nodes if node.boundary is not None)

    @cached_property
    def denied(self) -> int:
        """The identities whose documents deny them something."""
        return self.numbers(node for node in self.nodes if any(map(has_deny, node.documents)))

    @cached_property
    def groups_of(self) -> Mapping[int, int]:
        """For each user the groups it is in."""
        found: dict[int, int] = {}
        for group, users in self.organisation.members.items():
            for user in users:
                found[self.number[user]] = found.get(self.number[user], 0) | 1 << self.number[group]
        return found

    @cached_property
    def members(self) -> Mapping[int, int]:
        """For each group its users."""
        return {self.number[group]: self.numbers(u) for group, u in self.organisation.members.items()}

    def members_of(self, groups: int) -> int:
        """Return the users of some of the groups."""
        found = 0
        for number in numbers_in(groups):
            found |= self.members.get(number, 0)
        return found

    def about(self, number: int) -> Target:
        """Return what conditions may ask of an identity."""
        node = self.nodes[number]
        return Target((node.boundary_arn,), node.tags, node.account)

    def but_for_boundaries(self, number: int) -> Target:
        """Return the same where a condition on boundaries is about another one than that of the identity."""
        return Target(tags=self.nodes[number].tags, account=self.nodes[number].account)


def _new(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield for each account what stands for the identities that somebody makes there."""
    by_account: dict[str, list[Node]] = {}
    for node in nodes:
        if node.account:
            by_account.setdefault(node.account, []).append(node)
    yield from (new_in(account, there) for account, there in by_account.items())


def _role_in(resource: str) -> str:
    """Return the name in `assumed-role/NAME/...`, or the set's in `.../AWSReservedSSO_NAME_0123456789`."""
    if "AWSReservedSSO_" in resource:
        return resource.rpartition("AWSReservedSSO_")[2].rpartition("_")[0]
    return resource.split("/")[1] if "/" in resource else resource


class AlikeWorkloads(NamedTuple):
    """Workloads of one account that the same actions take."""

    takers: int
    names: Names
    roles: tuple[int, ...]
    """The identity that each of them runs as."""


def unlike_any(_: int) -> Target:
    """Return nothing known of a target that is no identity."""
    return Target()
