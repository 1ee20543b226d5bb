"""IAM is moto's, made as strict as AWS where the provider relies on it.

Requests are held against botocore's model. Added: permissions boundaries of users. Corrected: moto
deletes users with keys, groups with members and policies in use, lets names differ by case only, counts
an attachment twice, forgets a role's description, and reads 1,300 AWS-managed documents again for each
account and each reset.
"""

import copy
import json
import uuid
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, cast
from xml.sax.saxutils import escape

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult, EmptyResult
from moto.iam import models, urls
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, Group, IAMBackend, ManagedPolicy, Role, User, iam_backends
from moto.iam.responses import IamResponse

from sandbox.aws.modelled import ONE_AT_A_TIME, Answer, invalid, service_model, take_place
from sandbox.aws.refusals.table import RefusedError, refuse
from sandbox.aws.shapes import violations

# IAM user guide, quotas: managed policies attached to a role, a user or a group (adjustable; this is the
# default).
POLICIES_OF_AN_ENTITY = 10


class Iam(IAMBackend):
    """IAM of one account, which knows every AWS-managed policy that moto ships."""

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    @property
    def aws_managed_policies(self) -> list[ManagedPolicy]:
        """Return AWS's own policies as this account sees them."""
        return self._policies[0]

    @aws_managed_policies.setter
    def aws_managed_policies(self, _made: list[ManagedPolicy]) -> None:
        """Leave out what moto's constructor sets: they are made when somebody asks."""

    @property
    def managed_policies(self) -> dict[str, ManagedPolicy]:
        """Return all policies by ARN."""
        return self._policies[1]

    @managed_policies.setter
    def managed_policies(self, _made: dict[str, ManagedPolicy]) -> None:
        """Leave out what moto's constructor sets."""

    @cached_property
    def _policies(self) -> tuple[list[ManagedPolicy], dict[str, ManagedPolicy]]:
        # Of those who are asked only: with each request moto looks into every account in each of six
        # partitions, and 1,500 copies for each of them took most of the time of a reset and a seed.
        made: list[ManagedPolicy] = [copy.deepcopy(policy) for policy in _aws_policies(self.region_name)]
        return made, {policy.arn: policy for policy in made}

    def _init_aws_policies(self) -> list[ManagedPolicy]:
        return []

    def _init_managed_policies(self) -> dict[str, ManagedPolicy]:
        return {}

    def create_role(self, role_name: str, *given: Any, **more: Any) -> Role:  # noqa: ANN401 - moto's signature
        """CreateRole: no name that differs by case only, no boundary that does not exist."""
        self._free("Role", role_name, (role.name for role in self.get_roles()))
        self._exists(more.get("permissions_boundary") or (given[2] if len(given) > 2 else None))  # noqa: PLR2004 - moto's signature
        return super().create_role(role_name, *given, **more)

    def put_role_permissions_boundary(self, role_name: str, permissions_boundary: str) -> None:
        """PutRolePermissionsBoundary: of a policy that exists."""
        self._exists(permissions_boundary)
        super().put_role_permissions_boundary(role_name, permissions_boundary)

    def change_role(self, role_name: str, description: str | None, seconds: int | None) -> None:
        """Change what is given of a role; what is left out stays."""
        role: Any = self.get_role(role_name)
        role.description = role.description if description is None else description
        role.max_session_duration = seconds or role.max_session_duration

    def create_user(self, region_name: str, user_name: str, *given: Any, **more: Any) -> User:  # noqa: ANN401 - moto's signature
        """CreateUser: no name that differs by case only."""
        self._free("User", user_name, self.users)
        return super().create_user(region_name, user_name, *given, **more)

    def update_user(
        self, user_name: str, new_path: str | None = None, new_user_name: str | None = None
    ) -> None:
        """UpdateUser: a new name must be free; moto would lose the user who has it."""
        if new_user_name and new_user_name != user_name:
            self._free("User", new_user_name, (name for name in self.users if name != user_name))
        super().update_user(user_name, new_path, new_user_name)

    def bind_user(self, user_name: str, boundary: str | None) -> None:
        """Set or remove a user's permissions boundary."""
        self._exists(boundary)
        user = self.get_user(user_name)
        shape = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}
        user.permissions_boundary = shape if boundary else None  # type: ignore[attr-defined]  # moto's users have none

    def delete_user(self, user_name: str) -> None:
        """DeleteUser: nothing that the user signs in with or belongs to may be left."""
        user = self.get_user(user_name)
        left = {
            "user-has-keys": user.access_keys,
            "user-has-password": user.password,
            "user-has-devices": user.mfa_devices,
            "user-in-groups": any(user in group.users for group in self.groups.values()),
        }
        for row, something in left.items():
            if something:
                refuse(row)
        super().delete_user(user_name)

    def create_group(self, group_name: str, path: str = "/") -> Group:
        """CreateGroup: no name that differs by case only."""
        self._free("Group", group_name, self.groups)
        return super().create_group(group_name, path)

    def update_group(self, group_name: str, new_group_name: str | None, new_path: str | None) -> None:
        """UpdateGroup: the same name again, with a new path, is no conflict."""
        if new_group_name and new_group_name != group_name:
            self._free("Group", new_group_name, (name for name in self.groups if name != group_name))
            super().update_group(group_name, new_group_name, new_path)
        elif new_path:
            self.get_group(group_name).path = new_path

    def delete_group(self, group_name: str) -> None:
        """DeleteGroup: no members and no policies may be left."""
        group = self.get_group(group_name)
        if group.users:
            refuse("group-has-users")
        if group.managed_policies or group.policies:
            refuse("group-has-policies", verb="detach all" if group.managed_policies else "delete")
        super().delete_group(group_name)

    def attach_role_policy(self, policy_arn: str, role_name: str) -> None:
        """AttachRolePolicy: once, at most ten."""
        if self._attachable("Role", self.get_role(role_name), policy_arn):
            super().attach_role_policy(policy_arn, role_name)

    def attach_user_policy(self, policy_arn: str, user_name: str) -> None:
        """AttachUserPolicy: once, at most ten."""
        if self._attachable("User", self.get_user(user_name), policy_arn):
            super().attach_user_policy(policy_arn, user_name)

    def attach_group_policy(self, policy_arn: str, group_name: str) -> None:
        """AttachGroupPolicy: once, at most ten."""
        if self._attachable("Group", self.get_group(group_name), policy_arn):
            super().attach_group_policy(policy_arn, group_name)

    def delete_policy(self, policy_arn: str) -> None:
        """DeletePolicy: attached to nobody, with the default version alone."""
        policy = self.get_policy(policy_arn)
        if policy.attachment_count:
            refuse("policy-attached")
        if len(policy.versions) > 1:
            refuse("policy-has-versions")
        super().delete_policy(policy_arn)

    def _free(self, kind: str, name: str, taken: Iterable[str]) -> None:
        if any(other.lower() == name.lower() for other in taken):
            refuse("name-taken", kind=kind, name=name)

    def _exists(self, boundary: str | None) -> None:
        if boundary and boundary not in self.managed_policies:
            refuse("boundary-policy-not-found", arn=boundary)

    def _attachable(self, kind: str, entity: Role | User | Group, policy_arn: str) -> bool:
        if policy_arn in entity.managed_policies:
            return False
        role = kind == "Role"
        limit = policies_of_a_role(self.account_id, self.partition) if role else POLICIES_OF_AN_ENTITY
        if len(entity.managed_policies) >= limit:
            refuse("policies-of-entity-quota", kind=kind, limit=limit)
        return True


def policies_of_a_role(account: str, partition: str) -> int:
    """Return how many managed policies a role of an account may have: ten, unless the account has raised it.

    Source: IAM user guide, reference_iam-quotas, "Managed policies attached to an IAM role".
    """
    raised: int = vars(iam_backends[account][partition]).get(
        "sandbox_policies_per_role", POLICIES_OF_AN_ENTITY
    )
    return raised


def raise_policies_of_a_role(account: str, partition: str, limit: int) -> None:
    """Raise an account's quota, as Service Quotas does."""
    vars(iam_backends[account][partition])["sandbox_policies_per_role"] = limit


class AwsPolicy(AWSManagedPolicy):
    """A policy of AWS's own, which is copied fast: there are 1,500 of them in each account."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> "AwsPolicy":
        """Copy it without what it holds: of that nothing is ever changed but the count of attachments.

        Not by the class's own `__new__`, which keeps a list of every instance ever made.
        """
        twin: AwsPolicy = object.__new__(AwsPolicy)  # type: ignore[type-abstract]  # moto leaves `__eq__` of its base open
        twin.__dict__.update(self.__dict__)
        return twin


@cache
def _aws_policies(partition: str) -> list[AwsPolicy]:
    # An AWS-managed policy bears the partition (moto's region of IAM), never the account that reads it.
    data: dict[str, Any] = json.loads(aws_managed_policies_data)
    return [cast("AwsPolicy", AwsPolicy.from_data(name, "aws", partition, row)) for name, row in data.items()]


# Operations that change the policy they name: AWS's own are read only.
_POLICY_CHANGES = {
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "TagPolicy",
    "UntagPolicy",
}


class ModelledIamResponse(IamResponse):
    """Answers the requests to ``iam``, after they were held against the model."""

    @property
    def strict(self) -> Iam:
        """Return the account's backend as what it is."""
        return cast("Iam", self.backend)

    def create_user(self) -> ActionResult:
        """CreateUser, with the boundary that moto leaves out."""
        boundary = self._get_param("PermissionsBoundary")
        self.strict._exists(boundary)  # noqa: SLF001 - before the user is made, not after
        made = super().create_user()
        self.strict.bind_user(self._get_param("UserName"), boundary)
        return made

    def put_user_permissions_boundary(self) -> ActionResult:
        """PutUserPermissionsBoundary, which moto has not."""
        self.strict.bind_user(self._get_param("UserName"), self._get_param("PermissionsBoundary"))
        return EmptyResult()

    def delete_user_permissions_boundary(self) -> ActionResult:
        """DeleteUserPermissionsBoundary, which moto has not."""
        self.strict.bind_user(self._get_param("UserName"), None)
        return EmptyResult()

    def update_role(self) -> ActionResult:
        """UpdateRole: moto clears the description and takes an hour where they are left out."""
        self.strict.change_role(
            self._get_param("RoleName"), self._get_param("Description"), self._get_param("MaxSessionDuration")
        )
        return EmptyResult()

    def create_login_profile(self) -> ActionResult:
        """CreateLoginProfile: moto forgets whether the password must be changed."""
        made = super().create_login_profile()
        user = self.backend.get_user(self._get_param("UserName"))
        user.password_reset_required = bool(self._get_param("PasswordResetRequired"))
        cast("Any", made.result)["LoginProfile"]["PasswordResetRequired"] = user.password_reset_required
        return made

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        try:
            self._check(self._get_action())
            with ONE_AT_A_TIME:
                return super().call_action()
        except RefusedError as refused:
            return self._refused(refused.code, refused.message)
        except NotImplementedError as missing:
            return self._refused("NotImplemented", f"The sandbox's IAM: {missing}")

    def _check(self, operation: str) -> None:
        model = service_model("iam")
        if operation not in model.operation_names:
            return
        found = violations(model.operation_model(operation).input_shape, self.params)
        if found:
            raise RefusedError("ValidationError", invalid(found))
        arn = self._get_param("PolicyArn") or ""
        if operation in _POLICY_CHANGES and ":iam::aws:" in arn:
            refuse("aws-managed-policy", arn=arn)

    def _refused(self, code: str, message: str) -> Answer:
        """Write the error as the query protocol has it, with the status that the model gives its code."""
        errors = [shape.metadata.get("error", {}) for shape in service_model("iam").error_shapes]
        known = {error["code"]: error for error in errors if error}
        body = (
            '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
            f"<Code>{code}</Code><Message>{escape(message)}</Message></Error>"
            f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
        )
        status = int(known.get(code, {}).get("httpStatusCode", 400))
        return status, {"Content-Type": "text/xml"}, body


def account_of_key(access_key: str) -> str:
    """Return the account that has an access key; the management account where none has it."""
    held = ((account, iam) for account, backends in list(iam_backends.items()) for iam in backends.values())
    return next((account for account, iam in held if access_key in iam.access_keys), DEFAULT_ACCOUNT_ID)


def install() -> None:
    """Put these in the place of moto's."""
    take_place(iam_backends, Iam, urls, ModelledIamResponse)
    # With each request moto's makes the IAM of every account in six partitions, to look for one key in it:
    # milliseconds where an organisation has hundreds of accounts.
    models.get_account_id_from = account_of_key
