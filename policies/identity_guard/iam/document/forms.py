"""How Sids, actions, resources and principals are written, as far as IAM refuses other forms.

A document with such a form is never stored: what a checker reads into it nobody has. Sources: IAM User Guide,
reference_policies_elements_sid (letters and digits), reference_policies_elements_action (a service's prefix
and a name), reference_policies_elements_resource and reference-arns (an ARN, or a star), its note that
variables stand in the last part of an ARN only, and reference_policies_elements_principal (no wildcard
in a part of a principal's name); IAM's own messages "must be prefaced by a vendor" and "must be in ARN format
or a star".
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

SID: Final = re.compile(r"[A-Za-z0-9]*", re.ASCII)
ARN: Final = "arn:"
WILDCARD: Final = re.compile(r"[*?$]")
"""What stands for other text: a wildcard, or where a variable may open."""
ARN_COLONS: Final = 5
"""How many colons come before the part of an ARN that names the resource."""
ACCOUNT_DIGITS: Final = 12
NO_PRINCIPALS: Final = ("group/", "policy/", "instance-profile/", "saml-provider/", "oidc-provider/")
"""How the last part of an ARN begins that names what IAM has, but nobody who calls (IAM User Guide,
reference_policies_elements_principal: "You cannot identify a user group as a principal")."""
VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})")
"""Where a policy variable opens; `${*}`, `${?}` and `${$}` are plain characters."""


def mistakes_of_sid(sid: str) -> Iterator[str]:
    """Yield what is wrong with a Sid."""
    if not SID.fullmatch(sid):
        yield f"`{sid[:60]}` has other characters than letters and digits"


def mistakes_of_actions(patterns: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with actions."""
    for pattern in patterns:
        if ":" not in pattern and not {"*", "?"} & {*pattern}:
            yield f"`{pattern[:60]}` names no service; expected `service:Action` or `*`"


def mistakes_of_resources(patterns: Iterable[str], *, variables: bool) -> Iterator[str]:
    """Yield what is wrong with resources; `variables` says whether the document's version has them."""
    for pattern in patterns:
        opens = VARIABLE.search(pattern) if variables and "$" in pattern else None
        if opens and pattern.count(":", 0, opens.start()) < ARN_COLONS:
            yield f"`{pattern[:60]}` has a variable before the fifth colon, where IAM takes none"
        elif not _may_be_arn(pattern):
            yield f"`{pattern[:60]}` is no ARN; expected one, or `*`"


def _may_be_arn(pattern: str) -> bool:
    """Say whether a pattern begins as an ARN does, as far as it is written out."""
    begins = WILDCARD.split(pattern, 1)[0]
    return bool(pattern) and (begins.startswith(ARN) or ARN.startswith(begins))


def mistakes_of_principals(names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the names of AWS principals."""
    for name in names:
        if name != "*" and {"*", "?"} & {*name}:
            yield f"`{name[:80]}` has a wildcard in a part of a name, where IAM takes none"
        elif not _may_call(name):
            yield f"`{name[:80]}` is no account, user, role or session"


def _may_call(name: str) -> bool:
    """Say whether a name can be a principal's, as far as its account and its kind tell."""
    if name.isdigit():
        return len(name) == ACCOUNT_DIGITS
    parts = name.split(":", ARN_COLONS)
    if len(parts) <= ARN_COLONS or parts[2] != "iam":
        return True
    region, account, named = parts[3:]
    of_twelve = not account.isdigit() or len(account) == ACCOUNT_DIGITS
    return of_twelve and not region and not named.startswith(NO_PRINCIPALS)
