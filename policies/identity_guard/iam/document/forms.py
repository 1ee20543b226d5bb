"""How Sids, actions, resources and principals are written, as far as IAM refuses other forms.

A document with such a form is never stored: what a checker reads into it nobody has. Sources: IAM User
Guide, reference_policies_grammar, reference_policies_elements_sid (letters and digits),
reference_policies_elements_action (a service's prefix and a name), reference_policies_elements_resource and
reference-arns (an ARN, or a star), its note that variables stand in the last part of an ARN only,
reference_policies_variables (in no principal), and reference_policies_elements_principal (no wildcard in a
part of a principal's name). IAM's own messages say the rest: "Action vendors (e.g., aws, ec2, etc.) must
not contain wildcards", "Actions/Condition can contain only one colon", "must be prefaced by a vendor",
"Policy statement must contain actions", "... resources", "must be in ARN format or a star", "Partition ...
is not valid for resource", "The policy failed legacy parsing", "Invalid principal in policy" and "has a
statement with no principals". Names of actions it does not look at: `iam:Create User` is stored, and is no
action.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from identity_guard.iam.catalogue.partitions import partition_named
from identity_guard.iam.text.arn import ACCOUNT_DIGITS

SID: Final = re.compile(r"[A-Za-z0-9]*", re.ASCII)
ARN: Final = "arn:"
WILDCARD: Final = re.compile(r"[*?$]")
"""What stands for other text: a wildcard, or where a variable may open."""
ARN_COLONS: Final = 5
"""How many colons come before the part of an ARN that names the resource."""
USUAL_ACTION: Final = re.compile(r"[A-Za-z0-9.-]+:[^:]+", re.ASCII)
SERVICE: Final = re.compile(r"[A-Za-z0-9.*?-]+", re.ASCII)
"""The prefix of an action, wildcards left in: letters, digits, dots and dashes."""
CALLERS: Final = {"iam": ("root", "user/", "role/"), "sts": ("assumed-role/", "federated-user/")}
"""How the last part of an ARN begins that names somebody who calls, by service (IAM User Guide,
reference_policies_elements_principal: no group, policy, instance profile or provider is a principal)."""
UNIQUE_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z0-9]+", re.ASCII)
"""What IAM shows in place of a user or role that was deleted (reference_identifiers, unique identifiers)."""
VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})")
"""Where a policy variable opens; `${*}`, `${?}` and `${$}` are plain characters."""


def mistakes_of_sid(sid: str) -> Iterator[str]:
    """Yield what is wrong with a Sid."""
    if not SID.fullmatch(sid):
        yield f"`{sid[:60]}` has other characters than letters and digits"


def mistakes_of_actions(patterns: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with actions."""
    for pattern in patterns:
        if USUAL_ACTION.fullmatch(pattern):
            continue
        service, colon, name = pattern.partition(":")
        if not colon:
            if not {"*", "?"} & {*pattern}:
                yield f"`{pattern[:60]}` names no service; expected `service:Action` or `*`"
        elif ":" in name:
            what = "is an ARN" if pattern.startswith(ARN) else "has more than one colon"
            yield f"`{pattern[:60]}` {what}; expected `service:Action` or `*`"
        elif not name:
            yield f"`{pattern[:60]}` names no action; expected `service:Action`, or `service:*` for all"
        elif not SERVICE.fullmatch(service):
            yield f"`{pattern[:60]}`: no service has such a prefix; expected letters, digits, dots and dashes"


def wildcards_in_services(patterns: Iterable[str]) -> Iterator[str]:
    """Yield which actions have a wildcard in a part of the service's prefix."""
    for pattern in patterns:
        service, colon, _ = pattern.partition(":")
        if colon and service != "*" and ("*" in service or "?" in service):
            yield f"`{pattern[:60]}` has a wildcard in the service's prefix, where IAM takes none"


def mistakes_of_resources(patterns: Iterable[str], *, variables: bool) -> Iterator[str]:
    """Yield what is wrong with resources; `variables` says whether the document's version has them."""
    for pattern in patterns:
        if pattern == "*":
            continue
        opens = VARIABLE.search(pattern) if variables and "$" in pattern else None
        if opens and pattern.count(":", 0, opens.start()) < ARN_COLONS:
            yield f"`{pattern[:60]}` has a variable before the fifth colon, where IAM takes none"
        elif not _may_be_arn(pattern):
            yield f"`{pattern[:60]}` is no ARN; expected one, or `*`"
        elif said := _wrong_part(pattern):
            yield f"`{pattern[:60]}` {said}"


def _may_be_arn(pattern: str) -> bool:
    """Say whether a pattern begins as an ARN does, as far as it is written out."""
    begins = WILDCARD.split(pattern, 1)[0]
    return bool(pattern) and (begins.startswith(ARN) or ARN.startswith(begins))


def _wrong_part(pattern: str) -> str | None:
    """Say what is wrong with the parts of an ARN; a star may stand for several, and a `?` for a colon."""
    if "*" not in pattern and pattern.count(":") + pattern.count("?") < ARN_COLONS:
        return "has too few parts for an ARN; expected `arn:partition:service:region:account:resource`"
    _, _, rest = pattern.partition(":")
    partition, colon, rest = rest.partition(":")
    if WILDCARD.search(partition):
        return None
    if colon and partition_named(partition) is None:
        return f"is of the partition `{partition[:20]}`, which there is not"
    if colon and rest.startswith(":"):
        return "names no service; expected `arn:partition:service:region:account:resource`"
    return None


def mistakes_of_principals(names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the names of AWS principals."""
    for name in names:
        if name != "*" and {"*", "?"} & {*name}:
            yield f"`{name[:80]}` has a wildcard in a part of a name, where IAM takes none"
        elif VARIABLE.search(name):
            yield f"`{name[:80]}` has a variable, where IAM takes none"
        elif name != "*" and not _may_call(name):
            yield f"`{name[:80]}` is no account, user, role or session"


def mistakes_of_services(names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the names of services as principals."""
    for name in names:
        if name != "*" and "." not in name:
            yield f"`{name[:80]}` is no service's principal; expected one such as `ec2.amazonaws.com`"


def _may_call(name: str) -> bool:
    """Say whether a name can be a principal's, as far as its account and its kind tell."""
    if name.isdigit():
        return len(name) == ACCOUNT_DIGITS
    parts = name.split(":", ARN_COLONS)
    if len(parts) <= ARN_COLONS or parts[0] != "arn":
        return UNIQUE_ID.fullmatch(name) is not None
    region, account, named = parts[3:]
    of_twelve = not account.isdigit() or len(account) == ACCOUNT_DIGITS
    return bool(account) and of_twelve and not region and named.startswith(CALLERS.get(parts[2], ()))
