"""What binds root users stays: central root access, and the service control policies that deny root.

A pack never sees a deletion. It sees what is left: features that are not asked for any more, a policy that
no longer denies, an organisation that no longer lets such policies count. What has gone altogether it can
miss only where the configuration says that this stack has to keep it (`keeps`).

Sources: IAM User Guide, "Centrally manage root access for member accounts" (the two features, and that they
take trusted access for iam.amazonaws.com); Organizations User Guide, "Service control policies" (they bind
root users of member accounts, and take all features) and its example that denies the root user.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach
from identity_guard.iam.evaluate.decision import Answer, Request, may
from identity_guard.stack.findings import Finding, Outcome, compose, quoted, undecided
from identity_guard.stack.observe import Absent, Known, NotYetKnown, PartlyKnown, text_of
from identity_guard.stack.policy_documents import EVERYTHING, without_its_text
from identity_guard.stack.resource_types import (
    ORGANIZATION,
    ORGANIZATIONS_FEATURES,
    ORGANIZATIONS_POLICY,
    POLICY_TARGET,
)
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .rule import EXCEPTIONS, Level, Reference, Rule, Setting, Settings, Severity

NAME: Final = "root-stays-bound"
CREDENTIALS: Final = "RootCredentialsManagement"
SESSIONS: Final = "RootSessions"
DENIES_ROOT: Final = "deny-root"
SCP: Final = "SERVICE_CONTROL_POLICY"
IAM: Final = "iam.amazonaws.com"
PRINCIPAL: Final = "aws:principalarn"
CALLS: Final = ("iam:CreateAccessKey", "s3:PutBucketPolicy", "kms:PutKeyPolicy", "ec2:RunInstances")
"""What a root user would do to an account: a policy that denies root denies all of them."""
ACCOUNT: Final = "111122223333"

REMEDY: Final = (
    f"keep {CREDENTIALS} and {SESSIONS} enabled with trusted access for {IAM}, and keep a service control "
    "policy attached that denies every action where ArnLike aws:PrincipalArn arn:*:iam::*:root; or say in an "
    "exception who answers for it"
)


class RootStaysBoundJudge:
    """Judges what a stack says of its organisation."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge everything, together with what has to be kept."""
        policies = view.stack.of_type(ORGANIZATIONS_POLICY)
        yield from _each(view.stack.resources.values(), view)
        yield from _organisation_beside(view)
        yield from _kept(view, settings)
        for policy in filter(_means_root, policies):
            if not _is_attached(policy, view):
                yield _detached(policy, view)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge a resource that is about to be made, by itself."""
        del settings
        yield from _each((resource,), view)


def _each(resources: Iterable[Resource], view: View) -> Iterator[Finding]:
    del view
    for resource in resources:
        if resource.type == ORGANIZATIONS_FEATURES:
            yield from _features(resource)
        elif resource.type == ORGANIZATIONS_POLICY:
            yield from _policy(resource)
        elif resource.type == ORGANIZATION:
            yield from _feature_set(resource)


def _feature_set(organisation: Resource) -> Iterator[Finding]:
    if isinstance(organisation.declared.get("featureSet"), NotYetKnown):
        question = f"whether service control policies count in {organisation.label}"
        yield _waiting(question, organisation, "featureSet")
    elif text_of(organisation.identifier("featureSet")) == "CONSOLIDATED_BILLING":
        claim = f"in {organisation.label} no service control policy counts: its featureSet is billing only"
        yield _finding(Outcome.VIOLATION, claim, organisation)


def _features(resource: Resource) -> Iterator[Finding]:
    if isinstance(resource.declared.get("enabledFeatures"), NotYetKnown):
        question = f"whether {resource.label} enables {CREDENTIALS} and {SESSIONS}"
        yield _waiting(question, resource, "enabledFeatures")
        return
    names = resource.declared.listed("enabledFeatures")
    if CREDENTIALS not in names:
        claim = f"{resource.label} leaves root users to themselves: {CREDENTIALS} is not enabled"
        why = ("why", "new member accounts get a root password again, and nobody removes it centrally")
        yield _finding(Outcome.VIOLATION, claim, resource, why)
    elif SESSIONS not in names:
        claim = f"{resource.label} does not enable {SESSIONS}"
        why = ("why", "without it, root's credentials in member accounts cannot be audited or removed")
        yield _finding(Outcome.ADVICE, claim, resource, why)


def _organisation_beside(view: View) -> Iterator[Finding]:
    """Judge an organisation by what else the stack has that takes it."""
    for organisation in view.stack.of_type(ORGANIZATION):
        for name, value, needed in (
            ("awsServiceAccessPrincipals", IAM, view.stack.of_type(ORGANIZATIONS_FEATURES)),
            ("enabledPolicyTypes", SCP, tuple(filter(_means_root, view.stack.of_type(ORGANIZATIONS_POLICY)))),
        ):
            if not needed:
                continue
            if isinstance(organisation.declared.get(name), NotYetKnown):
                question = f"whether {organisation.label} has {value}, which {_names(needed)} takes"
                yield _waiting(question, organisation, name)
                continue
            if value not in organisation.declared.listed(name):
                what = f"`{name}` of {organisation.label} does not have {value}"
                claim = f"{what}, without which {_names(needed)} does nothing"
                yield _finding(Outcome.VIOLATION, claim, organisation)


def _policy(policy: Resource) -> Iterator[Finding]:
    """Judge a policy that is meant to deny root by what it does."""
    document = _document(policy)
    if document is None and _is_unread(policy):
        yield _waiting(f"whether {policy.label} denies root", policy, "content")
        return
    if document is None or not _meant(document):
        return
    answers = {call: _asked_as_root(call, document) for call in CALLS}
    spared = [call for call, answer in answers.items() if answer is not Answer.EXPLICITLY_DENIED]
    if not spared:
        return
    places = quoted(statement.label for statement in document.statements if _names_root(statement))
    if any(answers[call] is Answer.UNDECIDED for call in spared):
        claim = f"undecided: whether {policy.label} denies root; its conditions cannot be decided"
        yield _finding(Outcome.UNDECIDED, claim, policy, ("place", places))
    elif len(spared) == len(CALLS):
        claim = f"{policy.label} is written to deny root users, and denies them nothing of what matters"
        shown = ("for example", f"the root user of a member account may call {spared[0]}")
        yield _finding(Outcome.VIOLATION, claim, policy, ("place", places), shown)
    else:
        claim = f"{policy.label} denies root users a part only"
        shown = ("for example", f"the root user of a member account may call {spared[0]}")
        yield _finding(Outcome.ADVICE, claim, policy, ("place", places), shown)


def _detached(policy: Resource, view: View) -> Finding:
    for target in view.stack.of_type(POLICY_TARGET):
        if _joins_unknown(target):
            return _waiting(f"whether {target.label} attaches {policy.label}", target, "policyId")
    claim = f"{policy.label} denies root and is attached to nothing by this stack"
    return _finding(Outcome.ADVICE, claim, policy)


def _joins_unknown(target: Resource) -> bool:
    """Say whether it is not known yet which policy it attaches, and no dependency tells."""
    unknown = isinstance(target.declared.get("policyId"), NotYetKnown)
    return unknown and not target.by_property.get("policyId")


def _kept(view: View, settings: Settings) -> Iterator[Finding]:
    """Tell what the configuration says that the stack keeps, and which is not there."""
    enabled: set[str] = set()
    for resource in view.stack.of_type(ORGANIZATIONS_FEATURES):
        if isinstance(resource.declared.get("enabledFeatures"), NotYetKnown):
            return  # told for the resource itself
        enabled |= set(resource.declared.listed("enabledFeatures"))
    policies = view.stack.of_type(ORGANIZATIONS_POLICY)
    if any(_is_attached(policy, view) and _denies_root(policy) for policy in policies):
        enabled.add(DENIES_ROOT)
    # A policy or an attachment that is not known yet is told by itself; it may be the one.
    unseen = any(map(_is_unread, policies)) or any(map(_joins_unknown, view.stack.of_type(POLICY_TARGET)))
    for name in settings["keeps"]:
        if name not in enabled and not (name == DENIES_ROOT and unseen):
            claim = f"this stack has to keep `{name}`, by the pack's configuration, and does not have it"
            yield Finding(NAME, Outcome.VIOLATION, compose(claim, remedy=REMEDY))


def _denies_root(policy: Resource) -> bool:
    document = _document(policy)
    return document is not None and all(
        _asked_as_root(call, document) is Answer.EXPLICITLY_DENIED for call in CALLS
    )


def _means_root(policy: Resource) -> bool:
    document = _document(policy)
    return document is not None and _meant(document)


def _is_unread(policy: Resource) -> bool:
    """Say whether it may be a service control policy whose text is not known yet."""
    kind = policy.declared.get("type")
    could_be = isinstance(kind, NotYetKnown) or (text_of(policy.identifier("type")) or SCP) == SCP
    content = policy.declared.get("content")
    if isinstance(content, PartlyKnown) and content.asks_only is not None:
        # What asks for no principal is about no root user, whatever its open parts come to.
        return could_be and PRINCIPAL in content.asks_only
    return could_be and isinstance(content, NotYetKnown)


def _document(policy: Resource) -> Attachment | None:
    if (text_of(policy.identifier("type")) or SCP) != SCP:
        return None
    content = policy.declared.get("content")
    if isinstance(content, Known) and isinstance(content.value, str | dict):
        document = attach(content.value, policy.name, Origin.CUSTOMER_MANAGED)
        return without_its_text(document) if policy.secret else document
    return None


def _meant(document: Attachment) -> bool:
    return any(_names_root(statement) for statement in document.statements)


def _names_root(statement: Statement) -> bool:
    return statement.effect is Effect.DENY and any(
        value.endswith(":root") for value in _principals(statement)
    )


def _principals(statement: Statement) -> Iterator[str]:
    """Return the principals that a condition names."""
    return (value for clause in statement.clauses if clause.key == PRINCIPAL for value in clause.written)


def _asked_as_root(call: str, document: Attachment) -> Answer:
    """Decide a call of a member account's root user, in the partition that the policy names."""
    named = [
        value.split(":")[1] for each in document.statements for value in _principals(each) if ":" in value
    ]
    partition = next((each for each in named if each.startswith("aws") and "*" not in each), "aws")
    context = {
        "aws:PrincipalArn": f"arn:{partition}:iam::{ACCOUNT}:root",
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalType": "Account",
    }
    known = {key.lower() for key in context} | {"aws:assumedroot"}
    # A root user that signed in is no assumed root: the key is absent (IAM User Guide, condition keys).
    keys = {clause.key for each in document.statements for clause in each.clauses} - known
    everything = attach(EVERYTHING, "everything")
    request = Request(call, "*", context, frozenset(keys))
    return may([everything], request, scps=[[everything, document]]).answer


def _is_attached(policy: Resource, view: View) -> bool:
    # A policy's id is the last part of its ARN, and is not among its properties.
    arn = text_of(policy.identifier("arn")) or ""
    ids = {text_of(policy.identifier("id")), arn, arn.rpartition("/")[2]} - {None, ""}
    if not isinstance(policy.declared.get("targetIds"), Absent):
        return True
    for target in view.stack.of_type(POLICY_TARGET):
        if (
            policy.urn in target.by_property.get("policyId", ())
            or text_of(target.identifier("policyId")) in ids
        ):
            return True
    return False


def _names(resources: Iterable[Resource]) -> str:
    return quoted(each.name for each in resources)


def _waiting(question: str, resource: Resource, name: str) -> Finding:
    """Say that a value is not known yet, by its place."""
    observed = resource.declared.get(name)
    place = observed.path if isinstance(observed, NotYetKnown) else name
    why = ("because", f"`{place}` of {resource.label} is not known yet")
    remedy = "give it a value that the preview knows; otherwise the update decides"
    message = compose(undecided(question, waiting=True), [why], remedy)
    return Finding(NAME, Outcome.UNDECIDED, message, resource.urn)


def _finding(outcome: Outcome, claim: str, resource: Resource, *details: tuple[str, str]) -> Finding:
    return Finding(NAME, outcome, compose(claim, details, REMEDY), resource.urn)


RULE: Final = Rule(
    name=NAME,
    title="What binds root users stays",
    description="Central root access stays enabled, and service control policies that deny root deny it.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management",
    judge=RootStaysBoundJudge(),
    references=(Reference("CIS AWS Foundations Benchmark", "7.0.0", "2.1.1"),),
    settings=(
        Setting(
            "keeps",
            {
                "type": "array",
                "items": {"type": "string", "enum": [CREDENTIALS, SESSIONS, DENIES_ROOT]},
                "description": f"What this stack has to keep: `{CREDENTIALS}`, `{SESSIONS}`, `{DENIES_ROOT}` "
                "(an attached service control policy that denies root users)",
            },
            [],
        ),
        *EXCEPTIONS,
    ),
)
