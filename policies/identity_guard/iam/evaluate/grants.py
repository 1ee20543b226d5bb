"""What a set of statements allows: for one state of the world, for all ordinary ones, for any."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.regions import GLOBAL_SERVICES

from .attachment import Attachment
from .callers import HANDED_OVER
from .context_state import Setting
from .decision import NOTHING, decide, joined
from .resource_reach import Resources
from .statements import Group, LayeredStatement, ResourceScope, layered_statements_of
from .worlds import Assumptions, Space, World


@dataclass(frozen=True)
class Active:
    """The statements that count in a question: the identity's Allows, each limiting layer's, the Denies."""

    allows: list[LayeredStatement]
    limits: list[list[LayeredStatement]]
    denies: list[LayeredStatement]

    @property
    def statements(self) -> list[LayeredStatement]:
        """All of them."""
        return [*self.allows, *(layered for layer in self.limits for layered in layer), *self.denies]


class Grants:
    """The layers of one identity's documents, ready for questions."""

    def __init__(self, layers: Sequence[Sequence[Attachment]], setting: Setting) -> None:
        self.layers = layers
        self.statements = layered_statements_of(layers)
        self.resources = Resources(self.statements)
        self.setting = setting
        self.denies: list[LayeredStatement] = []
        allows: list[list[LayeredStatement]] = [[] for _ in layers]
        for layered in self.statements:
            (allows[layered.layer] if layered.allows else self.denies).append(layered)
        self.allows, *self.limiting_layers = allows
        """The Allows of the identity's own documents, and those of the boundary and each level of SCPs."""

    @cached_property
    def space(self) -> Space:
        """The states of the world that the statements tell apart."""
        setting = self.setting._replace(own=self.resources.own)
        return Space(self.statements, setting._replace(not_handed_over=tuple(self._not_handed_over(setting))))

    def _not_handed_over(self, setting: Setting) -> Iterator[str]:
        """Yield how the keys begin that a caller cannot give a session, by what the identity is allowed."""
        if any(layered.statement.principals for layered in self.allows):
            return
        named = {clause.key for layered in self.statements for clause in layered.statement.clauses}
        for action, keys in HANDED_OVER.items():
            asked = any(key.startswith(keys) for key in named)
            bit = catalogue().mask_of([action])
            if asked and not (self.mentioned & bit and self._leaves_open(bit, setting)):
                yield from keys

    def _leaves_open(self, bit: int, setting: Setting) -> bool:
        """Say whether Denies on everything leave an action open in any state: together they may cover all."""
        space = Space(self.statements, setting)
        allows = [each for each in self.allows if each.actions.possible & bit]
        denies = [
            each
            for each in self.denies
            if each.actions.certain & bit and each.scope is ResourceScope.EVERYTHING
        ]
        worlds = space.worlds([*allows, *denies], Assumptions()) if denies else None
        return worlds is None or any(
            any(space.holds(each, world) is not False for each in allows)
            and not any(space.holds(each, world) for each in denies)
            for world in worlds
        )

    def active(self, assumptions: Assumptions, target: int | None = None) -> Active:
        """Return the statements about the target actions that can hold at all in the states looked at."""

        def living(statements: Iterable[LayeredStatement]) -> list[LayeredStatement]:
            return [
                layered
                for layered in statements
                if (target is None or layered.actions.possible & target)
                and self.space.can_hold(layered, assumptions)
            ]

        return Active(
            living(self.allows), [living(layer) for layer in self.limiting_layers], living(self.denies)
        )

    def allowed(self, world: World, group: Group, active: Active, *, generous: bool = False) -> ActionSet:
        """Return what the active statements allow on a group of resources in a world.

        `generous` counts an Allow on every ARN as one on the actions that take no resource, too, and leaves
        them out of a Deny on everything but every ARN, which says the same.
        """

        def match(layered: LayeredStatement) -> ActionSet:
            applies = self._applies(layered, group, generous=generous)
            truth = self.space.holds(layered, world) if applies is not False else False
            if truth is False:
                return NOTHING
            return layered.actions if truth and applies else ActionSet(0, layered.actions.possible)

        allows = (map(match, layer) for layer in (active.allows, *active.limits))
        return decide(allows, map(match, active.denies), _joined_actions)

    def _applies(self, layered: LayeredStatement, group: Group, *, generous: bool) -> bool | None:
        if generous and id(layered) in group.nearly:
            return layered.allows
        return self.resources.applies(layered, group)

    @cached_property
    def mentioned(self) -> int:
        """All that the Allows are about, whatever their resources and conditions say."""
        return union(layered.actions.possible for layered in self.allows)

    def upper_bound(self, assumptions: Assumptions) -> int:
        """Return what could be allowed at best: all that is allowed somewhere and not denied everywhere."""
        found = self._within(self.allows, assumptions)
        for layer in self.limiting_layers:
            found &= self._within(layer, assumptions)
        for layered in self.denies:
            everywhere = layered.scope is ResourceScope.EVERYTHING
            if found & layered.actions.certain and everywhere and self.space.must_hold(layered, assumptions):
                found = without(found, layered.actions.certain)
        return found

    def _within(self, allows: Iterable[LayeredStatement], assumptions: Assumptions) -> int:
        return union(
            layered.actions.possible
            for layered in allows
            if layered.scope is not ResourceScope.NOTHING and self.space.can_hold(layered, assumptions)
        )

    def valid(self, world: World) -> int:
        """Return the actions whose calls can be in a world."""
        mask = catalogue().everything
        for context_state in self.space.context_states_of(world):
            if context_state.carrying_actions is not None:
                mask &= context_state.carrying_actions
            if not context_state.is_global:
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
