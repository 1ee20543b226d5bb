"""The Principal and NotPrincipal elements of trust policies.

Source: IAM User Guide, reference_policies_elements_principal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class PrincipalError(ValueError):
    """The element is none that IAM takes."""


class PrincipalKind(Enum):
    """The four kinds that a Principal element can name."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


KINDS: Final = {kind.value: kind for kind in PrincipalKind}


@dataclass(frozen=True, slots=True)
class Principals:
    """Who a statement names, or, where `excluded`, everybody but those."""

    named: tuple[tuple[PrincipalKind, str], ...]
    excluded: bool

    def of_kind(self, kind: PrincipalKind) -> tuple[str, ...]:
        """Return the names of one kind."""
        return tuple(name for each, name in self.named if each is kind)


NOBODY: Final = Principals((), excluded=False)


def read_principals(raw: object, *, excluded: bool = False) -> Principals:
    """Read the element: `"*"` or an object of kinds, each with one name or a list of names."""
    if raw == "*":
        # The star alone is every principal: AWS identities, anonymous callers and federated ones.
        return Principals(((PrincipalKind.AWS, "*"), (PrincipalKind.FEDERATED, "*")), excluded)
    if not isinstance(raw, Mapping):
        raise PrincipalError('expected "*" or an object such as {"AWS": "..."}')
    if not raw:
        raise PrincipalError("names nobody")
    named: list[tuple[PrincipalKind, str]] = []
    for name, value in raw.items():
        kind = KINDS.get(str(name))
        if kind is None:
            raise PrincipalError(f"`{str(name)[:40]}` is no kind of principal; there are {', '.join(KINDS)}")
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
            raise PrincipalError(f"{name}: expected a text or a list of texts")
        named += [(kind, each) for each in values]
    return Principals(tuple(named), excluded)
