"""What AWS accepts as a name or a text: lengths and characters, each with its source."""

import re
import unicodedata
from dataclasses import dataclass

from identity_center.model.aws.partitions import ARN_PARTITION, partition_of_region
from identity_center.model.mistakes import WrongValueError

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
    reserved: frozenset[str] = frozenset()
    """Names that AWS keeps to itself, in lower case: refused however they are spelt."""

    def check(self, text: str) -> str:
        """Return `text`. Raises WrongValueError, without quoting it, where it breaks the rule."""
        problem = self.problem(text)
        if problem is not None:
            raise WrongValueError(problem, self.remedy())
        if text.casefold() in self.reserved:
            raise WrongValueError("is a name that AWS keeps to itself", "choose another")
        return text

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
#: Names that AWS keeps to itself, for users and groups. Source: API reference of CreateUser and CreateGroup.
_RESERVED_NAMES = frozenset({"administrator", "awsadministrators"})
#: Source: botocore, identitystore, shape UserName.
USER_NAME = TextRule(
    1, 128, "letters, digits, symbols and punctuation, no white space", reserved=_RESERVED_NAMES
)
#: Source: botocore, identitystore, shape SensitiveStringType (names, e-mail, description of a group).
PERSON_TEXT = TextRule(1, 1024, "letters, digits, symbols, punctuation and white space", spaces=_SPACES)
#: Source: botocore, identitystore, shape GroupDisplayName.
GROUP_NAME = TextRule(
    1,
    1024,
    "letters, digits, symbols, punctuation and white space",
    spaces=_SPACES,
    reserved=_RESERVED_NAMES,
)
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


@dataclass(frozen=True)
class Form:
    """A text of one form, such as an ARN. It names no person, so a wrong one is quoted."""

    kind: str
    """What it is: `the ARN of an IAM role`."""
    remedy: str
    """What to write."""
    pattern: re.Pattern[str]
    """What the whole text matches."""

    def check(self, text: str) -> str:
        """Return `text`. Raises WrongValueError where it has another form."""
        if self.pattern.fullmatch(text) is None:
            raise WrongValueError(f"`{text}` is not {self.kind}", self.remedy)
        return text


PORTAL_URL = Form(
    "an address", "write an address that begins with https://", re.compile(r"https://[^\s/]+(/\S*)?")
)
#: Source: botocore, sso-admin, shape ApplicationProviderArn.
APPLICATION_PROVIDER_ARN = Form(
    "the ARN of an application provider",
    "write arn:aws:sso::aws:applicationProvider/custom",
    re.compile(rf"arn:{ARN_PARTITION}:sso::aws:applicationProvider/[a-zA-Z0-9/-]+"),
)


#: Source: botocore, sso-admin, shape RegionName.
REGION = Form(
    "the name of a Region",
    "write it as AWS does: eu-west-1",
    re.compile(r"(?=.{1,32}$)([a-z]+-){2,3}[0-9]"),
)


def additional_region(text: str) -> str:
    """Return the name of a Region that an instance may get. Raises WrongValueError for others.

    Source: IAM Identity Center user guide, "Considerations for choosing an AWS Region": one that is enabled
    by default. Of a Region that is newer than the table, AWS decides.
    """
    partition = partition_of_region(REGION.check(text))
    if text in partition.regions and text not in partition.identity_center_regions:
        raise WrongValueError(
            f"`{text}` is an opt-in Region, and AWS adds none of those",
            "choose one that is enabled by default: " + ", ".join(sorted(partition.identity_center_regions)),
        )
    return text


def attachable(text: str) -> str:
    """Return the name of a customer-managed policy to attach. Raises WrongValueError for one with a comma.

    terraform-provider-aws joins its name, its path and two ARNs by commas, and reads the four back
    (ssoadmin/customer_managed_policy_attachment.go). A permissions boundary is not kept so.
    """
    if "," in text:
        raise WrongValueError(
            "has a comma: the provider attaches it and then cannot read its own id",
            "give the policy a name and a path without commas in its accounts",
        )
    return text


def application_provider(text: str) -> str:
    """Return the ARN of the one provider whose applications the API makes. Raises WrongValueError for others.

    Source: API reference of CreateApplication (no SAML 2.0 applications, none that AWS manages); of the
    catalogue's: hashicorp/terraform-provider-aws, issues 34813 and 45936.
    """
    prefix, _, provider = APPLICATION_PROVIDER_ARN.check(text).partition("/")
    if provider != "custom":
        raise WrongValueError(
            f"`{provider}` is an application provider whose applications no API makes",
            f"write {prefix}/custom, which makes an OAuth 2.0 application; add SAML 2.0 applications and "
            "those of the catalogue in the console, and remove this one here",
        )
    return text


_ROLE = r"([A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+@=_-]{1,64}"
#: Source: botocore, account-access, shapes RoleArn and Application's ARN.
ROLE_ARN = Form(
    "the ARN of an IAM role",
    "write arn:aws:iam::ACCOUNT:role/NAME",
    re.compile(rf"arn:{ARN_PARTITION}:iam::[0-9]{{12}}:role/{_ROLE}"),
)
#: Source: botocore, iam, shapes roleNameType and pathType.
ROLE_NAME = Form(
    "the name of an IAM role",
    "write a name such as Auditor, or path and name such as team/Auditor",
    re.compile(_ROLE),
)
#: Source: botocore, sso-admin, shape InstanceArn.
INSTANCE_ARN = Form(
    "the ARN of an instance",
    "write what `aws sso-admin list-instances` shows: arn:aws:sso:::instance/ssoins-1234567890abcdef",
    re.compile(rf"arn:{ARN_PARTITION}:sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{{16}}"),
)
