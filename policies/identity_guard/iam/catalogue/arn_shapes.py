"""The resource types of AWS as shapes of ARNs, and example ARNs of them.

A statement about resources is asked about examples: would it apply to a role, a bucket, a topic that no
policy names? Two examples of each type, with nothing in common in their names, stand for all its resources;
a pattern that takes both takes (nearly) all of them, one that names some takes neither.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache, cached_property
from string import ascii_lowercase, digits
from typing import Final

from identity_guard.iam.text.wildcard import Glob

from .actions import catalogue, mask_of, read_data, union, without
from .context_keys import OWN_ACCOUNT
from .needed_resources import DOES_WITHOUT, NEEDS, actions_with

EXAMPLE_NAMES: Final = ("qx7-example", "7vk_sample")
"""Two names that share neither their first nor their last character."""

ALL_NAMES: Final = tuple(f"{letter}-7x" for letter in ascii_lowercase + digits)
"""A name for each first character, asked where a list of patterns might cover them one by one."""

EXAMPLE_REGION: Final = "example-region-0"
"""A Region that no policy names."""

MOST_REMEMBERED: Final = 64
"""For how many sets of actions the shapes that they take are remembered."""

RUN: Final = 18
"""How many services are taken together; about the root of how many there are makes the fewest steps."""

_VARIABLE: Final = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Own:
    """What a set of policies belongs to and has one of, as far as they say."""

    partition: str = "aws"
    account: str = OWN_ACCOUNT
    instance: str = "ssoins-7x0000000example"
    """The instance of IAM Identity Center: an organisation has one."""
    identity_store: str = "d-7x00000000"
    """The instance's identity store."""

    def fill(self, text: str) -> str:
        """Put partition and account in place of `{partition}` and `{account}`."""
        return text.replace("{partition}", self.partition).replace("{account}", self.account)


USUAL: Final = Own()
"""What is taken where they do not say."""


@dataclass(frozen=True)
class ArnShape:
    """One shape of ARN with the actions that take it; masks as in the catalogue."""

    template: str
    numbers: tuple[tuple[int, ...], tuple[int, ...]]
    """Of the actions that take such a resource, and of those that cannot be called without one."""

    @cached_property
    def service(self) -> str:
        """The third part of the ARN."""
        return self.template.split(":")[2]

    @cached_property
    def actions_on(self) -> int:
        """The actions that take such a resource."""
        return mask_of(self.numbers[0])

    @cached_property
    def requirers(self) -> int:
        """The actions that cannot be called without such a resource."""
        more, fewer = (actions_with(table, self.template) for table in (NEEDS, DOES_WITHOUT))
        needing = mask_of(self.numbers[1])
        if more or fewer:
            needing = without(needing | catalogue().mask_of(more), catalogue().mask_of(fewer))
        return needing

    @cached_property
    def glob(self) -> Glob:
        """The shape as a pattern with stars."""
        return Glob(_VARIABLE.sub("*", self.template))

    @cached_property
    def _pieces(self) -> list[str]:
        """Plain text and the names of variables in turn."""
        return _VARIABLE.split(self.template)

    def example(self, own: Own, name: str) -> str:
        """Return an ARN of this shape in the own account, with the given name in each variable part."""
        known = {"Partition": own.partition, "Account": own.account, "Region": EXAMPLE_REGION}
        if self.service == "sso":
            known |= {"InstanceId": own.instance, "PermissionSetId": f"ps-{name}"}
        elif self.service == "identitystore":
            known["IdentityStoreId"] = own.identity_store
        made = self._pieces.copy()
        made[1::2] = [known.get(variable, name) for variable in made[1::2]]
        return "".join(made)


@dataclass(frozen=True)
class ArnShapes:
    """All shapes, by the service part of the ARN."""

    shapes: tuple[ArnShape, ...]
    without: int
    """The actions that take no resource: they are decided against `*`."""
    _taken: dict[int, dict[int, None]] = field(default_factory=dict, compare=False)

    @cached_property
    def needing(self) -> int:
        """The actions that cannot be called without some resource."""
        return union(shape.requirers for shape in self.shapes)

    @cached_property
    def by_service(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the shapes of each service part."""
        found: dict[str, list[int]] = {}
        for number, shape in enumerate(self.shapes):
            found.setdefault(shape.service, []).append(number)
        return {service: tuple(numbers) for service, numbers in found.items()}

    @cached_property
    def actions_by_service(self) -> dict[str, int]:
        """The actions that take some resource of each service part."""
        return {
            service: union(self.shapes[number].actions_on for number in numbers)
            for service, numbers in self.by_service.items()
        }

    @cached_property
    def requirers_by_service(self) -> dict[str, int]:
        """The actions that require some resource of each service part."""
        return {
            service: union(self.shapes[number].requirers for number in numbers)
            for service, numbers in self.by_service.items()
        }

    def masks_of(self, numbers: Iterable[int]) -> tuple[int, int]:
        """Return the actions that take, and those that require, a resource of some shapes."""
        shapes = [self.shapes[number] for number in numbers]
        return union(shape.actions_on for shape in shapes), union(shape.requirers for shape in shapes)

    def masks_without(self, left_out: AbstractSet[int]) -> tuple[int, int]:
        """Return the same of all shapes but some; services that lose none are taken whole."""
        touched = {self.shapes[number].service for number in left_out}
        single = [
            number for service in touched for number in self.by_service[service] if number not in left_out
        ]
        actions_on, requirers = self.masks_of(single)
        for run, run_actions_on, run_requirers in self._runs:
            if touched.isdisjoint(run):
                actions_on |= run_actions_on
                requirers |= run_requirers
                continue
            for service in run:
                if service not in touched:
                    actions_on |= self.actions_by_service[service]
                    requirers |= self.requirers_by_service[service]
        return actions_on, requirers

    @cached_property
    def _runs(self) -> tuple[tuple[tuple[str, ...], int, int], ...]:
        """A few services at a time, with the actions that take, and that require, one of their resources."""
        services = tuple(self.by_service)
        return tuple(
            (
                run,
                union(self.actions_by_service[service] for service in run),
                union(self.requirers_by_service[service] for service in run),
            )
            for first in range(0, len(services), RUN)
            if (run := services[first : first + RUN])
        )

    def taken_by(self, target: int) -> dict[int, None]:
        """Return the numbers of the shapes that some of the target actions take, in order."""
        if target in self._taken:
            return self._taken[target]
        numbers = sorted(
            number
            for run, run_actions_on, _ in self._runs
            if run_actions_on & target
            for service in run
            if self.actions_by_service[service] & target
            for number in self.by_service[service]
            if self.shapes[number].actions_on & target
        )
        found = dict.fromkeys(numbers)
        if len(self._taken) < MOST_REMEMBERED:
            self._taken[target] = found
        return found

    def examples(self, own: Own) -> Callable[[int], tuple[str, str]]:
        """Return what makes two examples of a shape; for those who name no account they are made once."""
        if own == USUAL:
            return self._usual_examples.__getitem__
        first, second = EXAMPLE_NAMES
        return lambda number: (
            self.shapes[number].example(own, first),
            self.shapes[number].example(own, second),
        )

    @cached_property
    def _usual_examples(self) -> list[tuple[str, str]]:
        first, second = EXAMPLE_NAMES
        return [(shape.example(USUAL, first), shape.example(USUAL, second)) for shape in self.shapes]

    def of_arn(self, arn: str, target: int | None = None) -> Iterator[ArnShape]:
        """Yield the shapes that an ARN has; with `target`, those that some of these actions take."""
        parts = arn.split(":", 3)
        numbers = self.by_service.get(parts[2], ()) if len(parts) > 3 else ()  # noqa: PLR2004
        shapes: Iterable[ArnShape] = [self.shapes[number] for number in numbers]
        if target is not None:
            shapes = [shape for shape in shapes if shape.actions_on & target]
        return (shape for shape in shapes if shape.glob.matches(arn))


OF_ANY_SERVICE: Final = {
    "arn:${Partition}:${Vendor}:${Region}:*:${ResourceType}:${RecoveryPointId}": (
        "arn:${Partition}:backup:${Region}:${Account}:recovery-point:${RecoveryPointId}"
    ),
}
"""What has ARNs of many services: its own stand for all (AWS Backup Developer Guide, recovery-points)."""


@cache
def arn_shapes() -> ArnShapes:
    """Return the shapes, read once."""
    data = read_data("resource_types.json.gz")
    shapes = tuple(
        ArnShape(OF_ANY_SERVICE.get(template, template), (tuple(row[0]), tuple(row[1])))
        for template, row in sorted(data["templates"].items())
    )
    return ArnShapes(shapes, mask_of(data["without"]))
