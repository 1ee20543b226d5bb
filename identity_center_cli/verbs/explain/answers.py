"""How an answer of `explain` is shown: to people, and to programs."""

import json
import sys
from typing import Any

from identity_center.model.organisation.organisation import PolicyKind
from identity_center_cli.verbs.explain.access import Explained, Question, Way
from identity_center_cli.verbs.explain.decision import EVERY_RESOURCE
from identity_center_cli.verbs.explain.reasoned import Conclusion
from identity_center_cli.verbs.explain.surroundings import Surroundings


def show(question: Question, found: Explained, around: Surroundings, form: str) -> None:
    """Write an answer."""
    if form == "json":
        sys.stdout.write(json.dumps(_to_json(question, found, around), indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(question, found, around)))


def _lines(question: Question, found: Explained, around: Surroundings) -> list[str]:
    where = f" in account {around.called(question.account)}" if question.account else ""
    on = question.resource or "some resource"
    if question.who:
        lines = [f"{found.conclusion.value}: {question.who}, {question.action} on {on}{where}"]
    else:
        certain = {way.person for way in found.of(Conclusion.YES)}
        lines = [f"{len(certain)} may do {question.action} on {on}{where}"]
    shown = [Conclusion.YES, Conclusion.UNDECIDED]
    if question.who and found.conclusion is not Conclusion.YES:
        shown.append(Conclusion.NO)
    lines += [line for each in shown for way in found.of(each) for line in _of_way(way, around)]
    lines += [f"  missing: {each}" for each in found.missing if found.conclusion is not Conclusion.YES]
    lines += [f"  not known: {each}" for each in dict.fromkeys(found.unsure)]
    if needs := _needs(found):
        lines.append(f"  say for the call: --context {' '.join(f'{key}=VALUE' for key in needs)}")
    lines += [f"  not looked at: {each}" for each in _not_looked_at(found, around)]
    return lines


def _not_looked_at(found: Explained, around: Surroundings) -> list[str]:
    """Return what has a say and was not given, and the accounts that the organisation does not have."""
    accounts = dict.fromkeys(way.account for way in found.ways if way.account and around.organisation)
    lacking = (around.lacks(account, kind) for account in accounts for kind in PolicyKind)
    return list(dict.fromkeys((*around.unasked, *(each for each in lacking if each))))


def _needs(found: Explained) -> list[str]:
    """Return the condition keys on which an answer hangs."""
    undecided = found.of(Conclusion.UNDECIDED)
    return list(dict.fromkeys(key for way in undecided for key in way.reasoned.needs))


def _of_way(way: Way, around: Surroundings) -> list[str]:
    account = f" in account {around.called(way.account)}" if way.account else ""
    assigned = f", {way.assignment}{account}" if way.assignment else account
    held = f" -> {way.holds}" if way.assignment else ""
    reasoned = way.reasoned
    lines = [f"  {reasoned.conclusion.value}: {way.person}, {way.through}{assigned}{held}"]
    lines += [f"    by {each.document}, {each.statement}, through {each.through}" for each in reasoned.places]
    if reasoned.conclusion is Conclusion.YES and reasoned.on != (EVERY_RESOURCE,):
        lines.append(f"    on {', '.join(reasoned.on)}")
    return lines + [f"    {why}" for why in reasoned.why]


def _to_json(question: Question, found: Explained, around: Surroundings) -> dict[str, Any]:
    return {
        "answer": found.conclusion.value,
        "question": {
            "who": question.who,
            "action": question.action,
            "resource": question.resource,
            "account": question.account,
        },
        "ways": [_way_to_json(way, around) for way in found.ways],
        "missing": found.missing,
        "notKnown": list(dict.fromkeys(found.unsure)),
        "contextNeeded": _needs(found),
        "notLookedAt": _not_looked_at(found, around),
    }


def _way_to_json(way: Way, around: Surroundings) -> dict[str, Any]:
    known = (around.organisation.accounts if around.organisation else None) or {}
    account = known.get(way.account or "")
    return {
        "answer": way.reasoned.conclusion.value,
        "person": way.person,
        "through": way.through,
        "assignment": way.assignment,
        "holds": way.holds if way.assignment else None,
        "account": way.account,
        "accountName": account.name if account else None,
        "resources": list(way.reasoned.on),
        "statements": [
            {"document": each.document, "statement": each.statement, "through": each.through}
            for each in way.reasoned.places
        ],
        "why": list(way.reasoned.why),
        "contextNeeded": list(way.reasoned.needs),
    }
