"""Names that resources had before their keys changed, so that the engine keeps what is there."""

from collections.abc import Callable, Mapping
from itertools import product

import pulumi


def formerly(name: str | None) -> list[pulumi.Alias]:
    """Return the aliases of a resource that was called `name`; none where it was not renamed."""
    return [] if name is None else [pulumi.Alias(name=name)]


def formerly_of(name: Callable[..., str], *keys: tuple[str, Mapping[str, str]]) -> list[pulumi.Alias]:
    """Return the aliases of a resource whose name is made of several keys, any of which may be new.

    Each key comes with the former keys of its kind; `name` makes the name of keys.
    """
    choices = [[key, former[key]] if key in former else [key] for key, former in keys]
    _, *others = product(*choices)
    return [pulumi.Alias(name=name(*chosen)) for chosen in others]
