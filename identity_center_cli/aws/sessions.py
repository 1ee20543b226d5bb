"""boto3 sessions with the credentials that the Pulumi AWS provider is told of."""

import boto3

from identity_center.model.language.settings import AwsSettings


def session_with(settings: AwsSettings) -> boto3.Session:
    """Return a session with these settings; for what they leave out, boto3's own rules hold."""
    return boto3.Session(
        profile_name=settings.profile,
        region_name=settings.region,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        aws_session_token=settings.token,
    )
