"""Load the oracle and its helpers, which no package holds, as the command beside them does."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load(name: str) -> ModuleType:
    """Import a module of this folder by its own name."""
    folder = str(Path(__file__).parent)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """Load the slow evaluator."""
    return load("oracle")


@pytest.fixture(scope="session")
def enumeration() -> ModuleType:
    """Load verdicts by trying everything."""
    return load("enumeration")


@pytest.fixture(scope="session")
def generator() -> ModuleType:
    """Load the source of random cases."""
    return load("generator")


@pytest.fixture(scope="session")
def comparison() -> ModuleType:
    """Load what compares the two."""
    return load("comparison")
