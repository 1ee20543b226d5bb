"""MFA at sign-in has to be declared, and the declaration has to be good enough.

Identity Center's MFA settings have no public API (no operation or shape of the sso-admin and identitystore
models names MFA), so that neither a program nor this pack can read them. What can be checked is a
declaration: a resource of type `identity-center:index:MfaRequirement`, or the same fields in the pack's
configuration.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from .findings import Finding, Outcome, compose, quoted
from .mfa_declaration import (
    ADVISORY,
    DECLARED_SCHEMA,
    MANDATORY,
    MOST_DAYS_AHEAD,
    NAME,
    REMEDY,
    TYPES,
    Declaration,
    judge_declaration,
)
from .observe import Properties
from .resource_types import ACCESS_GIVING_TYPES, IDENTITY_CENTER_TYPES, MFA_REQUIREMENT
from .rule import EXCEPTIONS, Level, Rule, Setting, Settings, Severity
from .stack import Resource
from .view import View


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
