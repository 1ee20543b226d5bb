"""Types of the fields of the access model: how a value is read, and what is said when it is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from identity_center.model.mistakes import WrongValueError

from . import text_rules
from .text_rules import TextRule

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

# Names as Pulumi's users write them.


@cache
def camel_case(name: str) -> str:
    """Return a name of Python's in camelCase: `user_name` is `userName`."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


# Session durations, in ISO 8601 as permission sets take them, or in plain words.
#: How long a session of a permission set may last.
#: Source: AWS user guide, "Set session duration for AWS accounts". The API checks no more than the form.
SHORTEST = timedelta(hours=1)
LONGEST = timedelta(hours=12)
#: How long a session lasts where nothing is said. Source: API reference of CreatePermissionSet.
DEFAULT_SESSION = "PT1H"

# Days and longer are left out: none of them is within the limits.
_PATTERN = re.compile(r"PT(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,5})S)?")


# 8 hours; 1 hour 30 minutes; 90 minutes; an "and" or a comma may stand between the two.
_WORDS = re.compile(
    r"(?=\d)(?:(?P<hours>\d{1,5})\s*(?:hours?|hrs?|h))?(?:(?:\s*,\s*|\s+and\s+|\s*)(?P<minutes>\d{1,5})\s*(?:minutes?|mins?|m))?",
    re.IGNORECASE,
)


def parse_duration(text: str) -> timedelta | None:
    """Read `PT4H`, `PT1H30M`, `PT5400S`, `8 hours` or `1 hour 30 minutes`; None for anything else."""
    match = _PATTERN.fullmatch(text) or _WORDS.fullmatch(text.strip())
    if match is None:
        return None
    return timedelta(**{unit: int(amount) for unit, amount in match.groupdict(default="0").items()})


def parse_session_duration(text: str) -> timedelta | None:
    """Read a duration; None also for one that no session of a permission set may have."""
    duration = parse_duration(text)
    return duration if duration is not None and SHORTEST <= duration <= LONGEST else None


def session_duration(text: str) -> str:
    """Return a session duration in ISO 8601. Raises WrongValueError where it is none or not allowed."""
    duration = parse_session_duration(text)
    if duration is None:
        raise WrongValueError(
            f"`{text}` is not a duration from 1 to 12 hours",
            "write it as PT1H30M or as 1 hour 30 minutes: PT1H is the shortest, PT12H the longest",
        )
    return text if text.startswith("PT") else iso_duration(duration)


def iso_duration(duration: timedelta) -> str:
    """Write a duration of whole minutes in ISO 8601, such as PT1H30M."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")


# Dates in a configuration.

# YAML reads an unquoted date as a point in time, which Pulumi passes on, and writes back into the stack's
# file, as Go writes times. Seen with Pulumi 3.259: 2027-02-15 00:00:00 +0000 UTC.
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC)?")


def parse_date(value: object) -> date | None:
    """Read a calendar date (`2027-02-15`) from what YAML or JSON made of it; None for anything else."""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else None
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None


def calendar_date(value: object) -> date:
    """Read a calendar date as `parse_date` does. Raises WrongValueError for anything else."""
    parsed = parse_date(value)
    if parsed is None:
        raise WrongValueError("is not a date", "write year, month and day, such as 2027-02-15")
    return parsed


@dataclass(frozen=True)
class Checked:
    """Refuses a text that a function raises WrongValueError for, and takes what it returns for any other."""

    check: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """Check after the type."""
        return _checked_after(self.check, handler(source))


@dataclass(frozen=True)
class Ruled:
    """Refuses a text that breaks a rule. The text is not quoted: it may be a person's."""

    rule: TextRule

    @property
    def check(self) -> Callable[[str], str]:
        """Return a text, or raise WrongValueError."""
        return self.rule.check

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """Check the rule after the type."""
        return _checked_after(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: "CoreSchema", handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        """Tell editors the lengths and, where there is one, the pattern."""
        limits: dict[str, Any] = {"minLength": self.rule.shortest, "maxLength": self.rule.longest}
        if self.rule.pattern is not None:
            limits["pattern"] = f"^(?:{self.rule.pattern.pattern})$"
        return {**handler(schema), **limits}


def _checked_after(check: Callable[[str], str], schema: "CoreSchema") -> "CoreSchema":
    # Components read the marks alone, and each preview would wait a tenth of a second for pydantic.
    from pydantic_core import core_schema  # noqa: PLC0415

    return core_schema.no_info_after_validator_function(check, schema)


Key = Annotated[str, Ruled(text_rules.KEY)]
UserName = Annotated[str, Ruled(text_rules.USER_NAME)]
PersonText = Annotated[str, Ruled(text_rules.PERSON_TEXT)]
Email = Annotated[str, Ruled(text_rules.EMAIL)]
GroupName = Annotated[str, Ruled(text_rules.GROUP_NAME)]
PermissionSetName = Annotated[str, Ruled(text_rules.PERMISSION_SET_NAME)]
PermissionSetDescription = Annotated[str, Ruled(text_rules.PERMISSION_SET_DESCRIPTION)]
SessionDuration = Annotated[str, Checked(session_duration)]
RelayState = Annotated[str, Ruled(text_rules.RELAY_STATE)]
TagKey = Annotated[str, Ruled(text_rules.TAG_KEY)]
TagValue = Annotated[str, Ruled(text_rules.TAG_VALUE)]
AttributeName = Annotated[str, Ruled(text_rules.ATTRIBUTE_NAME)]
AttributeSource = Annotated[str, Ruled(text_rules.ATTRIBUTE_SOURCE)]
ApplicationName = Annotated[str, Ruled(text_rules.APPLICATION_NAME)]
ApplicationDescription = Annotated[str, Ruled(text_rules.APPLICATION_DESCRIPTION)]
ApplicationUrl = Annotated[str, Ruled(text_rules.APPLICATION_URL)]
CustomerPolicyName = Annotated[str, Ruled(text_rules.CUSTOMER_POLICY)]
AttachedPolicyName = Annotated[CustomerPolicyName, Checked(text_rules.attachable)]
PortalUrl = Annotated[str, Checked(text_rules.PORTAL_URL.check)]
ApplicationProviderArn = Annotated[str, Checked(text_rules.application_provider)]
RoleArn = Annotated[str, Checked(text_rules.ROLE_ARN.check)]
RoleName = Annotated[str, Checked(text_rules.ROLE_NAME.check)]
InstanceArn = Annotated[str, Checked(text_rules.INSTANCE_ARN.check)]
AdditionalRegion = Annotated[str, Checked(text_rules.additional_region)]


def exact_name(text: str) -> str:
    """Return a name without wildcards. Raises WrongValueError for any other."""
    text_rules.PERSON_TEXT.check(text)
    if any(sign in text for sign in "*?"):
        raise WrongValueError("has a wildcard", "name exactly one: an exception never grows by itself")
    return text


ExactName = Annotated[PersonText, Checked(exact_name)]


def _date_text(text: str) -> str:
    return calendar_date(text).isoformat()


#: A date where a value is read without pydantic: arguments of components are texts.
DateText = Annotated[str, Checked(_date_text)]


# A choice of several words, where a value is read without pydantic.
Choice = TypeVar("Choice", bound=Enum)


@cache
def choice_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """Return what reads a choice, or its word. It raises WrongValueError for anything else."""

    def read(value: object) -> Choice:
        try:
            return choices(value)
        except ValueError:
            words = ", ".join(f"`{each.value}`" for each in choices)
            raise WrongValueError("is not one of the choices", f"write one of {words}") from None

    return read


# The two kinds of principal: users and groups.


class PrincipalType(Enum):
    """The two kinds of principal that AWS assigns to. Source: botocore, sso-admin, shape PrincipalType."""

    USER = "USER"
    """A person."""
    GROUP = "GROUP"
    """All members of a group."""


# Names of resources in the stack: from keys of the model and account ids only, so that no label moves them.
#
# Keys hold no `/` (text_rules.KEY), so a name is made of its parts in one way only.


def membership_name(group: str, user: str) -> str:
    """Name the membership of a user in a group."""
    return f"{group}/{user}"


def assignment_name(
    permission_set: str, principal_type: PrincipalType, principal: str, account_id: str
) -> str:
    """Name the assignment of a permission set to a principal in an account."""
    return f"{permission_set}/{principal_type.value.lower()}/{principal}/{account_id}"


def grantee_name(application: str, principal_type: PrincipalType, principal: str) -> str:
    """Name the assignment of an application to a principal."""
    return f"{application}/{principal_type.value.lower()}/{principal}"


def entitlement_name(role_arn: str, principal_type: PrincipalType, principal: str) -> str:
    """Name the entitlement of a principal to a role: its account, path and name come first."""
    account_id, _, role = role_arn.split(":", 4)[4].partition(":role/")
    return f"{account_id}/{role}/{principal_type.value.lower()}/{principal}"
