"""MFA at sign-in has to be declared, and the declaration has to be good enough.

Identity Center's MFA settings have no public API (no operation or shape of the sso-admin and identitystore
models names MFA), so that neither a program nor this pack can read them. What can be checked is a
declaration: a resource of type `identity-center:index:MfaRequirement`, or the same fields in the pack's
configuration.

Source of what is enough: AWS IAM Identity Center user guide, `mfa-getting-started` and
`how-to-configure-mfa-device-enforcement`: only always-on with register or block makes every sign-in of the
built-in directory or an Active Directory use MFA. Both kinds of device of `how-to-configure-mfa-types` are
MFA; which of them an organisation lets people use is its own choice (`allowedTypes` of the rule).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from identity_guard.stack.findings import Finding, Outcome, compose, quoted
from identity_guard.stack.observe import Known, NotYetKnown, Properties, text_of
from identity_guard.stack.phase import ClockError, read_day
from identity_guard.stack.resource_types import ACCESS_GIVING_TYPES, IDENTITY_CENTER_TYPES, MFA_REQUIREMENT
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .rule import EXCEPTIONS, Level, Rule, Setting, Settings, Severity

NAME: Final = "mfa-requirement"
MOST_DAYS_AHEAD: Final = 90
"""How long a confirmation may count at most, in days, unless configured otherwise."""

ADVISORY, MANDATORY = "advisory", "mandatory"
"""What `contextAware` of the rule can be."""

REMEDY: Final = (
    "in the console of the account and Region of the instance, under IAM Identity Center > Settings > "
    'Authentication > Multi-factor authentication, choose "Every time they sign in (always-on)" and '
    '"Require them to register an MFA device at sign in"; then declare promptMode always-on and noDevice '
    "register, who looked (confirmedBy) and the last day on which that counts (validUntil)"
)

EXTERNAL: Final = "external"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a setting: whether it is enough, and why not."""

    value: str
    outcome: Outcome | None = None
    """None where it is enough."""
    why: str = ""


CHOICES: Final[Mapping[str, tuple[Choice, ...]]] = {
    "promptMode": (
        Choice("always-on"),
        Choice(
            "context-aware",
            Outcome.ADVICE,
            "who once ticked that a device is trusted is not asked for MFA on it again, whatever noDevice is",
        ),
        Choice("disabled", Outcome.VIOLATION, "people sign in with their user name and password only"),
    ),
    "noDevice": (
        Choice("register"),
        Choice("block"),
        Choice("email-otp", Outcome.VIOLATION, "AWS does not count a password sent by e-mail as MFA"),
        Choice(
            "allow", Outcome.VIOLATION, "people without a registered device sign in with their password only"
        ),
    ),
    "identityProvider": (Choice("built-in"), Choice("active-directory"), Choice(EXTERNAL)),
}
"""Every value of every setting, in the console's order."""

TYPES: Final = ("security-keys", "authenticator-apps")
"""Every kind of device that `allowedTypes` can name, in the console's order."""

FIELDS: Final = ("promptMode", "allowedTypes", "noDevice", "identityProvider", "enforcedBy", "confirmedBy",
                 "validUntil")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declared, and where."""

    place: str
    fields: Properties
    urn: str | None = None


def judge_declaration(declaration: Declaration, view: View, settings: Settings) -> Iterator[Finding]:
    """Find everything for which a declaration is not enough, by the rule's settings."""
    yield from _unknown_fields(declaration, settings)
    provider = declaration.fields.get("identityProvider")
    may_be_external = isinstance(provider, NotYetKnown) or text_of(provider) == EXTERNAL
    for name in CHOICES:
        if not (may_be_external and name != "identityProvider" and _is_absent(declaration, name)):
            yield from _judge_choice(declaration, name, settings)
    if not (may_be_external and _is_absent(declaration, "allowedTypes")):
        yield from _judge_types(declaration, settings)
    if not isinstance(provider, NotYetKnown):
        yield from _judge_enforcement(declaration, external=may_be_external)
    yield from _judge_confirmation(declaration)
    yield from _judge_day(declaration, view, settings)


def _unknown_fields(declaration: Declaration, settings: Settings) -> Iterator[Finding]:
    """Find misspelt fields; a component checks its own, the pack's configuration is checked here."""
    given = settings.get("declared")
    if declaration.urn is not None:
        return
    if not isinstance(given, Mapping):
        yield _violation(declaration, "it is no object", f"give an object with {quoted(FIELDS, len(FIELDS))}")
        return
    if unknown := sorted(set(given) - set(FIELDS)):
        choice = f"it has {quoted(FIELDS, len(FIELDS))}"
        yield _violation(declaration, f"there is no field {quoted(unknown)}", choice)


def _judge_choice(declaration: Declaration, name: str, settings: Settings) -> Iterator[Finding]:
    observed = declaration.fields.get(name)
    choices = {choice.value: choice for choice in CHOICES[name]}
    if isinstance(observed, NotYetKnown):
        yield _undecided(declaration, observed)
        return
    given = text_of(observed)
    if given not in choices:
        said = "is missing" if _is_absent(declaration, name) else "holds no value that it can have"
        yield _violation(declaration, f"`{name}` {said}: {', '.join(choices)}")
        return
    choice = choices[given]
    if choice.outcome is Outcome.VIOLATION or (choice.outcome and settings["contextAware"] == MANDATORY):
        yield _violation(declaration, f"`{name}` is `{given}`: {choice.why}")
    elif choice.outcome is Outcome.ADVICE:
        claim = f"{declaration.place} asks for MFA less often than it could: `{name}` is `{given}`"
        message = compose(claim, [("why", choice.why)], f"declare and set `{CHOICES[name][0].value}`")
        yield Finding(NAME, Outcome.ADVICE, message, declaration.urn)


def _judge_types(declaration: Declaration, settings: Settings) -> Iterator[Finding]:
    """Both kinds of device are MFA; which may be used is refused only where the configuration limits it."""
    name, wanted = "allowedTypes", settings["allowedTypes"]
    observed = declaration.fields.get(name)
    if isinstance(observed, NotYetKnown):
        yield _undecided(declaration, observed)
        return
    if not isinstance(observed, Known):
        if set(TYPES) - set(wanted):
            why = f"`{name}` is missing, and only {quoted(wanted)} may be allowed"
            yield _violation(declaration, why, _only(wanted))
        return
    given = observed.value if isinstance(observed.value, list) else []
    if not given or any(each not in TYPES for each in given):
        said = "names no kind of device" if observed.value == [] else "holds no value that it can have"
        yield _violation(declaration, f"`{name}` {said}: a list of {', '.join(TYPES)}")
    elif other := [each for each in TYPES if each in given and each not in wanted]:
        why = f"`{name}` has {quoted(other)}, and only {quoted(wanted)} may be allowed"
        yield _violation(declaration, why, _only(wanted))


def _only(wanted: Iterable[str]) -> str:
    return (
        'under "Users can authenticate with these MFA types" of the same page choose nothing but '
        f"{quoted(wanted)}, and declare that"
    )


def _judge_enforcement(declaration: Declaration, *, external: bool) -> Iterator[Finding]:
    """Of an external provider nothing is known but what asks for MFA there; elsewhere AWS does."""
    observed = declaration.fields.get("enforcedBy")
    if isinstance(observed, NotYetKnown):
        yield _undecided(declaration, observed)
    elif external and not (text_of(observed) or "").strip():
        why = "`enforcedBy` is missing: nothing is said to require MFA in the external identity provider"
        yield _violation(declaration, why, "name the sign-on policy there that requires MFA for AWS")
    elif isinstance(observed, Known) and not external:
        why = "`enforcedBy` is said of an external identity provider, and `identityProvider` is another"
        yield _violation(declaration, why, "leave it out, or correct `identityProvider`")


def _judge_confirmation(declaration: Declaration) -> Iterator[Finding]:
    observed = declaration.fields.get("confirmedBy")
    if isinstance(observed, NotYetKnown):
        yield _undecided(declaration, observed)
    elif not (text_of(observed) or "").strip():
        what = "nobody is said to have compared it with what holds"
        yield _violation(declaration, f"`confirmedBy` is missing: {what}", "name a team or a ticket")


def _judge_day(declaration: Declaration, view: View, settings: Settings) -> Iterator[Finding]:
    observed = declaration.fields.get("validUntil")
    if isinstance(observed, NotYetKnown):
        yield _undecided(declaration, observed)
        return
    last = read_day(text_of(observed) or "")
    if last is None:
        said = "is missing" if _is_absent(declaration, "validUntil") else "holds no day such as 2027-02-15"
        yield _violation(declaration, f"`validUntil` {said}", "say until which day the confirmation counts")
        return
    try:
        now = view.today()
    except ClockError as error:
        yield _violation(
            declaration, f"whether it still counts cannot be told: {error}", "correct or unset it"
        )
        return
    yield from _compare_days(declaration, last, now, settings)


def _compare_days(declaration: Declaration, last: date, now: date, settings: Settings) -> Iterator[Finding]:
    most = settings.get("maxDaysAhead") or MOST_DAYS_AHEAD
    again = "look at the settings again, then move `validUntil`"
    if last < now:
        yield _violation(declaration, f"it lapsed: it counted until {last}, and today is {now}", again)
    elif (last - now).days > most:
        ahead = (last - now).days
        yield _violation(
            declaration,
            f"it counts until {last}, {ahead} days ahead, and {most:g} is the most",
            f"choose a day within {most:g} days, so that somebody looks again",
        )


def _violation(declaration: Declaration, why: str, remedy: str = REMEDY) -> Finding:
    claim = f"{declaration.place} does not make sure that people sign in with MFA"
    return Finding(NAME, Outcome.VIOLATION, compose(claim, [("why", why)], remedy), declaration.urn)


def _undecided(declaration: Declaration, unknown: NotYetKnown) -> Finding:
    claim = f"undecided in preview: `{unknown.path}` of {declaration.place} is not known yet"
    return Finding(
        NAME, Outcome.UNDECIDED, compose(claim, remedy="give it a value that is known"), declaration.urn
    )


def _is_absent(declaration: Declaration, name: str) -> bool:
    return not isinstance(declaration.fields.get(name), Known | NotYetKnown)


_OTHER_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "allowedTypes": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "enum": list(TYPES)},
        "description": f"Kinds of device that people may use: {' and '.join(f'`{each}`' for each in TYPES)}",
    },
    "enforcedBy": {
        "type": "string",
        "description": "With `external` only: what requires MFA there, such as the name of a sign-on policy",
    },
    "confirmedBy": {"type": "string", "description": "Who looked, such as a team or a ticket"},
    "validUntil": {"type": "string", "description": "The last day on which that counts, as YYYY-MM-DD"},
}

DECLARED_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "What holds for MFA at sign-in, for a stack that has no MfaRequirement resource",
    "additionalProperties": False,
    "properties": {
        name: {"type": "string", "enum": [each.value for each in CHOICES[name]]}
        if name in CHOICES
        else _OTHER_FIELDS[name]
        for name in FIELDS
    },
}


class MfaRequirementJudge:
    """Judges the declarations of a stack that manages Identity Center access."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every declaration, and the lack of one."""
        declarations = _declarations(view.stack.of_type(MFA_REQUIREMENT), settings)
        for declaration in declarations:
            yield from judge_declaration(declaration, view, settings)
        managed = view.stack.of_type(*IDENTITY_CENTER_TYPES)
        if managed and not declarations:
            yield _missing(managed)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Refuse a declaration that is not enough, and whatever lets people in before there is a declaration.

        Users, groups and permission sets let nobody in by themselves, and the declaration may be registered
        after them; so they wait for the first assignment, membership or entitlement.
        """
        if resource.type == MFA_REQUIREMENT:
            for declaration in _declarations((resource,), {}):
                yield from judge_declaration(declaration, view, settings)
        if resource.type not in IDENTITY_CENTER_TYPES:
            return
        for declaration in _declarations((), settings):
            for finding in judge_declaration(declaration, view, settings):
                yield replace(finding, urn=resource.urn)
        declared = _declarations(view.stack.of_type(MFA_REQUIREMENT), settings)
        if resource.type in ACCESS_GIVING_TYPES and not declared:
            yield _missing((resource,))


def _declarations(resources: Iterable[Resource], settings: Settings) -> list[Declaration]:
    found = [Declaration(each.label, each.declared, each.urn) for each in resources]
    if (given := settings.get("declared")) is not None:
        fields = Properties(given) if isinstance(given, Mapping) else Properties({})
        found.append(Declaration("the declaration in the pack's configuration", fields))
    return found


def _missing(managed: tuple[Resource, ...]) -> Finding:
    first = min(managed, key=lambda each: each.type not in ACCESS_GIVING_TYPES)
    claim = (
        f"{first.label} manages access through Identity Center"
        if len(managed) == 1
        else f"{len(managed)} resources manage access through Identity Center "
        f"({quoted([each.name for each in managed])})"
    ) + ", and nothing declares that people sign in with MFA"
    why = "the MFA settings have no API: without a declaration nobody knows whether a password is enough"
    place = (
        f"a resource of type {MFA_REQUIREMENT}, made before anything that lets people in, or "
        f'{{"{NAME}": {{"declared": {{...}}}}}} in the pack\'s configuration'
    )
    details = [("why", why), ("where", place)]
    return Finding(NAME, Outcome.VIOLATION, compose(claim, details, REMEDY), first.urn)


RULE: Final = Rule(
    name=NAME,
    title="MFA at sign-in is declared and sufficient",
    description="Whoever signs in through Identity Center has to use MFA, and the stack has to say so.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/singlesignon/latest/userguide/mfa-getting-started.html",
    judge=MfaRequirementJudge(),
    settings=(
        Setting("declared", DECLARED_SCHEMA),
        Setting(
            "maxDaysAhead",
            {"type": "number", "minimum": 1, "description": "How many days ahead validUntil may be at most"},
            MOST_DAYS_AHEAD,
        ),
        Setting(
            "contextAware",
            {
                "type": "string",
                "enum": [ADVISORY, MANDATORY],
                "description": "Whether promptMode context-aware refuses the stack",
            },
            ADVISORY,
        ),
        Setting(
            "allowedTypes",
            {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "enum": list(TYPES)},
                "description": "Kinds of device that may be allowed; with fewer than all it has to say",
            },
            list(TYPES),
        ),
        *EXCEPTIONS,
    ),
)
