"""IAM for root: organization features, root sessions, the root user in summaries and credential reports.

Sources: IAM API reference (EnableOrganizationsRootCredentialsManagement, its neighbours, GetAccountSummary,
GetCredentialReport); IAM user guide, "Centrally manage root access for member accounts" and "Generate
credential reports". A root session names no user: its own credentials are the root user's.
"""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.iam import urls
from moto.iam.models import iam_backends
from moto.organizations.models import FakeDelegatedAdministrator, FakeServiceAccess

from sandbox.aws import faults
from sandbox.aws.accounts import root_sessions
from sandbox.aws.accounts.root_sessions import (
    CREDENTIALS_MANAGEMENT,
    ROOT_SESSIONS,
    RootSession,
    may_manage_root,
    organisation,
    root_features,
)
from sandbox.aws.accounts.root_user import RootKey, root_user
from sandbox.aws.iam import Iam, ModelledIamResponse
from sandbox.aws.modelled import take_place
from sandbox.aws.refusals.table import RefusedError

SERVICE: Final = "iam.amazonaws.com"


class RootAwareIamResponse(ModelledIamResponse):
    """Answers the requests to ``iam``, those of root sessions among them."""

    def _check(self, operation: str) -> None:
        """Refuse what was ordered to fail, and what a root session's task policy does not cover."""
        faults.provoke("iam", operation, self.current_account)
        super()._check(operation)
        session = self._session()
        if session is None:
            return
        if utcnow() >= session.ends:
            raise RefusedError("ExpiredToken", "The security token included in the request is expired")
        if f"iam:{operation}" not in session.allowed or self._get_param("UserName"):
            raise RefusedError(
                "AccessDenied",
                f"User: arn:aws:iam::{session.account_id}:root is not authorized to perform: iam:{operation} "
                f"with an explicit deny in the task policy {session.task}",
            )

    def _session(self) -> RootSession | None:
        return root_sessions.root_sessions().get(self.access_key)

    def _of_root(
        self, answer: Callable[[], ActionResult], otherwise: Callable[[], ActionResult]
    ) -> ActionResult:
        return answer() if self._session() else otherwise()

    # Features

    def list_organizations_features(self) -> ActionResult:
        """ListOrganizationsFeatures."""
        self._check_organisation()
        return ActionResult(_features())

    def enable_organizations_root_credentials_management(self) -> ActionResult:
        """EnableOrganizationsRootCredentialsManagement."""
        return self._switch(CREDENTIALS_MANAGEMENT, on=True)

    def enable_organizations_root_sessions(self) -> ActionResult:
        """EnableOrganizationsRootSessions."""
        return self._switch(ROOT_SESSIONS, on=True)

    def disable_organizations_root_credentials_management(self) -> ActionResult:
        """DisableOrganizationsRootCredentialsManagement."""
        return self._switch(CREDENTIALS_MANAGEMENT, on=False)

    def disable_organizations_root_sessions(self) -> ActionResult:
        """DisableOrganizationsRootSessions."""
        return self._switch(ROOT_SESSIONS, on=False)

    def _switch(self, feature: str, *, on: bool) -> ActionResult:
        self._check_organisation()
        if on and self.current_account != DEFAULT_ACCOUNT_ID:
            raise RefusedError("CallerIsNotManagementAccountException", "only the management account may")
        (root_features().add if on else root_features().discard)(feature)
        return ActionResult(_features())

    def _check_organisation(self) -> None:
        held = organisation()
        if held.org is None:
            raise RefusedError("OrganizationNotFoundException", "The account is in no organization")
        if not may_manage_root(self.current_account):
            raise RefusedError(
                "AccountNotManagementOrDelegatedAdministratorException",
                "The account is neither the management account nor a delegated administrator for IAM",
            )
        if held.org.feature_set != "ALL":
            raise RefusedError("OrganizationNotInAllFeaturesModeException", "All features must be enabled")
        if SERVICE not in {each["ServicePrincipal"] for each in held.services}:
            raise RefusedError(
                "ServiceAccessNotEnabledException", "Trusted access is not enabled for iam.amazonaws.com"
            )

    # The root user as a root session sees it

    def list_access_keys(self) -> ActionResult:
        """ListAccessKeys."""
        keys = root_user(self.current_account).access_keys
        return self._of_root(lambda: ActionResult({"AccessKeyMetadata": [_key(each) for each in keys]}),
                             super().list_access_keys)  # fmt: skip

    def get_access_key_last_used(self) -> ActionResult:
        """GetAccessKeyLastUsed."""
        return self._of_root(self._root_key_last_used, super().get_access_key_last_used)

    def _root_key_last_used(self) -> ActionResult:
        key = self._root_key()
        never = {"ServiceName": "N/A", "Region": "N/A"}
        used = {"LastUsedDate": _time(key.last_used), "ServiceName": key.service, "Region": key.region}
        return ActionResult({"AccessKeyLastUsed": used if key.last_used else never})

    def delete_access_key(self) -> ActionResult:
        """DeleteAccessKey."""
        return self._of_root(self._delete_root_key, super().delete_access_key)

    def _delete_root_key(self) -> ActionResult:
        root_user(self.current_account).access_keys.remove(self._root_key())
        return EmptyResult()

    def _root_key(self) -> RootKey:
        wanted = self._get_param("AccessKeyId")
        for key in root_user(self.current_account).access_keys:
            if key.identifier == wanted:
                return key
        raise RefusedError("NoSuchEntity", f"The Access Key with id {wanted} cannot be found.")

    def list_signing_certificates(self) -> ActionResult:
        """ListSigningCertificates."""
        rows = [
            {"CertificateId": each, "CertificateBody": "-", "Status": "Active", "UserName": "root",
             "UploadDate": _time("2020-01-01T00:00:00Z")}
            for each in root_user(self.current_account).certificates
        ]  # fmt: skip
        return self._of_root(lambda: ActionResult({"Certificates": rows}), super().list_signing_certificates)

    def delete_signing_certificate(self) -> ActionResult:
        """DeleteSigningCertificate."""
        return self._of_root(self._delete_root_certificate, super().delete_signing_certificate)

    def _delete_root_certificate(self) -> ActionResult:
        wanted, held = self._get_param("CertificateId"), root_user(self.current_account).certificates
        if wanted not in held:
            raise RefusedError("NoSuchEntity", f"The Certificate with id {wanted} cannot be found.")
        held.remove(wanted)
        return EmptyResult()

    def get_login_profile(self) -> ActionResult:
        """GetLoginProfile."""
        return self._of_root(self._root_login_profile, super().get_login_profile)

    def _root_login_profile(self) -> ActionResult:
        made = root_user(self.current_account).password_made
        if made is None:
            raise RefusedError("NoSuchEntity", "Login Profile for User root cannot be found.")
        return ActionResult({"LoginProfile": {"CreateDate": _time(made), "PasswordResetRequired": False}})

    def create_login_profile(self) -> ActionResult:
        """CreateLoginProfile."""
        return self._of_root(self._create_root_login_profile, super().create_login_profile)

    def _create_root_login_profile(self) -> ActionResult:
        held = root_user(self.current_account)
        if held.password_made is not None:
            raise RefusedError("EntityAlreadyExists", "Login Profile for User root already exists.")
        held.password_made = f"{utcnow():%Y-%m-%dT%H:%M:%SZ}"
        return self._root_login_profile()

    def delete_login_profile(self) -> ActionResult:
        """DeleteLoginProfile."""
        return self._of_root(self._delete_root_login_profile, super().delete_login_profile)

    def _delete_root_login_profile(self) -> ActionResult:
        self._root_login_profile()
        root_user(self.current_account).password_made = None
        return EmptyResult()

    def list_mfa_devices(self) -> ActionResult:
        """ListMFADevices."""
        rows = [
            {"UserName": "root", "SerialNumber": each, "EnableDate": _time("2023-06-01T00:00:00Z")}
            for each in root_user(self.current_account).mfa_devices
        ]
        return self._of_root(lambda: ActionResult({"MFADevices": rows}), super().list_mfa_devices)

    def get_user(self) -> ActionResult:
        """GetUser: of a root session, the root user, without name and path."""
        return self._of_root(self._root_as_user, super().get_user)

    def _root_as_user(self) -> ActionResult:
        user: dict[str, Any] = {
            "UserId": self.current_account,
            "Arn": f"arn:aws:iam::{self.current_account}:root",
            "CreateDate": _time("2023-05-01T08:00:00Z"),
        }
        used = root_user(self.current_account).password_last_used
        return ActionResult({"User": {**user, "PasswordLastUsed": _time(used)} if used else user})

    # The root user as its account sees it

    def get_account_summary(self) -> ActionResult:
        """GetAccountSummary, with the four entries about root, of which moto fixes three and lacks one."""
        held = root_user(self.current_account)
        of_root = {
            "AccountAccessKeysPresent": int(bool(held.access_keys)),
            "AccountMFAEnabled": int(bool(held.mfa_devices)),
            "AccountPasswordPresent": int(held.password_made is not None),
            "AccountSigningCertificatesPresent": int(bool(held.certificates)),
        }
        return ActionResult({"SummaryMap": {**self.backend.get_account_summary().summary_map, **of_root}})

    def generate_credential_report(self) -> ActionResult:
        """GenerateCredentialReport: started, and done by the second time somebody asks."""
        state = vars(self.backend)
        asked = state["sandbox_report_asked"] = state.get("sandbox_report_asked", 0) + 1
        self.backend.generate_report()
        return ActionResult({"State": "STARTED" if asked == 1 else "COMPLETE"})

    def get_credential_report(self) -> ActionResult:
        """GetCredentialReport, with the row of root that moto leaves out."""
        asked = vars(self.backend).get("sandbox_report_asked", 0)
        if asked == 0:
            raise RefusedError("ReportNotPresent", "No report exists. Call GenerateCredentialReport first.")
        if asked == 1:
            raise RefusedError("ReportInProgress", "The report is being made.")
        header, _, people = self.backend.get_credential_report().partition("\n")
        row = _row(self.current_account, header.split(","))
        report = {"ReportFormat": "text/csv", "GeneratedTime": datetime.now(UTC)}
        return ActionResult({**report, "Content": f"{header}\n{row}{people}"})


def _features() -> dict[str, Any]:
    return {"OrganizationId": organisation().org.id, "EnabledFeatures": sorted(root_features())}


def _key(key: RootKey) -> dict[str, Any]:
    status = "Active" if key.active else "Inactive"
    return {"AccessKeyId": key.identifier, "Status": status, "CreateDate": _time(key.created)}


def _row(account_id: str, columns: list[str]) -> str:
    held = root_user(account_id)
    told: dict[str, str] = {
        "user": "<root_account>",
        "arn": f"arn:aws:iam::{account_id}:root",
        "user_creation_time": "2023-05-01T08:00:00Z",
        "password_enabled": str(held.password_made is not None).lower(),
        "password_last_used": held.password_last_used or "no_information",
        "password_last_changed": held.password_made or "N/A",
        "password_next_rotation": "not_supported",
        "mfa_active": str(bool(held.mfa_devices)).lower(),
    }
    for number in (1, 2):
        key = held.access_keys[number - 1] if len(held.access_keys) >= number else None
        told[f"access_key_{number}_active"] = str(key is not None and key.active).lower()
        told[f"access_key_{number}_last_rotated"] = key.created if key else "N/A"
        told[f"access_key_{number}_last_used_date"] = (key.last_used if key else None) or "N/A"
        told[f"cert_{number}_active"] = str(len(held.certificates) >= number).lower()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([told.get(column, "N/A") for column in columns])
    return out.getvalue()


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def install() -> None:
    """Put these in the place of moto's; after ``sandbox.aws.iam``, which it builds on."""
    take_place(iam_backends, Iam, urls, RootAwareIamResponse)
    # moto's lists of services that can be trusted and delegated are older than centrally managed root.
    for known in (FakeServiceAccess.TRUSTED_SERVICES, FakeDelegatedAdministrator.SUPPORTED_SERVICES):
        if SERVICE not in known:
            known.append(SERVICE)
    root_sessions.install()
