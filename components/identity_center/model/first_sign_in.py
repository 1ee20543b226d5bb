"""What a person has to do to sign in for the first time.

Users made through the API get no password and no invitation by themselves.
Source: AWS IAM Identity Center user guide, "Email one-time password to users created with API"; it is a
setting of the console.
"""

from .mfa import IdentityProvider, MfaRequirementEntry, NoDevice

_SEND_PASSWORDS = (
    "Once, an administrator: in the console, IAM Identity Center > Settings > Authentication > Standard "
    'authentication > Configure, tick "Send email OTP". It has no API; without it new users get no '
    "password. For one person, Users > the user > Reset password does the same."
)


def first_sign_in(portal_url: str | None, requirement: MfaRequirementEntry | None) -> tuple[str, ...]:
    """Say it in steps: what an administrator does once, then what each new person does."""
    portal = portal_url or "the access portal (its address is in the console, set `portalUrl` to see it here)"
    provider = requirement.identity_provider if requirement else IdentityProvider.BUILT_IN
    if provider is not IdentityProvider.BUILT_IN:
        return (f"Each person: open {portal} and sign in with the organisation's identity provider.",)
    device = requirement.no_device if requirement else None
    return (
        _SEND_PASSWORDS,
        f"Each new person: open {portal}, enter the user name and the e-mailed password, and set a password.",
        *_DEVICE_STEPS.get(device, ()),
    )


_DEVICE_STEPS: dict[NoDevice | None, tuple[str, ...]] = {
    NoDevice.REGISTER: ("Register an MFA device when asked: an authenticator app or a security key.",),
    NoDevice.BLOCK: (
        "Before that, an administrator registers an MFA device for the person: without one they are blocked.",
    ),
}
