"""Organizations is moto's, with account numbers that stay the same and pages that lose nobody.

moto draws an account's number at random, so an example in the documentation would hold once; here a
number follows from the account's e-mail address, which AWS wants unique. moto also names the management
account "master" and, in ``list_accounts``, makes pages by the second in which an account joined, which
repeats and loses accounts. It shows members an organisation without accounts, where AWS lets a delegated
administrator read (Organizations API reference: each reading operation "can be called only from the
organization's management account or by a member account that is a delegated administrator") and refuses
the others.
"""

import hashlib
import json
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.organizations import urls, utils
from moto.organizations.exceptions import (
    AWSOrganizationsNotInUseException,
    ConstraintViolationException,
    OrganizationNotEmptyException,
)
from moto.organizations.models import FakeDelegatedAdministrator, OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from sandbox.aws.accounts.organisation import MANAGEMENT_NAME, MEMBERS
from sandbox.aws.modelled import ONE_AT_A_TIME, invalid, service_model, take_place
from sandbox.aws.shapes import violations

_NUMBERS = {member.email: member.number for member in MEMBERS}
_FOR_EVERY_MEMBER: Final = frozenset({"DescribeOrganization", "DescribeEffectivePolicy", "DescribeHandshake"})
_MOTOS_NAME: Final = "master"
#: Of one type, on a root, a unit or an account, FullAWSAccess among them. Organizations user guide,
#: orgs_reference_limits: five until 15 May 2026, ten since; tag and backup policies ten before as well.
POLICIES_OF_A_TARGET: Final = 10
#: What moto's older list of services that can be delegated lacks.
_DELEGATED: Final = ("sso.amazonaws.com",)


class Organizations(OrganizationsBackend):
    """The organisation of one management account."""

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    def create_organization(self, region: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - moto's signature
        """CreateOrganization: the management account is named as people call it."""
        made: dict[str, Any] = super().create_organization(region, **asked)
        self.accounts[0].name = MANAGEMENT_NAME
        return made

    def delete_organization(self) -> None:
        """DeleteOrganization: moto takes every account but one of its own name for a member."""
        if self.org is not None and len(self.accounts) > 1:
            raise OrganizationNotEmptyException
        for account in self.accounts:
            account.name = _MOTOS_NAME
        super().delete_organization()

    def enable_all_features(self) -> dict[str, Any]:
        """EnableAllFeatures: asks for it. Nothing changes before the management account accepts as well.

        Source: Organizations API reference, EnableAllFeatures. The sandbox has no AcceptHandshake.
        """
        if self.org is None:
            raise AWSOrganizationsNotInUseException
        number = f"h-{hashlib.sha256(self.org.id.encode()).hexdigest()[:32]}"
        path = f"{self.org.id}/enable_all_features/{number}"
        return {
            "Id": number,
            "Arn": f"arn:{self.partition}:organizations::{self.org.master_account_id}:handshake/{path}",
            "Parties": [{"Id": self.org.id.removeprefix("o-"), "Type": "ORGANIZATION"}],
            "State": "REQUESTED",
            "Action": "ENABLE_ALL_FEATURES",
        }

    def attach_policy(self, **asked: Any) -> None:  # noqa: ANN401 - moto's signature
        """AttachPolicy: no more of one type than a target may have."""
        wanted = self.get_policy_by_id(asked["PolicyId"])
        targets: list[Any] = [*self.ou, *self.accounts]
        target = next((one for one in targets if one.id == asked["TargetId"]), None)
        held = [] if target is None else target.attached_policies
        if wanted not in held and sum(one.type == wanted.type for one in held) >= POLICIES_OF_A_TARGET:
            raise ConstraintViolationException(
                "You have attached the maximum number of policies of this type to the specified target "
                "(MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)."
            )
        super().attach_policy(**asked)

    def create_account(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - moto's signature
        """CreateAccount: a number that follows from the e-mail address."""
        drawn = utils.make_random_account_id
        utils.make_random_account_id = lambda: account_number(asked["Email"])
        try:
            made: dict[str, Any] = super().create_account(**asked)
        finally:
            utils.make_random_account_id = drawn
        return made


def account_number(email: str) -> str:
    """Return the 12 digits of the account with this e-mail address."""
    digest = hashlib.sha256(email.encode()).digest()
    return _NUMBERS.get(email) or f"{int.from_bytes(digest[:8]) % 10**12:012d}"


class ModelledOrganizationsResponse(OrganizationsResponse):
    """Answers the requests to ``organizations``, after they were held against the model."""

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        operation = self._get_action()
        model = service_model("organizations")
        if operation in model.operation_names:
            found = violations(model.operation_model(operation).input_shape, self.request_params)
            if found:
                return self._refused("InvalidInputException", invalid(found))
        with ONE_AT_A_TIME:
            if self._is_for_administrators(operation) and not self._is_administrator():
                return self._refused(
                    "AccessDeniedException", "You don't have permissions to access this resource."
                )
            return super().call_action()

    def enable_all_features(self) -> str:
        """EnableAllFeatures: moto does not know it."""
        asked: Any = self.organizations_backend
        return json.dumps({"Handshake": asked.enable_all_features()})

    @property
    def organizations_backend(self) -> OrganizationsBackend:
        """The organisation that the caller sees: a delegated administrator that of the management account."""
        if self._is_for_administrators(self._get_action()):
            return self._management
        return super().organizations_backend

    @property
    def _management(self) -> OrganizationsBackend:
        return organizations_backends[DEFAULT_ACCOUNT_ID][self.partition]

    def _is_for_administrators(self, operation: str) -> bool:
        """Say whether it is a question of a member that not every member may ask."""
        return (
            operation.startswith(("List", "Describe"))
            and operation not in _FOR_EVERY_MEMBER
            and any(each.id == self.current_account for each in self._management.accounts[1:])
        )

    def _is_administrator(self) -> bool:
        return any(each.account.id == self.current_account for each in self._management.admins)

    def _refused(self, code: str, message: str) -> Any:  # noqa: ANN401 - moto's own type of an answer
        return 400, self.response_headers, json.dumps({"__type": code, "Message": message})


def install() -> None:
    """Put these in the place of moto's."""
    take_place(organizations_backends, Organizations, urls, ModelledOrganizationsResponse)
    # moto's page key is the second of joining; accounts made in one second shared it.
    utils.PAGINATION_MODEL["list_accounts"]["unique_attribute"] = "Id"
    FakeDelegatedAdministrator.SUPPORTED_SERVICES.extend(
        set(_DELEGATED) - set(FakeDelegatedAdministrator.SUPPORTED_SERVICES)
    )
