"""`Fn::ForEach`: resources that a template writes once for each member of a list.

Source: CloudFormation template reference, "Fn::ForEach". A list that only the deployment brings is not
unrolled, and told.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from identity_center_cli.readers.open_values import OpenList
from identity_center_cli.readers.reading import Place, Unseen

from .expressions import Expressions

LOOP: Final = "Fn::ForEach::"
MOST_UNROLLED: Final = 2_000
"""Resources; a template has 500 at most (CloudFormation quotas)."""
DEEPEST: Final = 5
"""Loops within loops."""


def unrolled(template: Mapping[str, Any]) -> tuple[dict[str, Any], list[Unseen]]:
    """Return the template with its loops over resources written out, and those that could not be."""
    resources = template.get("Resources")
    if not isinstance(resources, Mapping) or not any(str(name).startswith(LOOP) for name in resources):
        return dict(template), []
    unrolling = _Unrolling(Expressions(template))
    return {**template, "Resources": unrolling.of(resources, 0)}, unrolling.unseen


class _Unrolling:
    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.unseen: list[Unseen] = []
        self.count = 0

    def of(self, resources: Mapping[str, Any], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, resource in resources.items():
            if not str(name).startswith(LOOP):
                found[str(name)] = resource
                continue
            found |= self._loop(str(name), resource, depth)
        return found

    def _loop(self, name: str, loop: Any, depth: int) -> dict[str, Any]:  # noqa: ANN401 - as it is written
        place = Place(name, ("Resources", name))
        members = self._members(loop)
        if members is None:
            why = "the list that the loop goes through is not known, so nobody sees what it makes"
            self.unseen.append(Unseen(why, place))
            return {}
        found: dict[str, Any] = {}
        for member in members:
            self.count += len(loop[2])
            if self.count > MOST_UNROLLED or depth >= DEEPEST:
                self.unseen.append(Unseen("the loop makes more than a template may have", place))
                break
            found |= self.of(_replaced(loop[2], str(loop[0]), member), depth + 1)
        return found

    def _members(self, loop: Any) -> list[str] | None:  # noqa: ANN401 - as it is written
        if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[2], Mapping):  # noqa: PLR2004
            return None
        members = self.expressions.value(loop[1])
        if isinstance(members, OpenList):
            members = None if members.default is None else list(members.default)
        texts = [each for each in members if isinstance(each, str)] if isinstance(members, list) else None
        return (
            texts if texts is not None and isinstance(members, list) and len(texts) == len(members) else None
        )


def _replaced(body: Mapping[str, Any], name: str, member: str) -> dict[str, Any]:
    """Write the member wherever the loop's name stands: `${Name}`, `&{Name}`, and a `Ref` to it."""
    text = json.dumps(body)
    written = json.dumps(member)[1:-1]
    plain = json.dumps("".join(each for each in member if each.isalnum()))[1:-1]
    text = text.replace(f'{{"Ref": {json.dumps(name)}}}', f'"{written}"')
    text = text.replace(f"${{{name}}}", written).replace(f"&{{{name}}}", plain)
    found: dict[str, Any] = json.loads(text)
    return found
