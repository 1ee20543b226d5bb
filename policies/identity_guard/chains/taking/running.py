"""Workloads that an identity uses: it acts as the role that each of them has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from identity_guard.chains.names import Names, mask_of, numbers_in
from identity_guard.chains.powers import Powers, Region
from identity_guard.chains.services import Beside, Somewhere, needed_beside, uses_of
from identity_guard.chains.sight import AlikeWorkloads, Sight, unlike_any
from identity_guard.chains.steps import Proof
from identity_guard.chains.tried_values import Call, Values
from identity_guard.chains.ways import Effect
from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.iam.evaluate.linked_keys import REGION
from identity_guard.iam.questions.reach import Reached
from identity_guard.iam.text.arn import REGION_PART

from .take import Take


@dataclass(frozen=True)
class Running:
    """Finds the roles that workloads in sight give somebody."""

    powers: Powers
    sight: Sight

    def takes(self) -> Iterator[Take]:
        """Roles that a workload has which the own calls can use."""
        for alike in self.sight.workloads.get(self.powers.node.account, ()):
            if not alike.takers & self.powers.mentioned:
                continue
            for path, taking in uses_of(alike.takers):
                yield from self._used(path, taking, alike)

    def _used(self, path: EscalationPath, taking: int, alike: AlikeWorkloads) -> Iterator[Take]:
        if path.mask & ~self.powers.at_best:
            return
        rest, names = path.mask & ~taking, alike.names
        opened = Somewhere(self.powers, rest).anywhere if rest else Reached()
        for region in self._whole(self._in_their_regions(names, taking), names, taking):
            if taking & ~region.possible or rest & ~opened.possible:
                continue
            certain = not taking & ~region.certain and not rest & ~opened.certain

            def prove(number: int, region: Region = region) -> Proof | None:
                held = (each for each in numbers_in(region.targets) if alike.roles[each] == number)
                arn = names.by_number[next(held)]
                calls = self._calls_on(arn, path, taking)
                return self.powers.prove_all(
                    [(action, place, (*known, *region.values)) for action, place, known in calls]
                )

            nodes = mask_of(alike.roles[each] for each in numbers_in(region.targets))
            yield Take(Effect.BECOMES, nodes, certain, path.name, "uses a workload of", path.source, prove)

    def _in_their_regions(self, names: Names, taking: int) -> Iterator[Region]:
        """Ask about workloads in the Region that each is in, where conditions tell Regions apart."""
        if not self.powers.asks_for(REGION):
            yield from self.powers.regions(names, taking, unlike_any)
            return
        there: dict[str, list[int]] = {}
        for number in numbers_in(names.all):
            there.setdefault(names.by_number[number].split(":")[REGION_PART], []).append(number)
        for name, numbers in there.items():
            values: Values = ((REGION, (name,)),) if name else ()
            for region in self.powers.regions(names, taking, unlike_any, values=values):
                if targets := region.targets & mask_of(numbers):
                    yield region._replace(targets=targets)

    def _whole(self, regions: Iterable[Region], names: Names, taking: int) -> Iterator[Region]:
        """Ask about what calls on workloads are checked on besides, and split regions where it differs."""
        for region in regions:
            parts: dict[tuple[Beside, ...], list[int]] = {}
            for number in numbers_in(region.targets):
                parts.setdefault(needed_beside(names.by_number[number]), []).append(number)
            for beside, numbers in parts.items():
                certain, possible = region.certain, region.possible
                for each in beside:
                    wanted = taking & each.mask
                    found = [self.powers.ask(arn, wanted) for arn in each.one_of if wanted]
                    certain &= ~wanted | union(answer.certain for answer in found)
                    possible &= ~wanted | union(answer.possible for answer in found)
                yield Region(mask_of(numbers), certain, possible, region.values)

    def _calls_on(self, arn: str, path: EscalationPath, taking: int) -> Iterator[Call]:
        """Yield the calls of a way on a workload, and on what they are checked on besides."""
        for action in path.actions:
            bit = catalogue().mask_of([action]) & taking
            if bit:
                yield action, arn, ()
            for beside in needed_beside(arn):
                if bit & beside.mask:
                    allowed = (each for each in beside.one_of if self.powers.ask(each, bit).certain)
                    yield action, next(allowed, beside.one_of[0]), ()
