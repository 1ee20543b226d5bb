"""The AWS CLI's configuration file, of which only one part is this command's: the rest stays byte for byte.

The part stands between two comments. Source of the keys of `sso-session` and `profile`: AWS CLI User Guide,
"Configuring IAM Identity Center authentication with the AWS CLI" (cli-configure-sso).
"""

import os
import re
import stat
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from identity_center_cli.aws.portal.sso_session import SsoSession

from .wanted import Profile

BEGIN: Final = "# identity-center: begin {session}; written by `identity-center profiles`, which replaces it"
END: Final = "# identity-center: end {session}"
_HEADER: Final = re.compile(r"^\[\s*(?P<name>[^\]]+?)\s*\]")
SCOPE: Final = "sso:account:access"


class UnusableConfigFileError(ValueError):
    """The file is not one that this command can add to; nothing was written."""


def part_of(session: SsoSession, profiles: Iterable[Profile], region: str | None) -> str:
    """Write the part of one session: itself, then its profiles."""
    sign_in = [
        f"[sso-session {session.name}]",
        f"sso_start_url = {session.start_url}",
        f"sso_region = {session.region}",
        f"sso_registration_scopes = {SCOPE}",
    ]
    sections = [sign_in]
    for profile in profiles:
        lines = [
            f"[profile {profile.name}]",
            f"sso_session = {session.name}",
            f"sso_account_id = {profile.account_id}",
            f"sso_role_name = {profile.role_name}",
            *([f"region = {region}"] if region else []),
        ]
        sections.append(lines)
    begin, end = BEGIN.format(session=session.name), END.format(session=session.name)
    return "\n".join([begin, *("\n".join([*lines, ""]) for lines in sections), end, ""])


def kept_profiles(text: str, session: str) -> tuple[Profile, ...]:
    """Return the profiles of an earlier part. Raises UnusableConfigFileError."""
    span = _span(text, session)
    if span is None:
        return ()
    found = []
    for name, keys in _sections(text[slice(*span)]):
        account, role = keys.get("sso_account_id"), keys.get("sso_role_name")
        if name.startswith("profile ") and account and role:
            found.append(Profile(name.removeprefix("profile ").strip(), account, role))
    return tuple(found)


def merged(text: str, session: str, part: str) -> str:
    """Put the part in the place of an earlier one, or at the end. Raises UnusableConfigFileError."""
    span = _span(text, session)
    before, after = (text, "") if span is None else (text[: span[0]], text[span[1] :])
    _refuse_doubles(text, span, part)
    if span is None and before:
        before += "\n" if before.endswith("\n") else "\n\n"
    return before + part + after


def _span(text: str, session: str) -> tuple[int, int] | None:
    begin = re.search(rf"^# identity-center: begin {re.escape(session)};.*$", text, re.MULTILINE)
    end = re.search(rf"^{re.escape(END.format(session=session))}$\n?", text, re.MULTILINE)
    if begin is None and end is None:
        return None
    if begin is None or end is None or end.start() < begin.end():
        raise UnusableConfigFileError(
            f"the part of session `{session}` has lost its first or last comment; remove what is left of it"
        )
    return begin.start(), end.end()


def _sections(text: str) -> Sequence[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for line in text.splitlines():
        if header := _HEADER.match(line):
            found.append((header["name"], {}))
        elif found and "=" in line and not line.startswith(("#", ";", " ", "\t")):
            key, _, value = line.partition("=")
            found[-1][1][key.strip()] = value.strip()
    return found


def _refuse_doubles(text: str, span: tuple[int, int] | None, part: str) -> None:
    """Refuse a section that would be there twice: the AWS CLI reads none of such a file."""
    places = dict[str, list[int]]()
    ours = (
        range(0)
        if span is None
        else range(text.count("\n", 0, span[0]) + 1, text.count("\n", 0, span[1]) + 1)
    )
    for number, line in enumerate(text.splitlines(), 1):
        if number not in ours and (header := _HEADER.match(line)):
            places.setdefault(" ".join(header["name"].split()), []).append(number)
    twice = [f"[{name}] on lines {', '.join(map(str, at))}" for name, at in places.items() if len(at) > 1]
    if twice:
        raise UnusableConfigFileError(
            f"a section is there twice, so that the AWS CLI reads nothing of the file: {'; '.join(twice)}; "
            "make one of each"
        )
    taken = [f"[{name}] on line {places[name][0]}" for name, _ in _sections(part) if name in places]
    if taken:
        raise UnusableConfigFileError(
            f"a section that this command did not write has the name already: {'; '.join(taken)}; rename it, "
            "or give another --session-name"
        )


def write_config(path: Path, text: str) -> None:
    """Write the file whole or not at all, with the mode that it had; a new one is its owner's."""
    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  # of a descriptor
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108  # the name that mkstemp gave
        raise
