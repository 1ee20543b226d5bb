"""`identity-center explain`: why somebody may do something, or what is missing, before anyone signs in."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.named import organisation_of
from identity_center_cli.stacks.recorded import UnusableStackError, read_state, resources_in, view_of
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.verbs.explain import answers
from identity_center_cli.verbs.explain.access import Explainer, Question, UnknownNameError
from identity_center_cli.verbs.explain.chains import (
    ADMINISTRATOR,
    PICTURES,
    ChainQuestion,
    find,
    graph_of_accounts,
    graph_of_view,
    show,
)
from identity_center_cli.verbs.explain.decision import EVERY_RESOURCE
from identity_center_cli.verbs.explain.given import (
    UnusableQuestionError,
    account_named,
    add_surroundings,
    surroundings,
)
from identity_center_cli.verbs.explain.reasoned import Conclusion
from identity_center_cli.verbs.explain.surroundings import Surroundings
from identity_guard.chains.authorization_details import NoAuthorizationDetailsError
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL, arn_shapes
from identity_guard.iam.questions.unknown_actions import nearest_action
from identity_guard.stack.view import View

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Says whether somebody may do an action: through which group, assignment, permission set,
document and statement, or what is missing. Reads what `pulumi stack export` prints or, before anything is
made, the model as the stack's files have it. With --becomes, --path-to or --who-becomes it says who ends up
an administrator, or as another identity, by which steps through others. It decides as AWS would, by the
identity's policies and boundary and whatever else is given: service and resource control policies, the
resource's policy, session policies, what the call carries. What was not given is named. Exit status: 0 yes,
1 no, 2 it could not be decided or read."""
ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
ACCOUNTS: Final = (
    "which accounts the model means where it does not give their ids: --organisation FILE tells, which "
    "`identity-center organisation snapshot` writes"
)
_STATUS: Final = {
    Conclusion.YES: AS_IT_SHOULD_BE,
    Conclusion.NO: NOT_AS_IT_SHOULD_BE,
    Conclusion.UNDECIDED: COULD_NOT_READ,
}


ERRORS = (
    UnusableQuestionError,
    UnknownNameError,
    UnusableStackError,
    UnusableModelError,
    NoAuthorizationDetailsError,
)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "why somebody may do something, or what is missing"
    verb = with_examples(
        verbs.add_parser("explain", help=text, description=DESCRIPTION),
        "pulumi stack export | identity-center explain --who ada --can iam:CreateUser --in 123456789012",
        "identity-center explain --model Pulumi.dev.yaml --who-can iam:CreateUser --in 123456789012",
        "identity-center explain --state state.json --who ada --can s3:GetObject "
        "--organisation organisation.json --context aws:RequestedRegion=eu-central-1",
        "pulumi stack export | identity-center explain --who dev --becomes administrator",
        "identity-center explain --authorization-details account.json --who-becomes administrator",
    )
    verb.add_argument("--who", metavar="NAME", help="a person, group, IAM user or IAM role, by name or id")
    verb.add_argument("--can", metavar="ACTION", help="an action, such as s3:GetObject")
    verb.add_argument("--who-can", metavar="ACTION", help="everybody who may do an action")
    _add_chain_questions(verb)
    verb.add_argument("--on", metavar="RESOURCE", help="the ARN of a resource (default: any)")
    verb.add_argument(
        "--in",
        dest="account",
        metavar="ACCOUNT",
        help="an account's id, or its name with --organisation, --live, or a model that names a snapshot "
        "(default: any)",
    )
    verb.add_argument(
        "--state",
        default="-",
        metavar="FILE",
        help="what `pulumi stack export` printed (default: standard input)",
    )
    verb.add_argument(
        "--model",
        type=Path,
        metavar="PATH",
        help="Pulumi.STACK.yaml, or the folder of the model: answers for what a run would make of it",
    )
    verb.add_argument(
        "--format",
        choices=("human", "json", *PICTURES),
        default="human",
        help="default: human; the pictures are of chains",
    )
    add_surroundings(verb)
    verb.set_defaults(act=_act)


def _add_chain_questions(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--becomes", choices=(ADMINISTRATOR,), help="with --who: by which steps they end up as one"
    )
    verb.add_argument(
        "--path-to",
        metavar="NAME",
        help="the steps to an identity, by name or ARN; with --who or for everybody",
    )
    verb.add_argument(
        "--who-becomes",
        choices=(ADMINISTRATOR,),
        help="everybody who ends up as one, with --in of one account",
    )
    verb.add_argument(
        "--authorization-details",
        type=Path,
        action="append",
        metavar="FILE",
        help="for chains: what `aws iam get-account-authorization-details` printed, once for each account",
    )


def _asks_for_chains(arguments: argparse.Namespace) -> bool:
    return bool(arguments.becomes or arguments.path_to or arguments.who_becomes)


def _show_chains(arguments: argparse.Namespace) -> int:
    mistakes = list(_mistakes_of_chains(arguments))
    if mistakes:
        raise UnusableQuestionError("; ".join(mistakes))
    around = surroundings(arguments)
    organisation = around.organisation
    files = arguments.authorization_details
    if files:
        graph = graph_of_accounts(files, around.above)
    else:
        view, organisation = _read(arguments, around)
        graph = graph_of_view(view, around.above)
    account = account_named(arguments.account, organisation, "--in")
    question = ChainQuestion(arguments.who, arguments.path_to, account)
    return show(question, find(graph, question), arguments.format)


def _mistakes_of_chains(arguments: argparse.Namespace) -> Iterator[str]:
    if not arguments.authorization_details:
        yield from _mistakes_of_the_source(arguments)
    elif arguments.model is not None or arguments.state != "-":
        yield "give one of --state, --model and --authorization-details"
    if sum(map(bool, (arguments.becomes, arguments.path_to, arguments.who_becomes))) > 1:
        yield "ask one of --becomes, --path-to and --who-becomes"
    if arguments.becomes and not arguments.who:
        yield f"--becomes {ADMINISTRATOR} needs --who NAME; --who-becomes asks for everybody"
    if arguments.who_becomes and arguments.who:
        yield "--who-becomes asks for everybody: leave --who away, or ask with --becomes"
    if arguments.can or arguments.who_can or arguments.on:
        yield "--can, --who-can and --on belong to another question than chains"


def _act(arguments: argparse.Namespace) -> int:
    if _asks_for_chains(arguments):
        return _show_chains(arguments)
    action = arguments.can or arguments.who_can or ""
    _check(arguments, action)
    around = surroundings(arguments, action)
    view, organisation = _read(arguments, around)
    account = account_named(arguments.account, organisation, "--in")
    question = Question(action, arguments.on, account, arguments.who)
    explainer = Explainer(view, around)
    found = explainer.explain(question) if question.who else explainer.who_can(question)
    if found.conclusion is Conclusion.UNDECIDED and arguments.model and around.organisation is None:
        found.unsure.append(ACCOUNTS)
    answers.show(question, found, around, arguments.format)
    return _STATUS[found.conclusion]


def _read(arguments: argparse.Namespace, around: Surroundings) -> tuple[View, Organisation | None]:
    """Return the stack, and the organisation as far as somebody says what it is."""
    if arguments.model is not None:
        return _read_model(arguments.model, around)
    state = resources_in(read_state(arguments.state), arguments.state)
    return view_of(state, {}), around.organisation


def _read_model(place: Path, around: Surroundings) -> tuple[View, Organisation | None]:
    # What reads and plans a model takes longer to load than a state takes to answer for.
    from identity_center_cli.stacks.planned import view_of_model  # noqa: PLC0415  # as said
    from identity_center_cli.stacks.written_model import read_usable  # noqa: PLC0415  # as said

    written = read_usable(place, around.organisation)
    return view_of_model(written.assembled.access), around.organisation or organisation_of(written, None)


def _check(arguments: argparse.Namespace, action: str) -> None:
    """Check the question. Raises UnusableQuestionError with all mistakes."""
    mistakes = list(_mistakes_of_the_source(arguments))
    if bool(arguments.who_can) is (arguments.who is not None or arguments.can is not None):
        mistakes.append("ask either with --who NAME --can ACTION, or with --who-can ACTION --in ACCOUNT")
    elif not arguments.who_can and not (arguments.who and arguments.can):
        mistakes.append("--who NAME and --can ACTION belong together")
    if arguments.who_can and not arguments.account:
        mistakes.append("--who-can needs --in ACCOUNT")
    if action and ACTION.fullmatch(action) is None:
        mistakes.append(f"`{action}` is no single action such as s3:GetObject")
    elif action and catalogue().bit_of(action) is None:
        near = nearest_action(action)
        meant = f"did you mean `{near}`?" if near else "is it spelt as AWS does?"
        mistakes.append(f"no action `{action}` is known; {meant}")
    if arguments.on:
        mistakes += _mistakes_of_the_resource(arguments.on, action)
    if arguments.format in PICTURES or arguments.authorization_details:
        mistakes.append(
            "pictures and --authorization-details are for chains: ask with --becomes or --path-to"
        )
    if mistakes:
        raise UnusableQuestionError("; ".join(mistakes))


def _mistakes_of_the_resource(resource: str, action: str) -> Iterator[str]:
    """Yield what keeps a resource from being one on which the action is called.

    Of another service's resource no policy would be asked: to answer by `Resource: "*"` would be wrong.
    Source: Service Authorization Reference, the resource types of each action.
    """
    if resource == EVERY_RESOURCE:
        return
    parts = resource.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not all((parts[1], parts[2], parts[5])):  # noqa: PLR2004 - an ARN's
        yield f"--on: `{resource[:80]}` is no ARN (arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE)"
        return
    wanted = catalogue().mask_of([action])
    shapes = [each for each in arn_shapes().shapes if each.actions_on & wanted]
    services = {each.service for each in shapes}
    # A few types have ARNs of many services.
    if not shapes or any("$" in each or "*" in each for each in services):
        return
    example = min((each.example(USUAL, "EXAMPLE") for each in shapes), key=len)
    if parts[2] not in services:
        yield f"--on: {action} is called on no resource of {parts[2][:40]}, but on such as {example}"
    elif any(arn_shapes().of_arn(resource)) and not any(each.glob.matches(resource) for each in shapes):
        yield f"--on: {action} is called on no resource such as {resource[:80]}, but on such as {example}"


def _mistakes_of_the_source(arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.model is not None and arguments.state != "-":
        yield "give either --model or --state"
    if arguments.model is None and arguments.state == "-" and sys.stdin.isatty():
        yield "give a state (pulumi stack export | identity-center explain ...) or a model (--model FILE)"
