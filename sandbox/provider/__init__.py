"""The stand-in for the ``aws`` provider plugin: a gRPC service over boto3 against the sandbox's API.

The engine attaches to it by ``PULUMI_DEBUG_PROVIDERS=aws:PORT``; a program and a policy pack cannot tell
it from the real plugin as far as the table reaches. It talks to loopback only and reads no AWS file,
profile or credential.

To add a resource type in five minutes:

1. Find its facts: the real provider's source (``internal/service/SERVICE/NAME.go``) says which inputs
   exist, which replace (ForceNew), which have defaults, how the id is put together and what is waited
   for.
2. In the file of its service write the three or four steps ``create`` (calls ``call.made(...)`` once the
   thing exists), ``read`` (returns None where it is gone), ``update`` and ``delete``.
   ``call.send("CreateThing", want)`` sends every property that the operation has a member for;
   ``from_aws`` reads an answer back.
3. Write its ``ResourceType`` row with the source, and list it in the file's ``RESOURCES``.
4. Run ``tests/provider``: the contract test holds the row against the SDK's class, the life test makes,
   reads, imports, changes and deletes one from the example that you add to it.

A function (invoke) is a row with one step, ``run``. The modules, from the wire inwards: ``servicer`` (gRPC),
``checking``, ``planning`` and ``lifecycle`` (Check, Diff, the rest, over a row), ``schema`` (what a row is),
``table`` (all rows), ``call`` and ``clients`` (the API), ``options`` (the provider's own settings).
"""

from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from .options import read_options
from .servicer import Provider

# The engine sends up to four operations per processor at once; waiting ones hold a thread each.
_THREADS = 64
# Of one message, bytes: the engine's own limit, 400 MiB.
_MESSAGE = 400 * 1024 * 1024


def serve(endpoint_url: str, port: int = 0, default_region: str = "us-east-1") -> tuple[grpc.Server, int]:
    """Start the provider on 127.0.0.1 and return it with its port.

    ``endpoint_url`` is the sandbox's API, on loopback; ``default_region`` stands for AWS_REGION, which
    the sandbox sets for the commands that it runs and which this process, started once, cannot see.
    """
    read_options(
        {}, endpoint_url, default_region
    )  # refuses an endpoint that is not on loopback, before it serves
    options = [("grpc.max_receive_message_length", _MESSAGE), ("grpc.max_send_message_length", _MESSAGE)]
    server = grpc.server(ThreadPoolExecutor(max_workers=_THREADS), options=options)
    add_ResourceProviderServicer_to_server(Provider(endpoint_url, default_region), server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, bound


__all__ = ["serve"]
