"""YAML files that somebody wrote, read within limits: their values, and where each of them stands.

The parser's events are put together here, and not by PyYAML's composer: that one ends the process on a text
that is nested deeply enough, takes a key twice without a word, and leaves aliases of aliases to the reader.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from identity_center.model.language.keys.spelling import number_as_written
from identity_center.model.mistakes import KeyPath, Mistake, Position

#: A model of 5,000 people is about a megabyte. More than this is no file that a person wrote.
MOST_BYTES = 4 * 1024 * 1024
#: Values of one file, with every alias counted as what it stands for.
MOST_VALUES = 1_000_000
#: The model needs about ten levels.
DEEPEST = 50

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
#: No number of the model is longer; Python itself refuses to write numbers of thousands of digits.
_LONGEST_NUMBER = 100
#: Scalars that mean something else than their text. A date stays a text: the model reads it.
_MEANING = frozenset({f"{_TAG}{kind}" for kind in ("null", "bool", "int", "float")})
#: The words of truth in YAML 1.2. Those of YAML 1.1 (`yes`, `on`) are texts to the engine.
_TRUTH = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
#: Tags that YAML itself gives, and that somebody may write.
_KNOWN_TAGS = _MEANING | {f"{_TAG}{kind}" for kind in ("str", "timestamp", "merge", "value", "map", "seq")}


@dataclass(frozen=True)
class YamlFile:
    """What a file holds, as far as it could be read."""

    name: str
    """The file as messages show it."""
    value: object
    """None where it could not be read; of a key that is there twice, the first value."""
    root: yaml.Node | None
    """The same as nodes, which know their places; None where it could not be read, or is empty."""
    mistakes: tuple[Mistake, ...]

    @property
    def unread(self) -> bool:
        """Whether nobody knows what the file holds."""
        return bool(self.mistakes) and self.root is None

    def pair(self, path: KeyPath) -> tuple[yaml.Node, yaml.Node] | None:
        """Return the key's node and the value's; an item of a list is its own key."""
        pair: tuple[yaml.Node, yaml.Node] | None = None
        node = self.root
        for part in path:
            pair = child(node, part) if node is not None else None
            if pair is None:
                return None
            node = pair[1]
        return pair

    def position(self, path: KeyPath, *, at_key: bool, least: int = 1) -> Position | None:
        """Return where `path` stands, or the innermost part of it that the file has.

        None where not even its first parts are there, as many as `least`.
        """
        pair = self.pair(path)
        while pair is None and len(path) > least:
            path, at_key = path[:-1], True
            pair = self.pair(path)
        return None if pair is None else self.place(pair[0] if at_key else pair[1])

    def place(self, node: yaml.Node | None) -> Position:
        """Return where a node stands: the beginning of the file where there is none."""
        if node is None:
            return Position(1, 1, self.name)
        return Position(node.start_mark.line + 1, node.start_mark.column + 1, self.name)


def within(folder: Path, path: Path) -> Path | None:
    """Return where `path` really is, or None where that is not in `folder`: links are followed."""
    real = path.resolve()
    return real if real.is_relative_to(folder.resolve()) else None


def read_yaml(path: Path, name: str, *, as_the_engine: bool = False) -> YamlFile:
    """Read a file, as `parse_yaml` does. Whatever is wrong with it is among its mistakes."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        problem = f"has {size} bytes, and {MOST_BYTES} are read at most"
        return _unusable(name, Position(1, 1, name), problem, "split the file")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        place = Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, name)
        return _unusable(name, place, "is not in UTF-8", "save the file as UTF-8")
    return parse_yaml(text, name, as_the_engine=as_the_engine)


MeaningOfTag = Callable[[str, object], object]
"""What a value under a tag, such as `!Sub`, comes to. Raises KeyError for a tag that it does not know."""


def parse_yaml(
    text: str, name: str, *, as_the_engine: bool = False, tags: MeaningOfTag | None = None
) -> YamlFile:
    """Read a text; `name` is the file's as messages show it, `tags` are those that the form has of its own.

    Numbers are read as the engine reads a stack's file, see `language.spelling`. `yes` and `on` are true,
    but where it has to be the same `as_the_engine`, to which they are texts.
    """
    reader = _Reader(name, as_the_engine=as_the_engine, tags=tags)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Position(mark.line + 1, mark.column + 1, name) if mark else Position(1, 1, name)
        return _unusable(name, place, *_syntax(error, text, place, _language(name)))
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        place = Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, name)
        return _unusable(name, place, "has a control character", "remove it")
    except _StopReadingError as stop:
        return YamlFile(name, None, None, (*reader.mistakes, stop.mistake))
    return YamlFile(name, reader.value, reader.root, tuple(reader.mistakes))


def _unusable(name: str, place: Position, problem: str, remedy: str) -> YamlFile:
    return YamlFile(name, None, None, (Mistake((), problem, remedy, place=place),))


def _language(name: str) -> str:
    """Say what whoever wrote a file meant to write: JSON is YAML, too."""
    return "JSON" if name.endswith(".json") else "YAML"


def _syntax(error: yaml.MarkedYAMLError, text: str, place: Position, language: str) -> tuple[str, str]:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if language == "YAML" and "\t" in line[: place.column]:
        return "is indented with a tab, which YAML does not allow", "use spaces"
    return f"is not {language}: {error.problem}", "correct the line, or the one before it"


class _StopReadingError(Exception):
    """The rest of the file is not worth reading."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    node: Any
    value: Any
    key: yaml.Node | None = None
    size: int = 1
    lines: dict[str, int] = field(default_factory=dict)
    """Of a mapping: the line of each key."""
    tag: str | None = None


@dataclass
class _Known:
    """What an anchor stands for."""

    node: yaml.Node
    value: object
    size: int


class _Reader:
    """Puts the parser's events together, without calling itself: a text cannot exhaust the stack."""

    def __init__(self, name: str, *, as_the_engine: bool, tags: MeaningOfTag | None = None) -> None:
        self._name = name
        self._tags = tags
        self._as_the_engine = as_the_engine
        self._open: list[_Open] = []
        self._anchors: dict[str, _Known | None] = {}
        self._resolve: Any = yaml.resolver.Resolver().resolve
        self._constructor = yaml.constructor.SafeConstructor()
        self._documents = 0
        self.mistakes: list[Mistake] = []
        self.root: yaml.Node | None = None
        self.value: object = None

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(*self._scalar(event), size=1, anchor=event.anchor)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self._open.pop()
            anchor = done.node.tag or None
            value = self._meaning_of_tag(event, done.tag, done.value)
            self._add(done.node, value, size=done.size, anchor=anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "has a second document", "split the file, or remove the line `---`")

    def _meaning_of_tag(self, event: yaml.Event, tag: str | None, value: object) -> object:
        """Return what a value is under a tag that the form has of its own."""
        if tag is None or tag in _KNOWN_TAGS or self._tags is None:
            return value
        try:
            return self._tags(tag, value)
        except KeyError:
            self._stop(event, f"has the tag `{tag}`, which means nothing here", "remove the tag")
            raise

    def _check_tag(self, event: yaml.Event, tag: str | None) -> None:
        if tag is not None and tag not in _KNOWN_TAGS and self._tags is None:
            self._stop(event, f"has the tag `{tag}`, which means nothing here", "remove the tag")

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self._open) >= DEEPEST:
            self._stop(event, f"is nested more than {DEEPEST} levels deep", "write it flatter")
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            self._stop(event, "is a mapping or a list where a key has to be", "write a text as the key")
        self._check_tag(event, event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        # The node's tag is not needed, and keeps the anchor until the end comes.
        if isinstance(event, yaml.MappingStartEvent):
            mapping = yaml.MappingNode(event.anchor or "", [], _mark(event))
            self._open.append(_Open(mapping, {}, tag=event.tag))
        else:
            sequence = yaml.SequenceNode(event.anchor or "", [], _mark(event))
            self._open.append(_Open(sequence, [], tag=event.tag))

    def _alias(self, event: yaml.AliasEvent) -> None:
        known = self._anchors.get(str(event.anchor), ...)
        if known is ...:
            self._stop(event, f"there is no anchor `{event.anchor}`", "write the value itself")
        if known is None:
            self._stop(event, f"`*{event.anchor}` stands within what it stands for", "write the value itself")
        if isinstance(known, _Known):
            self._add(known.node, known.value, size=known.size, anchor=None)

    def _scalar(self, event: yaml.ScalarEvent) -> tuple[yaml.Node, object]:
        tag = event.tag
        if tag is None or tag == "!":
            tag = str(self._resolve(yaml.ScalarNode, event.value, event.implicit))
        node = yaml.ScalarNode(tag, event.value, _mark(event), style=event.style)
        self._check_tag(event, tag)
        if self._tags is not None and tag not in _KNOWN_TAGS:
            return node, self._meaning_of_tag(event, tag, event.value)
        if len(event.value) > _LONGEST_NUMBER:
            return node, event.value
        number = number_as_written(event.value) if event.implicit[0] else None
        if number is not None:
            return node, number
        return node, self._meaning(node) if tag in _MEANING else event.value

    def _meaning(self, node: yaml.ScalarNode) -> object:
        if self._as_the_engine and node.tag.endswith(":bool") and node.value not in _TRUTH:
            return node.value
        try:
            return self._constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            return node.value

    def _add(self, node: yaml.Node, value: object, *, size: int, anchor: str | None) -> None:
        if size > MOST_VALUES:
            self._stop(node, "stands for more than a million values", "write less, or without aliases")
        if anchor is not None:
            self._anchors[anchor] = _Known(node, value, size)
        if not self._open:
            self.root, self.value = node, value
            return
        holder = self._open[-1]
        holder.size += size
        if isinstance(holder.value, list):
            holder.node.value.append(node)
            holder.value.append(value)
        elif holder.key is None:
            self._key(holder, node)
        else:
            holder.node.value.append((holder.key, node))
            holder.value.setdefault(holder.key.value, value)
            holder.key = None

    def _key(self, holder: _Open, node: yaml.Node) -> None:
        if not isinstance(node, yaml.ScalarNode):
            self._stop(node, "is a mapping or a list where a key has to be", "write a text as the key")
        first = holder.lines.setdefault(node.value, node.start_mark.line + 1)
        if node.value in holder.value:
            mistake = Mistake(
                (),
                f"the key `{node.value}` is there twice",
                f"keep one: the first is on line {first}",
                place=self._place(node),
            )
            self.mistakes.append(mistake)
        holder.key = node

    def _stop(self, at: Any, problem: str, remedy: str) -> None:  # noqa: ANN401  # an event or a node
        raise _StopReadingError(Mistake((), problem, remedy, place=self._place(at)))

    def _place(self, at: Any) -> Position:  # noqa: ANN401  # as above
        return Position(at.start_mark.line + 1, at.start_mark.column + 1, self._name)


def _mark(event: yaml.Event) -> Any:  # noqa: ANN401  # libyaml's mark has a type of its own
    return event.start_mark


def child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the key's node and the value's of one part; an item of a list is its own key."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in _pairs(node) if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
