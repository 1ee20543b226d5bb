"""Instances as a strategy: whatever people, permission sets and grants Identity Center may hold."""

import json
from typing import Any, Final

from hypothesis import strategies as st

from identity_center.model.existing.existing import Account, Existing
from identity_center.model.existing.objects import (
    AccountAccess,
    Address,
    Application,
    ApplicationAssignment,
    Assignment,
    Attribute,
    Boundary,
    Email,
    Entitlement,
    ExternalId,
    Group,
    Membership,
    PermissionSet,
    Phone,
    PolicyName,
    Provisioned,
    User,
)

INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
MANAGEMENT: Final = "123456789012"
ACCOUNTS: Final = (
    Account(id=MANAGEMENT, name="management", state="ACTIVE"),
    Account(id="012345678901", name="all", state="ACTIVE"),
    Account(id="444444444444", name="shop # production", state="ACTIVE"),
    Account(id="555555555555", name="closed", state="SUSPENDED"),
)
#: The last is of no account of the organisation.
_WHERE: Final = (*(account.id for account in ACCOUNTS), "999999999999")
#: Names that YAML, a shell or a person may take for something else, beside plain ones.
_LETTERS: Final = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
_NAMES: Final = st.text(_LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["ada", "Ada@Example.com", "ada@corp.example.com", "yes", "012", "1e3", "null", "~", "Müller", "Команда",
     "AWSControlTowerAdmins", "a: b", "# no comment", "{x}", "*star", "with space", "2026-11-30", "12:30",
     "-dash", "Platform Engineers", "ada ", 'quote"d', "it's", "a\tb", "%percent", "@at", "AWSAccountFactory"]
)  # fmt: skip
_SET_NAMES: Final = (
    st.integers(1, 9).map(lambda number: f"Set{number}")
    | st.sampled_from(
        [
            "PowerUserWithIAM",
            "Reading",
            "reading",
            "AWSReadOnlyAccess",
            "yes",
            "0123",
            "a,b",
            "=x",
            "@y",
            "1_000",
        ]
    )
    | st.from_regex(r"[\w+=,.@-]{1,32}", fullmatch=True).filter(str.isascii)
)
_SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-"
_GONE: Final = ("USER", "gone")
_MANAGED: Final = tuple(
    f"arn:aws:iam::aws:policy/{name}"
    for name in (
        "ReadOnlyAccess",
        "PowerUserAccess",
        "job-function/Billing",
        "NotInTheList",
        "service-role/Not",
    )
)
_WORDS: Final = st.sampled_from(
    ["work", "yes", "0815", "plain words", "Größe", "a:b", "x" * 120, "two\nlines"]
)
_PROVIDERS: Final = st.sampled_from(["custom", "custom", "sso"])
_SOURCES: Final = st.sampled_from([("${path:userType}",), ("a", "b")])
_ATTRIBUTES: Final = st.sampled_from(["nickName", "title", "middleName", "locale"])
_CUSTOMER: Final = st.builds(
    PolicyName, name=st.sampled_from(["Deploy", "yes", "007"]), path=st.sampled_from(["/", "/team/", "/a/b/"])
)


def _document(action: str, value: object, many: int) -> str:
    condition = {"Bool": {"a:b": value}}
    statement = {"Effect": "Allow", "Action": [action] * many, "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(", ", ":"))


_INLINE: Final = st.builds(
    _document,
    st.sampled_from(["s3:*", "*", "iam:Get*"]),
    st.sampled_from([True, "true", 3600, 1.5, "012", "${aws:username}", "yes", "ü"]),
    st.integers(1, 30),
)
#: Several sets have the same one: then they may extend each other.
_SAME: Final = st.sampled_from(
    [_document("s3:*", value=True, many=1), _document("s3:*", value=True, many=30)]
)
_TAGS: Final = st.dictionaries(
    st.sampled_from(["team", "ManagedBy", "yes", "1", "aws:cloudformation:stack-name"]),
    st.sampled_from(["a", "terraform", "007", "", "true"]),
    max_size=3,
)


# Strategies stand here and not in the functions that draw from them: made anew with each draw, they took
# longer than the drawing.
_NAMES_OR_NONE: Final = _NAMES | st.just("")
_WORDS_OR_NONE: Final = _WORDS | st.just("")
_PRIMARIES: Final = st.lists(st.booleans(), max_size=2)
_DETAILS: Final = st.dictionaries(_ATTRIBUTES, _WORDS)
_PHONES: Final = st.lists(st.builds(Phone, value=_WORDS, primary=st.booleans()), max_size=2)
_ADDRESSES: Final = st.lists(st.builds(Address, postal_code=_WORDS, kind=_WORDS), max_size=1)
_ONE_OF_FIVE: Final = st.integers(0, 4).map(lambda number: number == 0)


@st.composite
def _users(draw: st.DrawFn, identifier: str) -> User:
    name = draw(_NAMES_OR_NONE)
    address = "same@example.com" if draw(st.booleans()) else f"{identifier}@example.com"
    return User(
        id=identifier,
        user_name=name,
        display_name=draw(_WORDS_OR_NONE),
        given_name=draw(_WORDS_OR_NONE),
        family_name=draw(_WORDS),
        emails=tuple(Email(value=address, primary=each) for each in draw(_PRIMARIES)),
        attributes=draw(_DETAILS),
        phones=tuple(draw(_PHONES)),
        addresses=tuple(draw(_ADDRESSES)),
        external_ids=(ExternalId(issuer="scim", id=identifier),) if draw(st.booleans()) else (),
    )


@st.composite
def _groups(draw: st.DrawFn, identifier: str) -> Group:
    external = (ExternalId(issuer="scim", id=identifier),) if draw(_ONE_OF_FIVE) else ()
    description = draw(_WORDS_OR_NONE)
    return Group(id=identifier, name=draw(_NAMES_OR_NONE), description=description, external_ids=external)


_BOUNDARIES: Final = (
    st.none()
    | st.none()
    | st.builds(Boundary, managed_policy_arn=st.sampled_from(_MANAGED))
    | st.builds(Boundary, customer_managed=_CUSTOMER)
)
_DESCRIPTIONS: Final = st.sampled_from(["", "", "", "", "yes", "it's: # not"])
_DURATIONS: Final = st.sampled_from(["PT1H", "PT4H", "PT4H", "PT4H", "PT60M", "PT1H", "PT14H"])
_RELAY_STATES: Final = st.sampled_from(["", "", "", "https://console.aws.amazon.com/"])
_MANAGED_POLICIES: Final = st.sets(st.sampled_from(_MANAGED))
_CUSTOMER_POLICIES: Final = st.sets(_CUSTOMER, max_size=3)
_DOCUMENTS: Final = _SAME | st.just("") | _INLINE


@st.composite
def _sets(draw: st.DrawFn, arn: str) -> PermissionSet:
    boundary = draw(_BOUNDARIES)
    return PermissionSet(
        arn=arn,
        name=draw(_SET_NAMES),
        description=draw(_DESCRIPTIONS),
        session_duration=draw(_DURATIONS),
        relay_state=draw(_RELAY_STATES),
        managed_policies=tuple(sorted(draw(_MANAGED_POLICIES))),
        customer_managed_policies=tuple(sorted(draw(_CUSTOMER_POLICIES), key=str)),
        inline_policy=draw(_DOCUMENTS),
        boundary=boundary,
        tags=draw(_TAGS),
        provisioned=(),
    )


def _once(values: list[Any], key: str) -> list[Any]:
    """Keep one of those whose name AWS has once; a name that is empty is none."""
    kept: dict[str, Any] = {}
    for each in values:
        kept.setdefault(getattr(each, key) or f"\n{id(each)}", each)
    return list(kept.values())


def _provisioned(one: PermissionSet, accounts: set[str]) -> PermissionSet:
    roles = tuple(Provisioned(account_id=account) for account in sorted(accounts))
    return one.model_copy(update={"provisioned": roles})


_USERS: Final = tuple(_users(f"9267bbf8-{number:03}") for number in range(4))
_GROUPS: Final = tuple(_groups(f"84c8b4a8-{number:03}") for number in range(3))
_SETS: Final = tuple(_sets(f"{_SET_ARN}{number:016}") for number in range(5))
_HOW_MANY_SETS: Final = st.sampled_from([0, 1, 3, 4, 5])
_HOW_MANY: Final = {size: st.integers(0, size) for size in (2, 3, 4)}


@st.composite
def instances(draw: st.DrawFn) -> Existing:
    """Draw what an instance holds: grants of principals, sets and accounts that are there or gone."""
    users = _once([draw(each) for each in _USERS[: draw(_HOW_MANY[4])]], "user_name")
    groups = _once([draw(each) for each in _GROUPS[: draw(_HOW_MANY[3])]], "name")
    sets = _once([draw(each) for each in _SETS[: draw(_HOW_MANY_SETS)]], "name")
    user_ids, group_ids = [each.id for each in users], [each.id for each in groups]
    arns = [each.arn for each in sets]
    principals = [*(("USER", each) for each in user_ids), *(("GROUP", each) for each in group_ids), _GONE]
    grants = st.tuples(st.sampled_from(arns or [""]), st.sampled_from(_WHERE), st.sampled_from(principals))
    assigned = sorted(draw(st.sets(grants, max_size=12))) if sets else []
    pairs = st.tuples(st.sampled_from(group_ids or [""]), st.sampled_from(user_ids or [""]))
    joined = sorted(draw(st.sets(pairs, max_size=8))) if users and groups else []
    return Existing(
        region="us-east-1",
        instance_arn=INSTANCE,
        identity_store_id="d-1234567890",
        owner_account_id=MANAGEMENT,
        read_from="2026-11-30T00:00:00+00:00",
        read_until="2026-11-30T00:00:00+00:00",
        management_account_id=MANAGEMENT,
        accounts=ACCOUNTS,
        users=tuple(users),
        groups=tuple(groups),
        memberships=tuple(Membership(group_id=g, user_id=u, id=f"m-{g}-{u}") for g, u in joined),
        permission_sets=tuple(_provisioned(one, {a for s, a, _ in assigned if s == one.arn}) for one in sets),
        assignments=tuple(
            Assignment(permission_set_arn=arn, account_id=account, principal_type=kind, principal_id=who)
            for arn, account, (kind, who) in assigned
        ),
        **draw(_beside(principals)),
    )


_STATUS: Final = st.sampled_from(["ENABLED", "DISABLED"])
_ORIGINS: Final = st.sampled_from(["", "IDENTITY_CENTER"])
_FEW_TAGS: Final = st.dictionaries(st.sampled_from(["team", "yes"]), st.sampled_from(["a", "1"]))
_FOR_ACCESS_CONTROL: Final = st.dictionaries(st.sampled_from(["CostCenter", "yes"]), _SOURCES)


@st.composite
def _beside(draw: st.DrawFn, principals: list[tuple[str, str]]) -> dict[str, Any]:
    """Draw what people reach without a permission set, and attributes."""
    some = st.sets(st.sampled_from(principals), max_size=3).map(sorted)
    applications = tuple(
        Application(
            arn=f"arn:aws:sso::{MANAGEMENT}:application/ssoins-1234567890abcdef/apl-{number:016}",
            name=draw(_NAMES),
            provider_arn=f"arn:aws:sso::aws:applicationProvider/{draw(_PROVIDERS)}",
            account_id=MANAGEMENT,
            status=draw(_STATUS),
            visibility="ENABLED",
            sign_in_origin=draw(_ORIGINS),
            assignment_required=draw(st.booleans()),
            assignments=tuple(ApplicationAssignment(principal_type=k, principal_id=p) for k, p in draw(some)),
            tags=draw(_FEW_TAGS),
        )
        for number in range(draw(_HOW_MANY[2]))
    )
    manager = f"arn:aws:account-access:us-east-1:{MANAGEMENT}:application/aam-1"
    role = "arn:aws:iam::444444444444:role/team/Auditor"
    entitled = draw(some)
    attributes = draw(_FOR_ACCESS_CONTROL)
    return {
        "applications": applications,
        "account_access": (AccountAccess(arn=manager, tags={"a": "1"}),) if entitled else (),
        "entitlements": tuple(
            Entitlement(
                application_arn=manager, id=f"e-{who}", role_arn=role, principal_type=kind, principal_id=who
            )
            for kind, who in entitled
        ),
        "attributes": tuple(Attribute(key=key, sources=each) for key, each in sorted(attributes.items())),
    }
