"""What a set of rules allows: for one state of the world, for all ordinary ones, for any."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from identity_guard.iam.catalogue.action_patterns import ActionSet
from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.regions import GLOBAL_SERVICES

from .attachment import Attachment
from .context_state import Setting
from .decision import NOTHING, decide, joined
from .resource_reach import Resources
from .statements import Extent, Group, Pins, Rule, Space, World, rules_of


@dataclass(frozen=True)
class Active:
    """The rules that count in a question: the identity's Allows, each limiting layer's, and the Denies."""

    allows: list[Rule]
    limits: list[list[Rule]]
    denies: list[Rule]

    @property
    def rules(self) -> list[Rule]:
        """All of them."""
        return [*self.allows, *(rule for layer in self.limits for rule in layer), *self.denies]


class Grants:
    """The layers of one identity's documents, ready for questions."""

    def __init__(self, layers: Sequence[Sequence[Attachment]], setting: Setting) -> None:
        self.layers = layers
        self.rules = rules_of(layers)
        self.resources = Resources(self.rules)
        self.setting = setting
        self.denies: list[Rule] = []
        allows: list[list[Rule]] = [[] for _ in layers]
        for rule in self.rules:
            (allows[rule.layer] if rule.allows else self.denies).append(rule)
        self.allows, *self.limiting_layers = allows
        """The Allows of the identity's own documents, and those of the boundary and each level of SCPs."""

    @cached_property
    def space(self) -> Space:
        """The states of the world that the rules tell apart."""
        own = self.resources.own
        return Space(self.rules, self.setting if own is self.setting.own else self.setting._replace(own=own))

    def active(self, pins: Pins, target: int | None = None) -> Active:
        """Return the rules about the target actions that can hold at all in the states looked at."""

        def living(rules: Iterable[Rule]) -> list[Rule]:
            return [
                rule
                for rule in rules
                if (target is None or rule.actions.possible & target) and self.space.can_hold(rule, pins)
            ]

        return Active(
            living(self.allows), [living(layer) for layer in self.limiting_layers], living(self.denies)
        )

    def allowed(self, world: World, group: Group, active: Active, *, generous: bool = False) -> ActionSet:
        """Return what the active rules allow on a group of resources in a world.

        `generous` counts an Allow on every ARN as one on the actions that take no resource, too, and leaves
        them out of a Deny on everything but every ARN, which says the same.
        """

        def match(rule: Rule) -> ActionSet:
            applies = self._applies(rule, group, generous=generous)
            truth = self.space.holds(rule, world) if applies is not False else False
            if truth is False:
                return NOTHING
            return rule.actions if truth and applies else ActionSet(0, rule.actions.possible)

        allows = (map(match, layer) for layer in (active.allows, *active.limits))
        return decide(allows, map(match, active.denies), _joined_actions)

    def _applies(self, rule: Rule, group: Group, *, generous: bool) -> bool | None:
        if generous and id(rule) in group.nearly:
            return rule.allows
        return self.resources.applies(rule, group)

    @cached_property
    def mentioned(self) -> int:
        """All that the Allows are about, whatever their resources and conditions say."""
        return union(rule.actions.possible for rule in self.allows)

    def upper_bound(self, pins: Pins) -> int:
        """Return what could be allowed at best: all that is allowed somewhere and not denied everywhere."""
        found = self._within(self.allows, pins)
        for layer in self.limiting_layers:
            found &= self._within(layer, pins)
        for rule in self.denies:
            everywhere = rule.extent is Extent.EVERYTHING
            if found & rule.actions.certain and everywhere and self.space.must_hold(rule, pins):
                found = without(found, rule.actions.certain)
        return found

    def _within(self, allows: Iterable[Rule], pins: Pins) -> int:
        return union(
            rule.actions.possible
            for rule in allows
            if rule.extent is not Extent.NOTHING and self.space.can_hold(rule, pins)
        )

    def valid(self, world: World) -> int:
        """Return the actions whose calls can be in a world."""
        mask = catalogue().everything
        for cell in self.space.cells_of(world):
            if cell.carriers is not None:
                mask &= cell.carriers
            if not cell.is_global:
                mask = without(mask, global_actions())
        return mask


def _joined_actions(matches: Iterable[ActionSet]) -> ActionSet:
    """Return what statements take together: every service there is and may ever be is everything."""
    found = joined(matches)
    everything = catalogue().everything
    if found.certain | catalogue().unknown == everything:
        # Unknown actions are taken, too.
        return ActionSet(everything, everything)
    return found


@cache
def global_actions() -> int:
    """Return the actions of services that are in one Region of a partition only.

    `iam:PassRole` is none of them: it is checked with the call that hands the role over, in its Region.
    """
    known = catalogue()
    found = union(known.service_masks[service] for service in GLOBAL_SERVICES)
    return without(found, known.mask_of(["iam:PassRole"]))
