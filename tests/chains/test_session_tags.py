"""Roles whose sessions bring tags that whoever assumes them chooses (IAM User Guide, id_session-tags)."""

from typing import Any, Final

from tests.chains.test_graph import BOSS, becoming, case, undecided

KEY_BY_TAG: Final = [["iam:CreateAccessKey", "user/boss", {"StringEquals": {"aws:PrincipalTag/team": "ops"}}]]
TAGGED: Final = ["sts:AssumeRole", "sts:TagSession"]
USER: Final = "arn:aws:iam::111122223333:user/u"
ROOT: Final = "arn:aws:iam::111122223333:root"
CHAIN: Final = "sts:AssumeRole on role/mid + sts:TagSession on role/mid + iam:CreateAccessKey on user/boss"


def mid(principal: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as the table of labs has it
    """Return a role that makes a key where its session has a tag."""
    return {"role": "mid", "trusts": {"AWS": principal, "do": TAGGED, **more}, "may": KEY_BY_TAG}


def test_whoever_tags_a_session_holds_what_hangs_on_the_tag() -> None:
    """AWS takes the tag from the caller, so leave that hangs on it is the caller's."""
    organisation = case(BOSS, mid(USER), {"user": "u"})

    assert becoming(organisation) == {"u": [CHAIN]}


def test_the_role_itself_is_left_open() -> None:
    """Which tags its other sessions bring is said nowhere."""
    assert undecided(case(BOSS, mid(USER), {"user": "u"})) == {"mid"}


def test_a_trust_that_leaves_tags_out_gives_no_tag() -> None:
    """Without sts:TagSession in the trust policy a call with tags is refused."""
    organisation = case(BOSS, {**mid(USER), "trusts": {"AWS": USER}}, {"user": "u"})

    assert becoming(organisation) == {}
    assert undecided(organisation) == set()


def test_a_tag_that_the_trust_keeps_out_is_not_chosen() -> None:
    """The trust policy says which values a session may bring."""
    limited = {"StringEquals": {"aws:RequestTag/team": "dev"}}
    allowed = {"StringEquals": {"aws:RequestTag/team": ["dev", "ops"]}}

    assert becoming(case(BOSS, mid(USER, **{"if": limited}), {"user": "u"})) == {}
    assert becoming(case(BOSS, mid(USER, **{"if": allowed}), {"user": "u"})) == {"u": [CHAIN]}


def test_in_the_account_leave_for_both_calls_is_needed() -> None:
    """A trust in the account gives what the caller's own documents give, and no tag beside it."""
    both = {"user": "u", "may": [[TAGGED, "*"]]}
    one = {"user": "v", "may": [["sts:AssumeRole", "*"]]}

    assert becoming(case(BOSS, mid(ROOT), both, one)) == {"u": [CHAIN]}
