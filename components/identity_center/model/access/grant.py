"""The smallest part of who has what: it loads by itself, as components need no other of the access."""

from dataclasses import dataclass

from identity_center.model.language.keys.values import PrincipalType, assignment_name


@dataclass(frozen=True, order=True)
class Grant:
    """One principal has one permission set in one account."""

    permission_set: str
    """Key of the permission set."""
    principal: str
    """Key of the user or group."""
    kind: str
    """USER or GROUP."""
    account_id: str
    """Twelve digits."""

    @property
    def principal_type(self) -> PrincipalType:
        """Whether the principal is a user or a group."""
        return PrincipalType(self.kind)

    @property
    def resource_name(self) -> str:
        """Name of its assignment in the stack."""
        return assignment_name(self.permission_set, self.principal_type, self.principal, self.account_id)
