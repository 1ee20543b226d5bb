"""The documents of one identity as they read for it: policy variables that are known are replaced.

What documents say to many holders alike is worked out once for all of them: `reading` tells which holders
read them alike.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import CROSS_SERVICE
from identity_guard.iam.catalogue.escalation_paths import services_passed_to
from identity_guard.iam.document.condition import PASSED_TO, replace_variables
from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.questions.proof import SPELLED, Witness

from .organisation import Kind, Layers, Node

PRINCIPAL_TAG: Final = "aws:principaltag/"
OF_PRINCIPALS: Final = ("aws:principal", "aws:username", "aws:userid", "aws:multifactor")
"""How condition keys and variables begin that are about who calls (IAM User Guide,
reference_policies_condition-keys)."""

WITHOUT_MFA: Final = frozenset({Kind.ROLE, Kind.PERMISSION_SET, Kind.PERSON, Kind.DIRECTORY_GROUP})
"""Whose calls say nothing of MFA. What AssumeRole returns has no MFA information in its context, whatever was
shown to get it (IAM User Guide, id_credentials_mfa_configure-api-require), nor has a session of Identity
Center (reference_policies_condition-keys)."""

OF_SESSIONS: Final = (
    "aws:sourceidentity",
    "aws:federatedprovider",
    "aws:chatbotsourcearn",
    "aws:assumedroot",
    *CROSS_SERVICE,
)
"""Keys that come with a role's session and that no user's own credentials carry (IAM User Guide,
reference_policies_condition-keys: aws:SourceIdentity, aws:FederatedProvider, aws:AssumedRoot; the pages that
are named with `CROSS_SERVICE`)."""
OF_USERS: Final = frozenset({Kind.USER, Kind.GROUP})
"""Whose calls are those of IAM users: a group's members are such."""

KnownValues = Mapping[str, tuple[str | None, ...]]


def facts_of(node: Node) -> dict[str, tuple[str | None, ...]]:
    """Return the condition keys, in lower case, of which it is known what a call of the node carries."""
    found: dict[str, tuple[str | None, ...]] = {}
    if node.kind is not Kind.GROUP:
        # Of a group's documents nobody knows which of its members calls.
        found["aws:principalarn"] = _arns(node)
        found["aws:username"] = (node.name,) if node.kind is Kind.USER else (None,)
        found["aws:principaltype"] = ("User",) if node.kind is Kind.USER else ("AssumedRole",)
    if node.kind in OF_USERS:
        found |= dict.fromkeys(OF_SESSIONS, (None,))
    if node.account:
        found["aws:principalaccount"] = (node.account,)
    for key, value in (tags_of(node) or {}).items():
        found[PRINCIPAL_TAG + key.lower()] = (value,)
    if node.kind in WITHOUT_MFA:
        found["aws:multifactorauthpresent"] = found["aws:multifactorauthage"] = (None,)
    return found


def tags_of(node: Node) -> Mapping[str, str] | None:
    """Return the tags that its calls carry; None where they are not known.

    A session's tags take the place of the role's own, and whoever assumes the role chooses them where its
    trust policy allows sts:TagSession (IAM User Guide, id_session-tags).
    """
    return None if node.kind is Kind.ROLE and _takes_session_tags(node) else node.tags


def absent_tags(node: Node, keys: Iterable[str]) -> dict[str, tuple[str | None, ...]]:
    """Return those of some condition keys that are tags of the caller which it is known not to have."""
    tags = tags_of(node)
    if tags is None or node.kind not in (Kind.USER, Kind.ROLE):
        return {}
    held = {PRINCIPAL_TAG + each.lower() for each in tags}
    return {key: (None,) for key in keys if key.startswith(PRINCIPAL_TAG) and key not in held}


def _takes_session_tags(node: Node) -> bool:
    bit = catalogue().mask_of(["sts:TagSession"])
    said = node.trust.statements if node.trust else ()
    return any(each.effect is Effect.ALLOW and each.actions.possible & bit for each in said)


def as_called_by(node: Node, call: Witness) -> Witness:
    """Write who calls into a call. Documents that ask for it were read with it; the others do not ask."""
    facts = facts_of(node)
    context = {key: value for key, value in call.context.items() if key.lower() not in facts}
    for key, values in facts.items():
        if values[0] is not None:
            context[SPELLED.get(key, key)] = values[0]
    return replace(call, context=dict(sorted(context.items())))


def _arns(node: Node) -> tuple[str | None, ...]:
    """Return its ARN; the role of a permission set has the Region of Identity Center in it, or none."""
    if node.kind is not Kind.PERMISSION_SET:
        return (node.arn,)
    with_region = node.arn.replace("/sso.amazonaws.com/", "/sso.amazonaws.com/eu-central-1/")
    return (node.arn, with_region)


def tried_for(facts: KnownValues) -> dict[str, tuple[str, ...]]:
    """Return the values that states are made for whatever the documents name."""
    known = {key: tuple(value for value in values if value is not None) for key, values in facts.items()}
    return {PASSED_TO: services_passed_to(), **known}


def as_read_by(node: Node, layers: Layers) -> Layers:
    """Put what is known of the node in place of the variables in its documents."""
    if not any(map(_has_variables, _statements(layers))):
        return layers
    facts, tags = facts_of(node), tags_of(node)

    def look_up(name: str) -> str | None:
        if name in facts:
            return facts[name][0]
        return None if name.startswith(PRINCIPAL_TAG) and tags is not None else f"${{{name}}}"

    return tuple(tuple(_replaced(attachment, look_up) for attachment in layer) for layer in layers)


def reading(node: Node, layers: Layers) -> Hashable:
    """Return a key that two nodes share where the same documents say the same to both."""
    texts = tuple(tuple(text_key(attachment) for attachment in layer) for layer in layers)
    if any(map(is_about_the_caller, _statements(layers))):
        tags = None if node.tags is None else frozenset(node.tags.items())
        return (texts, node.arn, tags)
    return (texts, node.account, node.kind in WITHOUT_MFA, node.kind in OF_USERS)


def text_key(attachment: Attachment) -> Hashable:
    """Return a key that two attachments share where they have the same text."""
    if not isinstance(attachment.document, Document):
        return id(attachment)
    return _text_key(attachment.document)


def only_denies(layer: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Keep the Denies of documents."""
    return tuple(_only(each, Effect.DENY) for each in layer if isinstance(each.document, Document))


def without_denies(layer: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Leave the Denies of documents out."""
    return tuple(_only(each, Effect.ALLOW) if has_deny(each) else each for each in layer)


def has_deny(document: Attachment) -> bool:
    """Say whether a document denies anything."""
    return any(each.effect is Effect.DENY for each in document.statements)


def _only(attachment: Attachment, effect: Effect) -> Attachment:
    if not isinstance(attachment.document, Document):
        return attachment
    kept = tuple(each for each in attachment.document.statements if each.effect is effect)
    return attachment._replace(document=attachment.document._replace(statements=kept))


def _text_key(document: Document) -> Hashable:
    return (document.version, tuple(map(_statement_key, document.statements)))


def _statement_key(statement: Statement) -> Hashable:
    return (
        statement.effect,
        tuple(statement.action_patterns),
        statement.actions_excluded,
        tuple(statement.resource_patterns),
        statement.resources_excluded,
        statement.principals,
        repr(statement.condition) if statement.condition else "",
    )


def _statements(layers: Layers) -> list[Statement]:
    return [each for layer in layers for attachment in layer for each in attachment.statements]


def _has_variables(statement: Statement) -> bool:
    if not statement.variables:
        return False
    return "${" in "".join(statement.resource_patterns) or any(
        each.has_variables for each in statement.clauses
    )


def is_about_the_caller(statement: Statement) -> bool:
    """Say whether a statement says another thing to another caller."""
    if _has_variables(statement):
        return True
    return bool(statement.condition) and any(each.key.startswith(OF_PRINCIPALS) for each in statement.clauses)


def _replaced(attachment: Attachment, look_up: Callable[[str], str | None]) -> Attachment:
    if not isinstance(attachment.document, Document):
        return attachment
    statements = tuple(_filled(each, look_up) for each in attachment.document.statements)
    return attachment._replace(document=attachment.document._replace(statements=statements))


def _filled(statement: Statement, look_up: Callable[[str], str | None]) -> Statement:
    if not _has_variables(statement):
        return statement
    patterns = [replace_variables(each, look_up) for each in statement.resource_patterns]
    return replace(
        statement,
        resource_patterns=[each for each in patterns if each is not None],
        condition=_filled_condition(statement.condition, look_up),
    )


def _filled_condition(
    condition: Mapping[str, Mapping[str, Any]], look_up: Callable[[str], str | None]
) -> dict[str, dict[str, Any]]:
    return {
        operator: {key: _filled_values(value, look_up) for key, value in block.items()}
        for operator, block in condition.items()
    }


def _filled_values(value: object, look_up: Callable[[str], str | None]) -> object:
    """Fill in one value or a list; one whose variable has no value matches nothing, so it is left out."""
    if isinstance(value, str):
        filled = replace_variables(value, look_up)
        return [] if filled is None else filled
    if isinstance(value, list | tuple):
        found = [_filled_values(each, look_up) for each in value]
        return [each for each in found if each != []]
    return value
