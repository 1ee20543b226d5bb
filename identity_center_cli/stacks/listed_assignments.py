"""What a stack's outputs list of who has what, by AWS's ids, for comparison with AWS."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from identity_center_cli.aws.access import AccountAssignment, OtherGrant
from identity_center_cli.connection import UnusableOutputsError

#: The stack output that holds what the program granted, by AWS's ids.
OUTPUT: Final = "account_assignments"
#: Outputs of what is no permission set in an account; stacks of before 0.2 have neither.
APPLICATIONS: Final = "application_assignments"
ROLES: Final = "role_entitlements"
#: The output that has the portal of each additional Region; absent where there is none.
REGIONS: Final = "regional_portal_urls"
#: How Pulumi shows what it keeps as a secret.
_HIDDEN: Final = "[secret]"


@dataclass(frozen=True, slots=True, order=True)
class ListedAssignment:
    """One assignment, as people call its parts."""

    kind: str
    """`user` or `group`."""
    principal: str
    """Its key in the model."""
    permission_set: str
    """The permission set's name."""
    account_id: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.kind} {self.principal} -> {self.permission_set} -> {self.account_id}"


def listed_assignments(outputs: Mapping[str, Any], source: str) -> dict[AccountAssignment, ListedAssignment]:
    """Return the assignments that a stack lists; `source` is what a message calls the outputs.

    Raises UnusableOutputsError.
    """
    with explained(source):
        return {_assignment(one): _in_words(one) for one in each_listed(outputs, OUTPUT, source)}


def listed_others(outputs: Mapping[str, Any], source: str) -> dict[OtherGrant, str] | None:
    """Return the assignments of applications, and the entitlements to roles, each with the words for it.

    None where the outputs say nothing of them. Raises UnusableOutputsError.
    """
    if APPLICATIONS not in outputs or ROLES not in outputs:
        return None
    with explained(source):
        return {
            OtherGrant(kind, one[arn], one["principalType"], one["principalId"]): (
                f"{one['principalType'].lower()} {one['principal']} -> {kind} {one[name]}"
            )
            for output, kind, arn, name in (
                (APPLICATIONS, "application", "applicationArn", "application"),
                (ROLES, "role", "roleArn", "roleArn"),
            )
            for one in each_listed(outputs, output, source)
        }


def listed_regions(outputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the additional Regions of which a stack lists the portal; without the output it has none."""
    return tuple(sorted(outputs.get(REGIONS) or ()))


def each_listed(outputs: Mapping[str, Any], name: str, source: str) -> Iterable[Mapping[str, str]]:
    """Return what an output lists. Raises UnusableOutputsError where it is not shown, KeyError without it."""
    listed = outputs[name]
    if listed == _HIDDEN:
        raise UnusableOutputsError(
            f"{source} does not show the output `{name}`, which the stack keeps as a secret: "
            "`pulumi stack output --json --show-secrets` does"
        )
    # A stack of before 0.2 has a list; its names in the stack are nothing to AWS.
    return listed.values() if isinstance(listed, dict) else listed


@contextmanager
def explained(source: str) -> Iterator[None]:
    """Say which outputs were expected where others were given."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableOutputsError(
            f"{source} is not what `pulumi stack output --json` prints "
            f"for a stack with the output `{OUTPUT}` ({type(error).__name__}: {error})"
        ) from error


def _assignment(one: Mapping[str, str]) -> AccountAssignment:
    return AccountAssignment(
        one["principalType"], one["principalId"], one["permissionSetArn"], one["accountId"]
    )


def _in_words(one: Mapping[str, str]) -> ListedAssignment:
    return ListedAssignment(
        one["principalType"].lower(), one["principal"], one["permissionSet"], one["accountId"]
    )
