"""Arguments of components, held against the rules of the model before anything is registered.

A value that is not known yet is AWS's to judge; all others are checked here, as those of a configuration are.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final

import pulumi
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from identity_center.model.accounts import MANAGEMENT, is_account
from identity_center.model.fields import (
    ApplicationDescription,
    ApplicationName,
    ApplicationProviderArn,
    AttributeName,
    AttributeSource,
    CalendarDate,
    CustomerPolicyName,
    Email,
    GroupName,
    Key,
    PermissionSetDescription,
    PermissionSetName,
    PersonText,
    RelayState,
    RoleArn,
    SessionDuration,
    UserName,
)
from identity_center.model.nearest import suggestion
from identity_center.model.policy_exceptions import Exact, ExcusableRule

Rules = Mapping[str, TypeAdapter[Any]]

_PERSON_TEXT: Final[TypeAdapter[str]] = TypeAdapter(PersonText)
USER: Final[Rules] = {
    "user_name": TypeAdapter(UserName),
    "given_name": TypeAdapter(PersonText),
    "family_name": TypeAdapter(PersonText),
    "display_name": TypeAdapter(PersonText),
    "email": TypeAdapter(Email),
    **dict.fromkeys(
        (
            "email_type",
            "middle_name",
            "formatted_name",
            "honorific_prefix",
            "honorific_suffix",
            "nickname",
            "title",
            "user_type",
            "preferred_language",
            "locale",
            "timezone",
            "profile_url",
        ),
        _PERSON_TEXT,
    ),
}
GROUP: Final[Rules] = {"display_name": TypeAdapter(GroupName), "description": TypeAdapter(PersonText)}
PERMISSION_SET: Final[Rules] = {
    "name": TypeAdapter(PermissionSetName),
    "description": TypeAdapter(PermissionSetDescription),
    "session_duration": TypeAdapter(SessionDuration),
    "relay_state": TypeAdapter(RelayState),
}
APPLICATION: Final[Rules] = {
    "name": TypeAdapter(ApplicationName),
    "description": TypeAdapter(ApplicationDescription),
    "application_provider_arn": TypeAdapter(ApplicationProviderArn),
}
EXCEPTION: Final[Rules] = {
    "rule": TypeAdapter(Annotated[ExcusableRule, Field(strict=False)]),
    "resource": TypeAdapter(Exact),
    "principal": TypeAdapter(Exact),
    "expires": TypeAdapter(CalendarDate),
}
ROLE: Final[Rules] = {"role_arn": TypeAdapter(RoleArn)}
_CUSTOMER_POLICY: Final[TypeAdapter[str]] = TypeAdapter(CustomerPolicyName)
_ATTRIBUTE_NAME: Final[TypeAdapter[str]] = TypeAdapter(AttributeName)
_ATTRIBUTE_SOURCE: Final[TypeAdapter[str]] = TypeAdapter(AttributeSource)

_KEY: Final[TypeAdapter[str]] = TypeAdapter(Key)


class ArgumentsError(pulumi.RunError):
    """Arguments of a component are wrong. As a RunError it ends a program without a traceback."""

    def __init__(self, component: str, mistakes: list[tuple[str, str]]) -> None:
        """Tell every mistake: its place, empty where it has none, and what is said of it."""
        super().__init__(
            "\n".join(f"{component}: {': '.join(part for part in both if part)}" for both in mistakes)
        )


class ArgumentChecks:
    """The mistakes in the arguments of one component, collected and then told together."""

    def __init__(self, component: str, name: str) -> None:
        """Begin with none; both names head the message."""
        self._component = f"{component} `{name}`"
        self._mistakes: list[tuple[str, str]] = []

    def texts(self, args: Mapping[str, Any], rules: Rules, place: str = "") -> None:
        """Hold the texts among `args` against their rules. None is quoted that may be a person's."""
        for name, rule in rules.items():
            self._text(args.get(name), rule, f"{place}{to_camel(name)}")

    def key(self, key: str, place: str) -> None:
        """Check a key that becomes a part of a resource's name."""
        self._text(key, _KEY, place)

    def customer_policy(self, policy: Mapping[str, Any], place: str) -> None:
        """Check name and path of a customer-managed policy."""
        path, name = str(policy.get("path") or "/"), str(policy["name"])
        if "/" in name:
            self.add(f"{place}.name", "has a `/`; write the path as `path`")
        elif not (path.startswith("/") and path.endswith("/")):
            self.add(f"{place}.path", f"`{path}` is not a path; begin and end it with `/`")
        else:
            self._text(f"{path}{name}", _CUSTOMER_POLICY, place)

    def attributes(self, attributes: Mapping[str, Any], place: str) -> None:
        """Check attributes for access control: names and sources."""
        for name, source in attributes.items():
            self._text(name, _ATTRIBUTE_NAME, f"{place}.{name}")
            self._text(source, _ATTRIBUTE_SOURCE, f"{place}.{name}")

    def known(self, key: str, keys: Collection[str], kind: str, place: str) -> None:
        """Check a reference to a user or group of the same component."""
        if key not in keys:
            self.add(place, f"no {kind} has the key `{key}`; {suggestion(key, keys, kind=kind)}")

    def account_ids(self, account_ids: Collection[str], place: str) -> None:
        """Check ids of accounts: 12 digits, each once, and at least one."""
        if not account_ids:
            self.add(place, "is empty; name an account, or leave the assignment out")
        for index, account_id in enumerate(account_ids):
            if account_id == MANAGEMENT or not is_account(account_id):
                self.add(f"{place}[{index}]", f"`{account_id}` is not an account id; write 12 digits")
        if len(set(account_ids)) != len(account_ids):
            self.add(place, "lists an account twice; keep it once")

    def add(self, place: str, said: str) -> None:
        """Add a mistake; one of the arguments as a whole has no place."""
        self._mistakes.append((place, said))

    def done(self) -> None:
        """Raise ArgumentsError where there are mistakes."""
        if self._mistakes:
            raise ArgumentsError(self._component, self._mistakes)

    def _text(self, value: object, rule: TypeAdapter[Any], place: str) -> None:
        if not isinstance(value, str):  # absent, or not known yet
            return
        try:
            rule.validate_python(value)
        except ValidationError as error:
            for details in error.errors(include_url=False, include_input=False):
                self.add(place, details["msg"])
