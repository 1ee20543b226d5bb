"""A permission set that gets a new name: the order of the calls, as AWS answered them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sandbox.project import Project
from tests.engine.conftest import Sandbox
from tests.support.recording_proxy import Asked, recording

pytestmark = pytest.mark.engine

KEY = "identity-center:"
SET = "power-user-with-iam"
ACCOUNTS = ["222222222222", "444444444444"]


class Held:
    """What AWS has of permission sets, call after call."""

    def __init__(self) -> None:
        self.bounded: set[str] = set()
        self.assigned: dict[str, set[str]] = {}

    def after(self, requests: Sequence[Asked]) -> Iterator["Held"]:
        """Yield itself after each request that changes something."""
        for operation, members, _answer in requests:
            permission_set = members.get("PermissionSetArn", "")
            match operation:
                case "PutPermissionsBoundaryToPermissionSet":
                    self.bounded.add(permission_set)
                case "DeletePermissionsBoundaryFromPermissionSet":
                    self.bounded.discard(permission_set)
                case "CreateAccountAssignment":
                    self.assigned.setdefault(permission_set, set()).add(members["TargetId"])
                case "DeleteAccountAssignment":
                    self.assigned[permission_set].discard(members["TargetId"])
                case _:
                    continue
            yield self

    def everywhere(self) -> set[str]:
        """Return the accounts in which somebody has one of the sets."""
        return set().union(*self.assigned.values())


def _bounded(config: dict[str, Any], boundary: str) -> None:
    config[f"{KEY}permissionSets"][SET]["permissionsBoundary"] = {"managedPolicy": boundary}


def test_people_have_the_new_set_before_the_old_one_goes_and_neither_without_its_boundary(
    program: Project, sandbox: Sandbox, dev_config: dict[str, Any]
) -> None:
    """Who loses the old name first locks a team out for as long as an update of a large organisation takes.

    And a set whose boundary is taken away while people have it grants for minutes what nobody may have.
    """
    project = program.without_pack()
    _bounded(dev_config, "PowerUserAccess")
    dev_config[f"{KEY}assignments"][0]["accounts"] = ACCOUNTS
    with recording(sandbox.endpoint) as recorded:
        dev_config["aws:endpoints"] = [{"ssoadmin": recorded.endpoint}]
        project.write_config(dev_config)
        project.up()
        held = Held()
        *_, made = held.after(recorded.requests)
        assert made.everywhere() == set(ACCOUNTS)
        recorded.requests.clear()

        dev_config[f"{KEY}permissionSets"][SET]["name"] = "Renamed"
        # Another boundary at the same time must not go the way that it goes alone.
        _bounded(dev_config, "ReadOnlyAccess")
        dev_config[f"{KEY}allowRemovals"] = {"replacedPermissionSets": [SET]}
        project.write_config(dev_config)
        shown = " ".join(project.up().output.split())

        assert "gains the new one before the old one goes" in shown
        steps = 0
        for after in held.after(recorded.requests):
            steps += 1
            assert after.everywhere() == set(ACCOUNTS)
            assert {one for one, accounts in after.assigned.items() if accounts} <= after.bounded
        assert steps == 2 * len(ACCOUNTS) + 2
        assert [sorted(accounts) for accounts in held.assigned.values()] == [[], ACCOUNTS]
        assert len(held.bounded) == 1
        project.succeed("preview", "--expect-no-changes")
