"""`Fn::ForEach`: what a template writes once for each member of a list, resources or their properties.

Source: CloudFormation template reference, "Fn::ForEach". Of a list that only the deployment brings one member
is written out, and the rest is told.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from identity_center_cli.readers.open_values import SAMPLE, OpenList
from identity_center_cli.readers.reading import KeyPath, Place, Unseen

from .expressions import Expressions

LOOP: Final = "Fn::ForEach::"
MOST_UNROLLED: Final = 2_000
"""Resources; a template has 500 at most (CloudFormation quotas)."""
DEEPEST: Final = 5
"""Loops within loops."""


def unrolled(template: Mapping[str, Any]) -> tuple[dict[str, Any], list[Unseen]]:
    """Return the template with its loops written out, and those that could not be."""
    resources = template.get("Resources")
    if not isinstance(resources, Mapping) or not _has_loops(resources):
        return dict(template), []
    unrolling = _Unrolling(Expressions(template))
    return {**template, "Resources": unrolling.of(resources, 0, ("Resources",))}, unrolling.unseen


def _has_loops(raw: Any) -> bool:  # noqa: ANN401 - as it is written
    left = [raw]
    while left:
        each = left.pop()
        if isinstance(each, Mapping):
            if any(str(name).startswith(LOOP) for name in each):
                return True
            left += each.values()
        elif isinstance(each, list):
            left += each
    return False


class _Unrolling:
    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.unseen: list[Unseen] = []
        self.count = 0

    def of(self, raw: Mapping[str, Any], depth: int, path: KeyPath) -> dict[str, Any]:
        """Write out the loops of an object and, as CloudFormation allows, of the properties in it."""
        found: dict[str, Any] = {}
        for name, each in raw.items():
            if str(name).startswith(LOOP):
                found |= self._loop(str(name), each, depth, (*path, str(name)))
            elif isinstance(each, Mapping) and _has_loops(each):
                found[str(name)] = self.of(each, depth, (*path, str(name)))
            else:
                found[str(name)] = each
        return found

    def _loop(self, name: str, loop: Any, depth: int, path: KeyPath) -> dict[str, Any]:  # noqa: ANN401 - as it is written
        place = Place(name, path)
        if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[2], Mapping):  # noqa: PLR2004 - the three that the message names
            why = "it is no loop of CloudFormation: a list of a name, a list and an object"
            self.unseen.append(Unseen(why, place, undecided=True))
            return {}
        members = self._members(loop[1])
        if members is None:
            # What one member makes, the others make as well, but for what the member itself says.
            why = "the list that the loop goes through is not known, so only what any member makes is seen"
            self.unseen.append(Unseen(why, place, undecided=True))
            members = [SAMPLE]
        found: dict[str, Any] = {}
        for member in members:
            self.count += len(loop[2])
            if self.count > MOST_UNROLLED or depth >= DEEPEST:
                stopped = Unseen("the loop makes more than a template may have", place, undecided=True)
                self.unseen += [] if stopped in self.unseen else [stopped]
                break
            found |= self.of(_replaced(loop[2], str(loop[0]), member), depth + 1, path)
        return found

    def _members(self, given: Any) -> list[str] | None:  # noqa: ANN401 - as it is written
        members = self.expressions.value(given)
        if isinstance(members, OpenList):
            members = None if members.default is None else list(members.default)
        if not isinstance(members, list):
            return None
        texts = [str(each) for each in members if isinstance(each, str | int)]
        return texts if len(texts) == len(members) else None


def _replaced(body: Mapping[str, Any], name: str, member: str) -> dict[str, Any]:
    """Write the member wherever the loop's name stands: `${Name}`, `&{Name}`, and a `Ref` to it."""
    text = json.dumps(body)
    written = json.dumps(member)[1:-1]
    plain = json.dumps("".join(each for each in member if each.isalnum()))[1:-1]
    text = text.replace(f'{{"Ref": {json.dumps(name)}}}', f'"{written}"')
    text = text.replace(f"${{{name}}}", written).replace(f"&{{{name}}}", plain)
    found: dict[str, Any] = json.loads(text)
    return found
