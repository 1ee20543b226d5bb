"""What `identity-center root audit` shows a person: a table, what is wrong or unknown, what to do."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from identity_center_cli.aws.root.audit import ENABLE, AuditedOrganisation, RootAudit
from identity_center_cli.aws.root.posture import RootPosture, Standing
from identity_center_cli.tables import as_csv, print_table

_SHOWN: Final = 3


COLUMNS: Final = (
    "accountId", "accountName", "accessKeys", "password", "mfa", "certificates", "lastUsed", "standing",
    "seenThrough", "todo", "unseen",
)  # fmt: skip


def show_table(audit: RootAudit) -> None:
    """Show one line for each account, the bad ones first."""
    rows = ((f"{one.account_id} {one.account_name}", *_facts(one)) for one in _bad_first(audit))
    print_table(("Account", "Keys", "Password", "MFA", "Certs", "Last used", "Root"), rows)


def to_csv(audit: RootAudit) -> str:
    """Return one line for each account, the bad ones first, with what to do and what was not seen."""
    rows = (
        (
            one.account_id,
            one.account_name,
            *_facts(one),
            one.seen_through,
            one.remedy or "",
            "; ".join(one.unseen),
        )
        for one in _bad_first(audit)
    )
    return as_csv(COLUMNS, rows)


def _bad_first(audit: RootAudit) -> Iterator[RootPosture]:
    for standing in (Standing.BAD, Standing.UNKNOWN, Standing.FINE):
        yield from audit.of_standing(standing)


def _facts(one: RootPosture) -> tuple[str, ...]:
    return (
        _keys(one),
        _word(one.has_password),
        _mfa(one),
        "?" if one.certificates is None else str(one.certificates),
        "" if one.last_used is None else f"{one.last_used:%Y-%m-%d}",
        one.standing.value,
    )


def _keys(one: RootPosture) -> str:
    if one.has_access_key and not one.access_keys:
        return "yes"
    return _word(one.has_access_key) if not one.access_keys else str(len(one.access_keys))


def _mfa(one: RootPosture) -> str:
    if one.has_mfa is False and one.has_password is False and one.has_access_key is False:
        return "not needed"
    return _word(one.has_mfa)


def _word(fact: bool | None) -> str:  # noqa: FBT001  # a fact, not a switch
    return {True: "yes", False: "no", None: "?"}[fact]


def print_summary(audit: RootAudit, organisation: AuditedOrganisation, output: Path) -> None:
    """Say what is wrong and what to do about it, each thing once."""
    counts = {standing: len(audit.of_standing(standing)) for standing in Standing}
    lines = [
        ", ".join(f"{count} {standing.value}" for standing, count in counts.items()),
        *_central(organisation),
        *_wrong(audit),
        *_unseen(audit),
        f"kept in {output}; the policy pack reads it with this configuration:",
        "  " + json.dumps({"root-users": {"auditFile": str(output.resolve()),
                                          "organizationId": audit.organization_id}}),
    ]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")


def _central(organisation: AuditedOrganisation) -> Iterator[str]:
    if organisation.manages_root is None:
        yield f"whether members' root users are managed centrally is unknown: {organisation.why_not}"
    elif organisation.manages_root:
        yield "members' root users are managed centrally"
    else:
        yield "members' root users are not managed centrally"
        yield from (f"  to do: {ENABLE[0]}", f"    then: {ENABLE[1]}")
        yield "    or name a role that every account has: --role OrganizationAccountAccessRole"


def _wrong(audit: RootAudit) -> Iterator[str]:
    for one in (*audit.of_standing(Standing.BAD), *audit.of_standing(Standing.FINE)):
        if one.remedy:
            yield f"{one.account_id} {one.account_name}: {'; '.join((*one.flaws, *one.advice))}"
            yield f"  to do: {one.remedy}"


def _unseen(audit: RootAudit) -> Iterator[str]:
    """Name what could not be read, once for all accounts where it is the same."""
    accounts: dict[tuple[str, ...], list[str]] = {}
    for account_id, one in sorted(audit.postures.items()):
        if one.unseen:
            accounts.setdefault(one.unseen, []).append(account_id)
    for reasons, ids in accounts.items():
        rest = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        yield f"not seen of {', '.join(ids[:_SHOWN])}{rest}: {'; '.join(reasons)}"
