"""Users, groups and permission sets that others make: which of those that there are is meant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from identity_center.model.language.directory import ExternalGroupEntry, ExternalUserEntry
from identity_center.model.language.permission_sets import ExternalPermissionSetEntry
from identity_center.model.mistakes import Mistake


@dataclass(frozen=True)
class KnownUser:
    """A user of the directory, as the API tells it."""

    user_id: str
    user_name: str
    display_name: str
    emails: tuple[str, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()
    """Issuer and id."""


@dataclass(frozen=True)
class KnownGroup:
    """A group of the directory, as the API tells it."""

    group_id: str
    display_name: str


@dataclass(frozen=True)
class KnownSet:
    """A permission set of the instance, as the API tells it."""

    arn: str
    name: str


@dataclass
class FoundIds:
    """Ids by key (of permission sets: ARNs), and what was not found. No message quotes a name of a person."""

    ids: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def take(self, part: str, key: str, what: str, matches: Sequence[str]) -> None:
        """Take the id where there is just one."""
        if len(matches) == 1:
            self.ids[key] = matches[0]
            return
        kind = "user" if part == "externalUsers" else "group"
        if matches:
            problem = f"the directory has {len(matches)} {kind}s with this {what}: {', '.join(matches)}"
            self.mistakes.append(Mistake((part, key), problem, "look the right one up in another way"))
        else:
            problem = f"the directory has no {kind} with this {what}"
            remedy = "correct it, or wait until the other system has sent it"
            self.mistakes.append(Mistake((part, key), problem, remedy))


def find_users(wanted: Mapping[str, ExternalUserEntry], known: Sequence[KnownUser]) -> FoundIds:
    """Find each user by what the entry says; names and addresses are compared without their case."""
    found = FoundIds()
    by_word: dict[tuple[str, str], list[str]] = {}
    for user in known:
        for way in _ways_of(user):
            by_word.setdefault(way, []).append(user.user_id)
    for key, entry in wanted.items():
        for what, word in _ways_to(entry):
            found.take("externalUsers", key, what, by_word.get((what, word), []))
    return found


def find_groups(wanted: Mapping[str, ExternalGroupEntry], known: Sequence[KnownGroup]) -> FoundIds:
    """Find each group by its display name, without its case: it is unique in the directory."""
    found = FoundIds()
    by_name: dict[str, list[str]] = {}
    for group in known:
        by_name.setdefault(group.display_name.casefold(), []).append(group.group_id)
    for key, entry in wanted.items():
        matches = by_name.get(entry.display_name.casefold(), [])
        found.take("externalGroups", key, "display name", matches)
    return found


def find_sets(wanted: Mapping[str, ExternalPermissionSetEntry], known: Sequence[KnownSet]) -> FoundIds:
    """Find each permission set by its name: two may have names that differ in case only."""
    found = FoundIds()
    arns = {each.name: each.arn for each in known}
    for key, entry in wanted.items():
        if entry.name in arns:
            found.ids[key] = arns[entry.name]
            continue
        remedy = "correct the name, wait until it is made, or make it yourself under `permissionSets`"
        problem = f"the instance has no permission set `{entry.name}`"
        found.mistakes.append(Mistake(("externalPermissionSets", key), problem, remedy))
    return found


def _ways_of(user: KnownUser) -> Iterator[tuple[str, str]]:
    yield "user name", user.user_name.casefold()
    yield "display name", user.display_name.casefold()
    for email in user.emails:
        yield "e-mail address", email.casefold()
    for issuer, external_id in user.external_ids:
        yield "external id", f"{issuer}\n{external_id}"


def _ways_to(entry: ExternalUserEntry) -> Iterator[tuple[str, str]]:
    if entry.user_name is not None:
        yield "user name", entry.user_name.casefold()
    if entry.display_name is not None:
        yield "display name", entry.display_name.casefold()
    if entry.email is not None:
        yield "e-mail address", entry.email.casefold()
    if entry.external_id is not None:
        yield "external id", f"{entry.external_id.issuer}\n{entry.external_id.id}"
