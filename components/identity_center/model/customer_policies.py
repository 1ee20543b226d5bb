"""Customer-managed policies: of the accounts, named by name and path, looked up by AWS in each account."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class CustomerPolicy:
    """What AWS looks for in an account when it provisions a permission set there."""

    path: str
    """Such as / or /team/."""
    name: str

    @classmethod
    def named(cls, written: str) -> "CustomerPolicy":
        """Read a name such as Deploy, or a path and a name such as /team/Deploy."""
        path, _, name = written.rpartition("/")
        path = path.strip("/")
        return cls(f"/{path}/" if path else "/", name)

    def arn(self, partition: str, account_id: str) -> str:
        """Return its ARN in an account."""
        return f"arn:{partition}:iam::{account_id}:policy{self.path}{self.name}"

    def __str__(self) -> str:
        """Write path and name as one."""
        return f"{self.path}{self.name}"
