"""Who becomes whom: chains of steps to administrators, or to one identity."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.verbs.explain.access import UnknownNameError
from identity_guard.chains import Above, Chain, Chains, Graph, Kind, Node
from identity_guard.chains.authorization_details import AccountDetails, NoAuthorizationDetailsError, joined
from identity_guard.chains.names import mask_of, numbers_in
from identity_guard.chains.out_of_sight import Unseen, out_of_sight
from identity_guard.chains.pictures import dot, mermaid, svg
from identity_guard.chains.steps import Step
from identity_guard.rules.chains.of_stack import ChainsOfStack
from identity_guard.stack.view import View

ADMINISTRATOR: Final = "administrator"
PICTURES: Final = {"mermaid": mermaid, "dot": dot, "svg": svg}


@dataclass(frozen=True, slots=True)
class ChainQuestion:
    """What is asked: by whom, to whom, where."""

    who: str | None = None
    """Everybody, where it is None."""
    path_to: str | None = None
    """The identity to become; None for administrators."""
    account: str | None = None

    @property
    def goal(self) -> str:
        """How an answer calls the goal."""
        return self.path_to or ADMINISTRATOR


@dataclass
class ChainsFound:
    """The answer."""

    chains: list[Chain] = field(default_factory=list)
    undecided: list[Chain] = field(default_factory=list)
    already: list[Node] = field(default_factory=list)
    """Who is there without any step."""
    unseen: list[Unseen] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The exit status: as for other questions, 0 yes, 1 no, 2 not decided."""
        if self.chains or self.already:
            return AS_IT_SHOULD_BE
        return COULD_NOT_READ if self.undecided or self.unseen else NOT_AS_IT_SHOULD_BE


def graph_of_view(view: View, above: Above) -> Graph:
    """Make the graph of a stack."""
    stack = ChainsOfStack(view, above)
    return Graph(stack.organisation, view.now(), stack.place)


def graph_of_accounts(paths: Iterable[Path], above: Above) -> Graph:
    """Make the graph of accounts, each as `aws iam get-account-authorization-details` printed it.

    Raises NoAuthorizationDetailsError with the file that is none.
    """
    return Graph(joined((_read(path, above) for path in paths), above))


def _read(path: Path, above: Above) -> AccountDetails:
    try:
        return AccountDetails(json.loads(path.read_text(encoding="utf-8-sig")), above)
    except OSError as error:
        raise NoAuthorizationDetailsError(f"{path} cannot be read: {error.strerror}") from error
    except NoAuthorizationDetailsError as error:
        raise NoAuthorizationDetailsError(f"{path}: {error}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        told = f"{path} is not what aws iam get-account-authorization-details prints: {type(error).__name__}"
        raise NoAuthorizationDetailsError(told) from error


def find(graph: Graph, question: ChainQuestion) -> ChainsFound:
    """Answer. Raises UnknownNameError where nobody is called so."""
    chains = _chains(graph, question)
    asked = called(graph, question.who) if question.who else list(graph.sight.nodes)
    found = ChainsFound()
    open_chains = chains.undecided()
    for node in asked:
        if (chains.goal or 0) >> graph.number_of(node) & 1:
            found.already.append(node)
        elif chain := chains.of(node):
            found.chains.append(chain)
        elif node in open_chains:
            found.undecided.append(open_chains[node])
    if question.path_to is None:
        named = set(asked)
        found.unseen = [
            each for each in out_of_sight(chains) if each.source in named and not each.source.secret
        ]
    return found


def _chains(graph: Graph, question: ChainQuestion) -> Chains:
    """Search towards what is asked for: one identity, or the administrators of an account, or all of them."""
    if question.path_to is not None:
        return Chains.to(graph, called(graph, question.path_to))
    goal = graph.strong
    if question.account is not None:
        there = [n for n in numbers_in(goal) if graph.position(n).node.account == question.account]
        goal = mask_of(there)
    return Chains(graph, goal)


def called(graph: Graph, name: str) -> list[Node]:
    """Return the identities of a name or an ARN. Raises UnknownNameError."""
    there = [each for each in graph.sight.nodes if each.kind is not Kind.NEW]
    found = [each for each in there if name in (each.arn, each.name)]
    if not found:
        every = sorted({each.name for each in there})
        near = get_close_matches(name, every, 1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise UnknownNameError(f"nobody in sight is called `{name}`{hint}")
    return found


def show(question: ChainQuestion, found: ChainsFound, form: str) -> int:
    """Write the answer, and return the exit status."""
    if form in PICTURES:
        sys.stdout.write(PICTURES[form]([*found.chains, *found.undecided]))
    elif form == "json":
        sys.stdout.write(json.dumps(_to_json(question, found), indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(question, found)) + "\n")
    return found.status


def _lines(question: ChainQuestion, found: ChainsFound) -> list[str]:
    if question.who:
        answer = {AS_IT_SHOULD_BE: "yes", NOT_AS_IT_SHOULD_BE: "no"}.get(found.status, "undecided")
        lines = [f"{answer}: {question.who} becomes {question.goal}"]
    else:
        where = f" in account {question.account}" if question.account else ""
        verb = "becomes" if len(found.chains) == 1 else "become"
        lines = [f"{len(found.chains)} {verb} {question.goal}{where}"]
    lines += [f"  is already: {each.label}" for each in found.already]
    for says, chains in (("", found.chains), ("undecided: ", found.undecided)):
        for chain in chains:
            lines.append(f"  {says}{chain.source.label}{_strength(chain)}")
            lines += [f"    {_told(step)}" for step in chain.steps]
    lines += [
        f"  not known: {each.source.label} may call {each.action} on {each.arn}, which is not in sight"
        for each in found.unseen
    ]
    return lines


def _strength(chain: Chain) -> str:
    return f" -> {chain.strength}" if chain.strength else f" -> {chain.goal.label}"


def _told(step: Step) -> str:
    by = "; ".join(dict.fromkeys(str(place) for call in step.calls for place in call.statements))
    return f"{step}{f' (by {by})' if by else ''}"


def _to_json(question: ChainQuestion, found: ChainsFound) -> dict[str, Any]:
    answers = {AS_IT_SHOULD_BE: "yes", NOT_AS_IT_SHOULD_BE: "no"}
    return {
        "answer": answers.get(found.status, "undecided"),
        "question": {"who": question.who, "becomes": question.goal, "account": question.account},
        "already": [_node(each) for each in found.already],
        "chains": [_chain(each) for each in found.chains],
        "undecided": [_chain(each) for each in found.undecided],
        "notInSight": [
            {"who": _node(each.source), "action": each.action, "resource": each.arn} for each in found.unseen
        ],
    }


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "source": _node(chain.source),
        "goal": _node(chain.goal),
        "strength": chain.strength,
        "steps": [_step(each) for each in chain.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": _node(step.source),
        "to": _node(step.target),
        "changed": bool(step.form),
        "way": step.way,
        "describedBy": step.reference,
        "calls": [
            {
                "action": call.action,
                "resource": None if step.source.secret else call.resource,
                "context": {} if step.source.secret else dict(call.context),
                "statements": [str(place) for place in call.statements],
            }
            for call in step.calls
        ],
    }


def _node(node: Node) -> dict[str, str]:
    # Whoever is made anew has neither yet.
    arn = "" if node.kind is Kind.NEW else node.arn
    return {"kind": node.kind.value, "name": node.name, "arn": arn, "account": node.account}
