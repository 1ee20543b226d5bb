"""From what an attachment names to the document it means.

AWS-managed policies come from the snapshot that ships with the pack, customer-managed ones from an
`aws.iam.Policy` of the same stack, or from a folder that the pack's configuration names. What is nowhere
is attached without a text, so that a verdict that depends on it is undecided: the pack never calls AWS, and
never takes a document it has not read for harmless.

What a stack keeps secret is judged like everything else, and nothing of its text is told: neither the
labels of its statements, nor the resources that they name, nor the places of mistakes. The engine marks
secrets in what it sends (sdk/go/common/resource/sig), and the SDK takes the marks off before a policy sees
a value (pulumi/pulumi-policy issue 241), so the mark is looked for first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach, managed_attachment, unknown

from .held_policies import HeldPolicy
from .observe import Absent, Known, NotYetKnown, Observed, PartlyKnown, part_of, text_of
from .resource_types import POLICY, Content
from .resources import Resource

NOT_SHOWN: Final = "not shown, since the stack keeps it secret"


def has_secret(raw: Any) -> bool:  # noqa: ANN401 - a property as the engine sends it
    """Say whether a part of something is marked as a secret."""
    if isinstance(raw, dict):
        if raw.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG:
            return True
        parts = [each for each in raw.values() if isinstance(each, dict | list)]
    elif isinstance(raw, list):
        parts = [each for each in raw if isinstance(each, dict | list)]
    else:
        return False
    return bool(parts) and any(map(has_secret, parts))


def without_its_text(attachment: Attachment) -> Attachment:
    """Return the same document, its statements known by their places only and its mistakes not at all."""
    document = attachment.document
    if isinstance(document, Unreadable):
        return attachment._replace(document=Unreadable((f"the place is {NOT_SHOWN}",)))
    if isinstance(document, Document):
        statements = tuple(replace(each, sid=None) for each in document.statements)
        return attachment._replace(document=document._replace(statements=statements))
    return attachment


POLICY_ARN: Final = re.compile(
    r"arn:[^:]*:iam::(?P<account>aws|\d*):policy(?P<path>/(?:.*/)?)(?P<name>[^/]+)"
)
"""Source: IAM User Guide, reference_identifiers. The account of an AWS-managed policy is `aws`."""


EVERYTHING: Final[Mapping[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}
"""What a policy of which nothing is known may say at most."""
NO_STATEMENT: Final[Mapping[str, Any]] = {
    "Effect": "Deny",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::nothing-stands-here/none",
}
"""Stands where a statement is left out, so that the others keep their places. IAM reads no empty list."""
_NOTHING: Final[Mapping[str, Any]] = {"Version": "2012-10-17", "Statement": NO_STATEMENT}


#: Reading a policy takes milliseconds, and a thousand permission sets may hold the same few.
_aws_managed: Final = cache(managed_attachment)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A held policy with the document it means."""

    held: HeldPolicy
    attachment: Attachment
    waiting: str | None = None
    """What the text waits for, where it waits for a value that is not known yet: a property of a resource."""
    policy: Resource | None = None
    """The customer-managed policy of this stack that the document is of."""
    secret: bool = False
    """Whether nothing of the text may be told."""
    at_most: Attachment | None = None
    """Where a part of it is open: the document with every open part giving as much as it can."""
    open_part: str = ""
    """What is open then, and where it stands."""

    @property
    def is_whole(self) -> bool:
        """Whether all of its text is known."""
        return self.attachment.document is not None and self.at_most is None

    def about(self, action: str) -> "Resolved":
        """Return it with the statements about one action alone."""
        attachment = self.attachment.about(action)
        return self if attachment is self.attachment else replace(self, attachment=attachment)

    @property
    def why_open(self) -> str:
        """Why it is not known, or not as a whole."""
        if self.waiting:
            return f"{self.waiting} is not known yet"
        if self.at_most is not None:
            return f"{self.attachment.name}: what `{self.open_part}` comes to is open"
        return f"{self.attachment.name}: {self.attachment.missing}"


class PolicyDocuments:
    """The customer-managed policies of a stack, by every name that attachments use."""

    def __init__(self, supplied: Mapping[str, str] = MappingProxyType({})) -> None:
        """Start with the texts of policies that are made elsewhere, by name."""
        self._supplied = supplied
        self._by_urn: dict[str, Resource] = {}
        self._by_arn: dict[str, Resource] = {}
        self._by_name: dict[tuple[str, str], list[Resource]] = {}
        self._read: dict[tuple[str, str, Origin], Attachment] = {}
        """By text, and what its document is called: hundreds of roles may have the same one."""

    def add(self, resource: Resource) -> None:
        """Take in a resource; anything but a policy is ignored."""
        if resource.type != POLICY:
            return
        self._by_urn[resource.urn] = resource
        if arn := text_of(resource.identifier("arn")):
            self._by_arn[arn] = resource
        if name := text_of(resource.identifier("name")):
            place = (text_of(resource.identifier("path")) or "/", name)
            same = [each for each in self._by_name.get(place, []) if each.urn != resource.urn]
            self._by_name[place] = [*same, resource]

    @property
    def policies(self) -> tuple[Resource, ...]:
        """All of them."""
        return tuple(self._by_urn.values())

    def resolve(self, held: HeldPolicy, account: str | None = None) -> Resolved:
        """Find the document that a held policy means.

        `account` is where a permission set is used: there, and not where the set is made, its references are
        looked up (Identity Center user guide, howtocmp). None where the stack does not show it.
        """
        if isinstance(held.observed, PartlyKnown) and held.content is not Content.DOCUMENT:
            return self._by_default(held, held.observed, account)
        if held.content is Content.DOCUMENT:
            return self._inline(held)
        if held.content is Content.REFERENCE:
            return self._referenced(held, account)
        return self._managed(held)

    def document_of(self, policy: Resource, held: HeldPolicy) -> Resolved:
        """Return the document of a policy of this stack."""
        name = text_of(policy.identifier("name")) or policy.name
        text = policy.declared.get("policy")
        found = self._resolved(held, text, policy, name, Origin.CUSTOMER_MANAGED)
        return replace(found, policy=policy)

    def _by_default(self, held: HeldPolicy, observed: PartlyKnown, account: str | None) -> Resolved:
        """Return the policy that is named by default; what else may be named may say anything."""
        if observed.least is None:
            return Resolved(held, unknown("a policy", f"which one `{observed.path}` names is open"))
        found = self.resolve(replace(held, observed=Known(observed.least)), account)
        everything = attach(EVERYTHING, found.attachment.name, Origin.CUSTOMER_MANAGED)
        return replace(found, held=held, at_most=everything, open_part=observed.path)

    def _inline(self, held: HeldPolicy) -> Resolved:
        if held.holder.type == POLICY:
            return self.document_of(held.holder, held)
        name = f"inline policy `{held.name}`" if held.name else "inline policy"
        return self._resolved(held, held.observed, held.holder, name, Origin.INLINE)

    def _resolved(
        self, held: HeldPolicy, observed: Observed, owner: Resource, name: str, origin: Origin
    ) -> Resolved:
        if isinstance(observed, PartlyKnown):
            least = attach(_NOTHING if observed.least is None else observed.least, name, origin)
            most = attach(EVERYTHING if observed.most is None else observed.most, name, origin)
            return Resolved(held, least, at_most=most, open_part=observed.path)
        if not isinstance(observed, Known):
            return _waiting(held, observed, owner, name, origin)
        if isinstance(observed.value, str | dict):
            attachment = self._attached(observed.value, name, origin)
            shown = without_its_text(attachment) if owner.secret else attachment
            return Resolved(held, shown, secret=owner.secret)
        return Resolved(held, unknown(name, "it is neither a text nor an object", origin))

    def _attached(self, written: str | dict[str, Any], name: str, origin: Origin) -> Attachment:
        """Read a document; equal texts once."""
        if not isinstance(written, str):
            return attach(written, name, origin)
        key = (written, name, origin)
        if key not in self._read:
            self._read[key] = attach(written, name, origin)
        return self._read[key]

    def _managed(self, held: HeldPolicy) -> Resolved:
        arn = text_of(held.observed)
        if arn is None:
            return self._by_dependency(held)
        found = POLICY_ARN.fullmatch(arn)
        if found is None:
            return Resolved(held, unknown("a managed policy", "its ARN cannot be read as one of a policy"))
        if found["account"] == "aws":
            return Resolved(held, _aws_managed(arn))
        if policy := self._by_arn.get(arn):
            return self.document_of(policy, held)
        called = self._by_name.get((found["path"], found["name"]), [])
        same = [each for each in called if _may_be_in(each, found["account"], held.holder)]
        return self._one_of(same, held, found["name"], "its text is not in this stack")

    def _referenced(self, held: HeldPolicy, account: str | None) -> Resolved:
        name, path = part_of(held.observed, "name"), part_of(held.observed, "path")
        known = text_of(name)
        if known is None:
            return self._by_dependency(held, account)
        called = self._by_name.get((text_of(path) or "/", known), [])
        same = [each for each in called if account is not None and each.account == account]
        return self._one_of(same, held, known, _why_not_here(called, account))

    def _one_of(self, same: list[Resource], held: HeldPolicy, name: str, otherwise: str) -> Resolved:
        if len(same) == 1:
            return self.document_of(same[0], held)
        if not same and name in self._supplied:
            return Resolved(held, attach(self._supplied[name], name, Origin.CUSTOMER_MANAGED))
        reason = f"{len(same)} policies of this stack are called that" if same else otherwise
        return Resolved(held, unknown(name, reason))

    def _by_dependency(self, held: HeldPolicy, account: str | None = None) -> Resolved:
        policies = [self._by_urn[urn] for urn in held.sources if urn in self._by_urn]
        if len(policies) != 1:
            return _waiting(held, held.observed, held.holder, "a policy", Origin.CUSTOMER_MANAGED)
        if held.content is Content.REFERENCE and (account is None or policies[0].account != account):
            name = text_of(policies[0].identifier("name")) or policies[0].name
            return Resolved(held, unknown(name, _why_not_here(policies, account)))
        return self.document_of(policies[0], held)


def _may_be_in(policy: Resource, account: str, holder: Resource) -> bool:
    """Say whether a policy is in an account, as that of an identity and of what is attached to it is."""
    if policy.account is not None:
        return policy.account == account
    return policy.provider == holder.provider


def _why_not_here(called: list[Resource], account: str | None) -> str:
    """Say why no text of this stack is that of a permission set's policy."""
    if not called:
        return "its text is not in this stack"
    if account is None:
        return (
            "it is that of each account where the permission set is assigned, and this stack does not show "
            f"which these are; {called[0].label} need not be it"
        )
    elsewhere = [each.account for each in called if each.account is not None]
    if elsewhere:
        return f"its text in account {account} is not in this stack; {called[0].label} is in {elsewhere[0]}"
    return (
        f"its text in account {account} is not in this stack; of {called[0].label} the account is not known "
        "(`allowedAccountIds` of its provider tells it)"
    )


def _waiting(held: HeldPolicy, observed: Observed, owner: Resource, name: str, origin: Origin) -> Resolved:
    if isinstance(observed, NotYetKnown):
        place = f"`{observed.path}` of {owner.label}"
        return Resolved(held, unknown(name, f"{place} is not known yet", origin), place)
    reason = "it has no text" if isinstance(observed, Absent) else "it cannot be read as a policy"
    return Resolved(held, unknown(name, reason, origin))
