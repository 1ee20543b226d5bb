"""Organizations is moto's, with account numbers that stay the same and pages that lose nobody.

moto draws an account's number at random, so an example in the documentation would hold once; here a
number follows from the account's e-mail address, which AWS wants unique. moto also names the management
account "master" and, in ``list_accounts``, makes pages by the second in which an account joined, which
repeats and loses accounts.
"""

import hashlib
import json
from typing import Any

from moto.organizations import urls, utils
from moto.organizations.models import OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from sandbox.aws.modelled import ONE_AT_A_TIME, invalid, service_model, take_place
from sandbox.aws.organisation import MANAGEMENT_NAME, MEMBERS
from sandbox.aws.shapes import violations

_NUMBERS = {member.email: member.number for member in MEMBERS}


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
                return self._invalid(found)
        with ONE_AT_A_TIME:
            return super().call_action()

    def _invalid(self, found: list[str]) -> Any:  # noqa: ANN401 - moto's own type of an answer
        body = {"__type": "InvalidInputException", "Message": invalid(found)}
        return 400, self.response_headers, json.dumps(body)


def install() -> None:
    """Put these in the place of moto's."""
    take_place(organizations_backends, Organizations, urls, ModelledOrganizationsResponse)
    # moto's page key is the second of joining; accounts made in one second shared it.
    utils.PAGINATION_MODEL["list_accounts"]["unique_attribute"] = "Id"
