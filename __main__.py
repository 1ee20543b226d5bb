"""Who may do what in this organisation: read the stack's configuration, check it, make it so."""

import pulumi

from identity_center.program.exports import stack_outputs
from identity_center.program.needed_in_accounts import AccountLookups
from identity_center.program.preflight import check_stack
from identity_center.program.root_guard import make_root_guard
from identity_center.resources.access_model import WholeModel
from identity_center_cli.aws.member_accounts import read_member_accounts
from identity_center_cli.aws.organisation import read_organisation
from identity_center_cli.aws.provisioned_sets import read_provisioned_sets
from identity_center_cli.aws.role_trust import judge_role_trust

lookups = AccountLookups(read_member_accounts, judge_role_trust)

# Every mistake of the configuration ends the run here, before anything is made.
checked = check_stack(read_organisation, lookups, read_provisioned_sets)

model = WholeModel(checked.parts(), "identity-center")
make_root_guard(checked.access.declared.root_guard, checked.instance.arn)

for name, value in stack_outputs(checked, model).items():
    pulumi.export(name, value)
