"""Doors that AWS has not, for what has no API there: a root user's own settings, sign-ins, SCIM, bad days.

``/sandbox/sign-in`` says yes to a sign-in, in the place of a browser. Two are for trials:
``/sandbox/caller`` puts an access key under policies, ``/sandbox/calls`` tells what it asked. Each takes a
POST with a JSON body: what tests and trials set.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID

from sandbox.aws import callers, faults, iam, kept, sign_in_events
from sandbox.aws.accounts.root_user import PARTITION, set_root_user
from sandbox.aws.identity_center.identitystore import directory
from sandbox.aws.identity_center.ssoadmin import identity_center
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.portal import sign_ins

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class _NobodyError(Exception):
    """There is no such sign-in, or nobody of this name."""


def _root_user(body: dict[str, Any]) -> None:
    set_root_user(body.pop("account_id"), body)


def _sign_in_event(body: dict[str, Any]) -> None:
    sign_in_events.record(body)


def _external_id(body: dict[str, Any]) -> None:
    """Give a user an external id, as SCIM does: region, identity store, user, issuer and id."""
    store = directory(DEFAULT_ACCOUNT_ID, body["region"]).stores[body["identity_store_id"]]
    given = store.users[body["user_id"]].setdefault("ExternalIds", [])
    given.append({"Issuer": body["issuer"], "Id": body["id"]})


def _identity_source(body: dict[str, Any]) -> None:
    """Say where people sign in, as the console does: region and kind, such as external."""
    (instance,) = identity_center(DEFAULT_ACCOUNT_ID, body["region"]).instances.values()
    instance.regions.identity_source = body["kind"]


def _policies_of_a_role(body: dict[str, Any]) -> None:
    """Raise an account's quota of managed policies per role: account and limit."""
    iam.raise_policies_of_a_role(body["account_id"], PARTITION, body["limit"])


def _sign_in(body: dict[str, Any]) -> None:
    """Say yes to a sign-in, as a person does in a browser: ``user_code`` and ``user_name``."""
    if not sign_ins.approve(body["user_code"], body["user_name"]):
        raise _NobodyError


def _forget_faults(_body: dict[str, Any]) -> None:
    faults.forget()


def _keep(body: dict[str, Any]) -> None:
    """Keep all of AWS under a name."""
    kept.keep(body["name"])


def _restore(body: dict[str, Any]) -> None:
    """Give back all of AWS as it was kept under a name."""
    kept.restore(body["name"])


DOORS: Final[dict[str, Callable[[dict[str, Any]], None]]] = {
    "/sandbox/root-user": _root_user,
    "/sandbox/cloudtrail-event": _sign_in_event,
    "/sandbox/caller": callers.name,
    "/sandbox/external-id": _external_id,
    "/sandbox/identity-source": _identity_source,
    "/sandbox/policies-per-role": _policies_of_a_role,
    "/sandbox/sign-in": _sign_in,
    "/sandbox/fault": faults.order,
    "/sandbox/no-more-faults": _forget_faults,
    "/sandbox/keep": _keep,
    "/sandbox/restore": _restore,
}


#: GET it with an access key as the query: what that caller asked, as JSON, by action.
CALLS: Final = "/sandbox/calls"


def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request to one of the doors (PEP 3333)."""
    if environ["PATH_INFO"] == CALLS:
        with ONE_AT_A_TIME:
            content = json.dumps(callers.asked_by(environ.get("QUERY_STRING", ""))).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start_response("200 OK", headers)
        return [content]
    if environ["REQUEST_METHOD"] != "POST":
        start_response("405 Method Not Allowed", [("Content-Length", "0")])
        return [b""]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    status = "204 No Content"
    with ONE_AT_A_TIME:
        try:
            DOORS[environ["PATH_INFO"]](json.loads(body or b"{}"))
        except (kept.NotKeptError, _NobodyError):
            status = "404 Not Found"
    start_response(status, [("Content-Length", "0")])
    return [b""]
