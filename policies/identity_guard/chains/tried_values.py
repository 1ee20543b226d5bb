"""Values of targets, such as their tags, put to an evaluator that tries values of its own.

A question is asked in states of the context whose values are those that the policies name, and one of those
that no policy tells apart from them. What a target has is none of these as a rule (`core-1` where a policy
says `core-*`): one of which every condition says the same is asked about in its place.
"""

from dataclasses import replace
from typing import NamedTuple

from identity_guard.iam.document.condition import Clause
from identity_guard.iam.evaluate.context_space import dimension_name
from identity_guard.iam.evaluate.context_state import UNTRIED
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.questions.proof import Witness

Values = tuple[tuple[str, tuple[str | None, ...]], ...]
"""For condition keys, the values that count; None for a key that is not there."""
Call = tuple[str, str, Values]
"""An action, its resource, and what is known of that."""


class Tried(NamedTuple):
    """What is asked about, and whether that says all about what is known."""

    values: Values
    whole: bool


class TriedValues:
    """What stands for known values in the states that some documents tell apart."""

    def __init__(self, grants: Grants) -> None:
        """Look later, key by key."""
        self._grants = grants
        self._tried: dict[str, tuple[list[Clause], list[str]]] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def tried(self, values: Values) -> Tried:
        """Return values that are tried for some that are known."""
        kept: list[tuple[str, tuple[str | None, ...]]] = []
        is_whole = True
        for key, known in values:
            present = [self._stands_for(key, value) for value in known if value is not None]
            alike = [each for each in present if each is not None]
            is_whole = is_whole and len(alike) == len(present)
            if alike or None in known:
                kept.append((key, (*alike, *(value for value in known if value is None))))
        return Tried(tuple(kept), is_whole)

    def _stands_for(self, key: str, value: str) -> str | None:
        """Return the value that is tried for one; None where the states have none like it."""
        if (key, value) not in self._found:
            clauses, tried = self._of(key)
            said = [clause.holds((value,)) for clause in clauses]
            alike = (each for each in tried if [clause.holds((each,)) for clause in clauses] == said)
            self._found[key, value] = value if value in tried or not clauses else next(alike, None)
        return self._found[key, value]

    def _of(self, key: str) -> tuple[list[Clause], list[str]]:
        """Return the clauses about a key, and the single values that states have for it."""
        if key not in self._tried:
            name = dimension_name(key)
            every = (layered.by_dimension.get(name, ()) for layered in self._grants.statements)
            clauses = [clause for each in every for clause in each if clause.key == key]
            states = self._grants.space.dimension(name).context_states if clauses else ()
            found = (given for state in states for each, given in state.values if each == key)
            tried = [given[0] for given in found if given and len(given) == 1 and given != UNTRIED]
            self._tried[key] = clauses, list(dict.fromkeys(tried))
        return self._tried[key]

    def put_back(self, call: Witness, values: Values) -> Witness:
        """Write what is known into a call that was shown with what was tried."""
        context = dict(call.context)
        spelled = {key.lower(): key for key in context}
        for key, known in values:
            for value in known:
                place = spelled.get(key)
                if place and value is not None and context[place] == self._stands_for(key, value):
                    context[place] = value
        return replace(call, context=context)
