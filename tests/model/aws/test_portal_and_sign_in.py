"""Where people sign in, what they do the first time, and what is set in the console for them."""

import pytest

from identity_center.model.aws.partitions import partition_of, portal_url, regional_portal_urls
from identity_center.model.language.mfa import IdentityProvider, NoDevice, PromptMode, console_steps
from identity_center.model.language.mfa_requirement import MfaRequirementEntry, first_sign_in


@pytest.mark.parametrize(
    ("partition", "url"),
    [
        ("aws", "https://d-1234567890.awsapps.com/start"),
        ("aws-us-gov", "https://start.us-gov-home.awsapps.com/directory/d-1234567890"),
        ("aws-cn", "https://start.home.awsapps.cn/directory/d-1234567890"),
        ("aws-iso", None),
    ],
)
def test_the_portal_follows_from_the_identity_store(partition: str, url: str | None) -> None:
    """No API returns it; where it is not known, no address is better than a wrong one."""
    assert portal_url("d-1234567890", partition) == url


def test_each_additional_region_has_an_address_of_its_own_where_aws_documents_it() -> None:
    """Who is to sign in while the primary Region is down needs it beforehand."""
    instance = "sso:::instance/ssoins-1234567890abcdef"

    assert regional_portal_urls(f"arn:aws:{instance}", ["eu-west-1"]) == {
        "eu-west-1": "https://ssoins-1234567890abcdef.eu-west-1.portal.amazonaws.com"
    }
    assert regional_portal_urls(f"arn:aws-cn:{instance}", ["cn-northwest-1"]) == {}


def test_a_configured_address_wins_in_every_partition() -> None:
    """An alias chosen in the console cannot be derived."""
    for partition in ("aws", "aws-iso"):
        assert (
            portal_url("d-1", partition, "https://example.awsapps.com/start")
            == "https://example.awsapps.com/start"
        )


def test_the_partition_is_the_second_part_of_an_arn() -> None:
    """Everything that depends on it starts from the instance's ARN."""
    assert partition_of("arn:aws-us-gov:sso:::instance/ssoins-1234567890abcdef") == "aws-us-gov"


def built_in(no_device: NoDevice) -> MfaRequirementEntry:
    """Return a requirement for the Identity Center directory."""
    return MfaRequirementEntry(
        prompt_mode=PromptMode.ALWAYS_ON, no_device=no_device, identity_provider=IdentityProvider.BUILT_IN
    )


def test_a_new_user_is_told_how_to_get_a_password() -> None:
    """Users made through the API have none, and AWS sends no invitation: peers' READMEs promised one."""
    steps = " ".join(first_sign_in("https://portal.example.com", built_in(NoDevice.REGISTER)))

    assert "Send email OTP" in steps
    assert "Reset password" in steps
    assert "https://portal.example.com" in steps
    assert "Register an MFA device" in steps


def test_somebody_who_would_be_blocked_is_told_before() -> None:
    """With `block` a new user without a device cannot sign in to register one."""
    assert "registers an MFA device for the person" in " ".join(first_sign_in("u", built_in(NoDevice.BLOCK)))


@pytest.mark.parametrize("provider", [IdentityProvider.EXTERNAL, IdentityProvider.ACTIVE_DIRECTORY])
def test_with_another_directory_there_is_no_password_to_send(provider: IdentityProvider) -> None:
    """The organisation's own accounts are used there."""
    settings = (
        {"enforcedBy": "policy AWS"}
        if provider is IdentityProvider.EXTERNAL
        else {"noDevice": "block", "promptMode": "always-on"}
    )
    requirement = MfaRequirementEntry.model_validate({"identityProvider": provider.value, **settings})

    assert first_sign_in("https://p", requirement) == (
        "Each person: open https://p and sign in with the organisation's identity provider.",
    )


def test_without_a_known_address_the_steps_say_so() -> None:
    """None in a sentence helps nobody."""
    assert "None" not in " ".join(first_sign_in(None, None))


@pytest.mark.parametrize("mode", PromptMode)
@pytest.mark.parametrize("no_device", NoDevice)
def test_the_console_steps_name_both_settings_in_the_consoles_words(
    mode: PromptMode, no_device: NoDevice
) -> None:
    """Somebody compares them with the screen."""
    requirement = MfaRequirementEntry(
        prompt_mode=mode, no_device=no_device, identity_provider=IdentityProvider.BUILT_IN
    )
    *_, prompt, _types, device = console_steps(requirement)

    assert prompt.startswith("  Prompt users for MFA: ")
    assert device.startswith("  If a user does not yet have a registered MFA device: ")
    assert len({console_steps(built_in(choice))[-1] for choice in NoDevice}) == len(NoDevice)


def test_an_external_identity_provider_has_its_own_settings() -> None:
    """Identity Center shows none then; looking for them in the console would be in vain."""
    requirement = MfaRequirementEntry(identity_provider=IdentityProvider.EXTERNAL, enforced_by="policy AWS")

    assert "external identity provider" in console_steps(requirement)[0]
    assert "Multi-factor authentication" not in " ".join(console_steps(requirement))


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (
            ["authenticator-apps", "security-keys"],
            "Security keys and built-in authenticators, Authenticator apps",
        ),
        (["authenticator-apps"], "Authenticator apps"),
        (None, "one of them or both (`allowedTypes` does not say)"),
    ],
)
def test_the_console_steps_name_the_kinds_of_device_in_the_consoles_order(
    types: list[str] | None, words: str
) -> None:
    """A kind that is ticked and not declared is one that nobody meant."""
    given = {"promptMode": "always-on", "noDevice": "block", "identityProvider": "built-in"}
    requirement = MfaRequirementEntry.model_validate({**given, **({"allowedTypes": types} if types else {})})

    assert console_steps(requirement)[-2] == f"  Users can authenticate with these MFA types: {words}"
