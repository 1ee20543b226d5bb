"""Who is signed in: clients that may ask, sign-ins that wait for a person, and tokens."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.ssoadmin.models import ssoadmin_backends

from sandbox.aws.accounts.root_user import PARTITION
from sandbox.aws.identity_center.identitystore import Store, directory
from sandbox.aws.identity_center.ssoadmin import identity_center
from sandbox.aws.identity_center.ssoadmin_state import Instance
from sandbox.aws.modelled import now

#: Seconds. Source: what AWS's own CLI is told, and caches: a client for 90 days, a code for ten minutes.
CLIENT_LASTS: Final = 90 * 24 * 3600
CODE_LASTS: Final = 600
#: A token that can be renewed lasts an hour, another one eight. Source: IAM Identity Center user guide,
#: "Set session duration", and AWS CLI user guide, "Configuring IAM Identity Center authentication".
TOKEN_LASTS: Final = 3600
TOKEN_WITHOUT_SCOPES_LASTS: Final = 8 * 3600


@dataclass
class Client:
    """A program that may let people sign in."""

    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    scopes: tuple[str, ...] = ()
    made: float = field(default_factory=now)

    @property
    def ends(self) -> float:
        """Return until when it may."""
        return self.made + CLIENT_LASTS


@dataclass(frozen=True)
class Person:
    """One user of the directory of one instance."""

    instance: str
    """ARN."""
    user: str
    """Id."""


@dataclass
class WaitingSignIn:
    """A sign-in that waits until somebody says yes in a browser."""

    client: str
    instance: str
    user_code: str
    ends: float = field(default_factory=lambda: now() + CODE_LASTS)
    person: Person | None = None


@dataclass
class Token:
    """What a person's requests carry."""

    client: str
    person: Person
    ends: float


@dataclass
class SignIns:
    """All of it, by what requests name."""

    clients: dict[str, Client] = field(default_factory=dict)
    waiting: dict[str, WaitingSignIn] = field(default_factory=dict)
    """By device code."""
    tokens: dict[str, Token] = field(default_factory=dict)
    """By access token."""
    refresh: dict[str, Token] = field(default_factory=dict)
    """By refresh token."""


def sign_ins() -> SignIns:
    """Return them; moto's reset forgets them."""
    held = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION])
    found: SignIns = held.setdefault("sandbox_sign_ins", SignIns())
    return found


def instances() -> list[Instance]:
    """Return the organisation's instances, with every request that is due done: one, or none."""
    regions = [*ssoadmin_backends[DEFAULT_ACCOUNT_ID]]
    centers = [identity_center(DEFAULT_ACCOUNT_ID, region) for region in regions]
    return [center.instance(arn) for center in centers for arn in [*center.instances]]


def store_of(instance: Instance) -> Store:
    """Return the directory of an instance."""
    return directory(instance.owner, instance.region).stores[instance.store_id]


def approve(user_code: str, user_name: str) -> bool:
    """Say yes in a person's place, as in the browser; tell whether there is such a sign-in and person."""
    for waiting in sign_ins().waiting.values():
        for instance in instances():
            for user in store_of(instance).users.values():
                if (waiting.user_code, user["UserName"]) == (user_code, user_name):
                    waiting.person = Person(instance.arn, user["UserId"])
                    return True
    return False
