"""What a changed permission set gives people and takes from them: decided by the evaluator, old against new.

The old contents are the state's, so that a repair of a change by hand is told as well. Only sets that change
are judged. The evaluator belongs to the policy pack; where the components run without it, a change is told
and not compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from identity_center.model.access.grant import Grant
from identity_center.model.access.record import RecordedModel
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.organisation.places import Places
from identity_center.model.plan.set_contents import SetContents

from .permission_effect import effect_of

_NAMED: Final = 4
"""So many actions or services are named in a sentence; the others are counted."""
_ACCOUNTS_NAMED: Final = 2
"""So many accounts are named; more are counted, as the assignments say which."""
WITHOUT_EVALUATOR: Final = "permissions not compared: the policy pack is not installed beside the components"
NO_BOUNDARY: Final = "none"
#: Where nobody keeps a permission set: by whether anybody had it, and whether anybody will have it.
_OF_NOBODY: Final = {
    (False, False): "assigned to nobody",
    (False, True): "assigned to nobody until now",
    (True, False): "assigned to nobody any more",
    (True, True): "nobody keeps it where they had it",
}


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
    gained_by: tuple[str, ...] = ()
    """Patterns of the inline policy that give all of what is gained; empty where it is not so."""
    lost_by: tuple[str, ...] = ()
    """Patterns that the inline policy allowed, which gave all of what is lost."""
    had: bool = True
    """Whether anybody had it anywhere."""
    get: bool = True
    """Whether anybody will have it anywhere."""

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
            return _OF_NOBODY[self.had, self.get]
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
            yield f"gains {_listed(self.gains, self.gained_by)}"
        if self.loses:
            yield f"loses {_listed(self.loses, self.lost_by)}"
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
            "gainedBy": list(self.gained_by),
            "lostBy": list(self.lost_by),
            "assignedBefore": self.had,
            "assignedAfter": self.get,
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
        _compared(key, before[key], now, was or model, model)
        for key, now in sorted(after.items())
        if key in before and before[key] != now
    ]


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
    key: str, old: SetContents, new: SetContents, was: RecordedModel, model: RecordedModel
) -> PermissionChange:
    effect = effect_of(old, new)
    had, get = _holders(key, was), _holders(key, model)
    keep = had & get
    return PermissionChange(
        key,
        model.permission_set_names.get(key, key),
        frozenset(each.principal for each in keep if each.kind == PrincipalType.USER.value),
        len({each.principal for each in keep if each.kind == PrincipalType.GROUP.value}),
        frozenset(each.account_id for each in keep),
        tuple(_written_otherwise(old, new)),
        effect.gains if effect else None,
        effect.loses if effect else None,
        effect.strength if effect else (),
        effect.unknown if effect else (),
        effect.gained_by if effect else (),
        effect.lost_by if effect else (),
        had=bool(had),
        get=bool(get),
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


def _listed(actions: tuple[str, ...], patterns: tuple[str, ...]) -> str:
    if len(actions) <= _NAMED:
        return ", ".join(actions)
    if 0 < len(patterns) <= _NAMED:
        return f"{len(actions):,} actions of {', '.join(patterns)}"
    counts: dict[str, int] = {}
    for action in actions:
        service = action.partition(":")[0]
        counts[service] = counts.get(service, 0) + 1
    most = sorted(counts, key=lambda service: (-counts[service], service))
    named = ", ".join(f"{service} {counts[service]}" for service in most[:_NAMED])
    more = f" and {len(most) - _NAMED} services more" if len(most) > _NAMED else ""
    return f"{len(actions):,} actions ({named}{more})"
