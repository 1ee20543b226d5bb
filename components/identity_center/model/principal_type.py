"""The two kinds of principal: users and groups."""

from enum import Enum


class PrincipalType(Enum):
    """The two kinds of principal that AWS assigns to. Source: botocore, sso-admin, shape PrincipalType."""

    USER = "USER"
    """A person."""
    GROUP = "GROUP"
    """All members of a group."""
