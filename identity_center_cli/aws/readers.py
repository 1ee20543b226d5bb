"""All that a stack's program asks AWS beside the Pulumi provider, and the engine beside its own questions."""

from typing import Final

from identity_center.program.lookups.after_a_fall import AfterAFall
from identity_center.program.lookups.needed_in_accounts import AccountLookups
from identity_center.program.lookups.readers import Readers
from identity_center_cli.aws.instance.links import read_links
from identity_center_cli.engine import interrupted_operations

from .lookups.instance_regions import read_instance_regions
from .lookups.member_accounts import read_member_accounts
from .lookups.names_in_use import read_names_in_use
from .lookups.provisioned_sets import read_provisioned_sets
from .lookups.role_trust import judge_role_trust
from .organisation import read_organisation
from .outdated_sets import read_outdated

READERS: Final = Readers(
    organisation=read_organisation,
    accounts=AccountLookups(read_member_accounts, judge_role_trust),
    provisioned_sets=read_provisioned_sets,
    names_in_use=read_names_in_use,
    after_a_fall=AfterAFall(interrupted_operations, read_links),
    regions=read_instance_regions,
    outdated=read_outdated,
)
