"""The whole program of a stack: read its configuration, check it, make it so, and say what was made."""

import os
from dataclasses import dataclass, field

import pulumi

from identity_center.packaged_files import IncompleteInstallationError
from identity_center.resources.access_model import WholeModel

from .after_a_fall import AfterAFall
from .answers_of_aws import ProvisioningReader
from .exports import stack_outputs
from .guard_notice import say_where_no_pack_is_seen
from .needed_in_accounts import AccountLookups
from .new_names import NameReader
from .organisation import Reader
from .outdated_accounts import OutdatedReader, outdated_output
from .preflight import Checked, check_stack
from .root_guard import make_root_guard


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
    Raises pulumi.RunError with every mistake of the run, before anything is made.
    """
    checked = _check(readers)
    model = WholeModel(checked.plan, checked.console_steps)
    declared = checked.access.declared
    make_root_guard(declared.root_guard, checked.instance.arn, declared.timeouts)
    outputs = {
        **stack_outputs(checked, model),
        **outdated_output(checked.plan, model, checked.last, checked.instance, readers.outdated),
    }
    for name, value in outputs.items():
        pulumi.export(name, value)
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
