"""A stack's file (Pulumi.STACK.yaml): what it says under the program's keys, and where.

In a run the values are the engine's, and the file tells their places and how numbers were written. Without an
engine the file is all there is, and is read as the engine reads it.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from identity_center.model.language.keys.spelling import number_as_written, spelled
from identity_center.model.mistakes import NAMESPACE, KeyPath, Mistake, Position

from .yaml_file import parse_yaml, read_yaml

_CONFIG = "config"
#: The only key of a mapping that stands for an encrypted value.
_SECURE = "secure"


class StackFile:
    """The YAML file of one stack, with the position of each of its keys.

    A file that is not YAML has no positions: in a run the engine has read it already, and complains itself.
    """

    def __init__(self, name: str, text: str) -> None:
        """Read `text`; `name` is the file's name as messages show it."""
        self._file = parse_yaml(text, name, as_the_engine=True)

    @classmethod
    def at(cls, path: Path, name: str) -> "StackFile":
        """Read a file. Raises OSError where there is none that can be read."""
        made = cls.__new__(cls)
        made._file = read_yaml(path, name, as_the_engine=True)  # noqa: SLF001  # its own
        return made

    @classmethod
    def find(cls, root: Path, stack: str) -> "StackFile | None":
        """Return the file of `stack` in the project folder `root`, or None where there is none.

        The project file's `stackConfigDir` is honoured; a file given with `--config-file` cannot be seen from
        a program, see `covers`.
        """
        folder = root / _stack_config_folder(root)
        for suffix in ("yaml", "yml"):
            path = folder / f"Pulumi.{stack}.{suffix}"
            if path.is_file():
                return cls.at(path, path.relative_to(root).as_posix())
        return None

    @staticmethod
    def stacks(root: Path) -> list[str]:
        """Return the stacks that have a file in the project folder `root`."""
        folder = root / _stack_config_folder(root)
        found = (path for suffix in ("yaml", "yml") for path in folder.glob(f"Pulumi.*.{suffix}"))
        return sorted({path.stem.removeprefix("Pulumi.") for path in found})

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What is wrong with the file as YAML."""
        return self._file.mistakes

    @cached_property
    def config(self) -> Mapping[str, Any] | None:
        """Everything under `config`, of all namespaces; None where the file has no such mapping."""
        whole = self._file.value
        config = whole.get(_CONFIG) if isinstance(whole, dict) else None
        return config if isinstance(config, dict) else None

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What the file says, by key without the namespace."""
        prefix = f"{NAMESPACE}:"
        config = self.config or {}
        return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}

    @cached_property
    def encrypted(self) -> frozenset[str]:
        """Keys whose value is encrypted, wholly or in part: what it is only the engine can tell."""
        return frozenset(key for key, value in self.values.items() if _is_encrypted(value))

    def covers(self, key: str, value: object) -> bool:
        """Tell whether `value`, as the engine gave it for the top-level `key`, is what this file holds.

        It is not where the value came from `--config`, `--config-file` or an environment.
        """
        pair = self._file.pair(_in_file((key,)))
        return pair is not None and _agrees(pair[1], value)

    def as_written(self, key: str, value: object) -> object:
        """Return the engine's value for `key`, its numbers with the texts that this file has for them."""
        pair = self._file.pair(_in_file((key,)))
        return value if pair is None or not _agrees(pair[1], value) else _spelled(pair[1], value)

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands, or the innermost part of it that the file has."""
        return self._file.position(_in_file(path), at_key=at_key, least=2) if path else None


def _in_file(path: KeyPath) -> KeyPath:
    first, *rest = path
    return (_CONFIG, f"{NAMESPACE}:{first}", *rest)


def _stack_config_folder(root: Path) -> str:
    project = root / "Pulumi.yaml"
    try:
        settings: Any = yaml.safe_load(project.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ""
    folder = settings.get("stackConfigDir") if isinstance(settings, dict) else None
    return folder if isinstance(folder, str) else ""


def _is_encrypted(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) == {_SECURE} or any(map(_is_encrypted, value.values()))
    return isinstance(value, list) and any(map(_is_encrypted, value))


def _agrees(node: yaml.Node, value: object) -> bool:
    """Tell whether a value has the shape of a node: keys and lengths; of scalars, only texts are compared."""
    if isinstance(node, yaml.MappingNode):
        if len(node.value) == 1 and node.value[0][0].value == _SECURE:
            return True  # an encrypted value: the file holds no text to compare
        if not isinstance(value, dict) or len(node.value) != len(value):
            return False
        return all(key.value in value and _agrees(child, value[key.value]) for key, child in node.value)
    if isinstance(node, yaml.SequenceNode):
        if not isinstance(value, list) or len(node.value) != len(value):
            return False
        return all(_agrees(child, item) for child, item in zip(node.value, value, strict=True))
    return not isinstance(value, str | dict | list) or _is_text(node, value)


def _is_text(node: yaml.Node, value: object) -> bool:
    return isinstance(value, str) and (node.value == value or node.tag != "tag:yaml.org,2002:str")


def _spelled(node: yaml.Node, value: Any) -> Any:  # noqa: ANN401  # of the configuration
    """Give the numbers of a value that agrees with a node the texts that they were written as."""
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        below = {key.value: child for key, child in node.value}
        return {key: _spelled(below[key], item) if key in below else item for key, item in value.items()}
    if isinstance(node, yaml.SequenceNode) and isinstance(value, list):
        return [_spelled(child, item) for child, item in zip(node.value, value, strict=True)]
    if (
        isinstance(node, yaml.ScalarNode)
        and not isinstance(value, bool)
        and isinstance(value, int | float | str)
    ):
        return _spelled_scalar(node, value)
    return value


def _spelled_scalar(node: yaml.ScalarNode, value: float | str) -> object:
    written = number_as_written(node.value) if not node.style else None
    if written is None or type(written) is int:
        return value
    return spelled(value, node.value)
