"""Whoever becomes an administrator of the stack in a few steps: a warning, unless configured otherwise.

The other rules judge an identity by its own documents. This one looks at all of the stack's together: a
user who may make an access key for one administrator by name is nothing by itself, and the administrator
in this stack.
"""

from collections.abc import Container, Hashable, Iterator
from typing import Final

from identity_guard.chains import Above, Chain, Chains, Graph, Kind, Node
from identity_guard.chains.out_of_sight import Unseen, out_of_sight
from identity_guard.chains.own_documents import text_key
from identity_guard.chains.steps import Step
from identity_guard.rules.rule import EXCEPTIONS, MANAGEMENT_ACCOUNT, Level, Rule, Settings, Severity
from identity_guard.stack.findings import Finding, Outcome, compose, first_few, quoted, undecided
from identity_guard.stack.identities import Identity
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .of_stack import ChainsOfStack

NAME: Final = "chains-to-administrators"

REMEDY: Final = (
    "take one step of the chain away: name other targets, or deny the call on those that are administrators; "
    "or give the identity a permissions boundary that withholds it"
)
UNSEEN_REMEDY: Final = (
    "look at these where they are made: `identity-center explain --who NAME --becomes administrator` answers "
    "for an account's authorization details"
)


class ChainsJudge:
    """Tells who ends up an administrator, and how."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge all identities together."""
        chains = chains_of(view, settings.get(MANAGEMENT_ACCOUNT.name))
        yield from _told(chains, view)
        yield from _undecided(chains)
        yield from _unseen(list(out_of_sight(chains)))

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge nothing: a chain needs the whole, which the preview and the end of an update see."""
        del resource, view, settings
        return iter(())


def chains_of(view: View, management_account: str | None = None) -> Chains:
    """Return the chains of a stack to its administrators."""
    stack = ChainsOfStack(view, Above(management_account))
    return Chains(Graph(stack.organisation, view.now(), stack.place, beyond_the_strong=False))


def _told(chains: Chains, view: View) -> Iterator[Finding]:
    """Tell each chain once, whoever else reads the same documents."""
    alike: dict[Hashable, list[tuple[Node, Chain]]] = {}
    members = chains.graph.sight.organisation.members
    for node in chains.sources():
        chain = chains.of(node)
        if chain is not None and _is_news(node, chain, view, members):
            alike.setdefault(_alike(node, chain), []).append((node, chain))
    for found in alike.values():
        yield _finding([node for node, _ in found], found[0][1], view)


def _is_news(node: Node, chain: Chain, view: View, members: Container[Node]) -> bool:
    """Leave out what is given anyway, and what the rules on single identities tell already."""
    if not isinstance(node.about, Identity) or all(not step.calls for step in chain.steps):
        return False
    if node.kind is Kind.GROUP and node in members:
        # It is told of its users.
        return False
    return not view.judgement(node.about).known.escalates


def _alike(node: Node, chain: Chain) -> Hashable:
    documents = tuple(tuple(map(text_key, layer)) for layer in node.layers)
    own = node is chain.goal
    return (documents, node.kind, None if own else chain.goal, tuple(step.way for step in chain.steps))


def _finding(nodes: list[Node], chain: Chain, view: View) -> Finding:
    first = nodes[0]
    about = [each.about for each in nodes if isinstance(each.about, Identity)]
    claim = f"{first.label} {_becomes(chain)}: {chain.steps[0].told}"
    details = [("step", _step(step)) for step in chain.steps] if len(chain.steps) > 1 else []
    details += [("granted by", each) for each in _granted(chain.steps[0], view)]
    details += _others(nodes)
    urn = next((h.urn for each in about for h in each.holders), None)
    names = frozenset(name for each in about for name in each.names)
    everything = tuple(_step(step) for step in chain.steps)
    return Finding(NAME, Outcome.VIOLATION, compose(claim, details, REMEDY), urn, names, everything)


def _others(nodes: list[Node]) -> list[tuple[str, str]]:
    """Name the others of whom the same is told."""
    more = [each.label.replace("`", "") for each in nodes[1:]]
    return [("the same", f"holds for {quoted(more)}")] if more else []


def _becomes(chain: Chain) -> str:
    if chain.source is chain.goal:
        return f"makes itself {_a(chain.strength)}"
    through = f" in {len(chain.steps)} steps" if len(chain.steps) > 1 else ""
    if chain.goal.kind is Kind.NEW:
        return f"makes {chain.goal.label} ({chain.strength}){through}"
    changed = ", changed at will" if chain.steps[-1].form else ""
    why = quoted_source(chain.goal) or chain.strength or "administrator"
    return f"becomes {chain.goal.label} ({why}{changed}){through}"


def _a(strength: str | None) -> str:
    return "an administrator" if strength != "root-level" else "root-level"


def quoted_source(node: Node) -> str:
    """Name a managed policy that makes somebody an administrator, where one does."""
    return next((each.name for each in node.documents if each.name in _TELLING), "")


_TELLING: Final = frozenset({"AdministratorAccess", "IAMFullAccess", "PowerUserAccess"})


def _step(step: Step) -> str:
    if step.source is step.target:
        return f"{step.source.label} {step.does} itself: {step.told}"
    if step.target.kind is Kind.NEW:
        return f"{step.source.label} makes {step.target.label}: {step.told}"
    changed = ", changed" if step.form else ""
    return f"{step.source.label} becomes {step.target.label}{changed}: {step.told}"


def _granted(step: Step, view: View) -> Iterator[str]:
    """Name the statements that allow a step, and the resources that bring them."""
    about = step.source.about
    held = view.judgement(about).grants if isinstance(about, Identity) else ()
    for place in dict.fromkeys(str(place) for call in step.calls for place in call.statements):
        document = place.rpartition(", ")[0]
        through = [each.held.holder.label for each in held if each.attachment.name == document]
        yield f"{place}, through {through[0]}" if len(through) == 1 else place


def _undecided(chains: Chains) -> Iterator[Finding]:
    """Tell of all at once who get to the same in the same way."""
    alike: dict[Hashable, list[tuple[Node, Chain]]] = {}
    for node, chain in chains.undecided().items():
        if isinstance(node.about, Identity) and node.kind is not Kind.GROUP:
            own = node is chain.goal
            key = (node.kind, None if own else chain.goal, tuple(step.way for step in chain.steps))
            alike.setdefault(key, []).append((node, chain))
    for found in alike.values():
        yield _finding_undecided([node for node, _ in found], found[0][1])


def _finding_undecided(nodes: list[Node], chain: Chain) -> Finding:
    about = [each.about for each in nodes if isinstance(each.about, Identity)]
    claim = undecided(f"whether {nodes[0].label} {_becomes(chain)}", waiting=False)
    details = [("step", _step(step)) for step in chain.steps] + _others(nodes)
    urn = next((h.urn for each in about for h in each.holders), None)
    names = frozenset(name for each in about for name in each.names)
    return Finding(NAME, Outcome.UNDECIDED, compose(claim, details, REMEDY), urn, names)


def _unseen(found: list[Unseen]) -> Iterator[Finding]:
    """Tell of all targets of elsewhere at once."""
    found = [each for each in found if not each.source.secret]
    if not found:
        return
    targets = list(dict.fromkeys(each.arn for each in found))
    what = "a target that is" if len(targets) == 1 else f"{len(targets)} targets that are"
    claim = undecided(
        f"whether anybody becomes an administrator through {what} not in this stack", waiting=False
    )
    shown, others = first_few(found)
    details = [("may be", f"{each.source.label} may call {each.action} on {each.arn}") for each in shown]
    if others:
        details.append(("and", f"{others} more"))
    everything = tuple(f"{each.source.label} may call {each.action} on {each.arn}" for each in found)
    yield Finding(
        NAME, Outcome.UNDECIDED, compose(claim, details, UNSEEN_REMEDY), None, everything=everything
    )


RULE: Final = Rule(
    name=NAME,
    title="No chain of steps to an administrator",
    description="Nobody becomes an administrator of the stack by steps through the identities in it.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=ChainsJudge(),
    settings=(MANAGEMENT_ACCOUNT, *EXCEPTIONS),
)
