"""The pipelines of a project on a forge: templates of this package, with the roles that they run under."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import yaml

from identity_center.packaged_files import read_packaged
from identity_center_cli import installed
from identity_center_cli.project_files import TEMPLATES, filled

_JOBS: Final = ("preview", "update", "drift")
"""The roles; the jobs `expire` and `nightly` run as `update` and `drift`."""
_FILES: Final[Mapping[str, Mapping[str, str]]] = {
    "github": {
        "ci/github/prepare.yml": ".github/actions/prepare/action.yml",
        **{
            f"ci/github/{job}.yml": f".github/workflows/access-{job}.yml"
            for job in ("preview", "update", "expire", "nightly")
        },
    },
    "gitlab": {"ci/gitlab/gitlab-ci.yml": ".gitlab-ci.yml"},
}
"""Each template and where it goes. A wheel may lose files whose names begin with a dot."""
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    # Sources: GitHub Docs, "Configuring OpenID Connect in Amazon Web Services"; GitLab Docs, "Configure
    # OpenID Connect in AWS to retrieve temporary credentials".
    "github": {
        "forge": "GitHub",
        "issuer": "token.actions.githubusercontent.com",
        "audience": "sts.amazonaws.com",
        "protect": "The trust policy of `access-update` names the environments `access-update` and "
        "`access-expire`: make both,\nlet them be used from the default branch alone, and let "
        "`access-update` require reviewers.",
        "more": "",
    },
    "gitlab": {
        "forge": "GitLab",
        "issuer": "gitlab.com",
        "audience": "https://gitlab.com",
        "protect": "The trust policy of `access-update` names the branch `main`: protect it.",
        "more": "| `GITLAB_TOKEN` (masked) | a project access token with scope `api`, which writes the "
        "comment: a job's own token may not |\n",
    },
}
FORGES: Final = tuple(_FILES)


class UnknownStackError(ValueError):
    """It is not said for which stack the pipelines are."""


def pipeline_files(forge: str, stack: str, region: str) -> dict[str, str]:
    """Return the text of each file that a forge needs, by its path in the project.

    Raises IncompleteInstallationError where a template is not there.
    """
    values = {
        **_WORDS[forge],
        "stack": stack,
        "region": region,
        "pulumi": version("pulumi"),
        "version": installed.version(),
    }
    files, roles = templates(forge)
    written = {name: filled(TEMPLATES / template, values) for template, name in files.items()}
    return written | {name: read_packaged(TEMPLATES / kept) for kept, name in roles.items()}


def templates(forge: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the templates with places to fill, and those without: the path of each, and of its file."""
    files = {**_FILES[forge], "ci/README.md": "ci/README.md"}
    roles = {f"ci/aws/{forge}-{job}-trust.json": f"ci/aws/{job}-trust.json" for job in _JOBS}
    roles |= {f"ci/aws/{job}-policy.json": f"ci/aws/{job}-policy.json" for job in _JOBS}
    return files, roles


def stack_of(folder: Path, stack: str | None) -> tuple[str, str]:
    """Return the stack of a project that the pipelines are for, and its Region. Raises UnknownStackError."""
    files = {each.name.split(".", 2)[1]: each for each in sorted(folder.glob("Pulumi.*.yaml"))}
    if stack is None and len(files) == 1:
        (stack,) = files
    if stack is None or stack not in files:
        known = ", ".join(files) or "none"
        raise UnknownStackError(f"say with --stack for which stack the pipelines are; {folder} has: {known}")
    document = yaml.safe_load(files[stack].read_text(encoding="utf-8"))
    config = document.get("config") if isinstance(document, dict) else None
    region = config.get("aws:region") if isinstance(config, dict) else None
    if not isinstance(region, str):
        raise UnknownStackError(
            f"{files[stack]} names no `aws:region`: write where Identity Center is enabled"
        )
    return stack, region
