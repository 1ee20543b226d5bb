"""The whole program of a stack: read its configuration, check it, make it so, and say what was made."""

import os
from typing import Final

import pulumi

from identity_center.packaged_files import IncompleteInstallationError
from identity_center.program.lookups.outdated_accounts import outdated_output
from identity_center.program.lookups.readers import Readers
from identity_center.program.preview.guard_notice import say_where_no_pack_is_seen
from identity_center.resources import messages
from identity_center.resources.access_model import WholeModel

from .exports import stack_outputs
from .first_steps import say_first_steps
from .preflight import Checked, check_stack
from .root_guard import make_root_guard

#: By this exit status the launcher of Python programs knows that the user was told why, and the engine adds
#: nothing. Source: pulumi/sdk/python/cmd/pulumi-language-python-exec and cmd/pulumi-language-python/main.go.
ALREADY_TOLD: Final = 32


def run(readers: Readers) -> WholeModel:
    """Make what the stack's configuration says, and export the stack's outputs: the whole of a `__main__.py`.

        from identity_center.program.run import run
        from identity_center_cli.aws.readers import READERS

        run(READERS)

    The readers are given because they use boto3, which this package does not.
    Ends the process with every mistake of the run told, before anything is made: an error that the engine
    were left to tell would have `an unhandled error occurred` below it.
    """
    try:
        return _run(readers)
    except pulumi.RunError as error:
        messages.error(str(error))
        raise SystemExit(ALREADY_TOLD) from error


def _run(readers: Readers) -> WholeModel:
    checked = _check(readers)
    model = WholeModel(checked.plan)
    declared = checked.access.declared
    make_root_guard(declared.root_guard, checked.instance.arn, declared.timeouts)
    outputs = {
        **stack_outputs(checked, model),
        **outdated_output(checked.plan, model, checked.last, checked.instance, readers.outdated),
    }
    for name, value in outputs.items():
        pulumi.export(name, value)
    say_first_steps(checked)
    say_where_no_pack_is_seen(os.environ)
    return model


def _check(readers: Readers) -> Checked:
    try:
        return check_stack(readers)
    except IncompleteInstallationError as error:
        raise pulumi.RunError(str(error)) from error
