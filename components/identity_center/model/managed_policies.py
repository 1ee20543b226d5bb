"""AWS-managed policies by name: which ARN a name stands for, and whether AWS has to be asked.

The list is a snapshot, one `path/name` a line, in `aws_managed_policies.txt`, which says how to refresh it. A
name in it resolves without a call. AWS adds policies all the time, and other partitions have others: a name
that is not in the list is a question to AWS, and not yet a mistake.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import KeyPath, Mistake
from .nearest import nearest

#: The partition that the list was made in.
LISTED_PARTITION = "aws"
#: Source: botocore, sso-admin, shape ManagedPolicyArn.
_ARN = re.compile(
    r"arn:(?P<partition>aws(?:-[a-z]{1,5}){0,3}):iam::aws:policy/(?P<name>(?:[A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+=@_-]+)"
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
    text = Path(__file__).with_name("aws_managed_policies.txt").read_text(encoding="utf-8")
    listed = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: f"{path}/" if path else "" for path, _, name in (line.rpartition("/") for line in listed)}
