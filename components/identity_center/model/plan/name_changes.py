"""What a run's new names meet: resources of the same stack that have them still, and objects of AWS's.

AWS refuses a name that is taken, and the provider then tries again for up to an hour, in the middle of a run.
A name that one resource of a stack leaves to another is free only when the first has let go of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from identity_center.model.mistakes import Mistake

from .planned import Id, Plan, PlannedResource, references
from .unique_names import Change, Claim, Holder, State, claims_of

#: A name, and of what it is.
_Name = tuple[str, str, str]
Waits = Mapping[Id, tuple[Id, ...]]
"""Which resources wait for which others, in this run alone."""


@dataclass(frozen=True)
class NameChanges:
    """The names of a plan that the state does not have in the same place."""

    unknown: tuple[Claim, ...]
    """Names that nothing in the state has: AWS may."""
    waits: Waits
    """Who takes a name over waits for who lets go of it."""
    mistakes: tuple[Mistake, ...]
    """Names that are free too late."""
    renamed: tuple[Claim, ...]
    """Resources that are there and get another name."""


def name_changes(plan: Sequence[PlannedResource], state: State) -> NameChanges:
    """Compare a plan with the state of the last update."""
    comparison = _Comparison(plan, state)
    for claim in comparison.claims:
        comparison.look_at(claim)
    return comparison.result()


class _Comparison:
    def __init__(self, plan: Sequence[PlannedResource], state: State) -> None:
        self.claims = list(claims_of(plan))
        self._before = {(claim.id, claim.kind.input): state.of(claim) for claim in self.claims}
        self._holders: dict[_Name, Holder] = {
            (each.type, path, name): each for each in state.holders for path, name in each.names.items()
        }
        self._goes_on = {
            (each.outermost, each.type, each.key, claim.kind.input): claim
            for claim in self.claims
            if (each := self._before[claim.id, claim.kind.input]) is not None
        }
        self._unknown: list[Claim] = []
        self._renamed: list[Claim] = []
        self._waits: dict[Id, tuple[Id, ...]] = {}
        self._passed: list[tuple[Claim, Claim]] = []
        self._mistakes: list[Mistake] = []

    def look_at(self, claim: Claim) -> None:
        """Find out who has the name of a claim."""
        before = self._before[claim.id, claim.kind.input]
        if before is not None and before.names.get(claim.kind.input) == claim.name:
            return
        if before is not None:
            self._renamed.append(claim)
            if claim.kind.change is Change.SHARED:
                return
        held = self._holders.get((claim.kind.type, claim.kind.input, claim.name))
        if held is None:
            self._unknown.append(claim)
        elif claim.kind.change is not Change.SHARED:
            self._pass_on(claim, held)

    def _pass_on(self, claim: Claim, held: Holder) -> None:
        next_ = self._goes_on.get((held.outermost, held.type, held.key, claim.kind.input))
        if next_ is None:
            is_new = self._before[claim.id, claim.kind.input] is None
            self._mistakes.append(_goes(claim, held, is_new=is_new))
        elif next_.name == claim.name:
            self._mistakes.append(_twice(claim, next_))
        elif claim.kind.change is Change.AT_THE_END:
            self._mistakes.append(_free_too_late(claim, next_))
        else:
            waits = self._waits.get(claim.id, ())
            self._waits[claim.id] = waits if next_.id in waits else (*waits, next_.id)
            self._passed.append((claim, next_))

    def result(self) -> NameChanges:
        """Return what was found; names that go round in a circle cannot be put in turn."""
        circle = _circle(self._waits)
        round_ = [
            _goes_round(claim, circle)
            for claim, next_ in self._passed
            if claim.id in circle and next_.id in circle
        ]
        return NameChanges(
            tuple(self._unknown), self._waits, (*self._mistakes, *round_), tuple(self._renamed)
        )


def _goes(claim: Claim, held: Holder, *, is_new: bool) -> Mistake:
    kind = claim.kind
    problem = (
        f"{kind.kind} `{held.key}` of this stack has this {kind.words} and goes in the same run, at whose "
        "end the name is free: AWS would refuse it"
    )
    if is_new:
        remedy = (
            f"if it is the same {kind.kind} under a new key, write `formerly: {held.key}`; if not, take "
            f"`{held.key}` out in a run before this one"
        )
    else:
        remedy = f"take `{held.key}` out in a run before this one"
    return Mistake(claim.path, problem, remedy)


def _twice(claim: Claim, other: Claim) -> Mistake:
    return Mistake(
        claim.path,
        f"{claim.kind.kind} `{other.id.key}` has this {claim.kind.words}, too",
        "give one of them another",
    )


def _free_too_late(claim: Claim, other: Claim) -> Mistake:
    kind = claim.kind
    return Mistake(
        claim.path,
        f"{kind.kind} `{other.id.key}` has this {kind.words} until the end of the run, when the {kind.kind} "
        "that takes its place is made: AWS would refuse it",
        f"rename `{other.id.key}` in one run, and `{claim.id.key}` in the next",
    )


def _goes_round(claim: Claim, circle: Sequence[Id]) -> Mistake:
    names = ", ".join(f"`{each.key}`" for each in circle)
    return Mistake(
        claim.path,
        f"{names} would pass their {claim.kind.words}s on in a circle, so that none is free before another: "
        "AWS would refuse them",
        f"give `{claim.id.key}` another {claim.kind.words} in one run, one that nobody has, and this in the "
        "next",
    )


def _circle(waits: Waits) -> tuple[Id, ...]:
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        return tuple(sorted(set(error.args[1])))
    return ()


def in_turn(plan: Plan, waits: Waits) -> Plan:
    """Let resources wait for others in this run, which are then registered before them."""
    if not waits:
        return plan
    planned = {each.id: each for each in plan}
    needs = {each.id: [one for one in _needs(each, waits) if one in planned] for each in plan}
    order = TopologicalSorter(needs).static_order()
    return tuple(
        replace(planned[each], depends_on=(*planned[each].depends_on, *waits.get(each, ()))) for each in order
    )


def _needs(each: PlannedResource, waits: Waits) -> Iterator[Id]:
    yield from waits.get(each.id, ())
    yield from each.depends_on
    if each.parent is not None:
        yield each.parent
    for ref in references({} if each.is_component else each.inputs):
        yield Id(ref.type, ref.key)
        if ref.once is not None:
            yield ref.once


# Names that AWS has already.


@dataclass(frozen=True)
class NamesInUse:
    """Who has which names in AWS."""

    found: Mapping[str, Sequence[Holder]]
    """By type of resource."""
    unseen: Mapping[str, str] = field(default_factory=dict)
    """By type of resource: why AWS did not say."""


def taken(unknown: Iterable[Claim], found: Mapping[str, Sequence[Holder]], state: State) -> Iterator[Mistake]:
    """Refuse the names that AWS's own lists, by type, have."""
    own = {each.id for each in state.holders if each.id}
    holders = {
        (type_, path, name): each
        for type_, listed in found.items()
        for each in listed
        for path, name in each.names.items()
    }
    for claim in unknown:
        held = holders.get((claim.kind.type, claim.kind.input, claim.name))
        if held is not None:
            yield _taken(claim, held, is_own=held.id in own)


def _taken(claim: Claim, held: Holder, *, is_own: bool) -> Mistake:
    kind = claim.kind
    article = "an" if kind.kind.startswith("a") else "a"
    named = f" with this {kind.words}" if kind.input else ""
    what = f"AWS has {article} {kind.kind}{named} already"
    if is_own:
        return Mistake(
            claim.path,
            f"{what}, {held.id}, which this stack has under another: somebody renamed it",
            "run `pulumi refresh`, and look again",
        )
    other = ", or give yours another" if kind.input else ""
    return Mistake(
        claim.path,
        f"{what}, {held.id}, and this stack's record does not have it",
        "take it into the stack with `identity-center adopt` (`identity-center recover` where an update was "
        f"interrupted){other}",
    )
