"""The whole program of a stack: read its configuration, check it, make it so, and say what was made."""

import os
from dataclasses import dataclass, field
from typing import Final

import pulumi

from identity_center.packaged_files import IncompleteInstallationError
from identity_center.program.lookups.after_a_fall import AfterAFall
from identity_center.program.lookups.answers_of_aws import ProvisioningReader
from identity_center.program.lookups.needed_in_accounts import AccountLookups
from identity_center.program.lookups.new_names import NameReader
from identity_center.program.lookups.organisation import Reader
from identity_center.program.lookups.outdated_accounts import OutdatedReader, outdated_output
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


@dataclass(frozen=True)
class Readers:
    """What asks AWS beside the Pulumi provider; what is left out is not asked, and the run says so."""

    organisation: Reader | None = None
    """Reads units and tags of the organisation's accounts, where targets need them."""
    accounts: AccountLookups = field(default_factory=AccountLookups)
    """Looks for policies and roles in other accounts than the run's own."""
    provisioned_sets: ProvisioningReader | None = None
    """Reads which permission sets the management account has, for a delegated administrator's run."""
    names_in_use: NameReader | None = None
    """Reads which names AWS has, where a run gives new ones."""
    after_a_fall: AfterAFall = field(default_factory=AfterAFall)
    """Reads what an update that was killed left."""
    outdated: OutdatedReader | None = None
    """Reads which accounts have older forms of permission sets, where an update may have left some."""


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
        return check_stack(
            readers.organisation,
            readers.accounts,
            readers.provisioned_sets,
            readers.names_in_use,
            readers.after_a_fall,
        )
    except IncompleteInstallationError as error:
        raise pulumi.RunError(str(error)) from error
