"""The life of a resource over one row of the table: create, read, update, delete, preview.

What a failure leaves in the state follows from what the type is built on (``schema.Built``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.checking import DEFAULTS
from sandbox.provider.rows.call import Call, WaitError
from sandbox.provider.rows.clients import CancelledError, Clients, RefusedByAwsError, UnansweredError
from sandbox.provider.rows.comparing import changes, same
from sandbox.provider.rows.nested import completed, without_silent
from sandbox.provider.rows.schema import Built, Kind, Property, ResourceType, value_at
from sandbox.provider.rows.tagging import all_tags, own_tags, without_ignored
from sandbox.provider.rows.timeouts import patience
from sandbox.provider.rows.values import UNKNOWN, Secret, Value, marked, plain

Failure = (RefusedByAwsError, UnansweredError, WaitError, CancelledError, ValueError)
"""What a step of a resource's life may raise."""


class HalfMadeError(Exception):
    """A resource that exists, but not as wanted: its id and state, and the reason."""

    def __init__(
        self, reason: str, identifier: str, state: dict[str, Value], inputs: dict[str, Value]
    ) -> None:
        super().__init__(reason)
        self.identifier = identifier
        self.state = state
        self.inputs = inputs


@dataclass(frozen=True)
class ReadResource:
    """A resource as AWS has it."""

    identifier: str
    state: dict[str, Value]
    inputs: dict[str, Value]


class Life:
    """One resource type over one connection."""

    def __init__(self, resource: ResourceType, clients: Clients) -> None:
        self.resource = resource
        self.clients = clients

    def previewed(
        self, inputs: Mapping[str, Value], old: Mapping[str, Value] | None = None
    ) -> dict[str, Value]:
        """Return the state that a create (no ``old``) or an update would give, as far as it is known."""
        state = _without_defaults(inputs)
        for name, given in self.resource.all_inputs.items():
            if name in state:
                shown = UNKNOWN if old is None else plain(old).get(name)
                state[name] = completed(given, state[name], shown)
        for name, given in {**self.resource.all_inputs, **self.resource.all_outputs}.items():
            if name in inputs or (name not in self.resource.all_outputs and not given.computed):
                continue
            # An update keeps what is known; only a create has values that nobody knows yet.
            state[name] = self._unknown(given) if old is None else old.get(name)
        if self.resource.regional:
            state["region"] = inputs.get("region") or self.clients.options.region
        if self.resource.tagged:
            state["tagsAll"] = self._all_tags(inputs)
        return {name: value for name, value in state.items() if value is not None}

    def create(self, inputs: dict[str, Value], timeout: float) -> ReadResource:
        """Make the resource; ``HalfMadeError`` where it stays in the state although something failed."""
        call = self._call(inputs, patience(self.resource, "create", inputs, timeout))
        try:
            self.resource.create(call, self._wanted(inputs))
            found = self._read_new(call, inputs)
        except Failure as failure:
            if call.identity is None or not self._keeps_failures:
                raise
            raise self._half_made(call, str(failure), inputs, {}) from failure
        return self._as_planned(found, inputs)

    def read(
        self, identifier: str, inputs: Mapping[str, Value], state: Mapping[str, Value]
    ) -> ReadResource | None:
        """Read the resource: for a refresh with its inputs and state, for an import with neither."""
        at = self._at(identifier, state)
        call = self._call(state or inputs, 0)
        return self._read(call, at, inputs, state)

    def update(
        self, identifier: str, old: Mapping[str, Value], inputs: dict[str, Value], timeout: float
    ) -> ReadResource:
        """Change the resource from the state ``old`` to ``inputs``."""
        at = self._at(identifier, old)
        call = self._call(old, patience(self.resource, "update", inputs, timeout))
        try:
            if self.resource.update is not None:
                wanted, changed = self._wanted(inputs), self._changed(old, inputs)
                self.resource.update(call, {**plain(old), **at}, wanted, changed)
            found = self._read(call, call.identity or at, inputs, old)
        except Failure as failure:
            if not self._keeps_failures:
                raise
            call.made(call.identity or at)
            raise self._half_made(call, str(failure), inputs, old) from failure
        if found is None:
            raise ValueError("AWS does not have it any more: run pulumi refresh")
        return self._as_planned(found, inputs)

    def delete(self, identifier: str, state: Mapping[str, Value], timeout: float) -> None:
        """Delete the resource; one that is gone already is deleted."""
        at = self._at(identifier, state)
        call = self._call(state, patience(self.resource, "delete", state, timeout))
        try:
            self.resource.delete(call, {**plain(state), **at})
        except RefusedByAwsError as refused:
            if self.resource.deleting_twice_fails or refused.code not in self.resource.gone:
                raise

    # Parts

    @property
    def _keeps_failures(self) -> bool:
        return self.resource.built_on is Built.SDK

    def _read_new(self, call: Call, inputs: Mapping[str, Value]) -> ReadResource:
        if call.identity is None:
            raise AssertionError(f"{self.resource.token}: create did not call made()")
        found = self._read(call, call.identity, inputs, inputs)
        if found is None:
            raise ValueError("AWS does not show it right after it was made")
        return found

    def _as_planned(self, found: ReadResource, inputs: Mapping[str, Value]) -> ReadResource:
        """Return what the state is after a change: AWS's answer, or on the framework what was planned."""
        if self._keeps_failures:
            return found
        computed = {name for name, given in self.resource.all_inputs.items() if given.computed}
        read = {
            name: value
            for name, value in found.state.items()
            if name not in self.resource.all_inputs or name in computed
        }
        planned = {name: value for name, value in _without_defaults(inputs).items() if value is not None}
        for name, given in self.resource.all_inputs.items():
            if name in planned:
                planned[name] = completed(given, planned[name], plain(found.state).get(name))
        return ReadResource(found.identifier, {**read, **planned}, found.inputs)

    def _at(self, identifier: str, state: Mapping[str, Value]) -> dict[str, Any]:
        """Return the parts of the id: the state's own, which follow a rename, or else the id's."""
        known = {part: value_at(plain(state), part) for part in self.resource.id.parts}
        if all(value is not None for value in known.values()):
            return known
        return self.resource.id.read(identifier)

    def _call(self, known: Mapping[str, Value], timeout: float) -> Call:
        region = plain(known).get("region") if self.resource.regional else None
        call = Call(
            self.clients,
            region,
            service=self.resource.service,
            properties={**self.resource.all_outputs, **self.resource.all_inputs},
            timeout=timeout,
        )
        call.prior = plain(known)
        return call

    def _wanted(self, inputs: Mapping[str, Value]) -> dict[str, Any]:
        """Return the inputs without marks, with the tags that AWS is to show."""
        wanted: dict[str, Any] = _without_defaults(plain(inputs))
        if self.resource.tagged:
            wanted["tags"] = all_tags(self.clients.options, wanted.get("tags"))
        return wanted

    def _changed(self, old: Mapping[str, Value], inputs: Mapping[str, Value]) -> frozenset[str]:
        found = {change.property for change in changes(self.resource, old, inputs, [])}
        if self.resource.tagged and plain(old).get("tagsAll", {}) != plain(self._all_tags(inputs)):
            found.add("tags")
        return frozenset(found)

    def _all_tags(self, inputs: Mapping[str, Value]) -> Value:
        tags = inputs.get("tags")
        if tags is UNKNOWN or (isinstance(tags, Secret) and tags.value is UNKNOWN):
            return UNKNOWN
        return marked(all_tags(self.clients.options, plain(tags)), tags)

    def _unknown(self, given: Property) -> Value:
        return Secret(UNKNOWN) if given.secret else UNKNOWN

    def _read(
        self, call: Call, at: Mapping[str, Any], inputs: Mapping[str, Value], state: Mapping[str, Value]
    ) -> ReadResource | None:
        try:
            read = self.resource.read(call, at)
        except RefusedByAwsError as refused:
            if refused.code in self.resource.gone:
                return None
            raise
        if read is None:
            return None
        full = self._state(call, {**at, **read}, inputs, state)
        identifier = self.resource.identifier(plain(full))
        known = {**self.resource.all_inputs, **self.resource.all_outputs}
        state = {name: value for name, value in full.items() if name in known}
        return ReadResource(identifier, state, self._inputs(full, inputs))

    def _state(
        self, call: Call, read: dict[str, Any], inputs: Mapping[str, Value], state: Mapping[str, Value]
    ) -> dict[str, Value]:
        """Complete what AWS shows: what it does not tell, the program's spelling, the marks of secrets."""
        before = {**plain(state), **plain(inputs)}
        full = _without_defaults(read)
        if self.resource.regional:
            full["region"] = call.region
        if self.resource.tagged:
            shown = without_ignored(self.clients.options, full.get("tags") or {})
            full["tags"] = own_tags(self.clients.options, shown, before.get("tags") or {}) or None
            full["tagsAll"] = {**self.clients.options.default_tags, **shown}
        for name, given in self.resource.all_inputs.items():
            prior = before.get(name)
            if name in full and prior is not None and same(given, prior, full[name]):
                full[name] = completed(given, _without_defaults(prior), full[name])
            elif name not in full and given.aws == "-" and prior is not None:
                full[name] = prior
        for name, given in self.resource.all_outputs.items():
            if given.kind in {Kind.LIST, Kind.SET}:
                full.setdefault(name, [])
        for name in self.resource.kept:
            value = call.shown_once.get(name, plain(state).get(name))
            full = {**full, name: value}
        return self._marked({key: value for key, value in full.items() if value is not None}, inputs, state)

    def _marked(
        self, full: dict[str, Value], inputs: Mapping[str, Value], state: Mapping[str, Value]
    ) -> dict[str, Value]:
        properties = {**self.resource.all_inputs, **self.resource.all_outputs}
        out = {}
        for name, value in full.items():
            like = inputs.get(name) if inputs.get(name) is not None else state.get(name)
            out[name] = marked(value, like)
            given = properties.get(name)
            if given is not None and given.secret and not isinstance(out[name], Secret):
                out[name] = Secret(out[name])
        if "tagsAll" in out:
            out["tagsAll"] = marked(out["tagsAll"], out.get("tags"))
        return out

    def _inputs(self, full: Mapping[str, Value], prior: Mapping[str, Value]) -> dict[str, Value]:
        """Return the inputs that would give this state: those that the program gave, and what else is set."""
        out: dict[str, Value] = {}
        for name, given in self.resource.all_inputs.items():
            value = full.get(name)
            # A refresh adds nothing that the program left to AWS; an import gives everything but the region.
            silent = given.computed and name not in prior and (prior or name == "region")
            if value is None or silent:
                continue
            if plain(value) in ("", [], {}) and name not in prior:
                continue
            out[name] = _with_defaults(given, without_silent(given, value, plain(prior).get(name)))
        if "tagsAll" in prior and "tagsAll" in full:
            out["tagsAll"] = full["tagsAll"]
        out[DEFAULTS] = [name for name in plain(prior).get(DEFAULTS, []) if name in out]
        return out

    def _half_made(
        self, call: Call, reason: str, inputs: dict[str, Value], old: Mapping[str, Value]
    ) -> HalfMadeError:
        """Return the error that keeps the resource in the state: with what was wanted, written or not."""
        identity = dict(call.identity or {})
        known = {**self.resource.all_inputs, **self.resource.all_outputs}
        full = {**old, **_without_defaults(inputs), **identity, **call.shown_once}
        if self.resource.tagged:
            full["tagsAll"] = self._all_tags(inputs)
        if self.resource.regional:
            full["region"] = call.region
        gone = set(self.resource.inputs) - set(inputs)
        state = {
            name: value
            for name, value in full.items()
            if name in known and (name not in gone or known[name].computed)
        }
        return HalfMadeError(
            reason, self.resource.identifier(plain(full)), self._marked(state, inputs, old), inputs
        )


def _without_defaults(value: Any) -> Any:  # noqa: ANN401 - any value
    """Take the names of filled-in properties off, at every depth."""
    if isinstance(value, Mapping):
        return {key: _without_defaults(item) for key, item in value.items() if key != DEFAULTS}
    if isinstance(value, list):
        return [_without_defaults(item) for item in value]
    return Secret(_without_defaults(value.value)) if isinstance(value, Secret) else value


def _with_defaults(given: Property, value: Value) -> Value:
    """Write an object of inputs as Check does: with the (empty) list of what was filled in."""
    if isinstance(value, Secret):
        return Secret(_with_defaults(given, value.value))
    if given.kind is Kind.OBJECT and isinstance(value, Mapping):
        inner = {
            name: _with_defaults(field, value[name])
            for name, field in given.fields.items()
            if value.get(name) is not None
        }
        return {**inner, DEFAULTS: []}
    if given.kind in {Kind.LIST, Kind.SET} and given.item is not None and isinstance(value, list):
        return [_with_defaults(given.item, item) for item in value]
    return value
