"""An account as `aws iam get-account-authorization-details` prints it, as an organisation.

Source of the layout: IAM API Reference, GetAccountAuthorizationDetails. Several accounts, each in a file of
its own, make one organisation.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach, managed_attachment, unknown
from identity_guard.iam.text.arn import ACCOUNT_PART

from .organisation import NOTHING_KNOWN, Above, Kind, ManagedPolicy, Node, Organisation, scps_of

Json = Mapping[str, Any]

LISTS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


class NoAuthorizationDetailsError(ValueError):
    """What was given is none of what the call prints."""


def organisation_of(files: Iterable[Json], above: Above = NOTHING_KNOWN) -> Organisation:
    """Read one answer for each account. Raises NoAuthorizationDetailsError with what is wrong."""
    return joined((AccountDetails(given, above) for given in files), above)


def joined(accounts: Iterable["AccountDetails"], above: Above = NOTHING_KNOWN) -> Organisation:
    """Make one organisation of accounts that were read."""
    nodes: list[Node] = []
    policies: list[ManagedPolicy] = []
    members: dict[Node, list[Node]] = {}
    for read in accounts:
        nodes += read.nodes
        policies += read.policies()
        members.update(read.members)
    return Organisation(nodes, policies, members, management_account=above.management_account)


class AccountDetails:
    """One answer. Raises NoAuthorizationDetailsError where it is none."""

    def __init__(self, given: Json, above: Above = NOTHING_KNOWN) -> None:
        """Read the four lists, each document once: hundreds of roles may have the same."""
        self._above = above
        self._managed_policies: dict[str, Attachment] = {}
        self._written: dict[tuple[str, str, DocumentKind], Attachment] = {}
        if given.get("IsTruncated"):
            raise NoAuthorizationDetailsError("it is a part only: ask again without --max-items")
        for name in LISTS:
            if not isinstance(given.get(name), list):
                raise NoAuthorizationDetailsError(
                    f"it has no list `{name}`: aws iam get-account-authorization-details prints four lists"
                )
        self._texts = {str(each["Arn"]): _default_version(each) for each in given["Policies"]}
        self._older = {str(each["Arn"]): tuple(_older_versions(each)) for each in given["Policies"]}
        self._holders: dict[str, tuple[list[Node], list[Node]]] = {}
        groups = {str(each["GroupName"]): each for each in given["GroupDetailList"]}
        found = {name: self._node(Kind.GROUP, name, each, (each,)) for name, each in groups.items()}
        self.members: dict[Node, list[Node]] = {}
        self.nodes = list(found.values())
        for each in given["UserDetailList"]:
            of_user = [groups[name] for name in each.get("GroupList", ()) if name in groups]
            user = self._node(Kind.USER, str(each["UserName"]), each, (each, *of_user))
            self.nodes.append(user)
            for name in each.get("GroupList", ()):
                if name in found:
                    self.members.setdefault(found[name], []).append(user)
        for each in given["RoleDetailList"]:
            self.nodes.append(self._node(Kind.ROLE, str(each["RoleName"]), each, (each,)))

    def policies(self) -> Iterator[ManagedPolicy]:
        """Return the customer-managed policies: those that somebody holds or is bounded by, and the rest."""
        for arn in dict.fromkeys((*self._holders, *self._older)):
            if not _is_of_aws(arn):
                holders, bounds = self._holders.get(arn, ((), ()))
                account, older = arn.split(":")[ACCOUNT_PART], self._older.get(arn)
                yield ManagedPolicy(arn, account, tuple(holders), tuple(bounds), older, self._managed(arn))

    def _node(self, kind: Kind, name: str, each: Json, holding: Sequence[Json]) -> Node:
        arn = str(each["Arn"])
        boundary = (each.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        node = Node(
            kind,
            name,
            arn,
            arn.split(":")[ACCOUNT_PART],
            tuple(document for one in holding for document in self._documents(one)),
            self._managed(str(boundary)) if boundary else None,
            boundary,
            scps=scps_of(arn, self._above),
            trust=self._trust(each),
            tags={str(tag["Key"]): str(tag["Value"]) for tag in each.get("Tags", ())},
        )
        for one in holding:
            for attached in one.get("AttachedManagedPolicies", ()):
                self._holders.setdefault(str(attached["PolicyArn"]), ([], []))[0].append(node)
        if boundary:
            self._holders.setdefault(str(boundary), ([], []))[1].append(node)
        return node

    def _documents(self, each: Json) -> Iterator[Attachment]:
        for list_name in ("UserPolicyList", "GroupPolicyList", "RolePolicyList"):
            for inline in each.get(list_name, ()):
                name = f"inline policy `{inline['PolicyName']}`"
                yield self._read(inline["PolicyDocument"], name)
        for attached in each.get("AttachedManagedPolicies", ()):
            yield self._managed(str(attached["PolicyArn"]))

    def _trust(self, each: Json) -> Attachment | None:
        document = each.get("AssumeRolePolicyDocument")
        return self._read(document, "trust policy", DocumentKind.TRUST) if document else None

    def _read(self, document: object, name: str, kind: DocumentKind = DocumentKind.IDENTITY) -> Attachment:
        text = _decoded(document)
        key = (text if isinstance(text, str) else json.dumps(text), name, kind)
        if key not in self._written:
            self._written[key] = attach(text, name, Origin.INLINE, kind)
        return self._written[key]

    def _managed(self, arn: str) -> Attachment:
        if arn not in self._managed_policies:
            self._managed_policies[arn] = self._read_managed(arn)
        return self._managed_policies[arn]

    def _read_managed(self, arn: str) -> Attachment:
        text = self._texts.get(arn)
        if text is not None:
            return attach(text, arn.rpartition("/")[2], Origin.CUSTOMER_MANAGED)
        return managed_attachment(arn) if _is_of_aws(arn) else unknown(arn, "its text is not in the answer")


def _default_version(policy: Json) -> str | Json | None:
    for version in policy.get("PolicyVersionList", ()):
        if version.get("IsDefaultVersion"):
            return _decoded(version.get("Document"))
    return None


def _older_versions(policy: Json) -> Iterator[Attachment]:
    """Yield the versions that are not in force: the call prints the text of each."""
    for version in policy.get("PolicyVersionList", ()):
        if not version.get("IsDefaultVersion"):
            name = f"version {version.get('VersionId')} of {policy.get('PolicyName')}"
            yield attach(_decoded(version.get("Document")), name, Origin.CUSTOMER_MANAGED)


def _decoded(document: Any) -> str | Json:  # noqa: ANN401 - a text or an object, as the call or a tool prints it
    """Read a document: the API has it percent-encoded, the AWS CLI as an object."""
    if isinstance(document, Mapping):
        return document
    return unquote(str(document))


def _is_of_aws(arn: str) -> bool:
    return arn.split(":")[ACCOUNT_PART] == "aws"
