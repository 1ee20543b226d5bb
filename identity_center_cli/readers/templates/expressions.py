"""Intrinsic functions of CloudFormation, worked out as far as the template alone tells.

What depends on a parameter has the parameter's default and all that it allows; what only the deployment
brings is any text. Nothing that is open is taken for a harmless value.

Source: CloudFormation template reference, "Intrinsic functions", "Parameters" and "Conditions".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from identity_center_cli.readers.open_values import NO_VALUE, Either, NoValue, Open, OpenList, joined

from .attributes import PSEUDO_PARAMETERS, Called, made_up_name, name_property
from .parameters import MOST_ALLOWED, as_text, range_of, sample_of, split_range

DEEPEST: Final = 60
"""Levels of expressions within expressions; no template of a person has them."""
_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")
_ESCAPED: Final = re.compile(r"\$\{!([^}]*)\}")
_DYNAMIC: Final = re.compile(r"\{\{resolve:[^}]*\}\}")
"""Source: CloudFormation user guide, "Dynamic references"."""
_LISTS: Final = ("CommaDelimitedList", "List<")


class Expressions:
    """The expressions of one template. What they come to is asked for; nothing is changed."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        """Note what the template declares."""
        self.parameters = _section(template, "Parameters")
        self.mappings = _section(template, "Mappings")
        self.conditions = _section(template, "Conditions")
        self.resources = _section(template, "Resources")
        self.globals = _section(template, "Globals")
        self._called: dict[str, Called] = {}
        self._decided: dict[str, tuple[bool | None, bool]] = {}
        self._depth = 0
        self._deciding = 0

    def value(self, raw: Any) -> Any:  # noqa: ANN401 - a template holds anything
        """Return what a value comes to, with `Open`, `OpenList` and `Either` where the text does not tell."""
        if self._depth > DEEPEST:
            return Open("an expression that is nested too deeply")
        self._depth += 1
        try:
            return self._value(raw)
        finally:
            self._depth -= 1

    def called(self, logical_id: str) -> Called:
        """Return what a resource of the template is called."""
        if logical_id not in self._called:
            resource = self.resources[logical_id]
            kind = str(resource.get("Type"))
            properties = resource.get("Properties")
            given = properties if isinstance(properties, Mapping) else {}
            # While its own name is worked out, it has the one that nobody gives.
            self._called[logical_id] = Called(kind, logical_id, made_up_name(logical_id))
            name = self._plain(given.get(name_property(kind) or ""))
            path = self._plain(given.get("Path"))
            self._called[logical_id] = Called(
                kind,
                logical_id,
                name or made_up_name(logical_id),
                path if path and path.startswith("/") else "/",
            )
        return self._called[logical_id]

    def _choice(self, raw: Any) -> Any:  # noqa: ANN401 - as above
        """Return what decides between values: where the stack is made, a template does not say."""
        self._deciding += 1
        try:
            return self.value(raw)
        finally:
            self._deciding -= 1

    def _plain(self, raw: Any) -> str | None:  # noqa: ANN401 - as above
        """Return a name: the value's text, by default or else a sample of it."""
        value = self.value(raw)
        if isinstance(value, Open):
            return value.default or value.sample
        return value if isinstance(value, str) else None

    def _value(self, raw: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(raw, dict):
            return self._object(raw)
        if isinstance(raw, list):
            return [each for each in map(self.value, raw) if not isinstance(each, NoValue)]
        if isinstance(raw, str) and "{{resolve:" in raw:
            most = (_DYNAMIC.sub("*", raw),)
            return Open("a dynamic reference", None, most, _DYNAMIC.sub("x", raw), most)
        return raw

    def _object(self, raw: dict[Any, Any]) -> Any:  # noqa: ANN401 - as above
        if len(raw) == 1:
            ((name, given),) = raw.items()
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, given)
            if str(name).startswith("Fn::"):
                return Open(str(name))
        # A transform beside other keys may put anything there.
        found = {str(name): self.value(each) for name, each in raw.items() if name != "Fn::Transform"}
        kept = {name: each for name, each in found.items() if not isinstance(each, NoValue)}
        if "Fn::Transform" in raw:
            return Either("Fn::Transform", kept, Open("Fn::Transform"), by_default=False)
        return kept

    def _ref(self, given: Any) -> Any:  # noqa: ANN401 - as above
        name = str(given)
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in PSEUDO_PARAMETERS:
            known = PSEUDO_PARAMETERS[name]
            return Open(f"Ref {name}", known, sample=known) if self._deciding else known
        if name in self.parameters:
            return self._parameter(name)
        if name in self.resources:
            found = self.called(name).ref
            return Open(f"Ref {name[:60]}") if found is None else found
        return Open(f"Ref {name[:60]}")

    def _parameter(self, name: str) -> Open | OpenList:
        parameter = self.parameters[name]
        kind, what = str(parameter.get("Type")), f"Ref {name}"
        default = parameter.get("Default")
        if kind.startswith(_LISTS):
            parts = None if default is None else tuple(part.strip() for part in str(default).split(","))
            found = range_of(parameter, kind, parts[0] if parts else None)
            return OpenList(what, parts, found.most, found.names)
        if kind.startswith("AWS::SSM::Parameter::Value"):
            # The default is the name of the value in Systems Manager, and not the value.
            return OpenList(what) if "List" in kind else Open(what)
        text = None if default is None else as_text(default)
        return Open(what, text, *range_of(parameter, kind, text))

    def _get_att(self, given: Any) -> Any:  # noqa: ANN401 - as above
        parts = given.split(".", 1) if isinstance(given, str) else given
        what = f"GetAtt {'.'.join(map(str, parts))[:80]}" if isinstance(parts, list) else "Fn::GetAtt"
        if not isinstance(parts, list) or len(parts) < 2 or str(parts[0]) not in self.resources:  # noqa: PLR2004
            return Open(what)
        attribute = self.value(parts[1])
        if not isinstance(attribute, str):
            return Open(what)
        properties = self.resources[str(parts[0])].get("Properties")
        if isinstance(properties, Mapping) and attribute in properties:
            # An attribute that bears a property's name has its value, such as that of a parameter's `Value`.
            return self.value(properties[attribute])
        found = self.called(str(parts[0])).attribute(attribute)
        return Open(what) if found is None else found

    def _sub(self, given: Any) -> Any:  # noqa: ANN401 - as above
        text, extra = (given[0], given[1]) if isinstance(given, list) and len(given) > 1 else (given, {})
        if isinstance(text, list) and text:
            text = text[0]
        if not isinstance(text, str):
            return Open("Fn::Sub")
        parts: list[Any] = []
        at = 0
        for found in _VARIABLE.finditer(text):
            parts += [_unescaped(text[at : found.start()]), self._variable(found.group(1), extra)]
            at = found.end()
        parts.append(_unescaped(text[at:]))
        return joined(parts, _short(text))

    def _variable(self, name: str, extra: Any) -> Any:  # noqa: ANN401 - as above
        name = name.strip()
        if isinstance(extra, Mapping) and name in extra:
            return self.value(extra[name])
        known = name in self.resources or name in self.parameters or name.startswith("AWS::")
        return self._ref(name) if known or "." not in name else self._get_att(name)

    def _join(self, given: Any) -> Any:  # noqa: ANN401 - as above
        if not isinstance(given, list) or len(given) != 2:  # noqa: PLR2004 - separator and list
            return Open("Fn::Join")
        separator, parts = self.value(given[0]), self.value(given[1])
        if isinstance(parts, OpenList):
            default = None if parts.default is None else str(separator).join(map(str, parts.default))
            return Open(parts.what, default)
        if not isinstance(parts, list):
            return Open("Fn::Join")
        spaced = [each for part in parts for each in (separator, part)][1:]
        return joined(spaced, "Fn::Join")

    def _select(self, given: Any) -> Any:  # noqa: ANN401 - as above
        number, choices = (self.value(given[0]), self.value(given[1])) if _is_pair(given) else (None, None)
        if isinstance(choices, OpenList):
            at = _number(number)
            default = choices.default
            known = default is not None and at is not None and at < len(default)
            text = str(default[at]) if known and default and at is not None else None
            return Open(choices.what, text, choices.most, sample_of(choices.most), choices.names)
        at = _number(number)
        if isinstance(choices, list) and at is not None and at < len(choices):
            return choices[at]
        return Open("Fn::Select")

    def _split(self, given: Any) -> Any:  # noqa: ANN401 - as above
        separator, text = (self.value(given[0]), self.value(given[1])) if _is_pair(given) else ("", None)
        if isinstance(separator, str) and separator:
            if isinstance(text, str):
                return text.split(separator)
            if isinstance(text, Open):
                default = None if text.default is None else tuple(text.default.split(separator))
                ranges = (split_range(each, separator) for each in (text.most, text.names))
                return OpenList(text.what, default, *ranges)
        return OpenList("Fn::Split")

    def _find_in_map(self, given: Any) -> Any:  # noqa: ANN401 - as above
        if not isinstance(given, list) or len(given) < 3:  # noqa: PLR2004 - name, two keys
            return Open("Fn::FindInMap")
        found: list[Any] = [self.mappings]
        for part in given[:3]:
            key = self._choice(part)
            found = [
                each[key]
                for each in found
                if isinstance(each, Mapping) and isinstance(key, str) and key in each
            ] or [value for each in found if isinstance(each, Mapping) for value in each.values()]
        found = [self.value(each) for each in found]
        if len(given) > 3:  # noqa: PLR2004 - a default stands behind them
            return Open("Fn::FindInMap")
        return _one_of(found, "Fn::FindInMap")

    def _if(self, given: Any) -> Any:  # noqa: ANN401 - as above
        if not isinstance(given, list) or len(given) != 3:  # noqa: PLR2004 - condition and two values
            return Open("Fn::If")
        truth, certain = self.condition({"Condition": given[0]})
        first, second = self.value(given[1]), self.value(given[2])
        if certain and truth is not None:
            return first if truth else second
        by_default, other = (second, first) if truth is False else (first, second)
        return Either(f"If {given[0]}", by_default, other, by_default=truth is not None)

    def condition(self, raw: Any) -> tuple[bool | None, bool]:  # noqa: ANN401 - as above
        """Return what a condition is by default, and whether it is that whatever is passed."""
        if isinstance(raw, dict) and len(raw) == 1 and self._depth <= DEEPEST:
            ((name, given),) = raw.items()
            self._depth += 1
            try:
                if name == "Condition":
                    return self._condition_called(str(given))
                if name in ("Fn::And", "Fn::Or") and isinstance(given, list):
                    return _together([self.condition(each) for each in given], all_of=name == "Fn::And")
                if name == "Fn::Not" and isinstance(given, list) and given:
                    truth, certain = self.condition(given[0])
                    return (None if truth is None else not truth), certain
                if name == "Fn::Equals" and _is_pair(given):
                    return _equal(self._choice(given[0]), self._choice(given[1]))
            finally:
                self._depth -= 1
        return None, False

    def _condition_called(self, name: str) -> tuple[bool | None, bool]:
        """Return a declared condition, worked out once; one that asks for itself is undecided."""
        if name not in self._decided:
            self._decided[name] = (None, False)
            self._decided[name] = self.condition(self.conditions.get(name))
        return self._decided[name]

    def _to_json(self, given: Any) -> Any:  # noqa: ANN401 - as above
        value = self.value(given)
        return Open("Fn::ToJsonString") if isinstance(value, Open | OpenList | Either) else value

    def _import(self, given: Any) -> Open:  # noqa: ANN401 - as above
        name = self.value(given)
        return Open(f"ImportValue {name[:60]}" if isinstance(name, str) else "Fn::ImportValue")


def _section(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a section's objects by name; what is no object declares nothing."""
    section = template.get(name)
    if not isinstance(section, Mapping):
        return {}
    return {str(key): each for key, each in section.items() if isinstance(each, Mapping)}


def _one_of(values: list[Any], what: str) -> Any:  # noqa: ANN401 - as above
    if len(values) == 1:
        return values[0]
    texts = [each for each in values if isinstance(each, str)]
    if texts and len(texts) == len(values) <= MOST_ALLOWED:
        every = tuple(dict.fromkeys(texts))
        return Open(what, None, every, every[0], every)
    return Open(what)


def _equal(one: Any, other: Any) -> tuple[bool | None, bool]:  # noqa: ANN401 - as above
    texts = [each.default if isinstance(each, Open) else each for each in (one, other)]
    if any(each is None or isinstance(each, OpenList | Either) for each in texts):
        return None, False
    certain = not isinstance(one, Open) and not isinstance(other, Open)
    return str(texts[0]) == str(texts[1]), certain


def _together(found: list[tuple[bool | None, bool]], *, all_of: bool) -> tuple[bool | None, bool]:
    """Join conditions: one that is certainly false decides an And, one that is certainly true an Or."""
    if any(truth is not all_of and truth is not None and certain for truth, certain in found):
        return not all_of, True
    truths = [truth for truth, _ in found]
    certain = all(each for _, each in found)
    if (not all_of) in truths:
        return not all_of, certain
    return (None if None in truths else all_of), certain


def _is_pair(given: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(given, list) and len(given) == 2  # noqa: PLR2004 - a pair


def _number(value: Any) -> int | None:  # noqa: ANN401 - as above
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"${\1}", text)


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= 80 else f"{first[:77]}..."  # noqa: PLR2004 - what fits beside other words


_FUNCTIONS: Final[Mapping[str, Callable[[Expressions, Any], Any]]] = {
    "Ref": Expressions._ref,  # noqa: SLF001 - the table of this very class
    "Fn::GetAtt": Expressions._get_att,  # noqa: SLF001
    "Fn::Sub": Expressions._sub,  # noqa: SLF001
    "Fn::Join": Expressions._join,  # noqa: SLF001
    "Fn::Select": Expressions._select,  # noqa: SLF001
    "Fn::Split": Expressions._split,  # noqa: SLF001
    "Fn::FindInMap": Expressions._find_in_map,  # noqa: SLF001
    "Fn::If": Expressions._if,  # noqa: SLF001
    "Fn::ToJsonString": Expressions._to_json,  # noqa: SLF001
    "Fn::ImportValue": Expressions._import,  # noqa: SLF001
}
