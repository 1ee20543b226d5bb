"""Every value that a rule needs and a preview may not know, through the real engine."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.rules import registration
from sandbox.project import Ended, Project

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


EVERYTHING, TRUST = document(allow("*")), document(SERVICE)
USUAL = {"promptMode": "always-on", "noDevice": "register", "identityProvider": "built-in",
         "confirmedBy": "tests", "validUntil": "2027-01-15"}


def permission_set(name, **given):
    return aws.ssoadmin.PermissionSet(name, instance_arn=instance, **{"name": name, **given})


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

SITUATIONS: Final[dict[str, tuple[str, str]]] = {
    # name: the program, and the place that has to be named
    "inline document": (
        """
s = permission_set("s1")
aws.ssoadmin.PermissionSetInlinePolicy(
    "x1", instance_arn=instance, permission_set_arn=s.arn, inline_policy=late(EVERYTHING))
""",
        "`inlinePolicy` of PermissionSetInlinePolicy `x1`",
    ),
    "document of getPolicyDocument with a late statement": (
        """
s = permission_set("s2")
made = aws.iam.get_policy_document_output(statements=[
    {"effect": "Allow", "actions": ["s3:GetObject"], "resources": ["*"]},
    {"effect": "Allow", "actions": [late("*")], "resources": ["*"]}])
aws.ssoadmin.PermissionSetInlinePolicy(
    "x2", instance_arn=instance, permission_set_arn=s.arn, inline_policy=made.json)
""",
        "`inlinePolicy` of PermissionSetInlinePolicy `x2`",
    ),
    "ARN of a managed policy": (
        """
s = permission_set("s3")
aws.ssoadmin.ManagedPolicyAttachment(
    "x3", instance_arn=instance, permission_set_arn=s.arn, managed_policy_arn=late(ADMIN))
""",
        "`managedPolicyArn` of ManagedPolicyAttachment `x3`",
    ),
    "one ARN of a list": (
        """
s = permission_set("s4")
aws.ssoadmin.ManagedPolicyAttachmentsExclusive(
    "x4", instance_arn=instance, permission_set_arn=s.arn,
    managed_policy_arns=[f"{AWS}ReadOnlyAccess", late(ADMIN)])
""",
        "`managedPolicyArns[1]` of ManagedPolicyAttachmentsExclusive `x4`",
    ),
    "name of a customer-managed policy": (
        """
aws.iam.Policy("Everything5", name="Everything5", policy=EVERYTHING)
s = permission_set("s5")
aws.ssoadmin.CustomerManagedPolicyAttachment(
    "x5", instance_arn=instance, permission_set_arn=s.arn,
    customer_managed_policy_reference={"name": late("Everything5"), "path": "/"})
""",
        "`customerManagedPolicyReference.name` of CustomerManagedPolicyAttachment `x5`",
    ),
    "boundary of a permission set": (
        """
s = permission_set("s6")
limit = aws.ssoadmin.PermissionsBoundaryAttachment(
    "x6", instance_arn=instance, permission_set_arn=s.arn,
    permissions_boundary={"managed_policy_arn": late(ADMIN)})
aws.ssoadmin.ManagedPolicyAttachment(
    "y6", instance_arn=instance, permission_set_arn=s.arn, managed_policy_arn=ADMIN,
    opts=ResourceOptions(depends_on=[limit]))
""",
        "`permissionsBoundary.managedPolicyArn` of PermissionsBoundaryAttachment `x6`",
    ),
    "which permission set": (
        """
one, other = permission_set("s7"), permission_set("t7")
aws.ssoadmin.ManagedPolicyAttachment(
    "x7", instance_arn=instance, managed_policy_arn=ADMIN,
    permission_set_arn=Output.all(one.arn, other.arn).apply(lambda arns: arns[1]))
""",
        "`permissionSetArn` of ManagedPolicyAttachment `x7`",
    ),
    "trust policy": (
        'role("r8", assume_role_policy=late(document(ANYBODY)))',
        "`assumeRolePolicy` of Role `r8`",
    ),
    "boundary of a role": (
        'role("r9", permissions_boundary=late(ADMIN), managed_policy_arns=[ADMIN])',
        "`permissionsBoundary` of Role `r9`",
    ),
    "managed policies of a role": (
        'role("r10", managed_policy_arns=late([ADMIN]))',
        "`managedPolicyArns` of Role `r10`",
    ),
    "inline policy of a role": (
        'role("r11", inline_policies=[{"name": "all", "policy": late(EVERYTHING)}])',
        "`inlinePolicies[0].policy` of Role `r11`",
    ),
    "policy of a role": (
        'aws.iam.RolePolicy("x12", role=role("r12").name, policy=late(EVERYTHING))',
        "`policy` of RolePolicy `x12`",
    ),
    "policy attached to a role": (
        'aws.iam.RolePolicyAttachment("x13", role=role("r13").name, policy_arn=late(ADMIN))',
        "`policyArn` of RolePolicyAttachment `x13`",
    ),
    "text of a customer-managed policy": (
        """
own = aws.iam.Policy("p14", name="p14", policy=late(EVERYTHING))
aws.iam.RolePolicyAttachment("x14", role=role("r14").name, policy_arn=own.arn)
""",
        "`policy` of Policy `p14`",
    ),
    "which roles": (
        """
role("r15")
aws.iam.PolicyAttachment("x15", name="x15", roles=[late("r15")], policy_arn=ADMIN)
""",
        "`roles[0]` of PolicyAttachment `x15`",
    ),
    "groups of a user with a key": (
        """
group = aws.iam.Group("g16", name="g16")
made = aws.iam.User("u16", name="u16")
policy = aws.iam.UserPolicyAttachment("x16", user=made.name, policy_arn=f"{AWS}ReadOnlyAccess")
joined = aws.iam.UserGroupMembership(
    "m16", user=made.name, groups=[late("g16")], opts=ResourceOptions(depends_on=[group]))
aws.iam.AccessKey("k16", user=made.name, opts=ResourceOptions(depends_on=[policy, joined]))
""",
        "`groups[0]` of UserGroupMembership `m16`",
    ),
    "policy of a user with a key": (
        """
made = aws.iam.User("u17", name="u17")
policy = aws.iam.UserPolicy("x17", user=made.name, policy=late(document(allow("s3:*"))))
aws.iam.AccessKey("k17", user=made.name, opts=ResourceOptions(depends_on=[policy]))
""",
        "`policy` of UserPolicy `x17`",
    ),
    "whose key": (
        """
made = aws.iam.User("u18", name="u18")
policy = aws.iam.UserPolicyAttachment("x18", user=made.name, policy_arn=f"{AWS}ReadOnlyAccess")
aws.iam.AccessKey("k18", user=late("u18"), opts=ResourceOptions(depends_on=[policy]))
""",
        "`user` of AccessKey `k18`",
    ),
    "declared MFA": (
        'MfaRequirement("mfa", **{**USUAL, "promptMode": late("disabled")})',
        "`promptMode` of MfaRequirement `mfa`",
    ),
    "features of the organisation": (
        'aws.iam.OrganizationsFeatures("f20", enabled_features=late(["RootSessions"]))',
        "`enabledFeatures` of OrganizationsFeatures `f20`",
    ),
    "text of a service control policy": (
        """
aws.organizations.Policy("p21", name="p21", type="SERVICE_CONTROL_POLICY", content=late(document(
    {**allow("*"), "Effect": "Deny", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:no:iam::*:root"}}})))
""",
        "`content` of Policy `p21`",
    ),
}
"""Each refused by the update, too, when its value turns out to be a bad one."""

TAKEN_TOGETHER: Final[dict[str, tuple[str, str]]] = {
    "length of an emergency's session": (
        """
emergency = permission_set("Emergency", session_duration=late("PT12H"))
assign("e1", emergency)
assign("e2", emergency, principal_id=person(2))
""",
        "`sessionDuration` of PermissionSet `Emergency`",
    ),
    "account": (
        """
pay, approve = permission_set("Pay"), permission_set("Approve")
assign("a3", pay, principal_id=person(3), target_id=late("123456789012"))
assign("b3", approve, principal_id=person(3))
""",
        "`targetId` of AccountAssignment `a3`",
    ),
    "principal": (
        """
assign("a4", pay, target_id="222222222222", principal_id=late(person(4)))
assign("b4", approve, target_id="222222222222", principal_id=person(4))
""",
        "`principalId` of AccountAssignment `a4`",
    ),
    "kind of principal": (
        """
assign("a5", pay, target_id="333333333333", principal_id=person(5), principal_type=late("USER"))
assign("b5", approve, target_id="333333333333", principal_id=person(5))
""",
        "`principalType` of AccountAssignment `a5`",
    ),
    "members of a group": (
        """
crew = aws.identitystore.Group("crew", identity_store_id=store, display_name="Crew")
aws.identitystore.GroupMembership(
    "m6", identity_store_id=store, group_id=crew.group_id, member_id=late(person(6)))
assign("a6", pay, target_id="444444444444", principal_type="GROUP", principal_id=crew.group_id)
assign("b6", approve, target_id="444444444444", principal_id=person(6))
""",
        "`memberId` of GroupMembership `m6`",
    ),
}
"""Judged as a whole, so only by the preview and at the end of an update."""


def run(project: Project, programs: str, configuration: dict[str, Any], *command: str) -> Ended:
    """Run a program with the pack and its configuration."""
    (project.folder / "__main__.py").write_text(START + programs, encoding="utf-8")
    (project.folder / "pack.json").write_text(json.dumps(configuration), encoding="utf-8")
    options = ("--policy-pack", str(PACK), "--policy-pack-config", "pack.json", "--suppress-progress")
    return project.pulumi(*command, *options)


EVERY: Final = SITUATIONS | TAKEN_TOGETHER


def test_a_preview_names_every_value_that_it_does_not_know(project: Project) -> None:
    """Advisory or, if configured so, mandatory; the SDK alone would drop the rule for the whole stack."""
    programs = "".join(f"{program}\n" for program, _ in EVERY.values())
    advised = run(project, programs, TOXIC, "preview")

    assert advised.status == 0, advised.output
    assert "can't run policy" not in advised.output
    missed = [name for name, (_, place) in EVERY.items() if f"{place} is not known yet" not in told(advised)]
    assert missed == [], advised.output

    refused = run(project, programs, {**TOXIC, "undecided": "mandatory"}, "preview")

    assert refused.status != 0, refused.output
    assert "[mandatory]" in refused.output
    assert "[advisory]  undecided" not in refused.output
    missed = [name for name, (_, place) in EVERY.items() if f"{place} is not known yet" not in told(refused)]
    assert missed == [], refused.output


def told(ended: Ended) -> str:
    """Return what the engine printed, on one line."""
    return " ".join(ended.output.split())


REFUSED: Final = {
    "boundary of a permission set": "ManagedPolicyAttachment: y6",
    "text of a customer-managed policy": "RolePolicyAttachment: x14",
    "groups of a user with a key": "AccessKey: k16",
    "policy of a user with a key": "AccessKey: k17",
}
"""What completes the bad whole, where it is not the resource whose value came late."""


@pytest.mark.parametrize("name", SITUATIONS)
def test_an_update_refuses_what_turns_out_bad_before_it_is_made(project: Project, name: str) -> None:
    """What a preview could only name is decided in time: the resource is refused, and not in the state."""
    program, place = SITUATIONS[name]
    ended = run(project, program, {}, "up", "--yes", "--skip-preview")
    resource = REFUSED.get(name) or re.sub(r".* of (\w+) `(\w+)`", r"\1: \2", place)
    refused = re.findall(r"\[mandatory\].*\(([\w:-]+: \w+)\)", ended.output)

    assert ended.status != 0, ended.output
    assert [each for each in refused if not each.endswith(f":{resource}")] == [], ended.output
    assert refused, ended.output
    made = project.succeed("stack", "--show-urns").output
    assert f"::{resource.rpartition(' ')[2]}\n" not in made, made
    assert "::seed\n" in made, made
