"""In which account a resource is made, as far as a program says it.

The same name in two accounts is two things. A provider tells its account by `allowedAccountIds`, which it
checks before it does anything, or by the role that it assumes; of roles assumed one after the other the last
counts. A default provider says neither unless the stack's configuration does. What is made already shows its
account in its ARN.

Sources: pulumi-aws, provider configuration (allowedAccountIds, assumeRoles, assumeRoleWithWebIdentity);
pulumi-aws-native, provider configuration (allowedAccountIds, assumeRole).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from identity_guard.iam.text.arn import ACCOUNT_PART, ARN_PARTS

from .observe import Known, Properties

ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
"""Of digits only (AWS Account Management, account identifiers)."""

ALLOWED: Final = "allowedAccountIds"
ROLES: Final = ("assumeRoles", "assumeRole", "assumeRoleWithWebIdentity")


def account_in(arn: str | None) -> str | None:
    """Return the account of an ARN; None where it has none, or is no ARN."""
    parts = (arn or "").split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or parts[0] != "arn":
        return None
    return parts[ACCOUNT_PART] if ACCOUNT.fullmatch(parts[ACCOUNT_PART]) else None


def account_of_provider(settings: Properties) -> str | None:
    """Return the account in which a provider makes things; None where its settings do not say."""
    allowed = list(_listed(settings, ALLOWED))
    if len(allowed) == 1 and ACCOUNT.fullmatch(str(allowed[0])):
        return str(allowed[0])
    if allowed:
        return None
    roles = [role for name in ROLES for role in _listed(settings, name)]
    last = roles[-1].get("roleArn") if roles and isinstance(roles[-1], dict) else None
    return account_in(last) if isinstance(last, str) else None


def _listed(settings: Properties, name: str) -> Iterator[Any]:
    """Yield the members of a setting. The engine hands settings other than texts over as JSON texts."""
    observed = settings.get(name)
    if not isinstance(observed, Known):
        return
    value = observed.value
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return
    yield from value if isinstance(value, list) else (value,)
