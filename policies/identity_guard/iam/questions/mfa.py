"""Decide whether the documents of an identity require MFA.

They do if a caller whose `aws:MultiFactorAuthPresent` is false, or absent, can use nothing beyond what
setting up MFA needs (corpus README). That the key is false or absent without MFA, and absent for long-term
keys: IAM User Guide, reference_policies_condition-keys. This is about the text alone: in an Identity Center
session the key is absent whatever the user did (same page), so such a text locks people out there.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.given_ways import ANY_CALL
from identity_guard.iam.evaluate.attachment import attach
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.worlds import Assumptions

from .mfa_patterns import PRESENT
from .reach import Call, Reach, all_groups

SET_UP: Final = (
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
    "sts:GetCallerIdentity",
)
"""What a user needs before MFA is set up (IAM User Guide,
reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only). `sts:GetCallerIdentity` needs no
permission."""

ENROLS: Final = ("iam:EnableMFADevice",)
"""What gives a user a device: set-up where the user is the caller, and a way in where it is anybody else (IAM
User Guide, reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only: on the own user only)."""

PLAIN_HTTP: Final = (
    "application-autoscaling",
    "autoscaling",
    "autoscaling-plans",
    "cloudfront",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "eks",
    "glacier",
    "s3",
    "sdb",
    "sns",
    "sqs",
)
"""Services that answer requests without TLS, too (endpoints.json of botocore, the protocols of each; AWS
General Reference, service endpoints). Of others a call without TLS is none."""
TLS: Final = "aws:securetransport"

SWITCHES_OFF: Final = (
    ("iam:DeactivateMFADevice", "takes a user's MFA device away"),
    ("iam:DeleteVirtualMFADevice", "deletes a virtual MFA device"),
    ("sso:UpdateSSOConfiguration", "changes the MFA settings of Identity Center for everybody"),
    ("sso:PutMfaDeviceManagementForDirectory", "changes who manages MFA devices in Identity Center"),
    ("sso-directory:DeleteMfaDeviceForUser", "deletes a user's MFA device in Identity Center"),
)
"""Actions that can switch MFA off for others (Service Authorization Reference: IAM, IAM Identity Center,
Identity Center directory)."""

NO_MFA: Final = (PRESENT, (None, "false"))
DIRECT: Final = ("aws:viaawsservice", ("false",))
FORWARDED: Final = ("aws:viaawsservice", ("true",))
BY_HAND: Final = Assumptions(values=(NO_MFA, DIRECT))
"""Calls that a caller without MFA makes; those that a service makes for them are asked for apart."""


_EVERYTHING: Final = attach({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "everything")


@cache
def set_up_actions() -> int:
    """Return the actions that setting up MFA needs."""
    return catalogue().mask_of(SET_UP)


@cache
def _beyond_set_up() -> int:
    """Return all actions that setting up MFA does not need."""
    return without(catalogue().everything, set_up_actions())


def requires_mfa(grants: Grants) -> bool | None:
    """Say whether nothing but setting up MFA is possible without MFA; None where it cannot be decided."""
    target = _beyond_set_up()
    direct = Reach(grants, BY_HAND, target).any_call()
    if direct is not False:
        return None if direct is None else False
    forwarded = _forwarded(grants, target)
    return None if forwarded is None else not forwarded


def open_over_plain_http(grants: Grants) -> bool | None:
    """Say whether services that answer plain HTTP let a caller without MFA in that way."""
    # Of actions that AWS has yet to invent nobody knows that they answer plain HTTP.
    answering = union(catalogue().service_masks[service] for service in PLAIN_HTTP) & catalogue().known
    target = _beyond_set_up() & answering
    return Reach(grants, Assumptions(values=(NO_MFA, DIRECT, (TLS, ("false",)))), target).any_call()


def enrols_others(grants: Grants) -> bool | None:
    """Say whether it is there to set devices up for others: nothing else, and for users that nothing names.

    Beside other things that take MFA, the leave for one's own device is often written for all users, as in
    AWS's own text for carving set-up out; what that gives of others' is told where it is all there is.
    """
    if Reach(grants, Assumptions(), _beyond_set_up()).any_call() is not False:
        return False
    target = catalogue().mask_of(ENROLS)
    found = Reach(grants, BY_HAND, target).within(grants.resources.groups(target))
    return True if found.certain else None if found.possible else False


def _forwarded(grants: Grants, target: int) -> bool | None:
    """Say whether a service can act for a caller without MFA.

    It cannot if every call that would start it is denied; a missing Allow here proves nothing, as another
    document could allow the start.
    """
    if not any("relay" in layered.by_dimension for layered in grants.statements):
        return False
    reach = Reach(grants, Assumptions(values=(NO_MFA, FORWARDED)), target)
    found: bool | None = reach.any_call()
    if not found:
        return found
    but_for_denies = _with_everything_allowed(grants)
    for _, call in reach.calls(all_groups(grants, target)):
        # Where it makes no difference which service calls, one will do that makes any call.
        named = [
            context_state.relay
            for context_state in grants.space.context_states_of(call.state.world)
            if context_state.relay
        ]
        relays = named or [(ANY_CALL,)]
        if any(_can_start(relay, but_for_denies) for relay in relays):
            return True
    return False


def _can_start(chain: tuple[str, ...], grants: Grants) -> bool:
    """Say whether the first service can be started by its caller, and each of the others by a service."""
    routes = (BY_HAND, *[Assumptions(values=(NO_MFA, FORWARDED))] * (len(chain) - 1))
    return all(
        Reach(grants, assumptions, _starting(service)).any_call() is not False
        for assumptions, service in zip(routes, chain, strict=True)
    )


def _starting(relay: str) -> int:
    """Return the actions that start calls of a service; of one that nobody knows, it could be any."""
    return catalogue().service_masks.get(relay.partition(".")[0], catalogue().known)


def _with_everything_allowed(grants: Grants) -> Grants:
    """Return the same Denies beside leave for everything."""
    return Grants([[*layer, _EVERYTHING] for layer in grants.layers], grants.setting)


def call_without_mfa(grants: Grants) -> Iterator[tuple[int, Call]]:
    """Yield actions and states in which they are allowed without MFA."""
    target = _beyond_set_up()
    groups = all_groups(grants, target)
    for assumptions in (BY_HAND, Assumptions(values=(NO_MFA,))):
        yield from Reach(grants, assumptions, target).calls(groups)
