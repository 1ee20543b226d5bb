"""Forms that IAM refuses: of actions, resources, principals and empty lists, each with what is said."""

from typing import Any, Final

import pytest

from identity_guard.iam import Document, DocumentKind, Unreadable, attach, judge, judge_trust, parse

Json = dict[str, Any]
NOW: Final = 1_795_000_000.0
GRANT: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
WHOLE: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ALICE: Final = "arn:aws:iam::111122223333:user/alice"


def document(*statements: Json) -> Json:
    """Put statements into a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"Action": "iam:"}, "Action: `iam:` names no action"),
        ({"Action": "arn:aws:iam::aws:policy/AdministratorAccess"}, "is an ARN; expected `service:Action`"),
        ({"Action": ["s3:*", "ec2:ec2:CreateVpc"]}, "has more than one colon"),
        ({"Action": "i m:*"}, "no service has such a prefix"),
        ({"Action": " iam:*"}, "no service has such a prefix"),
        ({"Action": ":PassRole"}, "no service has such a prefix"),
        ({"Action": "i*m:PassRole"}, "Action: `i*m:PassRole` has a wildcard in the service's prefix"),
        ({"Action": "?am:CreateAccessKey"}, "has a wildcard in the service's prefix"),
        ({"Action": []}, "Action: the list is empty; IAM wants actions in each statement"),
        ({"Resource": []}, "Resource: the list is empty; IAM wants resources in each statement"),
        ({"Resource": "arn:aws:iam"}, "has too few parts for an ARN"),
        ({"Resource": "arn:aws:iam::111122223333"}, "has too few parts"),
        ({"Resource": "arn:aws:s3::bucket"}, "has too few parts"),
        ({"Resource": "arn:aws:sqs:jobs"}, "has too few parts"),
        ({"Resource": "arn:aws::::bucket"}, "names no service"),
        ({"Resource": "arn:aws::iam:*:role/*"}, "names no service"),
        ({"Resource": "arn:awz:iam::*:role/*"}, "is of the partition `awz`, which there is not"),
        ({"Resource": "arn::iam::*:role/*"}, "is of the partition ``, which there is not"),
    ],
    ids=str,
)
def test_what_iam_never_stores_is_neither_clean_nor_dangerous(wrong: Json, said: str, effect: str) -> None:
    """Nobody has such a document: a verdict on it would be one on nothing, and its author is told why."""
    found = judge([attach(document({**GRANT, **wrong, "Effect": effect}))], now=NOW)

    assert {found.root_level, found.administrator, found.escalates, found.mfa_enforced} == {None}
    assert said in "; ".join(found.undecided)


@pytest.mark.parametrize("name", ["iam:Create User", "iam:Create-User", "iam:[a-z]*"])
def test_an_action_that_cannot_be_is_no_reason_to_refuse(name: str) -> None:
    """IAM does not look at names of actions: the document is stored, and nobody knows what is meant."""
    found = judge([attach(document({**GRANT, "Action": name}))], now=NOW)

    assert found.unreadable == ()
    assert found.undecided


@pytest.mark.parametrize(
    "statements",
    [
        [{"Effect": "Allow", "NotAction": [], "Resource": "*"}],
        [{"Effect": "Allow", "NotAction": [], "NotResource": []}],
        [{**WHOLE, "Action": ["a*:*", "?*:*"]}],
        [WHOLE, {**GRANT, "Action": "s?:*"}],
        [WHOLE, {**GRANT, "Action": "?:*", "Effect": "Deny"}],
    ],
    ids=str,
)
def test_who_writes_root_level_access_in_a_form_that_is_refused_is_told_so(statements: list[Json]) -> None:
    """The next try of the same author has the right form."""
    read = parse(document(*statements))
    assert isinstance(read, Unreadable)
    assert read.meant is not None

    assert judge([attach(document(*statements))], now=NOW).root_level is True


def test_what_is_meant_is_asked_of_all_documents_together() -> None:
    """Two halves of everything, one in a form that IAM refuses; and what a readable Deny withholds."""
    halves = [attach(document({**WHOLE, "Action": each})) for each in (["*:*"], ["?am:*"])]
    denied = attach(document({"Effect": "Deny", "Action": "*", "Resource": "*"}))

    assert judge(halves, now=NOW).root_level is True
    assert judge([*halves, denied], now=NOW).root_level is not True
    assert judge([*halves, denied], now=NOW).unreadable
    assert judge(halves[:1], boundary=halves[1], now=NOW).root_level is None


@pytest.mark.parametrize(
    ("principal", "said"),
    [
        ({"AWS": "somebody"}, "is no account, user, role or session"),
        ({"AWS": "ADMIN"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:iam:x"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:iam:::role/app"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:iam::111122223333:alice"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:s3:::bucket"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:sts::111122223333:role/app"}, "is no account, user, role or session"),
        ({"AWS": "arn:aws:iam::${aws:PrincipalAccount}:root"}, "has a variable, where IAM takes none"),
        ({"AWS": ["${aws:PrincipalArn}", ALICE]}, "has a variable, where IAM takes none"),
        ({"AWS": []}, "AWS: names nobody"),
        ({"AWS": ALICE, "Service": []}, "Service: names nobody"),
        ({"Service": "ec2"}, "is no service's principal"),
    ],
    ids=str,
)
def test_who_cannot_be_named_makes_a_trust_unreadable(principal: Json, said: str) -> None:
    """IAM looks each principal up; to call such a trust closed would vouch for one that nobody has."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    found = judge_trust(document(statement), NOW)

    assert (found.public, found.requires_mfa) == (None, None)
    assert said in "; ".join(found.undecided)


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "AROAEXAMPLEOFAROLE"},
        {"AWS": "AIDAEXAMPLEOFAUSER"},
        {"AWS": "111122223333"},
        {"AWS": "arn:aws:iam::111122223333:root"},
        {"AWS": "arn:aws-cn:sts::111122223333:assumed-role/app/session"},
        {"AWS": "arn:aws:sts::111122223333:federated-user/alice"},
        {"Service": "states.eu-west-1.amazonaws.com"},
        {"Service": "ec2.amazonaws.com.cn"},
    ],
    ids=str,
)
def test_who_can_be_named_is_read(principal: Json) -> None:
    """IAM shows the unique id of a user or role that was deleted; such a trust is there to be judged."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}

    assert isinstance(parse(document(statement), DocumentKind.TRUST), Document)


@pytest.mark.parametrize(
    "written",
    [
        {"Action": ["*", "s3:Get*", "*:Get*", "a*", "aws-portal:*", "s3.x:Get?"]},
        {"Resource": ["arn:*", "arn:aws:*", "arn:aws-eusc:iam::*:role/*", "arn:a*:iam::*:role/*"]},
        {"Resource": ["arn:aws:iam::*", "arn:aws:s3*", "arn?aws?iam??*", "?rn:*"]},
        {"Resource": "arn:aws:s3:::a:b:c"},
    ],
    ids=str,
)
def test_a_form_of_which_no_source_says_that_it_is_refused_is_read(written: Json) -> None:
    """A star may stand for several parts of an ARN; to refuse it would hide what it takes."""
    assert isinstance(parse(document({**GRANT, **written})), Document)
