"""A CloudFormation template as resources that the rules know.

Its types are those of pulumi-aws-native, which follow CloudFormation; the pack reads those already.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from identity_center_cli.readers.open_documents import document, optional, shown
from identity_center_cli.readers.open_values import Either, NoValue, Open, OpenList, is_open
from identity_center_cli.readers.reading import NotThisFormError, Place, Reading, Unseen, made_up_urn
from identity_center_cli.readers.written import NotReadableError, read_written
from identity_guard.stack.native_types import read_dependencies, read_properties, read_type
from identity_guard.stack.observe import PartlyKnown, Properties
from identity_guard.stack.resource_types import COVERED_TYPES, IDENTITY_ROWS
from identity_guard.stack.resources import Resource

from .documents import as_iam_gets_it
from .expressions import Expressions
from .loops import unrolled
from .serverless import SERVERLESS, as_role
from .types import DOCUMENTS, MACROS, NESTED, TRUSTS, WITH_DOCUMENTS, native_type

FORM: Final = "template"


def is_template(value: object) -> bool:
    """Say whether a value is laid out as a template: resources with types of CloudFormation."""
    if not isinstance(value, Mapping):
        return False
    resources = value.get("Resources")
    if "AWSTemplateFormatVersion" in value:
        return True
    if not isinstance(resources, Mapping):
        return False
    every = [each for each in resources.values() if isinstance(each, Mapping)]
    return any("::" in str(each.get("Type")) for each in every) or any(
        str(name).startswith("Fn::ForEach::") for name in resources
    )


def read_template(value: Mapping[str, Any], prefix: str = "") -> Reading:
    """Read a template. Raises NotThisFormError where it has no resources."""
    if not isinstance(value.get("Resources"), Mapping):
        raise NotThisFormError("it is a CloudFormation template without an object `Resources`")
    reading = Reading()
    template, loops = unrolled(value)
    reading.unseen += loops
    reading.unseen += _macros(value)
    reading.unseen += _no_resources(template["Resources"], prefix)
    expressions = Expressions(template)
    urns = {
        name: made_up_urn(FORM, _type_of(resource), f"{prefix}{name}")
        for name, resource in expressions.resources.items()
    }
    for name, resource in expressions.resources.items():
        _Reader(expressions, urns, prefix).read(name, resource, reading)
    return reading


def _no_resources(resources: Mapping[str, Any], prefix: str) -> Iterator[Unseen]:
    """Say of what stands among the resources, and is none, that nobody knows what it makes."""
    for name, each in resources.items():
        if isinstance(each, Mapping) and isinstance(each.get("Type"), Mapping):
            yield Unseen(_MODULE_OF_A_TOOL, Place(f"{prefix}{name}", ("Resources", name)))
        elif (why := _why_none(str(name), each)) is not None:
            yield Unseen(why, Place(f"{prefix}{name}", ("Resources", name)), undecided=True)


_MODULE_OF_A_TOOL: Final = (
    "its `Type` is an expression, such as a module that a tool puts in: what it makes is not seen"
)


def _why_none(name: str, resource: Any) -> str | None:  # noqa: ANN401 - a template holds anything
    if name == TRANSFORM or (isinstance(resource, Mapping) and TRANSFORM in resource):
        return "`Fn::Transform` brings it from elsewhere when the template is deployed"
    if not isinstance(resource, Mapping):
        return "it is no object, as a resource is"
    kind = resource.get("Type")
    if not isinstance(kind, str):
        return "it has no `Type`"
    is_read = native_type(kind) is not None or kind in SERVERLESS
    return _why_unreadable(kind, resource.get("Properties")) if is_read else None


def _why_unreadable(kind: str, properties: Any) -> str | None:  # noqa: ANN401 - as above
    if isinstance(properties, Mapping) and TRANSFORM in properties:
        return "`Fn::Transform` brings properties from elsewhere when the template is deployed"
    if properties is not None and not isinstance(properties, Mapping):
        return "its `Properties` are no object"
    if not kind.rpartition(":")[2][:1].isupper():
        return f"{kind} is not written as CloudFormation writes the type"
    return None


TRANSFORM: Final = "Fn::Transform"


def _type_of(resource: Mapping[str, Any]) -> str:
    kind = str(resource.get("Type"))
    return read_type(native_type(kind) or kind)


def _macros(template: Mapping[str, Any]) -> Iterator[Unseen]:
    given = [template.get("Transform"), template.get(TRANSFORM)]
    flat = [each for one in given for each in (one if isinstance(one, list) else [one]) if each]
    for each in flat:
        name = str(each.get("Name")) if isinstance(each, Mapping) else str(each)
        if name not in MACROS:
            why = (
                f"the macro `{name[:80]}` changes the template when it is deployed: what it makes is not seen"
            )
            yield Unseen(why, Place("Transform", ("Transform",)))


class _Reader:
    """Reads the resources of one template."""

    def __init__(self, expressions: Expressions, urns: Mapping[str, str], prefix: str) -> None:
        self.expressions = expressions
        self.urns = urns
        self.prefix = prefix

    def read(self, name: str, resource: Mapping[str, Any], reading: Reading) -> None:
        """Read one resource into what is known so far."""
        kind = str(resource.get("Type"))
        place = Place(f"{self.prefix}{name}", ("Resources", name))
        given = resource.get("Properties")
        properties = given if isinstance(given, Mapping) else {}
        if self._is_never_made(resource):
            return
        if kind.endswith(MODULE):
            reading.unseen.append(Unseen(f"{kind}: what the module makes is not seen", place))
        elif kind in NESTED:
            self._nested(place, kind, properties, reading)
        elif kind in WITH_DOCUMENTS:
            reading.unseen.append(Unseen(f"{kind}: {WITH_DOCUMENTS[kind]}", place))
        elif kind in SERVERLESS:
            self._serverless(name, kind, place, properties, reading)
        elif (native := native_type(kind)) is not None and read_type(native) in COVERED_TYPES:
            reading.add(self._resource(name, native, properties), place)

    def _resource(self, name: str, native: str, properties: Mapping[str, Any]) -> Resource:
        called = self.expressions.called(name)
        uncertain = read_type(native) not in _IDENTITIES and self._may_be_missing(name)
        written = {
            _camel(key): self._property(str(key), each, uncertain=uncertain)
            for key, each in properties.items()
        }
        kept = {key: each for key, each in written.items() if not isinstance(each, NoValue)}
        named = {_camel(key): called.name for key in properties if key in _NAMES} or {}
        inputs = read_properties(native, {**kept, **named})
        if read_type(native) in _NAMED_TYPES:
            inputs = {**inputs, "name": called.name}
        outputs = {"arn": called.arn, "name": inputs.get("name", called.name)}
        depends = {
            _camel(key): tuple(dict.fromkeys(self._mentioned(each))) for key, each in properties.items()
        }
        return Resource(
            read_type(native),
            self.urns[name],
            f"{self.prefix}{name}",
            inputs=Properties(inputs),
            outputs=Properties(outputs),
            dependencies=frozenset(urn for urns in depends.values() for urn in urns),
            by_property=read_dependencies(native, depends),
        )

    def _property(self, name: str, raw: Any, *, uncertain: bool = False) -> Any:  # noqa: ANN401 - a template holds anything
        value = self.expressions.value(raw)
        if name in DOCUMENTS:
            whole = as_iam_gets_it(value)
            return optional(whole) if uncertain else document(whole, trust=name in TRUSTS)
        return _plain(value)

    def _mentioned(self, raw: Any) -> Iterator[str]:  # noqa: ANN401 - as above
        """Yield the URNs of the resources that a property names, however deep it is nested."""
        left = [raw]
        while left:
            each = left.pop()
            if isinstance(each, list):
                left += reversed(each)
            elif isinstance(each, dict):
                yield from self._named(each)
                left += reversed(list(each.values()))

    def _named(self, expression: dict[str, Any]) -> Iterator[str]:
        given = expression.get("Fn::GetAtt")
        first = given[0] if isinstance(given, list) and given else str(given).partition(".")[0]
        for logical_id in (expression.get("Ref"), first):
            if isinstance(logical_id, str) and logical_id in self.urns:
                yield self.urns[logical_id]

    def _nested(self, place: Place, kind: str, properties: Mapping[str, Any], reading: Reading) -> None:
        body = self.expressions.value(properties.get(NESTED[kind])) if NESTED[kind] in properties else None
        found = template_in(body, f"{place.name}/") if isinstance(body, str) else None
        if found is None:
            why = f"{kind}: the template that it makes is elsewhere; check that file as well"
            reading.unseen.append(Unseen(why, place))
            return
        reading.add_all(found)
        reading.places |= dict.fromkeys(found.resources, place)

    def _is_never_made(self, resource: Mapping[str, Any]) -> bool:
        """Say whether its condition does not hold, whatever is passed."""
        if "Condition" not in resource:
            return False
        return self.expressions.condition({"Condition": resource["Condition"]}) == (False, True)

    def _may_be_missing(self, name: str) -> bool:
        """Say whether a policy may not be made where those that have it are."""
        own = self.expressions.resources[name].get("Condition")
        if own is None or self.expressions.condition({"Condition": own}) == (True, True):
            return False
        by_urn = {urn: logical_id for logical_id, urn in self.urns.items()}
        holders = [by_urn[urn] for urn in self._mentioned(self.expressions.resources[name].get("Properties"))]
        return (
            any(self.expressions.resources[each].get("Condition") != own for each in holders) or not holders
        )

    def _serverless(
        self, name: str, kind: str, place: Place, properties: Mapping[str, Any], reading: Reading
    ) -> None:
        section = SERVERLESS[kind]
        if "Role" in properties:
            return
        globals_ = self.expressions.globals.get(section.globals)
        shared = globals_ if isinstance(globals_, Mapping) else {}
        written, unseen = as_role(section, {**shared, **properties}, self.expressions.value)
        reading.add(self._resource(name, native_type("AWS::IAM::Role") or "", written), place)
        reading.unseen += [Unseen(why, place, undecided) for why, undecided in unseen]


def template_in(text: str, prefix: str) -> Reading | None:
    """Read a template that stands in another file as a text; None where it is none."""
    try:
        value = read_written(text).value
        return read_template(value, prefix) if is_template(value) else None
    except (NotReadableError, NotThisFormError):
        return None


def of_cloud_control(kind: str | None, properties: Any, name: str) -> str | None:  # noqa: ANN401 - as it was given
    """Write what Cloud Control makes as a template of that one resource; None where it is not known."""
    try:
        given = json.loads(properties) if isinstance(properties, str) else properties
    except (ValueError, RecursionError):
        return None
    if kind is None or not isinstance(given, dict):
        return None
    return json.dumps({"Resources": {name: {"Type": kind, "Properties": given}}})


_NAMES: Final = frozenset({"RoleName", "UserName", "GroupName", "ManagedPolicyName"})
_IDENTITIES: Final = frozenset({row.type for row in IDENTITY_ROWS})
MODULE: Final = "::MODULE"
"""How the types of modules end (CloudFormation user guide, "Modules")."""
_NAMED_TYPES: Final = frozenset(
    {"aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group", "aws:iam/policy:Policy"}
)


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    """Write a property that is no document: what is open is unknown, with its default if it has one."""
    if isinstance(value, OpenList) and value.default is not None:
        return [*filter(None, value.default), PartlyKnown(value.what)]
    if isinstance(value, Open | OpenList | Either):
        known = not isinstance(value, Either) or value.by_default
        return PartlyKnown(
            shown(value), (value.default or None) if isinstance(value.default, str) and known else None
        )
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        return [each for one in value for each in _members(one)]
    return value


def _object(value: dict[str, Any], *, certain: bool = True) -> dict[str, Any]:
    found = {}
    for name, each in value.items():
        if name in DOCUMENTS:
            whole = as_iam_gets_it(each)
            found[_camel(name)] = document(whole, trust=name in TRUSTS) if certain else optional(whole)
        elif name == "PolicyName" and is_open(each):
            continue  # Two such policies have names of their own: nobody fights for the place.
        else:
            found[_camel(name)] = _plain(each)
    return found


def _members(value: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return a member of a list; of two policies of which one is attached both, as if they were."""
    if isinstance(value, Either):
        both = [each for each in (value.default, value.other) if not isinstance(each, NoValue)]
        if all(isinstance(each, str | dict) for each in both):
            return [_object(each, certain=False) if isinstance(each, dict) else each for each in both]
    return [_plain(value)]


def _camel(name: str) -> str:
    """Write a property's name as pulumi-aws-native does."""
    return name[:1].lower() + name[1:]
