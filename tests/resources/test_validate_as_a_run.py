"""`identity-center validate` and a run's own check say the same of every wrong model, compared one by one.

AWS is taken to have every policy and role, and to say nothing of the directory and the organisation: what
only AWS can tell is no matter of `validate`.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from identity_center.model.access.other_accounts import AccountAnswer, AccountQuestions, SeenRole
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import AccessModelError
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center.model.plan.name_changes import NamesInUse
from identity_center.program.lookups.answers_of_aws import AnswersOfAws
from identity_center.program.lookups.needed_in_accounts import AccountLookups
from identity_center.program.lookups.readers import Readers
from identity_center.program.preflight import check_stack
from identity_center_cli.main import main
from identity_center_cli.stacks.written_model import read_written
from identity_center_cli.verbs.check.judging import MODEL_RULE
from tests.model.conftest import as_the_engine_gives_it
from tests.model.test_each_key_wrong import EVERYTHING, MODELS, KeyPath, changed, paths, rename
from tests.model.test_wrong_models import CASES, ORGANISATION, SOUND, TODAY
from tests.support.answers import Answers
from tests.support.yaml_text import yaml_text

NAMESPACE = "identity-center:"
Said = Callable[[dict[str, Any]], list[str]]


def _all_there(settings: AwsSettings, questions: AccountQuestions) -> dict[str, AccountAnswer]:
    """Answer that each account has whatever is asked for."""
    assert isinstance(settings, AwsSettings)
    return {
        account: AccountAnswer(
            dict.fromkeys(asked.policies, True),
            roles={role: SeenRole(arn=role, trust="{}") for role in asked.roles},
        )
        for account, asked in questions.by_account.items()
    }


class _Every(dict[str, Any]):
    """Whatever is asked for, there is one."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  # as of any mapping
        del default
        return {"arn": key, "policy": "{}", "assumeRolePolicy": "{}"}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a project, on a fixed day."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", TODAY.isoformat())
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    set_all_config({}, [])


@pytest.fixture
def run_says(run: Callable[..., Any], stack: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers) -> Said:
    """Return what a run says of a stack's configuration, a line a mistake, before anything is made."""
    for name in ("known_users", "known_groups", "find_organisation"):
        monkeypatch.setattr(f"identity_center.program.lookups.answers_of_aws.{name}", lambda *_: None)
    monkeypatch.setattr(AnswersOfAws, "names_in_use", lambda *_: NamesInUse({}))
    answers.account_id, answers.policies, answers.roles = (
        ORGANISATION.management_account_id,
        _Every(),
        _Every(),
    )

    def says(model: dict[str, Any]) -> list[str]:
        write_stack(stack, model)
        texts = {f"{NAMESPACE}{key}": _as_text(value) for key, value in model.items()}
        set_all_config(texts, [])
        try:
            run(partial(check_stack, Readers(accounts=AccountLookups(reader=_all_there))), root=stack)
        except pulumi.RunError as error:
            return str(error).splitlines()[1:]
        return []

    return says


def _as_text(value: object) -> str:
    given = as_the_engine_gives_it(value)
    return given if isinstance(given, str) else json.dumps(given)


def write_stack(folder: Path, model: dict[str, Any]) -> None:
    """Write the stack's file."""
    config = {"aws:region": "us-east-1", **{f"{NAMESPACE}{key}": value for key, value in model.items()}}
    text = yaml_text({"config": config})
    (folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")


def validate_says(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the mistakes that the command tells of the stack's file."""
    capsys.readouterr()
    main(["validate", "Pulumi.dev.yaml", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    return [
        each["message"]
        if each["line"] is None
        else f"{each['path']}:{each['line']}:{each['column']}: {each['message']}"
        for each in told["results"]
        if each["rule"] == MODEL_RULE
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_wrong_model_is_told_alike(
    case: dict[str, Any], stack: Path, run_says: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    """What pre-commit lets through and the run refuses costs a merge; the other way round, trust."""
    folder = Path(shutil.copytree(SOUND, stack / "access"))
    (stack / "organisation.json").write_text(
        write_snapshot(ORGANISATION, datetime.combine(TODAY, time(), UTC)), encoding="utf-8"
    )
    file = folder / case["file"]
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(text.replace(case["old"], case["new"], 1), encoding="utf-8")

    told_by_run = run_says({"modelFolder": "access", "organisationSnapshot": "organisation.json"})

    assert validate_says(capsys) == told_by_run == case["says"]


def _other_type(holder: Any, key: Any) -> None:  # noqa: ANN401  # JSON
    holder[key] = 7 if isinstance(holder[key], dict | list) else ["x"]


DAMAGES: dict[str, Callable[[Any, Any], None]] = {
    "misspelt": rename,
    "removed": lambda holder, key: holder.pop(key),
    "of another type": _other_type,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", MODELS)
def test_every_damaged_key_is_told_alike(name: str, damage: str, stack: Path, run_says: Said) -> None:
    """Whichever key somebody gets wrong, an editor and the run point at the same line."""

    def told_alike(model: dict[str, Any]) -> list[str]:
        # The stack's file has all of it: from the folder each key would be there a second time.
        model.pop("modelFolder", None)
        told_by_run = run_says(model)
        written = read_written(Path("Pulumi.dev.yaml"), None)
        told = list(AccessModelError(written.assembled.mistakes, written.sources.places).lines)
        assert told == told_by_run, model
        return told

    shutil.copytree(EVERYTHING / "policies", stack / "policies")
    assert told_alike(dict(MODELS[name])) == []
    places: list[KeyPath] = list(paths(MODELS[name]))
    mistakes = sum(bool(told_alike(changed(name, path, DAMAGES[damage]))) for path in places)
    assert mistakes > len(places) / 4, "damage is noticed"
