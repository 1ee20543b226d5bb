"""What the program says of access before anything changes, and when it says that it cannot say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.access.change_sentences import FILE
from identity_center.model.access.grant import Grant
from identity_center.model.access.grants import Access
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.access.record import RecordedModel, write_record
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.permission_sets import plan_permission_set
from identity_center.model.plan.planned import Plan
from identity_center.model.reading.load import load
from identity_center.program.preview.access_report import report_changes
from identity_center.program.preview.changes_file import ChangesFile
from identity_center.program.state.last_model import OUTPUT, read_last_update
from tests.support.answers import Answers

Run = Callable[..., Any]
ACCOUNTS = [str(100000000000 + number) for number in range(20)]
STACK = "urn:pulumi:dev::identity-center::pulumi:pulumi:Stack::identity-center-dev"
BESIDE = "urn:pulumi:dev::identity-center::aws:ssoadmin/accountAssignment:AccountAssignment::of-ones-own"
SET = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:PermissionSet$"
    "aws:ssoadmin/permissionSet:PermissionSet::dev"
)
MEMBERSHIP = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Directory$"
    "aws:identitystore/groupMembership:GroupMembership::crew/ada"
)
ASSIGNMENT = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:PermissionSet$"
    "aws:ssoadmin/accountAssignment:AccountAssignment::"
)

WIKI = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Application$"
    "aws:ssoadmin/applicationAssignment:ApplicationAssignment::wiki/group/crew"
)
AUDITOR = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:AccountAccess$"
    "aws:accountaccess/entitlement:Entitlement::444444444444/Auditor/user/ada"
)
READ_BUCKETS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
    }
)
ELSEWHERE = {
    "applications": {
        "wiki": {
            "name": "Wiki",
            "provider": "arn:aws:sso::aws:applicationProvider/custom",
            "assignments": [{"group": "crew"}],
        }
    },
    "accountAccess": {
        "entitlements": [{"user": "ada", "roles": ["arn:aws:iam::444444444444:role/Auditor"]}],
    },
}


def declared(**more: object) -> AccessDeclaration:
    """Return a declaration of one group with one member."""
    person = {
        "userName": "a",
        "givenName": "A",
        "familyName": "B",
        "displayName": "C",
        "email": "d@example.com",
    }
    loaded = load(
        {
            "users": {"ada": person},
            "groups": {"crew": {"displayName": "Crew", "members": ["ada"]}},
            "permissionSets": {"dev": {"name": "Developer"}},
            **more,
        }
    )
    assert loaded.mistakes == ()
    return loaded.declaration


def access(count: int, **more: object) -> Access:
    """Return a model in which the group has the permission set in so many accounts."""
    declaration = declared(**more)
    sets = {
        key: ResolvedSet(entry, (), (), None, None, None)
        for key, entry in declaration.permission_sets.items()
    }
    grants = tuple(Grant("dev", "crew", "GROUP", account) for account in ACCOUNTS[:count])
    return Access(declaration, sets, grants, frozenset(), {}, {}, None)


def state_of(made: Access, assignments: int | None = None, kept: object = None) -> dict[str, Any]:
    """Return the state that an update of a model left."""
    names = [grant.resource_name for grant in made.grants[:assignments]]
    outputs = {OUTPUT: write_record(RecordedModel.of(made)) if kept is None else kept}
    return {
        STACK: {"type": "pulumi:pulumi:Stack", "outputs": outputs},
        SET: {"type": "aws:ssoadmin/permissionSet:PermissionSet", "outputs": {"name": "Developer"}},
        MEMBERSHIP: {"type": "aws:identitystore/groupMembership:GroupMembership", "outputs": {}},
        BESIDE: {"type": "aws:ssoadmin/accountAssignment:AccountAssignment", "outputs": {}},
        **{ASSIGNMENT + name: {"type": "aws", "outputs": {}} for name in names},
    }


@pytest.fixture
def report(run: Run, tmp_path: Path) -> Callable[..., tuple[Mistake, ...]]:
    """Return a function that reports the changes of a model, and of what is planned."""

    def reported(model: Access, plan: Plan = ()) -> tuple[Mistake, ...]:
        found: tuple[Mistake, ...] = run(
            lambda: [report_changes(model, plan, read_last_update(), ChangesFile(tmp_path))]
        ).result[0]
        return found

    return reported


def machine(folder: Path) -> dict[str, Any]:
    """Read the file for machines."""
    read: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return read


def test_a_stack_that_has_nothing_yet_gains_everything(
    report: Callable[[Access], Any], messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The first preview is the one that is read most carefully."""
    assert report(access(2)) == ()

    assert "Access, of a stack that has none yet:\n  1 person gains Developer in 2 accounts" in messages.text
    assert (machine(tmp_path)["comparison"], len(machine(tmp_path)["changes"])) == ("first", 2)


def test_a_stack_is_compared_with_what_its_last_update_kept(
    report: Callable[[Access], Any], answers: Answers, messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A reviewer sees what changes, not what there is."""
    answers.last_update = state_of(access(3))

    assert report(access(2)) == ()
    assert "1 person loses Developer in 1 account through group crew: ada (100000000002)" in messages.text
    assert machine(tmp_path)["comparison"] == "compared"
    assert machine(tmp_path)["assignments"]["removed"] == ["dev/group/crew/100000000002"]


def test_the_brake_holds_until_the_stack_lets_go(report: Callable[[Access], Any], answers: Answers) -> None:
    """Twenty people at the locked door of twenty accounts."""
    answers.last_update = state_of(access(20))

    (mistake,) = report(access(5))

    assert mistake.path == ("allowRemovals",)
    assert report(access(5, allowRemovals={"assignments": 15})) == ()


def test_what_a_set_gives_is_compared_with_what_it_gave(
    report: Callable[..., Any], answers: Answers, messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The same people in the same accounts may do more: the change that reviews miss."""
    answers.last_update = state_of(access(3))
    args = {"instance_arn": "arn:i", "name": "Developer", "inline_policy": READ_BUCKETS}

    assert report(access(3), plan_permission_set("dev", args, ())) == ()

    said = "Developer (1 person, 3 accounts): inline policy added; gains s3:ListAllMyBuckets"
    assert f"{said}\n  nobody gains or loses a permission set" in messages.text
    (told,) = machine(tmp_path)["permissions"]
    assert (told["permissionSet"], told["people"], told["gains"]) == ("dev", ["ada"], ["s3:ListAllMyBuckets"])


def test_a_set_that_stays_as_it_is_is_not_told(
    report: Callable[..., Any], answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """A sentence in every preview is one that nobody reads."""
    answers.last_update = state_of(access(3))

    assert report(access(3), plan_permission_set("dev", {"instance_arn": "a", "name": "Developer"}, ())) == ()

    assert "compared with the last update:\n  nobody gains or loses anything" in messages.text


@pytest.mark.parametrize(
    "case",
    [
        (7, "the last update kept no model"),
        ("{", "the model of the last update cannot be read"),
        ('{"format":9,"accounts":[],"sets":{},"groups":{},"applications":{},"roles":{}}', "it has format 9"),
    ],
)
def test_where_nothing_can_be_compared_that_is_said(
    report: Callable[[Access], Any],
    answers: Answers,
    messages: pytest.LogCaptureFixture,
    tmp_path: Path,
    case: tuple[object, str],
) -> None:
    """Nobody gains or loses anything, is what an empty comparison would look like."""
    kept, says = case
    answers.last_update = state_of(access(2), kept=kept)

    assert report(access(1)) == ()
    assert (
        "who gains and who loses access cannot be said, and the brake counts assignments only"
        in messages.text
    )
    assert says in messages.text
    assert machine(tmp_path)["comparison"] == "not-compared"
    assert "changes" not in machine(tmp_path)


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (state_of(access(3), assignments=1), "0 assignments more and 2 fewer"),
        (
            state_of(access(3)) | {ASSIGNMENT + "dev/group/crew/999999999999": {}},
            "1 assignments more and 0 fewer",
        ),
        ({k: v for k, v in state_of(access(3)).items() if k != MEMBERSHIP}, "0 memberships more and 1 fewer"),
        (state_of(access(3)) | {SET: {"outputs": {"name": "Other"}}}, "1 permission sets more and 1 fewer"),
        (state_of(access(3, **ELSEWHERE)) | {WIKI: {}}, "0 entitlements more and 1 fewer"),
        (
            state_of(access(3, **ELSEWHERE)) | {AUDITOR: {}},
            "0 assignments of applications more and 1 fewer",
        ),
    ],
    ids=[
        "fewer assignments",
        "more assignments",
        "a membership",
        "a permission set",
        "an entitlement",
        "an assignment of an application",
    ],
)
def test_an_update_that_did_not_come_to_its_end_makes_the_comparison_uncertain(
    report: Callable[[Access], Any], answers: Answers, tmp_path: Path, left: dict[str, Any], says: str
) -> None:
    """What was kept is not what is there."""
    answers.last_update = left

    report(access(3))

    assert machine(tmp_path)["comparison"] == "uncertain"
    problem = machine(tmp_path)["problem"]
    assert f"the state has {says} than the model of the last complete update" in problem
    assert "`identity-center recover` takes that out of the state" in problem


@pytest.mark.parametrize("kept", [7, None], ids=["nothing kept", "a model that knows of one"])
def test_the_brake_counts_what_is_in_the_state(
    report: Callable[[Access], Any], answers: Answers, kept: object
) -> None:
    """After an update that failed, the assignments that it made are access that somebody has."""
    state = state_of(access(20))
    text = write_record(RecordedModel.of(access(1)))
    state[STACK]["outputs"] = {OUTPUT: text if kept is None else kept}
    answers.last_update = state

    (mistake,) = report(access(1))

    assert mistake.problem.startswith("19 of 20 assignments would go")


def test_an_engine_that_does_not_answer_is_said(
    report: Callable[[Access], Any],
    answers: Answers,
    messages: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An old engine, or a backend that knows stacks by other names."""
    monkeypatch.setattr(answers, "to", _refuse)

    assert report(access(1)) == ()
    assert "the engine did not give the stack's state (" in messages.text
    assert "; permissions not compared. The state has 0 assignments" in messages.text
    assert "the guard of root users" not in messages.text


def _refuse(_token: str, _args: object) -> dict[str, Any]:
    raise RuntimeError("no backend client is available")


def test_a_file_that_cannot_be_written_is_said_and_stops_nothing(
    report: Callable[[Access], Any], messages: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A preview in a read-only checkout still says what changes."""
    (tmp_path / FILE).mkdir()

    assert report(access(1)) == ()
    assert f"{FILE} could not be written: Is a directory" in messages.text


GROUP = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Directory$"
    "aws:identitystore/group:Group::"
)
APPLICATION = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Application$"
    "aws:ssoadmin/application:Application::wiki"
)


def described(**more: object) -> dict[str, Any]:
    """Return a state in which everything has a description."""
    return {
        **state_of(access(1, **more)),
        SET: {"outputs": {"name": "Developer", "description": "may deploy"}},
        f"{GROUP}crew": {"outputs": {"displayName": "Crew", "description": "all of us"}},
        APPLICATION: {"outputs": {"name": "Wiki", "description": "what we know"}},
    }


def lost(mistakes: tuple[Mistake, ...]) -> list[str]:
    """Return the keys of all that a description is missed of."""
    return [".".join(map(str, one.path)) for one in mistakes if "no description any more" in one.problem]


def test_a_description_that_is_taken_away_is_refused(
    report: Callable[[Access], tuple[Mistake, ...]], answers: Answers
) -> None:
    """AWS keeps it: every update would provision all accounts of the set again, and that of a group fails."""
    answers.last_update = described(**ELSEWHERE)

    mistakes = report(access(1, **ELSEWHERE))

    assert lost(mistakes) == ["permissionSets.dev", "groups.crew", "applications.wiki"]
    assert all(one.remedy == "write a description: the old one, or another text" for one in mistakes)


def test_a_description_that_changes_or_never_was_is_none_that_is_taken_away(
    report: Callable[[Access], tuple[Mistake, ...]], answers: Answers
) -> None:
    """Nobody has to write one; and whoever writes another has no trouble."""
    answers.last_update = state_of(access(1))
    assert lost(report(access(1))) == []

    answers.last_update = described()
    kept = {
        "permissionSets": {"dev": {"name": "Developer", "description": "may do more"}},
        "groups": {"crew": {"displayName": "Crew", "members": ["ada"], "description": "the others"}},
    }
    assert lost(report(access(1, **kept))) == []


def test_a_new_key_does_not_hide_it_and_a_new_name_ends_it(
    report: Callable[[Access], tuple[Mistake, ...]], answers: Answers
) -> None:
    """A key is ours, and the group is the same; a permission set with a new name is another one in AWS."""
    renamed = {"groups": {"team": {"displayName": "Team", "members": ["ada"], "formerly": "crew"}}}
    answers.last_update = described()
    another_name = {"permissionSets": {"dev": {"name": "Engineer"}}}

    assert lost(report(access(0, **renamed))) == ["permissionSets.dev", "groups.team"]
    assert lost(report(access(0, **another_name))) == ["groups.crew"]
