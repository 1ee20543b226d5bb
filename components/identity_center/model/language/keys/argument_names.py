"""The names of arguments that are keys of entries: components hand them to a plan as they are.

Written from the entries by `make docs`: change those. The entries themselves are pydantic's.
"""

from typing import Final

PHONE_NUMBER: Final = (
    "value",
    "type",
    "primary",
)
ADDRESS: Final = (
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
    "formatted",
    "type",
    "primary",
)
USER: Final = (
    "user_name",
    "given_name",
    "family_name",
    "display_name",
    "email",
    "email_type",
    "phone_number",
    "address",
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
)
GROUP: Final = (
    "display_name",
    "description",
)
PERMISSION_SET: Final = (
    "description",
    "session_duration",
    "relay_state",
    "tags",
    "name",
)
PORTAL: Final = (
    "visibility",
    "origin",
    "application_url",
)
APPLICATION: Final = (
    "name",
    "application_provider_arn",
    "description",
    "status",
    "portal",
    "tags",
)
MFA_REQUIREMENT: Final = (
    "prompt_mode",
    "allowed_types",
    "no_device",
    "identity_provider",
    "enforced_by",
    "confirmed_by",
    "valid_until",
)
POLICY_EXCEPTION: Final = (
    "rule",
    "resource",
    "principal",
    "expires",
)
