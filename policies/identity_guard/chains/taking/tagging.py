"""Tags that somebody sets before a call that asks for them.

Leave that hangs on a tag is as good as given to whoever may set the tag: on the target (`aws:ResourceTag`,
`iam:ResourceTag`), or on oneself (`aws:PrincipalTag`). Tried are the values that conditions name, and none.

Source: IAM API Reference, TagUser, TagRole, UntagUser and UntagRole; IAM User Guide,
access_iam-tags and reference_policies_condition-keys (aws:RequestTag, aws:TagKeys).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from identity_guard.chains.own_documents import PRINCIPAL_TAG
from identity_guard.chains.powers import TAGS, Target, Values
from identity_guard.chains.ways import On
from identity_guard.iam.document.statement import Statement
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.text.wildcard import has_wildcard

MOST_TRIED: Final = 64
"""How many tags are tried for one identity."""
REQUEST_TAG: Final = "aws:RequestTag/"
TAG_KEYS: Final = "aws:TagKeys"
_OF_TAGS: Final = (REQUEST_TAG.lower(), TAG_KEYS.lower())
TAGGING: Final = {
    On.USER: ("iam:TagUser", "iam:UntagUser"),
    On.ROLE: ("iam:TagRole", "iam:UntagRole"),
}
SOURCE: Final = "IAM User Guide, access_iam-tags"


class Tag(NamedTuple):
    """One tag as somebody sets it; a value of None takes it off."""

    key: str
    """In lower case, as conditions have it."""
    value: str | None

    def action(self, on: On) -> str:
        """Return the call that sets it."""
        return TAGGING[on][self.value is None]

    @property
    def asked(self) -> Values:
        """What a condition on the call that sets it finds."""
        named: Values = ((TAG_KEYS.lower(), (self.key,)),)
        return named if self.value is None else (*named, (REQUEST_TAG.lower() + self.key, (self.value,)))

    def on(self, tags: Mapping[str, str] | None) -> dict[str, str] | None:
        """Return some tags with this one set; None where they are not known."""
        if tags is None:
            return None
        others = {key: value for key, value in tags.items() if key.lower() != self.key}
        return others if self.value is None else {**others, self.key: self.value}


def of_targets(statements: Iterable[Statement]) -> list[Tag]:
    """Return the tags of targets that statements ask for."""
    return _asked(statements, TAGS)


def of_callers(statements: Iterable[Statement]) -> list[Tag]:
    """Return the tags of callers that statements ask for."""
    return _asked(statements, (PRINCIPAL_TAG,))


def _asked(statements: Iterable[Statement], prefixes: tuple[str, ...]) -> list[Tag]:
    return list(islice(dict.fromkeys(_named(statements, prefixes)), MOST_TRIED))


def _named(statements: Iterable[Statement], prefixes: tuple[str, ...]) -> Iterator[Tag]:
    for statement in statements:
        for clause in statement.clauses:
            if clause.key.startswith(prefixes):
                key = clause.key.partition("/")[2]
                yield from (Tag(key, value) for value in clause.written if _is_plain(value))
                yield Tag(key, None)


def _is_plain(value: str) -> bool:
    return not has_wildcard(value) and "${" not in value


def retagged(target: Target, tag: Tag) -> Target:
    """Return a target with a tag set."""
    return target._replace(tags=tag.on(target.tags))


def carrying(call: Witness, tag: Tag) -> Witness:
    """Write a tag into the call that sets it."""
    others = {key: value for key, value in call.context.items() if not key.lower().startswith(_OF_TAGS)}
    value = {} if tag.value is None else {REQUEST_TAG + tag.key: tag.value}
    return replace(call, context=dict(sorted({**others, TAG_KEYS: tag.key, **value}.items())))


def with_tag(way: str) -> str:
    """Name a way that a tag opens."""
    return f"set-tag and {way}"
