"""Policies of a permission set: the inline policy, AWS-managed policies, and policies of the accounts."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from identity_center.model.aws.partitions import ARN_PARTITION
from identity_center.model.mistakes import KeyPath, Mistake, WrongValueError, nearest, suggestion
from identity_center.packaged_files import AWS_MANAGED_POLICIES, read_packaged

from .keys.values import parse_date

# The inline policy of a permission set: written as YAML, as JSON text, or in a file beside the model.
#: Bytes of the document, and characters of it that are no white space.
#: Sources: botocore, sso-admin, shape PermissionSetPolicyDocument; IAM Identity Center quotas.
MOST_BYTES, MOST_CHARACTERS = 32_768, 10_240
#: Source: as above; without the null and other control characters.
_CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]+")
#: Source: IAM user guide, "Grammar of the IAM JSON policy language"; no Principal here.
_DOCUMENT_KEYS = ("Version", "Id", "Statement")
_STATEMENT_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_VERSIONS = ("2012-10-17", "2008-10-17")
_EFFECTS = ("Allow", "Deny")


@dataclass(frozen=True)
class InlinePolicy:
    """A policy document, or the name of the file that holds it."""

    document: Mapping[str, Any] | None = None
    """The document as it was written, with its dates as texts; None where it is in a file."""
    file: str | None = None
    """The file, relative to the folder of the model."""


def read_inline_policy(value: object) -> InlinePolicy | None:
    """Read what the configuration says; a wrong document is told as any other wrong value."""
    if value is None or isinstance(value, InlinePolicy):
        return value
    if isinstance(value, dict) and set(value) == {"file"}:
        if not isinstance(value["file"], str) or not value["file"]:
            raise WrongValueError("`file` is not a text", "write the name of a JSON or YAML file")
        return InlinePolicy(file=value["file"])
    if isinstance(value, str):
        value = _parsed(value)
    return InlinePolicy(document=checked_document(value))


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongValueError(
            f"is not JSON (line {error.lineno}, column {error.colno} of the text)",
            "write a policy document as YAML, as JSON text, or `file: NAME`",
        ) from error
    except RecursionError as error:
        raise WrongValueError("is nested too deeply", "write a policy document") from error
    except ValueError as error:  # of a number with more digits than Python reads
        raise WrongValueError("has a number that is too long", "write a policy document") from error
    return value


def checked_document(value: object) -> Mapping[str, Any]:
    """Return a policy document without mistakes of grammar. Raises one error that names all of them."""
    if not isinstance(value, dict):
        raise WrongValueError("is not a policy document", "write a mapping with `Version` and `Statement`")
    document = {str(key): _plain(item) for key, item in value.items()}
    if problems := list(dict.fromkeys(_problems(document))):
        *others, (last, remedy) = problems
        raise WrongValueError("; ".join([*(f"{each} ({what})" for each, what in others), last]), remedy)
    return document


def document_text(document: Mapping[str, Any]) -> str:
    """Write a document as AWS gets it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def size_problem(text: str) -> tuple[str, str] | None:
    """Say whether a document is larger than AWS takes."""
    if len(text.encode()) > MOST_BYTES:
        return f"has {len(text.encode())} bytes", f"AWS allows {MOST_BYTES} in an inline policy"
    characters = len("".join(text.split()))
    if characters > MOST_CHARACTERS:
        return (
            f"has {characters} characters that are no white space",
            f"AWS allows {MOST_CHARACTERS} in an inline policy; move a part to a customer-managed policy",
        )
    return None


def _plain(value: object) -> object:
    """Undo what YAML makes of `Version: 2012-10-17` without quotes: a time, in one form or another."""
    if isinstance(value, date) or (isinstance(value, str) and value.endswith("00:00:00 +0000 UTC")):
        parsed = parse_date(value)
        return parsed.isoformat() if parsed else str(value)
    return value


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _unknown(document, _DOCUMENT_KEYS, "the document")
    meant = _meant(document, _DOCUMENT_KEYS)
    if document.get("Version") not in _VERSIONS and "Version" not in meant:
        yield "has no `Version` that IAM knows", 'write Version: "2012-10-17"'
    statements = document.get("Statement")
    listed = [statements] if isinstance(statements, dict) else statements
    if (not isinstance(listed, list) or not listed) and "Statement" in meant:
        return
    if not isinstance(listed, list) or not listed:
        yield "has no statements", "write a list under `Statement`"
        return
    for number, statement in enumerate(listed):
        yield from _statement_problems(statement, f"Statement[{number}]")
    if _CHARACTERS.fullmatch(document_text(document)) is None:
        yield "has characters that AWS refuses", "write Latin-1 only: no long dashes, curly quotes or emoji"


def _statement_problems(statement: object, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(statement, dict):
        yield f"{place} is not a mapping", "write `Effect`, `Action` and `Resource` under it"
        return
    yield from _unknown(statement, _STATEMENT_KEYS, place)
    meant = _meant(statement, _STATEMENT_KEYS)
    effect = statement.get("Effect")
    if effect not in _EFFECTS and "Effect" not in meant:
        yield f"{place} has no `Effect` that IAM knows", "write Effect: Allow or Effect: Deny"
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        have = [key for key in (one, other) if key in statement]
        if len(have) == 2 or not (have or meant & {one, other}):  # noqa: PLR2004  # both of two
            which = "both" if have else "neither"
            yield f"{place} has {which} of `{one}` and `{other}`", "write exactly one of the two"
        for key in have:
            if not _is_texts(statement[key]):
                yield f"{place}.{key} is neither a text nor a list of texts", "write one or the other"
    if not isinstance(statement.get("Condition", {}), dict):
        yield f"{place}.Condition is not a mapping", "write an operator, and keys and values under it"


def _meant(mapping: Mapping[str, Any], known: tuple[str, ...]) -> set[str | None]:
    """Return what misspelt keys stand for: each is one mistake, not also the lack of the right one."""
    return {nearest(str(key), known) for key in mapping if key not in known}


def _unknown(mapping: Mapping[str, Any], known: tuple[str, ...], place: str) -> Iterator[tuple[str, str]]:
    for key in mapping:
        if key not in known:
            yield f"{place} has no key `{key}`", suggestion(str(key), known, kind="key")


def _is_texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
    )


# AWS-managed policies by name: which ARN a name stands for, and whether AWS has to be asked.
#
# The list is a snapshot, one `path/name` a line, in `aws_managed_policies.txt`, which says how to refresh it.
# A name in it resolves without a call. AWS adds policies all the time, and other partitions have others: a
# name that is not in the list is a question to AWS, and not yet a mistake. : The partition that the list was
# made in.
LISTED_PARTITION = "aws"
#: Source: botocore, sso-admin, shape ManagedPolicyArn.
_ARN = re.compile(
    rf"arn:(?P<partition>{ARN_PARTITION}):iam::aws:policy/"
    r"(?P<name>(?:[A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+=@_-]+)"
)
_NAME = re.compile(r"/?(?P<name>(?:[A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+=@_-]+)")
#: Paths at which AWS keeps policies that people attach; a name without a path may stand at any of them.
_PATHS = ("", "job-function/", "service-role/")


@dataclass(frozen=True)
class PolicyQuestion:
    """A managed policy that only AWS can tell about: the first of the ARNs that exists is meant."""

    path: KeyPath
    written: str
    arns: tuple[str, ...]

    def mistake(self) -> Mistake:
        """Make the mistake that it is when AWS has none of the ARNs."""
        closest = nearest(self.written.rsplit("/", 1)[-1], _paths_by_name())
        remedy = (
            f"did you mean `{_paths_by_name()[closest]}{closest}`?"
            if closest
            else "`aws iam list-policies --scope AWS` lists those it has"
        )
        return Mistake(self.path, f"AWS has no managed policy `{self.written}`", remedy)


def resolve_managed_policy(written: str, partition: str, path: KeyPath) -> str | PolicyQuestion | Mistake:
    """Return the ARN of an AWS-managed policy given as name, path/name or ARN, or why there is none yet."""
    arn = _ARN.fullmatch(written)
    name = arn or _NAME.fullmatch(written)
    if name is None:
        return _not_a_policy(written, path)
    if arn is not None and arn["partition"] != partition:
        right = f"arn:{partition}:iam::aws:policy/{arn['name']}"
        return Mistake(path, f"`{written}` is of another partition", f"write `{right}`, or its name alone")
    return _resolve_name(name["name"], written, partition, path, exact=arn is not None)


def _resolve_name(
    name: str, written: str, partition: str, path: KeyPath, *, exact: bool
) -> str | PolicyQuestion | Mistake:
    prefix = f"arn:{partition}:iam::aws:policy/"
    last = name.rsplit("/", 1)[-1]
    listed_path = _paths_by_name().get(last)
    bare = last == name and not exact
    if listed_path is not None and (bare or listed_path + last == name) and partition == LISTED_PARTITION:
        return f"{prefix}{listed_path}{last}"
    if not bare:
        return PolicyQuestion(path, written, (prefix + name,))
    if listed_path is not None:
        return PolicyQuestion(path, written, (f"{prefix}{listed_path}{last}",))
    return PolicyQuestion(path, written, tuple(f"{prefix}{folder}{last}" for folder in _PATHS))


def _not_a_policy(written: str, path: KeyPath) -> Mistake:
    if written.startswith("arn:"):
        remedy = "write arn:aws:iam::aws:policy/NAME; customer-managed policies do not go here"
    else:
        remedy = "write a name such as ReadOnlyAccess, a path and a name, or an ARN"
    return Mistake(path, f"`{written}` is not an AWS-managed policy", remedy)


@cache
def _paths_by_name() -> Mapping[str, str]:
    """Return the path of each listed policy, such as `job-function/`, by its name: names are unique."""
    text = read_packaged(AWS_MANAGED_POLICIES)
    listed = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: f"{path}/" if path else "" for path, _, name in (line.rpartition("/") for line in listed)}


# Customer-managed policies: of the accounts, named by name and path, looked up by AWS in each account.


@dataclass(frozen=True, order=True)
class CustomerPolicy:
    """What AWS looks for in an account when it provisions a permission set there."""

    path: str
    """Such as / or /team/."""
    name: str

    @classmethod
    def named(cls, written: str) -> "CustomerPolicy":
        """Read a name such as Deploy, or a path and a name such as /team/Deploy."""
        path, _, name = written.rpartition("/")
        path = path.strip("/")
        return cls(f"/{path}/" if path else "/", name)

    def arn(self, partition: str, account_id: str) -> str:
        """Return its ARN in an account."""
        return f"arn:{partition}:iam::{account_id}:policy{self.path}{self.name}"

    def __str__(self) -> str:
        """Write path and name as one."""
        return f"{self.path}{self.name}"
