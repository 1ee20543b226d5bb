"""What the code wants and what AWS has, in one report: each grant says where it stands.

People are the same by user name or by id, groups and permission sets by name, accounts by id: these are what
a person compares by. The rest of a report keeps what the code says of it, and gets what only AWS knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .contents import STRONGEST_FIRST, Account, Grant, Group, PermissionSet, Person, Report, Seen


def side_by_side(code: Report, aws: Report) -> Report:
    """Put both into one report: what one side lacks is the other's alone, and says so."""
    keys = _Keys(
        _matched(((each.key, _of_person(each)) for each in code.people), map(_person, aws.people)),
        _matched(((each.key, each.name.casefold()) for each in code.groups), map(_group, aws.groups)),
        _matched(((each.key, each.name) for each in code.permission_sets), map(_set, aws.permission_sets)),
    )
    return replace(
        code,
        about=f"{code.about}; {aws.about[:1].lower()}{aws.about[1:]}",
        people=(*code.people, *(each for each in aws.people if each.key not in keys.people)),
        groups=tuple(_groups(code.groups, aws.groups, keys)),
        permission_sets=tuple(_sets(code.permission_sets, aws.permission_sets, keys)),
        accounts=tuple(_accounts(code.accounts, aws.accounts)),
        grants=tuple(_grants(code.grants, aws.grants, keys)),
        others=tuple(
            replace(each, seen=_seen(in_code=each in code.others, in_aws=each in aws.others))
            for each in sorted({*code.others, *aws.others})
        ),
        notes=tuple(dict.fromkeys((*code.notes, *aws.notes))),
    )


@dataclass(frozen=True)
class _Keys:
    """By the key in AWS, the key that the same thing has in the code."""

    people: Mapping[str, str]
    groups: Mapping[str, str]
    sets: Mapping[str, str]

    def principal(self, kind: str, key: str) -> str:
        return (self.people if kind == "user" else self.groups).get(key, key)

    def members(self, group: Group) -> frozenset[str]:
        return frozenset(self.people.get(each, each) for each in group.members)


def _of_person(each: Person) -> str:
    return each.user_name.casefold() if each.user_name else each.key


def _person(each: Person) -> tuple[str, str]:
    return each.key, _of_person(each)


def _group(each: Group) -> tuple[str, str]:
    return each.key, each.name.casefold()


def _set(each: PermissionSet) -> tuple[str, str]:
    return each.key, each.name


def _matched(code: Iterable[tuple[str, str]], aws: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Match by name; a key of the code that is an id of AWS is the same as well."""
    by_name = {name: key for key, name in code}
    keys = set(by_name.values())
    found = {}
    for key, name in aws:
        same = key if key in keys else by_name.get(name)
        if same is not None:
            found[key] = same
    return found


def _groups(code: Iterable[Group], aws: Iterable[Group], keys: _Keys) -> Iterator[Group]:
    live = {keys.groups.get(each.key, each.key): each for each in aws}
    for each in code:
        there = live.pop(each.key, None)
        if there is None:
            yield each
        elif not each.members_known:
            # The code does not say who is in it: there is nothing to compare.
            yield replace(each, members=tuple(sorted(keys.members(there))), members_known=there.members_known)
        else:
            wanted, has = frozenset(each.members), keys.members(there)
            missing = tuple(sorted(wanted - has)) if there.members_known else ()
            yield replace(
                each,
                members=tuple(sorted(wanted | has)),
                only_in_code=missing,
                only_in_aws=tuple(sorted(has - wanted)),
            )
    for each in live.values():
        yield replace(each, members=tuple(sorted(keys.members(each))))


def _sets(
    code: Iterable[PermissionSet], aws: Iterable[PermissionSet], keys: _Keys
) -> Iterator[PermissionSet]:
    live = {keys.sets.get(each.key, each.key): each for each in aws}
    for each in code:
        there = live.pop(each.key, None)
        yield each if there is None else _one_set(each, there)
    yield from live.values()


def _one_set(code: PermissionSet, aws: PermissionSet) -> PermissionSet:
    """Keep what the code says, as strong as it is where it is stronger."""
    if code.strength is aws.strength:
        return code
    strongest = min(code.strength, aws.strength, key=STRONGEST_FIRST.index)
    words = f"in the code {code.strength.value} ({code.why}), in AWS {aws.strength.value} ({aws.why})"
    return replace(code, strength=strongest, why=words)


def _accounts(code: Iterable[Account], aws: Iterable[Account]) -> Iterator[Account]:
    found = {each.id: each for each in aws}
    for each in code:
        live = found.get(each.id, each)
        found[each.id] = replace(each, name=each.name or live.name, unit=each.unit or live.unit)
    return iter(sorted(found.values(), key=lambda each: each.id))


def _grants(code: Iterable[Grant], aws: Iterable[Grant], keys: _Keys) -> Iterator[Grant]:
    wanted = {(each.kind, each.principal, each.permission_set, each.account): each for each in code}
    live = {}
    for each in aws:
        principal = keys.principal(each.kind, each.principal)
        granted = keys.sets.get(each.permission_set, each.permission_set)
        live[each.kind, principal, granted, each.account] = replace(
            each, principal=principal, permission_set=granted
        )
    for key in sorted({*wanted, *live}):
        grant = wanted.get(key) or live[key]
        yield replace(grant, seen=_seen(in_code=key in wanted, in_aws=key in live))


def _seen(*, in_code: bool, in_aws: bool) -> Seen:
    return Seen.BOTH if in_code and in_aws else Seen.CODE if in_code else Seen.AWS
