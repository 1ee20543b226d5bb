"""What one identity may do to targets in sight, asked of the evaluator: region by region, not one by one.

A region is a set of targets that the identity's statements treat alike. One of them is asked about, and the
answer holds for all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL, Own
from identity_guard.iam.catalogue.context_keys import OF_AWS, POLICY_ARN
from identity_guard.iam.catalogue.escalation_paths import EscalationPath, escalation_paths
from identity_guard.iam.document.document import Document
from identity_guard.iam.evaluate.attachment import managed_attachment
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import Group, applies_to
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.questions.escalation import assumptions_of
from identity_guard.iam.questions.proof import Witness, witness
from identity_guard.iam.questions.reach import Reach, Reached
from identity_guard.iam.questions.verdict import judge
from identity_guard.iam.text.wildcard import has_wildcard

from .names import Names, lowest, mask_of, numbers_in
from .organisation import Layers, Node
from .own_documents import PRINCIPAL_TAG, absent_tags, as_read_by, facts_of, tags_of, tried_for
from .tried_values import TriedValues, Values

BOUNDARY: Final = "iam:permissionsboundary"
RESOURCE_ACCOUNT: Final = "aws:resourceaccount"
TAGS: Final = ("iam:resourcetag/", "aws:resourcetag/")
MOST_REGIONS: Final = 256
"""How many regions of targets are looked at for one question; what lies beyond is left undecided."""
MOST_BOUNDARIES: Final = 64
"""How many boundaries are tried that conditions name, those first that leave everything."""
MOST_TRIES: Final = 40
"""How many states are tried for the proof of a step."""


class Target(NamedTuple):
    """What is known of a target besides its ARN."""

    boundary: tuple[str | None, ...] = ()
    """The ARN of its boundary; `(None,)` where it has none, nothing where the question is not asked of it."""
    tags: Mapping[str, str] | None = None
    account: str = ""
    """Whose it is; empty where the question is not asked of it."""


class Region(NamedTuple):
    """Targets that statements treat alike, and what is allowed on each."""

    targets: int
    certain: int
    possible: int
    values: Values
    """What is known of these targets, as a question takes it."""


class Known(NamedTuple):
    """What conditions may find out about a target."""

    values: Values
    unsure: bool
    """Whether they ask for something that is not known."""


@dataclass(frozen=True)
class Place:
    """Where an identity's calls are made from."""

    partition: str = USUAL.partition
    instance: str = USUAL.instance
    store: str = USUAL.identity_store


def _none_known(_: str) -> tuple[str, ...]:
    return ()


class Powers:
    """The documents of one identity, ready to be asked about targets."""

    def __init__(
        self,
        node: Node,
        layers: Layers,
        place: Place,
        now: float,
        attachable: Callable[[str], tuple[str, ...]] = _none_known,
    ) -> None:
        """Read the documents as they read for the node. A limit that is not known limits nothing for sure.

        `attachable` gives the policies of an account that make an administrator of whom they are attached to.
        """
        self._attachable = attachable
        self.node, self.now = node, now
        own_documents, *limits = as_read_by(node, layers)
        known = [list(layer) for layer in limits if all(isinstance(e.document, Document) for e in layer)]
        self.layers = [[each for each in own_documents if each.statements], *known]
        self._place = place
        own = Own(place.partition, node.account or USUAL.account, place.instance, place.store)
        facts = facts_of(node)
        self.facts = facts
        self.grants = Grants(self.layers, Setting(own, now, tried=tried_for(facts)))
        self.doubtful = len(known) < len(limits)
        """Whether a document that limits it is not known: then nothing is certain."""
        self.route: Values = ()
        """What calls carry that a service makes for it; nothing where it calls itself."""

    def through(self, route: Values) -> "Powers":
        """Return the same powers for calls that a service makes for their holder."""
        found = copy(self)
        found.route = route
        for worked_out in ("base", "at_best"):
            found.__dict__.pop(worked_out, None)
        return found

    @property
    def instance(self) -> str:
        """The instance of Identity Center: as its place tells, else as the documents name it most often."""
        known = self._place.instance
        return known if known != USUAL.instance else self.grants.resources.own.instance

    @cached_property
    def base(self) -> Values:
        """What every question assumes: who calls, that the call is direct, that wide policies are chosen."""
        general = assumptions_of(self.grants, _any_path()).values
        left_out = {BOUNDARY, *(key for key, _ in self.route)}
        kept = (*(self._attached(*pair) for pair in general if pair[0] not in left_out), *self.route)
        known = {**self.facts, **absent_tags(self.node, self._keys)}
        return (*kept, *((key, values) for key, values in known.items() if key in self._keys))

    def _attached(self, key: str, values: tuple[str | None, ...]) -> tuple[str, tuple[str | None, ...]]:
        """Leave the policies out that are too little: to attach one is to be as good as to write any."""
        if key != POLICY_ARN:
            return key, values
        own = self._attachable(self.node.account) if key in self._keys else ()
        return key, (*(each for each in values if each is None or not is_too_little(each)), *own)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(
            clause.key for layered in self.grants.statements for clause in layered.statement.clauses
        )

    @cached_property
    def boundaries_named(self) -> tuple[str, ...]:
        """The policies that conditions name as boundaries, wildcards filled in."""
        clauses = (clause for layered in self.grants.statements for clause in layered.statement.clauses)
        named = (value for clause in clauses if clause.key == BOUNDARY for value in clause.values)
        found = dict.fromkeys(each for each in named if not has_wildcard(each))
        return tuple(sorted(found, key=self.limits))[:MOST_BOUNDARIES]

    def limits(self, boundary: str) -> bool:
        """Say whether a boundary leaves less than everything, as far as its text is known."""
        if OF_AWS in boundary:
            return is_too_little(boundary)
        return boundary not in self._attachable(self.node.account)

    def asks_for(self, key: str) -> bool:
        """Say whether some condition is about a key."""
        return key in self._keys

    @cached_property
    def mentioned(self) -> int:
        """All actions that its Allows are about."""
        return self.grants.mentioned

    @cached_property
    def at_best(self) -> int:
        """The actions that may be allowed on something."""
        return self.grants.upper_bound(Assumptions(values=self.base))

    @cached_property
    def _is_unsure(self) -> bool:
        """Whether its answers hang on tags of its own that are not known."""
        return self.doubtful or (
            tags_of(self.node) is None and any(key.startswith(PRINCIPAL_TAG) for key in self._keys)
        )

    def regions(
        self, names: Names, mask: int, about: Callable[[int], Target], *, values: Values = ()
    ) -> Iterator[Region]:
        """Go through the targets that some of the actions may be allowed on."""
        wanted = mask & self.at_best
        if not wanted or not names.all:
            return
        parts = self._parts(names, wanted)
        if parts is None:
            yield Region(names.all, 0, wanted, values)
            return
        for part, listed in parts:
            for alike, known in self._alike(part, about):
                asked = (*values, *known.values)
                found = self.ask(names.by_number[lowest(alike)], wanted, listed, asked)
                if known.unsure or self._is_unsure:
                    found = Reached(0, found.possible)
                if found.possible:
                    yield Region(alike, found.certain, found.possible, asked)

    def _parts(self, names: Names, wanted: int) -> list[tuple[int, frozenset[int]]] | None:
        """Split targets by the statements that apply to them; None where the parts are too many."""
        parts: list[tuple[int, frozenset[int]]] = [(names.all, frozenset())]
        for layered in self.grants.resources.telling_apart(wanted):
            taken = names.matching_any(layered.statement.resources)
            if layered.statement.resources_excluded:
                taken = names.all & ~taken
            parts = [
                each
                for targets, listed in parts
                for each in ((targets & taken, listed | {id(layered)}), (targets & ~taken, listed))
                if each[0]
            ]
            if len(parts) > MOST_REGIONS:
                return None
        return [each for each in parts if self._some_allow(each[1], wanted)]

    def _some_allow(self, listed: frozenset[int], wanted: int) -> bool:
        """Say whether some Allow is about a part; most parts need no question."""
        told = {id(layered) for layered in self.grants.resources.telling_apart(wanted)}
        return any(
            layered.actions.possible & wanted and (id(layered) in listed or id(layered) not in told)
            for layered in self.grants.allows
        )

    def _alike(self, part: int, about: Callable[[int], Target]) -> Iterator[tuple[int, Known]]:
        """Split a part by what conditions ask of the targets themselves, where they ask anything."""
        if not self._asked_of_targets:
            yield part, Known((), unsure=False)
            return
        split: dict[Known, list[int]] = {}
        for number in numbers_in(part):
            split.setdefault(self.known_of(about(number)), []).append(number)
        for known, numbers in split.items():
            yield mask_of(numbers), known

    def known_of(self, target: Target) -> Known:
        """Return what is known of one target, as far as conditions ask for it."""
        return _known_of(target, self._asked_of_targets)

    @cached_property
    def _asked_of_targets(self) -> list[str]:
        about_targets = (BOUNDARY, RESOURCE_ACCOUNT)
        return sorted(key for key in self._keys if key in about_targets or key.startswith(TAGS))

    def ask(
        self, arn: str, wanted: int, listed: frozenset[int] | None = None, values: Values = ()
    ) -> Reached:
        """Say which of some actions are allowed on one target in some state."""
        group, tried = self._group(arn, wanted, listed), self._tried_values.tried(values)
        found = Reach(self.grants, self._assuming(tried.values, values), wanted).within([group])
        return found if tried.whole else Reached(0, found.possible)

    def _assuming(self, tried: Values, known: Values) -> Assumptions:
        """Return what a question assumes: what is known of its target goes before what is chosen."""
        keys = {key for key, _ in known}
        return Assumptions(values=(*tried, *(pair for pair in self.base if pair[0] not in keys)))

    @cached_property
    def _tried_values(self) -> TriedValues:
        return TriedValues(self.grants)

    def _group(self, arn: str, wanted: int, listed: frozenset[int] | None = None) -> Group:
        if listed is None:
            statements = self.grants.resources.telling_apart(wanted)
            listed = frozenset(id(layered) for layered in statements if applies_to(layered, arn))
        return Group(arn, wanted, 0, listed)

    def prove(self, action: str, arn: str, values: Values = ()) -> Witness | None:
        """Return one call of an action on a target that is allowed when it is decided by itself."""
        bit = catalogue().bit_of(action)
        if bit is None:
            return None
        tried = self._tried_values.tried(values)
        if not tried.whole:
            return None
        assumptions = self._assuming(tried.values, values)
        calls = Reach(self.grants, assumptions, 1 << bit).calls([self._group(arn, 1 << bit)])
        for _, (_, call) in zip(range(MOST_TRIES), calls, strict=False):
            if found := witness(self.grants, self.layers, bit, arn, call.state):
                return self._tried_values.put_back(found, values)
        return None

    def prove_all(self, calls: Iterable[tuple[str, str, Values]]) -> tuple[Witness, ...] | None:
        """Return several calls, each an action, a resource and what is known of it; None where one fails."""
        found: list[Witness] = []
        for action, arn, values in calls:
            shown = self.prove(action, arn, values)
            if shown is None:
                return None
            found.append(shown)
        return tuple(found)


@cache
def is_too_little(arn: str) -> bool:
    """Say whether an AWS-managed policy neither makes an administrator nor gives IAM whole."""
    if ":iam::aws:policy/" not in arn:
        return False
    verdict = judge([managed_attachment(arn)], now=0.0)
    all_of_iam = catalogue().service_masks["iam"] & catalogue().known
    governs = any(path.mask == all_of_iam for path in verdict.paths.certain)
    return not (verdict.root_level or verdict.administrator or governs)


def _known_of(target: Target, keys: list[str]) -> Known:
    """Write out what is known of a target under the keys that conditions ask for."""
    values: list[tuple[str, tuple[str | None, ...]]] = []
    unsure = False
    for key in keys:
        if key == BOUNDARY:
            values += [(key, target.boundary)] if target.boundary else []
        elif key == RESOURCE_ACCOUNT:
            values += [(key, (target.account,))] if target.account else []
        elif target.tags is None:
            unsure = True
        else:
            tags = {name.lower(): value for name, value in target.tags.items()}
            values.append((key, (tags.get(key.partition("/")[2]),)))
    return Known(tuple(values), unsure)


@cache
def _any_path() -> EscalationPath:
    """Return some path that hands over no role: what it assumes, every step assumes."""
    return next(path for path in escalation_paths() if not path.passed_to)
