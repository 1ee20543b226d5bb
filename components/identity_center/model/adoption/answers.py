"""What a model cannot tell of itself, answered from what an instance holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from identity_center.model.access.external_principals import KnownGroup, KnownSet, KnownUser
from identity_center.model.access.permission_sets import PolicyAnswers
from identity_center.model.assemble import NobodyAsked
from identity_center.model.aws.partitions import partition_of
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.parts import Part
from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import Organisation


@dataclass(frozen=True)
class FromExisting(NobodyAsked):
    """Answers from a reading of the instance; what it does not hold, nobody is asked for."""

    existing: Existing

    def partition(self, instance_arn: str | None) -> str:
        """Return the partition of the instance that the model names, or of the one that was read."""
        return partition_of(instance_arn or self.existing.instance_arn)

    def organisation(self, needed: frozenset[Reading]) -> Organisation | None:
        """Return it as it was read."""
        del needed
        return self.existing.organisation

    def policies(self, questions: Sequence[PolicyQuestion]) -> PolicyAnswers:
        """Take a policy for the one that some set has; AWS would not have attached another."""
        known = {arn for one in self.existing.permission_sets for arn in one.managed_policies or ()}
        known |= {
            one.boundary.managed_policy_arn
            for one in self.existing.permission_sets
            if one.boundary is not None
        }
        arns = {each: next((arn for arn in each.arns if arn in known), each.arns[0]) for each in questions}
        return PolicyAnswers(arns)

    def users(self) -> Sequence[KnownUser] | None:
        """Return those that were read."""
        if not self.existing.knows(Part.USERS):
            return None
        return [
            KnownUser(
                user.id,
                user.user_name,
                user.display_name,
                tuple(each.value for each in user.emails),
                tuple((each.issuer, each.id) for each in user.external_ids),
            )
            for user in self.existing.users
        ]

    def groups(self) -> Sequence[KnownGroup] | None:
        """Return those that were read."""
        if not self.existing.knows(Part.GROUPS):
            return None
        return [KnownGroup(group.id, group.name) for group in self.existing.groups]

    def permission_sets(self) -> Sequence[KnownSet] | None:
        """Return those that were read."""
        if not self.existing.knows(Part.PERMISSION_SETS):
            return None
        return [KnownSet(each.arn, each.label) for each in self.existing.permission_sets]
