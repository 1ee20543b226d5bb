"""What the provider derives from a secret access key."""

import base64
import hashlib
import hmac

# Amazon SES developer guide, "Obtaining Amazon SES SMTP credentials by converting existing AWS credentials".
_STEPS = ("11111111", "REGION", "ses", "aws4_request", "SendRawEmail")
_VERSION = b"\x04"


def ses_smtp_password(secret: str, region: str) -> str:
    """Return the SMTP password of a secret access key in a region (SES, version 4)."""
    signature = f"AWS4{secret}".encode()
    for step in _STEPS:
        message = region if step == "REGION" else step
        signature = hmac.new(signature, message.encode(), hashlib.sha256).digest()
    return base64.b64encode(_VERSION + signature).decode()
