"""Makes what is planned: each resource of a plan is registered with the engine, none is thought of here."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pulumi
import pulumi_aws as aws

from identity_center.model.plan.planned import Id, Plan, PlannedResource, Ref, Secret


class PlannedComponent(pulumi.ComponentResource):
    """A component that makes a plan: itself, and everything under it."""

    def __init__(self, plan: Plan, opts: pulumi.ResourceOptions | None = None) -> None:
        itself = plan[0]
        super().__init__(itself.type, itself.key, dict(itself.inputs), opts)
        self._parts = make_parts(self, plan)

    def id_of(self, part: Id) -> pulumi.Output[str]:
        """Return the id of a part, known once the part is made. A component has none."""
        made = self._parts[part]
        assert isinstance(made, pulumi.CustomResource)  # noqa: S101  # for the type checker
        return made.id

    def output_of(self, part: Id, output: str) -> pulumi.Output[str]:
        """Return an output of a part, by the provider's name of it."""
        found: pulumi.Output[str] = getattr(self._parts[part], snake_case(output))
        return found


def make_parts(component: pulumi.ComponentResource, plan: Plan) -> Mapping[Id, pulumi.Resource]:
    """Register what stands under a component, then what it gives back: its attributes have the same names.

    Return all that is registered, the component included.
    """
    itself, *parts = plan
    made = _Made({itself.id: component})
    for part in parts:
        made.make(part)
    for part in parts:
        if part.is_component and part.outputs:
            made.component(part.id).register_outputs(made.outputs(part))
    outputs = made.outputs(itself)
    for name, value in outputs.items():
        setattr(component, snake_case(name), pulumi.Output.from_input(value))
    component.register_outputs(outputs)
    return made.resources


class _Made:
    """What is registered so far, for those who refer to it."""

    def __init__(self, made: dict[Id, pulumi.Resource]) -> None:
        self._made = made

    @property
    def resources(self) -> Mapping[Id, pulumi.Resource]:
        """What is registered, by what it was planned as."""
        return self._made

    def make(self, planned: PlannedResource) -> None:
        """Register one resource."""
        inputs = {name: self._value(value) for name, value in planned.inputs.items()}
        opts = self._options(planned)
        if planned.is_component:
            made: pulumi.Resource = pulumi.ComponentResource(planned.type, planned.key, inputs, opts)
        else:
            arguments = {snake_case(name): value for name, value in inputs.items()}
            made = class_of(planned.type)(planned.key, **arguments, opts=opts)
        self._made[planned.id] = made

    def component(self, which: Id) -> pulumi.ComponentResource:
        """Return a component that is registered."""
        found = self._made[which]
        assert isinstance(found, pulumi.ComponentResource)  # noqa: S101  # for the type checker
        return found

    def outputs(self, planned: PlannedResource) -> dict[str, Any]:
        """Return what a component gives back."""
        return {name: self._output(value) for name, value in planned.outputs.items()}

    def _output(self, value: object) -> Any:  # noqa: ANN401  # an output, or a value of any kind
        if isinstance(value, Mapping):
            known = {key: self._value(each) for key, each in value.items()}
            # Without arguments, Output.all makes a list.
            return pulumi.Output.all(**known) if known else pulumi.Output.from_input(dict[str, str]())
        return self._value(value)

    def _options(self, planned: PlannedResource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self._made[planned.parent] if planned.parent else None,
            depends_on=[self._made[each] for each in planned.depends_on] or None,
            protect=planned.protect or None,
            aliases=[
                *(pulumi.Alias(name=name) for name in planned.former_names),
                # The parts of what was moved are found below it: the SDK hands aliases down.
                *([pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)] * planned.was_in_the_stack),
            ],
            delete_before_replace=planned.delete_before_replace,
            replace_on_changes=list(planned.replace_on_changes) or None,
            ignore_changes=list(planned.ignore_changes) or None,
            retain_on_delete=planned.retain_on_delete or None,
            custom_timeouts=pulumi.CustomTimeouts(**planned.timeouts) if planned.timeouts else None,
        )

    def _value(self, value: object) -> Any:  # noqa: ANN401  # whatever an input is
        if isinstance(value, Ref):
            return self._referred(value)
        if isinstance(value, Secret):
            return pulumi.Output.secret(value.value)
        if isinstance(value, Mapping):
            return {name: self._value(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(each) for each in value]
        return value

    def _referred(self, ref: Ref) -> pulumi.Output[Any]:
        found: pulumi.Output[Any] = getattr(self._made[Id(ref.type, ref.key)], snake_case(ref.output))
        if ref.once is None:
            return found
        last = self._made[ref.once]
        assert isinstance(last, pulumi.CustomResource)  # noqa: S101  # for the type checker
        return pulumi.Output.all(found, last.id).apply(lambda known: known[0])


@cache
def class_of(token: str) -> Any:  # noqa: ANN401  # the SDK's classes have no type that mypy follows
    """Return the SDK's class of a type such as `aws:ssoadmin/permissionSet:PermissionSet`."""
    _, module, name = token.split(":")
    return getattr(getattr(aws, module.partition("/")[0]), name)


@cache
def snake_case(name: str) -> str:
    """Write a name of the provider's as the SDK for Python does."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()
