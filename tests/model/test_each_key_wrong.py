"""Each key of a sound model misspelt, removed, doubled and of the wrong type: one error for one mistake."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from identity_center.model.mistakes import AccessModelError
from identity_center.model.reading.load import load
from identity_center.model.reading.stack_file import StackFile
from identity_center.model.reading.yaml_file import child, parse_yaml
from tests.support.yaml_text import yaml_text, yaml_value

ROOT = Path(__file__).parents[2]
KeyPath = tuple[str | int, ...]
EVERYTHING = ROOT / "tests" / "everything" / "access"


def in_stack_file(file: Path) -> dict[str, Any]:
    """Return the keys of the model in a stack's file."""
    config = yaml_value(file.read_text(encoding="utf-8"))["config"]
    prefix = "identity-center:"
    return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}


def sound_models() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield stack dev, the example of the README, and the model that has every key."""
    yield "dev", in_stack_file(ROOT / "Pulumi.dev.yaml")
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("## A larger model")[1]
    yield "readme", yaml_value(readme.split("```yaml\n")[1].split("```")[0])
    merged = in_stack_file(EVERYTHING.parent / "Pulumi.dev.yaml")
    for path in sorted(EVERYTHING.glob("*.yaml")):
        value: Any = parse_yaml(path.read_text(encoding="utf-8"), path.name).value
        merged |= value
    yield "everything", merged


MODELS = dict(sound_models())


def paths(value: Any, at: KeyPath = ()) -> Iterator[KeyPath]:  # noqa: ANN401  # JSON
    """Yield the path of every key of every mapping."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key)
            # A policy document has a grammar of its own; its parts are in the table of wrong models.
            if key != "inlinePolicy":
                yield from paths(item, (*at, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*at, index))


PLACES = [(name, path) for name, model in MODELS.items() for path in paths(model)]
EVERY_PLACE = pytest.mark.parametrize(
    ("name", "path"), PLACES, ids=[f"{name}:{'.'.join(map(str, path))}" for name, path in PLACES]
)


def changed(name: str, path: KeyPath, change: Callable[[Any, Any], None]) -> dict[str, Any]:
    """Return a model in which the mapping that holds the key was changed."""
    model = copy.deepcopy(MODELS[name])
    holder: Any = model
    for part in path[:-1]:
        holder = holder[part]
    change(holder, path[-1])
    return model


def said(model: dict[str, Any]) -> list[str]:
    """Return what is said of a model that came from a stack's file."""
    text = yaml_text({"config": {f"identity-center:{key}": value for key, value in model.items()}})
    return list(AccessModelError(load(model).mistakes, StackFile("f", text)).lines)


#: Parts whose keys somebody chose.
BY_KEY = {"users", "externalUsers", "groups", "externalGroups", "permissionSets", "applications"}


def is_name_of_ones_own(path: KeyPath) -> bool:
    """Tell whether somebody chose the key: of an entry, a tag or an attribute."""
    return len(path) > 1 and (
        path[-2] in ("tags", "accessControlAttributes") or (len(path) == 2 and path[0] in BY_KEY)
    )


def rename(holder: Any, key: Any) -> None:  # noqa: ANN401  # JSON
    """Misspell a key, at its place."""
    items = [(f"{old}x" if old == key else old, value) for old, value in holder.items()]
    holder.clear()
    holder.update(items)


@EVERY_PLACE
def test_a_misspelt_key_is_one_mistake(name: str, path: KeyPath) -> None:
    """It names the right one; what needs it is not told as well."""
    lines = said(changed(name, path, rename))

    if is_name_of_ones_own(path):
        assert len(lines) <= 1
        assert not lines or f"`{path[-1]}`" in lines[0]
        return
    (line,) = lines
    assert f".{path[-1]}x: " in line or f":{path[-1]}x: " in line
    assert f"did you mean `{path[-1]}`?" in line
    assert line.startswith("f:"), "it has a place"


@EVERY_PLACE
def test_a_key_of_the_wrong_type_is_one_mistake_at_its_place(name: str, path: KeyPath) -> None:
    """What would be right if it were mended is not told as well."""

    def other_type(holder: Any, key: Any) -> None:  # noqa: ANN401  # JSON
        holder[key] = 7 if isinstance(holder[key], dict | list) else ["x"]

    (line,) = said(changed(name, path, other_type))

    assert line.startswith("f:")
    assert "; " in line


@EVERY_PLACE
def test_a_removed_key_is_one_mistake_or_none(name: str, path: KeyPath) -> None:
    """A part that others name is missed once, not once for each of them."""
    lines = said(changed(name, path, lambda holder, key: holder.pop(key)))

    assert len(lines) <= (1 if len(path) > 1 else 2)
    assert all(line.startswith("f:") and "; " in line for line in lines)


def key_mark(text: str, path: KeyPath) -> Any:  # noqa: ANN401  # PyYAML's mark
    """Return where the key of a path stands."""
    node = parse_yaml(text, "f").root
    assert node is not None
    for part in path[:-1]:
        pair = child(node, part)
        assert pair is not None
        node = pair[1]
    found = child(node, path[-1])
    assert found is not None
    return found[0].start_mark


@EVERY_PLACE
def test_a_doubled_key_is_one_mistake_at_its_place(name: str, path: KeyPath) -> None:
    """YAML takes the last without a word; which of the two is meant, only a person knows."""
    text = yaml.safe_dump(MODELS[name], default_flow_style=False, width=10_000)
    lines = text.splitlines(keepends=True)
    mark = key_mark(text, path)
    start, indent = mark.line, mark.column
    end = start + 1
    while end < len(lines) and (
        len(lines[end]) - len(lines[end].lstrip(" ")) > indent or lines[end].startswith(" " * indent + "- ")
    ):
        end += 1
    block = [" " * indent + lines[start][indent:], *lines[start + 1 : end]]
    doubled = "".join([*lines[:end], *block, *lines[end:]])

    (mistake,) = parse_yaml(doubled, "f").mistakes

    assert mistake.problem == f"the key `{path[-1]}` is there twice"
    assert str(mistake.place) == f"f:{end + 1}:{indent + 1}"
