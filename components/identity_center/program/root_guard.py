"""The guard of root users, from the configuration of the running stack."""

from identity_center.model.aws.root_guard import PARTITIONS_WITH_FEATURES
from identity_center.model.language.settings import ORGANISATION, RootGuardEntry
from identity_center.model.language.timeouts import TimeoutsEntry
from identity_center.model.plan.planned import Plan
from identity_center.model.plan.settings import plan_root_guard
from identity_center.resources.root_guard import RootGuard, RootGuardArgs

#: Its name in the stack.
NAME = "root-guard"


def make_root_guard(
    entry: RootGuardEntry | None, instance_arn: str, timeouts: TimeoutsEntry | None = None
) -> RootGuard | None:
    """Make the guard that the configuration asks for; none where it asks for none."""
    return None if entry is None else RootGuard(NAME, _args(entry, instance_arn, timeouts))


def plan_guard(
    entry: RootGuardEntry | None, instance_arn: str, partition: str, timeouts: TimeoutsEntry | None = None
) -> Plan:
    """Plan the same for its names: where in the organisation the policy is attached is left open."""
    if entry is None:
        return ()
    features = partition in PARTITIONS_WITH_FEATURES
    return plan_root_guard(NAME, _args(entry, instance_arn, timeouts), partition, "", features=features)


def _args(entry: RootGuardEntry, instance_arn: str, timeouts: TimeoutsEntry | None) -> RootGuardArgs:
    args: RootGuardArgs = {}
    if ORGANISATION not in entry.deny_root_in:
        args["target_ids"] = list(entry.deny_root_in)
    if entry.permission_set is not None:
        args["instance_arn"] = instance_arn
        args["permission_set_name"] = entry.permission_set
        args["tasks"] = [word.task for word in entry.tasks]
    if timeouts is not None:
        args["timeouts"] = {"provisioning": timeouts.provisioning}
    return args
