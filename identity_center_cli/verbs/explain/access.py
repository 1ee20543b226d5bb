"""The ways by which people of a recorded stack reach an action, or do not."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from identity_center_cli.verbs.explain.asked import Asked
from identity_center_cli.verbs.explain.callers import name_of
from identity_center_cli.verbs.explain.decision import decide
from identity_center_cli.verbs.explain.reasoned import Conclusion, Reasoned
from identity_center_cli.verbs.explain.surroundings import Surroundings
from identity_guard.rules.whole_access.directory import DirectoryAccess, Holding
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import Known
from identity_guard.stack.resource_types import DIRECTORY_GROUP, DIRECTORY_USER, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View


class UnknownNameError(Exception):
    """Nobody of the stack is called that."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who may do what, on what, where; None where any will do."""

    action: str
    resource: str | None = None
    account: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One chain from a person to statements."""

    person: str
    through: str
    """`group NAME`, `directly`, or `itself` for an IAM identity."""
    assignment: str | None
    holds: str
    """What the person holds: `permission set NAME` or `IAM role NAME`."""
    account: str | None
    reasoned: Reasoned


@dataclass
class Explained:
    """The answer: every way that was looked at, and what is missing."""

    ways: list[Way] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    """Why a `no` would say too much."""

    def of(self, conclusion: Conclusion) -> list[Way]:
        """Return the ways with this answer."""
        return [each for each in self.ways if each.reasoned.conclusion is conclusion]

    @property
    def conclusion(self) -> Conclusion:
        """The answer over all ways: one that leads there is enough."""
        if self.of(Conclusion.YES):
            return Conclusion.YES
        return Conclusion.UNDECIDED if self.of(Conclusion.UNDECIDED) or self.unsure else Conclusion.NO


class Explainer:
    """Answers questions about one recorded stack."""

    def __init__(self, view: View, surroundings: Surroundings | None = None) -> None:
        """Index the stack."""
        self.view = view
        self.surroundings = surroundings or Surroundings()
        self._decided: dict[Hashable, Reasoned] = {}
        self._asked: dict[str, Asked] = {}
        self.directory = DirectoryAccess(view)
        self.holdings = list(self.directory.holdings())

    def explain(self, question: Question) -> Explained:
        """Answer for one name. Raises UnknownNameError."""
        who = question.who or ""
        people, groups = self._called(DIRECTORY_USER, who), self._called(DIRECTORY_GROUP, who)
        identities = [each for each in self._iam_identities() if who in each.names]
        if not (people or groups or identities):
            raise UnknownNameError(self._nobody(who))
        found = Explained()
        for person in people:
            self._explain_person(person, question, found)
        for group in groups:
            self._explain_principal(group.urn, {group.urn}, question, found)
        for identity in identities:
            found.ways += self._of_iam(identity, question)
        return found

    def who_can(self, question: Question) -> Explained:
        """Find everybody who may do it."""
        found = Explained()
        for holding in self.holdings:
            if not _is_in(holding.account, question.account):
                continue
            for person in sorted(holding.seen):
                found.ways.append(self._way(person, holding, question))
            if holding.people is None:
                self._unseen_people(holding, question, found)
        for identity in self._iam_identities():
            found.ways += self._of_iam(identity, question)
        self._unjoined(found)
        return found

    def _explain_person(self, person: Resource, question: Question, found: Explained) -> None:
        groups = self.directory.groups_of(person.urn)
        if not groups:
            found.missing.append(f"{_name(person)} is in no group of this stack")
        self._explain_principal(person.urn, {person.urn, *groups}, question, found)
        for holding in self.holdings:
            if (
                holding.people is None
                and holding.principal not in groups
                and _is_in(holding.account, question.account)
            ):
                self._unseen_people(holding, question, found)

    def _explain_principal(
        self, urn: str, principals: set[str], question: Question, found: Explained
    ) -> None:
        held = [each for each in self.holdings if each.principal in principals]
        here = [each for each in held if _is_in(each.account, question.account)]
        found.ways += [self._way(urn, each, question) for each in here]
        if not here:
            names = " and ".join(self._label(each) for each in sorted(principals))
            where = f" in account {question.account}" if question.account else ""
            elsewhere = sorted({each.account or "an account not known" for each in held})
            only = f", only in {', '.join(elsewhere)}" if elsewhere else ""
            found.missing.append(f"{names}: no permission set is assigned{where}{only}")
        self._unjoined(found)

    def _unjoined(self, found: Explained) -> None:
        """Tell of assignments of which it is not known whom or what they give."""
        for each in self.view.identities.unresolved:
            found.unsure.append(f"{each.holder.label}: its `{each.path}` is not known")
        for holding in self.holdings:
            if holding.principal is None:
                found.unsure.append(f"{holding.assignment.label}: its principal is not in this stack")

    def _unseen_people(self, holding: Holding, question: Question, found: Explained) -> None:
        reasoned = self._decide(holding.identity, question, holding.account)
        if reasoned.conclusion is not Conclusion.NO and holding.principal is not None:
            found.unsure.append(f"not all members of {self._label(holding.principal)} are in this stack")

    def _way(self, principal: str, holding: Holding, question: Question) -> Way:
        reasoned = self._decide(holding.identity, question, holding.account)
        if holding.account is None and question.account and reasoned.conclusion is Conclusion.YES:
            why = f"the account of {holding.assignment.label} is not known"
            reasoned = replace(reasoned, conclusion=Conclusion.UNDECIDED, why=(why,))
        direct = holding.principal == principal
        through = "directly" if direct or holding.principal is None else self._label(holding.principal)
        holds = f"{holding.identity.key.kind.value} {name_of(holding.identity)}"
        label, account = holding.assignment.label, holding.account
        return Way(self._label(principal), through, label, holds, account, reasoned)

    def _decide(self, identity: Identity, question: Question, account: str | None) -> Reasoned:
        """Decide for what somebody holds; what is made elsewhere has policies that nobody sees here."""
        reasoned = self._reasoned(identity, question, account)
        if identity.resource is not None or reasoned.conclusion is Conclusion.UNDECIDED:
            return reasoned
        why = f"{identity.label} is made elsewhere, and not all its policies are in this stack"
        return replace(reasoned, conclusion=Conclusion.UNDECIDED, why=(why,))

    def _reasoned(self, identity: Identity, question: Question, account: str | None) -> Reasoned:
        """Decide once for each identity and account: thousands hold the same permission set."""
        key = (identity.key, question.action, question.resource, account)
        if key not in self._decided:
            asked = self._asked.setdefault(
                question.action, Asked(self.view, question.action, self.surroundings)
            )
            self._decided[key] = decide(asked, identity, question.resource, account)
        return self._decided[key]

    def _iam_identities(self) -> Iterator[Identity]:
        for identity in self.view.identities.everyone:
            if identity.key.kind in (IdentityKind.USER, IdentityKind.ROLE) and identity.resource is not None:
                yield identity

    def _of_iam(self, identity: Identity, question: Question) -> Iterator[Way]:
        arn = identity.resource.identifier("arn") if identity.resource else None
        parts = str(arn.value).split(":") if isinstance(arn, Known) else []
        account = parts[4] if len(parts) > 5 and parts[4].isdigit() else None  # noqa: PLR2004 - an ARN's parts
        if _is_in(account, question.account):
            reasoned = self._reasoned(identity, question, account)
            if account is None and question.account and reasoned.conclusion is Conclusion.YES:
                why = "its account is not in the record"
                reasoned = replace(reasoned, conclusion=Conclusion.UNDECIDED, why=(why,))
            yield Way(identity.label, "itself", None, identity.label, account, reasoned)

    def _called(self, kind: str, name: str) -> list[Resource]:
        return [
            each
            for each in self.view.stack.of_type(kind)
            if name.lower() in (known.lower() for known in _names(each))
        ]

    def _nobody(self, name: str) -> str:
        every = {
            known
            for kind in (DIRECTORY_USER, DIRECTORY_GROUP)
            for each in self.view.stack.of_type(kind)
            for known in _names(each)
        }
        near = get_close_matches(name, sorted(every), 1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return f"no person, group, IAM user or role of this stack is called `{name}`{hint}"

    def _label(self, urn: str) -> str:
        resource = self.view.resources.get(urn)
        if resource is None:
            return urn
        return f"group {_name(resource)}" if resource.type == DIRECTORY_GROUP else _name(resource)


def _is_in(account: str | None, asked: str | None) -> bool:
    return asked is None or account is None or account == asked


def _names(resource: Resource) -> list[str]:
    found = [resource.name]
    for name in ("userName", "displayName", "userId", "groupId"):
        known = resource.identifier(name)
        if isinstance(known, Known) and isinstance(known.value, str):
            found.append(known.value)
    return found


def _name(resource: Resource) -> str:
    """Name a person by the user name, a group by its display name; else as the program does."""
    known = resource.identifier("userName" if resource.type == DIRECTORY_USER else "displayName")
    return known.value if isinstance(known, Known) and isinstance(known.value, str) else resource.name
