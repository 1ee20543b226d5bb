"""What an interrupted update left, and what became of it: asked of the engine and of AWS."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.parts import Part
from identity_center.model.existing.provider_ids import HELD_TYPES, WRITTEN_IDS
from identity_center.model.existing.recovery import (
    Found,
    Interrupted,
    Operation,
    Outcome,
    Recorded,
    Told,
    what_became,
)
from identity_center.program.lookups.after_a_fall import ADOPTING
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from identity_center_cli.aws.policies_by_name import read_beside
from identity_center_cli.connection import Connection
from identity_center_cli.engine import Engine, EngineError
from identity_center_cli.stacks.deployment import Deployment, interrupted, with_taken_in

_WANTED: Final = ("create", "create-replacement")
"""Steps of a preview that would make something (pulumi/sdk/go/common/display)."""
_TO_WRITE: Final = (Outcome.TAKEN_IN, Outcome.LOOKED_FOR)
_TO_READ: Final = (Outcome.READ_AGAIN, Outcome.GONE)


@dataclass(frozen=True)
class Findings:
    """What was found of a stack, with what is needed to write it down."""

    deployment: Deployment
    wanted: Mapping[str, Mapping[str, Any]]
    """What the program would make, whole, by URN."""
    found: tuple[Found, ...]
    existing: Existing
    components: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The components of the program that the state does not have, whole, by URN."""
    failed_to_destroy: bool = False
    """Whether the engine's last word on the stack is a destruction that failed."""

    @property
    def undecided(self) -> tuple[Found, ...]:
        """What somebody has to say first."""
        return tuple(each for each in self.found if each.outcome is Outcome.UNDECIDED)

    @property
    def to_write(self) -> dict[str, dict[str, Any]]:
        """What is taken into the state, whole, by URN."""
        entries = {**self.wanted, **self.deployment.entries()}
        taken = {
            each.urn: {**_known(entries[each.urn]), "id": each.id}
            for each in self.found
            if each.outcome in _TO_WRITE
        }
        return {**taken, **self._components_around(taken)}

    def _components_around(self, taken: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the components without which the state would not take them: a destruction deleted these."""
        around: dict[str, dict[str, Any]] = {}
        for entry in taken.values():
            urn = entry.get("parent", "")
            while urn in self.components and urn not in around:
                around[urn] = _known(self.components[urn])
                urn = around[urn].get("parent", "")
        return around

    @property
    def to_read(self) -> tuple[str, ...]:
        """The URNs of what the state has, and is read anew."""
        return tuple(each.urn for each in self.found if each.outcome in _TO_READ)

    @property
    def blocking(self) -> tuple[Found, ...]:
        """What was interrupted and cannot be told: with the first thing written it would be forgotten."""
        return tuple(each for each in self.undecided if each.operation is Operation.CREATING)

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to write: the state says what AWS has, as far as it was seen."""
        in_vain = self.failed_to_destroy and self.deployment.resources
        return not (self.deployment.pending or self.to_write or self.to_read or in_vain)


def write(findings: Findings, engine: Engine) -> None:
    """Write into the state what was found. Raises EngineError.

    What the state has is read first: until that has come to its end, the engine keeps what was being made,
    and a recovery that is interrupted can be begun again.
    """
    to_read = findings.to_read or (findings.deployment.stack_urns if findings.failed_to_destroy else ())
    if to_read:
        # Of the stack itself nothing is read; but the engine's last word is then that all is well.
        engine.refresh(to_read)
    now = Deployment(engine.exported())
    if now.entries().keys() != findings.deployment.entries().keys():
        raise EngineError("the stack has changed since it was looked at: begin again")
    if now.pending or findings.to_write:
        engine.write_state(with_taken_in(now, findings.to_write))
    if findings.to_write:
        # Of a component there is nothing to read.
        engine.refresh([urn for urn, each in findings.to_write.items() if "id" in each])


def _known(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out inputs that a preview does not know: the engine reads all of them."""
    inputs = entry.get("inputs") or {}
    return {**entry, "inputs": {name: each for name, each in inputs.items() if not _has_unknown(each)}}


def _has_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_unknown, value.values()))
    return any(map(_has_unknown, value)) if isinstance(value, list) else value == UNKNOWN_STRING_VALUE


def look(engine: Engine, asked: Connection, how: HowToRead, told: Told, *, preview: bool) -> Findings:
    """Ask the engine what it was at and what it would make, and AWS what there is.

    Raises EngineError, UnusableStackError, InstanceNotFoundError and botocore's errors.
    """
    deployment = Deployment(engine.exported())
    made = _made(engine) if preview else []
    wanted = _wanted(made, deployment)
    components = {
        each["urn"]: each for each in made if not each.get("custom") and each["urn"] not in deployment.urns
    }
    listed = [*deployment.interrupted(), *_planned(wanted, deployment)]
    recorded = list(deployment.recorded())
    connection = _of_the_stack(asked, deployment, listed)
    existing = _existing(connection, how, [*listed, *recorded])
    beside = read_beside(connection.session(), frozenset(each.type for each in listed))
    found = what_became(listed, recorded, existing, beside, told)
    in_vain = engine.failed_to_destroy()
    return Findings(deployment, wanted, tuple(filter(_matters, found)), existing, components, in_vain)


def _matters(found: Found) -> bool:
    """Of what nobody knows to have been interrupted, only what was made is worth a word."""
    if found.operation is not Operation.PLANNED:
        return True
    unknown = found.outcome is Outcome.UNDECIDED and found.type not in HELD_TYPES
    return found.outcome is not Outcome.NOT_MADE and not unknown


def _made(engine: Engine) -> list[Mapping[str, Any]]:
    """Return what the program would make, components among it."""
    steps = engine.preview({ADOPTING: "true"}).get("steps") or []
    return [each["newState"] for each in steps if each["op"] in _WANTED]


def _wanted(made: Iterable[Mapping[str, Any]], deployment: Deployment) -> dict[str, Mapping[str, Any]]:
    """Return what of it is made under a provider that the state has."""
    providers = {f"{each['urn']}::{each.get('id')}" for each in deployment.resources}
    return {each["urn"]: each for each in made if each.get("custom") and each.get("provider") in providers}


def _planned(wanted: Mapping[str, Mapping[str, Any]], deployment: Deployment) -> Iterator[Interrupted]:
    at_work = deployment.entries()
    for urn, entry in wanted.items():
        if urn not in at_work:
            # An id cannot be written of what is still to be made.
            yield interrupted(Operation.PLANNED, _known(entry) if entry["type"] in WRITTEN_IDS else entry)


def _of_the_stack(asked: Connection, deployment: Deployment, listed: list[Interrupted]) -> Connection:
    """Ask where the stack's provider asks, where nobody says otherwise."""
    inputs = [each.get("inputs") or {} for each in deployment.resources]
    providers = [
        given for each, given in zip(deployment.resources, inputs, strict=True)
        if each["type"] == "pulumi:providers:aws"
    ]  # fmt: skip
    named = [*inputs, *(each.inputs for each in listed)]
    return Connection(
        profile=asked.profile or _first("profile", providers),
        region=asked.region or _first("region", providers),
        instance_arn=asked.instance_arn or _first("instanceArn", named),
    )


def _first(name: str, given: list[Any]) -> str | None:
    found = (each.get(name) for each in given)
    return next((each for each in found if isinstance(each, str) and each != UNKNOWN_STRING_VALUE), None)


def _existing(connection: Connection, how: HowToRead, of: list[Interrupted | Recorded]) -> Existing:
    parts = {HELD_TYPES[each.type].part for each in of if each.type in HELD_TYPES}
    # Whether an account has an older form of a set shows what an interrupted update did not provision.
    reading = replace(how, parts=frozenset(parts | {Part.PROVISIONING}))
    return read_instance(connection.settings(), reading, connection.instance_arn)
