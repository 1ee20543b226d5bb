"""Every resource type of the table from cradle to grave, over gRPC: an example of each."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from sandbox.provider.rows.attached import Attached, Made
from sandbox.provider.rows.values import UNKNOWN, Secret, has_unknown, plain
from sandbox.provider.table import RESOURCES
from tests.provider.examples.table import EXAMPLES, TOKENS
from tests.provider.examples.world import ATTRIBUTES, ORGANIZATION, REGION, World


@pytest.fixture
def attached(port: int, request: pytest.FixtureRequest) -> Iterator[Attached]:
    """Give an engine's connection, to the account of the example."""
    token = request.getfixturevalue("token") if "token" in request.fixturenames else None
    account = EXAMPLES[token].account if token else ""
    role = {"roleArn": f"arn:aws:iam::{account}:role/administrator", "sessionName": "test"}
    connection = Attached(port, region=REGION, **({"assumeRoles": [role]} if account else {}))
    yield connection
    connection.close()


@pytest.fixture
def world(attached: Attached, instance: dict[str, str], unique: str, endpoint: str) -> World:
    """Give the surroundings of one example."""
    return World(attached, instance, unique, endpoint)


@pytest.fixture
def made(attached: Attached, world: World, token: str) -> Made:
    """Make the example of a type."""
    return attached.create(token, world.word, EXAMPLES[token].inputs(world))


def test_each_type_has_an_example() -> None:
    """A type without an example would be in the table and nowhere tested."""
    assert sorted(RESOURCES) == TOKENS


@pytest.mark.parametrize("token", TOKENS)
def test_a_preview_tells_what_is_known_and_marks_the_rest(
    attached: Attached, world: World, token: str
) -> None:
    """A preview that invents an id, or says nothing of an output, misleads the policies that read it."""
    inputs = EXAMPLES[token].inputs(world)
    previewed = attached.preview(token, world.word, inputs)
    made = attached.create(token, world.word, inputs)
    for name, value in previewed.items():
        if not has_unknown(value):
            assert plain(value) == plain(made.state.get(name)), name
    assert set(made.state) <= set(previewed)


@pytest.mark.parametrize("token", TOKENS)
def test_a_preview_takes_inputs_that_are_not_known_yet(attached: Attached, world: World, token: str) -> None:
    """On a fresh stack most ARNs and ids are unknown: a preview that stops there is no preview."""
    inputs = dict.fromkeys(EXAMPLES[token].inputs(world), UNKNOWN)
    previewed = attached.preview(token, world.word, inputs)
    assert all(has_unknown(previewed[name]) for name in inputs)


@pytest.mark.parametrize("token", TOKENS)
def test_what_was_made_is_unchanged_when_checked_again(attached: Attached, made: Made) -> None:
    """The second `pulumi up` must do nothing."""
    given = {name: value for name, value in made.inputs.items() if name != "__defaults"}
    assert attached.diff(made, given).kinds == {}


@pytest.mark.parametrize("token", TOKENS)
def test_a_refresh_shows_no_change_where_nothing_changed(attached: Attached, made: Made) -> None:
    """`pulumi refresh --expect-no-changes` is how drift is looked for."""
    seen = attached.refresh(made)
    assert seen is not None
    assert plain(seen.state) == plain(made.state)
    assert attached.diff(seen, _given(made)).kinds == {}


@pytest.mark.parametrize("token", [token for token in TOKENS if EXAMPLES[token].importable])
def test_an_import_by_its_id_shows_no_change(attached: Attached, made: Made, token: str) -> None:
    """Adopting what exists must not plan to change or replace it."""
    # Where Pulumi's id is no id ("missing ID"), the import still takes what the docs name.
    row = RESOURCES[token]
    identifier = made.id if row.has_id else row.id.written(plain(made.state))
    adopted = attached.adopt(token, made.name, identifier)
    assert adopted is not None
    assert adopted.id == made.id
    known = {name: value for name, value in _given(made).items() if name not in EXAMPLES[token].unreadable}
    different = attached.diff(adopted, known).kinds
    assert {path for path in different if path not in EXAMPLES[token].unreadable} == set()


@pytest.mark.parametrize("token", [token for token in TOKENS if len(RESOURCES[token].id.parts) > 1])
def test_an_id_of_the_wrong_form_is_named(attached: Attached, token: str) -> None:
    """A wrong import id must say which form the right one has."""
    with pytest.raises(Exception, match=r"is not of the form \w+"):
        attached.adopt(token, "x", "onlyone")


@pytest.mark.parametrize("token", [token for token in TOKENS if EXAMPLES[token].updates])
def test_changes_are_made_in_place(attached: Attached, made: Made, token: str) -> None:
    """An update that leaves something as it was would be reported as success."""
    wanted = {**_given(made), **EXAMPLES[token].updates}
    planned = attached.diff(made, wanted)
    changed = {path.split(".")[0].split("[")[0] for path in planned.kinds}
    assert changed == set(EXAMPLES[token].updates)
    assert planned.replaces == []
    previewed = attached.update(made, wanted, preview=True)
    assert not has_unknown(previewed.state), "an update in place keeps what is known"
    updated = attached.update(made, wanted)
    seen = attached.refresh(updated)
    assert seen is not None
    assert attached.diff(seen, wanted).kinds == {}
    for name, value in EXAMPLES[token].updates.items():
        if value is not None and value != []:
            assert plain(seen.state[name]).__class__ is value.__class__


@pytest.mark.parametrize(
    ("token", "name", "value"),
    [(token, name, value) for token in TOKENS for name, value in EXAMPLES[token].replaces.items()],
)
def test_changes_that_aws_cannot_make_replace(
    attached: Attached, made: Made, name: str, value: object
) -> None:
    """A replacement that the preview shows as an update would surprise at the worst moment."""
    planned = attached.diff(made, {**_given(made), name: value})
    assert planned.replaces == [name]
    assert planned.kinds == {name: "UPDATE_REPLACE"}
    assert name not in planned.stables


@pytest.mark.parametrize("token", TOKENS)
def test_delete_removes_it_and_deleting_again_is_no_error(attached: Attached, made: Made, token: str) -> None:
    """`pulumi destroy` must be able to finish after an interruption."""
    attached.delete(made)
    if not EXAMPLES[token].stays:
        seen = attached.refresh(made)
        assert seen is None or [] in (seen.state.get("groups"), seen.state.get("users"))
    if not RESOURCES[token].deleting_twice_fails:
        attached.delete(made)


def test_attributes_that_are_gone_cannot_be_deleted(attached: Attached, world: World) -> None:
    """The real provider takes AWS's "not found" for a failure here, and only a refresh gets past it."""
    made = attached.create(ATTRIBUTES, world.word, EXAMPLES[ATTRIBUTES].inputs(world))
    attached.delete(made)

    with pytest.raises(grpc.RpcError, match="ResourceNotFoundException"):
        attached.delete(made)


def test_a_policy_of_awss_own_is_not_imported(attached: Attached) -> None:
    """A stack that has it would fail on each change of it, and destroy would try to delete it."""
    with pytest.raises(grpc.RpcError, match=r"p-FullAWSAccess.* cannot be imported"):
        attached.adopt("aws:organizations/policy:Policy", "all", "p-FullAWSAccess")


@pytest.mark.parametrize(
    ("token", "identifier"),
    [
        ("aws:ssoadmin/permissionSet:PermissionSet", "arn:set,arn:instance,more"),
        ("aws:identitystore/user:User", "d-1/u-1/more"),
        ("aws:organizations/policyAttachment:PolicyAttachment", "r-1:p-1:more"),
    ],
)
def test_an_id_with_a_part_too_many_is_refused(attached: Attached, token: str, identifier: str) -> None:
    """It is of another type, and AWS would be asked for something that nobody meant."""
    with pytest.raises(grpc.RpcError, match=r"is not of the form \w+"):
        attached.adopt(token, "x", identifier)


def test_a_key_is_shown_once_and_stays_secret(attached: Attached, world: World) -> None:
    """The secret of an access key in clear in a state file would be a leak."""
    key = attached.create("aws:iam/accessKey:AccessKey", world.word, {"user": world.iam_user()})
    assert isinstance(key.state["secret"], Secret)
    assert isinstance(key.state["sesSmtpPasswordV4"], Secret)
    seen = attached.refresh(key)
    assert seen is not None
    assert seen.state["secret"] == key.state["secret"]


def _given(made: Made) -> dict[str, Any]:
    return {name: value for name, value in made.inputs.items() if name != "__defaults"}


@pytest.mark.parametrize("token", [ORGANIZATION])
def test_an_organisation_for_billing_only_gets_all_features_in_place(
    attached: Attached, world: World, token: str
) -> None:
    """The other way round it is replaced; to replace it here would delete an organisation for nothing."""
    EXAMPLES[token].inputs(world)
    made = attached.create(token, world.word, {"featureSet": "CONSOLIDATED_BILLING"})
    planned = attached.diff(made, {**_given(made), "featureSet": "ALL"})

    assert planned.kinds == {"featureSet": "UPDATE"}
    assert planned.replaces == []
    asked = attached.update(made, {**_given(made), "featureSet": "ALL"})
    seen = attached.refresh(asked)
    assert seen is not None
    assert seen.state["featureSet"] == "CONSOLIDATED_BILLING", "AWS waits until the request is accepted"


def test_an_organisation_with_members_is_not_deleted(attached: Attached) -> None:
    """AWS refuses it, and a destroy that says it worked would hide that everything is still there."""
    found = attached.invoke("aws:organizations/getOrganization:getOrganization")
    organisation = attached.adopt(ORGANIZATION, "shared", str(found["id"]))
    assert organisation is not None
    with pytest.raises(grpc.RpcError, match="OrganizationNotEmptyException"):
        attached.delete(organisation)


def test_another_organisation_is_not_adopted(attached: Attached) -> None:
    """An import by a mistyped id must not take the one that is there."""
    assert attached.adopt(ORGANIZATION, "other", "o-aaaaaaaaaa") is None
