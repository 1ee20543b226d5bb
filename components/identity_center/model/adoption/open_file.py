"""One YAML file of a model, read so that it can be written as it was: comments, quotes and order stay."""

import io
import re
from collections import Counter
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from .proposal import Place

#: Longer than any line, so that none is folded.
_UNFOLDED: Final = 1_000_000
_RESOLVER: Final[Any] = yaml.resolver.Resolver()
_TEXT: Final = "tag:yaml.org,2002:str"
#: Also what only looks like one, inside a text: then a file is rather left as it is.
_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#.*?$", re.MULTILINE)


class UnchangeableFileError(ValueError):
    """A file that cannot be changed without changing more of what somebody wrote in it."""


class OpenFile:
    """One file, read so that it can be written as it was."""

    def __init__(self, name: str, old: str | None, header: str) -> None:
        self.name, self._old, self._header, self.touched = name, old, header, False
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.brace_single_entry_mapping_in_flow_sequence = True
        self._yaml.width = _UNFOLDED
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        self._root = CommentedMap() if old is None else self._read(old)

    def _read(self, text: str) -> CommentedMap:
        try:
            _, indent, offset = load_yaml_guess_indent(text)
            if indent is not None and offset is not None:
                self._yaml.indent(mapping=2, sequence=indent, offset=offset)
            root = self._yaml.load(text)
        except YAMLError as error:
            raise UnchangeableFileError(
                f"{self.name} cannot be read so that it can be written again"
            ) from error
        return CommentedMap() if root is None else root

    @property
    def root(self) -> CommentedMap:
        """What the file holds, to be added to."""
        self.touched = True
        return self._root

    def has(self, place: Place) -> bool:
        """Tell whether something stands at a place, without taking the file for changed."""
        holder: Any = self._root
        for part in place:
            if not isinstance(holder, dict) or part not in holder:
                return False
            holder = holder[part]
        return True

    def insert(self, part: str, value: object) -> None:
        """Put a new part behind those that come before it in a model."""
        if self._root:
            self._root[part] = value
            self._root.yaml_set_comment_before_after_key(part, before="\n")
        else:
            self._root[part] = value

    @property
    def comes_back(self) -> bool:
        """Whether writing the file changes no line of it; a new one has none."""
        if self._old is None:
            return True
        try:
            self.text()
        except UnchangeableFileError:
            return False
        return True

    def text(self) -> str:
        """Write the file. Raises UnchangeableFileError where a line of a person's would be another."""
        new = self._dumped()
        if self._old is None:
            return self._header + new
        _insist_on_all_lines(self.name, self._old, new)
        return new

    def changed_text(self) -> str:
        """Write the file with other values in it. Raises UnchangeableFileError where a comment is lost."""
        new = self._dumped()
        if Counter(_COMMENT.findall(self._old or "")) - Counter(_COMMENT.findall(new)):
            raise UnchangeableFileError(f"a comment in {self.name} would be lost with what it stands beside")
        return new

    def _dumped(self) -> str:
        out = io.StringIO()
        self._yaml.dump(self._root, out)
        return out.getvalue()


def _insist_on_all_lines(name: str, old: str, new: str) -> None:
    """See that every line is still there, in its order; a list on one line may have got longer."""
    lines = iter(new.splitlines())
    for number, line in enumerate(old.splitlines(), start=1):
        before = line.rstrip().partition("]")[0] if "[" in line else line.rstrip()
        if line.strip() and not any(each.startswith(before) for each in lines):
            # The line itself may hold what is a person's, and messages end in logs.
            raise UnchangeableFileError(
                f"{name} cannot be added to without changing what stands in it: line {number} would be "
                "written in another way; put it as YAML tools write it"
            )


def scalar(text: str) -> str:
    """Put a text in quotes that YAML 1.1, by which a model is read, would take for something else."""
    is_text: bool = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
    return text if is_text and not text.isdigit() else _quoted(text)


def _quoted(text: str) -> str:
    made: str = DoubleQuotedScalarString(text)
    return made
