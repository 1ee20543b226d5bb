"""What `make test` runs of many cases that each take the engine: a few, and `make thorough` the others."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import pytest

Case = TypeVar("Case")
#: Runs in `make thorough`, and not in `make test`.
THOROUGH: Final = pytest.mark.thorough


def choice(cases: Mapping[str, Case], *in_each_run: str) -> Any:  # noqa: ANN401  # pytest's own type is private
    """Return the cases as parameters, named by their keys; those named here run in `make test`, too.

    ```python
    @pytest.mark.parametrize("case", choice(CASES, "unknown group"))
    ```

    Raises:
        KeyError: a case is named that is not there.

    """
    for name in in_each_run:
        _ = cases[name]
    return [
        pytest.param(case, id=name, marks=() if name in in_each_run else THOROUGH)
        for name, case in cases.items()
    ]
