"""The access model in the configuration of the running stack."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG, get_config_env

from identity_center.model.declaration import AccessDeclaration
from identity_center.model.errors import NAMESPACE, KeyPath, Position
from identity_center.model.source import StackFile

#: Keys whose value is a text; the values of all others are JSON, as the engine passes structured values on.
_TEXTS = frozenset({"portalUrl", "instanceArn"})


@dataclass(frozen=True)
class StackConfig:
    """The keys of the program's namespace, and the file where they were written."""

    values: Mapping[str, object]
    """By key, without the namespace."""
    secret_keys: frozenset[str]
    """Keys whose value the stack keeps encrypted, wholly or in part."""
    file: StackFile | None
    """The stack's file, or None where it was not found."""

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands in the stack's file, or None where its value came from elsewhere."""
        key = str(path[0])
        if self.file is None or not self.file.covers(key, self.values.get(key)):
            return None
        return self.file.position(path, at_key=at_key)


def read_stack_config() -> StackConfig:
    """Read what the engine passed to this run."""
    prefix = f"{NAMESPACE}:"
    # The SDK has no public way to list keys, and a misspelt key is not asked for by any other way.
    given = {**get_config_env(), **CONFIG.get()}
    texts = {key.removeprefix(prefix): str(value) for key, value in given.items() if key.startswith(prefix)}
    return StackConfig(
        values={key: _value(key, text) for key, text in texts.items()},
        secret_keys=frozenset(key for key in texts if is_config_secret(prefix + key)),
        file=StackFile.find(Path(pulumi.get_root_directory()), pulumi.get_stack()),
    )


def _value(key: str, text: str) -> object:
    if key in _TEXTS:
        return text
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError:
        return text  # the model says that it is not what it should be
    return value


def declared_keys() -> frozenset[str]:
    """Return the keys that the model knows, as `Pulumi.yaml` has to declare them."""
    return frozenset(str(field.alias) for field in AccessDeclaration.model_fields.values())
