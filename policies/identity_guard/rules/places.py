"""Where an access can administer the organisation: in its management account, or a delegated one.

`sts:AssumeRoot` and the actions of Identity Center, its directory and Organizations do something from these
accounts only: assigned elsewhere, a set that has them reaches no other account by them. Sources: STS API
reference, AssumeRoot; Identity Center user guide, delegated-admin and "Organization and account instances"
(an account's own instance has no permission sets); Organizations user guide, orgs_integrate_delegated_admin.

Which accounts these are the configuration says, or the organisation and delegations that this stack makes.
"""

from collections.abc import Iterator
from typing import Final

from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import Observed, text_of
from identity_guard.stack.resource_types import DELEGATED_ADMINISTRATOR, ORGANIZATION, IdentityKind
from identity_guard.stack.resources import account_of
from identity_guard.stack.view import View

from .rule import MANAGEMENT_ACCOUNT, Setting, Settings

DELEGATED: Final = Setting(
    "delegatedAdministrators",
    {
        "type": "array",
        "items": {"type": "string", "pattern": "^[0-9]{12}$"},
        "description": "Ids of the accounts that administer IAM or Identity Center for the organisation "
        "beside its management account",
    },
    [],
)

CENTRAL_SERVICES: Final = ("sso", "sso-directory", "identitystore", "organizations")
CENTRAL_ACTIONS: Final = ("sts:AssumeRoot",)
_DELEGATED_SERVICES: Final = (None, "sso.amazonaws.com", "iam.amazonaws.com")
"""The services whose delegation makes one; None for one that is not known yet."""


def central_accounts(view: View, settings: Settings) -> frozenset[str]:
    """Return the accounts from which the organisation is administered; none where nobody says which."""
    named = settings.get(MANAGEMENT_ACCOUNT.name)
    made = (text_of(each.identifier("masterAccountId")) for each in view.stack.of_type(ORGANIZATION))
    management = {each for each in (named, *made) if each}
    delegated = (text_of(each) for each in _delegated(view))
    named_too = settings.get(DELEGATED.name, ())
    return frozenset({*management, *named_too, *filter(None, delegated)}) if management else frozenset()


def _delegated(view: View) -> Iterator[Observed]:
    """Yield the accounts that this stack makes administrators of IAM or Identity Center."""
    for each in view.stack.of_type(DELEGATED_ADMINISTRATOR):
        if text_of(each.declared.get("servicePrincipal")) in _DELEGATED_SERVICES:
            yield each.declared.get("accountId")


def accounts_of(identity: Identity) -> tuple[str | None, ...]:
    """Return the accounts where an identity is used; None for each that is not known."""
    if identity.key.kind is not IdentityKind.PERMISSION_SET:
        return (identity.resource.account if identity.resource else None,)
    return tuple(dict.fromkeys(text_of(account_of(each)) for each in identity.entries))


def is_elsewhere(identity: Identity, view: View, settings: Settings, *, so_far: bool = False) -> bool:
    """Say whether an identity is certainly used in none of the accounts that administer the organisation.

    `so_far` asks in the middle of an update: what nobody is let into yet is judged once somebody is.
    """
    central, used = central_accounts(view, settings), accounts_of(identity)
    if so_far and not used:
        return True
    if any(text_of(each) is None for each in _delegated(view)):
        return False
    return bool(central and used) and not any(each is None or each in central for each in used)


def is_central(identity: Identity, view: View, settings: Settings) -> bool:
    """Say whether an identity is certainly used in an account that administers the organisation."""
    return not central_accounts(view, settings).isdisjoint(accounts_of(identity))


def open_there(
    paths: tuple[EscalationPath, ...],
    identity: Identity,
    view: View,
    settings: Settings,
    *,
    so_far: bool = False,
) -> Iterator[EscalationPath]:
    """Leave out the paths that work from the administering accounts only, for an identity used elsewhere."""
    elsewhere = bool(paths) and is_elsewhere(identity, view, settings, so_far=so_far)
    return (path for path in paths if not (elsewhere and any(map(_is_central, path.actions))))


def _is_central(action: str) -> bool:
    return action in CENTRAL_ACTIONS or action.partition(":")[0] in CENTRAL_SERVICES
