"""Every value that a rule needs and a preview may not know, through the real engine."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.pack import registration
from sandbox.project import Ended, Project
from tests.choice import choice

pytestmark = pytest.mark.engine

PACK: Final = Path(registration.__file__).parents[2]
TOXIC: Final = {"access-as-a-whole": {"toxicPairs": [["Pay", "Approve"]], "breakGlass": "Emergency"}}

START: Final = """
import json

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions


class MfaRequirement(pulumi.ComponentResource):
    def __init__(self, name, **props):
        super().__init__("identity-center:index:MfaRequirement", name, props)
        self.register_outputs({})


found = aws.ssoadmin.get_instances()
instance, store = found.arns[0], found.identity_store_ids[0]
seed = aws.iam.InstanceProfile("seed")
AWS = "arn:aws:iam::aws:policy/"
ADMIN = f"{AWS}AdministratorAccess"
SERVICE = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ANYBODY = {**SERVICE, "Principal": {"AWS": "*"}}


def late(value):
    '''Give a value that nobody knows before the seed is made.'''
    return seed.arn.apply(lambda _: value)


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


POWER, TRUST = f"{AWS}PowerUserAccess", document(SERVICE)
IAM, ACCOUNT = document(allow("iam:*")), document(allow("account:*"))
IAM_AND_ACCOUNT = document(allow("iam:*"), allow("account:*"))
USUAL = {"promptMode": "always-on", "noDevice": "register", "identityProvider": "built-in",
         "confirmedBy": "tests", "validUntil": "2027-01-15"}


def permission_set(name, **given):
    return aws.ssoadmin.PermissionSet(name, instance_arn=instance, **{"name": name, **given})


def after(*resources):
    return ResourceOptions(depends_on=list(resources))


def role(name, **given):
    return aws.iam.Role(name, **{"name": name, "assume_role_policy": TRUST, **given})


def person(number):
    return f"00000000-0000-0000-0000-{number:012}"


def assign(name, of, **given):
    usual = {"principal_type": "USER", "principal_id": person(1), "target_id": "123456789012"}
    aws.ssoadmin.AccountAssignment(
        name, instance_arn=instance, permission_set_arn=of.arn, target_type="AWS_ACCOUNT",
        **{**usual, **given})


"""


@dataclass(frozen=True)
class Situation:
    """A program with values that come late, and the resource that they turn out to make a bad one."""

    program: str
    places: tuple[str, ...]
    refused: str


SITUATIONS: Final = {
    "policies of a permission set, each by a resource of its own": Situation(
        """
aws.iam.Policy("Iam1", name="Iam1", policy=IAM)
s, apart = permission_set("s1"), permission_set("apart1")
limit = aws.ssoadmin.PermissionsBoundaryAttachment(
    "limit1", instance_arn=instance, permission_set_arn=s.arn,
    permissions_boundary={"managed_policy_arn": late(ADMIN)})
managed = aws.ssoadmin.ManagedPolicyAttachment(
    "managed1", instance_arn=instance, permission_set_arn=s.arn, managed_policy_arn=late(POWER),
    opts=after(limit))
own = aws.ssoadmin.CustomerManagedPolicyAttachment(
    "own1", instance_arn=instance, permission_set_arn=apart.arn,
    customer_managed_policy_reference={"name": late("Iam1"), "path": "/"}, opts=after(managed))
aws.ssoadmin.PermissionSetInlinePolicy(
    "inline1", instance_arn=instance, permission_set_arn=s.arn, inline_policy=late(IAM_AND_ACCOUNT),
    opts=after(own))
""",
        (
            "`permissionsBoundary.managedPolicyArn` of PermissionsBoundaryAttachment `limit1`",
            "`managedPolicyArn` of ManagedPolicyAttachment `managed1`",
            "`customerManagedPolicyReference.name` of CustomerManagedPolicyAttachment `own1`",
            "`inlinePolicy` of PermissionSetInlinePolicy `inline1`",
        ),
        "PermissionSetInlinePolicy: inline1",
    ),
    "policies of a permission set by a list, a made document, and for a set that is not known": Situation(
        """
s, other = permission_set("s2"), permission_set("other2")
all_of_them = aws.ssoadmin.ManagedPolicyAttachmentsExclusive(
    "list2", instance_arn=instance, permission_set_arn=s.arn,
    managed_policy_arns=[f"{AWS}ReadOnlyAccess", late(POWER)])
made = aws.iam.get_policy_document_output(statements=[
    {"effect": "Allow", "actions": ["s3:GetObject"], "resources": ["*"]},
    {"effect": "Allow", "actions": [late("iam:*"), "account:*"], "resources": ["*"]}])
own = aws.ssoadmin.PermissionSetInlinePolicy(
    "own2", instance_arn=instance, inline_policy=document(allow("s3:GetObject")),
    permission_set_arn=Output.all(s.arn, other.arn).apply(lambda arns: arns[1]), opts=after(all_of_them))
aws.ssoadmin.PermissionSetInlinePolicy(
    "inline2", instance_arn=instance, permission_set_arn=s.arn, inline_policy=made.json,
    opts=after(own))
""",
        (
            "`managedPolicyArns[1]` of ManagedPolicyAttachmentsExclusive `list2`",
            "`inlinePolicy` of PermissionSetInlinePolicy `inline2`",
            "`permissionSetArn` of PermissionSetInlinePolicy `own2`",
        ),
        "PermissionSetInlinePolicy: inline2",
    ),
    "policies that a role has, and one beside it": Situation(
        """
made = role(
    "r3", permissions_boundary=late(ADMIN), managed_policy_arns=late([POWER]),
    inline_policies=[{"name": "iam", "policy": late(IAM)}])
aws.iam.RolePolicy("inline3", role=made.name, policy=late(ACCOUNT))
""",
        (
            "`permissionsBoundary` of Role `r3`",
            "`managedPolicyArns` of Role `r3`",
            "`inlinePolicies[0].policy` of Role `r3`",
            "`policy` of RolePolicy `inline3`",
        ),
        "RolePolicy: inline3",
    ),
    "policies attached to a role, and to a role that is not known": Situation(
        """
made, account = role("r4"), aws.iam.Policy("Account4", name="Account4", policy=ACCOUNT)
managed = aws.iam.RolePolicyAttachment("managed4", role=made.name, policy_arn=late(POWER))
own = aws.iam.Policy("p4", name="p4", policy=late(IAM))
attached = aws.iam.RolePolicyAttachment(
    "own4", role=made.name, policy_arn=own.arn, opts=after(managed))
aws.iam.PolicyAttachment(
    "roles4", name="roles4", roles=[late("r4")], policy_arn=account.arn, opts=after(attached))
""",
        (
            "`policyArn` of RolePolicyAttachment `managed4`",
            "`policy` of Policy `p4`",
            "`roles[0]` of PolicyAttachment `roles4`",
        ),
        "PolicyAttachment: roles4",
    ),
    "trust policy": Situation(
        'role("r5", assume_role_policy=late(document(ANYBODY)))',
        ("`assumeRolePolicy` of Role `r5`",),
        "Role: r5",
    ),
    "groups and policy of a user with a key, and whose key it is": Situation(
        """
group = aws.iam.Group("g6", name="g6")
made = aws.iam.User("u6", name="u6")
policy = aws.iam.UserPolicy("inline6", user=made.name, policy=late(document(allow("s3:*"))))
joined = aws.iam.UserGroupMembership("m6", user=made.name, groups=[late("g6")], opts=after(group))
aws.iam.AccessKey("k6", user=made.name, opts=after(policy, joined))
someone = aws.iam.User("u7", name="u7")
policy = aws.iam.UserPolicyAttachment("x7", user=someone.name, policy_arn=f"{AWS}ReadOnlyAccess")
aws.iam.AccessKey("k7", user=late("u7"), opts=after(policy))
""",
        (
            "`groups[0]` of UserGroupMembership `m6`",
            "`policy` of UserPolicy `inline6`",
            "`user` of AccessKey `k7`",
        ),
        "AccessKey: k[67]",
    ),
    "declared MFA": Situation(
        'MfaRequirement("mfa", **{**USUAL, "promptMode": late("disabled")})',
        ("`promptMode` of MfaRequirement `mfa`",),
        "MfaRequirement: mfa",
    ),
    "features of the organisation": Situation(
        'aws.iam.OrganizationsFeatures("f9", enabled_features=late(["RootSessions"]))',
        ("`enabledFeatures` of OrganizationsFeatures `f9`",),
        "OrganizationsFeatures: f9",
    ),
    "text of a service control policy": Situation(
        """
aws.organizations.Policy("p10", name="p10", type="SERVICE_CONTROL_POLICY", content=late(document(
    {**allow("*"), "Effect": "Deny", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:no:iam::*:root"}}})))
""",
        ("`content` of Policy `p10`",),
        "Policy: p10",
    ),
    "feature set of an organisation": Situation(
        """
aws.organizations.Organization(
    "o11", feature_set=late("CONSOLIDATED_BILLING"), enabled_policy_types=["SERVICE_CONTROL_POLICY"],
    aws_service_access_principals=["iam.amazonaws.com"])
""",
        ("`featureSet` of Organization `o11`",),
        "Organization: o11",
    ),
}
"""Where several values are late, the bad whole takes each of them: PowerUserAccess, all of IAM and all of
Account make root-level access together, and no two of them do. The engine ends an update at the first refusal
(pulumi 3.259: deploy/deployment_executor.go, handleSingleEvent), so one update shows one refused resource."""

TAKEN_TOGETHER: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "length of an emergency's session": (
        """
emergency = permission_set("Emergency", session_duration=late("PT12H"))
assign("e1", emergency)
assign("e2", emergency, principal_id=person(2))
""",
        ("`sessionDuration` of PermissionSet `Emergency`",),
    ),
    "account": (
        """
pay, approve = permission_set("Pay"), permission_set("Approve")
assign("a3", pay, principal_id=person(3), target_id=late("123456789012"))
assign("b3", approve, principal_id=person(3))
""",
        ("`targetId` of AccountAssignment `a3`",),
    ),
    "principal": (
        """
assign("a4", pay, target_id="222222222222", principal_id=late(person(4)))
assign("b4", approve, target_id="222222222222", principal_id=person(4))
""",
        ("`principalId` of AccountAssignment `a4`",),
    ),
    "kind of principal": (
        """
assign("a5", pay, target_id="333333333333", principal_id=person(5), principal_type=late("USER"))
assign("b5", approve, target_id="333333333333", principal_id=person(5))
""",
        ("`principalType` of AccountAssignment `a5`",),
    ),
    "what an organisation lets in and enables": (
        """
aws.organizations.Organization(
    "o7", aws_service_access_principals=[late("iam.amazonaws.com")],
    enabled_policy_types=[late("SERVICE_CONTROL_POLICY")])
root = {**allow("*"), "Effect": "Deny", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}}
bound = aws.organizations.Policy(
    "deny-root", name="deny-root", type="SERVICE_CONTROL_POLICY", content=document(root))
aws.organizations.PolicyAttachment("deny-root", policy_id=bound.id, target_id="444444444444")
""",
        (
            "`awsServiceAccessPrincipals[0]` of Organization `o7`",
            "`enabledPolicyTypes[0]` of Organization `o7`",
        ),
    ),
    "members of a group": (
        """
crew = aws.identitystore.Group("crew", identity_store_id=store, display_name="Crew")
aws.identitystore.GroupMembership(
    "m6", identity_store_id=store, group_id=crew.group_id, member_id=late(person(6)))
assign("a6", pay, target_id="444444444444", principal_type="GROUP", principal_id=crew.group_id)
assign("b6", approve, target_id="444444444444", principal_id=person(6))
""",
        ("`memberId` of GroupMembership `m6`",),
    ),
}
"""Judged together, by the preview."""


def run(project: Project, programs: str, configuration: dict[str, Any], *command: str) -> Ended:
    """Run a program with the pack and its configuration, every message in full."""
    (project.folder / "__main__.py").write_text(START + programs, encoding="utf-8")
    in_full = {"identity-advice": {"details": "full"}, **configuration}
    (project.folder / "pack.json").write_text(json.dumps(in_full), encoding="utf-8")
    options = ("--policy-pack", str(PACK), "--policy-pack-config", "pack.json", "--suppress-progress")
    return project.pulumi(*command, *options)


PROGRAMS: Final = [each.program for each in SITUATIONS.values()] + [
    each for each, _ in TAKEN_TOGETHER.values()
]
PLACES: Final = [place for each in SITUATIONS.values() for place in each.places] + [
    place for _, places in TAKEN_TOGETHER.values() for place in places
]


def test_a_preview_names_every_value_that_it_does_not_know(project: Project) -> None:
    """Advisory or, if configured so, mandatory; the SDK alone would drop the rule for the whole stack."""
    programs = "".join(f"{program}\n" for program in PROGRAMS)
    advised = run(project, programs, TOXIC, "preview")

    assert advised.status == 0, advised.output
    assert "can't run policy" not in advised.output
    assert [place for place in PLACES if f"{place} is not known yet" not in told(advised)] == []

    refused = run(project, programs, {**TOXIC, "undecided": "mandatory"}, "preview")

    assert refused.status != 0, refused.output
    assert "[mandatory]" in refused.output
    assert "[advisory]  undecided" not in refused.output
    assert [place for place in PLACES if f"{place} is not known yet" not in told(refused)] == []


def told(ended: Ended) -> str:
    """Return what the engine printed, on one line."""
    return " ".join(ended.output.split())


@pytest.mark.parametrize(
    "situation",
    choice(
        SITUATIONS,
        "policies of a permission set by a list, a made document, and for a set that is not known",
        "groups and policy of a user with a key, and whose key it is",
        "declared MFA",
    ),
)
def test_an_update_refuses_what_turns_out_bad_before_it_is_made(
    project: Project, situation: Situation
) -> None:
    """What a preview could only name is decided in time: the resource is refused, and not in the state."""
    ended = run(project, situation.program, {}, "up", "--yes", "--skip-preview")
    refused = re.findall(r"\[mandatory\].*\(([\w:-]+: [\w-]+)\)", ended.output)
    made = project.succeed("stack", "--show-urns").output

    assert ended.status != 0, ended.output
    assert refused, ended.output
    for each in refused:
        assert re.search(f":{situation.refused}$", each), ended.output
        assert f"::{each.rpartition(' ')[2]}\n" not in made, made
    assert "::seed\n" in made, made
