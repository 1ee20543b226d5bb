"""The roles that Identity Center makes of permission sets: their ARNs, written and read."""

import re

import pytest

from identity_center.model.aws.portal_roles import RoleSession, role_arn_pattern, role_session

SESSION = "arn:{partition}:sts::123456789012:assumed-role/AWSReservedSSO_{name}_0123456789abcdef/{user}"


@pytest.mark.parametrize("name", ["Reading", "Read_Write", "Read_0123456789abcdef", "a+b=c,d.e@f-g"])
@pytest.mark.parametrize("user", ["ada", "ada@example.com", "ada.lovelace+test"])
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_a_session_tells_account_set_and_person(name: str, user: str, partition: str) -> None:
    """A name with an underscore read wrongly would be another permission set's session."""
    found = role_session(SESSION.format(partition=partition, name=name, user=user))

    assert found == RoleSession("123456789012", name, user)
    pattern = re.escape(role_arn_pattern(name, "123456789012", "us-east-1", partition)).replace(r"\?", ".")
    role = f"AWSReservedSSO_{name}_0123456789abcdef"
    arn = f"arn:{partition}:iam::123456789012:role/aws-reserved/sso.amazonaws.com/{role}"
    assert re.fullmatch(pattern, arn)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sts::123456789012:assumed-role/OrganizationAccountAccessRole/ada",
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Reading_0123/ada",
        "arn:aws:iam::123456789012:user/ada",
        "arn:aws:sts::123456789012:federated-user/AWSReservedSSO_Reading_0123456789abcdef/ada",
        "",
    ],
)
def test_any_other_arn_is_no_session_of_a_permission_set(arn: str) -> None:
    """Credentials of somebody else's role must not pass for those that the portal gave."""
    assert role_session(arn) is None
