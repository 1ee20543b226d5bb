"""AWS Account Management: moto's, and the operation by which an account gets the name that others see.

Who may name which account: AWS Account Management reference, PutAccountName.
"""

import json
from typing import Any, Final

from moto.account import urls
from moto.account.responses import AccountResponse
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import EmptyResult
from moto.organizations.models import OrganizationsBackend, organizations_backends

from sandbox.aws.modelled import ONE_AT_A_TIME, invalid, service_model
from sandbox.aws.refusals.table import RefusedError, refuse
from sandbox.aws.shapes import violations

SERVICE: Final = "account.amazonaws.com"


class AccountManagementResponse(AccountResponse):
    """Answers the requests to ``account``."""

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        try:
            return super().call_action()
        except RefusedError as refused:
            errors = service_model("account").shape_for(refused.code).metadata["error"]
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": refused.code}
            return errors["httpStatusCode"], headers, json.dumps({"message": refused.message})

    def put_account_name(self) -> EmptyResult:
        """PutAccountName: the caller's own account, or a member named by its number."""
        asked = json.loads(self.body or "{}")
        found = violations(service_model("account").operation_model("PutAccountName").input_shape, asked)
        if found:
            raise RefusedError("ValidationException", invalid(found))
        with ONE_AT_A_TIME:
            organisation = organizations_backends[DEFAULT_ACCOUNT_ID][self.partition]
            number = asked.get("AccountId")
            if number is not None and not self._may_name(organisation, number):
                refuse("account-of-others", account=self.current_account, number=number)
            (account,) = (
                each for each in organisation.accounts if each.id == (number or self.current_account)
            )
            account.name = asked["AccountName"]
        return EmptyResult()

    def _may_name(self, organisation: OrganizationsBackend, number: str) -> bool:
        """Say whether the caller may name another account: a member, with trusted access for the service."""
        return (
            self.current_account == DEFAULT_ACCOUNT_ID
            and any(each.id == number for each in organisation.accounts[1:])
            and any(each["ServicePrincipal"] == SERVICE for each in organisation.services)
        )


def install() -> None:
    """Put this beside what moto has."""
    urls.url_paths["{0}/putAccountName$"] = AccountManagementResponse.dispatch
