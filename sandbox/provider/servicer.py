"""The gRPC service that the engine talks to, over the table."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Event, RLock
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from sandbox.provider.checking import Naming, check, check_arguments
from sandbox.provider.lifecycle import Life, ReadResource
from sandbox.provider.options import OptionError, read_options
from sandbox.provider.package_schema import VERSION, package_schema
from sandbox.provider.planning import plan
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.clients import Clients
from sandbox.provider.rows.statuses import abort, guarded
from sandbox.provider.rows.values import from_wire, has_unknown, plain, to_wire
from sandbox.provider.table import INVOKES, RESOURCES, NotInTableError, invoke, resource_type

# An engine opens one connection for each provider resource; a run has few.
_CONNECTIONS = 1024


@dataclass
class Connection:
    """What one engine's connection is about: its options once configured, and whether it was told to stop."""

    cancelled: Event = field(default_factory=Event)
    clients: Clients | None = None


class Provider(ResourceProviderServicer):
    """Serves every engine that attaches; nothing is shared between two connections."""

    def __init__(self, endpoint_url: str, default_region: str) -> None:
        super().__init__()
        self._endpoint = endpoint_url
        self._region = default_region
        self._connections: OrderedDict[str, Connection] = OrderedDict()
        self._lock = RLock()

    # What the engine asks before any resource

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802 - the protocol's
        """Say what this provider understands, and begin anew: an engine's first word on its connection.

        The system gives the port of an engine that has ended to a later one, which was not cancelled.
        Source: pulumi/pkg/resource/plugin/provider_plugin.go, NewProvider.
        """
        del request
        with self._lock:
            self._connections.pop(context.peer(), None)
        return proto.ProviderHandshakeResponse(
            accept_secrets=True,
            accept_resources=False,
            accept_outputs=False,
            supports_autonaming_configuration=True,
        )

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ANN401, N802
        """Accept an engine: this provider calls no engine back."""
        del request, context
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Give the version that the program's SDK asks for."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Give the schema of what the table has."""
        del request, context
        return proto.GetSchemaResponse(schema=package_schema(RESOURCES, INVOKES))

    def GetMapping(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Give no mapping: nothing is converted to this provider."""
        del request, context
        return proto.GetMappingResponse()

    def GetMappings(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Give no mapping: nothing is converted to this provider."""
        del request, context
        return proto.GetMappingsResponse()

    # The provider's own options

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Check the provider's options."""
        del context
        try:
            read_options(from_wire(request.news), self._endpoint, self._region)
        except OptionError as error:
            failures = [proto.CheckFailure(property=name, reason=why) for name, why in error.problems]
            return proto.CheckResponse(inputs=request.news, failures=failures)
        return proto.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Say what a change of options means: another region replaces what is there."""
        del context
        old, new = plain(from_wire(request.old_inputs or request.olds)), plain(from_wire(request.news))
        changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        kind = proto.DiffResponse.DIFF_SOME if changed else proto.DiffResponse.DIFF_NONE
        return proto.DiffResponse(
            changes=kind, diffs=changed, replaces=[name for name in changed if name == "region"]
        )

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Take the options for this connection."""
        try:
            options = read_options(from_wire(request.args), self._endpoint, self._region)
        except OptionError as error:
            abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        connection = self._connection(context)
        connection.clients = Clients(options, connection.cancelled)
        guarded(context, "configuring the provider", lambda: _check_account(connection.clients))
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ANN401, N802
        """Stop what this connection waits for."""
        del request
        self._connection(context).cancelled.set()
        return empty_pb2.Empty()

    # Resources

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Check a resource's inputs and fill in what the program leaves out."""
        resource = self._resource(request, context)
        naming = Naming(
            logical=request.name or request.urn.rsplit("::", 1)[-1],
            seed=bytes(request.randomSeed),
            proposed=request.autonaming.proposed_name,
            mode=request.autonaming.mode if request.HasField("autonaming") else None,
        )
        news, olds = from_wire(request.news), from_wire(request.olds)
        checked = check(resource, news, olds, naming, self._clients(context).options)
        failures = [proto.CheckFailure(property=name, reason=why) for name, why in checked.failures]
        return proto.CheckResponse(inputs=to_wire(checked.inputs), failures=failures)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Compare the state with the inputs wanted."""
        planned = plan(
            self._resource(request, context),
            self._clients(context).options,
            old=from_wire(request.olds),
            new=from_wire(request.news),
            ignore=list(request.ignoreChanges),
        )
        kinds = proto.PropertyDiff.Kind
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if planned.changes else proto.DiffResponse.DIFF_NONE,
            diffs=planned.properties,
            replaces=planned.replaces,
            stables=planned.stables,
            deleteBeforeReplace=planned.delete_before_replace,
            detailedDiff={
                change.path: proto.PropertyDiff(kind=kinds.Value(change.wire_kind), inputDiff=True)
                for change in planned.changes
            },
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Make a resource, or show what it would be."""
        life, inputs = self._life(request, context), from_wire(request.properties)
        if request.preview:
            return proto.CreateResponse(properties=to_wire(life.previewed(inputs)))
        found = guarded(
            context, f"creating {_named(request)}", lambda: life.create(inputs, request.timeout), inputs
        )
        return proto.CreateResponse(id=found.identifier, properties=to_wire(found.state))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Read a resource for a refresh, or by its id alone for an import."""
        life = self._life(request, context)
        found = guarded(
            context,
            f"reading {_named(request)}",
            lambda: life.read(request.id, from_wire(request.inputs), from_wire(request.properties)),
        )
        if found is None:
            return proto.ReadResponse()
        return proto.ReadResponse(
            id=found.identifier, properties=to_wire(found.state), inputs=to_wire(found.inputs)
        )

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Change a resource, or show what it would be."""
        life = self._life(request, context)
        old, inputs = from_wire(request.olds), from_wire(request.news)
        if request.preview:
            return proto.UpdateResponse(properties=to_wire(life.previewed(inputs, old)))
        found: ReadResource = guarded(
            context,
            f"updating {_named(request)}",
            lambda: life.update(request.id, old, inputs, request.timeout),
            [old, inputs],
        )
        return proto.UpdateResponse(properties=to_wire(found.state))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ANN401, N802
        """Delete a resource."""
        life = self._life(request, context)
        guarded(
            context,
            f"deleting {_named(request)}",
            lambda: life.delete(request.id, from_wire(request.properties), request.timeout),
        )
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401, N802
        """Run a function."""
        try:
            row = invoke(request.tok)
        except NotInTableError as error:
            abort(context, grpc.StatusCode.UNIMPLEMENTED, str(error))
        checked = check_arguments(row.all_inputs, from_wire(request.args))
        if checked.failures:
            failures = [proto.CheckFailure(property=name, reason=why) for name, why in checked.failures]
            return proto.InvokeResponse(failures=failures)
        asked = plain(checked.inputs)
        if has_unknown(asked):
            abort(context, grpc.StatusCode.INVALID_ARGUMENT, f"{request.tok}: an argument is not known yet")
        region = asked.get("region") if row.regional else None
        call = Call(self._clients(context), region)
        result = guarded(context, request.tok, lambda: row.run(call, asked))
        answer = proto.InvokeResponse()
        # The field's name is a word of Python.
        getattr(answer, "return").CopyFrom(to_wire(result))
        return answer

    # Parts

    def _connection(self, context: grpc.ServicerContext) -> Connection:
        peer = context.peer()
        with self._lock:
            connection = self._connections.setdefault(peer, Connection())
            self._connections.move_to_end(peer)
            while len(self._connections) > _CONNECTIONS:
                self._connections.popitem(last=False)
            return connection

    def _clients(self, context: grpc.ServicerContext) -> Clients:
        clients = self._connection(context).clients
        if clients is None:
            reason = "the aws provider was not configured on this connection; run the command again"
            abort(context, grpc.StatusCode.FAILED_PRECONDITION, reason)
        return clients

    def _resource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - any request
        try:
            return resource_type(_type_of(request))
        except NotInTableError as error:
            # Not UNIMPLEMENTED: the engine takes that as a method which it may do without.
            abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def _life(self, request: Any, context: grpc.ServicerContext) -> Life:  # noqa: ANN401 - any request
        return Life(self._resource(request, context), self._clients(context))


def _check_account(clients: Clients | None) -> None:
    """Hold the caller's account against allowedAccountIds and forbiddenAccountIds."""
    if clients is None:
        return
    options = clients.options
    if not options.allowed_accounts and not options.forbidden_accounts:
        return
    account = clients.ask("sts", "GetCallerIdentity")["Account"]
    if account in options.forbidden_accounts:
        raise ValueError(f"aws:forbiddenAccountIds names the account in use, {account}")
    if options.allowed_accounts and account not in options.allowed_accounts:
        raise ValueError(f"aws:allowedAccountIds does not name the account in use, {account}")


def _type_of(request: Any) -> str:  # noqa: ANN401 - any request about a resource
    """Return the type of a request's resource: its own field, or the URN's after its parents' types."""
    return str(request.type or request.urn.split("::")[2].rsplit("$", 1)[-1])


def _named(request: Any) -> str:  # noqa: ANN401 - any request about a resource
    name = request.name or request.urn.rsplit("::", 1)[-1]
    return f"{_type_of(request)} {name!r}"
