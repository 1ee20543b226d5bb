"""The page of permissions, written from the table: a policy for each job, and who asks which action."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .permission import Job, Permission, Where
from .permissions_table import needed, policy

PAGE: Final = Path(__file__).parents[2] / "docs" / "permissions.md"

_HEAD: Final = """\
# Permissions: what a pipeline needs, and no more

Written from a table by `make docs`; a test holds it current. Tests record what the program, the provider
and the commands ask, run them under these policies, and take away one action after the other: the run then
fails, or says what it could not see, and names the action.

Give each job a role of its own. A pull request gets **Preview**, the main branch gets **Update**, a nightly
job **Adopt and drift**, and whoever mends a stack's state **Recover and verify**. Each policy is whole: none
needs another one beside it.

**Whoever may update may do anything.** `sso:CreatePermissionSet`, `sso:PutInlinePolicyToPermissionSet` and
`sso:CreateAccountAssignment` together give every access in every account, to anybody, the pipeline's own
people included; `identitystore:CreateGroupMembership` gives what a group has already, and
`account-access:CreateEntitlement` every role that trusts that service. That is what Identity Center is; no
policy on these actions takes it away. So guard the role of **Update** as an administrator's: let it be
assumed from the protected branch alone, let two people approve, let the policy pack judge, and watch the
role in CloudTrail. `sts:AssumeRole` into member accounts is limited by a session policy that the program
sends; the role there (`OrganizationAccountAccessRole` unless `policyLookups` names another) is an
administrator's, and whoever has the pipeline's credentials can leave that session policy out: name a role
that may `iam:GetPolicy` and `iam:GetRole` alone.

From **the management account**, assignments there need actions of IAM as well: Identity Center makes the
roles in that one account with the rights of its caller ([identity-based policy
examples](https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html)).
From **the delegated administrator's account** nothing can be assigned there, and no permission set that is
provisioned there can be changed. `rootGuard` is made from the management account only. Leave out what the
stack does not have: without `rootGuard` the rows that it asks, without people from elsewhere
`identitystore:ListUsers` and `ListGroups`.

`sts:GetCallerIdentity` is asked as well and needs no permission.
"""


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join("".join(_job(job)) for job in Job)


def of_pipelines() -> dict[Path, str]:
    """Return the policies of the roles that `identity-center init --ci` writes, by their files."""
    folder = PAGE.parents[1] / "identity_center_cli" / "new_project" / "ci" / "aws"
    return {
        folder / f"{name}-policy.json": json.dumps(policy(job), indent=2) + "\n"
        for name, job in (("preview", Job.PREVIEW), ("update", Job.UPDATE), ("drift", Job.DRIFT))
    }


def _job(job: Job) -> Iterator[str]:
    yield f"\n## {job.value}\n\n{_TOLD[job]}\n\nIn the management account:\n\n"
    yield f"```json\n{json.dumps(policy(job), indent=2)}\n```\n"
    yield _difference(job)
    yield "\n| action | asked for | by |\n|---|---|---|\n"
    yield from (_row(one) for one in sorted(needed(job) + _only_delegated(job), key=lambda one: one.action))


def _only_delegated(job: Job) -> tuple[Permission, ...]:
    return tuple(one for one in needed(job, delegated=True) if one.where is Where.DELEGATED)


def _difference(job: Job) -> str:
    if job in {Job.AUDIT, Job.REMEDIATE}:
        return "\nThe delegated administrator of IAM (not of Identity Center) needs the same.\n"
    fewer = {str(one.asked_by) for one in needed(job) if one.where is Where.MANAGEMENT}
    more = [f"`{one.action}`" for one in _only_delegated(job)]
    said = "\nThe delegated administrator needs "
    said += "the same" if not fewer else "nothing of what is asked by the management account alone"
    return f"{said}{', and ' + ', '.join(more) if more else ''}.\n"


def _row(one: Permission) -> str:
    by = {Where.BOTH: "", Where.MANAGEMENT: "management account", Where.DELEGATED: "delegated administrator"}
    return f"| [`{one.action}`]({one.source}) | {one.asked_by} | {by[one.where]} |\n"


_TOLD: Final = {
    Job.PREVIEW: "`pulumi preview`, also with `--refresh`. It changes nothing.",
    Job.UPDATE: "`pulumi up`, `refresh` and `destroy`, and `identity-center provision`.",
    Job.DRIFT: "`pulumi import` of what exists; `identity-center adopt`, `snapshot`, `drift`, `access` and "
    "`organisation snapshot`. It changes nothing.",
    Job.REMOVE: "`identity-center drift --remove`, which deletes what the code does not have. It cannot give "
    "anybody access, but by `sso:ProvisionPermissionSet` what a permission set has already.",
    Job.RECOVER: "`identity-center recover`, after an update that was killed, and `adopt --verify`. They "
    "preview the program and read the instance; they change the stack's state, and nothing in AWS.",
    Job.AUDIT: "`identity-center root audit`. It changes no account; AWS makes a credential report.",
    Job.REMEDIATE: "`identity-center root remediate`, which deletes what root users of members sign in with.",
    Job.EVIDENCE: "`identity-center mfa evidence`. With `--logs s3://…` instead of the event history: "
    "`s3:ListBucket` and `s3:GetObject` of the trail's bucket.",
}
