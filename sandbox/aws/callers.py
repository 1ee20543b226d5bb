"""Callers under a policy, on request: least privilege is tried out and not believed.

A test or a trial says at a door which access key has which policies (``doors.py``). Every request with that
key is then decided by the evaluator of ``identity_guard`` and recorded, and what is not allowed is refused
with AWS's own words. Keys that nobody named may do everything, as the sandbox's key may. Credentials that the
access portal gives are named by it, with the policies and the boundary of their permission set.

A request is about every resource that it names: the instance, the permission set and the account of
Identity Center; the directory and the user or group; the role, user, group or policy of IAM. Where it names
none that policies know, it is about ``*``. Session policies and SCPs are not looked at.
Source: Service Authorization Reference, resource types of each action.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import get_account_id_from, iam_backends

from identity_guard.iam import Answer, Attachment, Request, attach, may
from sandbox.aws.accounts.root_user import PARTITION
from sandbox.aws.modelled import now
from sandbox.aws.signed_request import Refused, SignedRequest

#: "No permissions are required": STS API reference, GetCallerIdentity.
_FREE: Final = frozenset({"sts:GetCallerIdentity"})
_XML_CODE, _JSON_CODE = "AccessDenied", "AccessDeniedException"
#: Source: "Common errors" of the API references of IAM and of Identity Center.
_XML_ENDED, _JSON_ENDED = "ExpiredToken", "ExpiredTokenException"


@dataclass
class Caller:
    """One access key under policies."""

    arn: str
    policies: list[Attachment]
    boundary: Attachment | None = None
    ends: float | None = None
    """When its credentials end, as seconds since 1970; None: never."""
    asked: dict[str, int] = field(default_factory=dict)
    """How often it asked, by action; refused calls among them."""


def _callers() -> dict[str, Caller]:
    # In moto's state, so that its reset forgets them.
    found: dict[str, Caller] = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]).setdefault(
        "sandbox_callers", {}
    )
    return found


def name(wanted: Mapping[str, Any]) -> None:
    """Put an access key under policies: ``access_key``, ``arn``, and ``policies``, documents by name."""
    policies = [attach(document, title) for title, document in wanted["policies"].items()]
    put(wanted["access_key"], Caller(wanted["arn"], policies))


def put(access_key: str, caller: Caller) -> None:
    """Let an access key be this caller's."""
    _callers()[access_key] = caller


def asked_by(access_key: str) -> dict[str, int]:
    """Return what a named caller asked, by action."""
    caller = _callers().get(access_key)
    return {} if caller is None else dict(caller.asked)


def identity_of(access_key: str, account: str) -> dict[str, str]:
    """Return who a key is, as CloudTrail writes it; a key that nobody named is a user of its account."""
    caller = _callers().get(access_key)
    arn = f"arn:aws:iam::{account}:user/sandbox" if caller is None else caller.arn
    kind = "AssumedRole" if ":assumed-role/" in arn else "IAMUser"
    return {"type": kind, "arn": arn, "accountId": account}


def refusal(request: SignedRequest) -> Refused | None:
    """Decide a request; None where it is allowed or its caller is under no policy."""
    caller = _callers().get(request.access_key)
    if caller is not None and caller.ends is not None and now() >= caller.ends:
        code = _XML_ENDED if request.speaks_xml else _JSON_ENDED
        return Refused(code, "The security token included in the request is expired")
    if caller is None or request.action in _FREE:
        return None
    caller.asked[request.action] = caller.asked.get(request.action, 0) + 1
    account = get_account_id_from(request.access_key)
    context = {
        "aws:PrincipalArn": caller.arn,
        "aws:PrincipalAccount": account,
        "aws:RequestedRegion": request.region,
    }
    for resource in _resources(request, account):
        decision = may(caller.policies, Request(request.action, resource, context), caller.boundary)
        if decision.allowed is not True:
            return _refused(caller, request, resource, decision.answer)
    return None


def _refused(caller: Caller, request: SignedRequest, resource: str, answer: Answer) -> Refused:
    """Say it as AWS does (IAM user guide, troubleshoot_access-denied); what is undecided is not allowed."""
    why = (
        "with an explicit deny in an identity-based policy"
        if answer is Answer.EXPLICITLY_DENIED
        else f"because no identity-based policy allows the {request.action} action"
    )
    message = (
        f"User: {caller.arn} is not authorized to perform: {request.action} on resource: {resource} {why}"
    )
    return Refused(_XML_CODE if request.speaks_xml else _JSON_CODE, message)


def _resources(request: SignedRequest, account: str) -> list[str]:
    named = _RESOURCES.get(request.service)
    found = [] if named is None else list(named(request.asked, account))
    return found or ["*"]


def _of_sts(asked: Mapping[str, Any], account: str) -> Iterator[str]:
    del account
    if "RoleArn" in asked:
        yield asked["RoleArn"]
    if "TargetPrincipal" in asked:
        yield f"arn:aws:iam::{asked['TargetPrincipal']}:root"


def _of_sso(asked: Mapping[str, Any], account: str) -> Iterator[str]:
    del account
    yield from (
        asked[name] for name in ("InstanceArn", "PermissionSetArn", "ApplicationArn") if name in asked
    )
    target = asked.get("TargetId") or asked.get("AccountId")
    if target:
        yield f"arn:aws:sso:::account/{target}"


def _of_directory(asked: Mapping[str, Any], account: str) -> Iterator[str]:
    yield f"arn:aws:identitystore::{account}:identitystore/{asked['IdentityStoreId'].rsplit('/', 1)[-1]}"
    member = asked.get("MemberId") or {}
    ids = {
        "user": asked.get("UserId") or member.get("UserId"),
        "group": asked.get("GroupId"),
        "membership": asked.get("MembershipId"),
    }
    for kind, identifier in ids.items():
        if identifier:
            yield f"arn:aws:identitystore:::{kind}/{identifier.rsplit('/', 1)[-1]}"


def _of_iam(asked: Mapping[str, Any], account: str) -> Iterator[str]:
    for kind in ("Role", "User", "Group"):
        if f"{kind}Name" in asked:
            yield f"arn:aws:iam::{account}:{kind.lower()}/{asked[f'{kind}Name']}"
            return
    if "PolicyArn" in asked:
        yield asked["PolicyArn"]


_RESOURCES: Final = {"sso-admin": _of_sso, "identitystore": _of_directory, "iam": _of_iam, "sts": _of_sts}
