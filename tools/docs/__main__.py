"""Write every generated page and schema anew: `make docs`.

python -m tools.docs            # writes
python -m tools.docs --check    # exit status 1 and the names of what is stale
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from . import (
    access_model_reference,
    access_model_schema,
    argument_types,
    component_reference,
    everyday,
    partition_table,
    permissions,
    rule_pages,
)

ROOT: Final = Path(__file__).parents[2]


def generated() -> Mapping[Path, str]:
    """Return the text of each generated file, by its path."""
    return {
        access_model_schema.MODEL_SCHEMA: access_model_schema.as_text(access_model_schema.model_schema()),
        access_model_schema.STACK_SCHEMA: access_model_schema.as_text(access_model_schema.stack_schema()),
        access_model_reference.REFERENCE: access_model_reference.reference(),
        component_reference.REFERENCE: component_reference.reference(),
        argument_types.TYPES: argument_types.types(),
        argument_types.NAMES: argument_types.names(),
        partition_table.COPY: partition_table.copied(),
        permissions.PAGE: permissions.page(),
        **permissions.of_pipelines(),
        everyday.PAGE: everyday.page(),
        **{rule_pages.FOLDER / name: text for name, text in rule_pages.pages(rule_pages.FOLDER).items()},
    }


def stale() -> list[str]:
    """Return the files that are not what the code says today, relative to the checkout."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in generated().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Write what is stale, or name it."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description="Write the generated files.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where a file is stale")
    check: bool = parser.parse_args().check
    wrong = stale()
    for name in wrong:
        sys.stdout.write(f"{'stale' if check else 'written'}: {name}\n")
    if check and wrong:
        sys.exit(1)
    texts = generated()
    for name in wrong:
        (ROOT / name).write_text(texts[ROOT / name], encoding="utf-8")
    if argument_types.TYPES.relative_to(ROOT).as_posix() in wrong:
        # The pages are written from the components, whose arguments have to be loaded anew.
        subprocess.run([sys.executable, "-m", "tools.docs"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
