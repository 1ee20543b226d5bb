"""Compare with iam-simulate by every policy: `python -m tests.differential.whole_requests SEED N FOLDER`.

As `against_peer`, with all that has a say: resources' policies with their principals, key and trust
policies, RCPs, session policies, callers that are users or sessions, and resources of another account.
"""

import itertools
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from identity_guard.iam import Attachment, DocumentKind, Origin, Unreadable, attach
from identity_guard.iam.evaluate.decision import Request
from identity_guard.iam.requests.caller import Caller
from identity_guard.iam.requests.layers import Level
from identity_guard.iam.requests.ruling import NotGiven, Policies, rule
from tests.differential import against_peer as peer
from tests.differential import generator
from tests.differential.comparison import ANSWERS
from tests.differential.occurrences import Case

ACCOUNT, OTHER = "111122223333", "444455556666"
USER: Final = f"arn:aws:iam::{ACCOUNT}:user/alice"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION: Final = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run-1"
KEY: Final = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0123"
CALLS: Final = [
    *peer.CALLS,
    ("kms:Decrypt", KEY),
    ("kms:ListKeys", "*"),
    ("sts:GetCallerIdentity", "*"),
    ("s3:GetObject", "arn:aws:s3:::home/alice/notes.txt"),
    ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
]
PRINCIPALS: Final[list[Any]] = [
    "*",
    {"AWS": "*"},
    {"AWS": USER},
    {"AWS": ROLE},
    {"AWS": SESSION},
    {"AWS": ACCOUNT},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/eve", OTHER]},
    {"AWS": [USER, ACCOUNT]},
    {"AWS": [ROLE, ACCOUNT]},
]
EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}
"""What AWS attaches everywhere beside RCPs of one's own (RCPFullAWSAccess); the peer adds it itself."""
RCP_ACTIONS: Final = ["s3:*", "s3:*Object", "s3:PutObject", "sts:AssumeRole", "kms:Decrypt", "kms:*", "sts:*"]
IN_A_HUNDRED: Final = {
    "resource policy": 65,
    "session policy": 30,
    "RCP": 30,
    "another account": 30,
    "NotPrincipal": 12,
}
"""How often each occurs, where it can."""
LEAST: Final = 1_000
EXCLUDED_VARIABLE: Final = re.compile(r'Not\w+": (\{"[^"]+": )?(\[[^\]]*|"[^"]*)\$\{aws:username')
"""`${aws:username}`, which a session has not, under NotResource or an operator that negates."""
SHORT: Final = ('"arn:*"', '"arn:aws:*"', '"?*"', '"**"')
OF_AWS: Final = ":aws:policy/"


class Maker:
    """Makes requests with everything that has a say from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point
        words = peer.vocabulary()
        vocabulary = generator.Vocabulary(
            CALLS, [*words.action_patterns, "kms:*"], words.resource_patterns, words.families
        )
        self.made = generator.Generator(seed, vocabulary)

    def case(self) -> Case:
        """Return one request."""
        case = self.made.case()
        service = case["action"].partition(":")[0].lower()
        is_user = self.random.random() < 0.5
        caller = USER if is_user else SESSION
        context = {
            k: v for k, v in peer.ordinary(case["context"]) if k not in ("aws:username", "aws:PrincipalArn")
        }
        context["aws:PrincipalArn"] = USER if is_user else ROLE
        if is_user:
            context["aws:username"] = "alice"
        foreign = service == "s3" and case["resource"] != "*" and self._chance("another account")
        has_policy = service in ("s3", "kms", "sts") and case["resource"] != "*"
        return case | {
            "principal": caller,
            "context": context,
            "account": OTHER if foreign else ACCOUNT,
            "resourcePolicy": self._resource_policy(case)
            if has_policy and self._chance("resource policy")
            else None,
            "session": self.made.limit(case["context"])
            if not is_user and self._chance("session policy")
            else None,
            "rcps": [[self._rcp(case)]] if self._chance("RCP") else [],
        }

    def _chance(self, what: str) -> bool:
        return self.random.random() * 100 < IN_A_HUNDRED[what]

    def _resource_policy(self, case: Case) -> Case:
        document = self.made.document(case["context"])
        is_trust = case["action"].lower().startswith("sts:")
        statements = document["Statement"]
        return {
            **document,
            "Statement": [
                self._of_resource(each, is_trust=is_trust)
                for each in (statements if isinstance(statements, list) else [statements])
            ],
        }

    def _of_resource(self, statement: Case, *, is_trust: bool) -> Case:
        taken = ("Resource", "NotResource") if is_trust else ()
        kept = {key: value for key, value in statement.items() if key not in taken}
        name = "NotPrincipal" if self._chance("NotPrincipal") and not is_trust else "Principal"
        return {**kept, name: self.random.choice(PRINCIPALS)}

    def _rcp(self, case: Case) -> Case:
        """Return an RCP as AWS takes it: Denies of actions of some services, for everybody."""
        statements = self.made.document(case["context"])["Statement"]
        found = []
        for each in statements if isinstance(statements, list) else [statements]:
            kept = {key: value for key, value in each.items() if key not in ("NotAction", "Action")}
            actions = self.random.sample(RCP_ACTIONS, self.random.choice((1, 1, 2)))
            found.append({**kept, "Action": actions, "Principal": "*", "Effect": "Deny"})
        return {"Version": "2012-10-17", "Statement": found}


def documents_of(case: Case) -> list[Case]:
    """Return every document of a case beyond those that `against_peer` knows."""
    more = [case["resourcePolicy"], case["session"], *(each for level in case["rcps"] for each in level)]
    return [each for each in more if each is not None]


def _names(case: Case, which: str) -> Iterator[tuple[str, list[str]]]:
    for statement in (case["resourcePolicy"] or {"Statement": []})["Statement"]:
        if which in statement:
            named = statement[which]
            names = named if isinstance(named, str) else named["AWS"]
            yield statement["Effect"], [names] if isinstance(names, str) else names


LEFT_OUT: Final[dict[str, Callable[[Case], bool]]] = {
    "a session that a resource's policy names, or lets in as everybody, beside a session policy or boundary: "
    "not limited by them (policy-eval-denyallow), which the peer does not know": lambda case: (
        case["principal"] == SESSION
        and (case["session"] is not None or case["boundary"] is not None)
        and any(
            effect == "Allow" and {SESSION, "*"} & {*names} for effect, names in _names(case, "Principal")
        )
    ),
    "an ARN pattern of fewer than six parts in an RCP: not documented": lambda case: any(
        pattern in json.dumps(case["rcps"]) for pattern in SHORT
    ),
    "a role or a key without a policy of its own: there is none": lambda case: (
        case["resourcePolicy"] is None
        and case["resource"] != "*"
        and case["action"].lower().startswith(("sts:", "kms:"))
    ),
    "a variable without a value, in what a statement excludes: not documented": lambda case: (
        case["principal"] == SESSION and bool(EXCLUDED_VARIABLE.search(json.dumps(case)))
    ),
    "NotPrincipal: with Allow it is not supported, and with Deny an account that is not named may be denied "
    "(reference_policies_elements_notprincipal)": lambda case: any(_names(case, "NotPrincipal")),
}


def cases(seed: int, left_out: Counter[str]) -> Iterator[Case]:
    """Yield requests on which the two should agree, without end."""
    made = Maker(seed)
    while True:
        case = made.case()
        every = case | {"documents": [*case["documents"], *documents_of(case)]}
        reasons = (
            *((name for name, applies in LEFT_OUT.items() if applies(case))),
            *((name for name, applies in peer.LEFT_OUT.items() if applies(every))),
        )
        if reasons:
            left_out[reasons[0]] += 1
        else:
            yield case


def policies_of(case: Case) -> Policies:
    """Read every policy that has a say."""
    is_trust = case["action"].lower().startswith("sts:assume")
    resource = case["resourcePolicy"]
    kind = DocumentKind.TRUST if is_trust else DocumentKind.RESOURCE
    return Policies(
        [_read(each) for each in case["documents"]],
        _read(case["boundary"]) if case["boundary"] else None,
        [_read(case["session"])] if case["session"] else (),
        [Level(str(n), tuple(map(_read, level))) for n, level in enumerate(case["scps"])],
        [
            Level(str(n), tuple(_read(e, DocumentKind.RESOURCE) for e in (EVERYTHING, *level)))
            for n, level in enumerate(case["rcps"])
        ],
        _read(resource, kind) if resource else NotGiven.NONE,
    )


def caller_of(case: Case) -> Caller:
    """Return who calls."""
    return Caller(case["principal"], ROLE if case["principal"] == SESSION else None)


def ruled(case: Case) -> str:
    """Return our answer."""
    request = Request(case["action"], case["resource"], case["context"])
    return ANSWERS[rule(caller_of(case), request, policies_of(case), case["account"]).answer]


def _read(document: Case, kind: DocumentKind = DocumentKind.IDENTITY) -> Attachment:
    found = attach(json.dumps(document), "p", Origin.INLINE, kind)
    if isinstance(found.document, Unreadable):
        raise ValueError(f"{found.document.reasons}: {document}")  # noqa: TRY004 - the text is wrong
    return found


def occurrences(case: Case) -> Iterator[str]:
    """Name what a case has."""
    yield "caller: a session" if case["principal"] == SESSION else "caller: a user"
    for name, there in (
        ("resource policy", case["resourcePolicy"]),
        ("session policy", case["session"]),
        ("RCP", case["rcps"]),
        ("SCP", case["scps"]),
        ("boundary", case["boundary"]),
        ("another account", case["account"] == OTHER),
    ):
        if there:
            yield name
    yield from (f"principal: {name}" for _, names in _names(case, "Principal") for name in names)


def main() -> int:
    """Compare and report."""
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).resolve()
    left_out: Counter[str] = Counter()
    occurred: Counter[str] = Counter()
    differing: list[str] = []
    for case, answer in peer.answers(itertools.islice(cases(seed, left_out), count), folder):
        occurred.update([f"answer {answer}", *occurrences(case)])
        actual = ruled(case)
        # Which of two refusals comes first AWS does not say of what it keeps to itself.
        is_refused_anyway = OF_AWS in case["resource"] and "allow" not in (actual, answer)
        if actual != answer and not is_refused_anyway:
            differing.append(f"evaluator {actual}, peer {answer}: {json.dumps(case)}")
    for reason, times in left_out.most_common():
        sys.stdout.write(f"{times:>9} left out: {reason}\n")
    for name, times in sorted(occurred.items()):
        sys.stdout.write(f"{times:>9}  {name}\n")
    for each in differing[:10]:
        sys.stdout.write(f"{each}\n")
    sys.stdout.write(f"{count} requests of seed {seed} compared, {len(differing)} differ\n")
    seldom = [name for name, times in occurred.items() if times < LEAST and count >= 100 * LEAST]
    return 1 if differing or seldom else 0


if __name__ == "__main__":
    raise SystemExit(main())
