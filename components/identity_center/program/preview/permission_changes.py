"""What a changed permission set gives people and takes from them: decided by the evaluator, old against new.

The old contents are the state's, so that a repair of a change by hand is told as well. Only sets that change
are judged. The evaluator belongs to the policy pack; where the components run without it, a change is told
and not compared.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from identity_center.model.access.grant import Grant
from identity_center.model.access.record import RecordedModel
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.organisation.places import Places
from identity_center.model.plan.set_contents import SetContents

if TYPE_CHECKING:
    from identity_guard.iam import Attachment, Verdict

_NAMED: Final = 4
"""So many actions or services are named in a sentence; the others are counted."""
_ACCOUNTS_NAMED: Final = 2
"""So many accounts are named; more are counted, as the assignments say which."""
WITHOUT_EVALUATOR: Final = "permissions not compared: the policy pack is not installed beside the components"
NO_BOUNDARY: Final = "none"


@dataclass(frozen=True)
class PermissionChange:
    """One permission set whose contents change."""

    key: str
    name: str
    people: frozenset[str]
    """Keys of the users who had it in an account and keep it; of others the grants say what they get."""
    groups_from_elsewhere: int
    """Groups that keep it and whose members are not known here."""
    accounts: frozenset[str]
    """Ids of the accounts where they keep it."""
    what: tuple[str, ...]
    """What is written otherwise, such as `boundary PowerUserAccess -> ReadOnlyAccess`."""
    gains: tuple[str, ...] | None
    """Actions that become possible somewhere; None where they were not compared."""
    loses: tuple[str, ...] | None
    strength: tuple[str, ...] = ()
    """Such as `becomes administrator`."""
    unknown: tuple[str, ...] = ()
    """Policies whose text is not known here, so that the comparison leaves them out."""

    def sentence(self, places: Places) -> str:
        """Say it in one line."""
        effects = [*self.strength, *self._effects(), *self._left_out()]
        return f"{self.name} ({self._whom(places)}): {'; '.join([*self.what, *effects])}"

    @property
    def weight(self) -> tuple[bool, int]:
        """What puts it first where not all can be told: a change of strength, then how many keep it."""
        return bool(self.strength), len(self.people) * len(self.accounts)

    def _whom(self, places: Places) -> str:
        if not self.people and not self.groups_from_elsewhere:
            return "nobody who had it before"
        people = f"{len(self.people)} {'person' if len(self.people) == 1 else 'people'}"
        if self.groups_from_elsewhere:
            groups = self.groups_from_elsewhere
            people += f" and whoever is in {groups} group{'s' * (groups != 1)} from elsewhere"
        return f"{people}, {self._where(places)}"

    def _where(self, places: Places) -> str:
        count = len(self.accounts)
        if 0 < count <= _ACCOUNTS_NAMED and all(map(places.name, self.accounts)):
            return places.accounts(self.accounts)
        return places.selection(self.accounts) or f"{count} account{'s' * (count != 1)}"

    def _effects(self) -> Iterator[str]:
        if self.gains is None or self.loses is None:
            yield WITHOUT_EVALUATOR
            return
        if self.gains:
            yield f"gains {_listed(self.gains)}"
        if self.loses:
            yield f"loses {_listed(self.loses)}"
        documents_differ = any(not each.startswith("session ") for each in self.what)
        if documents_differ and not (self.gains or self.loses or self.unknown):
            yield "the same actions, perhaps on other resources or under other conditions"

    def _left_out(self) -> Iterator[str]:
        if self.unknown:
            yield f"what {', '.join(self.unknown)} allows is not known here"

    def to_document(self) -> dict[str, object]:
        """Say it to machines."""
        return {
            "permissionSet": self.key,
            "permissionSetName": self.name,
            "people": sorted(self.people),
            "groupsFromElsewhere": self.groups_from_elsewhere,
            "accounts": sorted(self.accounts),
            "changed": list(self.what),
            "gains": None if self.gains is None else list(self.gains),
            "loses": None if self.loses is None else list(self.loses),
            "strength": list(self.strength),
            "notKnown": list(self.unknown),
        }


def permission_changes(
    before: Mapping[str, SetContents],
    after: Mapping[str, SetContents],
    was: RecordedModel | None,
    model: RecordedModel,
) -> list[PermissionChange]:
    """Compare what permission sets hold; of a new or a vanished one the grants say who gains or loses it.

    `was` is who had them, by the keys of `model`; where that is not known, whoever has a set now is meant.
    """
    return [
        _compared(key, before[key], now, _who_keep(key, was, model), model.permission_set_names.get(key, key))
        for key, now in sorted(after.items())
        if key in before and before[key] != now
    ]


def _who_keep(key: str, was: RecordedModel | None, model: RecordedModel) -> set[Grant]:
    now = _holders(key, model)
    return now if was is None else now & _holders(key, was)


def _holders(key: str, model: RecordedModel) -> set[Grant]:
    """Return who has a permission set where: users, and the groups whose members are not known here."""
    found = set()
    for grant in model.grants:
        if grant.permission_set != key:
            continue
        is_group = grant.kind == PrincipalType.GROUP.value
        members = model.members.get(grant.principal, frozenset[str]()) if is_group else None
        if members is None:
            found.add(grant)
        for user in members or ():
            found.add(replace(grant, principal=user, kind=PrincipalType.USER.value))
    return found


def _compared(
    key: str, old: SetContents, new: SetContents, holders: Collection[Grant], name: str
) -> PermissionChange:
    effect = _effect(old, new)
    return PermissionChange(
        key,
        name,
        frozenset(each.principal for each in holders if each.kind == PrincipalType.USER.value),
        len({each.principal for each in holders if each.kind == PrincipalType.GROUP.value}),
        frozenset(each.account_id for each in holders),
        tuple(_written_otherwise(old, new)),
        effect.gains if effect else None,
        effect.loses if effect else None,
        effect.strength if effect else (),
        effect.unknown if effect else (),
    )


def _written_otherwise(old: SetContents, new: SetContents) -> Iterator[str]:
    added = sorted({*new.managed - old.managed, *new.customer_managed - old.customer_managed})
    removed = sorted({*old.managed - new.managed, *old.customer_managed - new.customer_managed})
    if removed:
        yield f"without {', '.join(map(_short, removed))}"
    if added:
        yield f"with {', '.join(map(_short, added))}"
    if old.inline != new.inline:
        yield "inline policy " + (
            "taken away" if new.inline is None else "changed" if old.inline else "added"
        )
    if old.boundary != new.boundary:
        yield f"boundary {_short(old.boundary or NO_BOUNDARY)} -> {_short(new.boundary or NO_BOUNDARY)}"
    if old.session != new.session:
        yield f"session {_hours(old.session)} -> {_hours(new.session)}"


def _short(policy: str) -> str:
    return policy.partition(":policy/")[2] or policy


def _hours(duration: str) -> str:
    """Say `PT1H30M` as `1 h 30 min`."""
    return duration.removeprefix("PT").replace("H", " h ").replace("M", " min").strip()


def _listed(actions: tuple[str, ...]) -> str:
    if len(actions) <= _NAMED:
        return ", ".join(actions)
    counts: dict[str, int] = {}
    for action in actions:
        service = action.partition(":")[0]
        counts[service] = counts.get(service, 0) + 1
    most = sorted(counts, key=lambda service: (-counts[service], service))
    named = ", ".join(f"{service} {counts[service]}" for service in most[:_NAMED])
    more = f" and {len(most) - _NAMED} services more" if len(most) > _NAMED else ""
    return f"{len(actions):,} actions ({named}{more})"


@dataclass(frozen=True)
class _Effect:
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    strength: tuple[str, ...]
    unknown: tuple[str, ...]


def _effect(old: SetContents, new: SetContents) -> _Effect | None:
    try:
        from identity_guard.iam import judge  # noqa: PLC0415  # only where a set changes, and the pack is there
        from identity_guard.iam.catalogue.actions import catalogue  # noqa: PLC0415  # with it
    except ModuleNotFoundError:
        return None
    was, becomes = (judge(_attached(each), _limit(each)) for each in (old, new))
    before, after = was.actions_at_best, becomes.actions_at_best
    known = catalogue()
    return _Effect(
        tuple(sorted(known.names(after & ~before & known.known))),
        tuple(sorted(known.names(before & ~after & known.known))),
        tuple(_stronger_or_weaker(was, becomes)) or tuple(_writing(before, after)),
        tuple(sorted({*old.customer_managed, *new.customer_managed, *_unknown_limits(old, new)})),
    )


def _stronger_or_weaker(was: "Verdict", becomes: "Verdict") -> Iterator[str]:
    """Say the strongest word that holds on one side only."""
    for word, before, after in (
        ("root-level", was.root_level, becomes.root_level),
        ("administrator", was.administrator, becomes.administrator),
        ("able to give itself more", was.escalates, becomes.escalates),
    ):
        if after and not before:
            yield f"becomes {word}"
            return
        if before and after is False:
            yield f"is no longer {word}"
            return


def _writing(before: int, after: int) -> Iterator[str]:
    """Say that a permission set begins to change things, or that it only reads from now on."""
    changing = _changing()
    if before & changing and not after & changing:
        yield "writes nothing any more"
    elif after & changing and not before & changing:
        yield "writes for the first time"


@cache
def _changing() -> int:
    """Return all actions that change something."""
    from identity_guard.iam.catalogue.actions import catalogue, union  # noqa: PLC0415  # as above

    known = catalogue()
    return union(known.changing(service) for service in known.levels)


def _attached(contents: SetContents) -> "list[Attachment]":
    from identity_guard.iam import attach, managed_attachment, unknown  # noqa: PLC0415  # as above

    found = [managed_attachment(arn) for arn in sorted(contents.managed)]
    found += [unknown(name, "it is each account's own") for name in sorted(contents.customer_managed)]
    return [*found, *([attach(contents.inline)] if contents.inline else [])]


def _limit(contents: SetContents) -> "Attachment | None":
    from identity_guard.iam import managed_attachment, unknown  # noqa: PLC0415  # as above

    if contents.boundary is None:
        return None
    if contents.boundary.startswith("arn:"):
        return managed_attachment(contents.boundary)
    return unknown(contents.boundary, "it is each account's own")


def _unknown_limits(*contents: SetContents) -> Iterable[str]:
    return (each.boundary for each in contents if each.boundary and not each.boundary.startswith("arn:"))
