"""Tags that somebody sets before a call that asks for them.

Leave that hangs on a tag is as good as given to whoever may set the tag: on the target (`aws:ResourceTag`,
`iam:ResourceTag`), or on oneself (`aws:PrincipalTag`). Tried are the values that conditions name, and none;
what hangs on others is undecided.

Source: IAM API Reference, TagUser, TagRole, UntagUser and UntagRole; IAM User Guide,
access_iam-tags and reference_policies_condition-keys (aws:RequestTag, aws:TagKeys).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from identity_guard.chains.own_documents import PRINCIPAL_TAG
from identity_guard.chains.powers import TAGS, Target
from identity_guard.chains.tried_values import Values
from identity_guard.chains.ways import On
from identity_guard.iam.document.statement import Statement
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.text.wildcard import instance

MOST_TRIED: Final = 64
"""How many tags are tried for one identity; what hangs on others is left open."""
REQUEST_TAG: Final = "aws:RequestTag/"
TAG_KEYS: Final = "aws:TagKeys"
VARIABLE: Final = "${"
FILLED: Final = "x"
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


class Tags(NamedTuple):
    """The tags that conditions ask for, and whether these are all that could matter."""

    tried: tuple[Tag, ...]
    whole: bool

    @property
    def or_another(self) -> tuple[Tag | None, ...]:
        """Those to try, and None where any other might matter."""
        return self.tried if self.whole else (*self.tried, None)


class Taggable(NamedTuple):
    """Who may be given a tag, for certain and perhaps: sets of identities."""

    certain: int = 0
    possible: int = 0

    def among(self, nodes: int) -> Iterator[tuple[int, bool]]:
        """Part some identities into those that may be tagged for certain, and those that perhaps may."""
        yield nodes & self.certain, True
        yield nodes & self.possible & ~self.certain, False


def of_targets(statements: Iterable[Statement]) -> Tags:
    """Return the tags of targets that statements ask for."""
    return _asked(statements, TAGS)


def of_callers(statements: Iterable[Statement]) -> Tags:
    """Return the tags of callers that statements ask for."""
    return _asked(statements, (PRINCIPAL_TAG,))


def _asked(statements: Iterable[Statement], prefixes: tuple[str, ...]) -> Tags:
    named = tuple(dict.fromkeys(_named(statements, prefixes)))
    plain = tuple(each for each in named if each.value is None or VARIABLE not in each.value)
    return Tags(plain[:MOST_TRIED], len(named) == len(plain) <= MOST_TRIED)


def _named(statements: Iterable[Statement], prefixes: tuple[str, ...]) -> Iterator[Tag]:
    for statement in statements:
        for clause in statement.clauses:
            if clause.key.startswith(prefixes):
                key = clause.key.partition("/")[2]
                yield from (Tag(key, _matching(value)) for value in clause.written)
                yield Tag(key, None)


def _matching(value: str) -> str:
    """Return a value that a pattern matches; the value of a tag has no wildcard in it."""
    return value if VARIABLE in value else instance(value, FILLED)


def retagged(target: Target, tag: Tag | None) -> Target:
    """Return a target with a tag set, or with tags that nobody knows."""
    return target._replace(tags=tag and tag.on(target.tags))


def carrying(call: Witness, tag: Tag) -> Witness:
    """Write a tag into the call that sets it."""
    others = {key: value for key, value in call.context.items() if not key.lower().startswith(_OF_TAGS)}
    value = {} if tag.value is None else {REQUEST_TAG + tag.key: tag.value}
    return replace(call, context=dict(sorted({**others, TAG_KEYS: tag.key, **value}.items())))


def with_tag(way: str) -> str:
    """Name a way that a tag opens."""
    return f"set-tag and {way}"
