"""Real previews and updates of fresh stacks, in which ARNs and names are not known yet."""

import re
from pathlib import Path
from typing import Final

import pytest

from identity_guard.pack import registration
from sandbox.project import Ended, Project

pytestmark = pytest.mark.engine

PACK: Final = Path(registration.__file__).parents[2]

START: Final = """
import json

import pulumi
import pulumi_aws as aws


class MfaRequirement(pulumi.ComponentResource):
    def __init__(self, name, **props):
        super().__init__("identity-center:index:MfaRequirement", name, props)
        self.register_outputs({})


MfaRequirement(
    "mfa",
    promptMode="always-on",
    noDevice="register",
    identityProvider="built-in",
    confirmedBy="tests",
    validUntil="2027-01-15",
)
instance = aws.ssoadmin.get_instances().arns[0]
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, resource="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def permission_set(name):
    return aws.ssoadmin.PermissionSet(name, instance_arn=instance, name=name)


def inline(name, of, policy):
    aws.ssoadmin.PermissionSetInlinePolicy(
        name, instance_arn=instance, permission_set_arn=of.arn, inline_policy=policy
    )


def managed(name, of, policy):
    aws.ssoadmin.ManagedPolicyAttachment(
        name,
        instance_arn=instance,
        permission_set_arn=of.arn,
        managed_policy_arn=f"arn:aws:iam::aws:policy/{policy}",
    )


"""

FORBIDDEN: Final = """
union = permission_set("union")
managed("union-power", union, "PowerUserAccess")
inline("union-rest", union, document(allow("iam:*", "account:*", "organizations:*")))

everything = aws.iam.Policy("everything", policy=document(allow("*")))
joined = aws.iam.Role("joined", assume_role_policy=document(TRUST))
aws.iam.RolePolicyAttachment("joined", role=joined.name, policy_arn=everything.arn)

aws.iam.Role("public", assume_role_policy=document({**TRUST, "Principal": {"AWS": "*"}}))

eve = aws.iam.User("eve")
aws.iam.UserPolicyAttachment(
    "eve", user=eve.name, policy_arn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
)
aws.iam.AccessKey("eve", user=eve.name)
"""

UNDECIDED: Final = """
known = aws.iam.Role("known", assume_role_policy=document(TRUST))
computed = permission_set("computed")
inline("computed", computed, known.arn.apply(lambda arn: document(allow("s3:*", resource=arn))))
aws.iam.Role(
    "trusting",
    assume_role_policy=known.arn.apply(lambda arn: document({**TRUST, "Principal": {"AWS": arn}})),
)
"""

ALLOWED: Final = """
bounded = aws.iam.Policy("bounded", policy=document(allow("s3:*")))
aws.iam.Role(
    "bounded",
    assume_role_policy=document(TRUST),
    permissions_boundary=bounded.arn,
    managed_policy_arns=["arn:aws:iam::aws:policy/AdministratorAccess"],
)
denied = permission_set("denied")
aws.ssoadmin.ManagedPolicyAttachment(
    "denied",
    instance_arn=instance,
    permission_set_arn=denied.arn,
    managed_policy_arn="arn:aws:iam::aws:policy/AdministratorAccess",
    opts=pulumi.ResourceOptions(
        depends_on=[
            aws.ssoadmin.PermissionSetInlinePolicy(
                "denied",
                instance_arn=instance,
                permission_set_arn=denied.arn,
                inline_policy=document({**allow("iam:*", "sso:*", "sts:*"), "Effect": "Deny"}),
            )
        ]
    ),
)
aws.iam.Policy("unattached", policy=document(allow("*")))
only_boundary = aws.iam.Policy("only-boundary", policy=document(allow("*")))
aws.iam.Role(
    "reader",
    assume_role_policy=document(TRUST),
    permissions_boundary=only_boundary.arn,
    managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
)
aws.organizations.Policy(
    "everything-stays-allowed", type="SERVICE_CONTROL_POLICY", content=document(allow("*"))
)
aws.iam.Role(
    "service",
    assume_role_policy=document({**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}}),
    inline_policies=[{"name": "own", "policy": document(allow("logs:*", "s3:GetObject"))}],
)
"""


def run(project: Project, program: str, *command: str) -> Ended:
    """Run a program with the pack."""
    (project.folder / "__main__.py").write_text(START + program, encoding="utf-8")
    return project.pulumi(*command, "--policy-pack", str(PACK))


def test_a_fresh_stack_is_judged_through_its_dependencies(project: Project) -> None:
    """Unions, fresh policies of fresh roles, public trusts and unbound keys, all told in one preview."""
    ended = run(project, FORBIDDEN, "preview")

    assert ended.status != 0, ended.output
    assert ended.output.count("[mandatory]") == 4, ended.output
    for told in (
        "permission set `union` has root-level access",
        "IAM role `joined` has root-level access",
        "anybody may assume IAM role `public`",
        "IAM user `eve` has an access key and can be used without MFA",
    ):
        assert told in ended.output, ended.output


def test_unknown_values_are_told_and_nothing_is_dropped(project: Project) -> None:
    """The SDK's own answer would be "can't run policy", for the whole stack."""
    ended = run(project, UNDECIDED, "preview")

    assert ended.status == 0, ended.output
    assert "can't run policy" not in ended.output
    assert "`inlinePolicy` of PermissionSetInlinePolicy `computed` is not known yet" in ended.output, (
        ended.output
    )
    assert "`assumeRolePolicy` of Role `trusting` is not known yet" in ended.output, ended.output


@pytest.mark.thorough
def test_what_is_limited_passes_preview_and_update(project: Project) -> None:
    """A real boundary, a Deny made first, a policy that nobody holds or only limits, an SCP, a service."""
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        ended = run(project, ALLOWED, *command)

        assert ended.status == 0, ended.output
        assert "[mandatory]" not in ended.output, ended.output
        told = re.findall(r"\[advisory\].*\(([\w:]+: [\w-]+)\)", ended.output)
        # Without IAM what is left is not everything, and still no small thing.
        assert told == ["aws:ssoadmin:ManagedPolicyAttachment: denied", "aws:iam:Policy: unattached"]
    assert project.pulumi("destroy", "--yes", "--skip-preview").status == 0


def test_without_a_preview_the_completing_resource_is_not_made(project: Project) -> None:
    """The first half is harmless and stands; the second is refused before the provider is asked."""
    ended = run(project, FORBIDDEN.partition("everything =")[0], "up", "--yes", "--skip-preview")
    made = project.succeed("stack", "--show-urns").output

    assert ended.status != 0, ended.output
    assert "no-root-level-access" in ended.output
    halves = [name for name in ("::union-power", "::union-rest") if name in made]
    assert len(halves) == 1, made
    assert project.pulumi("destroy", "--yes", "--skip-preview").status == 0


KEPT_SECRET: Final = """
kept = permission_set("kept")
inline("kept", kept, pulumi.Output.secret(document({**allow("*"), "Sid": "hush0hush"})))
aws.iam.Role(
    "kept",
    assume_role_policy=pulumi.Output.secret(
        document({**TRUST, "Principal": {"AWS": "*"}, "Sid": "hush0hush"})
    ),
)
"""


@pytest.mark.thorough
def test_a_document_that_the_stack_keeps_secret_is_judged_and_not_told(project: Project) -> None:
    """The SDK takes the engine's mark off before a policy sees a value; what is printed ends in logs."""
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        ended = run(project, KEPT_SECRET, *command)

        assert ended.status != 0, ended.output
        assert "[mandatory]" in ended.output
        assert "hush0hush" not in ended.output
    assert (
        "on a resource that is not shown, since the stack keeps it secret"
        in run(project, KEPT_SECRET, "preview").output
    )
    assert project.pulumi("destroy", "--yes", "--skip-preview").status == 0
