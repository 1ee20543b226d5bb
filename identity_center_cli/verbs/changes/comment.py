"""One comment on a pull request, written anew by each run: found by its hidden first line and its author."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import urllib3

_PAGE: Final = 100
_NO_SUCH: Final = 400


class ForgeError(Exception):
    """The forge did not take the comment, or the pipeline does not say where it goes."""


class Comments(Protocol):
    """The comments of one pull request or merge request."""

    def own(self, marker: str) -> str | None:
        """Return the address of this pipeline's own comment that begins with a marker, if there is one."""

    def write(self, text: str, address: str | None) -> None:
        """Write a comment anew, or a new one."""


def put_comment(comments: Comments, text: str) -> bool:
    """Write the one comment; tell whether it is a new one. Raises ForgeError."""
    address = comments.own(text.partition("\n")[0])
    comments.write(text, address)
    return address is None


@dataclass(frozen=True)
class _Api:
    """A forge's API in JSON. No token reaches a message."""

    base: str
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 # JSON
        address = path if path.startswith(self.base) else f"{self.base}{path}"
        content = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json", "User-Agent": "identity-center"}
        try:
            answer = urllib3.request(method, address, body=content, headers=headers, timeout=30.0, retries=2)
        except urllib3.exceptions.HTTPError as error:
            raise ForgeError(f"{method} {address} failed: {type(error).__name__}") from error
        if answer.status >= _NO_SUCH:
            raise ForgeError(f"{method} {address} was answered {answer.status}: {_said(answer.data)}")
        return json.loads(answer.data)

    def listed(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield every entry of a list that comes in pages."""
        number = 1
        while entries := self.ask("GET", f"{path}?per_page={_PAGE}&page={number}"):
            yield from entries
            number += 1


def _said(data: bytes) -> str:
    try:
        return str(json.loads(data)["message"])
    except (ValueError, LookupError, TypeError):
        return "no message"


@dataclass(frozen=True)
class GitHub:
    """Comments of a pull request. Source: GitHub Docs, REST API endpoints for issue comments."""

    api: _Api
    repository: str
    number: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitHub":
        """Read where a workflow runs. Source: GitHub Docs, "Variables reference". Raises ForgeError."""
        ref = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environment.get("GITHUB_REF", ""))
        if ref is None:
            raise ForgeError("this is no run for a pull request: GITHUB_REF is not refs/pull/NUMBER/merge")
        token = _needed(environment, "GITHUB_TOKEN", "give the step `env: GITHUB_TOKEN: ${{ github.token }}`")
        base = environment.get("GITHUB_API_URL") or "https://api.github.com"
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        repository = _needed(environment, "GITHUB_REPOSITORY", "run it in a workflow")
        return cls(_Api(base, headers), repository, ref[1])

    def own(self, marker: str) -> str | None:
        """Find the comment among those of bots: whoever wrote another could change it after this run."""
        for each in self.api.listed(f"/repos/{self.repository}/issues/{self.number}/comments"):
            if str(each["body"]).startswith(marker) and each["user"]["type"] == "Bot":
                return str(each["url"])
        return None

    def write(self, text: str, address: str | None) -> None:
        """Write the comment."""
        new = f"/repos/{self.repository}/issues/{self.number}/comments"
        self.api.ask("PATCH" if address else "POST", address or new, {"body": text})


@dataclass(frozen=True)
class GitLab:
    """Notes of a merge request. Source: GitLab Docs, "Notes API"."""

    api: _Api
    notes: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitLab":
        """Read where a job runs. Source: GitLab Docs, "Predefined CI/CD variables". Raises ForgeError.

        The job's own token may not write notes, so that a project access token is needed.
        """
        number = _needed(environment, "CI_MERGE_REQUEST_IID", "run the job for merge requests only")
        project = _needed(environment, "CI_PROJECT_ID", "run it in a job")
        token = _needed(
            environment, "GITLAB_TOKEN", "set a masked variable to a project access token with scope `api`"
        )
        base = _needed(environment, "CI_API_V4_URL", "run it in a job")
        api = _Api(base, {"PRIVATE-TOKEN": token})
        return cls(api, f"/projects/{project}/merge_requests/{number}/notes")

    def own(self, marker: str) -> str | None:
        """Find the note among this token's own."""
        me = self.api.ask("GET", "/user")["id"]
        for each in self.api.listed(self.notes):
            if str(each["body"]).startswith(marker) and each["author"]["id"] == me:
                return f"{self.notes}/{each['id']}"
        return None

    def write(self, text: str, address: str | None) -> None:
        """Write the note."""
        self.api.ask("PUT" if address else "POST", address or self.notes, {"body": text})


FORGES: Final[Mapping[str, Callable[[Mapping[str, str]], Comments]]] = {
    "github": GitHub.of,
    "gitlab": GitLab.of,
}


def _needed(environment: Mapping[str, str], name: str, remedy: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise ForgeError(f"{name} is not set; {remedy}")
    return value


def comments_of(forge: str) -> Comments:
    """Return the comments of the pull request that this pipeline runs for. Raises ForgeError."""
    return FORGES[forge](os.environ)
