"""What the documents of one identity let it take: whom it can become, change or join, and by which calls.

This much is the same for all who read the same documents alike, so it is worked out once for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import Final

from identity_guard.chains.names import Names, mask_of, numbers_in
from identity_guard.chains.powers import BOUNDARY, Powers, Region, Target, is_too_little
from identity_guard.chains.services import Open, Somewhere, open_ways
from identity_guard.chains.sight import PROVIDERS, Sight, unlike_any
from identity_guard.chains.steps import Proof
from identity_guard.chains.tried_values import Call, Values
from identity_guard.chains.ways import (
    ASSUME,
    CHOOSE_VERSION,
    IN_THE_DIRECTORY,
    PASS,
    PASS_SOURCE,
    Effect,
    On,
    Way,
    ways_on,
)
from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.context_keys import WIDE_POLICIES
from identity_guard.iam.document.condition import PASSED_TO

from .making import MAKINGS, NEW_GROUP, NEW_MEMBER, Made, made
from .relayed import relayed
from .running import Running
from .tagging import SOURCE as TAG_SOURCE
from .tagging import TAGGING, Tag, Taggable, carrying, of_targets, retagged, with_tag
from .take import Take
from .versions import leading_actions

ACCOUNT_ARN: Final = "arn:{partition}:sso:::account/{account}"
INSTANCE_ARN: Final = "arn:{partition}:sso:::instance/{instance}"


class Takes:
    """All that the documents of one identity take."""

    def __init__(self, powers: Powers, sight: Sight) -> None:
        """Ask later, as far as the documents mention anything that leads further."""
        self.powers = powers
        self.sight = sight
        self.account = powers.node.account

    @cached_property
    def of_documents(self) -> tuple[Take, ...]:
        """All but the roles that trust somebody."""
        if not self.powers.mentioned & leading_actions():
            return ()
        direct = list(self._by_calls())
        through = relayed(self.powers, direct, lambda powers: Takes(powers, self.sight).of_documents)
        return (*direct, *through)

    def _by_calls(self) -> tuple[Take, ...]:
        return (
            *(take for on in (On.USER, On.ROLE, On.GROUP) for take in self._of_identities(on)),
            *(take for on in TAGGING for take in self._of_retagged(on)),
            *self._of_made(),
            *self._of_new_groups(),
            *self._of_new_members(),
            *self._of_policies(),
            *self._of_sets(),
            *self._of_directory_groups(),
            *self._of_entitlements(),
            *(take for on in PROVIDERS for take in self._of_providers(on)),
            *self._of_anybody(),
            *self._passed(),
            *Running(self.powers, self.sight).takes(),
        )

    def _grips(self, on: On, names: Names, values: Values = ()) -> Iterator[tuple[Way, Region, bool]]:
        about = self.sight.about if on in (On.USER, On.ROLE) else unlike_any
        yield from self._held_by(on, names, [w for w in ways_on(on) if not w.chooses_boundary], about, values)
        if choosing := [way for way in ways_on(on) if way.chooses_boundary]:
            wide = (*values, (BOUNDARY, self._wide_policies))
            yield from self._held_by(on, names, choosing, self.sight.but_for_boundaries, wide)

    def _held_by(
        self, on: On, names: Names, ways: list[Way], about: Callable[[int], Target], values: Values
    ) -> Iterator[tuple[Way, Region, bool]]:
        mask = union(way.mask for way in ways)
        if not names.all or not mask & self.powers.mentioned:
            return
        governed = on in IN_THE_DIRECTORY and not self._governs
        for region in self.powers.regions(names, mask, about, values=values):
            for way in ways:
                if way.mask & ~region.possible == 0:
                    sure = way.mask & ~region.certain == 0 and way.certain and not governed
                    yield way, region, sure

    @property
    def _wide_policies(self) -> tuple[str, ...]:
        partition = self.powers.grants.space.setting.own.partition
        every = (each.format(partition=partition) for each in WIDE_POLICIES)
        return tuple(each for each in every if not is_too_little(each))

    @property
    def _governs(self) -> bool:
        """Whether Identity Center obeys calls from the account: else a delegated administrator might."""
        return self.sight.organisation.management_account in (None, self.account)

    def _of_identities(self, on: On) -> Iterator[Take]:
        names = self.sight.names(on, self.account)
        for way, region, sure in self._grips(on, names):
            nodes = region.targets
            if way.effect is Effect.UNBINDS:
                nodes &= self.sight.bounded
            if on is On.GROUP and way.effect is Effect.WRITES:
                # Its users are rewritten, and so is whoever joins it.
                members = self.sight.members_of(nodes) | nodes
                yield self._take(way, members, sure, region, self._group_in(nodes, names))
            elif nodes:
                yield self._take(way, nodes, sure, region, names.by_number.get)

    def _of_made(self) -> Iterator[Take]:
        """Identities that are not there yet."""
        for making in MAKINGS:
            found = made(self.powers, making, self.sight.names(making.on, self.account))
            nodes = self.sight.new.get(self.account, 0)
            if found and nodes:
                prove = partial(self._proof_for_all, list(found.calls))
                way, source = making.way, making.source
                yield Take(Effect.MAKES, nodes, found.certain, way, "makes", source, prove)

    def _of_new_groups(self) -> Iterator[Take]:
        """Users who are added to a group that is not there yet, with a policy of one's own."""
        users = self.sight.names(On.USER, self.account).all
        found = made(self.powers, NEW_GROUP, self.sight.names(On.GROUP, self.account)) if users else None
        if found:
            prove = partial(self._proof_for_all, list(found.calls))
            does, source = "adds to a new group", NEW_GROUP.source
            yield Take(Effect.WRITES, users, found.certain, NEW_GROUP.way, does, source, prove)

    def _of_new_members(self) -> Iterator[Take]:
        """Yield the groups that a user is added to who is not there yet."""
        names = self.sight.names(On.GROUP, self.account)
        found = made(self.powers, NEW_MEMBER, self.sight.names(On.USER, self.account)) if names.all else None
        if not found:
            return
        for way, region, sure in self._grips(On.GROUP, names):
            if way.effect is Effect.JOINS:
                joining = self._take(way, region.targets, sure, region, names.by_number.get)
                yield self._by_somebody_new(joining, found)

    def _by_somebody_new(self, joining: Take, member: Made) -> Take:
        def prove(number: int) -> Proof | None:
            first, then = self.powers.prove_all(member.calls), joining.prove(number)
            return None if first is None or then is None else (*first, *then)

        return replace(
            joining,
            effect=Effect.BECOMES,
            certain=joining.certain and member.certain,
            way=NEW_MEMBER.way,
            does="makes a user who joins",
            reference=NEW_MEMBER.source,
            prove=prove,
        )

    def _of_retagged(self, on: On) -> Iterator[Take]:
        """Users and roles that are given the tag first on which the calls hang."""
        names = self.sight.names(on, self.account)
        statements = [layered.statement for layered in self.powers.grants.statements]
        ways = [way for way in ways_on(on) if not way.chooses_boundary]
        asked = of_targets(statements)
        for tag in asked.or_another if names.all else ():
            taggable = self.taggable(on, names, tag)
            about = partial(self._retagged, tag)
            for way, region, sure in self._held_by(on, names, ways, about, ()) if taggable.possible else ():
                within = self.sight.bounded if way.effect is Effect.UNBINDS else region.targets
                for nodes, certain in taggable.among(region.targets & within):
                    if nodes:
                        take = self._take(way, nodes, sure and certain, region, names.by_number.get)
                        yield self.tagged_first(take, on, tag, names)

    def _retagged(self, tag: Tag | None, number: int) -> Target:
        return retagged(self.sight.about(number), tag)

    def taggable(self, on: On, names: Names, tag: Tag | None) -> Taggable:
        """Return who may be given a tag, or lose it; without one, any tag that nobody names."""
        bits = catalogue().mask_of([tag.action(on)] if tag else TAGGING[on])
        if not bits & self.powers.mentioned:
            return Taggable()
        asked = tag.asked if tag else ()
        regions = tuple(self.powers.regions(names, bits, self.sight.about, values=asked))
        certain = union(region.targets for region in regions if tag and region.certain)
        return Taggable(certain, union(region.targets for region in regions))

    def tagged_first(self, take: Take, on: On, tag: Tag | None, names: Names) -> Take:
        """Put the call that tags the target before another; what another tag opens is not proved."""

        def prove(number: int) -> Proof | None:
            if tag is None:
                return None
            first, then = self.tagging(on, tag, number, names.by_number[number]), take.prove(number)
            return None if first is None or then is None else (*first, *then)

        return replace(take, way=with_tag(take.way), reference=f"{TAG_SOURCE}; {take.reference}", prove=prove)

    def tagging(self, on: On, tag: Tag, number: int, arn: str) -> Proof | None:
        """Return the call that tags an identity."""
        known = self.powers.known_of(self.sight.about(number)).values
        found = self.powers.prove_all([(tag.action(on), arn, (*tag.asked, *known))])
        return found and tuple(carrying(call, tag) for call in found)

    def _group_in(self, groups: int, names: Names) -> Callable[[int], str | None]:
        def found(number: int) -> str | None:
            common = (self.sight.groups_of.get(number, 0) | 1 << number) & groups
            return next((names.by_number[each] for each in numbers_in(common)), None)

        return found

    def _of_policies(self) -> Iterator[Take]:
        names = self.sight.names(On.POLICY, self.account)
        for way, region, sure in self._grips(On.POLICY, names):
            for targets, certain in self._writable(way, region, sure=sure):
                for bounded, effect in ((False, way.effect), (True, Effect.UNBINDS)):
                    nodes = self.sight.holders(targets, bounded=bounded)
                    if nodes:
                        arn_of = self._policy_of(targets, bounded=bounded)
                        yield self._take(way, nodes, certain, region, arn_of, effect)

    def _writable(self, way: Way, region: Region, *, sure: bool) -> Iterator[tuple[int, bool]]:
        """Yield policies that can be made to say anything, and whether that is certain.

        An older version that gives everything is as good as a new one; one that gives nothing is none.
        """
        if way.name != CHOOSE_VERSION:
            yield region.targets, sure
            return
        found: dict[bool | None, list[int]] = {}
        for number in numbers_in(region.targets):
            found.setdefault(self.sight.leads_back(number, self.powers.now), []).append(number)
        for answer in (True, None):
            if answer in found:
                yield mask_of(found[answer]), answer is True and not way.mask & ~region.certain

    def _policy_of(self, policies: int, *, bounded: bool) -> Callable[[int], str | None]:
        def found(number: int) -> str | None:
            for each in numbers_in(policies):
                if self.sight.holders(1 << each, bounded=bounded) >> number & 1:
                    return self.sight.policies[each].arn
            return None

        return found

    def _of_sets(self) -> Iterator[Take]:
        names = self.sight.names(On.PERMISSION_SET, self.account)
        for way, region, sure in self._grips(On.PERMISSION_SET, names):
            nodes = self.sight.of_sets(region.targets)
            if way.effect is Effect.UNBINDS:
                nodes &= self.sight.bounded
            if way.effect is Effect.ASSIGNS:
                yield from self._assigned(way, nodes, sure=sure)
            elif nodes:
                yield self._take(way, nodes, sure, region, lambda n: self.sight.nodes[n].permission_set)

    def _assigned(self, way: Way, nodes: int, *, sure: bool) -> Iterator[Take]:
        """Ask about all that an assignment names: a permission set, an account and the instance."""
        partition = self.powers.grants.space.setting.own.partition

        def further(account: str) -> tuple[str, str]:
            filled = ACCOUNT_ARN.format(partition=partition, account=account)
            return filled, INSTANCE_ARN.format(partition=partition, instance=self.powers.instance)

        for account, there in self.sight.accounts_of_sets.items():
            found = [self.powers.ask(arn, way.mask) for arn in further(account)]
            if not nodes & there or not all(each.possible for each in found):
                continue

            def prove(number: int, account: str = account) -> Proof | None:
                places = (self.sight.nodes[number].permission_set, *further(account))
                return self.powers.prove_all([(way.actions[0], place, ()) for place in places])

            certain = sure and all(each.certain for each in found)
            yield Take(Effect.BECOMES, nodes & there, certain, way.name, way.does, way.source, prove)

    def _of_directory_groups(self) -> Iterator[Take]:
        names = self.sight.names(On.DIRECTORY_GROUP, self.account)
        for way, region, sure in self._grips(On.DIRECTORY_GROUP, names):
            yield self._take(way, region.targets, sure, region, names.by_number.get, Effect.BECOMES)

    def _of_entitlements(self) -> Iterator[Take]:
        """Roles of any account that let in whom account access manager entitles."""
        for way in ways_on(On.APPLICATION):
            if way.mask & ~self.powers.at_best or not any(self.sight.entitling.values()):
                continue
            calls = Somewhere(self.powers, way.mask).callable(way.actions, way.mask)
            if calls is None:
                continue
            sure = way.certain and calls.certain and self._governs and not self.powers.doubtful
            made: list[Call] = [(action, place, ()) for action, place in calls.on.items()]
            for trusted, roles in self.sight.entitling.items():
                proof = partial(self._proof_for_all, made)
                yield Take(Effect.BECOMES, roles, sure and trusted, way.name, way.does, way.source, proof)

    def _proof_for_all(self, calls: list[Call], _: int) -> Proof | None:
        return self.powers.prove_all(calls) if calls else None

    def _of_providers(self, on: On) -> Iterator[Take]:
        names = self.sight.names(on, self.account)
        for way, region, sure in self._grips(on, names):
            nodes = self.sight.trusting_providers(on, region.targets)

            def provider(number: int, providers: int = region.targets) -> str | None:
                for each in numbers_in(providers):
                    if self.sight.trusting_providers(on, 1 << each) >> number & 1:
                        return self.sight.providers(on)[each]
                return None

            yield self._take(way, nodes, sure, region, provider)

    def _of_anybody(self) -> Iterator[Take]:
        people = self.sight.people
        for way, region, sure in self._grips(On.NOTHING, _EVERY_RESOURCE) if people else ():
            yield self._take(way, people, sure, region, lambda _: "*", Effect.BECOMES)

    def _passed(self) -> Iterator[Take]:
        """Roles that may be handed to a service that the own calls make run something."""
        names = self.sight.names(On.ROLE, self.account)
        if not names.all or not self.powers.mentioned & catalogue().mask_of([PASS]):
            return
        opened = open_ways(self.powers)
        services = dict.fromkeys(service for each in opened for service in each.path.passed_to)
        for service in services:
            ways = [each for each in opened if service in each.path.passed_to]
            best = min(ways, key=lambda each: (not each.certain, len(each.path.actions)))
            for sure, roles in self.sight.admitting(service).items():
                if roles & names.all:
                    yield from self._handed_over(service, best, roles, names, sure=sure)

    def _handed_over(
        self, service: str, best: Open, roles: int, names: Names, *, sure: bool
    ) -> Iterator[Take]:
        bit = catalogue().mask_of([PASS])
        values: Values = ((PASSED_TO, (service,)), *best.belonging)
        for region in self.powers.regions(names, bit, self.sight.about, values=values):
            if not region.targets & roles:
                continue

            def prove(number: int, known: Values = region.values) -> Proof | None:
                others = [
                    (action, best.on.get(action, "*"), ()) for action in best.path.actions if action != PASS
                ]
                return self.powers.prove_all([(PASS, names.by_number[number], known), *others])

            yield Take(
                Effect.BECOMES,
                region.targets & roles,
                sure and best.certain and bool(region.certain),
                best.path.name,
                f"hands to {service} the role",
                f"{PASS_SOURCE}; {best.path.source}",
                prove,
            )

    def _take(  # noqa: PLR0913, PLR0917 - what a take is made of
        self,
        way: Way,
        nodes: int,
        sure: bool,  # noqa: FBT001 - as `_grips` yields it
        region: Region,
        arn_of: Callable[[int], str | None],
        effect: Effect | None = None,
    ) -> Take:
        def prove(number: int) -> Proof | None:
            arn = arn_of(number)
            calls = [(action, arn, region.values) for action in way.actions] if arn else []
            return self.powers.prove_all(calls) if calls else None

        return Take(effect or way.effect, nodes, sure, way.name, way.does, way.source, prove)

    @property
    def assumes_on_no_condition(self) -> bool:
        """Whether nothing that is said of assuming roles has a condition."""
        bit = catalogue().mask_of([ASSUME])
        about = (each.statement for each in self.powers.grants.statements if each.actions.possible & bit)
        return not any(each.clause_count for each in about)

    @cached_property
    def assumable(self) -> tuple[Region, ...]:
        """The roles of any account that the documents let be assumed, whatever the roles say."""
        bit = catalogue().mask_of([ASSUME])
        if not bit & self.powers.mentioned:
            return ()
        return tuple(self.powers.regions(self.sight.every_role, bit, self.sight.about))


_EVERY_RESOURCE: Final = Names(["*"])
