"""The state as `--refresh` found it, before the program says what it wants.

The engine refreshes first, and runs the program then. A preview keeps what it found to itself: the state that
`readStackResourceOutputs` gives is the recorded one. But a resource that was refreshed is known to the engine
by its URN, with what AWS has of it, and one that is gone in AWS is not known; nor is any where nothing was
refreshed. So one question tells whether there was a refresh, and as many more as there are resources what it
found.
Source: pulumi 3.260.0, pkg/resource/deploy: step_executor.go (continueExecuteStep, `news`), step.go
(RefreshStep.New), builtins.go (getResource).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import grpc
import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.proto import resource_pb2

from identity_center.model.plan.planned import COMPONENTS
from identity_center.resources import messages

_QUESTION: Final = "pulumi:pulumi:getResource"
_UNKNOWN: Final = "unknown resource"
_AT_ONCE: Final = 16
_OF_AWS: Final = "aws:"


def as_refreshed(state: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the resources of a state, by URN, as a refresh found them; None where there was none.

    What is gone in AWS is left out. Only resources of our components are looked at.
    """
    ours = {urn: each for urn, each in state.items() if urn.split("::")[2].startswith(COMPONENTS)}
    made = [urn for urn in ours if _type(urn).startswith(_OF_AWS)]
    # No hand takes a component away: where one is unknown, nothing was refreshed, or not everything was.
    components = [urn for urn in ours if _type(urn).startswith(COMPONENTS)]
    # Of this thread: the SDK keeps its settings in a context that other threads do not have.
    ask = partial(_found, pulumi.runtime.settings.get_monitor())
    try:
        if not made or not components or any(ask(urn) is None for urn in components):
            return None
        with ThreadPoolExecutor(_AT_ONCE) as asking:
            found = dict(zip(made, asking.map(ask, made), strict=True))
    except grpc.RpcError as error:
        messages.warn(f"what a refresh found is not told: the engine did not say it ({error})")
        return None
    there = {urn: {**ours[urn], "outputs": outputs} for urn, outputs in found.items() if outputs is not None}
    return {urn: there.get(urn, each) for urn, each in state.items() if urn in there or urn not in found}


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _found(monitor: Any, urn: str) -> Mapping[str, Any] | None:  # noqa: ANN401  # the SDK's stub has no type
    """Ask the engine for one resource, on any thread: the SDK's own `invoke` wants its event loop."""
    question = resource_pb2.ResourceInvokeRequest(tok=_QUESTION, acceptResources=True)
    question.args.update({"urn": urn})
    try:
        answer = monitor.Invoke(question)
    except grpc.RpcError as error:
        if _UNKNOWN in str(error):
            return None
        raise
    said = rpc.deserialize_properties(getattr(answer, "return"))
    outputs: Mapping[str, Any] | None = said.get("state")
    return outputs
