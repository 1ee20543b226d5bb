"""Reports of made-up organisations, of any size, the same each time."""

import random
from typing import Final

from identity_center_cli.report.contents import (
    Account,
    AnsweredFinding,
    Grant,
    Group,
    OtherAccess,
    PermissionSet,
    Person,
    Report,
    Seen,
    Strength,
    Terms,
)

FIRST: Final = ("Ada", "Björn", "Chloé", "Dmitri", "Eve", "Fatima", "Grace", "Hal", "Iris", "Jun")
LAST: Final = ("Lovelace", "Åkesson", "O'Neil", "Ng", "Cole", "Berg", "Hopper", "Diaz", "Kim", "Sato")
STRENGTHS: Final = tuple(Strength)
SEEN: Final = tuple(Seen)


def sample(grants: int, *, people: int = 60, sets: int = 9, accounts: int = 15, seed: int = 1) -> Report:
    """Make a report with about so many grants."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    persons = _persons(people)
    groups = tuple(
        Group(
            f"group-{number}",
            f"Team {number}",
            tuple(sorted({each.key for each in draw.sample(persons, min(6, people))})),
        )
        for number in range(max(2, people // 5))
    )
    permission_sets = _permission_sets(sets)
    places = _accounts(accounts)
    drawn: dict[tuple[str, str, str], Grant] = {}
    for number in range(grants):
        kind, principal = (
            ("user", draw.choice(persons).key) if number % 4 == 0 else ("group", draw.choice(groups).key)
        )
        granted, account = draw.choice(permission_sets).key, draw.choice(places).id
        terms = Terms("platform team", f"ACCESS-{number % 40}", "2027-01-31", None, number % 50 == 0)
        drawn[principal, granted, account] = Grant(
            "group" if kind == "group" else "user", principal, granted, account, SEEN[number % 3], terms
        )
    return Report(
        "Access of stack sample",
        "Read from the model and from AWS on 2026-11-23",
        persons,
        groups,
        permission_sets,
        places,
        tuple(drawn.values()),
        others=(OtherAccess("Team 0", "application", "Wiki", Seen.CODE),),
        mfa=(("promptMode", "always-on"), ("confirmed by", "identity team")),
        exceptions=(
            AnsweredFinding("no-root-level-access", "Set0", "old system", "identity team", "2027-01-01"),
        ),
        due=(("2026-11-30", "review: Team 1 -> Set1"),),
        notes=("last sign-ins of a third of the people are not known",),
    )


def _persons(people: int) -> tuple[Person, ...]:
    return tuple(
        Person(
            f"person-{number}",
            f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number}",
            f"person.{number}@example.com",
            last_sign_in=f"2026-11-{1 + number % 20:02}" if number % 3 else None,
            mfa="yes" if number % 3 else None,
        )
        for number in range(people)
    )


def _permission_sets(sets: int) -> tuple[PermissionSet, ...]:
    return tuple(
        PermissionSet(
            f"set-{number}",
            f"Set{number}",
            STRENGTHS[min(number % 9, 6)],
            f"reason {number}",
            ("ReadOnlyAccess",),
            "PowerUserAccess" if number % 4 == 0 else None,
            "4 hours",
        )
        for number in range(sets)
    )


def _accounts(accounts: int) -> tuple[Account, ...]:
    return tuple(
        Account(
            f"{100000000000 + number}", f"account-{number}", f"Root/Unit {number % 5}", "fine", "2026-11-20"
        )
        for number in range(accounts)
    )
