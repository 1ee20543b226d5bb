"""What a drift comes to in words: names of accounts, how strong the access is, whose a thing is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from identity_center.model.existing.drift import WORDS, Drift, Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.ignoring import Ignored, Sifted
from identity_center.model.existing.objects import GROUP, USER
from identity_center.model.existing.owners import owner_by_tags
from identity_center.model.existing.things import OF_A_SET, Kind, Thing
from identity_center.model.language.ignored_drift import NAMES_OF, Difference, IgnoredDriftEntry
from identity_center_cli.aws.outdated_sets import remedy
from identity_center_cli.report.contents import Strength
from identity_center_cli.verbs.drift.desired_things import Desired
from identity_center_cli.verbs.drift.strengths import StrengthsInAws

_OF_SETS: Final = OF_A_SET | {Kind.PERMISSION_SET, Kind.ASSIGNMENT, Kind.PROVISIONED_SET}
#: What changes nothing of what a permission set allows.
_HARMLESS: Final = frozenset({Kind.DESCRIPTION, Kind.RELAY_STATE, Kind.TAG})
_ROLE_NOT_READ: Final = "the role is not read"
_ACCOUNT: Final = "account id"
_PRINCIPAL_TYPE: Final = "USER or GROUP"


@dataclass(frozen=True)
class Told:
    """A drift with what makes it readable."""

    drift: Drift
    sifted: Sifted
    existing: Existing
    desired: Desired
    history: Mapping[Drifted, str] = field(default_factory=dict)
    """Who changed it and when, where CloudTrail was asked."""
    aside: tuple[Drifted, ...] = ()
    """Differences that are not told: they are ignored, or of parts that nobody asked for."""

    @property
    def rows(self) -> tuple[Drifted, ...]:
        """What differs and is not ignored."""
        return self.sifted.rows

    def line(self, row: Drifted) -> str:
        """Say in a line how and what differs."""
        return f"{WORDS[row.difference]}: {self.words(row)}"

    def words(self, row: Drifted) -> str:
        """Say in a line what differs."""
        value = row.found or row.wanted
        both = f": {row.wanted} in the code, {row.found} in AWS" if row.wanted and row.found else ""
        one = f": {value}" if value and not both else ""
        strong = f" [{strength}]" if (strength := self.strength(row)) else ""
        more = "".join(f"; {each}" for each in self._more(row))
        return f"{row.thing.kind.value} {self.named(row.thing)}{both}{one}{strong}{more}"

    def named(self, thing: Thing) -> str:
        """Name a thing, its account by name as well."""
        pairs = zip(NAMES_OF[thing.kind], thing.names, strict=True)
        return " -> ".join(
            self._account(name) if role == _ACCOUNT else name
            for role, name in pairs
            if role != _PRINCIPAL_TYPE
        )

    def _account(self, name: str) -> str:
        account = self.existing.account_of.get(name)
        return f"{account.name} {name}" if account else name

    def strength(self, row: Drifted) -> str:
        """Say how strong the access is that a difference is about; empty where it is about none."""
        kind, names = row.thing
        if kind in _HARMLESS:
            return ""
        if kind in _OF_SETS:
            return self._of_set(names[0], row)
        if row.difference is Difference.MISSING:
            return ""
        if kind is Kind.ENTITLEMENT:
            known = self._roles.get(names[0])
            return f"{known.value} in the code" if known else f"{Strength.UNDECIDED.value}: {_ROLE_NOT_READ}"
        of = {Kind.MEMBER: GROUP, Kind.GROUP: GROUP, Kind.USER: USER}.get(kind)
        found = self._in_aws.of_principal(of, names[0]) if of else None
        return found.value if found else ""

    def _of_set(self, name: str, row: Drifted) -> str:
        there, wanted = self._in_aws.of_sets.get(name), self._wanted.get(name)
        if there is None:
            return wanted.value if wanted else ""
        if row.thing.kind in OF_A_SET and wanted is not None and wanted is not there:
            return f"{there.value} in AWS, {wanted.value} in the code"
        return there.value

    @cached_property
    def _in_aws(self) -> StrengthsInAws:
        return StrengthsInAws(self.existing)

    @cached_property
    def _wanted(self) -> Mapping[str, Strength]:
        return self.desired.strengths()

    @cached_property
    def _roles(self) -> Mapping[str, Strength]:
        return self.desired.role_strengths()

    def _more(self, row: Drifted) -> Iterator[str]:
        if row.difference is Difference.OUTDATED:
            yield remedy(*row.thing.names)
        if row.difference is Difference.EXTRA and row.thing.kind is Kind.PERMISSION_SET:
            named = (each for each in self.existing.permission_sets if each.label == row.thing.names[0])
            owner = owner_by_tags(next((each.tags or {} for each in named), {}))
            if owner is not None:
                yield f"its tags say that {owner} manages it"
        if row in self.history:
            yield self.history[row]

    def ignored(self, each: Ignored) -> str:
        """Say what is ignored, until when and by whom."""
        entry = each.entry
        return f"{self.line(each.row)} (until {entry.last_day}, {entry.owner}: {entry.reason})"

    def entry(self, entry: IgnoredDriftEntry) -> str:
        """Name an entry that ignores."""
        return f"{WORDS[entry.difference]}: {entry.kind.value} {self.named(Thing(entry.kind, entry.names))}"
