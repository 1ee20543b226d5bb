"""Relays, administrators by default, plain HTTP, enrolment, impossible ARNs and forms that IAM refuses."""

import json
import pathlib
from typing import Final

import botocore
import pytest

from identity_guard.iam import attach, judge, judge_trust
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.given_ways import RELAYS
from identity_guard.iam.document.document import Document, DocumentKind, parse
from identity_guard.iam.evaluate.attachment import managed_document
from identity_guard.iam.questions.mfa import PLAIN_HTTP
from tests.iam.statements import NOW, Json, allow, deny, opened, verdict

VIA: Final = "aws:ViaAWSService"
BY_SERVICES: Final = allow("iam:*", Condition={"Bool": {VIA: "true"}})


@pytest.mark.parametrize("starts", [(start, *each.besides) for each in RELAYS for start in each.starts])
def test_a_service_that_calls_for_its_starter_opens_what_is_left_to_services(starts: tuple[str, ...]) -> None:
    """Leave for IAM through services is leave for IAM to whoever can start one that asks for anything."""
    assert "iam-all" in opened(allow(list(starts)), BY_SERVICES)
    if len(starts) > 1:
        assert "iam-all" not in opened(allow(starts[0]), BY_SERVICES)


@pytest.mark.parametrize(
    "start", ["s3:*", "dynamodb:*", "kms:*", "ssm:GetParameter", "codepipeline:*", "amplify:*"]
)
def test_a_service_that_does_not_call_iam_opens_nothing(start: str) -> None:
    """Most services call others for a few things of their own only."""
    assert "iam-all" not in opened(allow(start), BY_SERVICES)


@pytest.mark.parametrize(
    ("start", "service", "is_open"),
    [
        ("ssm:StartAutomationExecution", "ssm.amazonaws.com", True),
        ("ssm:StartAutomationExecution", "cloudformation.amazonaws.com", False),
        ("cloudformation:CreateStack", "cloudformation.amazonaws.com", True),
        ("cloudformation:CreateStack", "ssm.amazonaws.com", False),
        ("servicecatalog:UpdateProvisionedProduct", "cloudformation.amazonaws.com", True),
        ("elasticbeanstalk:*", "cloudformation.amazonaws.com", True),
        ("elasticbeanstalk:*", "ssm.amazonaws.com", False),
    ],
)
def test_the_service_is_the_one_that_a_condition_names(start: str, service: str, *, is_open: bool) -> None:
    """Leave through CloudFormation is none through Systems Manager."""
    by_one = allow("iam:*", Condition={"ForAnyValue:StringEquals": {"aws:CalledVia": service}})

    assert ("iam-all" in opened(allow(start), by_one)) is is_open


@pytest.mark.parametrize(
    ("role", "is_open"),
    [
        ("*:role/OrganizationAccountAccessRole", True),
        ("*:role/AWSControlTowerExecution", True),
        ("*:role/AWSAFTExecution", True),
        ("*:role/AWSAFT*", True),
        ("*:role/cdk-*", True),
        ("*:role/cdk-hnb659fds-deploy-role-*", True),
        ("*:role/cdk-hnb659fds-cfn-exec-role-*", True),
        ("444455556666:role/cdk-hnb659fds-deploy-role-444455556666-eu-west-1", True),
        ("444455556666:role/cdk-hnb659fds-deploy-role-111122223333-eu-west-1", False),
        ("*:role/cdk-hnb659fds-lookup-role-*", False),
        ("*:role/cdk-hnb659fds-file-publishing-role-*", False),
        ("*:role/app", False),
    ],
)
def test_roles_that_are_administrators_by_default_are_known(role: str, *, is_open: bool) -> None:
    """Their names say what they are, in every account that the tool has set up."""
    assert (opened(allow("sts:AssumeRole", f"arn:aws:iam::{role}")) == ["sts-assume-role"]) is is_open


def test_a_delegation_hands_access_to_a_partner() -> None:
    """Whoever accepts a partner's request and sends the token gives away what they have."""
    assert opened(allow(["iam:AcceptDelegationRequest", "iam:SendDelegationToken"])) == [
        "iam-accept-delegation"
    ]
    assert opened(allow(["iam:GetDelegationRequest", "iam:RejectDelegationRequest"])) == []


ONLY_TLS: Final = deny(
    Condition={
        "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
        "Bool": {"aws:SecureTransport": "true"},
    }
)
WITHOUT_MFA: Final = deny(Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})


@pytest.mark.parametrize("service", PLAIN_HTTP)
def test_mfa_over_tls_only_is_no_mfa_where_plain_http_is_answered(service: str) -> None:
    """S3 answers HTTP: the condition on TLS is a way around."""
    assert verdict(allow(f"{service}:*"), ONLY_TLS).mfa_enforced is False
    assert verdict(allow(f"{service}:*"), WITHOUT_MFA).mfa_enforced is True


@pytest.mark.parametrize("service", ["iam", "sts", "lambda", "kms"])
def test_services_that_take_tls_only_have_no_such_way(service: str) -> None:
    """A call without TLS does not reach them."""
    assert verdict(allow(f"{service}:*"), ONLY_TLS).mfa_enforced is True


def test_the_services_of_plain_http_are_those_of_botocore() -> None:
    """A service that AWS takes off the list, or adds, changes what MFA is asked of."""
    folder = pathlib.Path(botocore.__file__).parent / "data" / "endpoints.json"
    (aws,) = [each for each in json.loads(folder.read_text())["partitions"] if each["partition"] == "aws"]
    prefixes = {"monitoring": "cloudwatch", "streams.dynamodb": "dynamodb"}
    found = {
        prefixes.get(name, name)
        for name, service in aws["services"].items()
        for place in (service.get("defaults", {}), *service["endpoints"].values())
        if "http" in place.get("protocols", ())
    }

    assert found == {*PLAIN_HTTP}
    assert found <= catalogue().service_masks.keys()


ENROL: Final = ["iam:EnableMFADevice", "iam:CreateVirtualMFADevice"]
CARVED: Final = {**WITHOUT_MFA, "NotAction": ENROL}
del CARVED["Action"]


@pytest.mark.parametrize(
    ("statements", "enforced"),
    [
        ([allow(ENROL), CARVED], False),
        ([allow(ENROL)], False),
        ([allow(ENROL, ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:mfa/*"]), CARVED], True),
        ([allow(["s3:*", *ENROL]), CARVED], True),
        ([allow(), CARVED], True),
    ],
)
def test_devices_of_others_are_no_set_up_of_ones_own(statements: list[Json], *, enforced: bool) -> None:
    """Whoever is there to enrol others does it without MFA; in AWS's own text set-up is carved out."""
    assert verdict(*statements).mfa_enforced is enforced


@pytest.mark.parametrize(
    "action", ["iam:*", "sts:AssumeRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]
)
@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:iam:us-east-1:*:role/*",
        "arn:aws:iam:us-*:*:role/*",
        "arn:aws:iam::aws:role/*",
        "arn:aws:iam::?????????????:role/*",
        "arn:aws:iam::11112222333:role/*",
        "arn:aws:iam::1111222233334*:role/*",
        "arn:aws:iam::acme:role/*",
        "arn:aws:sts:eu-west-1:*:*",
        "${*}",
    ],
)
def test_a_pattern_that_no_arn_fits_names_nothing(action: str, resource: str) -> None:
    """IAM has no Region, an account has twelve digits, and only policies are of the account `aws`."""
    assert opened(allow(action, resource)) == []


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::????????????:role/*",
        "arn:aws:iam::1111*:role/*",
        "arn:aws:iam:*:*:role/*",
        "arn:*:iam::*:role/*",
        "arn:aws:iam*role/*",
    ],
)
def test_a_pattern_that_some_arn_fits_is_read(resource: str) -> None:
    """Leave for every role is a way up, however its ARN is written."""
    assert opened(allow("sts:AssumeRole", resource)) == ["sts-assume-role"]


GRANT: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"Resource": "arn:aws:iam::${aws:PrincipalAccount}:role/*"}, "before the fifth colon"),
        ({"Resource": "arn:${aws:Partition}:s3:::b"}, "before the fifth colon"),
        ({"Resource": ["*", "${aws:PrincipalTag/arn}"]}, "before the fifth colon"),
        ({"Action": "iam"}, "names no service"),
        ({"Action": ["s3:*", "GetObject"]}, "names no service"),
        ({"Resource": ""}, "is no ARN"),
        ({"Resource": "iam::*"}, "is no ARN"),
        ({"Resource": "my-bucket/*"}, "is no ARN"),
        ({"Resource": "ARN:aws:s3:::b"}, "is no ARN"),
        ({"Sid": "Allow reading"}, "letters and digits"),
        ({"Sid": "a-b"}, "letters and digits"),
    ],
)
def test_a_form_that_iam_refuses_cannot_be_read(wrong: Json, said: str) -> None:
    """IAM stores no such document; a verdict on it would vouch for something that nobody has."""
    found = judge([attach({"Version": "2012-10-17", "Statement": {**GRANT, **wrong}})], now=NOW)

    assert found.root_level is None
    ((_, (reason,)),) = found.unreadable
    assert said in reason


@pytest.mark.parametrize(
    "written",
    [
        {"Resource": "arn:aws:s3:::${aws:username}/*"},
        {"Resource": "arn:aws:iam::*:user/${aws:username}"},
        {"Resource": ["arn:*", "*"]},
        {"Action": ["*", "s3:Get*", "*:Get*", "a*"]},
        {"Sid": "AllowReading2"},
        {"Sid": ""},
        {"Resource": "arn:aws:s3:::${*}"},
    ],
)
def test_a_form_that_iam_takes_is_read(written: Json) -> None:
    """To call a good document unreadable would refuse a stack for nothing."""
    assert isinstance(parse({"Version": "2012-10-17", "Statement": {**GRANT, **written}}), Document)


def test_aws_may_write_its_own_policies_otherwise() -> None:
    """A few of AWS's have variables where IAM takes none of anybody else."""
    arn = "arn:aws:iam::aws:policy/aws-service-role/AmazonTimestreamInfluxDBServiceRolePolicy"

    assert managed_document(arn) is not None


@pytest.mark.parametrize(
    "name", ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:root", "arn:aws:iam::11112222333?:user/a"]
)
def test_a_principal_with_a_wildcard_in_a_part_is_refused(name: str) -> None:
    """IAM takes a star alone; `role/*` of one account was told as anybody's."""
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole"},
    }

    assert not isinstance(parse(trust, DocumentKind.TRUST), Document)
    assert judge_trust(trust, NOW).public is None
