"""Compare the evaluator with the cases that iam-simulate tests itself by.

`python -m tests.differential.against_suite FOLDER` with the `src` of a copy of its repository
(github.com/cloud-copilot/iam-simulate). It is under the AGPL: its cases are read where they are, and none
of them is kept here. Prints how many can be compared, how many agree, and each that does not with its name.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from identity_guard.iam import Attachment, DocumentKind, Origin, attach
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.document.document import Unreadable
from identity_guard.iam.evaluate.decision import Answer, Request
from identity_guard.iam.requests.caller import Caller, UnknownCallerError
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven, Policies, rule

Case = dict[str, Any]
ANSWERS: Final = {
    Answer.ALLOWED: "Allowed",
    Answer.EXPLICITLY_DENIED: "ExplicitlyDenied",
    Answer.NOT_ALLOWED: "ImplicitlyDenied",
    Answer.NOT_ALLOWED_BY_LIMIT: "ImplicitlyDenied",
    Answer.UNDECIDED: "undecided",
}
EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}
"""The policy that AWS attaches everywhere once RCPs are enabled (AWS Organizations User Guide,
RCPFullAWSAccess); the suite leaves it out."""


class Compared(NamedTuple):
    """One case, and what came of it."""

    name: str
    expected: str
    """What the suite says, or why the case cannot be compared."""
    found: str | None
    """What we say; None where it cannot be compared."""


def compared(folder: Path) -> Iterator[Compared]:
    """Go through the suite."""
    for path in sorted(folder.glob("**/*Tests/**/*.json")):
        for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            name = f"{path.relative_to(folder)} [{number}] {case['name']}"
            why = why_not(case)
            if why:
                yield Compared(name, why, None)
            else:
                yield Compared(name, case["expected"]["response"], answered(case))


def why_not(case: Case) -> str | None:
    """Say why a case asks something else than whether one request is allowed."""
    if "request" not in case:
        return "asks for all resources or keys of a pattern, not for one request"
    return next((why for why, applies in OTHER_QUESTIONS.items() if applies(case)), None)


def _is_no_caller(case: Case) -> bool:
    try:
        Caller(case["request"]["principal"])
    except (UnknownCallerError, TypeError):
        return True
    return False


def _is_pattern(request: Case) -> bool:
    """Say whether a request is for more than one resource: a star is one where the action takes none."""
    resource = request["resource"]["resource"]
    bit = catalogue().bit_of(request["action"])
    takes_none = bit is None or arn_shapes().without >> bit & 1
    return any(mark in resource for mark in "*?") and not (resource == "*" and takes_none)


def _attachments(case: Case) -> Iterator[Attachment]:
    policies = policies_of(case)
    yield from policies.own
    yield from policies.session
    yield from (policies.boundary,) if policies.boundary else ()
    yield from (policies.resource,) if isinstance(policies.resource, Attachment) else ()
    for level in (*policies.scps, *policies.rcps):
        yield from level.policies


def policies_of(case: Case) -> Policies:
    """Put the policies of a case together."""
    action = case["request"]["action"].lower()
    is_trust = action.startswith("sts:assumerole") or action in ("sts:tagsession", "sts:setsourceidentity")
    boundaries = case.get("permissionBoundaries")
    resource = case.get("resourcePolicy")
    trust = is_trust and resource is not None and "Resource" not in json.dumps(resource)
    kind = DocumentKind.TRUST if trust else DocumentKind.RESOURCE
    session = case.get("sessionPolicy")
    return Policies(
        own=[attach(each) for each in case["identityPolicies"]],
        boundary=attach(boundaries[0], "boundary") if boundaries else None,
        session=[attach(session, "session policy")] if session else (),
        scps=levels(case.get("serviceControlPolicies", ()), DocumentKind.IDENTITY),
        rcps=levels(case.get("resourceControlPolicies", ()), DocumentKind.RESOURCE, EVERYTHING),
        resource=NotGiven.NONE
        if resource is None
        else attach(written_for_iam(resource), "resource policy", Origin.INLINE, kind),
    )


def written_for_iam(document: Case) -> Case:
    """Write a principal that is named without its kind as IAM takes it; the suite does not always."""
    statements = document["Statement"]
    return {**document, "Statement": [_with_kind(each) for each in statements]}


def _with_kind(statement: Case) -> Case:
    named = {
        key: {"AWS": statement[key]}
        for key in ("Principal", "NotPrincipal")
        if isinstance(statement.get(key), str) and statement[key] != "*"
    }
    return {**statement, **named}


def levels(given: Any, kind: DocumentKind, *always: Case) -> list[Level]:  # noqa: ANN401 - a part of a case
    """Make the levels of an organisation."""
    return [
        Level(
            level["orgIdentifier"],
            tuple(
                attach(each, "policy of the organisation", kind=kind)
                for each in (*level["policies"], *always)
            ),
        )
        for level in given
    ]


def answered(case: Case) -> str:
    """Return our answer in the suite's words."""
    asked = case["request"]
    context = {"aws:PrincipalArn": Caller(asked["principal"]).principal_arn, **asked.get("context", {})}
    request = Request(asked["action"], asked["resource"]["resource"], context)
    ruling = rule(Caller(asked["principal"]), request, policies_of(case), asked["resource"]["accountId"])
    return ANSWERS[ruling.answer]


OTHER_QUESTIONS: Final[dict[str, Callable[[Case], bool]]] = {
    "asks which conditions were ignored": lambda case: bool(
        case.get("simulation", {}).get("mode") == "Discovery" or case.get("simulationOptions")
    ),
    "expects an error of its own input": lambda case: "response" not in case["expected"],
    "policies of VPC endpoints, which nothing here has": lambda case: "endpointPolicies" in case,
    "a request for a pattern of resources": lambda case: _is_pattern(case["request"]),
    "the caller is a service, or nobody": _is_no_caller,
    "a document that IAM refuses": lambda case: any(
        isinstance(each.document, Unreadable) for each in _attachments(case)
    ),
}


def main() -> int:
    """Compare and report."""
    found = list(compared(Path(sys.argv[1])))
    left_out = Counter(each.expected for each in found if each.found is None)
    asked = [each for each in found if each.found is not None]
    differing = [each for each in asked if each.found != each.expected]
    for reason, times in left_out.most_common():
        sys.stdout.write(f"{times:>5} left out: {reason}\n")
    for each in differing:
        sys.stdout.write(f"    {each.found}, the suite {each.expected}: {each.name}\n")
    agree = len(asked) - len(differing)
    sys.stdout.write(f"{len(found)} cases, {len(asked)} comparable, {agree} agree, {len(differing)} do not\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
