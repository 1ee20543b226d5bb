"""MFA at sign-in: what is declared, whether it is enough, and when its lack is told."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
Declare = Callable[..., Made]

GOOD: Final = {
    "promptMode": "always-on",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "identity team",
    "validUntil": "2027-01-15",
}
EXTERNAL: Final = {
    "identityProvider": "external",
    "enforcedBy": "sign-on policy AWS",
    "confirmedBy": "ticket 12",
    "validUntil": "2027-01-15",
}
BOTH: Final = ["security-keys", "authenticator-apps"]
RULE: Final = "mfa-requirement"


@pytest.fixture
def group() -> Made:
    """Make a group of the Identity Center directory."""
    return Made("aws:identitystore/group:Group", "developers", {"displayName": "Developers"})


@pytest.fixture
def assignment() -> Made:
    """Make what lets somebody in."""
    return Made(
        "aws:ssoadmin/accountAssignment:AccountAssignment", "assignment", {"targetId": "111122223333"}
    )


@pytest.fixture
def declared() -> Declare:
    """Declare, with changes to a good declaration; None leaves a field out."""

    def declare(**changes: Any) -> Made:  # noqa: ANN401 - also what no declaration may hold
        fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
        # A component's outputs are what it registers; its arguments reach resource policies only.
        return Made("identity-center:index:MfaRequirement", "mfa", fields, {"consoleSteps": []})

    return declare


@pytest.mark.parametrize("no_device", ["register", "block"])
@pytest.mark.parametrize("provider", ["built-in", "active-directory"])
def test_always_on_with_register_or_block_is_enough(
    preview: Run, group: Made, declared: Declare, no_device: str, provider: str
) -> None:
    """The two pairs with which every sign-in uses MFA pass without a word."""
    assert preview(group, declared(noDevice=no_device, identityProvider=provider)) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"promptMode": "disabled"}, "user name and password only"),
        ({"noDevice": "allow"}, "password only"),
        ({"noDevice": "email-otp"}, "does not count a password sent by e-mail"),
        ({"promptMode": "Always-On"}, "holds no value that it can have: always-on, context-aware, disabled"),
        ({"promptMode": None}, "`promptMode` is missing"),
        ({"noDevice": ["register"]}, "`noDevice` holds no value"),
        ({"identityProvider": None}, "`identityProvider` is missing"),
        ({"allowedTypes": []}, "`allowedTypes` names no kind of device"),
        ({"allowedTypes": ["sms"]}, "`allowedTypes` holds no value that it can have"),
        ({"allowedTypes": "security-keys"}, "`allowedTypes` holds no value that it can have"),
        ({"enforcedBy": "sign-on policy AWS"}, "is said of an external identity provider"),
        ({"confirmedBy": None}, "nobody is said to have compared it"),
        ({"confirmedBy": "  "}, "nobody is said to have compared it"),
        ({"validUntil": None}, "`validUntil` is missing"),
        ({"validUntil": "soon"}, "holds no day such as 2027-02-15"),
        ({"validUntil": "20270115"}, "holds no day such as 2027-02-15"),
        ({"validUntil": "2026-11-19"}, "it lapsed: it counted until 2026-11-19, and today is 2026-11-20"),
        ({"validUntil": "2027-02-19"}, "91 days ahead, and 90 is the most"),
    ],
)
def test_a_declaration_that_is_not_enough_is_refused(
    preview: Run, group: Made, declared: Declare, changes: dict[str, Any], why: str
) -> None:
    """Each weak, lapsed or unreadable declaration ends a preview with the reason and the remedy."""
    requirement = declared(**changes)
    (told,) = preview(group, requirement)

    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", requirement.urn)
    assert why in told.message
    assert "to do:" in told.message


@pytest.mark.parametrize("day", ["2026-11-20", "2027-02-18"])
def test_a_confirmation_counts_on_its_last_day_and_for_ninety_days(
    preview: Run, group: Made, declared: Declare, day: str
) -> None:
    """Both ends are inclusive, as `validUntil` says."""
    assert preview(group, declared(validUntil=day)) == []


def test_how_far_ahead_a_confirmation_may_reach_is_configured(
    preview: Run, group: Made, declared: Declare
) -> None:
    """An organisation that looks once a year can say so."""
    assert preview(group, declared(validUntil="2027-11-01"), mfa_requirement={"maxDaysAhead": 365}) == []


def test_context_aware_is_an_advice(preview: Run, group: Made, declared: Declare) -> None:
    """It asks for MFA less often than it could, which is worth saying and no reason to stop."""
    (told,) = preview(group, declared(promptMode="context-aware"))

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert "trusted" in told.message


def test_context_aware_can_be_refused(preview: Run, update: Run, group: Made, declared: Declare) -> None:
    """An organisation that wants MFA at every sign-in need not turn every other advice into a refusal."""
    strict = {"contextAware": "mandatory"}

    for run in (preview, update):
        (told,) = run(declared(promptMode="context-aware"), group, mfa_requirement=strict)
        assert (told.policy, told.level) == (RULE, "mandatory")
    assert preview(group, declared(), mfa_requirement=strict) == []


@pytest.mark.parametrize("types", [BOTH, BOTH[:1], BOTH[1:]])
def test_every_kind_of_device_is_mfa(preview: Run, group: Made, declared: Declare, types: list[str]) -> None:
    """Which of them people use is the organisation's choice."""
    assert preview(group, declared(allowedTypes=types)) == []


@pytest.mark.parametrize(
    ("types", "why"),
    [
        (BOTH, "`allowedTypes` has `authenticator-apps`"),
        (BOTH[:1], None),
        (None, "`allowedTypes` is missing"),
    ],
)
def test_which_kinds_may_be_allowed_is_configured(
    preview: Run, group: Made, declared: Declare, types: list[str] | None, why: str | None
) -> None:
    """A code from an app can be phished; where only keys may be used, silence about it is no promise."""
    told = preview(group, declared(allowedTypes=types), mfa_requirement={"allowedTypes": BOTH[:1]})

    assert [(each.policy, each.level) for each in told] == ([(RULE, "mandatory")] if why else [])
    assert all(why in each.message and "Users can authenticate with" in each.message for each in told if why)


def test_no_declaration_is_refused_and_names_a_resource_that_lets_people_in(
    preview: Run, group: Made, assignment: Made
) -> None:
    """Removing the declaration from a stack must not go unnoticed."""
    (told,) = preview(group, assignment)

    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", assignment.urn)
    assert "identity-center:index:MfaRequirement" in told.message


def test_a_stack_without_identity_center_needs_no_declaration(preview: Run) -> None:
    """A bucket has no sign-in."""
    assert preview(Made("aws:s3/bucket:Bucket", "bucket", {})) == []


def test_the_packs_configuration_can_declare(preview: Run, group: Made) -> None:
    """A stack that is not written with our components declares in the pack's configuration."""
    assert preview(group, mfa_requirement={"declared": GOOD}) == []


def test_a_weak_declaration_in_the_configuration_is_refused(preview: Run, group: Made) -> None:
    """The configuration is judged like the component."""
    (told,) = preview(group, mfa_requirement={"declared": {**GOOD, "promptMode": "disabled"}})

    assert (told.policy, told.level) == (RULE, "mandatory")
    assert "pack's configuration" in told.message


def test_configuring_the_declaration_leaves_the_level_mandatory(preview: Run, group: Made) -> None:
    """Pulumi's own initial configuration would turn the rule advisory without a word."""
    (told,) = preview(group, mfa_requirement={"declared": {**GOOD, "noDevice": "allow"}})

    assert told.level == "mandatory"


def test_a_misspelt_field_of_the_configuration_is_told(preview: Run, group: Made) -> None:
    """`promtMode` must not be taken for a declaration of nothing."""
    told = preview(group, mfa_requirement={"declared": {**GOOD, "promtMode": "always-on"}})

    assert any("there is no field `promtMode`" in each.message for each in told)


def test_one_good_declaration_does_not_excuse_a_bad_one(preview: Run, group: Made, declared: Declare) -> None:
    """Two places that contradict each other are a mistake of the stack."""
    told = preview(group, declared(promptMode="disabled"), mfa_requirement={"declared": GOOD})

    assert [each.level for each in told] == ["mandatory"]


def test_an_external_provider_needs_what_asks_there_who_looked_and_until_when(
    preview: Run, group: Made
) -> None:
    """Identity Center has no MFA settings then; the declaration says who checked the provider's own."""
    requirement = Made("identity-center:index:MfaRequirement", "mfa", EXTERNAL)

    assert preview(group, requirement) == []
    assert preview(group, requirement, mfa_requirement={"allowedTypes": BOTH[:1]}) == []
    assert preview(group, mfa_requirement={"declared": EXTERNAL}) == []


@pytest.mark.parametrize("missing", ["enforcedBy", "confirmedBy", "validUntil"])
def test_an_external_provider_without_a_confirmation_is_refused(
    preview: Run, group: Made, missing: str
) -> None:
    """Nothing else is known of an external provider."""
    fields = {name: value for name, value in EXTERNAL.items() if name != missing}
    (told,) = preview(group, Made("identity-center:index:MfaRequirement", "mfa", fields))

    assert told.level == "mandatory"
    assert f"`{missing}` is missing" in told.message


def test_settings_that_an_external_provider_is_said_to_have_are_judged(preview: Run, group: Made) -> None:
    """A provider that does not ask for MFA is refused as the built-in directory would be."""
    weak = {**EXTERNAL, "promptMode": "disabled"}
    (told,) = preview(group, Made("identity-center:index:MfaRequirement", "mfa", weak))

    assert told.level == "mandatory"


@pytest.mark.parametrize("name", [*GOOD, "allowedTypes"])
def test_a_field_that_is_not_known_yet_is_undecided_and_named(
    preview: Run, group: Made, declared: Declare, name: str
) -> None:
    """The SDK would drop the whole rule; the user would see a stack without the requirement pass."""
    (told,) = preview(group, declared(**{name: UNKNOWN}))

    assert (told.policy, told.level) == ("undecided", "advisory")
    assert f"`{name}` of MfaRequirement `mfa` is not known yet" in told.message


@pytest.mark.parametrize("name", list(EXTERNAL))
def test_a_field_of_an_external_provider_that_is_not_known_yet_is_undecided(
    preview: Run, group: Made, name: str
) -> None:
    """Neither is what only an external provider has wrong, nor what only the others have missing."""
    unknown = {**EXTERNAL, name: UNKNOWN}
    (told,) = preview(group, Made("identity-center:index:MfaRequirement", "mfa", unknown))

    assert (told.policy, told.level) == ("undecided", "advisory")
    assert f"`{name}` of MfaRequirement `mfa` is not known yet" in told.message


def test_undecided_can_be_made_mandatory(preview: Run, group: Made, declared: Declare) -> None:
    """Who wants no doubt in a preview configures the level of `undecided`."""
    (told,) = preview(group, declared(promptMode=UNKNOWN), undecided="mandatory")

    assert (told.policy, told.level) == ("undecided", "mandatory")


def test_a_bad_declaration_is_refused_before_anything_else_is_made(
    update: Run, group: Made, declared: Declare
) -> None:
    """With --skip-preview the component itself is stopped."""
    requirement = declared(promptMode="disabled")
    (told,) = update(requirement, group)

    assert (told.level, told.urn) == ("mandatory", requirement.urn)


def test_without_a_declaration_the_first_assignment_is_refused(
    update: Run, group: Made, assignment: Made
) -> None:
    """A group lets nobody in, and its stack may declare later; an assignment lets people in."""
    (told,) = update(group, assignment)

    assert (told.level, told.urn) == ("mandatory", assignment.urn)


def test_a_declaration_that_comes_before_the_assignment_is_in_time(
    update: Run, group: Made, declared: Declare, assignment: Made
) -> None:
    """A program that declares after its groups is not punished for the order."""
    assert update(group, declared(), assignment) == []


def test_a_stack_that_lets_nobody_in_is_refused_at_the_end_of_an_update(update: Run, group: Made) -> None:
    """What no resource policy can know in time is not forgotten."""
    (told,) = update(group)

    assert (told.level, told.urn) == ("mandatory", group.urn)


def test_a_bad_declaration_in_the_configuration_stops_the_first_resource(update: Run, group: Made) -> None:
    """The configuration is known from the start, so nothing needs to be made to find out."""
    (told,) = update(group, mfa_requirement={"declared": {**GOOD, "promptMode": "disabled"}})

    assert (told.level, told.urn) == ("mandatory", group.urn)


def test_a_clock_that_cannot_be_read_is_a_violation(
    preview: Run, group: Made, declared: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt day in the environment must not make a lapsed declaration good."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "tomorrow")
    (told,) = preview(group, declared())

    assert told.level == "mandatory"
    assert "IDENTITY_CENTER_TODAY" in told.message


def test_who_confirmed_never_shows(preview: Run, group: Made, declared: Declare) -> None:
    """It may be a person's name."""
    told = preview(
        group, declared(confirmedBy="Ada Lovelace", enforcedBy="Ada's policy", promptMode="disabled")
    )

    assert len(told) == 2
    assert "Ada" not in repr(told)


def test_an_audit_judges_what_the_state_declares(audit: Run, group: Made, declared: Declare) -> None:
    """`pulumi policy analyze` gives the arguments of a component as its inputs."""
    assert audit(group, declared()) == []
    assert [each.level for each in audit(group, declared(promptMode="disabled"))] == ["mandatory"]
