"""Load what rewrites the labelled cases, which no package holds, as the command beside it does."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load(name: str) -> ModuleType:
    """Import a module of this folder by its own name; it finds the others so, too."""
    folder = str(Path(__file__).parent)
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)


@pytest.fixture(scope="session")
def comparing() -> ModuleType:
    """Load what compares a case with itself in other words."""
    return load("comparing")


@pytest.fixture(scope="session")
def equal_conditions() -> ModuleType:
    """Load the conditions in other words."""
    return load("equal_conditions")
