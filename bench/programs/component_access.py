"""The access of flat_access.py through one component, `AccessModel`, in a program of one's own."""

import json
from typing import Any

import pulumi

from identity_center.model.language.keys.values import PrincipalType
from identity_center.resources import AccessModel, find_instance

config = pulumi.Config()
TEAMS: int = config.require_int("teams")
ACCOUNTS: list[str] = config.require_object("accounts")
ROOM = 10
POLICIES = {"reading": "ReadOnlyAccess", "auditing": "SecurityAudit", "billing": "job-function/Billing"}


def person(number: int) -> Any:  # noqa: ANN401  # a part of the arguments
    """Return what the directory knows of a person."""
    return {
        "user_name": f"person-{number}",
        "given_name": "Person",
        "family_name": f"Number {number}",
        "display_name": f"Person {number}",
        "email": f"person-{number}@example.com",
        "title": "Engineer",
    }


def group(team: int) -> Any:  # noqa: ANN401  # a part of the arguments
    """Return a team's group: its people, and every other one of the next team."""
    following = (team + 1) % TEAMS * ROOM
    members = [*range(team * ROOM, (team + 1) * ROOM), *range(following, following + ROOM, 2)]
    return {
        "display_name": f"Team {team}",
        "description": "A team",
        "members": [f"person-{number}" for number in members],
    }


def permission_set(team: int, use: str) -> Any:  # noqa: ANN401  # a part of the arguments
    """Return a permission set of a team, with who gets it where."""
    resource = f"arn:aws:s3:::team-{team}-*"
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": resource}
    return {
        "name": f"{use.title()}{team}",
        "description": f"{use.title()} of a team",
        "session_duration": "PT8H",
        "managed_policy_arns": [f"arn:aws:iam::aws:policy/{POLICIES[use]}"],
        "inline_policy": json.dumps(
            {"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":")
        ),
        "tags": {"team": f"team-{team}"},
        "assignments": [
            {"principal_type": PrincipalType.GROUP, "principal": f"team-{team}", "account_ids": ACCOUNTS},
            {
                "principal_type": PrincipalType.USER,
                "principal": f"person-{team * ROOM}",
                "account_ids": ACCOUNTS[:1],
            },
        ],
    }


instance = find_instance()
AccessModel(
    "identity-center",
    {
        "instance_arn": instance.arn,
        "identity_store_id": instance.identity_store_id,
        "users": {f"person-{number}": person(number) for number in range(TEAMS * ROOM)},
        "groups": {f"team-{team}": group(team) for team in range(TEAMS)},
        "permission_sets": {
            f"{use}-{team}": permission_set(team, use) for team in range(TEAMS) for use in POLICIES
        },
    },
)
