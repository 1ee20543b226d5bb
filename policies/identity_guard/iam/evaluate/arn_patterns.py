"""Which patterns of resources some ARN can fit at all: the others name nothing, whatever they say."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.text.arn import ACCOUNT_DIGITS, ACCOUNT_PART, AWS_ACCOUNT, REGION_PART, SERVICE_PART
from identity_guard.iam.text.wildcard import (
    VARIABLE_CLOSES,
    VARIABLE_OPENS,
    common_instance,
    has_wildcard,
    instance,
    matches,
)

LONGEST_ARN: Final = 2_048
"""Characters (AWS General Reference, ARN format)."""


def can_be_matched(pattern: str) -> bool:
    """Say whether some ARN can fit: it has so many characters at most, and no name of IAM's has a brace.

    A brace stands there for a policy variable in a document of 2008, which has none (IAM User Guide,
    reference_iam-quotas: characters of names). A path may have one (IAM API Reference, `Path`).
    """
    if pattern.startswith("$"):
        return False
    first, _, rest = pattern.partition(":")
    if first != "arn" and not has_wildcard(first):
        return False
    service = rest.partition(":")[2].partition(":")[0]
    if service == "iam" and "{" in pattern and not {"/", "*", "?"} & {*_BRACES.split(pattern)[-1]}:
        return False
    if service in CHECKED_SERVICES and not fitting_forms(pattern):
        return False
    return len(pattern) - pattern.count("*") <= LONGEST_ARN


WHOLE_SERVICES: Final = ("iam", "identitystore", "sso")
"""Services of which the Service Authorization Reference has every kind of resource."""
EXACT_SERVICES: Final = (*WHOLE_SERVICES, "organizations", "sts")
"""Services whose ARNs are all as the Service Authorization Reference has them, Region and account too."""
OWN_SERVICES: Final = (
    *("athena", "autoscaling", "batch", "codebuild", "codepipeline", "datapipeline", "dynamodb", "ec2"),
    *("ecs", "glue", "lambda", "scheduler", "states"),
)
"""Services whose ARNs have Region and account where the reference has them, or the account `aws`.

Others are left out, since resources of AWS have no account there although the reference has one: the
documents of Systems Manager, public images of AppStream, types of CloudFormation (their user guides)."""
CHECKED_SERVICES: Final = frozenset((*EXACT_SERVICES, *OWN_SERVICES))

_BRACES: Final = re.compile(r"[{}]")
_VARIABLE: Final = re.compile(r"\$\{[^}]+\}")
_UNKNOWN: Final = re.compile(f"{VARIABLE_OPENS}[^{VARIABLE_CLOSES}]*{VARIABLE_CLOSES}")
"""A policy variable, of which the value is not known."""


class Form(NamedTuple):
    """One shape of ARN, part by part."""

    parts: tuple[str, ...]
    """Each with a star for what is variable; the last is the resource, cut at its colons."""
    named: tuple[bool, ...]
    """Of each part, whether the shape has it at all: an empty part is empty in every ARN."""
    glob: str

    @property
    def has_path(self) -> bool:
        """Whether colons can stand in its last part: a path of IAM's has any printable character."""
        return self.parts[SERVICE_PART] == "iam"


@cache
def forms_of(service: str) -> tuple[Form, ...]:
    """Return the shapes of a service's ARNs."""
    found = []
    for number in arn_shapes().by_service.get(service, ()):
        template = arn_shapes().shapes[number].template
        stars = _VARIABLE.sub("*", template.replace("${RoleTemplateMajorVersion}", "?"))
        parts = tuple(stars.split(":"))
        found.append(Form(parts, tuple(map(bool, parts)), stars))
    if service == "iam":
        # The one kind of resource in IAM that AWS has, too.
        stars = "arn:*:iam::aws:policy/*"
        found.append(Form(tuple(stars.split(":")), (True, True, True, False, True, True), stars))
    return tuple(found)


@lru_cache(maxsize=4096)
def fitting_forms(pattern: str) -> tuple[Form | None, ...]:
    """Return the shapes that an ARN which fits can have; None stands for one that is not known.

    A pattern is compared part by part. A star may take the parts that follow as well: at the end of a part it
    does (IAM User Guide, reference_policies_elements_resource: "it can expand to match beyond the colon
    boundaries"), elsewhere it is not said to stop; a question mark may be the colon itself.
    """
    written = _UNKNOWN.sub("*", pattern).split(":")
    service = written[SERVICE_PART]
    fitting = tuple(form for form in forms_of(service) if _fits(written, form, strictly=True))
    if fitting or service in WHOLE_SERVICES:
        return fitting
    is_known = any(_fits(written, form, strictly=False) for form in forms_of(service))
    return () if is_known else (None,)


def _fits(written: Sequence[str], form: Form, *, strictly: bool) -> bool:
    """Say whether an ARN of a shape can fit; if not `strictly`, whatever its Region and account."""
    last = len(form.parts) - 1
    reached = {0}
    for number, part in enumerate(written):
        after = set()
        if (
            last in reached
            and form.has_path
            and common_instance(":".join(written[number:]), form.parts[last])
        ):
            return True
        for at in reached:
            if at < len(form.parts) and _can_be(part, form, at, strictly=strictly):
                after.add(at + 1)
            if "*" in part or "?" in part:
                ends = range(at + 2, len(form.parts) + 1)
                after |= {end for end in ends if common_instance(part, ":".join(form.parts[at:end]))}
        reached = after
    return len(form.parts) in reached


def _can_be(part: str, form: Form, place: int, *, strictly: bool) -> bool:
    """Say whether a part of a pattern can stand for one of a shape."""
    own = form.parts[place]
    if place in (REGION_PART, ACCOUNT_PART):
        if not strictly:
            return True
        if not form.named[place]:
            return not part.strip("*")
        if place == ACCOUNT_PART and own == "*":
            return _can_be_account(part, form.parts[SERVICE_PART])
    if own == "*":
        return bool(part)
    return common_instance(part, own) is not None


def _can_be_account(pattern: str, service: str) -> bool:
    """Say whether an account's number fits a part of a pattern."""
    if service not in EXACT_SERVICES and matches(pattern, AWS_ACCOUNT):
        return True
    digits = pattern.replace("*", "")
    fits = len(digits) <= ACCOUNT_DIGITS if "*" in pattern else len(digits) == ACCOUNT_DIGITS
    return fits and not digits.replace("?", "0").strip("0123456789")


def examples_of(pattern: str, filler: str) -> tuple[str, ...]:
    """Return ARNs that a pattern takes, its wildcards filled in: where that has no shape, one of each."""
    filled = instance(pattern, filler)
    service = "".join(pattern.split(":", SERVICE_PART + 1)[SERVICE_PART : SERVICE_PART + 1])
    if service not in WHOLE_SERVICES or next(arn_shapes().of_arn(filled), None):
        return (filled,)
    shared = (common_instance(pattern, form.glob) for form in fitting_forms(pattern) if form)
    named = (_named(each, pattern, filler) for each in shared if each)
    return tuple(dict.fromkeys(named)) or (filled,)


def _named(arn: str, pattern: str, filler: str) -> str:
    """Return an ARN that a pattern takes, with a name where it ends before one: nothing has an empty name."""
    longer = f"{arn}{filler}"
    return longer if arn.endswith("/") and matches(pattern, longer) else arn
