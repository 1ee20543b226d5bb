"""Paths that lead further even on one named target: it is rewritten, and then one is it or passes it on.

A user gets a policy and its key is made; a group gets one and is joined; a new role trusts whoever makes
it, and needs no leave to be assumed then (IAM User Guide, reference_policies_evaluation-logic: in one
account a trust that names the caller is enough); a role that may be passed gets one first; and a policy
that may be attached is written first.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.context_keys import OF_AWS, POLICY_ARN
from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.iam.document.condition import Values
from identity_guard.iam.evaluate.context_state import OTHER, UNTRIED
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import Group
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.text.arn import ACCOUNT_PART
from identity_guard.iam.text.wildcard import has_wildcard, instance, matches

from .reach import Reach, Reached, group_of

WRITING: Final = ("iam:CreatePolicy", "iam:CreatePolicyVersion")
PROTECTED: Final = (":role/aws-service-role/", ":role/aws-reserved/")
"""The paths of service-linked roles and of those of Identity Center's permission sets. IAM refuses to change
these: "only modifiable by AWS" (rebuy-de/aws-nuke, pull request 49 and issue 441)."""
REWRITING: Final = ("iam:AttachRolePolicy", "iam:PutRolePolicy")
PASSING: Final = ("iam:PassRole",)


@cache
def bits_of(actions: tuple[str, ...]) -> int:
    """Return the actions of these names."""
    return action_set(actions, ScanBudget()).certain


def one_target_suffices(
    grants: Grants, assumptions: Assumptions, named: Sequence[Group], path: EscalationPath
) -> Reached:
    """Return a path's actions where they and a companion of theirs are allowed on one named target."""
    helping = bits_of(path.companions)
    if not helping & grants.mentioned:
        return Reached()
    return _rewritten(Reach(grants, assumptions, path.mask), Reach(grants, assumptions, helping), named)


def unprotected(named: Iterable[Group]) -> Iterable[Group]:
    """Leave out the roles that nobody but AWS can change."""
    return (group for group in named if not any(path in group.example for path in PROTECTED))


def written_policies(grants: Grants) -> tuple[str, ...]:
    """Return the policies of one's own that conditions let be attached and that can be written as well.

    Of those that the conditions do not tell apart, it is the one that stands for them in the context states.
    """
    writing = bits_of(WRITING)
    if not writing & grants.mentioned:
        return ()
    clauses = [clause for layered in grants.statements for clause in layered.by_dimension.get(POLICY_ARN, ())]
    patterns = dict.fromkeys(value for clause in clauses for value in clause.values if OF_AWS not in value)
    reach = Reach(grants, Assumptions(), writing)
    named = grants.resources.named(writing).arns

    def can_be_written(pattern: str) -> bool:
        arns = (_in_account(pattern, grants), *(arn for arn in named if matches(pattern, arn)))
        return bool(reach.within([group_of(grants, arn, writing) for arn in arns]).certain)

    def truths(values: Values) -> tuple[bool | None, ...]:
        return tuple(clause.holds(values) for clause in clauses)

    written = {truths((instance(pattern, OTHER),)) for pattern in patterns if can_be_written(pattern)}
    if not written:
        return ()
    context_states = grants.space.dimension(POLICY_ARN).context_states
    present = dict.fromkeys(
        found for context_state in context_states for _, found in context_state.values if found is not None
    )
    return tuple(found[0] for found in present if found is not UNTRIED and truths(found) in written)


def _in_account(pattern: str, grants: Grants) -> str:
    """Return a policy of the own account that a pattern takes: any, or one that it names in part."""
    own = grants.resources.own
    any_policy = f"arn:{own.partition}:iam::{own.account}:policy/{OTHER}"
    if matches(pattern, any_policy):
        return any_policy
    parts = pattern.split(":")
    if len(parts) > ACCOUNT_PART and has_wildcard(parts[ACCOUNT_PART]):
        parts[ACCOUNT_PART] = own.account
    return instance(":".join(parts), OTHER)


def named_role_passed(
    grants: Grants, assumptions: Assumptions, passing: Assumptions, named: Iterable[Group]
) -> Reached:
    """Return the leave to pass a role where some named role can be rewritten as well as passed.

    `passing` are the states in which it is passed; in those it may be that nothing is rewritten.
    """
    rewriting = bits_of(REWRITING)
    if not rewriting & grants.mentioned:
        return Reached()
    roles = [group for group in named if ":role/" in group.example]
    return _rewritten(Reach(grants, passing, bits_of(PASSING)), Reach(grants, assumptions, rewriting), roles)


def _rewritten(whole: Reach, some: Reach, named: Iterable[Group]) -> Reached:
    """Return the actions of the first question where they and one of the second are allowed on one target."""
    wanted = whole.target
    result = Reached()
    for each in unprotected(named):
        # Statements about the companions alone were not asked about the group yet.
        group = group_of(whole.grants, each.example, wanted | some.target)
        found, helping = whole.within([group]), some.within([group])
        if wanted & ~found.certain == 0 and helping.certain:
            return Reached(wanted, wanted)
        if wanted & ~found.possible == 0 and helping.possible:
            result = Reached(0, wanted)
    return result
