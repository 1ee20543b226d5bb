"""`identity-center changes --comment`: the one comment of a pull request, on both forges."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.cli.forges import ME, TOKEN, Forge, serving
from tests.support.command import Command


@pytest.fixture
def forge(command: Command, sides: tuple[str, str]) -> Iterator[Forge]:
    """Serve a pull request on which others talked, somebody with our first line."""
    document = command("changes", "--before", sides[0], "--after", sides[1], "--format", "json").json()
    command.write("access-changes.json", {**document, "stack": "prod"})
    with serving() as forge:
        for number in range(120):
            forge.add(f"talk {number}", {"id": 1, "type": "User"})
        forge.add("<!-- identity-center changes of prod -->\nall is well", {"id": 1, "type": "User"})
        yield forge


ENVIRONMENTS: Final = {
    "github": {
        "GITHUB_REF": "refs/pull/12/merge",
        "GITHUB_REPOSITORY": "acme/access",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_API_URL": "BASE",
    },
    "gitlab": {
        "CI_MERGE_REQUEST_IID": "12",
        "CI_PROJECT_ID": "34",
        "GITLAB_TOKEN": TOKEN,
        "CI_API_V4_URL": "BASE",
    },
}


def enter(monkeypatch: pytest.MonkeyPatch, name: str, base: str) -> None:
    """Be in a pipeline."""
    for variable, value in ENVIRONMENTS[name].items():
        monkeypatch.setenv(variable, value.replace("BASE", base))


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
def test_each_run_renews_the_one_comment(
    command: Command, forge: Forge, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty comments of twenty pushes bury the talk, and others may change what is theirs."""
    enter(monkeypatch, name, forge.base)

    first = command("changes", "--comment", name)
    second = command("changes", "--comment", name)

    ours = [each for each in forge.comments if each["author"] == ME]
    assert (first.status, first.output) == (0, "comment written\n")
    assert (second.status, second.output) == (0, "comment renewed\n")
    assert len(ours) == 1
    assert ours[0]["body"].startswith("<!-- identity-center changes of prod -->\n### Access: prod\n")
    assert forge.comments[120]["body"].endswith("all is well")


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
def test_a_forge_that_refuses_is_named_and_its_token_is_not(
    command: Command, forge: Forge, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log with a token in it is a token for everybody who reads logs."""
    enter(monkeypatch, name, forge.base)
    monkeypatch.setenv({"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN"}[name], "another-token")

    ended = command("changes", "--comment", name)

    assert ended.status == 2
    assert "was answered 401: Bad credentials" in ended.errors
    assert "another-token" not in ended.errors
    assert not [each for each in forge.comments if each["author"] == ME]


MISSING: Final = {
    "GITHUB_REF": ("github", "this is no run for a pull request"),
    "GITHUB_TOKEN": ("github", "GITHUB_TOKEN is not set"),
    "CI_MERGE_REQUEST_IID": ("gitlab", "CI_MERGE_REQUEST_IID is not set"),
    "GITLAB_TOKEN": ("gitlab", "GITLAB_TOKEN is not set"),
}


@pytest.mark.parametrize("missing", sorted(MISSING))
def test_outside_of_a_pull_request_it_says_what_is_missing(
    command: Command, forge: Forge, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline is written by trial, and each trial takes minutes."""
    name, says = MISSING[missing]
    enter(monkeypatch, name, forge.base)
    monkeypatch.delenv(missing)

    ended = command("changes", "--comment", name)

    assert ended.status == 2
    assert says in ended.errors
    assert forge.asked == []
