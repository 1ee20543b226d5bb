"""The policy that denies IAM users everything without MFA, but to set MFA up.

Source: AWS IAM user guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials" and
`aws:MultiFactorAuthPresent`: Deny with BoolIfExists and false, which also denies requests signed with
long-term keys, where the key is absent. For IAM users and groups only: in a permission set it would lock
everybody out, since the key is absent in federated sessions.
"""

from typing import Any, Final

#: What a person needs to set MFA up and to get a session with it. iam:ChangePassword is not among them: AWS
#: warns that whoever has a password alone could then keep its owner out.
WITHOUT_MFA: Final = (
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)


def deny_without_mfa() -> dict[str, Any]:
    """Return the document, for an IAM user or group."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DenyAllExceptListedIfNoMFA",
                "Effect": "Deny",
                "NotAction": list(WITHOUT_MFA),
                "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            }
        ],
    }
