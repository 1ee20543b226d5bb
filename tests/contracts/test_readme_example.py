"""The model that the README shows is right: people copy it."""

from pathlib import Path

from identity_center.model.load import load
from identity_center.model.yaml_file import parse_yaml

README = Path(__file__).parents[2] / "README.md"


def test_the_model_of_the_readme_is_sound() -> None:
    """An example with a mistake teaches the mistake."""
    text = (
        README.read_text(encoding="utf-8").split("## A larger model")[1].split("```yaml\n")[1].split("```")[0]
    )
    read = parse_yaml(text, "README.md")

    assert read.mistakes == ()
    assert isinstance(read.value, dict)
    assert load(read.value).mistakes == ()
    assert len(read.value) == 9
