"""Where the keys of a stack's configuration stand in its YAML file."""

from pathlib import Path
from typing import Any

import yaml

from identity_center.model.mistakes import NAMESPACE, KeyPath, Position


class StackFile:
    """The YAML file of one stack, with the position of each of its keys.

    Pulumi hands a program the values of its configuration, not where they were written.
    This reads the file again for the places alone; the values stay the engine's.
    """

    def __init__(self, name: str, text: str) -> None:
        """Read `text`; `name` is the file's name as messages show it.

        A file that is not YAML has no positions: the engine has read it already and is the one to complain.
        """
        self._name = name
        try:
            self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            self._root = None

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
                return cls(
                    path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace")
                )
        return None

    def covers(self, key: str, value: object) -> bool:
        """Tell whether `value`, as the engine gave it for the top-level `key`, is what this file holds.

        It is not where the value came from `--config`, `--config-file` or an environment.
        """
        pair = self._pair((key,))
        return pair is not None and _agrees(pair[1], value)

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands, or the innermost part of it that the file has."""
        pair = self._pair(path)
        while pair is None and len(path) > 1:
            path, at_key = path[:-1], True
            pair = self._pair(path)
        if pair is None:
            return None
        mark = (pair[0] if at_key else pair[1]).start_mark
        return Position(mark.line + 1, mark.column + 1, self._name)

    def _pair(self, path: KeyPath) -> tuple[yaml.Node, yaml.Node] | None:
        """Return the key's node and the value's; an item of a list is its own key."""
        if self._root is None or not path:
            return None
        config = _child(self._root, "config")
        if config is None:
            return None
        first, *rest = path
        pair = _child(config[1], f"{NAMESPACE}:{first}")
        for part in rest:
            if pair is None:
                return None
            pair = _child(pair[1], part)
        return pair


def _stack_config_folder(root: Path) -> str:
    project = root / "Pulumi.yaml"
    try:
        settings: Any = yaml.safe_load(project.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ""
    folder = settings.get("stackConfigDir") if isinstance(settings, dict) else None
    return folder if isinstance(folder, str) else ""


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(part):
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _agrees(node: yaml.Node, value: object) -> bool:
    """Tell whether a value has the shape of a node: keys and lengths; of scalars, only texts are compared."""
    if isinstance(node, yaml.MappingNode):
        if len(node.value) == 1 and node.value[0][0].value == "secure":
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
