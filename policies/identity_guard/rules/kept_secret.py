"""What a stack keeps secret: judged like everything else, and told without anything of its text.

The engine marks secrets in what it sends (sdk/go/common/resource/sig); the SDK takes the marks off before a
policy sees a value (pulumi/pulumi-policy issue 241). Here the mark is found first, and whoever holds one is
spoken of without the labels of its statements, the resources that they name and the places of mistakes.
"""

from dataclasses import replace
from typing import Any, Final

from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

from identity_guard.iam.attachment import Attachment
from identity_guard.iam.document import Document, Unreadable

NOT_SHOWN: Final = "not shown, since the stack keeps it secret"


def has_secret(raw: Any) -> bool:  # noqa: ANN401 - a property as the engine sends it
    """Say whether a part of something is marked as a secret."""
    if isinstance(raw, dict):
        return raw.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG or any(map(has_secret, raw.values()))
    return isinstance(raw, list) and any(map(has_secret, raw))


def without_its_text(attachment: Attachment) -> Attachment:
    """Return the same document, its statements known by their places only and its mistakes not at all."""
    document = attachment.document
    if isinstance(document, Unreadable):
        return attachment._replace(document=Unreadable((f"the place is {NOT_SHOWN}",)))
    if isinstance(document, Document):
        statements = tuple(replace(each, sid=None) for each in document.statements)
        return attachment._replace(document=document._replace(statements=statements))
    return attachment
