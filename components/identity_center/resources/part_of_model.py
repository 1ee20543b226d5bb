"""Components that `AccessModel` makes: it has checked their arguments, and its outputs say what theirs would.

Outputs that a component registers are another call of the engine, and are kept in the state, for each of a
model's permission sets. See docs/decisions/2026-11-27-parts-of-a-model.md.
"""

import pulumi

from .application import Application
from .directory import Directory
from .permission_set import PermissionSet


class _PartOfModel(pulumi.ComponentResource):
    def register_outputs(self, outputs: pulumi.Inputs) -> None:
        """Register none: the model does, once for all of its parts."""

    def _check(self, name: str, args: object) -> None:
        """Check nothing a second time: a model is checked as a whole before its first part is made."""


class ModelDirectory(_PartOfModel, Directory):
    """The people and groups of a model."""


class ModelPermissionSet(_PartOfModel, PermissionSet):
    """One of a model's permission sets."""


class ModelApplication(_PartOfModel, Application):
    """One of a model's applications."""
