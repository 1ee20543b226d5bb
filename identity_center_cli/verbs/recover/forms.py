"""What was found and done, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from identity_center.model.existing.recovery import Found, Outcome

from .findings import Findings

_FEW: Final = 3
_LONGEST_LIST: Final = 40
"""More lines of one outcome than anybody reads; JSON has all."""


def name_of(found: Found) -> str:
    """Name a resource as people do: `aws:identitystore:Group developers`."""
    package, module, kind = found.type.split(":")
    return f"{package}:{module.split('/')[0]}:{kind} {found.urn.rsplit('::', 1)[-1]}"


def shown(findings: Findings) -> str:
    """Show what became of everything, one outcome after the other."""
    lines: list[str] = []
    for outcome in Outcome:
        of_it = [each for each in findings.found if each.outcome is outcome]
        if of_it:
            lines += [f"{outcome.value}:", *_listed(of_it)]
    return "".join(f"{line}\n" for line in lines)


def _listed(found: list[Found]) -> Iterable[str]:
    for each in found[:_LONGEST_LIST]:
        yield f"  {name_of(each)}{f': {each.why}' if each.why else ''}"
    if len(found) > _LONGEST_LIST:
        yield f"  and {len(found) - _LONGEST_LIST} more (--format json lists them)"


def summary(rounds: list[Findings]) -> str:
    """Count in a line what came of everything."""
    numbers = Counter(outcome for _, outcome in _in_the_end(rounds))
    told = ", ".join(f"{numbers[each]} {_COUNTED[each]}" for each in Outcome if numbers[each])
    if not told:
        return "the state says what AWS has: nothing to recover\n"
    last = rounds[-1]
    end = (
        "the state says what AWS has; go on with `pulumi up`"
        if last.is_settled
        else "nothing more was written"
    )
    return f"{told}; {end}\n"


def _in_the_end(rounds: list[Findings]) -> Iterator[tuple[Found, Outcome]]:
    """Yield what was found with what came of it: what was read again may be gone."""
    for one, after in zip(rounds, [*rounds[1:], None], strict=True):
        for each in one.found:
            yield each, each.outcome if after is None else _seen(each, after)


def _seen(found: Found, after: Findings) -> Outcome:
    there = _PRESENT if found.urn in after.deployment.urns else _ABSENT
    return there.get(found.outcome, found.outcome)


_PRESENT: Final = {Outcome.LOOKED_FOR: Outcome.TAKEN_IN}
_ABSENT: Final = {Outcome.READ_AGAIN: Outcome.GONE, Outcome.LOOKED_FOR: Outcome.NOT_MADE}
_COUNTED: Final = {
    Outcome.TAKEN_IN: "taken in",
    Outcome.LOOKED_FOR: "looked for",
    Outcome.NOT_MADE: "not made",
    Outcome.READ_AGAIN: "read again",
    Outcome.GONE: "taken out",
    Outcome.UNDECIDED: "undecided",
}


def advice(last: Findings) -> Iterator[str]:
    """Yield what somebody has to do or say."""
    for each in last.undecided:
        yield (
            f"UNDECIDED: {name_of(each)}: {each.why}. Look in AWS, then run again with "
            f"--made '{each.urn}=ID' or --not-made '{each.urn}'"
        )
    for one in last.existing.permission_sets:
        outdated = [each.account_id for each in one.provisioned or () if each.outdated]
        if outdated:
            yield (
                f"NOT PROVISIONED: {one.label}: {len(outdated)} accounts have an older form of the set, "
                f"{', '.join(outdated[:_FEW])}{' and more' if len(outdated) > _FEW else ''}: "
                f"run `identity-center provision --set {one.label}`"
            )


def document(rounds: list[Findings], unread: Iterable[str]) -> str:
    """Say all of it in JSON."""
    said = {
        "resources": [_row(each, outcome) for each, outcome in _in_the_end(rounds)],
        "settled": rounds[-1].is_settled,
        "notRead": list(unread),
    }
    return json.dumps(said, indent=2) + "\n"


def _row(found: Found, outcome: Outcome) -> dict[str, Any]:
    return {
        "urn": found.urn,
        "type": found.type,
        "interruptedWhile": found.operation.value if found.operation else None,
        "outcome": outcome.name.lower(),
        "id": found.id or None,
        "why": found.why or None,
    }
