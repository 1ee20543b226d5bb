"""`identity-center pack-path` and `components-path`: where Pulumi finds what is installed."""

import argparse
import sys
from typing import TYPE_CHECKING

from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.installed import components_folder, pack_folder

if TYPE_CHECKING:
    from argparse import _SubParsersAction

PACK = """Prints the folder of the installed policy pack, for `pulumi --policy-pack` and for the variable
PULUMI_OPTION_POLICY_PACK. The pack runs with the Python that comes first on PATH: activate the environment
that it is installed in."""
COMPONENTS = """Prints the folder of the installed components, which programs in any Pulumi language use by
name: for `pulumi package add`, or `path` below `plugins:` in Pulumi.yaml."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both verbs to the command."""
    pack = with_examples(
        verbs.add_parser("pack-path", help="the policy pack's folder, for --policy-pack", description=PACK),
        'pulumi preview --policy-pack "$(identity-center pack-path)"',
        'export PULUMI_OPTION_POLICY_PACK="$(identity-center pack-path)"',
    )
    pack.set_defaults(act=_pack)
    components = with_examples(
        verbs.add_parser("components-path", help="the components' folder", description=COMPONENTS),
        'pulumi package add "$(identity-center components-path)"',
    )
    components.set_defaults(act=_components)


def _pack(_arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"{pack_folder()}\n")
    return AS_IT_SHOULD_BE


def _components(_arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"{components_folder()}\n")
    return AS_IT_SHOULD_BE
