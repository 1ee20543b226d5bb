"""Ids of many resources as one output."""

from collections.abc import Mapping

import pulumi


def by_key(outputs: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """Return one output that has the value of each under its key; an empty one where there is none."""
    # Without arguments, Output.all makes a list.
    return pulumi.Output.all(**outputs) if outputs else pulumi.Output.from_input(dict[str, str]())
