"""How the user of a verb says which stack is meant."""

import argparse
from pathlib import Path


def add_stack_options(verb: argparse.ArgumentParser) -> None:
    """Add the two ways to give a stack, one of which is needed: its model, or its exported state."""
    source = verb.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, metavar="PATH", help="a stack's file or a folder of the model")
    source.add_argument(
        "--state", metavar="FILE", help="what `pulumi stack export` printed (`-`: standard input)"
    )
