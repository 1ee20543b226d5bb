"""The access that bench/preview_of_components.py generates, written by hand: no component, no check."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
TEAMS: int = config.require_int("teams")
ACCOUNTS: list[str] = config.require_object("accounts")
ROOM = 10  # people of a team: they are its group, with every other one of the next team
POLICIES = {"reading": "ReadOnlyAccess", "auditing": "SecurityAudit", "billing": "job-function/Billing"}

found = aws.ssoadmin.get_instances()
instance, store = found.arns[0], found.identity_store_ids[0]

people = {}
for number in range(TEAMS * ROOM):
    key = f"person-{number}"
    people[number] = aws.identitystore.User(
        key,
        identity_store_id=store,
        user_name=key,
        display_name=f"Person {number}",
        name={"given_name": "Person", "family_name": f"Number {number}"},
        emails={"value": f"{key}@example.com", "primary": True},
        title="Engineer",
    )

for team in range(TEAMS):
    group = aws.identitystore.Group(
        f"team-{team}", identity_store_id=store, display_name=f"Team {team}", description="A team"
    )
    members = [*range(team * ROOM, (team + 1) * ROOM)]
    following = (team + 1) % TEAMS
    members += range(following * ROOM, (following + 1) * ROOM, 2)
    for number in members:
        aws.identitystore.GroupMembership(
            f"team-{team}/person-{number}",
            identity_store_id=store,
            group_id=group.group_id,
            member_id=people[number].user_id,
        )
    for use, policy in POLICIES.items():
        name = f"{use}-{team}"
        access = aws.ssoadmin.PermissionSet(
            name,
            instance_arn=instance,
            name=f"{use.title()}{team}",
            description=f"{use.title()} of a team",
            session_duration="PT8H",
            tags={"team": f"team-{team}"},
        )
        managed = aws.ssoadmin.ManagedPolicyAttachmentsExclusive(
            name,
            instance_arn=instance,
            permission_set_arn=access.arn,
            managed_policy_arns=[f"arn:aws:iam::aws:policy/{policy}"],
        )
        resource = f"arn:aws:s3:::team-{team}-*"
        statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": resource}
        inline = aws.ssoadmin.PermissionSetInlinePolicy(
            name,
            instance_arn=instance,
            permission_set_arn=access.arn,
            inline_policy=json.dumps(
                {"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":")
            ),
            opts=pulumi.ResourceOptions(depends_on=[managed]),
        )
        granted = [(f"group/team-{team}", "GROUP", group.group_id, account) for account in ACCOUNTS]
        lead = people[team * ROOM]
        granted.append((f"user/person-{team * ROOM}", "USER", lead.user_id, ACCOUNTS[0]))
        for principal, kind, principal_id, account in granted:
            aws.ssoadmin.AccountAssignment(
                f"{name}/{principal}/{account}",
                instance_arn=instance,
                permission_set_arn=access.arn,
                principal_type=kind,
                principal_id=principal_id,
                target_type="AWS_ACCOUNT",
                target_id=account,
                opts=pulumi.ResourceOptions(depends_on=[managed, inline]),
            )
