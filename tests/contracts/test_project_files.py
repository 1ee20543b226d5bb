"""The project's own files agree with the model: what is declared, what is an example, what is committed."""

from pathlib import Path
from typing import Any

import yaml

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.mistakes import NAMESPACE
from identity_center.model.reading.load import load

ROOT = Path(__file__).parents[2]


def read(name: str) -> Any:  # noqa: ANN401  # YAML
    """Return a YAML file of the project."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_project_declares_every_key_of_the_model() -> None:
    """`pulumi config` and editors know of a key only what the project file says."""
    declared = read("Pulumi.yaml")["config"]

    keys = [field.alias for field in AccessDeclaration.model_fields.values()]
    assert set(declared) == {f"{NAMESPACE}:{key}" for key in keys}
    assert all(entry["description"] for entry in declared.values())


def test_no_key_is_declared_with_a_type_or_as_required() -> None:
    """The engine would check it first, end at the first mistake, and not say where it is."""
    for entry in read("Pulumi.yaml")["config"].values():
        assert set(entry) == {"description", "default"}


def test_the_example_stack_is_sound_and_names_nobodys_account() -> None:
    """It has to work on a real organisation as it is: no account ids, no endpoints, no salts."""
    text = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    config = yaml.safe_load(text)["config"]
    values = {key.split(":")[1]: value for key, value in config.items() if key.startswith(f"{NAMESPACE}:")}

    assert load(values).mistakes == ()
    assert set(yaml.safe_load(text)) == {"config"}
    assert set(config) - {f"{NAMESPACE}:{key}" for key in values} == {"aws:region"}
    assert not [word for word in text.replace('"', " ").split() if word.isdigit() and len(word) == 12]
