"""The policies of permission sets: names become ARNs, as far as the list of known ones goes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from identity_center.model.language.keys.key_facts import NamesManagedPolicy
from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.model.language.policies import (
    CustomerPolicy,
    PolicyQuestion,
    document_text,
    resolve_managed_policy,
)
from identity_center.model.mistakes import KeyPath, Mistake
from identity_center.model.reading.inherited_sets import resolved_sets
from identity_center.model.reading.load import Loaded
from identity_center.model.reading.written_keys import texts_with


@dataclass(frozen=True)
class ResolvedSet:
    """A permission set as AWS gets it."""

    entry: PermissionSetEntry
    """With all that it takes from others."""
    managed_policy_arns: tuple[str, ...]
    """ARNs of its AWS-managed policies, sorted."""
    customer_policies: tuple[CustomerPolicy, ...]
    """Its customer-managed policies, sorted."""
    inline_policy: str | None
    """Its inline policy as JSON."""
    boundary_arn: str | None
    """ARN of an AWS-managed policy that is its boundary."""
    boundary_policy: CustomerPolicy | None
    """A customer-managed policy that is its boundary."""

    @property
    def name(self) -> str:
        """Its name in the portal and in role names."""
        return self.entry.name

    def policies_of_the_accounts(self) -> tuple[CustomerPolicy, ...]:
        """Return all policies that an account has to have before the set is assigned there."""
        boundary = () if self.boundary_policy is None else (self.boundary_policy,)
        return tuple(sorted({*self.customer_policies, *boundary}))


@dataclass(frozen=True)
class PolicyResolution:
    """What became of the names of AWS-managed policies."""

    sets: Mapping[str, PermissionSetEntry]
    """The permission sets with all that they take from others."""
    named: Mapping[str, str | PolicyQuestion]
    """By name as it was written; those with a mistake are left out."""
    places: Mapping[str, tuple[KeyPath, ...]]
    """Where each name was written."""
    mistakes: tuple[Mistake, ...]

    def questions(self) -> tuple[PolicyQuestion, ...]:
        """Return what only AWS can tell."""
        return tuple(item for item in self.named.values() if isinstance(item, PolicyQuestion))

    def absent(self, question: PolicyQuestion) -> Iterator[Mistake]:
        """Make the mistakes that a name is, everywhere it was written, when AWS has no such policy."""
        for path in self.places[question.written]:
            mistake = question.mistake()
            yield Mistake(path, mistake.problem, mistake.remedy)


@dataclass(frozen=True)
class PolicyAnswers:
    """What is known of AWS-managed policies that are not in the list of known ones."""

    arns: Mapping[PolicyQuestion, str]
    """The ARN of each that exists, or is taken for existing."""
    absent: tuple[PolicyQuestion, ...] = ()
    """Those that AWS does not have."""
    unseen: str = ""
    """Why it is not known of all whether they exist; empty where it is known, or was said already."""

    @classmethod
    def unasked(cls, questions: Iterable[PolicyQuestion], why: str) -> "PolicyAnswers":
        """Take each policy for the likeliest of what it may be."""
        return cls({question: question.arns[0] for question in questions}, unseen=why)

    def unchecked(self) -> Iterator[str]:
        """Say which policies nobody looked for."""
        if self.unseen:
            for question, arn in self.arns.items():
                yield (
                    f"managed policy `{question.written}` is unchecked: {self.unseen}, and it is not in the "
                    f"list of known ones; it is taken for {arn}"
                )


def resolve_policies(loaded: Loaded, partition: str) -> PolicyResolution:
    """Turn the names of AWS-managed policies into ARNs, as far as the list of known ones goes."""
    named: dict[str, str | PolicyQuestion] = {}
    places: dict[str, tuple[KeyPath, ...]] = {}
    mistakes: list[Mistake] = []
    for path, name in texts_with(loaded.raw, NamesManagedPolicy):
        found = resolve_managed_policy(name, partition, path)
        if isinstance(found, Mistake):
            mistakes.append(found)
        else:
            named.setdefault(name, found)
            places[name] = (*places.get(name, ()), path)
    return PolicyResolution(resolved_sets(loaded.declaration), named, places, tuple(mistakes))


def sets_as_made(
    resolution: PolicyResolution, answers: Mapping[PolicyQuestion, str]
) -> tuple[dict[str, ResolvedSet], tuple[Mistake, ...]]:
    """Put the answers in the questions' places; two names of one policy in one set are a mistake."""
    arns = {
        name: answers.get(found) if isinstance(found, PolicyQuestion) else found
        for name, found in resolution.named.items()
    }
    made: dict[str, ResolvedSet] = {}
    mistakes: list[Mistake] = []
    for key, entry in resolution.sets.items():
        managed = [arn for arn in map(arns.get, entry.managed_policies) if arn is not None]
        customer = [CustomerPolicy.named(name) for name in entry.customer_managed_policies]
        mistakes += _repeated(("permissionSets", key, "managedPolicies"), managed)
        mistakes += _repeated(("permissionSets", key, "customerManagedPolicies"), map(str, customer))
        made[key] = _as_made(entry, arns, managed, customer)
    return made, tuple(mistakes)


def _repeated(path: KeyPath, named: "list[str] | map[str]") -> Iterator[Mistake]:
    listed = list(named)
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield Mistake(path, f"names `{name}` in two ways", "keep one of them")


def _as_made(
    entry: PermissionSetEntry,
    arns: Mapping[str, str | None],
    managed: list[str],
    customer: list[CustomerPolicy],
) -> ResolvedSet:
    boundary, inline = entry.permissions_boundary, entry.inline_policy
    by_arn = boundary.managed_policy if boundary else None
    by_name = boundary.customer_managed_policy if boundary else None
    return ResolvedSet(
        entry=entry,
        managed_policy_arns=tuple(sorted(set(managed))),
        customer_policies=tuple(sorted(set(customer))),
        inline_policy=None if inline is None or inline.document is None else document_text(inline.document),
        boundary_arn=arns.get(by_arn) if by_arn is not None else None,
        boundary_policy=CustomerPolicy.named(by_name) if by_name is not None else None,
    )
