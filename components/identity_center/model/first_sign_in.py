"""What a person has to do to sign in for the first time.

Users made through the API get no password and no invitation by themselves.
Source: AWS IAM Identity Center user guide, "Email one-time password to users created with API"; it is a
setting of the console.
"""

from .mfa import MfaRequirementEntry
from .mfa_settings import IdentityProvider, NoDevice

#: What an administrator does once. The setting has no API.
_SEND_PASSWORDS = (
    "Once, an administrator, in the console of IAM Identity Center:",
    'Settings > Authentication > Standard authentication > Configure > tick "Send email OTP".',
    "Without that setting a new user has no password: then Users > the user > Reset password sends one.",
)


def first_sign_in(portal_url: str | None, requirement: MfaRequirementEntry | None) -> tuple[str, ...]:
    """Say it in steps: what an administrator does once, then what each new person does."""
    portal = portal_url or "the access portal (set `portalUrl` to see its address here)"
    provider = requirement.identity_provider if requirement else IdentityProvider.BUILT_IN
    if provider is not IdentityProvider.BUILT_IN:
        return (f"Each person: open {portal} and sign in with the organisation's identity provider.",)
    device = requirement.no_device if requirement else None
    return (
        *_SEND_PASSWORDS,
        f"Each new person: open {portal}, enter the user name, then the password from the e-mail.",
        "Set a password of your own when asked.",
        *_DEVICE_STEPS.get(device, ()),
    )


_DEVICE_STEPS: dict[NoDevice | None, tuple[str, ...]] = {
    NoDevice.REGISTER: ("Register an MFA device when asked: an authenticator app or a security key.",),
    NoDevice.BLOCK: (
        "Before that, an administrator registers an MFA device for the person, or they are blocked.",
    ),
}
