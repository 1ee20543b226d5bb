"""What AWS accepts as a name or a text: lengths and characters, each with its source."""

import re
import unicodedata
from dataclasses import dataclass

#: AWS writes them as `\p{L}\p{M}\p{S}\p{N}\p{P}`: letters, marks, symbols, numbers, punctuation.
_PRINTED = frozenset("LMSNP")
#: White space that AWS allows in names of people and groups, beside the printed characters.
_SPACES = frozenset("\t\n\r \u00a0\u3000")


@dataclass(frozen=True)
class TextRule:
    """Lengths and characters of one kind of text; `words` says them to a reader."""

    shortest: int
    longest: int
    words: str
    pattern: re.Pattern[str] | None = None
    """What the whole text matches; None: Unicode characters by category, and `spaces`."""
    spaces: frozenset[str] = frozenset()
    """Characters that are allowed beside those of the categories."""
    categories: frozenset[str] = _PRINTED
    """First letters of the Unicode categories that are allowed, where there is no pattern."""
    fault: str = "has characters that AWS refuses"
    """What is said of a text of the right length that is not allowed."""

    def problem(self, text: str) -> str | None:
        """Say what is wrong with `text`, without quoting it, or return None."""
        if not text and self.shortest:
            return "is empty"
        if not self.shortest <= len(text) <= self.longest:
            return f"has {len(text)} character{'s' * (len(text) != 1)}"
        return None if self._allows(text) else self.fault

    def remedy(self) -> str:
        """Say what may be written."""
        return f"write {self.shortest} to {self.longest} characters: {self.words}"

    def _allows(self, text: str) -> bool:
        if self.pattern is not None:
            return self.pattern.fullmatch(text) is not None
        return all(unicodedata.category(c)[0] in self.categories or c in self.spaces for c in text)


#: Keys name resources and are joined by `/`, so `/` is not in them. This one is ours, not AWS's.
KEY = TextRule(
    1,
    100,
    "letters, digits and . _ @ + -, beginning with a letter or digit",
    pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*"),
    fault="has characters that a key may not have",
)
#: Source: botocore, identitystore, shape UserName.
USER_NAME = TextRule(1, 128, "letters, digits, symbols and punctuation, no white space")
#: Source: botocore, identitystore, shape SensitiveStringType (names, e-mail, description of a group).
PERSON_TEXT = TextRule(1, 1024, "letters, digits, symbols, punctuation and white space", spaces=_SPACES)
#: Source: botocore, identitystore, shape GroupDisplayName.
GROUP_NAME = TextRule(1, 1024, "letters, digits, symbols, punctuation and white space", spaces=_SPACES)
#: Source: botocore, sso-admin, shape PermissionSetName. `\w` of the service is ASCII.
PERMISSION_SET_NAME = TextRule(
    1, 32, "letters, digits and _ + = , . @ -", pattern=re.compile(r"[\w+=,.@-]+", re.ASCII)
)
#: Source: botocore, sso-admin, shape PermissionSetDescription. The provider accepts more than the service.
PERMISSION_SET_DESCRIPTION = TextRule(
    1,
    700,
    "western European letters, digits and punctuation (Latin-1: no long dashes, curly quotes or emoji)",
    pattern=re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]*"),
)
#: Source: botocore, sso-admin, shape RelayState.
RELAY_STATE = TextRule(
    1,
    240,
    "an address of the console, without characters that addresses do not have",
    pattern=re.compile(r"""[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+\[\] (){}]+"""),
)
_TAG_CATEGORIES, _TAG_SIGNS = frozenset("LZN"), frozenset("_.:/=+-@")
#: Sources: botocore, sso-admin, shapes TagKey and TagValue.
TAG_KEY = TextRule(
    1, 128, "letters, digits, spaces and _ . : / = + - @", spaces=_TAG_SIGNS, categories=_TAG_CATEGORIES
)
TAG_VALUE = TextRule(
    0, 256, "letters, digits, spaces and _ . : / = + - @", spaces=_TAG_SIGNS, categories=_TAG_CATEGORIES
)
#: Source: botocore, sso-admin, shape AccessControlAttributeKey.
ATTRIBUTE_NAME = TAG_KEY
#: Source: botocore, sso-admin, shape AccessControlAttributeValueSource; the empty one says nothing.
ATTRIBUTE_SOURCE = TextRule(
    1,
    256,
    "a path of the identity source such as ${path:enterprise.costCenter}",
    spaces=_TAG_SIGNS | frozenset('[]{}$\\"'),
    categories=_TAG_CATEGORIES,
)
#: Source: botocore, sso-admin, shape ApplicationNameType.
APPLICATION_NAME = TextRule(1, 100, "any characters", pattern=re.compile(r"[\S\s]*"))
#: Source: botocore, sso-admin, shape Description of applications.
APPLICATION_DESCRIPTION = TextRule(1, 128, "any characters", pattern=re.compile(r"[\S\s]*"))
#: Source: botocore, sso-admin, shape ApplicationUrl.
APPLICATION_URL = TextRule(
    1,
    512,
    "an address that begins with https:// or http://",
    pattern=re.compile(r"https?://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]"),
    fault="is not an address",
)
#: Sources: botocore, sso-admin, shapes ManagedPolicyPath and ManagedPolicyName, one after the other.
CUSTOMER_POLICY = TextRule(
    1,
    640,
    "a name such as Deploy, or a path and a name such as /team/Deploy",
    pattern=re.compile(r"(/?([A-Za-z0-9.,+@=_-]+/)*)[\w+=,.@-]{1,128}", re.ASCII),
    fault="is not the name of a customer-managed policy",
)
#: An address needs something on both sides of one @. AWS checks no more than the characters.
EMAIL = TextRule(
    3,
    1024,
    "an address such as name@example.com",
    pattern=re.compile(r"[^\s@]+@[^\s@]+"),
    fault="is not an e-mail address",
)

#: Names that AWS keeps to itself, for users and groups. Source: API reference of CreateUser and CreateGroup.
RESERVED_NAMES = frozenset({"administrator", "awsadministrators"})
