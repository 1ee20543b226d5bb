"""Whether a role that people get through account access manager lets that service in."""

from typing import Final

from identity_center.model.access.other_accounts import SERVICE, RoleTrust
from identity_guard.iam.questions.service_access import service_access

#: What it does to give somebody a session. Source: IAM user guide, aam-prepare-roles.
NEEDED: Final = ("sts:AssumeRole", "sts:SetContext")
#: What it does besides where attributes of people are passed on. Source: as above.
OF_TAGS: Final = "sts:TagSession"


def judge_role_trust(trust: str, management_account_id: str | None) -> RoleTrust:
    """Judge a trust policy as JSON text.

    The service calls for its application, which is in the organisation's management account: this account is
    `aws:SourceAccount` of the call. Its `aws:SourceArn` has an id that is not known before it is made.
    """
    known = {} if management_account_id is None else {"aws:sourceaccount": (management_account_id,)}
    found = service_access(trust, SERVICE, (*NEEDED, OF_TAGS), known)
    if found.unreadable:
        return RoleTrust(undecided=f"the trust policy cannot be read ({found.unreadable[0]})")
    open_needs = [action for action in found.undecided if action in NEEDED]
    return RoleTrust(
        refuses=tuple(action for action in found.refused if action in NEEDED),
        refuses_tags=OF_TAGS in found.refused,
        undecided=_hangs_on(found.keys) if open_needs else "",
    )


def _hangs_on(keys: tuple[str, ...]) -> str:
    if not keys:
        return "the trust policy does not name the service itself"
    return f"the trust policy lets the service in on conditions that are not decided here ({', '.join(keys)})"
