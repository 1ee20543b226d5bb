"""The access model in the configuration of the running stack."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG, get_config_env

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.key_facts import keys_of
from identity_center.model.mistakes import NAMESPACE, KeyPath, Position
from identity_center.model.reading.sources import Sources, of_stack
from identity_center.model.reading.stack_file import StackFile

_KEYS = keys_of(AccessDeclaration)
#: Keys whose value is a text; the values of all others are JSON, as the engine passes structured values on.
_TEXTS = frozenset(key.alias for key in _KEYS if key.content is str and key.container is None)
#: What `Pulumi.yaml` gives a key that the stack does not set: it has no other way to declare one as optional.
_UNSET: Mapping[str, object] = {
    key.alias: "" if key.alias in _TEXTS else {} for key in _KEYS if key.field.default is None
}


@dataclass(frozen=True)
class StackConfig:
    """The keys of the program's namespace, and the file where they were written."""

    values: Mapping[str, object]
    """By key, without the namespace."""
    secret_keys: frozenset[str]
    """Keys whose value the stack keeps encrypted, wholly or in part."""
    file: StackFile | None
    """The stack's file, or None where it was not found."""
    root: Path
    """Folder of the project."""

    def sources(self) -> Sources:
        """Put what the model's folder says, where one is named, to what the stack says."""
        return of_stack(self.values, self, self.root, secret=self.secret_keys)

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands in the stack's file, or None where its value came from elsewhere."""
        if self.file is None or path[0] not in self._in_file:
            return None
        return self.file.position(path, at_key=at_key)

    @cached_property
    def _in_file(self) -> frozenset[str]:
        file = self.file
        return frozenset(
            key for key, value in self.values.items() if file is not None and file.covers(key, value)
        )


def read_stack_config() -> StackConfig:
    """Read what the engine passed to this run."""
    prefix, root = f"{NAMESPACE}:", Path(pulumi.get_root_directory())
    # The SDK has no public way to list keys, and a misspelt key is not asked for by any other way.
    given = {**get_config_env(), **CONFIG.get()}
    texts = {key.removeprefix(prefix): str(value) for key, value in given.items() if key.startswith(prefix)}
    file = StackFile.find(root, pulumi.get_stack())
    values = {key: _value(key, text, file) for key, text in texts.items()}
    values = {key: value for key, value in values.items() if key not in _UNSET or value != _UNSET[key]}
    return StackConfig(
        values={key: file.as_written(key, value) if file else value for key, value in values.items()},
        secret_keys=frozenset(key for key in texts if is_config_secret(prefix + key)),
        file=file,
        root=root,
    )


def _value(key: str, text: str, file: StackFile | None) -> object:
    if not text:
        return text if key in _TEXTS else None  # a key without a value: the engine passes an empty text
    try:
        value: object = json.loads(text)
    except ValueError:
        return text  # the model says that it is not what it should be
    if key in _TEXTS and not _is_structured_in(file, key, value):
        return text
    return value


def _is_structured_in(file: StackFile | None, key: str, value: object) -> bool:
    """Tell whether the file has a list or a mapping for a text, and not a text that looks like one."""
    return isinstance(value, list | dict) and file is not None and file.covers(key, value)
